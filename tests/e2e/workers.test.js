// What goes wrong behind the page: workers that die, and people who change their mind.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { commandReport, demoSong, download, verdict, withPage } from "./page.js";

/** Runs before the page: keeps hold of its workers, and of what each was asked last. */
function watchWorkers() {
  window.startedWorkers = [];
  const Original = window.Worker;
  window.Worker = class extends Original {
    constructor(...rest) {
      super(...rest);
      this.asked = 0;
      this.answered = 0;
      this.addEventListener("message", ({ data: [bytes] }) => {
        // A sign of life (the second kind of reply) is no answer.
        if (bytes[0] !== 1) this.answered += 1;
      });
      window.startedWorkers.push(this);
    }
    postMessage(...rest) {
      // Its program is no question.
      if (!(rest[0] instanceof WebAssembly.Module)) this.asked += 1;
      super.postMessage(...rest);
    }
  };
  /** Ends one that is at work for good, and tells the page what the browser tells it then: or nothing. */
  window.killOne = (silently) => {
    // Two answers are no jobs: that it is up, and none to the files.
    const busy = window.startedWorkers.find((it) => !it.dead && it.asked > 1 && it.asked > it.answered);
    if (!busy) return false;
    busy.dead = true;
    busy.terminate();
    if (silently) return true;
    busy.dispatchEvent(new ErrorEvent("error", { message: "killed by the test", cancelable: true }));
    return true;
  };
}

/** A copy of a WAV file whose audio is repeated: long enough to be caught in the act. */
function repeated(path, times) {
  const bytes = readFileSync(path);
  const data = bytes.indexOf("data");
  const audio = bytes.subarray(data + 8, data + 8 + bytes.readUInt32LE(data + 4));
  const copy = Buffer.concat([bytes.subarray(0, data + 8), ...Array(times).fill(audio)]);
  copy.writeUInt32LE(audio.length * times, data + 4);
  copy.writeUInt32LE(copy.length - 8, 4);
  const target = join(dirname(path), `Long ${basename(path)}`);
  writeFileSync(target, copy);
  return target;
}

/** What a report says, as exactly as two mathematical libraries agree. */
const essence = ({ songs: [{ files, findings, null: { depth_db } }] }) =>
  JSON.parse(
    JSON.stringify({ files, findings, depth_db }, (_, value) =>
      typeof value === "number" ? Number(value.toPrecision(9)) : value,
    ),
  );

test("a worker that dies is replaced, and its segment is done again", async () => {
  const files = demoSong("late-stem").map((path) => repeated(path, 4));
  const expected = essence(commandReport(files));
  await withPage(async (page) => {
    await page.addInitScript(watchWorkers);
    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    await page.getByRole("progressbar").waitFor();
    await page.waitForFunction(() => document.querySelector("progress")?.value > 0.15);
    const before = await page.evaluate(() => window.startedWorkers.length);
    assert.ok(await page.evaluate(() => window.killOne()), "one is at work");
    assert.equal(await verdict(page), "fix");
    assert.ok((await page.evaluate(() => window.startedWorkers.length)) > before, "another took its seat");
    const saved = JSON.parse(readFileSync(await download(page, "Download report"), "utf8"));
    assert.deepEqual(essence(saved), expected, "nothing is missing and nothing counted twice");
  });
});

test("a worker that dies without a word is missed, and its segment is done again", async () => {
  const files = demoSong("late-stem").map((path) => repeated(path, 4));
  const expected = essence(commandReport(files));
  await withPage(async (page) => {
    await page.addInitScript(watchWorkers);
    await page.addInitScript(() => {
      // Patience passes more quickly; reading workers still have time for signs of life.
      const original = window.setInterval;
      window.setInterval = (call, ms, ...rest) => original(call, ms === 5000 ? 700 : ms, ...rest);
    });
    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    await page.waitForFunction(() => document.querySelector("progress")?.value > 0.15);
    assert.ok(await page.evaluate(() => window.killOne(true)), "one is at work");
    assert.equal(await verdict(page), "fix");
    const saved = JSON.parse(readFileSync(await download(page, "Download report"), "utf8"));
    assert.deepEqual(essence(saved), expected, "nothing is missing and nothing counted twice");
  });
});

test("whatever moment another song is dropped at, the last one is checked", async () => {
  const first = demoSong("late-stem").map((path) => repeated(path, 3));
  const last = demoSong();
  await withPage(async (page) => {
    const input = page.locator("input#stem-files");
    for (const wait of [0, 60, 250, 900, 2500]) {
      await input.setInputFiles(first);
      await page.waitForTimeout(wait);
    }
    await page.getByRole("button", { name: "Cancel" }).click();
    await input.setInputFiles(first);
    await input.setInputFiles(last);
    await page.locator(`[data-file="${basename(last[0])}"]`).waitFor();
    assert.equal(await verdict(page), "ready");
    const shown = await page.locator("[data-file]").evaluateAll((rows) => rows.map((row) => row.dataset.file));
    assert.deepEqual(shown.sort(), last.map((path) => basename(path)).sort());
  });
});
