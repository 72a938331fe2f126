// Opens the built page in headless Chromium, listens to what reaches the loudspeakers, and keeps a
// record of every request: the page must never ask for anything but its own files.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";

export const DIST = process.env.STEMCHECK_DIST ?? new URL("../../dist", import.meta.url).pathname;
export const COMMAND =
  process.env.STEMCHECK_COMMAND ?? new URL("../../target/debug/stemcheck", import.meta.url).pathname;
const BROWSER = process.env.STEMCHECK_CHROMIUM ?? "/usr/bin/chromium";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".toml": "text/plain",
};

/** How long a check may take on a slow machine before the test gives up, in milliseconds. */
export const PATIENCE = 120_000;

/** A plain static host, as any user's would be: no special headers. `extra` are pages of a test's own, that
 *  take the place of the site's; `headers` are sent with every answer. */
export async function serve(extra = {}, headers = {}) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    if (path in extra) {
      response.writeHead(200, { ...headers, "content-type": TYPES[extname(path)] }).end(extra[path]);
      return;
    }
    const file = join(DIST, normalize(path === "/" ? "/index.html" : path));
    if (!file.startsWith(DIST) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return server;
}

/** Runs before the page: taps whatever is connected to a loudspeaker. */
function tapLoudspeakers() {
  const taps = [];
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const tap = new AnalyserNode(this.context, { fftSize: 8192 });
      connect.call(this, tap);
      taps.push(tap);
    }
    return connect.call(this, target, ...rest);
  };
  window.loudspeakerLevel = () => {
    let power = 0;
    for (const tap of taps) {
      const samples = new Float32Array(tap.fftSize);
      tap.getFloatTimeDomainData(samples);
      power += samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
    }
    return 10 * Math.log10(power + 1e-20);
  };
}

/** Opens the page, runs `story`, and makes sure that nothing was asked of anybody (but `others`) and
 *  nothing broke (but what a story breaks itself, and `mayComplain`). */
export async function withPage(story, { extra = {}, cores, at = "/", others = [], mayComplain, ...options } = {}) {
  const server = await serve(extra);
  const origin = `http://127.0.0.1:${server.address().port}`;
  const browser = await chromium.launch({
    executablePath: BROWSER,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const requests = [];
    const errors = [];
    context.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
    await page.addInitScript(tapLoudspeakers);
    if (cores) {
      await page.addInitScript((count) => {
        Object.defineProperty(navigator, "hardwareConcurrency", { get: () => count });
      }, cores);
    }
    await page.goto(new URL(at, origin).href);
    await story(page, { requests, origin, context, server });
    const foreign = requests.filter((url) => ![origin, ...others, "blob:", "data:", "file:"].some((own) => url.startsWith(own)));
    assert.deepEqual(foreign, [], "the page asked somebody else for something");
    const unexpected = errors.filter((error) => !mayComplain?.test(error));
    assert.deepEqual(unexpected, [], "the page logged errors");
  } finally {
    await browser.close();
    server.close();
  }
}

const folders = [];
process.on("exit", () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A folder that goes when the test is over: songs are large. */
export function temporary() {
  const folder = mkdtempSync(join(tmpdir(), "stemcheck-e2e-"));
  folders.push(folder);
  return folder;
}

/** Writes the demo song, with faults, and gives the paths of its files. */
export function demoSong(...faults) {
  const folder = temporary();
  const flags = faults.flatMap((fault) => ["--fault", fault]);
  execFileSync(COMMAND, ["demo", "-o", folder, ...flags], { stdio: "pipe" });
  return filesBelow(folder);
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Presses a button and gives the path of the file that comes of it. */
export async function download(page, button) {
  const waiting = page.waitForEvent("download");
  await page.getByRole("button", { name: button }).click();
  const download = await waiting;
  const path = join(temporary(), download.suggestedFilename());
  copyFileSync(await download.path(), path);
  return path;
}

/** What axe finds, in a line each; nothing is left out of its rules. */
export async function complaints(page) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
  );
}

/** Report of the command over the same files: page and command must agree. */
export function commandReport(paths, ...flags) {
  try {
    return JSON.parse(execFileSync(COMMAND, ["check", "--format", "json", ...flags, ...paths], { stdio: "pipe" }));
  } catch (error) {
    if (error.status === 1) return JSON.parse(error.stdout);
    throw error;
  }
}

/** Runs in the page: what it says of the song that is shown. */
export function shown() {
  const codes = [...document.querySelectorAll(".findings [data-code]")].map((one) => one.dataset.code);
  const { verdict } = document.querySelector("[data-verdict]").dataset;
  return { verdict, codes, depth: document.querySelector("[data-null]").textContent };
}

/** Makes sure that this is what the command says of the song. */
export function assertTold({ verdict, codes, depth }, told) {
  assert.equal(verdict, told.verdict);
  assert.deepEqual(codes, told.findings.map((finding) => finding.code));
  assert.ok(depth.includes(told.null.depth_db.toFixed(1)), depth);
}

/** Waits for the verdict of a finished check and returns it. */
export async function verdict(page) {
  await page.locator("[role=status] [data-verdict], [role=status][data-verdict]").first().waitFor({
    timeout: PATIENCE,
  });
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: PATIENCE });
  return page.locator("[data-verdict]").first().getAttribute("data-verdict");
}

/** Level at the loudspeakers in dBFS, the loudest of a short while. */
export async function loudest(page, seconds = 1.5) {
  let level = -Infinity;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    level = Math.max(level, await page.evaluate(() => window.loudspeakerLevel()));
    await page.waitForTimeout(50);
  }
  return level;
}

/** Waits until something holds: on a busy machine what was asked for takes its time. */
export async function soon(holds, what, seconds = 10) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(what);
}

/** Waits until as much as this is heard; not before what sounded until now has died away. */
export async function heard(page, what, level = -60) {
  await page.waitForTimeout(500);
  await soon(async () => (await loudest(page, 0.5)) > level, what);
}

/** Waits until nothing is heard. */
export const silent = (page, what, level = -90) => soon(async () => (await loudest(page, 0.5)) < level, what);
