// Times the check of a song in headless Chromium, and merely reading the same bytes.
// Usage: node bench.js FOLDER; prints JSON. Run by `cargo xtask bench`.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { verdict, withPage } from "./page.js";

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => name.endsWith(".wav")).map((name) => join(folder, name));

/** Reads slices as the page's workers do, and does nothing with them. */
const READER = `onmessage = ({ data: { files, slice, part, parts } }) => {
  const reader = new FileReaderSync();
  let n = 0, sum = 0;
  for (const file of files)
    for (let at = 0; at < file.size; at += slice)
      if (n++ % parts === part)
        sum += new Uint8Array(reader.readAsArrayBuffer(file.slice(at, at + slice)))[0];
  postMessage(sum);
};`;
const READ_PAGE = `<!doctype html><link rel="icon" href="data:,"><input type="file" multiple>`;

/** Seconds since a moment. */
const since = (start) => (performance.now() - start) / 1000;

/** Bytes of memory that all of this browser's processes hold, each shared page counted once. */
function memory() {
  const parents = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      parents.set(Number(pid), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It has just ended.
    }
  }
  const mine = (pid) => pid > 1 && (pid === process.pid || mine(parents.get(pid) ?? 0));
  let bytes = 0;
  for (const pid of parents.keys()) {
    if (pid === process.pid || !mine(pid)) continue;
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
      bytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    } catch {
      // Likewise.
    }
  }
  return bytes;
}

async function read(workers) {
  let seconds;
  const extra = { "/read.html": READ_PAGE, "/reader.js": READER };
  await withPage(
    async (page, { origin }) => {
      await page.goto(`${origin}/read.html`);
      await page.locator("input").setInputFiles(files);
      seconds = await page.evaluate(async (parts) => {
        const files = [...document.querySelector("input").files];
        const started = performance.now();
        const one = (part) =>
          new Promise((done) => {
            const worker = new Worker("reader.js");
            worker.onmessage = done;
            worker.postMessage({ files, slice: 1 << 20, part, parts });
          });
        await Promise.all(Array.from({ length: parts }, (_, part) => one(part)));
        return (performance.now() - started) / 1000;
      }, workers);
    },
    { extra },
  );
  return { what: "read", workers, seconds };
}

async function check(workers) {
  let result;
  await withPage(
    async (page) => {
      await page.waitForTimeout(1500);
      const idle = memory();
      let peak = idle;
      const watch = setInterval(() => (peak = Math.max(peak, memory())), 100);
      const started = performance.now();
      await page.locator("input#stem-files").setInputFiles(files);
      await page.getByText("24-bit").first().waitFor();
      const headers = since(started);
      await verdict(page);
      const seconds = since(started);
      clearInterval(watch);
      result = { what: "check", workers, seconds, headers_s: headers, memory_above_idle: peak - idle };
    },
    { cores: workers },
  );
  return result;
}

const results = [];
for (const workers of [1, 2]) {
  results.push(await read(workers), await check(workers));
}
console.log(JSON.stringify(results));
