// Files dropped on a box fill its file input; what was chosen is named below it, with what is too large. And what a page has to
// say once it has been loaded is said aloud.
(() => {
  const MEGABYTES = Number(document.querySelector("[data-drop-megabytes]")?.dataset.dropMegabytes);
  const MOST = 200;
  for (const box of document.querySelectorAll("[data-drop]")) {
    const input = box.querySelector("input[type=file]");
    const list = box.querySelector("[data-drop-files]");
    const over = (is) => (event) => { event.preventDefault(); box.classList.toggle("drop--over", is); };
    box.addEventListener("dragenter", over(true));
    box.addEventListener("dragover", over(true));
    box.addEventListener("dragleave", over(false));
    box.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change"));
      input.focus();
    });
    input.addEventListener("change", () => {
      const files = [...input.files];
      const lines = files.length > 1 ? [`${files.length} tệp`] : [];
      lines.push(...files.filter((file) => file.size > MEGABYTES * 1024 * 1024).map((file) => `${file.name}: lớn hơn ${MEGABYTES} MB, cổng sẽ không nhận`));
      if (files.length > MOST) lines.push(`Mỗi lần đến ${MOST} tệp: các tệp sau đó cổng sẽ không nhận`);
      list.replaceChildren(...lines.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    });
  }
  for (const said of document.querySelectorAll("[data-said]")) setTimeout(() => { said.textContent = said.dataset.said; }, 200);
})();
