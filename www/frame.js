// The checker in a frame: attributes come in the address (frame.html?profile=…&lang=…&theme=…&
// handoff-label=…&handoff-verdict=…&origin=https://studio.example), events go to that origin by
// postMessage.

import "./embed.js";

const asked = new URLSearchParams(location.search);
const origin = asked.get("origin");
const checker = document.createElement("stem-checker");
for (const name of ["profile", "lang", "theme", "handoff-label", "handoff-verdict"]) {
  if (asked.has(name)) checker.setAttribute(name, asked.get(name));
}
if (origin && origin !== "*") {
  checker.setAttribute("post-to", origin);
  const tell = ([{ contentRect }]) =>
    parent.postMessage({ type: "stemcheck-resize", height: Math.ceil(contentRect.height) }, origin);
  if (parent !== window) new ResizeObserver(tell).observe(checker);
}
document.body.replaceChildren(checker);
