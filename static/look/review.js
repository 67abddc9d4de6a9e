// The rows of an upload save themselves: a cell that was changed goes to the portal with its row, which comes back read again;
// the focus stays. What could not be sent stays in this browser and is sent when it can be.
(() => {
  const form = document.querySelector("form[data-review]");
  if (!form || !window.outbox) return;
  const prefix = `review:${form.dataset.user}:${form.dataset.review}:`;
  const line = document.getElementById("soat-luu");
  const pending = outbox.texts(prefix); // "o|sheet!row|part" or "q|sheet!row" -> {name, value, back}
  let sending = false;
  let timer = 0;

  const keyOf = (name) => (name.startsWith("o|") ? name.slice(0, name.lastIndexOf("|")) : name);
  const rowOf = (key) => (key.startsWith("o|") ? key.slice(2, key.lastIndexOf("|")) : key.slice(2));
  const cells = (within) => [...within.querySelectorAll("[data-cell]")];
  const isChanged = (field) => {
    if (field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.options) return ![...field.options].some((one) => one.defaultSelected && one.selected) && field.selectedIndex > 0;
    return field.value !== field.defaultValue;
  };
  function say(words, look) {
    line.textContent = words;
    line.className = `saved mb-2${look ? ` saved--${look}` : ""}`;
  }
  function set(key, kept) {
    if (kept) pending[key] = kept;
    else delete pending[key];
    return outbox.keepText(prefix + key, kept);
  }
  function keep(name, value, back, wait) {
    const isKept = set(keyOf(name), { name, value, back });
    say(isKept ? "Đang lưu…" : "Đang lưu… (máy này không giữ tạm được)", "wait");
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  // What each answer needs to know of the page.
  function fields() {
    const body = new FormData();
    for (const name of ["xem", "trang", "sua", "luc", "csrfmiddlewaretoken"]) body.set(name, form.elements[name].value);
    return body;
  }
  async function send() {
    clearTimeout(timer);
    const first = Object.keys(pending)[0];
    if (sending || !first) return;
    sending = true;
    const sent = Object.entries(pending).filter(([key]) => rowOf(key) === rowOf(first));
    const body = fields();
    for (const [, kept] of sent) body.append(kept.back ? "tra-lai" : kept.name, kept.back ? kept.name : kept.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (answer.status === 409) { // it is stored or thrown away: nothing more is mended
        sent.forEach(([key]) => set(key, null));
        say(await answer.text(), "off");
        line.scrollIntoView({ block: "center" }); // on a phone the row that was typed in fills the screen
      } else if (!answer.headers.has("X-Review")) {
        later(answer.ok || answer.status === 403 ? "Phiên làm việc đã hết, giữ trên máy này. Xin đăng nhập lại ở một trang khác."
          : "Chưa gửi được, giữ trên máy này.");
      } else {
        const text = await answer.text();
        sent.filter(([key, kept]) => pending[key] === kept).forEach(([key]) => set(key, null));
        show(text);
        timer = setTimeout(send, 0);
      }
    } catch {
      later("Chưa gửi được, giữ trên máy này.");
    }
    sending = false;
  }
  function later(words) {
    say(words, "off");
    timer = setTimeout(send, 5000);
  }

  // Put the fresh rows in the place of the old ones; what is being typed beside them, and the focus, stay.
  function show(text, isSaved = true) {
    const box = document.createElement("template");
    box.innerHTML = text;
    const focused = document.activeElement && document.activeElement.id;
    for (const fresh of [...box.content.querySelectorAll("[hx-swap-oob]")]) {
      const old = document.getElementById(fresh.id);
      fresh.removeAttribute("hx-swap-oob");
      fresh.remove();
      if (!old) continue;
      if (old.type === "hidden") {
        old.value = fresh.value;
        continue;
      }
      const typed = cells(old).filter((field) => field.type !== "radio" && isChanged(field)).map((field) => [field.id, field.value, field.name]);
      const ticked = old.querySelector("input[name=chon]:checked");
      old.replaceWith(fresh);
      if (fresh.matches("[data-row]")) fresh.dispatchEvent(new Event("review:row", { bubbles: true }));
      for (const [id, value, name] of typed) {
        const field = document.getElementById(id);
        if (field && (field === document.activeElement || keyOf(name) in pending || id === focused)) field.value = value;
      }
      if (ticked) fresh.querySelector("input[name=chon]").checked = true;
    }
    const back = focused && (document.getElementById(focused) || document.getElementById(focused.replace(/-tra$/, "-sua")));
    if (back && back !== document.activeElement) back.focus({ preventScroll: true });
    if (isSaved) {
      line.replaceChildren(...box.content.childNodes);
      line.className = "saved mb-2";
    }
    update();
  }

  window.reviewRows = {
    // Show the controls of a row's cells, or close them again; the row that was open before is closed.
    async open(body, isOpen) {
      const before = form.querySelector("tr.more");
      const sources = [body, before && before.closest("tbody")].filter(Boolean).map((one) => one.querySelector("input[name=chon]").value);
      form.elements.sua.value = isOpen ? body.id.slice(1) : "";
      const parts = fields();
      for (const source of new Set(sources)) parts.append("mo", source);
      try {
        const answer = await fetch(form.action, { method: "POST", body: parts, headers: { "HX-Request": "true" } });
        if (answer.headers.has("X-Review")) show(await answer.text(), false);
        else later("Chưa mở được dòng này.");
      } catch {
        later("Chưa mở được dòng này.");
      }
    },
    // What a control showed when its row came, and nothing to be sent of it.
    putBack(field) {
      const key = keyOf(field.name);
      if (field.type === "radio" || (key in pending && sending)) return;
      if (key in pending) set(key, null);
      if (field.options) field.selectedIndex = Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
      else field.value = field.defaultValue;
      if (!Object.keys(pending).length) say("");
    },
  };

  form.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-cell]")) keep(field.name, field.value, false, field.options || field.type === "radio" ? 500 : 50);
    update();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input[data-cell]")) return;
    event.preventDefault(); // Enter keeps the cell, it does not send the page
    if (isChanged(event.target)) keep(event.target.name, event.target.value, false, 0);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-back]");
    if (!button) return;
    event.preventDefault();
    keep(button.value, "", true, 0);
  });
  form.addEventListener("submit", (event) => { // a page that cannot be reached would take the place of this one
    if (navigator.onLine || !Object.keys(pending).length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say("Chưa có mạng: chữ đã giữ trên máy này, có mạng thì bấm lại.", "off");
  }, true);
  window.addEventListener("online", send);

  const boxes = () => [...form.querySelectorAll("input[name=chon]")];
  const all = form.querySelector("[data-choose-all]");
  const chosen = form.querySelector("[data-chosen]");
  function update() {
    const count = boxes().filter((box) => box.checked).length;
    if (chosen) chosen.textContent = count ? `Sửa ${count} dòng đã chọn…` : "Sửa các dòng đã chọn…";
    if (all) all.checked = count > 0 && count === boxes().length;
  }
  if (all) {
    all.closest("[hidden]").hidden = false;
    all.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); });
  }
  for (const [key, kept] of Object.entries(pending)) {
    const field = cells(form).find((one) => keyOf(one.name) === key && (one.type !== "radio" || one.value === kept.value));
    if (field && field.type === "radio") field.checked = true;
    else if (field && !kept.back) field.value = kept.value;
  }
  update();
  send();
})();
