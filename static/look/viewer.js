// Photos open on the page itself: arrows turn, Escape closes. Without this script a photo opens as a file.
(() => {
  const links = [...document.querySelectorAll("[data-viewer] a")];
  if (!links.length || !window.HTMLDialogElement) return;
  const box = document.createElement("dialog");
  box.className = "viewer";
  box.setAttribute("aria-label", "Ảnh");
  const button = (label, text, act) => {
    const one = document.createElement("button");
    one.type = "button"; one.textContent = text; one.setAttribute("aria-label", label); one.addEventListener("click", act);
    return one;
  };
  const image = document.createElement("img");
  const words = document.createElement("p");
  words.setAttribute("aria-live", "polite");
  let at = 0;
  const show = (index) => {
    at = (index + links.length) % links.length;
    const small = links[at].querySelector("img");
    image.src = links[at].href; image.alt = small.alt;
    words.textContent = `${at + 1}/${links.length}${small.alt ? ` · ${small.alt}` : ""}`;
  };
  const close = button("Đóng", "×", () => box.close());
  close.className = "viewer__close";
  const turns = links.length > 1 ? [button("Ảnh trước", "‹", () => show(at - 1)), button("Ảnh sau", "›", () => show(at + 1))] : [];
  turns.forEach((one, i) => { one.className = `viewer__turn viewer__turn--${i ? "next" : "back"}`; });
  box.append(image, words, ...turns, close);
  document.body.append(box);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    if (event.key === "ArrowLeft") show(at - 1);
  });
  box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
  links.forEach((link, index) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(index);
    box.showModal();
  }));
  box.addEventListener("close", () => links[at].focus());
})();
