// The live examples of embed.html: what a studio's own page would do.

import "./embed.js";

const form = document.getElementById("upload");
const told = form.querySelector("output");
const button = form.querySelector("button");

function allow(isReady, sentence) {
  button.disabled = !isReady;
  told.textContent = sentence;
}

let handed = [];
document.getElementById("checker").addEventListener("stemcheck-progress", () => {
  handed = [];
  allow(false, "Check your stems first.");
});
document.getElementById("checker").addEventListener("stemcheck-handoff", ({ detail }) => {
  handed = detail.files;
  allow(true, `Ready to send: ${handed.map((file) => file.name).join(", ")}`);
});
form.addEventListener("submit", (event) => {
  // A studio's page would send `handed` here. This one sends nothing anywhere.
  event.preventDefault();
  told.textContent = `This is an example: ${handed.length} files would be sent now.`;
});
