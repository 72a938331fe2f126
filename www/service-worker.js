// Keeps the page for when there is no network. What belongs to this version is written in by the
// build: every file with its checksum, so that a version is kept whole or not at all.

const VERSION = "{version}";
const FILES = {};

// Several versions, and several copies of the page on one host, each have a cache of their own.
const PREFIX = `stemcheck ${registration.scope} `;
const CACHE = PREFIX + VERSION;
const address = (path) => new URL(path, registration.scope).href;

addEventListener("install", (event) => {
  const requests = Object.entries(FILES).map(
    ([path, integrity]) => new Request(address(path), { cache: "no-cache", integrity }),
  );
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

/** Forgets older versions, but for those of pages that are still open: each holds a lock of its name. */
async function tidyUp() {
  const names = await caches.keys();
  const { held } = await navigator.locks.query();
  // A version that is only coming has no page yet that could hold its lock.
  if (registration.installing || registration.waiting) return;
  const isStale = (name) => name.startsWith(PREFIX) && name !== CACHE && held.every((lock) => lock.name !== name);
  await Promise.all(names.filter(isStale).map((name) => caches.delete(name)));
}

addEventListener("activate", (event) => event.waitUntil(Promise.all([tidyUp(), clients.claim()])));

addEventListener("message", (event) => {
  // Only when the user asks for it: never in the middle of a check.
  if (event.data === "take over") skipWaiting();
  if (event.data === "tidy up") event.waitUntil(tidyUp());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const version = url.searchParams.get("v") ?? VERSION;
  url.search = url.hash = "";
  const path = url.href === address("index.html") ? address("./") : url.href;
  const known = Object.keys(FILES).some((name) => address(name) === path);
  if (request.method !== "GET" || !known) return;
  const answer = async () => {
    // A page that was open before this version came is answered with what belongs to its own.
    const own = await caches.match(path, { cacheName: PREFIX + version });
    return own ?? (await caches.match(path, { cacheName: CACHE })) ?? fetch(request);
  };
  event.respondWith(answer());
});
