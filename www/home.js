// Starts the program in an element: what the page (start.js) and the embedded element (embed.js) share.

// A module with one function that uses a SIMD instruction: valid only where `simd128` is known.
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** Why this browser cannot run the program; nothing if it can. */
export function obstacle() {
  if (typeof WebAssembly === "object" && WebAssembly.validate(SIMD)) return;
  return (
    "This browser cannot run Stemcheck: it lacks WebAssembly with SIMD. " +
    "Chrome 91, Edge 91, Firefox 114, Safari 16.4 or later can."
  );
}

/** What the page's own address asks for. */
export function asked() {
  return { profile: new URLSearchParams(location.hash.slice(1)).get("profile") };
}

/** Opens the page anew when its address asks for another profile: a browser itself does nothing then. */
export function followAddress() {
  addEventListener("hashchange", () => asked().profile && location.reload());
}

/** Address of a script that starts a worker: `script` loads its program, `wasm` is an expression for its
 *  WebAssembly. By a Blob: a worker of another origin may start in no other way, nor one of a file on a
 *  disk, and one that does inherits the page's Content-Security-Policy, also where the host sends none.
 *  A failure reaches the page as an error event. */
export function workerStart(script, wasm) {
  const start = `
    const failed = (error) => setTimeout(() => { throw error; });
    (async () => wasm_bindgen({ module_or_path: await ${wasm} }))().catch(failed);`;
  return URL.createObjectURL(new Blob([script, start], { type: "text/javascript" }));
}

/** Where the program's scripts are, and how a worker starts, for scripts that lie at `base`. */
export function scriptsAt(base) {
  const address = (name) => new URL(name, base).href;
  let start;
  return {
    address,
    worker() {
      start ??= workerStart(
        `importScripts(${JSON.stringify(address("worker.js"))});`,
        JSON.stringify(address("worker_bg.wasm")),
      );
      return new Worker(start);
    },
  };
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
