// What the page that stands is made of, as keys: `paints` of its texts (as computed: their colour, size and weight, and what lies
// behind them; what stands out of the flow lies over anything, so that its whole make-up counts), each with the make-ups of such texts;
// `parts` of its elements, of which axe finds the same wherever they are made up alike. Words count only as being there.
() => {
  const VALUED = /^(class|style|type|role|lang|scope|tabindex|autocomplete|inputmode|dir|data-.*|aria-.*)$/;
  const NAMING = /^(for|form|list|headers|aria-(labelledby|describedby|controls|owns|details|errormessage|activedescendant))$/;
  // Boxes of whose inside no rule asks anything; of all others it counts, too, what they hold.
  const BOXES = /^(html|body|div|main|section|article|header|footer|nav|aside|p|form|tbody|thead|tr)$/;
  const sum = (text) => {
    let so = 7;
    for (let at = 0; at < text.length; at++) so = (Math.imul(so, 31) + text.charCodeAt(at)) | 0;
    return so;
  };
  const ids = new Map();
  for (const one of document.querySelectorAll("[id]")) ids.set(one.id, ids.has(one.id) ? "many" : "one");
  const holds = (text) => (/\S/.test(text || "") ? "words" : "nothing");
  const value = ({ name, value }) => {
    if (name === "id") return ids.get(value);
    if (NAMING.test(name)) return value.split(/\s+/).map((id) => { const named = document.getElementById(id); return named ? holds(named.textContent) : "none"; });
    if (name === "aria-label") return holds(value);
    if (VALUED.test(name)) return /^(data-|aria-)/.test(name) ? value.replace(/\d+/g, "0") : value;
    return holds(value);
  };
  const looks = (element) => `${element.localName}[${[...element.attributes].map((one) => `${one.name}=${value(one)}`).sort().join()}]`;
  const paints = new Map();
  const parts = new Map();
  const note = (keys, key, element) => (keys.has(key) ? keys.get(key).push(element) : keys.set(key, [element]));
  const isOff = (element) => Boolean(element.closest(":disabled, [aria-disabled=true]") || element.closest("label")?.control?.disabled);
  const paint = (element, style, behind) => {
    const own = element.matches("input, textarea, select") ? looks(element) : isOff(element);
    return sum(`${behind} ${style.color} ${style.fontSize} ${style.fontWeight} ${style.textShadow} ${own}`);
  };
  // What an element adds to what lies behind the texts in it.
  const backdrop = (style, behind, here) => {
    const isOut = /absolute|fixed|sticky/.test(style.position);
    const own = `${style.backgroundColor} ${style.backgroundImage} ${style.opacity}${isOut ? here : ""}`;
    return own === "rgba(0, 0, 0, 0) none 1" ? behind : sum(`${behind} ${own}`);
  };

  // Gives what the element holds, to the one around it; equal ones that follow one another are one.
  const look = (element, around, behind) => {
    if (!element.checkVisibility() || /^(script|style|template)$/.test(element.localName)) return "";
    const texts = [...element.childNodes].some((node) => node.nodeType === 3 && /\S/.test(node.data));
    const place = `${element.previousElementSibling ? "" : "^"}${element.nextElementSibling ? "" : "$"}`;
    const own = `${looks(element)}${texts ? "t" : ""}`;
    const here = sum(`${around}>${own}${place}`);
    const style = getComputedStyle(element);
    const under = backdrop(style, behind, here);
    const inside = [...element.children].map((child) => look(child, here, under)).filter((held, at, all) => held && held !== all[at - 1]);
    const held = `${own}(${inside.join()})`;
    if (texts || element.matches("input, textarea, select")) {
      const key = paint(element, style, under);
      if (!paints.has(key)) paints.set(key, new Map());
      if (!paints.get(key).has(here)) paints.get(key).set(here, element);
    }
    const isNamed = element.labels && [...element.labels].some((label) => /\S/.test(label.textContent));
    const scrolls = element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
    const isBox = BOXES.test(element.localName) && !element.matches("[role], [aria-hidden]");
    note(parts, sum(`${here} ${isBox && !scrolls ? "" : sum(held)} ${isNamed} ${scrolls}`), element);
    return `${sum(held)}`;
  };
  look(document.body, sum(looks(document.documentElement)), 0);
  const head = [holds(document.title), ...[...document.querySelectorAll("meta")].map((one) => `${one.name}${one.httpEquiv}${one.content}`)];
  const ways = ["main", "h1, h2", "a[href^='#']", "nav"].map((way) => Boolean(document.querySelector(way)));
  note(parts, sum(`${looks(document.documentElement)} ${head} ${ways}`), document.documentElement);
  window.madeUp = { parts, paints };
  return { parts: [...parts.keys()], paints: [...paints].map(([key, texts]) => [key, [...texts.keys()]]), hasAxe: typeof axe === "object" };
}
