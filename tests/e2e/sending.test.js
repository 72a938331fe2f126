// Before the song is sent: what only the artist knows goes into the report, and is there again on the
// next visit; and the page speaks the artist's language.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { demoSong, download, verdict, withPage } from "./page.js";

async function downloaded(page, button = "Download report") {
  return JSON.parse(readFileSync(await download(page, button), "utf8"));
}

test("ticks and notes go into the report, and are remembered for the song", async () => {
  const files = demoSong();
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    const points = page.getByRole("list", { name: "What only you can check" }).getByRole("checkbox");
    await points.nth(1).check();
    await page.getByLabel("Notes to the engineer").fill("Warm, please.");
    await page.getByLabel("Notes to the engineer").blur();
    const song = (await downloaded(page)).songs[0];
    assert.deepEqual(song.checklist.map((item) => item.done), [false, true, false, false]);
    assert.equal(song.notes, "Warm, please.");
    assert.ok(["stereo", "stems", "neither"].includes(song.service.service));
    await page.locator(`[data-service="${song.service.service}"]`).waitFor();

    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    assert.deepEqual(await points.evaluateAll((all) => all.map((one) => one.checked)), [false, true, false, false]);
    assert.equal(await page.getByLabel("Notes to the engineer").inputValue(), "Warm, please.");
  });
});

test("the page speaks the browser's language, or the one that is chosen, and the report stays English", async () => {
  const files = demoSong("late-stem");
  await withPage(
    async (page) => {
      const lang = () => page.evaluate(() => document.documentElement.lang);
      await page.locator("input#stem-files").setInputFiles(files);
      await verdict(page);
      assert.equal(await lang(), "it");
      const finding = page.locator('.findings [data-code="late-stem"]');
      const italian = await finding.innerText();
      assert.match(italian, /Bass\.wav.*480 campioni/);

      await page.locator("select#language").selectOption("es");
      await page.locator('.findings [data-code="late-stem"]', { hasText: "480 muestras" }).waitFor();
      assert.equal(await lang(), "es");

      await page.reload();
      await page.locator("input#stem-files").waitFor();
      assert.equal(await lang(), "es", "the choice is remembered");
      await page.locator("select#language").selectOption("en");
      await page.getByRole("button", { name: "Try the demo song" }).waitFor();

      await page.locator("select#language").selectOption("it");
      await page.locator("input#stem-files").setInputFiles(files);
      await verdict(page);
      const report = await downloaded(page, "Scarica il report");
      assert.match(report.songs[0].findings[0].message, /480 samples/);
    },
    { locale: "it-IT" },
  );
});
