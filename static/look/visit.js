// The form of a site visit: every change is kept in this browser at once, photos are shrunk and kept beside it, and all of it
// is sent when there is a network. Each thing has a key of its own, so that what is sent twice is kept once.
(() => {
  if (!window.outbox) return;
  const left = document.getElementById("khao-sat-con");
  if (left) showLeft(left);
  const form = document.querySelector("form[data-visit]");
  if (!form) return;
  const WIDEST = 1600;
  const prefix = `visit:${form.dataset.user}:${form.dataset.visit}:`;
  const line = document.getElementById("khao-sat-luu");
  const list = document.getElementById("khao-sat-anh");
  const fields = [...form.elements].filter((field) => field.name && !["csrfmiddlewaretoken", "anh", "bo-anh"].includes(field.name));
  let sending = false;

  if ("serviceWorker" in navigator) {
    outbox.keepPages(form.dataset.worker, [location.pathname], true) // this very page too: it was loaded before the worker was there
      .then(() => { form.dataset.kept = "1"; }).catch(() => {});
  }

  const say = (words, look) => {
    line.textContent = words;
    line.className = `saved${look ? ` saved--${look}` : ""}`;
  };
  const value = (field) => (field.type === "radio" ? (field.checked ? field.value : null) : field.value);

  const kept = outbox.texts(prefix);
  for (const field of fields) {
    if (!(field.name in kept) || field.type === "hidden" && field.name !== "key") continue; // what the dossier claims is the portal's
    if (field.type === "radio") field.checked = field.value === kept[field.name].text;
    else field.value = kept[field.name].text;
  }
  const keep = (field) => {
    const now = value(field);
    const counted = field.name.match(/^(thay|ghi)-(.+)$/); // with the name of what was counted, to be read without the form too
    if (counted) outbox.keepText(`${prefix}gi-${counted[2]}`, { text: form.elements[`gi-${counted[2]}`].value });
    return now === null || outbox.keepText(prefix + field.name, { text: now });
  };
  const key = form.elements.key;
  if (!("key" in kept)) keep(key); // the same key for every try, also after the page was opened again
  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    if (keep(event.target)) say("Đã giữ trên máy này.");
    else say("Máy này không giữ được chữ (hết chỗ, hoặc trình duyệt chặn). Xin gửi ngay khi có mạng, đừng đóng trang.", "off");
  });

  async function shrink(file) {
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, WIDEST / Math.max(image.width, image.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      return made || file;
    } catch { return file; } // a kind that this browser cannot open: the portal can
  }
  const owner = `visit:${form.dataset.user}:${form.dataset.visit}`;
  async function showPhotos() {
    const photos = await outbox.files(owner);
    list.replaceChildren(...photos.map((one) => {
      const item = document.createElement("li");
      item.textContent = `Ảnh chờ gửi, ${Math.round(one.file.size / 1024)} KB `;
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "btn btn-link btn-sm p-0";
      drop.textContent = "bỏ";
      drop.addEventListener("click", async () => { await outbox.dropFile(one.id); showPhotos(); });
      item.append(drop);
      return item;
    }));
    return photos;
  }
  const picker = form.querySelector("input[type=file]");
  picker.addEventListener("change", async () => {
    for (const file of picker.files) {
      const made = await shrink(file);
      await outbox.addFile(owner, new File([made], `${crypto.randomUUID()}.jpg`, { type: made.type }));
    }
    picker.value = "";
    await showPhotos();
    say("Ảnh đã giữ trên máy này.");
  });

  async function post(address, body) {
    const answer = await fetch(address, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": outbox.token(), "X-Visit": "1" } });
    if (answer.type === "opaqueredirect" || answer.status === 403) return { error: "Phiên làm việc đã hết: kết quả giữ trên máy này. Đăng nhập lại rồi mở trang này." };
    if (answer.status >= 500) return { error: "Cổng đang lỗi. Kết quả giữ trên máy này; xin thử lại sau." };
    return answer.json().catch(() => ({ error: "Cổng không nhận được. Kết quả giữ trên máy này." }));
  }
  const dropped = () => [...form.querySelectorAll("[name=bo-anh]:checked")].map((box) => [box.name, box.value]);
  async function send() {
    if (sending) return;
    sending = true;
    outbox.keepText(`${prefix}*wants`, { text: "1" });
    say("Đang gửi…");
    try {
      for (const one of await outbox.files(owner)) {
        const body = new FormData();
        body.append("key", one.name.replace(/\..*$/, ""));
        body.append("anh", one.file, one.name);
        body.append("nguoi", form.dataset.user);
        const told = await post(form.dataset.photos, body);
        if (told.error) { outbox.keepText(`${prefix}*wants`, null); say(told.error, "off"); return; }
        await outbox.dropFile(one.id);
        await showPhotos();
      }
      const told = await post(form.action, new URLSearchParams([["nguoi", form.dataset.user], ...fields.filter((field) => value(field) !== null).map((field) => [field.name, field.value]), ...dropped()]));
      outbox.keepText(`${prefix}*wants`, null);
      if (told.error) { say(told.error, "off"); line.focus(); return; }
      for (const name of Object.keys(outbox.texts(prefix))) outbox.keepText(prefix + name, null);
      location.reload();
    } catch {
      say("Mất mạng: kết quả và ảnh giữ trên máy này, có mạng cổng tự gửi.", "off");
    } finally { sending = false; }
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  const resume = () => { if ("*wants" in outbox.texts(prefix)) send(); };
  window.addEventListener("online", resume);
  setInterval(resume, 15000);
  showPhotos();
  resume();
  if (Object.keys(kept).length > 1) say("Đang dùng bản giữ trên máy này.");

  // What another telephone sent first: this one's own text and photos can still be read here, and are thrown away by hand alone.
  async function showLeft(box) {
    const prefix = `visit:${box.dataset.user}:${box.dataset.visit}:`;
    const owner = `visit:${box.dataset.user}:${box.dataset.visit}`;
    const names = { ngay: "Ngày khảo sát", gap: "Đã gặp ai", "ket-luan": "Kết luận", "nhan-xet": "Nhận xét" };
    const kept = outbox.texts(prefix);
    const rows = [];
    for (const [name, one] of Object.entries(kept).sort()) {
      const counted = name.match(/^(thay|ghi)-(.+)$/);
      const what = counted && (kept[`gi-${counted[2]}`]?.text || "kết quả khác");
      const label = counted ? `${what}: ${counted[1] === "thay" ? "đếm được" : "ghi chú"}` : names[name];
      if (label && one.text) rows.push([label, one.text]);
    }
    const photos = await outbox.files(owner).catch(() => []);
    if (!rows.length && !photos.length) return;
    const list = box.querySelector("dl");
    for (const [label, text] of rows) {
      const term = document.createElement("dt");
      term.textContent = label;
      const said = document.createElement("dd");
      said.textContent = text;
      list.append(term, said);
    }
    box.querySelector("ul").replaceChildren(...photos.map((one, at) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = URL.createObjectURL(one.file);
      link.download = one.name;
      link.textContent = `Ảnh ${at + 1}, ${Math.round(one.file.size / 1024)} KB`;
      item.append(link);
      return item;
    }));
    box.hidden = false;
    box.querySelector("button").addEventListener("click", async () => {
      for (const name of Object.keys(kept)) outbox.keepText(prefix + name, null);
      for (const one of photos) await outbox.dropFile(one.id);
      box.hidden = true;
    });
  }
})();
