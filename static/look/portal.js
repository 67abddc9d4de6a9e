// What a page cannot do without a script: print, keep a button from a second tap, keep what was typed over a lost session.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) {
    event.preventDefault();
    window.print();
  }
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !event.submitter?.matches("[data-download]")) { // a file leaves the page where it is
    form.dataset.sent = "1";
    keep(form);
    const button = event.submitter || form.querySelector("[type=submit]");
    if (button && button.dataset.busy) {
      button.style.width = `${button.offsetWidth}px`;
      button.textContent = button.dataset.busy;
    }
  }
});
// A form that met the login page is filled again on the page that one is sent back to (?giu=1).
const KEPT = "form:";
const plain = (field) => field.name && !["hidden", "password", "file", "submit"].includes(field.type);
function keep(form) {
  if (!document.body.classList.contains("work")) return;
  const typed = [...form.elements].filter(plain).map((field) => [field.name, field.value, field.checked]);
  try { sessionStorage.setItem(KEPT + new URL(form.action).pathname, JSON.stringify(typed)); } catch { /* no room: nothing is kept */ }
}
document.addEventListener("DOMContentLoaded", () => {
  if (!document.body.classList.contains("work")) return;
  const back = new URLSearchParams(location.search).has("giu");
  document.querySelectorAll("form[method=post]").forEach((form) => {
    const kept = back && sessionStorage.getItem(KEPT + new URL(form.action).pathname);
    for (const [name, value, checked] of kept ? JSON.parse(kept) : []) {
      for (const field of [...form.elements].filter((one) => one.name === name && plain(one))) {
        if (field.type === "checkbox" || field.type === "radio") { if (field.value === value) field.checked = checked; } else field.value = value;
        for (let fold = field.closest("details"); fold && value && checked !== false; fold = fold.parentElement.closest("details")) fold.open = true;
      }
    }
  });
  Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT)).forEach((key) => sessionStorage.removeItem(key));
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
// A link to share: the telephone's own sheet, else the address is copied.
document.querySelectorAll("[data-share]").forEach((button) => {
  if (!navigator.share && !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: button.dataset.share });
      else {
        await navigator.clipboard.writeText(button.dataset.share);
        button.querySelector("span").textContent = button.dataset.copied || "Đã chép địa chỉ";
      }
    } catch { /* the person closed the sheet */ }
  });
});
// A table whose rows are cards on a telephone stays a table to who listens: not every browser keeps that by itself.
const ROLES = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };
document.querySelectorAll("table.ledger--cards").forEach((table) => {
  table.setAttribute("role", "table");
  table.querySelectorAll("thead, tbody, tr, th, td").forEach((part) => {
    part.setAttribute("role", part.tagName === "TH" && part.scope === "row" ? "rowheader" : ROLES[part.tagName]);
  });
});
// A menu of the masthead closes by Esc, which gives the focus back, and by a tap outside.
const openMenus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
});
document.addEventListener("click", (event) => openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
// What went wrong is read first: the summary of errors takes the focus.
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector("main [role=alert][tabindex='-1']");
  if (summary) summary.focus();
});

// What a telephone keeps for the field is for who is logged in: gone with the session, at the login page and on leaving.
(() => {
  if (!("caches" in window)) return;
  const drop = () => { caches.delete("danvan-field-1").catch(() => {}); };
  if (location.pathname.startsWith("/dang-nhap/")) drop();
  document.querySelector("form[action='/dang-xuat/']")?.addEventListener("submit", drop);
})();
