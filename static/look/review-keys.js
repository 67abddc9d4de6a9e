// The rows of an upload by keyboard alone: arrows go from cell to cell, Enter opens what mends the cell, Escape puts it back, Space
// chooses the row. Of all that stands in the rows, Tab stops at the current cell and at the controls that wait to be filled in.
(() => {
  const form = document.querySelector("form[data-review]");
  const table = form && form.querySelector("table.rows");
  if (!table || !window.reviewRows) return;
  table.setAttribute("role", "grid");
  const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  let current = null;
  let wanted = 0; // the column that up and down keep to

  const isShown = (cell) => cell.getClientRects().length > 0;
  const rows = () => [...table.tBodies].flatMap((body) => [...body.rows]);
  const cellsOf = (row) => [...row.cells].filter((cell) => isShown(cell) && !cell.matches(".asks > .card-hide"));
  const columnOf = (cell) => [...cell.parentNode.cells].slice(0, cell.cellIndex).reduce((sum, one) => sum + one.colSpan, 0);
  const bodyOf = (cell) => cell.closest("tbody");
  const controlsOf = (cell) => [...cell.querySelectorAll("[data-cell]")];

  function prepare(body) {
    [...body.rows].forEach((row, at) => [...row.cells].forEach((cell) => {
      cell.tabIndex = -1;
      cell.id ||= `${body.id}-o${at}-${cell.cellIndex}`;
      if (cell.tagName === "TD") cell.setAttribute("role", "gridcell");
    }));
    body.querySelectorAll(".ln input, .ln a").forEach((one) => { one.tabIndex = -1; });
    if (current && !current.isConnected) setCurrent(document.getElementById(current.id));
  }
  function setCurrent(cell) {
    if (current) current.tabIndex = -1;
    current = cell || table.querySelector("tbody th, tbody td");
    if (current) current.tabIndex = 0;
  }
  function go(cell) {
    if (!cell) return;
    setCurrent(cell);
    cell.focus();
  }
  function near(row) {
    const found = cellsOf(row);
    return found.findLast((cell) => columnOf(cell) <= wanted) || found[0];
  }
  function step(cell, [down, right]) {
    if (right) {
      const line = cellsOf(cell.parentNode);
      const next = line[line.indexOf(cell) + right];
      if (next) wanted = columnOf(next);
      return go(next);
    }
    const listed = rows();
    const next = listed[listed.indexOf(cell.parentNode) + down];
    return next && go(near(next));
  }
  function edge(cell, key, isWhole) {
    const line = cellsOf(isWhole ? rows().at(key === "Home" ? 0 : -1) : cell.parentNode);
    const next = key === "Home" ? line[0] : line.at(-1);
    wanted = columnOf(next);
    go(next);
  }

  // Put the focus where the cell is filled in; a row that shows none of its controls is opened first.
  async function enter(cell) {
    const fold = cell.querySelector("details");
    if (fold) fold.open = true;
    const controls = controlsOf(cell);
    const control = controls.find((one) => one.checked) || controls[0];
    if (control) {
      control.focus();
      if (control.select) control.select();
      return;
    }
    const link = cell.querySelector("a, button, summary");
    const body = bodyOf(cell);
    if (link && !cell.matches(".ln")) link.focus();
    else if (body.querySelector("input[name=chon]") && !body.querySelector("tr.more")) {
      await window.reviewRows.open(body, true);
      const again = document.getElementById(cell.id);
      const first = again && (controlsOf(again)[0] || controlsOf(bodyOf(again))[0]);
      if (first) first.focus();
      if (first && first.select) first.select();
    }
  }
  function choose(cell) {
    const box = bodyOf(cell).querySelector("input[name=chon]");
    if (box) box.click();
  }
  async function leave(cell) {
    if (bodyOf(cell).querySelector("tr.more")) {
      await window.reviewRows.open(bodyOf(cell), false);
      go(document.getElementById(cell.id) || near(document.getElementById(bodyOf(cell).id).rows[0]));
    }
  }
  function inCell(event, cell) {
    const act = { Enter: () => enter(cell), F2: () => enter(cell), " ": () => choose(cell), Escape: () => leave(cell) }[event.key];
    if (event.ctrlKey && !["Home", "End"].includes(event.key)) return false;
    if (STEPS[event.key]) step(cell, STEPS[event.key]);
    else if (event.key === "Home" || event.key === "End") edge(cell, event.key, event.ctrlKey);
    else if (act) act();
    else return false;
    return true;
  }
  function inControl(event, cell) {
    const field = event.target;
    const isText = field.matches("input[data-cell]:not([type=radio]), select[data-cell]");
    if (event.key === "Escape") {
      if (field.matches("[data-cell]")) window.reviewRows.putBack(field);
      go(cell);
    } else if (event.key === "Enter" && (isText || (field.matches("textarea") && event.ctrlKey))) {
      go(cell); // leaving it keeps it
    } else if (STEPS[event.key] && field.matches(".ln input, .ln a")) {
      step(cell, STEPS[event.key]);
    } else return false;
    return true;
  }

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tbody td, tbody th");
    if (!cell || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target === cell ? inCell(event, cell) : inControl(event, cell)) event.preventDefault();
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("tbody td, tbody th");
    if (!cell) return;
    if (cell !== current) setCurrent(cell);
    wanted = columnOf(cell);
  });
  form.addEventListener("review:row", (event) => prepare(event.target));
  [...table.tBodies].forEach(prepare);
  setCurrent(null);
  form.querySelectorAll("[data-key-hint]").forEach((one) => { one.hidden = false; });
})();
