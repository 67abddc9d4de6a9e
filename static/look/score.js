// A score sheet saves itself: every change into this browser at once, the sheet to the portal after a pause.
// The total follows what is typed. Arrow keys add or take half a point; Ctrl + Enter hands the sheet in; single keys turn pages.
(() => {
  const form = document.querySelector("form[data-score]");
  if (!form || !window.outbox) return;
  const line = document.getElementById("diem-luu");
  const prefix = `score:${form.dataset.user}:${form.dataset.score}:`;
  const fields = [...form.elements].filter((field) => /^(p|n)\d+$|^nhan-xet$/.test(field.name));
  const bases = [...form.elements].filter((field) => /^(b|c)\d+$/.test(field.name));
  const scores = fields.filter((field) => field.dataset.max);
  singleKeys(form, { c: () => (scores.find((field) => field.value.trim() === "") || scores[0])?.focus() });
  markTabs();
  if (!fields.some((field) => !field.readOnly)) return;
  let timer = 0;
  let sending = false;
  let hasRoom = true; // in this browser, for what the portal has not taken

  const kept = outbox.texts(prefix); // what the portal has not taken yet
  for (const field of fields) if (field.name in kept) field.value = kept[field.name].text;

  const number = (text) => Number(text.trim().replace(/\./g, "").replace(",", "."));
  const pairOf = (field) => field.name.replace(/^\D/, "");

  // Which part of the dossier is read: the last heading that has passed the top of its pane.
  function markTabs() {
    const pane = document.querySelector(".pane--still");
    const tabs = [...pane.querySelectorAll(".subnav a")];
    const mark = () => {
      const top = Math.max(0, pane.getBoundingClientRect().top) + 80;
      const read = tabs.filter((tab) => document.getElementById(tab.hash.slice(1)).getBoundingClientRect().top <= top).at(-1) || tabs[0];
      for (const tab of tabs) {
        if (tab === read) tab.setAttribute("aria-current", "true");
        else tab.removeAttribute("aria-current");
      }
    };
    document.addEventListener("scroll", mark, { capture: true, passive: true }); // the pane's or, in one column, the page's
    mark();
  }

  // The foot of the page: total, its band once all is scored, what is missing, what is under its least.
  function update() {
    let total = 0;
    const missing = [];
    const low = [];
    const out = [];
    for (const field of scores) {
      const points = field.value.trim() === "" ? NaN : number(field.value);
      const isLow = points < Number(field.dataset.min);
      if (Number.isNaN(points)) missing.push(field);
      else if (points < 0 || points > Number(field.dataset.max)) out.push(field);
      else total += points * Number(field.dataset.weight);
      if (isLow && points >= 0) low.push(field);
    }
    const sum = line.querySelector(".total b");
    if (!sum) return;
    sum.textContent = String(Math.round(total * 100) / 100).replace(".", ",");
    const isWhole = !missing.length && !out.length;
    const band = isWhole && JSON.parse(form.dataset.bands).reverse().find(([, from]) => total >= from);
    line.querySelector("[data-band]").textContent = band ? band[0] : "";
    const said = line.querySelector("[data-left]");
    said.replaceChildren();
    missing.forEach((field, at) => {
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = field.dataset.place;
      said.append(at ? ", " : "còn tiêu chí ", link);
    });
    if (missing.length) said.append(" chưa chấm ");
    for (const [those, words] of [[out, "ngoài thang điểm, chưa tính"], [low, "dưới mức tối thiểu"]]) {
      if (!those.length) continue;
      const bad = document.createElement("span");
      bad.className = "bad";
      bad.textContent = `tiêu chí ${those.map((field) => field.dataset.place).join(", ")} ${words} `;
      said.append(bad);
    }
  }
  function changed(field) {
    update();
    hasRoom = outbox.keepText(prefix + field.name, { text: field.value });
    clearTimeout(timer);
    timer = setTimeout(save, 1200);
  }
  async function save() {
    clearTimeout(timer);
    if (sending) { timer = setTimeout(save, 800); return; }
    sending = true;
    const touched = new Set(Object.keys(outbox.texts(prefix)).map((name) => pairOf({ name }))); // a criterion's points and words go together
    const sent = Object.fromEntries([...fields, ...bases].filter((field) => touched.has(pairOf(field))).map((field) => [field.name, field.value]));
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new URLSearchParams(sent), redirect: "manual", headers: { "X-CSRFToken": outbox.token() } });
      if (answer.type === "opaqueredirect" || answer.status === 403) say("Phiên làm việc đã hết: điểm giữ trên máy này, đăng nhập lại rồi mở trang này.");
      else {
        const told = new DOMParser().parseFromString(await answer.text(), "text/html").body;
        line.replaceChildren(...told.childNodes);
        const refused = new Set([...line.querySelectorAll("[data-refused]")].map((one) => `p${one.dataset.refused}`));
        if (answer.ok) {
          for (const field of fields) if (field.value === sent[field.name] && !refused.has(field.name)) outbox.keepText(prefix + field.name, null);
          rebase(sent, refused);
        }
        update();
      }
    } catch {
      say(hasRoom ? "Mất mạng: điểm giữ tạm trên máy này." : "Mất mạng, máy này hết chỗ giữ tạm: điểm chưa giữ được, xin đừng đóng trang này.");
      timer = setTimeout(save, 5000);
    }
    sending = false;
  }
  // What the portal has now is what is typed over next; what another tab wrote is told at its criterion.
  function rebase(sent, refused) {
    const theirs = Object.fromEntries([...line.querySelectorAll("[data-theirs]")].map((one) => [one.dataset.theirs, one]));
    for (const base of bases) {
      const pair = pairOf(base);
      const isPoints = base.name.startsWith("b");
      if (theirs[pair]) base.value = isPoints ? theirs[pair].dataset.points : theirs[pair].dataset.comment;
      else if (`p${pair}` in sent && !refused.has(`p${pair}`)) base.value = sent[isPoints ? `p${pair}` : `n${pair}`];
    }
    for (const [pair, told] of Object.entries(theirs)) form.querySelector(`[data-other="${pair}"]`).replaceChildren(told.cloneNode(true));
  }
  function say(words) {
    const note = document.createElement("p");
    note.className = "saved saved--off mb-2";
    note.textContent = words;
    line.replaceChildren(note);
  }
  form.addEventListener("input", (event) => { if (fields.includes(event.target)) changed(event.target); });
  form.addEventListener("change", ({ target: field }) => { // not while it is typed: the 1 of 17 is no low score
    if (scores.includes(field) && number(field.value) < Number(field.dataset.min)) form.querySelector(`#tc-${field.dataset.place} details`).open = true;
  });
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
      form.requestSubmit(document.querySelector(`button[form=${form.id}]`));
    } else if (event.key === "Enter" && field.dataset.max) {
      event.preventDefault(); // a score is not handed in by a stray Enter
    }
  });
  form.addEventListener("submit", () => { // the form takes all of it along
    if (!navigator.onLine) return;
    clearTimeout(timer);
    fields.forEach((field) => outbox.keepText(prefix + field.name, null));
  });
  window.addEventListener("online", save);
  update();
  if (Object.keys(kept).length) save();
})();
