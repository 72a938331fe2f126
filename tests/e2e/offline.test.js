// The page without a network: kept by the browser, and as one file from a disk. And what it may ask of
// whom when there is one.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { DIST, PATIENCE, demoSong, download, heard, verdict, withPage } from "./page.js";

/** Waits until the browser keeps the page. */
const kept = (page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated", null, {
    timeout: PATIENCE,
  });

async function playsTheDemo(page) {
  await page.getByRole("button", { name: "Try the demo song" }).click();
  assert.equal(await verdict(page), "fix");
  await page.getByRole("slider", { name: "Position" }).fill("8");
  await page.getByRole("button", { name: "Play" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await heard(page, "it is heard");
  await page.getByRole("button", { name: "Stop" }).click();
}

test("after one visit the page works without a network", async () => {
  const song = demoSong("late-stem");
  await withPage(async (page, { context, server }) => {
    await kept(page);
    await context.setOffline(true);
    server.close();
    server.closeAllConnections();
    await page.reload();
    await playsTheDemo(page);
    await page.locator("#stem-files").setInputFiles(song);
    assert.equal(await verdict(page), "fix");
    assert.equal(await page.locator('[data-code="late-stem"]').first().isVisible(), true);
  });
});

const file = (name) => readFileSync(join(DIST, name), "utf8");

/** What a host has once it has a newer version, in which these files are others. */
function newer(changes = {}) {
  const now = /VERSION = "([0-9a-f]{16})"/.exec(file("service-worker.js"))[1];
  const files = { "version.js": file("version.js").replace(now, `newer-${now}`), ...changes };
  let worker = file("service-worker.js").replace(now, `newer-${now}`);
  for (const [name, text] of Object.entries(files)) {
    const sum = createHash("sha256").update(text).digest("base64");
    worker = worker.replace(new RegExp(`("${name}": ")[^"]*`), `$1sha256-${sum}`);
  }
  const there = { ...files, "service-worker.js": worker };
  return Object.fromEntries(Object.entries(there).map(([name, text]) => [`/${name}`, text]));
}

/** Has the page look for a newer version, and use it. */
async function update(page) {
  await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const use = page.getByRole("button", { name: "Use it now" });
  await use.waitFor();
  await Promise.all([page.waitForEvent("load"), use.click()]);
  await page.getByRole("button", { name: "Try the demo song" }).waitFor();
}

/** The names of the versions that the browser keeps, once there are so many. */
async function versions(page, count) {
  const names = () => page.evaluate(() => caches.keys());
  for (const end = Date.now() + 10_000; (await names()).length !== count && Date.now() < end; ) {
    await page.waitForTimeout(50);
  }
  return names();
}

test("a newer version is announced, and comes only when it is asked for", async () => {
  const extra = {};
  await withPage(
    async (page) => {
      await kept(page);
      await page.getByRole("button", { name: "Demo without faults" }).click();
      assert.equal(await verdict(page), "ready");
      Object.assign(extra, newer());
      await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
      await page.getByRole("button", { name: "Use it now" }).waitFor();
      await page.waitForTimeout(500);
      assert.equal(await page.locator("[data-verdict]").count(), 1, "nothing was taken away");
      await update(page);
      assert.equal(await page.locator("[data-verdict]").count(), 0);
      const names = await versions(page, 1);
      assert.equal(names.length, 1, `the older version is forgotten: ${names}`);
      assert.match(names[0], /newer-/);
    },
    { extra },
  );
});

test("a page that is open stays whole when another one takes a newer version", async () => {
  const extra = {};
  await withPage(
    async (page, { context }) => {
      await kept(page);
      const other = await context.newPage();
      await other.goto(page.url());
      // In the newer version, whatever is asked for later speaks another language.
      const strange = "throw new Error('of another version');";
      Object.assign(extra, newer({ "worker.js": strange, "player-worklet.js": strange }));
      await update(other);
      assert.equal((await versions(page, 2)).length, 2, "both are kept");
      await playsTheDemo(page);
      await download(page, "Download package");
      await page.close();
      await other.reload();
      const names = await versions(other, 1);
      assert.ok(names.length === 1 && names[0].includes("newer-"), `${names}`);
    },
    { extra, mayComplain: /of another version/ },
  );
});

test("a version of which a byte is wrong is not kept", async () => {
  const song = file("song.css");
  await withPage(
    async (page) => {
      const state = await page.evaluate(async () => {
        const kept = await navigator.serviceWorker.register("service-worker.js").catch(() => null);
        const worker = kept?.installing ?? kept?.waiting ?? kept?.active;
        if (!worker) return "redundant";
        if (worker.state === "redundant") return worker.state;
        return new Promise((done) => {
          worker.addEventListener("statechange", () => done(worker.state));
        });
      });
      assert.equal(state, "redundant");
    },
    { extra: { "/song.css": `${song}/* changed on its way */` }, mayComplain: /song\.css/ },
  );
});

test("one file, opened from a disk, checks and plays", async () => {
  const song = demoSong("wrong-gain");
  await withPage(
    async (page, { requests }) => {
      await playsTheDemo(page);
      await page.locator("#stem-files").setInputFiles(song);
      assert.equal(await verdict(page), "fix");
      assert.equal(await page.locator('[data-code="wrong-gain"]').first().isVisible(), true);
      const others = requests.filter((url) => !/^(blob|data):/.test(url));
      assert.equal(others.length, 1, `nothing but the file itself: ${others}`);
    },
    { at: pathToFileURL(join(DIST, "stemcheck.html")).href },
  );
});

test("a browser that cannot do it says so at once, and in its own language", async () => {
  const told = async (page, prepare) => {
    await page.addInitScript(prepare);
    await page.reload();
    const line = page.getByRole("alert");
    return [await line.getAttribute("lang"), await line.textContent()];
  };
  await withPage(
    async (page) => {
      const [language, sentence] = await told(page, () => {
        WebAssembly.validate = () => false;
      });
      assert.equal(language, "es");
      assert.match(sentence, /^Este navegador no puede ejecutar Stemcheck/);
    },
    { locale: "es-AR" },
  );
  // As in WebKit, where no worker of a page from a disk can read a file.
  await withPage(
    async (page) => {
      const [language, sentence] = await told(page, () => {
        const refused = URL.createObjectURL(new Blob(["throw new Error('refused')"]));
        const { Worker } = window;
        window.Worker = class extends Worker {
          constructor() {
            super(refused);
          }
        };
      });
      assert.equal(language, "it");
      assert.match(sentence, /^Questo browser non permette a una pagina aperta da un disco/);
    },
    { at: pathToFileURL(join(DIST, "stemcheck.html")).href, locale: "it-IT" },
  );
});

test("nothing can be sent anywhere, from the page nor from its workers", async () => {
  let asked = 0;
  const stranger = createServer((_, response) => {
    asked += 1;
    response.writeHead(200, { "access-control-allow-origin": "*" }).end();
  });
  await new Promise((done) => stranger.listen(0, "127.0.0.1", done));
  const address = `http://127.0.0.1:${stranger.address().port}/`;
  const send = (to) => fetch(to, { method: "POST", body: "audio" }).then(() => "sent", () => "refused");
  try {
    for (const at of ["/", pathToFileURL(join(DIST, "stemcheck.html")).href]) {
      await withPage(
        async (page) => {
          await page.getByRole("button", { name: "Demo without faults" }).click();
          await verdict(page);
          assert.equal(await page.evaluate(send, address), "refused", `the page at ${at}`);
          assert.ok(page.workers().length > 0);
          for (const worker of page.workers()) {
            assert.equal(await worker.evaluate(send, address), "refused", `a worker at ${at}`);
          }
          const stored = await page.evaluate(() => Object.values(localStorage).join("").length);
          assert.ok(stored < 10_000, "only words are remembered");
        },
        { at, mayComplain: /Content Security Policy|violates/ },
      );
    }
    assert.equal(asked, 0, "nobody was asked for anything");
  } finally {
    stranger.close();
  }
});
