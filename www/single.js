// Starts the page where everything is in one file: its scripts and programs lie in it as data.

const text = (name) => document.getElementById(name).textContent;

const addresses = new Map();
function address(name) {
  const script = () => URL.createObjectURL(new Blob([text(name)], { type: "text/javascript" }));
  if (!addresses.has(name)) addresses.set(name, script());
  return addresses.get(name);
}

/** Unpacks a program: gzip, in base64. Written out again for the worker, which has no document. */
async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

let start;
function worker() {
  const lines = [
    `import init from ${JSON.stringify(address("worker.js"))};\n`,
    `${unpacked}\n`,
    `await init({ module_or_path: await unpacked("${text("worker_bg.wasm").trim()}") });`,
  ];
  start ??= URL.createObjectURL(new Blob(lines, { type: "text/javascript" }));
  return new Worker(start, { type: "module" });
}

function refuse(sentence) {
  const boot = document.getElementById("boot");
  boot.setAttribute("role", "alert");
  boot.textContent = sentence;
}

try {
  const { begin, obstacle } = await import(address("home.js"));
  const why = obstacle();
  if (why) throw new Error(why);
  const mount = await begin(await import(address("app.js")), await unpacked(text("app_bg.wasm")));
  const wishes = { profile: new URLSearchParams(location.hash.slice(1)).get("profile") };
  mount({ address, worker, host: document.body, wishes });
} catch (error) {
  refuse(`Stemcheck could not be started. ${error.message}`);
}
