// What is left of the subtraction: who is to blame and when, the worst moments, and how it sounds with
// the fixes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandReport, demoSong, heard, silent, soon, verdict, withPage } from "./page.js";

test("who is to blame is shown, the worst moment is heard, and the fixes silence it", async () => {
  const files = demoSong("late-stem", "wrong-gain");
  const { recipe, moments } = commandReport(files).songs[0].null;
  assert.equal(recipe.length, 2);
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "fix");
    const position = page.getByRole("slider", { name: "Position" });
    const at = async () => Number(await position.inputValue());

    for (const { file } of recipe) {
      await page.getByRole("img", { name: `Difference that follows ${file}` }).waitFor();
      await page.getByRole("rowheader", { name: file }).waitFor();
    }
    await page.getByRole("img", { name: /^How loud the difference is over time/ }).waitFor();
    const row = page.getByRole("img", { name: `Difference that follows ${recipe[0].file}` });
    const { width, height } = await row.boundingBox();
    await row.click({ position: { x: 0.75 * width, y: height / 2 } });
    const seconds = Number(await position.getAttribute("max"));
    assert.ok(Math.abs((await at()) - 0.75 * seconds) < 0.5, "a click in the map goes there");

    await page.getByRole("checkbox", { name: "Play with these fixes" }).and(page.locator(":enabled")).waitFor();
    const hear = page.getByRole("button", { name: /^Hear the difference at/ });
    assert.equal(await hear.count(), moments.length);
    const pressed = Date.now();
    await hear.first().click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    assert.ok(await page.getByRole("radio", { name: "Difference" }).isChecked());
    const played = (await at()) - moments[0].start_s;
    assert.ok(played > -0.1 && played < (Date.now() - pressed) / 1000 + 0.1, "it plays from the worst moment");
    await heard(page, "the faults are heard");

    const before = await at();
    await page.getByRole("checkbox", { name: "Play with these fixes" }).check();
    await silent(page, "with the fixes nothing is left");
    assert.ok((await at()) > before, "it plays on from where it was");
    await page.getByRole("checkbox", { name: "Play with these fixes" }).uncheck();
    // From the worst moment again: on a slow machine the song has ended by now.
    await hear.first().click();
    await heard(page, "without them the faults are back");
  });
});

test("stems that add up have nobody to blame and nothing to fix", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Demo without faults" }).click();
    assert.equal(await verdict(page), "ready");
    await page.locator(".transport button:enabled").first().waitFor();
    assert.equal(await page.getByText("Which file is to blame").count(), 0);
    assert.equal(await page.getByText("The worst moments").count(), 0);
    assert.equal(await page.getByRole("checkbox", { name: "Play with these fixes" }).count(), 0);
  });
});

/** What share of neighbouring columns of pixels of the spectrogram differ. */
const changes = (page) =>
  page.locator(".is-spectrum canvas").evaluate((canvas) => {
    const { width, height } = canvas;
    const pixels = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, width, height).data.buffer);
    let differ = 0;
    for (let x = 1; x < width; x += 1) {
      for (let y = 0; y < height; y += 1) {
        if (pixels[y * width + x] !== pixels[y * width + x - 1]) {
          differ += 1;
          break;
        }
      }
    }
    return differ / width;
  });

test("the difference by frequency is sharp where it is looked at closely, and goes with the view", async () => {
  const files = demoSong("late-stem");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    const map = page.locator(".is-spectrum .map");
    await map.scrollIntoViewIfNeeded();
    const { width, height } = await map.boundingBox();
    await map.hover({ position: { x: width / 2, y: height / 2 } });
    await page.keyboard.down("Control");
    for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, -300);
    await page.keyboard.up("Control");
    const shown = async () => (await page.locator(".ruler-view").innerText()).split(" to ");
    const seconds = (text) => text.split(":").reduce((sum, part) => 60 * sum + Number(part), 0);
    const [from, to] = (await shown()).map(seconds);
    assert.ok(to - from < 2, `${to - from} s`);
    // The overview has a step every 43 ms at best.
    const steps = (to - from) / 0.0427 / width;
    await soon(async () => (await changes(page)) > 5 * steps, "it is sharp");

    // Scrolled on at once and again, it is sharp where it comes to rest; and far out as it was.
    for (let turn = 0; turn < 10; turn += 1) await page.keyboard.press(".");
    await page.keyboard.press(",");
    await soon(async () => (await changes(page)) > 5 * steps, "it is sharp where it was scrolled to");
    await page.keyboard.press("0");
    await soon(async () => (await changes(page)) > 0.1, "and the overview is there");
  });
});
