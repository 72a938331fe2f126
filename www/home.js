// Starts the program in an element: what the page (start.js) and the embedded element (embed.js) share.

// A module with one function that uses a SIMD instruction: valid only where `simd128` is known.
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** What is said before the program is there, which has all other words (`languages/`). */
const SENTENCES = {
  en: {
    old:
      "This browser cannot run Stemcheck: it lacks WebAssembly with SIMD. " +
      "Chrome 91, Edge 91, Firefox 114, Safari 16.4 or later can.",
    disk:
      "This browser does not let a page that was opened from a disk read files in the background. " +
      "Open it in Chrome, Edge or Firefox, or open Stemcheck at a web address.",
    lost: "Stemcheck could not be loaded ({why}). Check the connection and reload the page.",
  },
  it: {
    old:
      "Questo browser non può eseguire Stemcheck: gli manca WebAssembly con SIMD. " +
      "Funziona con Chrome 91, Edge 91, Firefox 114, Safari 16.4 o successivi.",
    disk:
      "Questo browser non permette a una pagina aperta da un disco di leggere file in background. " +
      "Aprila in Chrome, Edge o Firefox, oppure apri Stemcheck a un indirizzo web.",
    lost: "Impossibile caricare Stemcheck ({why}). Controlla la connessione e ricarica la pagina.",
  },
  es: {
    old:
      "Este navegador no puede ejecutar Stemcheck: le falta WebAssembly con SIMD. " +
      "Funciona con Chrome 91, Edge 91, Firefox 114, Safari 16.4 o posteriores.",
    disk:
      "Este navegador no permite que una página abierta desde un disco lea archivos en segundo plano. " +
      "Ábrela en Chrome, Edge o Firefox, o abre Stemcheck en una dirección web.",
    lost: "No se pudo cargar Stemcheck ({why}). Comprueba la conexión y vuelve a cargar la página.",
  },
};

/** Says in `place` why there is no program, in the first language that there is: `language`, then the
 *  browser's own. `why` is what the browser says of it. */
export function refuse(place, name, { why = "", language } = {}) {
  const wanted = [language, ...navigator.languages].map((tag) => tag?.slice(0, 2).toLowerCase());
  const spoken = wanted.find((tag) => tag in SENTENCES) ?? "en";
  place.setAttribute("role", "alert");
  place.lang = spoken;
  place.textContent = SENTENCES[spoken][name].replace("{why}", why);
}

/** Whether this browser can run the program. */
export const isAbleTo = () => typeof WebAssembly === "object" && WebAssembly.validate(SIMD);

/** What the page's own address asks for. */
export function asked() {
  return { profile: new URLSearchParams(location.hash.slice(1)).get("profile") };
}

/** Opens the page anew when its address asks for another profile: a browser itself does nothing then. */
export function followAddress() {
  addEventListener("hashchange", () => asked().profile && location.reload());
}

/** A program's WebAssembly. Not every host says of it what it is, as streaming demands. */
export function compiled(address) {
  const whole = async () => WebAssembly.compile(await (await fetch(address)).arrayBuffer());
  return WebAssembly.compileStreaming(fetch(address)).catch(whole);
}

/** The text of a script. */
export async function textAt(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${answer.statusText}`);
  return answer.text();
}

/** How a worker starts: `script` loads its program, `wasm` promises its WebAssembly. Both are read once,
 *  so that all workers are of one version, whatever the host has meanwhile, and none compiles anew. By a
 *  Blob: a worker of another origin may start in no other way, nor one of a file on a disk, and one that
 *  does inherits the page's Content-Security-Policy, also where the host sends none. A failure reaches
 *  the page as an error event. */
export function workerStart(script, wasm) {
  const start = `
    addEventListener("message", ({ data }) => {
      const failed = (error) => setTimeout(() => { throw error; });
      if (data instanceof WebAssembly.Module) wasm_bindgen({ module_or_path: data }).catch(failed);
      else failed(data);
    }, { once: true });`;
  const address = URL.createObjectURL(new Blob([script, start], { type: "text/javascript" }));
  return () => {
    const worker = new Worker(address);
    wasm.then((module) => worker.postMessage(module)).catch((error) => worker.postMessage(error));
    return worker;
  };
}

/** Where the program's scripts are, for scripts that lie at `base`. */
export const addressAt = (base) => (name) => new URL(name, base).href;

/** How the workers of the program start whose scripts have these addresses. */
export async function workersAt(address) {
  const wasm = compiled(address("worker_bg.wasm"));
  // Whoever starts a worker hears of it.
  wasm.catch(() => {});
  return workerStart(await textAt(address("worker.js")), wasm);
}

let starting = Promise.resolve();

/** Starts a program (`app.js` as a module, its WebAssembly) and gives the function that opens it in a
 *  home. One after the other: each leaves its function in the same place. */
export function begin(app, wasm) {
  const begun = starting.then(async () => {
    await app.default({ module_or_path: wasm });
    const mount = globalThis.stemcheckMount;
    delete globalThis.stemcheckMount;
    return mount;
  });
  starting = begun.catch(() => {});
  return begun;
}
