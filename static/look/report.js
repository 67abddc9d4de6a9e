// A part of a report is written with its numbers as chips: each stands for a brace of the text, which the portal fills in. Beside it
// stands how it will be printed. Without this script the field holds the braces themselves, and “Xem thử” shows the same.
(() => {
  const form = document.querySelector("form[data-report-text]");
  if (!form) return;
  const field = form.elements.chu;
  const label = document.getElementById("chu-ten");
  const preview = document.getElementById("xem-thu");
  const buttons = [...document.querySelectorAll("[data-brace]")];
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d");
  const values = new Map(buttons.map((button) => [button.dataset.brace, button.dataset.value]));

  const editor = document.createElement("div");
  Object.assign(editor, { id: "chu-soan", className: `${field.className} told-text`, contentEditable: "true" });
  editor.setAttribute("role", "textbox");
  editor.setAttribute("aria-multiline", "true");
  editor.setAttribute("aria-labelledby", label.id);
  if (field.getAttribute("aria-invalid")) editor.setAttribute("aria-invalid", "true");

  function chip(name) {
    const made = document.createElement("span");
    made.className = values.has(name) ? "figure" : "figure figure--none";
    made.contentEditable = "false";
    made.dataset.name = name;
    made.textContent = values.get(name) ?? `{${name}}`;
    return made;
  }
  // Text with braces as nodes: words, chips.
  const nodesOf = (text) => text.split(/\{(\w+)\}/).map((part, at) => (at % 2 ? chip(part) : document.createTextNode(part)));
  // Nodes as text with braces again; a block that a browser makes is a line.
  function textOf(node) {
    let text = "";
    for (const one of node.childNodes) {
      if (one.nodeType === Node.TEXT_NODE) text += one.data;
      else if (one.dataset?.name) text += `{${one.dataset.name}}`;
      else if (one.nodeName === "BR") text += "\n";
      else text += (text && !text.endsWith("\n") && /^(DIV|P)$/.test(one.nodeName) ? "\n" : "") + textOf(one);
    }
    return text;
  }
  function show() {
    const lines = field.value.split("\n").filter((line) => line.trim());
    const said = lines.map((line) => {
      const made = document.createElement("p");
      made.textContent = line.replace(/\{(\w+)\}/g, (whole, name) => values.get(name) ?? whole);
      return made;
    });
    if (!said.length) {
      said.push(Object.assign(document.createElement("p"), { className: "quiet", textContent: "Để trống thì báo cáo không in phần này." }));
    }
    preview.replaceChildren(...said);
  }
  function changed() {
    field.value = textOf(editor).replaceAll("\u00a0", " ");
    show();
  }

  let place = null; // where the caret stood last
  document.addEventListener("selectionchange", () => {
    const selection = getSelection();
    if (selection.rangeCount && editor.contains(selection.anchorNode)) place = selection.getRangeAt(0).cloneRange();
  });
  editor.addEventListener("click", (event) => {
    const touched = event.target.closest("[data-name]"); // words go behind a number, never into it
    if (touched) getSelection().collapse(touched.parentNode, [...touched.parentNode.childNodes].indexOf(touched) + 1);
  });
  function insert(nodes) {
    editor.focus();
    let range = place;
    if (!range) {
      range = document.createRange();
      range.selectNodeContents(editor);
      range.collapse(false);
    }
    range.deleteContents();
    for (const node of nodes.reverse()) range.insertNode(node);
    range.collapse(false);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    changed();
  }

  editor.append(...nodesOf(field.value));
  editor.addEventListener("input", changed);
  editor.addEventListener("paste", (event) => {
    event.preventDefault();
    insert(nodesOf(event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n")));
  });
  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    document.execCommand("insertLineBreak");
  });
  for (const button of buttons) button.addEventListener("click", () => insert([chip(button.dataset.brace)]));
  const search = document.getElementById("tim-so");
  search.addEventListener("input", () => {
    const asked = fold(search.value.trim());
    for (const button of buttons) button.parentElement.hidden = !fold(button.textContent).includes(asked);
  });

  label.addEventListener("click", () => editor.focus());
  for (const link of document.querySelectorAll('a[href="#chu"]')) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      editor.focus();
    });
  }
  field.hidden = true;
  field.after(editor);
  document.querySelector("[data-chips]").hidden = false;
  form.querySelector("[data-look]").hidden = true;
  show();
})();
