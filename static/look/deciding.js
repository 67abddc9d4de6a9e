// A draft of a decision saves itself after a pause, under the version that this page has seen; its list is searched as one types.
// Without this file the buttons do the same.
(() => {
  const form = document.getElementById("du-thao");
  if (!form || !window.outbox) return;
  const said = document.querySelector("[data-draft-said]");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d");
  let timer = 0;
  let isOpen = false; // something typed is not with the portal yet
  let sending = null;

  function changed() {
    isOpen = true;
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  }
  function say(words) {
    said.textContent = words;
  }
  async function save() {
    if (sending) { await sending; return isOpen ? save() : null; }
    clearTimeout(timer);
    isOpen = false;
    sending = send().finally(() => { sending = null; });
    return sending;
  }
  async function send() {
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", headers: { "X-CSRFToken": outbox.token() } });
      if (answer.type === "opaqueredirect" || answer.status === 403) { isOpen = true; say("Chưa lưu: phiên làm việc đã hết. Đăng nhập lại ở thẻ khác rồi bấm Lưu dự thảo."); return; }
      const told = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const kept = told.querySelector("[data-version]");
      if (kept) form.elements.ban.value = kept.dataset.version;
      else isOpen = true;
      if (answer.ok || answer.status === 409) said.replaceChildren(...told.childNodes);
      else say("Chưa lưu được; bấm Lưu dự thảo để thử lại.");
    } catch {
      isOpen = true;
      say("Mất mạng: chữ còn trên trang này, chưa lưu. Có mạng thì tự lưu.");
      timer = setTimeout(save, 5000);
    }
  }
  form.addEventListener("input", changed);
  let leaves = false;
  form.addEventListener("submit", (event) => {
    if (leaves || !(sending || isOpen)) { leaves = true; return; }
    event.preventDefault(); // the button takes the version that the save under way comes to
    event.stopPropagation(); // not sent yet: the guard against a second tap must not count it
    const { submitter } = event;
    clearTimeout(timer);
    // In a turn of its own: while this event is still told to others a browser takes no second submit of the form.
    Promise.resolve(sending).then(() => setTimeout(() => { leaves = true; form.requestSubmit(submitter); }));
  });
  window.addEventListener("online", () => { if (isOpen) save(); });
  window.addEventListener("beforeunload", (event) => { if (isOpen && !leaves) event.preventDefault(); });

  const search = document.getElementById("tim_dong");
  const found = document.querySelector("[data-draft-found]");
  const rows = [...form.querySelectorAll(".rank")];
  const words = new Map(rows.map((row) => [row, fold(row.querySelector(".rank__t").textContent)]));
  const kind = document.getElementById("xem_dong");
  const lacksReason = (row) => Boolean(row.querySelector(".bad")) && !row.querySelector("[name^=ly-]")?.value.trim();
  const isOf = (row) => !kind.value || (kind.value === "chua-ly-do" ? lacksReason(row) : row.querySelector("input:checked")?.value === kind.value);
  function find() {
    const asked = fold(search.value.trim());
    let shown = 0;
    for (const row of rows) {
      row.hidden = !words.get(row).includes(asked) || !isOf(row);
      shown += row.hidden ? 0 : 1;
    }
    found.textContent = asked || kind.value ? `${shown} trên ${rows.length} dòng.` : "";
  }
  kind.addEventListener("change", find);
  search.addEventListener("input", (event) => { event.stopPropagation(); find(); });
  search.form.addEventListener("submit", (event) => { event.preventDefault(); find(); });
})();
