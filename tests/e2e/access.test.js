// Whoever uses the page, however: axe finds nothing in any state, colour scheme and width, and the
// plots say what they show.

import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { PATIENCE, complaints, demoSong, temporary, verdict, withPage } from "./page.js";

for (const [name, options] of [
  ["light", {}],
  ["dark", { colorScheme: "dark" }],
  ["narrow, with more contrast", { viewport: { width: 320, height: 700 }, contrast: "more" }],
]) {
  test(`axe finds nothing on the empty page, while it checks, and with a result: ${name}`, async () => {
    const files = demoSong("late-stem", "clipping");
    await withPage(async (page) => {
      await page.getByRole("button", { name: "Try the demo song" }).waitFor();
      assert.deepEqual(await complaints(page), [], "empty");
      await page.locator("input#stem-files").setInputFiles(files);
      await page.getByRole("progressbar").waitFor();
      assert.deepEqual(await complaints(page), [], "checking");
      await verdict(page);
      await page.locator(".transport button:enabled").first().waitFor();
      assert.deepEqual(await complaints(page), [], "result");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `nothing reaches ${wide} pixels beyond the window`);
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await complaints(page), [], "dialog");
    }, options);
  });
}

for (const [name, options] of [
  ["light", {}],
  ["dark and narrow", { colorScheme: "dark", viewport: { width: 320, height: 700 } }],
]) {
  test(`axe finds nothing on an album, and where the page asks what is meant: ${name}`, async () => {
    const folder = join(temporary(), "Album");
    const files = demoSong();
    for (const song of ["Night", "Rain"]) {
      for (const path of files) cpSync(path, join(folder, song, basename(path)));
    }
    writeFileSync(join(folder, "tracklist.txt"), "Rain\nStorm\n");
    await withPage(async (page) => {
      await page.locator("input#stem-folder").setInputFiles(folder);
      const list = page.getByRole("region", { name: "Album" });
      await list.waitFor();
      assert.deepEqual(await complaints(page), [], "checking");
      await list.getByText("2 of 2 songs checked").waitFor({ timeout: PATIENCE });
      await list.locator("summary").click();
      await page.locator("input#stem-files").setInputFiles(files.slice(0, 2));
      await page.getByRole("region", { name: /new versions/ }).waitFor();
      assert.deepEqual(await complaints(page), [], "result");
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `nothing reaches ${wide} pixels beyond the window`);
    }, options);
  });
}

test("axe would say so if a control had no name", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Try the demo song" }).waitFor();
    await page.evaluate(() => document.querySelector("main").append(document.createElement("button")));
    assert.match((await complaints(page)).join(), /button-name/);
  });
});

test("every plot says in words what it shows", async () => {
  const files = demoSong("late-stem");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    for (const canvas of await page.locator("canvas").all()) {
      const said = (await canvas.getAttribute("aria-label")) ?? "";
      const hidden = await canvas.getAttribute("aria-hidden");
      assert.ok(hidden === "true" || said.length > 12, `a plot without words: "${said}"`);
    }
    await page.getByRole("img", { name: /^Waveform of Bass\.wav, peak -\d+\.\d dBFS/ }).waitFor();
    await page.getByRole("img", { name: /^Waveform of Difference, peak -?\d+\.\d dBFS/ }).waitFor();
  });
});
