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

addEventListener("activate", (event) => {
  const stale = (name) => name.startsWith(PREFIX) && name !== CACHE;
  const forget = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter(stale).map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(forget());
});

// Only when the user asks for it: never in the middle of a check.
addEventListener("message", ({ data }) => {
  if (data === "take over") skipWaiting();
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  url.search = url.hash = "";
  const path = url.href === address("index.html") ? address("./") : url.href;
  const known = Object.keys(FILES).some((name) => address(name) === path);
  if (request.method !== "GET" || !known) return;
  const answer = async () => {
    const kept = await (await caches.open(CACHE)).match(path);
    return kept ?? fetch(request);
  };
  event.respondWith(answer());
});
