// What breaks on the page that stands: gives a function that lists, in sentences, what does at the width that the page has then.
// What no width changes (which elements hold words, which are controls) is looked up once.
// squeezed: text of four lines or more with under six letters each; overlap: two texts on one another; clipped: text cut without
// an ellipsis; small: a target under 24 px on a telephone; covered: a control that a click at its middle does not reach.
() => {
  const BARS = ".tabbar, .bulk, .decide, .form-foot, .stick-top, [class*=sticky]";
  const say = (element) => (element.innerText || element.value || element.name || element.type || element.tagName).trim().replace(/\s+/g, " ").slice(0, 50);
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 1);
  const texts = [];
  for (const element of document.body.querySelectorAll(":not(svg, svg *, script, style, template, noscript, noscript *)")) {
    if (hasText(element)) texts.push([element, !element.firstElementChild && !element.closest(BARS)]);
  }
  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((one) => !one.disabled && !one.closest("svg")); // beside a map stands its list

  return () => {
    const found = new Set();
    const width = window.innerWidth;
    if (document.documentElement.scrollWidth > width) found.add(`wide: ${document.documentElement.scrollWidth} px`);
    const boxes = new Set([document.scrollingElement]);
    const hidden = new Map();
    const isHidden = (element) => {
      if (!element || element === document.body) return false;
      let result = hidden.get(element);
      if (result === undefined) {
        result = isHidden(element.parentElement) || hides(element);
        hidden.set(element, result);
      }
      return result;
    };
    const hides = (element) => {
      const style = getComputedStyle(element);
      if (style.clipPath !== "none" || style.opacity === "0") return true;
      if (element.localName === "dialog" && !element.open) return true;
      if (style.overflow === "visible" || style.display === "inline") return false;
      const box = element.getBoundingClientRect();
      return box.width <= 1 || box.height <= 1;
    };
    const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !isHidden(element);

    // What stands beside one another is one line, however tall: a line begins where the middle of a box is below the line before.
    const linesOf = (rects) => {
      let lines = 0;
      let end = -Infinity;
      for (const { top, bottom } of [...rects].sort((a, b) => a.top + a.bottom - b.top - b.bottom)) {
        if ((top + bottom) / 2 > end) { lines += 1; end = bottom; }
      }
      return lines;
    };

    const leaves = [];
    const range = document.createRange();
    for (const [element, isLeaf] of texts) {
      if (!isShown(element)) continue;
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      range.selectNodeContents(element);
      const rects = [];
      for (const { left, top, right, bottom } of range.getClientRects()) if (right - left > 1) rects.push({ left, top, right, bottom });
      const lines = rects.length < 4 ? 0 : linesOf(rects);
      if (lines >= 4 && element.innerText.trim().length / lines < 6) found.add(`squeezed: ${say(element)} (${Math.round(box.width)} px, ${lines} lines)`);
      if (element.scrollWidth > element.clientWidth + 3) {
        const style = getComputedStyle(element);
        if (style.overflowX === "hidden" && style.textOverflow !== "ellipsis") found.add(`clipped: ${say(element)}`);
      }
      if (isLeaf) leaves.push([rects, element]);
    }
    leaves.forEach(([rects, element], at) => {
      for (let next = at + 1; next < Math.min(at + 60, leaves.length); next++) {
        const [others, other] = leaves[next];
        for (const a of rects) for (const b of others) {
          const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (w > 6 && h > 0.55 * Math.min(a.bottom - a.top, b.bottom - b.top)) found.add(`overlap: ${say(element)} | ${say(other)}`);
        }
      }
    });

    for (const control of controls) {
      if (!isShown(control)) continue;
      const box = control.getBoundingClientRect();
      const isInProse = control.tagName === "A" && getComputedStyle(control).display === "inline";
      if (width < 600 && !isInProse && box.width > 0 && (box.width < 24 || box.height < 24)) {
        found.add(`small: ${say(control)} (${Math.round(box.width)} x ${Math.round(box.height)})`);
      }
      if (isInProse || control.matches(".skip, .skip-to-content-link")) continue;
      for (let box = control.parentElement; box && !boxes.has(box); box = box.parentElement) boxes.add(box);
      control.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      const now = control.getBoundingClientRect();
      const hit = document.elementFromPoint((now.left + now.right) / 2, (now.top + now.bottom) / 2);
      if (!hit) { found.add(`covered: ${say(control)} is out of the window`); continue; }
      const isReached = hit === control || control.contains(hit) || hit.contains(control) || (control.labels && [...control.labels].some((label) => label === hit || label.contains(hit)));
      if (!isReached) found.add(`covered: ${say(control)} by ${hit.tagName.toLowerCase()}.${String(hit.className.baseVal ?? hit.className).split(" ")[0]} “${say(hit).slice(0, 24)}”`);
    }
    boxes.forEach((box) => { box.scrollTo({ top: 0, left: 0, behavior: "instant" }); });
    return [...found].slice(0, 12);
  };
}
