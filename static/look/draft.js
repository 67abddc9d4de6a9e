// A sheet saves itself: every letter into this browser at once, every field to the portal after a pause and on leaving it.
// What the portal has not taken (no network, session over, server stopped) stays here and is sent when it can be.
// Each field goes with the text that it was typed over, so that nobody's text is written over unseen.
(() => {
  const form = document.querySelector("form[data-draft]");
  const sender = document.getElementById("luu-gui"); // outside the form: htmx sends a form's fields along, and only ours are to go
  if (!form || !sender || !window.outbox) return;
  const prefix = `draft:${form.dataset.user}:${form.dataset.draft}:`;
  const line = document.getElementById("luu");
  const trouble = document.getElementById("luu-loi");
  const fields = [...form.querySelectorAll("[data-answer]")];
  const names = [...new Set(fields.map((field) => field.name))];
  const stands = {}; // name -> the text that stands on the portal
  const pending = outbox.texts(prefix); // name -> {text, base, conflict, refused}
  let sending = null; // name -> text on its way
  let held = false; // the last try failed: words and links on the page stay where they are until one succeeds
  let unsure = fields.some((field) => field.classList.contains("is-invalid")); // something was kept that cannot be read
  let timer = 0;
  const unkept = new Set(); // names of fields whose text this browser has no room for

  const valueOf = (name) => {
    const chosen = fields.filter((field) => field.name === name);
    if (chosen[0].type !== "radio") return chosen[0].value;
    const on = chosen.find((field) => field.checked);
    return on ? on.value : "";
  };
  const show = (name, text) => fields.filter((field) => field.name === name).forEach((field) => {
    if (field.type === "radio") field.checked = field.value === text;
    else field.value = text;
    count(field);
  });
  const isOpen = (field) => !field.readOnly && !field.matches(":disabled");
  const waiting = () => Object.keys(pending).length > 0;

  function count(field) {
    const place = document.getElementById(`${field.id}_n`);
    if (place) place.textContent = `${field.value.length.toLocaleString("vi-VN")} / ${Number(field.dataset.limit).toLocaleString("vi-VN")} ký tự`;
  }
  function say(words, look) {
    line.textContent = words;
    line.classList.toggle("saved--wait", look === "wait");
    line.classList.toggle("saved--off", look === "off");
  }
  function set(name, kept) {
    if (kept) pending[name] = kept;
    else delete pending[name];
    const isKept = outbox.keepText(prefix + name, kept);
    if (kept && !isKept) unkept.add(name);
    else unkept.delete(name);
    return isKept;
  }
  function away(words) { // what is said while the portal cannot be reached
    if (!unkept.size) return words;
    const lost = fields.filter((field) => unkept.has(field.name)).map((field) => (field.labels[0] || field).textContent.trim());
    return `${words.split(":")[0]}, máy này hết chỗ giữ tạm, chưa giữ được: ${[...new Set(lost)].join(", ")}. Xin đừng đóng trang này.`;
  }
  window.addEventListener("beforeunload", (event) => { if (unkept.size) event.preventDefault(); });
  function standing(name, text) { // the portal's text, also for the button that sends the whole box
    stands[name] = text;
    const base = form.elements[`base:${name}`];
    if (base) base.value = text;
  }

  names.forEach((name) => { stands[name] = valueOf(name); });
  for (const [name, kept] of Object.entries(pending)) {
    if (name in stands && stands[name] === kept.text) set(name, null);
    else {
      if (name in stands) show(name, kept.text);
      set(name, { text: kept.text, base: kept.base });
    }
  }

  function forgive(name) { // what was wrong with a field is judged anew when the box is left
    const field = fields.find((one) => one.name === name);
    const told = field && document.getElementById(`id_${name}_err`);
    if (!told) return;
    told.remove();
    fields.filter((one) => one.name === name).forEach((one) => { one.classList.remove("is-invalid"); one.removeAttribute("aria-invalid"); });
    field.closest(".field").classList.remove("field--bad");
  }
  function blame(name, words) { // kept as it was typed, and still no day or number
    forgive(name);
    const field = fields.find((one) => one.name === name);
    if (!field) return;
    const told = Object.assign(document.createElement("p"), { className: "invalid-feedback", id: `id_${name}_err`, textContent: words });
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.closest(".field").classList.add("field--bad");
    field.closest(".field").append(told);
  }
  function tally(done) { // how many boxes hold, and whether this one does
    document.querySelectorAll("[data-done]").forEach((part) => { part.textContent = part.textContent.replace(/\d+(?=\/)/, done.length); });
    const bar = form.querySelector("progress");
    bar.value = done.length;
    bar.setAttribute("aria-label", `Đã viết ${done.length} trên ${bar.max} mục`);
    const step = document.querySelector("#cac-muc [aria-current]").closest("li");
    const holds = done.includes(Number(form.dataset.box));
    if (step.className === "bad" || holds === (step.className === "ok")) return;
    step.className = holds ? "ok" : "err";
    step.querySelector(".visually-hidden").textContent = holds ? ", đã viết" : ", chưa xong";
    const icon = step.querySelector("use");
    icon.setAttribute("href", icon.getAttribute("href").replace(/#.*/, holds ? "#check-circle-fill" : "#exclamation-circle-fill"));
  }
  function clear(name) { // what was said of a field that is written anew
    const part = trouble.querySelector(`[data-conflict="${name}"]`);
    const note = part && part.closest(".note");
    if (part) part.remove();
    if (note && !note.querySelector("[data-conflict]")) note.remove();
  }
  function typed(field) {
    const name = field.name;
    const text = valueOf(name);
    const underWay = sending && name in sending;
    const before = pending[name];
    const kept = text === stands[name] && !underWay ? null : { text, base: before ? before.base : stands[name], conflict: before && before.conflict };
    const isKept = set(name, kept);
    if (before && before.refused) clear(name);
    if (!held) say(isKept ? "Đang lưu…" : "Đang lưu… (máy này không giữ tạm được)", "wait");
    clearTimeout(timer);
    timer = setTimeout(send, 1500);
  }
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-answer]") && isOpen(event.target)) { count(event.target); typed(event.target); }
  });
  form.addEventListener("focusout", (event) => { if (event.target.matches("[data-answer]") && !held) send(); });
  form.addEventListener("submit", (event) => { // a page that cannot be reached would take the place of this one
    if (navigator.onLine && !(held && waiting())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!unkept.size && form.dataset.kept && form.dataset.next && event.submitter?.name !== "di") { // the next box opens without a network too
      location.assign(`?muc=${form.dataset.next}`);
      return;
    }
    say(away("Chưa có mạng: chữ đã giữ trên máy này, có mạng thì bấm lại."), "off");
    send();
  }, true);

  function send() {
    clearTimeout(timer);
    if (sending) { timer = setTimeout(send, 800); return; }
    const ready = Object.entries(pending).filter(([, kept]) => !kept.conflict && !kept.refused);
    if (!ready.length) {
      if (!held && !waiting() && line.classList.contains("saved--wait")) say(unsure ? "Đã giữ chữ, còn chỗ chưa đúng" : "Đã lưu", unsure ? "off" : "");
      return;
    }
    sending = Object.fromEntries(ready.map(([name, kept]) => [name, kept.text]));
    const values = { "nguoi": form.dataset.user };
    for (const [name, kept] of ready) {
      values[name] = kept.text;
      values[`base:${name}`] = kept.base === undefined ? "" : kept.base;
    }
    if (!held) say("Đang lưu…", "wait");
    htmx.ajax("POST", form.dataset.save, { source: sender, target: line, swap: "innerHTML", values, headers: { "X-CSRFToken": outbox.token() } });
  }
  function later(words) {
    sending = null;
    held = true;
    say(away(words), "off");
    timer = setTimeout(send, 5000);
  }

  // All boxes open without a network, once this one has been open for a while; each is kept anew when the portal has its text.
  const addressOf = (number) => `${location.pathname}?muc=${number}`;
  const boxes = Array.from({ length: Number(form.dataset.boxes) }, (_, at) => addressOf(at + 1));
  let keeping = 0;
  function keepPages(pages, isAnew) {
    clearTimeout(keeping);
    keeping = setTimeout(() => outbox.keepPages(form.dataset.worker, pages, isAnew).then(() => {
      if (!isAnew) form.dataset.kept = "1";
      if (form.dataset.kept) document.getElementById("mo-khong-mang").hidden = false;
      else keepPages(boxes, false);
    }).catch(() => {}), 2500);
  }
  if ("serviceWorker" in navigator) {
    keepPages(boxes, false);
    document.addEventListener("draft:saved", () => keepPages([addressOf(form.dataset.box)], true));
  }

  document.addEventListener("draft:saved", (event) => {
    const { conflicts, refused, unread, done } = event.detail;
    unsure = Object.keys(unread).length > 0;
    tally(done);
    for (const [name, text] of Object.entries(sending || {})) {
      if (refused.includes(name)) { // not sent again before it is written anew or given up
        if (pending[name] && pending[name].text === text) set(name, { ...pending[name], refused: true });
        continue;
      }
      if (name in conflicts) {
        stands[name] = conflicts[name];
        set(name, { text, base: text, ...pending[name], conflict: true });
        continue;
      }
      standing(name, text);
      if (unread[name] && !(document.activeElement?.name === name && valueOf(name) !== text)) blame(name, unread[name]);
      else forgive(name);
      const now = names.includes(name) ? valueOf(name) : text;
      set(name, now === text ? null : { text: now, base: text });
    }
  });
  line.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    if (!answer.getResponseHeader("X-Draft")) { // the login page, or the portal's own error page
      event.detail.shouldSwap = false;
      const loggedOut = answer.status === 403 || answer.responseURL.includes(form.dataset.login);
      later(loggedOut ? "Phiên làm việc đã hết: chữ giữ trên máy này." : "Chưa gửi được: giữ tạm trên máy này.");
      if (loggedOut && !trouble.querySelector("a")) offerLogin();
      return;
    }
    sending = null;
    held = false;
    const hasChoice = trouble.querySelector("[data-conflict]");
    if (answer.status === 200) {
      if (!hasChoice) trouble.innerHTML = "";
      line.classList.remove("saved--wait");
      line.classList.toggle("saved--off", unsure);
      if (waiting()) timer = setTimeout(send, 800);
      return;
    }
    event.detail.shouldSwap = false;
    const told = new DOMParser().parseFromString(answer.responseText, "text/html").body;
    told.querySelectorAll("[data-conflict]").forEach((part) => {
      const old = trouble.querySelector(`[data-conflict="${part.dataset.conflict}"]`);
      if (old) old.remove();
    });
    if (!hasChoice) trouble.innerHTML = "";
    trouble.append(...told.childNodes);
    say(told.querySelector("[data-conflict]") || trouble.querySelector("[data-conflict]")
      ? "Chưa lưu hết: xem bên dưới." : "Chưa lưu được: chữ giữ trên máy này.", "off");
  });
  sender.addEventListener("htmx:sendError", () => later("Mất mạng: giữ tạm trên máy này."));
  sender.addEventListener("htmx:timeout", () => later("Mạng chậm: giữ tạm trên máy này."));
  window.addEventListener("online", send);

  function offerLogin() {
    trouble.innerHTML = "";
    const note = document.createElement("p");
    note.className = "note note--warn mb-4";
    const link = document.createElement("a");
    link.href = `${form.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Đăng nhập lại để lưu tiếp";
    note.append(link);
    trouble.append(note);
  }

  trouble.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-keep]");
    if (!choice) return;
    const part = choice.closest("[data-conflict]");
    const name = part.dataset.conflict;
    standing(name, stands[name]);
    if (choice.dataset.keep === "theirs") {
      if (names.includes(name)) show(name, stands[name]);
      set(name, null);
    } else if (pending[name]) {
      set(name, { text: pending[name].text, base: stands[name] });
    }
    clear(name);
    const field = fields.find((one) => one.name === name);
    if (field) field.focus();
    if (!trouble.querySelector("[data-conflict]")) say("Đang lưu…", "wait");
    send();
  });

  if (waiting()) send();
})();
