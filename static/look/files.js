// Photos are kept in this browser until the portal has them: a lost network or a closed tab loses none, and a file
// that was sent twice is kept once (the portal knows it by its content).
(() => {
  const form = document.querySelector("form[data-files]");
  const list = () => document.getElementById("tep-ds");
  if (form && window.outbox) {
    const owner = `${form.dataset.user}:${form.dataset.files}`;
    const queue = form.querySelector("[data-queue]");
    const input = form.querySelector("input[type=file]");
    let busy = false;

    const say = (name, words) => {
      const line = document.createElement("p");
      line.className = "small mb-1";
      line.textContent = `${name}: ${words}`;
      queue.append(line);
      return line;
    };
    async function pump() {
      if (busy) return;
      busy = true;
      try {
        for (const kept of await outbox.files(owner)) {
          const line = say(kept.name, "đang gửi…");
          const body = new FormData();
          body.append("tep", kept.file, kept.name);
          let answer;
          try {
            answer = await fetch(form.action, {
              method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": outbox.token(), "X-Files": "1" },
            });
          } catch {
            line.textContent = `${kept.name}: mất mạng, giữ trên máy này, tự gửi lại khi có mạng.`;
            setTimeout(pump, 8000);
            return;
          }
          if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status >= 500) {
            line.textContent = `${kept.name}: chưa gửi được, giữ trên máy này. Đăng nhập lại rồi mở trang này, cổng gửi tiếp.`;
            return;
          }
          await outbox.dropFile(kept.id);
          if (answer.ok) line.remove();
          else line.textContent = await answer.text();
          await refresh();
        }
      } finally {
        busy = false;
      }
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      for (const file of input.files) await outbox.addFile(owner, file);
      input.value = "";
      pump();
    }, true);
    input.addEventListener("change", () => form.requestSubmit());
    window.addEventListener("online", pump);
    pump();
  }

  async function refresh() {
    const address = form ? form.dataset.list : "";
    if (!address || !list()) return;
    const answer = await fetch(address);
    if (!answer.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("tep-ds");
    list().replaceWith(made);
    watch();
  }
  function watch() {
    if (list() && list().dataset.busyFiles) setTimeout(refresh, 1500);
  }
  watch();
})();
