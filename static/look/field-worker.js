// Keeps the pages of site visits and of registrations being written, and what they are drawn with, once they were opened: in the
// field there may be no network. Only GET of this folder's pages (`?trang=` is how their addresses end after the number) and of
// static files; what is sent goes through the page itself.
const KEPT = "danvan-field-1";
const ends = new RegExp(`/\\d+/${new URL(self.location).searchParams.get("trang") || ""}$`);
const scope = new URL(self.registration.scope).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const page = event.request.mode === "navigate" && address.pathname.startsWith(scope) && ends.test(address.pathname);
  const asset = address.pathname.startsWith("/static/");
  if (event.request.method !== "GET" || address.origin !== self.location.origin || !(page || asset)) return;
  event.respondWith(page ? fresh(event.request) : stored(event.request));
});

async function fresh(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await kept.put(request, answer.clone());
    else await kept.delete(request); // gone, or another person's now
    return answer;
  } catch {
    const address = new URL(request.url);
    const box = `${address.pathname}?muc=${address.searchParams.get("muc") || 1}`;
    return (await kept.match(request, { ignoreVary: true })) || (await kept.match(box, { ignoreVary: true }))
      || (await kept.match(request, { ignoreSearch: true, ignoreVary: true })) || Response.error();
  }
}

async function stored(request) {
  const kept = await caches.open(KEPT);
  const there = await kept.match(request);
  if (there) return there;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}
