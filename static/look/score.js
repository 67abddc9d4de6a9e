// A score sheet saves itself: every change into this browser at once, the sheet to the portal after a pause.
// Arrow keys add or take half a point; Ctrl + Enter hands the sheet in.
(() => {
  const form = document.querySelector("form[data-score]");
  if (!form || !window.outbox) return;
  const line = document.getElementById("diem-luu");
  const prefix = `score:${form.dataset.user}:${form.dataset.score}:`;
  const fields = [...form.elements].filter((field) => /^(p|n)\d+$|^nhan-xet$/.test(field.name));
  const open = fields.some((field) => !field.readOnly);
  if (!open) return;
  let timer = 0;
  let sending = false;

  const kept = outbox.texts(prefix); // what the portal has not taken yet
  for (const field of fields) if (field.name in kept) field.value = kept[field.name].text;

  const number = (text) => Number(text.trim().replace(/\./g, "").replace(",", "."));
  function changed(field) {
    outbox.keepText(prefix + field.name, { text: field.value });
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  }
  async function save() {
    clearTimeout(timer);
    if (sending) { timer = setTimeout(save, 800); return; }
    sending = true;
    const touched = new Set(Object.keys(outbox.texts(prefix)).map((name) => name.replace(/^\D/, ""))); // a criterion's points and words go together
    const sent = Object.fromEntries(fields.filter((field) => touched.has(field.name.replace(/^\D/, ""))).map((field) => [field.name, field.value]));
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new URLSearchParams(sent), redirect: "manual", headers: { "X-CSRFToken": outbox.token() } });
      if (answer.type === "opaqueredirect" || answer.status === 403) say("Phiên làm việc đã hết: điểm giữ trên máy này, đăng nhập lại rồi mở trang này.");
      else {
        const told = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        line.replaceChildren(...told.childNodes);
        const refused = new Set([...line.querySelectorAll("[data-refused]")].map((one) => `p${one.dataset.refused}`));
        if (answer.ok) for (const field of fields) if (field.value === sent[field.name] && !refused.has(field.name)) outbox.keepText(prefix + field.name, null);
      }
    } catch {
      say("Mất mạng: điểm giữ tạm trên máy này.");
      timer = setTimeout(save, 5000);
    }
    sending = false;
  }
  function say(words) {
    const note = document.createElement("p");
    note.className = "saved saved--off mb-2";
    note.textContent = words;
    line.replaceChildren(note);
  }
  form.addEventListener("input", (event) => { if (fields.includes(event.target)) changed(event.target); });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (field.dataset.max && (event.key === "ArrowUp" || event.key === "ArrowDown") && !field.readOnly) {
      event.preventDefault();
      const now = number(field.value || "0");
      const next = Math.min(Number(field.dataset.max), Math.max(0, (Number.isNaN(now) ? 0 : now) + (event.key === "ArrowUp" ? 0.5 : -0.5)));
      field.value = String(next).replace(".", ",");
      changed(field);
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[name=viec]"));
    } else if (event.key === "Enter" && field.dataset.max) {
      event.preventDefault(); // a score is not handed in by a stray Enter
    }
  });
  form.addEventListener("submit", () => { if (navigator.onLine) fields.forEach((field) => outbox.keepText(prefix + field.name, null)); }); // the form takes all of it along
  window.addEventListener("online", save);
  if (Object.keys(kept).length) save();
})();
