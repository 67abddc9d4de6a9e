// Choosing rows: the whole page or a whole list at once, how many are chosen; copying a text.
(() => {
  const form = document.querySelector("form[data-chooser]");
  if (form) {
    const boxes = () => [...form.querySelectorAll("input[name=chon]")];
    const alls = [...form.querySelectorAll("[data-choose-all]")]; // in the heading, and above the cards of a telephone
    const said = form.querySelector("[data-chosen]");
    const accept = form.querySelector("button[value=nhan]");
    const noun = form.dataset.chooser || "đăng ký";
    const elsewhere = Number(form.dataset.elsewhere || 0); // chosen on other pages of the list
    const update = () => {
      const chosen = boxes().filter((box) => box.checked);
      boxes().forEach((box) => box.closest("tr").classList.toggle("picked", box.checked));
      if (said) {
        said.textContent = `Đã chọn ${chosen.length + elsewhere} ${noun}${elsewhere ? `, ${elsewhere} ở trang khác` : ""}`;
        said.closest(".bulk").hidden = !(chosen.length + elsewhere);
      }
      if (accept) accept.lastChild.textContent = chosen.length ? `Nhận ${chosen.length} đăng ký` : "Nhận";
      alls.forEach((all) => { all.checked = chosen.length > 0 && chosen.length === boxes().length; });
    };
    alls.forEach((all) => {
      if (all.closest("label")) all.closest("label").hidden = false;
      all.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); update(); });
    });
    form.addEventListener("change", update);
    update();
  }
  document.querySelectorAll("[data-pick-all]").forEach((all) => { // the boxes of its own list
    const boxes = [...all.closest("ul, fieldset").querySelectorAll("input[type=checkbox]")].filter((box) => box !== all);
    const update = () => { all.checked = boxes.every((box) => box.checked); };
    all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
    boxes.forEach((box) => box.addEventListener("change", update));
    all.closest(".form-check").hidden = false;
    update();
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.querySelector(button.dataset.copy);
    source.select();
    try { await navigator.clipboard.writeText(source.value); } catch { document.execCommand("copy"); }
    button.lastChild.textContent = "Đã chép";
  });
})();
