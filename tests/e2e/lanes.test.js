// The lanes: one time axis, down to the sample, with every finding marked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { demoSong, verdict, withPage } from "./page.js";

/** What the axis shows, in words. */
const shown = (page) => page.locator(".ruler-view").innerText();

/** Seconds of "1:02.3". */
const seconds = (text) => text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);

/** Peak of a frame of a 24-bit stereo file, in dBFS. */
function peakOf(path, frame) {
  const bytes = readFileSync(path);
  const data = bytes.indexOf("data") + 8;
  const sample = (channel) => Math.abs(bytes.readIntLE(data + 6 * frame + 3 * channel, 3)) / 2 ** 23;
  return 20 * Math.log10(Math.max(sample(0), sample(1)));
}

/** Zooms with the wheel where the pointer is until `enough`. */
async function zoomUntil(page, enough) {
  await page.keyboard.down("Control");
  for (let turns = 0; turns < 120 && !(await enough()); turns += 1) await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
}

test("the lanes zoom down to the sample, all on one axis, and say what is under the pointer", async () => {
  const files = demoSong();
  const bass = files.find((path) => /bass/i.test(path));
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "ready");
    assert.equal(await shown(page), "Whole song");
    const wave = page.locator(`[data-file="${basename(bass)}"] .wave`);
    const readout = wave.locator(".readout");
    // The page may still be moving: waits until the lane stands still.
    const point = async (share) => {
      const { width, height } = await wave.boundingBox();
      await wave.hover({ position: { x: share * width, y: height / 2 } });
    };
    await point(0.4);
    await readout.waitFor();
    const before = seconds((await readout.innerText()).split(" · ")[0]);

    const span = async () => {
      const [from, to] = (await shown(page)).split(" to ").map(seconds);
      return to - from;
    };
    await zoomUntil(page, async () => (await span()) < 0.003);
    const [from, to] = (await shown(page)).split(" to ").map(seconds);
    assert.ok(to - from < 0.003 && to > from, `down to samples: ${await shown(page)}`);
    assert.ok(Math.abs((from + to) / 2 - before) < 0.5, "what is under the pointer stays there");

    // What it says of a sample is what the file holds.
    await point(0.41);
    const told = async () => {
      const [, sample, level] = (await readout.innerText()).split(" · ");
      return [Number(sample.replace(/\D/g, "")), level];
    };
    const says = async () => {
      const [frame, level] = await told();
      return level === `${peakOf(bass, frame).toFixed(1)} dBFS`;
    };
    let right = false;
    for (let step = 0; step < 40 && !right; step += 1) {
      await page.waitForTimeout(100);
      await point(0.41 + 0.001 * step);
      right = await says();
    }
    assert.ok(right, `level of the sample itself: ${await told()} is not ${peakOf(bass, (await told())[0])}`);

    // A drag takes all lanes along, a click goes there.
    const start = (await shown(page)).split(" to ")[0];
    await point(0.6);
    const { x, y, width, height } = await wave.boundingBox();
    await page.mouse.down();
    await page.mouse.move(x + 0.3 * width, y + height / 2, { steps: 5 });
    await page.mouse.up();
    assert.notEqual((await shown(page)).split(" to ")[0], start, "a drag scrolls");
    const [left, right2] = (await shown(page)).split(" to ").map(seconds);
    await page.mouse.click(x + 0.5 * width, y + height / 2);
    const position = Number(await page.getByRole("slider", { name: "Position" }).inputValue());
    assert.ok(Math.abs(position - (left + right2) / 2) < 0.02, "a click goes there on the axis");

    await page.getByRole("button", { name: "Whole song" }).click();
    assert.equal(await shown(page), "Whole song");
  });
});

test("a finding's mark is shown, zoomed to, and named under the pointer", async () => {
  const files = demoSong("clipping", "no-reference");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    const finding = page.locator("[data-code=clipping]").first();
    const name = await finding.locator(".file-name").innerText();
    const lane = page.locator(`[data-file="${name}"]`);
    await lane.getByRole("img", { name: /Marked: .*clip/i }).waitFor();
    await finding.getByRole("button", { name: "Show" }).click();
    const [from, to] = (await shown(page)).split(" to ").map(seconds);
    const position = Number(await page.getByRole("slider", { name: "Position" }).inputValue());
    assert.ok(from <= position && position <= to && to - from < 10, `${from} to ${to} holds ${position}`);
    const wave = lane.locator(".wave");
    await page.waitForTimeout(1200);
    const { width, height } = await wave.boundingBox();
    await wave.hover({ position: { x: ((position - from) / (to - from)) * width + 1, y: height / 2 } });
    await lane.locator(".readout", { hasText: /clip/i }).waitFor();
  });
});
