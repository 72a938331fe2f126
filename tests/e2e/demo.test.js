// The main job without a file: demo song, verdict, "Show", play, the four buses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loudest, verdict, withPage } from "./page.js";

test("the demo song is checked, shown and heard", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Try the demo song" }).click();
    assert.equal(await verdict(page), "fix");

    const causes = page.locator("[data-code][data-severity=error]");
    assert.ok((await causes.count()) > 0, "a demo with faults shows errors");
    assert.match(await page.locator("[data-null]").innerText(), /-?\u2212?\d+\.\d dB/);

    const position = page.getByRole("slider", { name: "Position" });
    const before = Number(await position.inputValue());
    const shown = page.locator("[data-code] >> role=button[name='Show']");
    await shown.first().waitFor();
    let moved = false;
    for (let at = 0; at < (await shown.count()) && !moved; at += 1) {
      await shown.nth(at).click();
      moved = Number(await position.inputValue()) !== before;
    }
    assert.ok(moved, "Show moves the playhead");

    await position.fill("8");
    await page.getByRole("button", { name: "Play" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    const levels = {};
    for (const bus of ["Stems", "Reference", "Difference", "Rough master"]) {
      await page.getByRole("radio", { name: bus }).check({ force: true });
      await page.waitForTimeout(500);
      levels[bus] = await loudest(page);
      assert.ok(levels[bus] > -60, `${bus} is heard (${levels[bus]} dBFS)`);
    }
    assert.ok(
      levels.Difference < levels.Stems - 1,
      `the difference is quieter than the stems: ${JSON.stringify(levels)}`,
    );

    await page.getByRole("button", { name: "Stop" }).click();
    await page.waitForTimeout(500);
    assert.ok((await loudest(page, 0.5)) < -100, "Stop is silent");
  });
});

test("faders are heard: everything muted is silence", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Try the demo song" }).click();
    await verdict(page);
    await page.getByRole("slider", { name: "Position" }).fill("8");
    await page.getByRole("button", { name: "Play" }).click();
    await page.waitForTimeout(800);
    assert.ok((await loudest(page)) > -60);
    for (const mute of await page.getByRole("button", { name: /^Mute/ }).all()) {
      if (await mute.isVisible()) await mute.click();
    }
    await page.waitForTimeout(600);
    assert.ok((await loudest(page, 0.7)) < -90, "all muted");
  });
});
