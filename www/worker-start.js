// Starts a worker. What it does is in the worker binary; a failure reaches the page as an error event.
import init from "./worker.js";

await init();
