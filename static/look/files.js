// Photos are kept in this browser until the portal has them: a lost network or a closed tab loses none, and a file
// that was sent twice is kept once (the portal knows it by its content).
(() => {
  const form = document.querySelector("form[data-files]");
  const list = () => document.getElementById("tep-ds");
  if (form && window.outbox) {
    const owner = `${form.dataset.user}:${form.dataset.files}`;
    const queue = form.querySelector("[data-queue]");
    const inputs = [...form.querySelectorAll("input[type=file]")];
    const lines = new Map(); // id of a kept file -> its line
    let busy = false;
    let again = false;

    function say(kept, words, canDrop, isRefused = false) {
      const line = lines.get(kept.id) || document.createElement("p");
      line.className = isRefused ? "file__refused" : "small mb-1";
      line.textContent = `${kept.name}: ${words} `;
      if (isRefused) line.prepend(document.getElementById("hinh-sai").content.cloneNode(true));
      if (canDrop) {
        const drop = document.createElement("button");
        drop.type = "button";
        drop.className = "btn btn-link btn-sm p-0";
        drop.textContent = "Bỏ tệp này";
        drop.addEventListener("click", async () => { await outbox.dropFile(kept.id); line.remove(); lines.delete(kept.id); });
        line.append(drop);
      }
      lines.set(kept.id, line);
      queue.append(line);
    }
    const post = (file, name) => {
      const body = new FormData();
      body.append("tep", file, name);
      return fetch(form.action, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": outbox.token(), "X-Files": "1" } });
    };
    async function sendOne(kept) { // true when the next one may go
      say(kept, "đang gửi…", false);
      let answer;
      try {
        answer = await post(kept.file, kept.name);
      } catch {
        say(kept, "mất mạng, giữ trên máy này, tự gửi lại khi có mạng.", false);
        setTimeout(pump, 4000);
        return false;
      }
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        say(kept, "phiên làm việc đã hết, giữ trên máy này. Đăng nhập lại rồi mở trang này, cổng gửi tiếp.", true);
        return false;
      }
      if (answer.ok || answer.status === 422) {
        unseen(true); // a page that is being loaded at this moment may have been made before the file was there
        await outbox.dropFile(kept.id);
        if (answer.ok) { lines.get(kept.id).remove(); lines.delete(kept.id); }
        else say(kept, (await answer.text()).replace(`${kept.name}: `, ""), false, true);
        await refresh();
        return true;
      }
      say(kept, "cổng chưa nhận được, vẫn giữ trên máy này.", true);
      return true;
    }
    async function pump() {
      again = true;
      if (busy) return;
      busy = true;
      const tried = new Set();
      try {
        while (again) {
          again = false;
          for (const kept of await outbox.files(owner).catch(() => [])) {
            if (tried.has(kept.id)) continue;
            tried.add(kept.id);
            if (!(await sendOne(kept))) return;
          }
        }
      } finally {
        busy = false;
      }
    }
    async function take(files) {
      if (!files.length) { // what was chosen is taken at once, and may be waiting still
        if (queue.children.length) pump();
        else unkept("Chưa chọn tệp nào.");
        return;
      }
      queue.querySelectorAll("[data-unkept]").forEach((line) => line.remove());
      for (const file of files) {
        try {
          await outbox.addFile(owner, file);
        } catch { // no storage here: send it straight
          const answer = await post(file, file.name).catch(() => null);
          if (!answer || !answer.ok) unkept(answer && answer.status === 422 ? await answer.text() : `${file.name}: chưa gửi được, máy này cũng không giữ được; xin chọn lại.`);
          await refresh();
        }
      }
      pump();
    }
    function unkept(words) {
      const line = Object.assign(document.createElement("p"), { className: "file__refused", textContent: words });
      line.dataset.unkept = "";
      queue.append(line);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const files = inputs.flatMap((input) => [...input.files]);
      inputs.forEach((input) => { input.value = ""; input.dispatchEvent(new Event("input")); });
      take(files);
    }, true);
    inputs.forEach((input) => input.addEventListener("change", () => { if (input.files.length) form.requestSubmit(); }));
    window.addEventListener("online", pump);
    pump();
  }

  async function refresh() {
    const address = form ? form.dataset.list : "";
    if (!address || !list()) return;
    const answer = await fetch(address).catch(() => null);
    if (!answer || !answer.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("tep-ds");
    if (made) list().replaceWith(made);
    unseen(false);
    watch();
  }
  function unseen(is) {
    try {
      if (is) sessionStorage.setItem("files-unseen", location.pathname);
      else sessionStorage.removeItem("files-unseen");
    } catch { /* no storage: the next load shows it */ }
  }
  function hasUnseen() {
    try { return sessionStorage.getItem("files-unseen") === location.pathname; } catch { return false; }
  }
  function watch() {
    if (list() && list().dataset.busyFiles) setTimeout(refresh, 1500);
  }
  if (hasUnseen()) setTimeout(refresh, 1500);
  watch();
})();
