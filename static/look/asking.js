// Which scores members are asked to look at again: counted at the foot of the page, named beside the words that go with them.
// Without this file the button under those words does the same.
(() => {
  const boxes = [...document.querySelectorAll("[data-member]")];
  const bar = document.querySelector("[data-asks]");
  const whom = document.querySelector("[data-asked-whom]");
  if (!boxes.length || !bar) return;
  const nobody = whom.textContent;
  document.querySelector("[data-asks-below]").hidden = true;

  function count() {
    const chosen = boxes.filter((box) => box.checked);
    const members = new Map();
    for (const box of chosen) members.set(box.dataset.member, [...(members.get(box.dataset.member) || []), box.dataset.place]);
    const names = [...members].map(([name, places]) => `${name} (tiêu chí ${places.join(", ")})`);
    bar.hidden = !chosen.length;
    bar.querySelector("[data-asks-count]").textContent = `Đã chọn ${chosen.length} ô của ${members.size} thành viên.`;
    whom.textContent = chosen.length ? `${chosen.length} ô, gửi ${members.size} thành viên: ${names.join("; ")}.` : nobody;
  }
  for (const box of boxes) box.addEventListener("change", count);
  count();
})();
