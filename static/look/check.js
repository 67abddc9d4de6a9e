// Checking a registration: the bar follows the marks, marks are kept on the portal while they are made, single keys.
(() => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const say = document.querySelector("[data-say]");
  const accept = document.querySelector("button[form=xet][value=nhan]");
  const giveBack = document.querySelector("button[form=xet][value=tra-lai]");
  const kept = document.querySelector("[data-kept]");
  const boxes = [...form.querySelectorAll(".box:has(.mend)")].map((section) => {
    const number = section.id.replace("muc-", "");
    return { section, number, fold: section.querySelector(".mend"), reasons: form.elements[`ly-do-${number}`], words: form.elements[`loi-${number}`] };
  });

  const isMarked = (box) => box.reasons.value !== "" || box.words.value.trim() !== "";
  function link(box) {
    const to = document.createElement("a");
    to.href = `#muc-${box.number}`;
    to.textContent = `mục ${box.number}`;
    return to;
  }
  function part(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (tag === "span") made.className = "quiet";
    return made;
  }
  function update() {
    const marked = boxes.filter(isMarked);
    boxes.forEach((box) => {
      box.fold.classList.toggle("mend--marked", marked.includes(box));
      box.fold.querySelector("[data-mark]").textContent = marked.includes(box) ? "Phải sửa" : "Cần sửa";
    });
    if (!accept || !say) return;
    const n = marked.length;
    say.replaceChildren();
    if (n) {
      say.append(part("b", `${n} mục phải sửa:`), " ");
      marked.forEach((box, at) => say.append(link(box), at < n - 1 ? ", " : ". "));
      say.append(part("span", "Chỉ các mục này mở ra cho đơn vị."));
    } else say.append(part("b", "Chưa đánh dấu mục nào."), " ", part("span", "Muốn trả lại thì bấm “Cần sửa” ở mục phải sửa."));
    accept.querySelector("span").textContent = n ? "Nhận" : `Nhận vào sổ ${form.dataset.season}`;
    giveBack.querySelector("span").textContent = n ? `Trả lại (${n} mục)` : "Trả lại";
    for (const [button, filled] of [[accept, !n], [giveBack, n]]) {
      button.classList.toggle("btn-primary", Boolean(filled));
      button.classList.toggle("btn-outline-primary", !filled);
    }
  }

  // “Mục này được” takes the words away with the mark, another reason brings them back; words alone are another reason.
  boxes.forEach((box) => {
    let aside = "";
    box.reasons.forEach((radio) => radio.addEventListener("change", () => {
      if (!radio.value) { aside = box.words.value; box.words.value = ""; }
      else if (!box.words.value) box.words.value = aside;
    }));
    box.words.addEventListener("input", () => { if (!box.reasons.value && box.words.value.trim()) box.reasons.value = "khac"; });
  });

  // One request at a time; what changes meanwhile goes with the next one.
  let timer = 0, busy = false, again = false, leaving = false;
  const tell = (words, off) => {
    if (!kept) return;
    kept.textContent = words;
    kept.classList.toggle("saved--off", Boolean(off));
  };
  async function save() {
    if (busy) { again = true; return; }
    busy = true;
    again = false;
    try {
      const answer = await fetch(form.dataset.check, { method: "POST", body: new FormData(form), redirect: "error", keepalive: true });
      const told = await answer.json();
      if (told.refused) tell(told.refused, true);
      else {
        form.elements.goc.value = JSON.stringify(told.base);
        tell(told.others.length ? `Đã giữ lúc ${told.at}; thẻ khác đã đánh dấu mục ${told.others.join(", ")}` : `Đã giữ lúc ${told.at}`, told.others.length);
        for (const [name, words] of Object.entries(told.conflicts)) {
          const place = name.startsWith("loi-") && form.querySelector(`[data-other="${name.slice(4)}"]`);
          if (place) {
            const line = part("p", `Ở thẻ khác đồng chí ghi: “${words}”. Gửi đi thì lấy lời ở ô này.`);
            line.className = "form-text mb-0";
            place.replaceChildren(line);
          }
        }
      }
    } catch { if (!leaving) tell("Chưa giữ được các dấu: mất mạng hoặc hết phiên. Xin đừng đóng trang.", true); }
    busy = false;
    if (again) save();
  }
  function later() {
    update();
    tell("Đang giữ…");
    clearTimeout(timer);
    timer = setTimeout(() => { timer = 0; save(); }, 700);
  }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { leaving = true; clearTimeout(timer); timer = 0; });
  window.addEventListener("pagehide", () => { leaving = true; if (timer) { clearTimeout(timer); timer = 0; save(); } });
  update();

  function inView() {
    const middle = window.innerHeight / 3;
    return boxes.find(({ section }) => section.getBoundingClientRect().bottom > middle) || boxes[boxes.length - 1];
  }
  singleKeys(form, {
    n: () => accept?.click(),
    m: () => {
      const box = inView();
      if (!box) return;
      box.fold.open = true;
      box.section.scrollIntoView({ block: "nearest" });
      (form.querySelector(`[name="ly-do-${box.number}"]:checked`) || box.words).focus();
    },
  });
})();
