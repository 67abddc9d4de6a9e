// What a page cannot do without a script: print, choose a whole page of rows, keep a button from a second tap.
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
  if (form.method === "post") {
    form.dataset.sent = "1";
    const button = event.submitter || form.querySelector("[type=submit]");
    if (button && button.dataset.busy) {
      button.style.width = `${button.offsetWidth}px`;
      button.textContent = button.dataset.busy;
    }
  }
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
// What went wrong is read first: the summary of errors takes the focus.
document.addEventListener("DOMContentLoaded", () => {
  const summary = document.querySelector("main [role=alert][tabindex='-1']");
  if (summary) summary.focus();
});
