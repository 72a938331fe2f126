// Starts the page where everything is in one file: its scripts and programs lie in it as data.

// The page takes the place of everything that is in the document: kept before.
const data = document.querySelectorAll("script[type='text/plain']");
const texts = new Map([...data].map(({ id, textContent }) => [id, textContent]));
const text = (name) => texts.get(name);

const addresses = new Map();
function address(name) {
  if (!addresses.has(name)) addresses.set(name, addressOf(name));
  return addresses.get(name);
}

const scriptAt = (script) => URL.createObjectURL(new Blob([script], { type: "text/javascript" }));

function addressOf(name) {
  // From a disk, Chromium takes a worklet only in its address.
  if (name === "player-worklet.js") return `data:text/javascript,${encodeURIComponent(text(name))}`;
  return scriptAt(text(name));
}

/** Unpacks a program: gzip, in base64. */
async function unpacked(name) {
  const bytes = Uint8Array.from(atob(text(name)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

/** WebKit gives the workers of a page from a disk no file to read. Better said now than of every file. */
function workersRead() {
  const worker = new Worker(scriptAt("postMessage(new FileReaderSync().readAsText(new Blob(['x'])))"));
  const answer = new Promise((done) => {
    worker.onmessage = () => done(true);
    worker.onerror = (error) => {
      error.preventDefault();
      done(false);
    };
  });
  return answer.finally(() => worker.terminate());
}

const { asked, begin, followAddress, isAbleTo, refuse, workerStart } = await import(address("home.js"));
const boot = document.getElementById("boot");
if (!isAbleTo()) {
  refuse(boot, "old");
} else if (!(await workersRead())) {
  refuse(boot, "disk");
} else {
  try {
    const mount = await begin(await import(address("app.js")), await unpacked("app_bg.wasm"));
    const worker = workerStart(text("worker.js"), unpacked("worker_bg.wasm"));
    mount({ address, worker, host: document.body, wishes: asked() });
    followAddress();
  } catch (error) {
    refuse(boot, "lost", { why: error.message });
  }
}
