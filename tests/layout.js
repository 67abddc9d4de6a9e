// What breaks on the page that stands, at the width that it has: a list of sentences, empty when nothing does.
// squeezed: text of four lines or more with under six letters each; overlap: two texts on one another; clipped: text cut without
// an ellipsis; small: a target under 24 px on a telephone; covered: a control that a click at its middle does not reach.
() => {
  const found = new Set();
  const scrolled = new Set([document.scrollingElement]);
  const home = () => scrolled.forEach((box) => { box.scrollTo({ top: 0, left: 0, behavior: "instant" }); });
  const width = window.innerWidth;
  if (document.documentElement.scrollWidth > width) found.add(`wide: ${document.documentElement.scrollWidth} px`);
  const say = (element) => (element.innerText || element.value || element.name || element.type || element.tagName).trim().replace(/\s+/g, " ").slice(0, 50);
  const hidden = new Map();
  const isHidden = (element) => {
    if (!element || element === document.body) return false;
    if (hidden.has(element)) return hidden.get(element);
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const own = style.clipPath !== "none" || style.opacity === "0" || (style.overflow !== "visible" && style.display !== "inline" && (box.width <= 1 || box.height <= 1)) || element.closest("dialog:not([open])");
    const result = Boolean(own) || isHidden(element.parentElement);
    hidden.set(element, result);
    return result;
  };
  const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !isHidden(element);

  const leaves = [];
  for (const element of document.body.querySelectorAll("*")) {
    if (element.closest("svg, script, style, template, noscript")) continue;
    const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim().length > 1);
    if (!own.length || !isShown(element)) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const range = document.createRange();
    range.selectNodeContents(element);
    const rects = [...range.getClientRects()].filter((rect) => rect.width > 1);
    const lines = new Set(rects.map((rect) => Math.round(rect.top / 6))).size;
    const letters = element.innerText.trim().length;
    if (lines >= 4 && letters / lines < 6) found.add(`squeezed: ${say(element)} (${Math.round(box.width)} px, ${lines} lines)`);
    const style = getComputedStyle(element);
    const cut = style.overflowX === "hidden" && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 3;
    if (cut) found.add(`clipped: ${say(element)}`);
    if (!element.querySelector("*") && !element.closest(".tabbar, .bulk, .decide, .form-foot, .stick-top, [class*=sticky]")) leaves.push([rects, element]);
  }
  leaves.forEach(([rects, element], at) => {
    for (const [others, other] of leaves.slice(at + 1, at + 60)) {
      for (const a of rects) for (const b of others) {
        const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (w > 6 && h > 0.55 * Math.min(a.height, b.height)) found.add(`overlap: ${say(element)} | ${say(other)}`);
      }
    }
  });

  const controls = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((one) => isShown(one) && !one.disabled && !one.closest("svg")); // beside a map stands its list
  for (const control of controls) {
    const box = control.getBoundingClientRect();
    const isInProse = control.tagName === "A" && getComputedStyle(control).display === "inline";
    if (width < 600 && !isInProse && box.width > 0 && (box.width < 24 || box.height < 24)) {
      found.add(`small: ${say(control)} (${Math.round(box.width)} x ${Math.round(box.height)})`);
    }
    if (isInProse || control.matches(".skip, .skip-to-content-link")) continue;
    for (let box = control.parentElement; box; box = box.parentElement) scrolled.add(box);
    control.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const now = control.getBoundingClientRect();
    const hit = document.elementFromPoint((now.left + now.right) / 2, (now.top + now.bottom) / 2);
    if (!hit) { found.add(`covered: ${say(control)} is out of the window`); continue; }
    const isReached = hit === control || control.contains(hit) || hit.contains(control) || (control.labels && [...control.labels].some((label) => label === hit || label.contains(hit)));
    if (!isReached) found.add(`covered: ${say(control)} by ${hit.tagName.toLowerCase()}.${String(hit.className.baseVal ?? hit.className).split(" ")[0]} “${say(hit).slice(0, 24)}”`);
  }
  home();
  return [...found].slice(0, 12);
}
