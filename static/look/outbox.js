// What could not be sent yet, kept in the browser: each field's text in localStorage under a key of its own (so that two
// tabs do not write over each other), files in IndexedDB. Nothing leaves this browser but by the form it was typed into.
(() => {
  const DATABASE = "danvan-outbox";
  const STORE = "files";
  const PAGES = "danvan-field-1";
  const STAYED = 10000; // ms after which a page that was to be left is still there: it was a download

  // A page may be read anew before the portal has written what the one before it sent, and be shown after that was answered: what
  // is answered while a page is left stays in the browser, and the page that comes sends it again.
  const answered = new Set();
  let leaving = 0;
  window.addEventListener("beforeunload", () => {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      leaving = 0;
      answered.forEach((key) => localStorage.removeItem(key));
      answered.clear();
    }, STAYED);
  });
  window.addEventListener("pagehide", () => answered.clear()); // from here on they are the next page's, if this one is shown again too

  function open() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open(DATABASE, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function withStore(mode, work) {
    const database = await open();
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => { database.close(); resolve(asked && asked.result); };
      transaction.onerror = transaction.onabort = () => { database.close(); reject(transaction.error); }; // no room: aborted, with no error before
    });
  }

  window.outbox = {
    token() {
      const found = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
      return found ? decodeURIComponent(found[1]) : "";
    },
    texts(prefix) {
      const found = {};
      try {
        for (let at = 0; at < localStorage.length; at += 1) {
          const key = localStorage.key(at);
          if (key.startsWith(prefix)) found[key.slice(prefix.length)] = JSON.parse(localStorage.getItem(key));
        }
      } catch { /* no storage here, or spoiled: what the page shows is what there is */ }
      return found;
    },
    keepText(key, kept) {
      try {
        answered.delete(key);
        if (kept) localStorage.setItem(key, JSON.stringify(kept));
        else if (leaving) answered.add(key);
        else localStorage.removeItem(key);
        return true;
      } catch { return false; }
    },
    // Pages, and what this one is drawn with, for places without a network; the worker of their folder hands them out there.
    async keepPages(worker, pages, isAnew = false) {
      await navigator.serviceWorker.register(worker);
      await navigator.serviceWorker.ready;
      const kept = await caches.open(PAGES);
      const drawn = [...document.querySelectorAll("link[href][rel~=stylesheet], link[href][rel~=preload], link[href][rel~=icon], script[src]")];
      for (const address of [...pages, ...new Set(drawn.map((one) => one.href || one.src))]) {
        if (!(isAnew && pages.includes(address)) && await kept.match(address, { ignoreVary: true })) continue;
        const answer = await fetch(address);
        if (answer.ok && !answer.redirected) await kept.put(address, answer);
      }
    },
    addFile: (owner, file) => withStore("readwrite", (store) => store.add({ owner, file, name: file.name })),
    files: async (owner) => (await withStore("readonly", (store) => store.getAll())).filter((one) => one.owner === owner),
    dropFile: (id) => withStore("readwrite", (store) => store.delete(id)),
  };
})();
