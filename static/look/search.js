// Suggestions under the search box. Without this script the box searches as before.
(() => {
  const box = document.querySelector("input[data-suggest]");
  if (!box) return;
  const list = document.getElementById(box.getAttribute("aria-controls"));
  let asked, timer, chosen = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const close = () => { list.hidden = true; chosen = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    const all = options();
    chosen = (index + all.length + 1) % (all.length + 1) === all.length ? -1 : (index + all.length) % all.length;
    all.forEach((one, i) => one.setAttribute("aria-selected", i === chosen));
    if (chosen < 0) box.removeAttribute("aria-activedescendant"); else box.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const show = async () => {
    const words = box.value.trim();
    asked?.abort();
    if (words.length < 2) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.suggest}?q=${encodeURIComponent(words.slice(0, 100))}`, { signal: asked.signal });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
      chosen = -1;
      list.hidden = !options().length;
      box.setAttribute("aria-expanded", !list.hidden);
    } catch { /* the next letter asks anew; without a network the box searches as before */ }
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 180); });
  box.addEventListener("keydown", (event) => {
    if (list.hidden) { if (event.key === "ArrowDown") show(); return; }
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen < 0 ? options().length - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0) location.href = options()[chosen].querySelector("a").href;
    else return;
    event.preventDefault();
  });
  box.form.addEventListener("focusout", (event) => { if (!box.form.contains(event.relatedTarget)) close(); });
})();
// A search that finds very many is shown first: its number and its filters come when they are counted. The link does the same.
(() => {
  const link = document.querySelector("a[data-counted]");
  if (!link) return;
  document.getElementById("loc").setAttribute("aria-busy", "true");
  fetch(link.href).then((answer) => (answer.ok ? answer.text() : "")).then((text) => {
    const counted = new DOMParser().parseFromString(text, "text/html");
    for (const id of ["dem", "loc"]) {
      const part = counted.getElementById(id);
      if (part) document.getElementById(id).replaceWith(part);
    }
  }).catch(() => { /* no network: the link stays, for later */ }).finally(() => document.getElementById("loc").removeAttribute("aria-busy"));
})();
