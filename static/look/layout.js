// The live sheet of a layout: blocks follow the millimetres typed below, are dragged with the mouse, moved with the arrow keys
// (one millimetre, with Shift five).
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const form = document.querySelector("form[data-layout]");
  const field = (name) => form.elements.namedItem(name);
  const number = (name) => Number((field(name)?.value || "0").replace(",", ".")) || 0;
  const write = (name, value) => { field(name).value = String(Math.round(value * 2) / 2).replace(".", ","); };
  const blocks = [...sheet.querySelectorAll("[data-block]")];

  function draw() {
    const [width, height] = [number("rong") || 297, number("cao") || 210];
    sheet.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const block of blocks) {
      const key = block.dataset.block;
      const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => number(`${key}-${name}`));
      const box = block.querySelector("rect");
      const text = block.querySelector("text");
      const align = field(`${key}-align`).value;
      block.toggleAttribute("hidden", !field(`${key}-in`).checked);
      block.setAttribute("transform", `translate(${x + number("dich-ngang")} ${y + number("dich-doc")})`);
      box.setAttribute("width", w);
      box.setAttribute("height", h);
      text.setAttribute("x", align === "left" ? 0 : align === "right" ? w : w / 2);
      text.setAttribute("y", Math.min(h, number(`${key}-size`) * 0.3528));
      text.setAttribute("font-size", number(`${key}-size`) * 0.3528);
      text.setAttribute("text-anchor", align === "left" ? "start" : align === "right" ? "end" : "middle");
      text.setAttribute("font-weight", field(`${key}-bold`).checked ? 700 : 400);
    }
  }
  function move(block, dx, dy) {
    const key = block.dataset.block;
    write(`${key}-x`, Math.max(0, number(`${key}-x`) + dx));
    write(`${key}-y`, Math.max(0, number(`${key}-y`) + dy));
    draw();
  }

  const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  for (const block of blocks) {
    block.addEventListener("keydown", (event) => {
      if (!KEYS[event.key]) return;
      event.preventDefault();
      const step = event.shiftKey ? 5 : 1;
      move(block, KEYS[event.key][0] * step, KEYS[event.key][1] * step);
    });
    block.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      block.focus();
      block.setPointerCapture(event.pointerId);
      const scale = sheet.viewBox.baseVal.width / sheet.getBoundingClientRect().width;
      const [x, y] = [number(`${block.dataset.block}-x`), number(`${block.dataset.block}-y`)];
      const follow = (moved) => {
        write(`${block.dataset.block}-x`, Math.max(0, x + (moved.clientX - event.clientX) * scale));
        write(`${block.dataset.block}-y`, Math.max(0, y + (moved.clientY - event.clientY) * scale));
        draw();
      };
      block.addEventListener("pointermove", follow);
      block.addEventListener("lostpointercapture", () => block.removeEventListener("pointermove", follow), { once: true });
    });
  }
  form.addEventListener("input", draw);
  form.addEventListener("change", draw);
  draw();
})();
