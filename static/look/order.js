// A list to put in order by its handles: dragged, or lifted with Space, moved with the arrows, put down with Space, left with Esc.
// Without this file the two arrows of each line do the same.
(() => {
  const form = document.querySelector("[data-order]");
  if (!form) return;
  const list = form.querySelector("ol");
  const said = document.querySelector("[data-order-said]");
  let held = null;
  let from = null;

  const rows = () => [...list.children];
  const place = (row) => rows().indexOf(row) + 1;
  const tell = (words) => { said.textContent = words; };
  const where = (row) => `“${row.dataset.name}” đang ở vị trí ${place(row)} trên ${rows().length}.`;

  function lift(row) {
    held = row;
    from = row.nextElementSibling;
    row.classList.add("is-held");
    tell(`Đã nhấc. ${where(row)}`);
  }
  function leave() {
    held.classList.remove("is-held");
    list.insertBefore(held, from);
    tell(`Đã thôi. ${where(held)}`);
    held = null;
  }
  function put() {
    const row = held;
    held.classList.remove("is-held");
    held = null;
    if (row.nextElementSibling === from) return tell(where(row));
    if (row.contains(document.activeElement)) sessionStorage.setItem("order-held", row.dataset.entry);
    form.querySelector("[name=chuyen-so]").value = row.dataset.entry;
    form.querySelector("[name=vi-tri]").value = place(row);
    form.querySelector("[data-order-send]").click();
  }

  // Whoever moved a line by its handle finds the handle again on the page that answers.
  const moved = sessionStorage.getItem("order-held");
  sessionStorage.removeItem("order-held");
  if (moved) list.querySelector(`[data-entry="${CSS.escape(moved)}"] .grip`)?.focus();

  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip) return;
    const row = grip.closest("li");
    if (event.key === " ") {
      event.preventDefault();
      if (held) put(); else lift(row);
    } else if (held && event.key === "Escape") {
      leave();
      grip.focus();
    } else if (held && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      const beside = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
      if (!beside) return;
      list.insertBefore(row, event.key === "ArrowUp" ? beside : beside.nextElementSibling);
      grip.focus();
      tell(where(row));
    }
  });

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button !== 0) return;
    event.preventDefault();
    grip.focus();
    lift(grip.closest("li"));
    const move = (moved) => {
      const over = document.elementFromPoint(list.getBoundingClientRect().left + 40, moved.clientY)?.closest("[data-entry]");
      if (!held || !over || over === held || over.parentNode !== list) return;
      const box = over.getBoundingClientRect();
      list.insertBefore(held, moved.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
    };
    // On the document: a row that moves in the list would lose a captured pointer.
    const end = (ended) => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", end);
      document.removeEventListener("pointercancel", end);
      if (held && ended.type === "pointerup") put();
      else if (held) leave();
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", end);
    document.addEventListener("pointercancel", end);
  });
})();
