// Starts the page, or says in a plain sentence why it cannot start; keeps it for when there is no
// network; tells it when it can be installed and when a newer version is there.

import { asked, begin, followAddress, obstacle, scriptsAt } from "./home.js";

const news = new Map();
let hear;

/** Something has become possible: `act` does it. */
function tell(name, act) {
  const isNew = !news.has(name);
  news.set(name, act);
  if (isNew) hear?.(name);
}

const home = {
  ...scriptsAt(import.meta.url),
  host: document.body,
  wishes: asked(),
  onNews(call) {
    hear = call;
    [...news.keys()].forEach(call);
  },
  accept: (name) => news.get(name)?.(),
};

function refuse(sentence) {
  const boot = document.getElementById("boot");
  if (boot) {
    boot.setAttribute("role", "alert");
    boot.textContent = sentence;
  }
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  tell("install", () => event.prompt());
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
  if (kept.waiting && workers.controller) ask(kept.waiting);
  kept.addEventListener("updatefound", () => {
    const next = kept.installing;
    next?.addEventListener("statechange", () => {
      if (next.state === "installed" && workers.controller) ask(next);
    });
  });
}

const why = obstacle();
if (why) {
  refuse(why);
} else {
  try {
    const mount = await begin(await import("./app.js"));
    mount(home);
    followAddress();
  } catch (error) {
    refuse(`Stemcheck could not be loaded (${error.message}). Check the connection and reload the page.`);
  }
  // A host without https, or a browser that keeps nothing: the page works all the same, with a network.
  if (navigator.serviceWorker) keep().catch(() => {});
}
