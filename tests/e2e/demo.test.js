// The main job without a file: demo song, verdict, "Show", play, the four buses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { heard, silent, verdict, withPage } from "./page.js";

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
    for (const bus of ["Stems", "Reference", "Difference", "Rough master"]) {
      await listen(page, bus);
      await heard(page, `${bus} is heard`);
    }

    await page.getByRole("button", { name: "Stop" }).click();
    await silent(page, "Stop is silent", -100);
  });
});

/** Switches to a bus. */
const listen = (page, bus) => page.getByRole("radio", { name: bus }).check({ force: true });

test("buses and faders are heard: stems that add up leave no difference, muted ones are silent", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Demo without faults" }).click();
    assert.equal(await verdict(page), "ready");
    await page.getByRole("slider", { name: "Position" }).fill("8");
    await page.getByRole("button", { name: "Play" }).click();
    await listen(page, "Reference");
    await heard(page, "the mix is heard");
    await listen(page, "Difference");
    await silent(page, "nothing is left");
    await listen(page, "Stems");
    await heard(page, "the stems are heard");
    for (const mute of await page.getByRole("button", { name: /^Mute/ }).all()) {
      if (await mute.isVisible()) await mute.click();
    }
    await silent(page, "all muted");
  });
});
