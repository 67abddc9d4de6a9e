// A sheet saves itself: every letter into this browser at once, every field to the portal after a pause and on leaving it.
// What the portal has not taken (no network, session over, server stopped) stays here and is sent when it can be.
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form || !window.outbox) return;
  const key = `draft:${form.dataset.user}:${form.dataset.draft}`;
  const line = document.getElementById("luu");
  const trouble = document.getElementById("luu-loi");
  const fields = [...form.querySelectorAll("[data-answer]")];
  const stands = {}; // name -> the text that stands on the portal
  let pending = outbox.texts(key); // name -> {text, base, conflict}
  let version = form.elements.version.value;
  let timer = 0;
  let sending = null;

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

  function count(field) {
    const place = document.getElementById(`${field.id}_n`);
    if (place) place.textContent = `${field.value.length.toLocaleString("vi-VN")} / ${Number(field.dataset.limit).toLocaleString("vi-VN")} ký tự`;
  }
  function say(words, look) {
    line.textContent = words;
    line.classList.toggle("saved--wait", look === "wait");
    line.classList.toggle("saved--off", look === "off");
  }
  const keep = () => outbox.keepTexts(key, pending);

  new Set(fields.map((field) => field.name)).forEach((name) => { stands[name] = valueOf(name); });
  for (const [name, kept] of Object.entries(pending)) {
    if (name in stands && stands[name] === kept.text) delete pending[name];
    else if (name in stands) show(name, kept.text);
  }
  keep();

  function typed(field) {
    const name = field.name;
    const text = valueOf(name);
    const base = pending[name] ? pending[name].base : stands[name];
    if (text === stands[name] && !(pending[name] && pending[name].sent)) delete pending[name];
    else pending[name] = { text, base, conflict: pending[name] && pending[name].conflict };
    const kept = keep();
    say(kept ? "Đang lưu…" : "Đang lưu… (máy này không giữ tạm được)", "wait");
    clearTimeout(timer);
    timer = setTimeout(send, 1500);
  }
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-answer]") && isOpen(event.target)) { count(event.target); typed(event.target); }
  });
  form.addEventListener("focusout", (event) => { if (event.target.matches("[data-answer]")) send(); });

  function send() {
    clearTimeout(timer);
    if (sending) { timer = setTimeout(send, 800); return; }
    const ready = Object.entries(pending).filter(([, kept]) => !kept.conflict);
    if (!ready.length) return;
    sending = Object.fromEntries(ready.map(([name, kept]) => [name, kept.text]));
    const values = { version };
    for (const [name, kept] of ready) {
      values[name] = kept.text;
      if (kept.base !== undefined) values[`base:${name}`] = kept.base;
    }
    say("Đang lưu…", "wait");
    htmx.ajax("POST", form.dataset.save, { source: line, target: line, swap: "innerHTML", values, headers: { "X-CSRFToken": outbox.token() } });
  }
  function later(words) {
    sending = null;
    say(words, "off");
    timer = setTimeout(send, 5000);
  }

  document.addEventListener("draft:saved", (event) => {
    const { version: newer, conflicts } = event.detail;
    version = newer;
    form.elements.version.value = newer;
    for (const [name, text] of Object.entries(sending || {})) {
      if (name in conflicts) {
        pending[name].conflict = true;
        stands[name] = conflicts[name];
      } else {
        stands[name] = text;
        if (pending[name] && pending[name].text === text) delete pending[name];
        else if (pending[name]) pending[name].base = text;
      }
    }
    keep();
  });
  line.addEventListener("htmx:beforeSwap", (event) => {
    const answer = event.detail.xhr;
    if (!answer.getResponseHeader("X-Draft")) { // the login page, or the portal's own error page
      event.detail.shouldSwap = false;
      const loggedOut = answer.status === 403 || answer.responseURL.includes(form.dataset.login);
      later(loggedOut ? "Phiên làm việc đã hết: chữ giữ trên máy này." : "Chưa gửi được: giữ tạm trên máy này.");
      if (loggedOut && !trouble.querySelector("a")) {
        trouble.innerHTML = "";
        const note = document.createElement("p");
        note.className = "note note--warn mb-4";
        const link = document.createElement("a");
        link.href = `${form.dataset.login}?next=${encodeURIComponent(location.pathname + location.search)}`;
        link.textContent = "Đăng nhập lại để lưu tiếp";
        note.append(link);
        trouble.append(note);
      }
      return;
    }
    sending = null;
    if (answer.status === 200) {
      trouble.innerHTML = "";
      line.classList.remove("saved--wait", "saved--off");
      return;
    }
    event.detail.shouldSwap = true;
    event.detail.isError = false;
    event.detail.target = trouble;
    say(answer.status === 409 ? "Chưa lưu hết: xem hai bản bên dưới." : "Chưa lưu được: chữ giữ trên máy này.", "off");
  });
  line.addEventListener("htmx:sendError", () => later("Mất mạng: giữ tạm trên máy này"));
  line.addEventListener("htmx:timeout", () => later("Mạng chậm: giữ tạm trên máy này"));
  window.addEventListener("online", send);

  trouble.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-keep]");
    if (!choice) return;
    const part = choice.closest("[data-conflict]");
    const name = part.dataset.conflict;
    if (choice.dataset.keep === "theirs") {
      show(name, stands[name]);
      delete pending[name];
    } else if (pending[name]) {
      pending[name].base = stands[name];
      pending[name].conflict = false;
    }
    keep();
    part.remove();
    if (!trouble.querySelector("[data-conflict]")) trouble.innerHTML = "";
    send();
  });

  if (Object.keys(pending).length) send();
})();
