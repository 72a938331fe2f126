// <stem-checker>: the checker as an element on any page; embed.html shows how it is used.
//
// Everything is in a shadow root: the page's styles stay outside, ours inside. Each element has a
// program of its own; one that is taken out ends its workers and its sound, and leaves its program to
// the next.

import { addressAt, begin, compiled, isAbleTo, refuse, workersAt } from "./home.js";

/** Version of this interface: attributes, events, custom properties. */
export const version = 1;

const address = addressAt(import.meta.url);

/** What all elements share: read once, and again only if that failed. */
function once(read) {
  let reading;
  return () => {
    reading ??= read().catch((error) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

const wasm = once(() => compiled(address("app_bg.wasm")));
const workers = once(() => workersAt(address));
let count = 0;
const idle = [];

/** A function that opens the checker in a home, of a program that nobody uses. */
async function program() {
  if (idle.length) return idle.pop();
  // Under another address it is another module, which shares nothing with the others.
  const [module, app] = await Promise.all([wasm(), import(address(`app.js?${++count}`))]);
  return begin(app, module);
}

/** The text of a profile: written out in the attribute, or at an address; a built-in one's name. */
async function profileOf(element) {
  const said = element.getAttribute("profile")?.trim();
  if (!said || said.startsWith("{") || said.includes("=") || /^[\w-]+$/.test(said)) return { profile: said };
  try {
    const answer = await fetch(new URL(said, element.baseURI), { credentials: "omit" });
    if (!answer.ok) throw new Error(`${said}: ${answer.status} ${answer.statusText}`);
    return { profile: await answer.text() };
  } catch (error) {
    return { obstacle: error.message };
  }
}

function sheet(name, more) {
  return Object.assign(document.createElement("link"), { rel: "stylesheet", href: address(name) }, more);
}

/** The browser's own size of letters, whatever the page around makes of it. */
function letters(root) {
  const probe = document.createElement("span");
  probe.style.fontSize = "medium";
  root.append(probe);
  const size = getComputedStyle(probe).fontSize;
  probe.remove();
  return size;
}

/** When the dark style sheet applies. */
function darkMedia(theme) {
  return { dark: "all", light: "not all" }[theme] ?? "(prefers-color-scheme: dark)";
}

class StemChecker extends HTMLElement {
  static observedAttributes = ["profile", "theme", "lang", "handoff-label", "handoff-verdict"];

  #root = this.attachShadow({ mode: "open" });
  /** Changes whenever what runs is no longer wanted. */
  #turn = 0;
  #leave;

  connectedCallback() {
    this.#restart();
  }

  disconnectedCallback() {
    this.#restart();
  }

  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#turn) return;
    const dark = this.#root.getElementById("dark-sheet");
    if (name === "theme" && dark) dark.media = darkMedia(now);
    else this.#restart();
  }

  /** Ends what runs and begins anew, once, when everything that is being changed has been changed. */
  async #restart() {
    const turn = ++this.#turn;
    await null;
    if (turn !== this.#turn) return;
    this.#leave?.();
    this.#leave = undefined;
    this.#root.replaceChildren();
    if (!this.isConnected) return;
    try {
      await this.#begin(() => turn === this.#turn);
    } catch (error) {
      this.#refuse("lost", error.message);
    }
  }

  async #begin(isWanted) {
    if (!isAbleTo()) return this.#refuse("old");
    const theme = this.getAttribute("theme");
    const dark = sheet("embed-dark.css", { id: "dark-sheet", media: darkMedia(theme) });
    const sheets = [sheet("embed.css"), dark];
    const styled = sheets.map((it) => new Promise((done) => (it.onload = it.onerror = done)));
    const host = document.createElement("div");
    host.style.setProperty("--stemcheck-rem", letters(this.#root));
    this.#root.append(...sheets, host);
    const [mount, asked, worker] = await Promise.all([program(), profileOf(this), workers(), ...styled]);
    if (!isWanted()) {
      idle.push(mount);
      return;
    }
    const leave = mount({
      address,
      worker,
      host,
      guest: true,
      wishes: {
        profile: asked.profile,
        obstacle: asked.obstacle,
        theme: theme && theme !== "auto" ? theme : undefined,
        language: this.getAttribute("lang"),
        handoff: this.getAttribute("handoff-label"),
        handoffVerdict: this.getAttribute("handoff-verdict"),
      },
      tell: (name, detail) => this.#tell(name, detail),
    });
    this.#leave = () => {
      // A program that has broken is not used again.
      try {
        leave();
        idle.push(mount);
      } catch {}
    };
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    const origin = this.getAttribute("post-to");
    if (!origin || origin === "*" || parent === window) return;
    parent.postMessage({ type: name, ...detail }, origin);
  }

  #refuse(name, why) {
    const line = document.createElement("p");
    refuse(line, name, { why, language: this.getAttribute("lang") ?? undefined });
    this.#root.replaceChildren(line);
  }
}

if (!customElements.get("stem-checker")) customElements.define("stem-checker", StemChecker);
