// Single keys of a working page (WCAG 2.1.4): off while typing, while a dialog is open, and for who switched them off.
// j and k follow the links to the next and the one before, ? shows the keys; a page adds its own.
window.singleKeys = (form, own) => {
  if (!("keys" in form.dataset)) return;
  const acts = {
    j: () => document.querySelector("a[rel=next]")?.click(),
    k: () => document.querySelector("a[rel=prev]")?.click(),
    "?": () => document.getElementById("phim").showModal(),
    ...own,
  };
  const typing = (at) => at.closest("textarea, select, input:not([type=radio]):not([type=checkbox]), [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || document.querySelector("dialog[open]") || typing(event.target)) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
};
