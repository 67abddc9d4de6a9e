// The story of one model saves itself after a pause and counts its words. Without this file its buttons do.
(() => {
  const form = document.querySelector("[data-story]");
  const said = document.querySelector("[data-story-said]");
  if (!form || !window.outbox) return;
  const field = form.elements.chuyen;
  let timer = 0;
  let isOpen = false; // something typed is not with the portal yet
  let leaves = false;

  function tell(words, isOff = false) {
    said.textContent = words;
    said.classList.toggle("saved--off", isOff);
  }
  async function save() {
    clearTimeout(timer);
    isOpen = false;
    const sent = new FormData(form);
    sent.set("viec", "tu-luu");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent), redirect: "manual", headers: { "X-CSRFToken": outbox.token() } });
      if (answer.status === 204) return tell(`Đã lưu lúc ${new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}`);
      isOpen = true;
      tell("Chưa lưu được; bấm Lưu để thử lại.", true);
    } catch {
      isOpen = true;
      tell("Mất mạng: chữ còn trên trang này.", true);
      timer = setTimeout(save, 5000);
    }
  }
  field.addEventListener("input", () => {
    isOpen = true;
    form.querySelector("[data-story-words]").textContent = field.value.split(/\s+/).filter(Boolean).length;
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  });
  form.addEventListener("submit", () => { leaves = true; clearTimeout(timer); });
  window.addEventListener("beforeunload", (event) => { if (isOpen && !leaves) event.preventDefault(); });
})();
