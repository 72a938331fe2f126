// Starts the page, or says in a plain sentence why it cannot start.

// A module with one function that uses a SIMD instruction: valid only where `simd128` is known.
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

function refuse(sentence) {
  const boot = document.getElementById("boot");
  if (boot) {
    boot.setAttribute("role", "alert");
    boot.textContent = sentence;
  }
}

if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
  refuse(
    "This browser cannot run Stemcheck: it lacks WebAssembly with SIMD. " +
      "Chrome 91, Edge 91, Firefox 114, Safari 16.4 or later can.",
  );
} else {
  try {
    const { default: init } = await import("./app.js");
    await init();
  } catch (error) {
    refuse(`Stemcheck could not be loaded (${error.message}). Check the connection and reload the page.`);
  }
}
