// Starts the page, or says in a plain sentence why it cannot start; keeps it for when there is no
// network; tells it when it can be installed and when a newer version is there.

import { addressAt, asked, begin, followAddress, isAbleTo, refuse, workersAt } from "./home.js";
import { VERSION } from "./version.js";

const news = new Map();
let hear;

/** Something has become possible: `act` does it. */
function tell(name, act) {
  const isNew = !news.has(name);
  news.set(name, act);
  if (isNew) hear?.(name);
}

const address = addressAt(import.meta.url);
const home = {
  // What is asked for later is of this version, whichever has been kept meanwhile.
  address: (name) => address(`${name}?v=${VERSION}`),
  host: document.body,
  wishes: asked(),
  onNews(call) {
    hear = call;
    [...news.keys()].forEach(call);
  },
  accept: (name) => news.get(name)?.(),
};

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  tell("install", () => event.prompt());
});

/** As long as this page is open, its version is needed: the service worker goes by this lock. */
const needed = new Promise((done) => {
  const hold = () => {
    done();
    return new Promise(() => {});
  };
  navigator.locks?.request(`stemcheck ${address("./")} ${VERSION}`, { mode: "shared" }, hold);
});

async function keep() {
  const workers = navigator.serviceWorker;
  let isWanted = false;
  const ask = (worker) => tell("update", () => ((isWanted = true), worker.postMessage("take over")));
  // The first visit is taken over, too: only what the user asked for loads the page again.
  const first = !workers.controller;
  workers.addEventListener("controllerchange", () => {
    if (isWanted) location.reload();
    else if (!first) tell("update", () => location.reload());
  });
  const kept = await workers.register("service-worker.js", { updateViaCache: "none" });
  await needed;
  kept.active?.postMessage("tidy up");
  if (kept.waiting && workers.controller) ask(kept.waiting);
  kept.addEventListener("updatefound", () => {
    const next = kept.installing;
    next?.addEventListener("statechange", () => {
      if (next.state === "installed" && workers.controller) ask(next);
    });
  });
}

const boot = document.getElementById("boot");
if (!isAbleTo()) {
  refuse(boot, "old");
} else {
  try {
    const [app, worker] = await Promise.all([import("./app.js"), workersAt(address)]);
    const mount = await begin(app);
    mount({ ...home, worker });
    followAddress();
  } catch (error) {
    refuse(boot, "lost", { why: error.message });
  }
  // A host without https, or a browser that keeps nothing: the page works all the same, with a network.
  if (navigator.serviceWorker) keep().catch(() => {});
}
