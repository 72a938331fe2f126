// The picture of the way from the files to the ear: what is heard is lit, and its places are the switch.

import assert from "node:assert/strict";
import { test } from "node:test";
import { complaints, demoSong, heard, soon, verdict, withPage } from "./page.js";

const BUSES = ["Stems", "Reference", "Difference", "Rough master", "Rough stereo master"];

/** What of the picture is lit, by its parts' names. */
const lit = (page) =>
  page.evaluate(() => ({
    strands: document.querySelectorAll(".strand.is-lit").length,
    wires: [...document.querySelectorAll(".wire.is-lit")].map((wire) => wire.classList[1]),
    places: [...document.querySelectorAll(".bus.is-passed input")].map((input) => input.ariaLabel),
    chain: document.querySelector(".chain")?.classList.contains("is-passed"),
  }));

const radio = (page, name) => page.getByRole("radio", { name, exact: true });

test("the way of what is heard is lit, and its places switch it by mouse and by keys", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Demo without faults" }).click();
    await verdict(page);
    const group = page.getByRole("radiogroup", { name: "Listen to" });
    const names = await group.getByRole("radio").evaluateAll((all) => all.map((it) => it.ariaLabel));
    assert.deepEqual(names, BUSES);

    assert.deepEqual(await lit(page), { strands: 6, wires: [], places: ["Stems"], chain: false });
    await radio(page, "Difference").click();
    assert.deepEqual(await lit(page), { strands: 6, wires: ["minus"], places: BUSES.slice(0, 3), chain: false });
    await radio(page, "Rough stereo master").click();
    const stereo = { strands: 0, wires: ["lower"], places: ["Reference", "Rough stereo master"], chain: true };
    assert.deepEqual(await lit(page), stereo);

    // One state: the keys of the page, those of the group, and a finding's button all move the light.
    await page.keyboard.press("4");
    assert.ok(await radio(page, "Rough master").isChecked());
    const stem = { strands: 6, wires: ["upper"], places: ["Stems", "Rough master"], chain: true };
    assert.deepEqual(await lit(page), stem);
    await radio(page, "Rough master").focus();
    await page.keyboard.press("ArrowRight");
    assert.deepEqual(await lit(page), stereo);
    await page.keyboard.press("ArrowRight");
    assert.ok(await radio(page, "Stems").isChecked(), "round and round");

    // Folded, it is the same choice in a row.
    await radio(page, "Reference").click();
    await page.getByRole("button", { name: "Sound" }).click();
    assert.ok(await radio(page, "Reference").isChecked());
    assert.equal(await page.locator(".chain, .aim").count(), 0);
    assert.ok(!(await radio(page, "Rough stereo master").isVisible()));
    await page.keyboard.press("5");
    assert.ok(await radio(page, "Rough stereo master").isVisible(), "what is heard is always shown");
  });
});

test("a muted stem's line is broken, and the sum says how many are heard", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Demo without faults" }).click();
    await verdict(page);
    await page.locator('[data-file="Bass.wav"]').getByRole("button", { name: "Mute" }).click();
    await page.locator(".bus.stems").getByText("5 of 6").waitFor();
    assert.equal(await page.locator(".strand.is-silent").count(), 1);
    await page.locator('[data-file="Drums.wav"]').getByRole("button", { name: "Solo" }).click();
    await page.locator(".bus.stems").getByText("1 of 6").waitFor();
    assert.equal((await lit(page)).strands, 1);
  });
});

test("stems and mix sound through the same chain, each by its own place", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Demo without faults" }).click();
    await verdict(page);
    await page.locator(".transport[data-settled=true]").waitFor();
    await page.getByRole("slider", { name: "Position" }).fill("10");
    await page.getByRole("button", { name: "Play" }).click();
    for (const name of ["Rough master", "Rough stereo master"]) {
      await radio(page, name).check({ force: true });
      await heard(page, name, -50);
      const limiter = page.getByRole("meter", { name: "Turned down by the limiter" });
      await soon(async () => /dB$/.test(await limiter.getAttribute("aria-valuetext")), name);
    }
  });
});

test("without a mix there is nothing to take away or to compare with", async () => {
  const stems = demoSong().filter((path) => !path.endsWith("Mix.wav"));
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(stems);
    await verdict(page);
    await page.locator(".transport button:enabled").first().waitFor();
    const off = await page.getByRole("radio").evaluateAll((all) => all.map((it) => it.disabled));
    assert.deepEqual(off, [false, true, true, false, true]);
  });
});

for (const [name, options] of [
  ["wide and light", {}],
  ["wide and dark", { colorScheme: "dark" }],
  ["narrow", { viewport: { width: 320, height: 700 } }],
  ["narrow, in Italian", { viewport: { width: 320, height: 700 }, locale: "it-IT" }],
  ["in Spanish, with more contrast", { viewport: { width: 900, height: 800 }, locale: "es-ES", contrast: "more" }],
  ["in forced colours", { forcedColors: "active" }],
]) {
  test(`axe finds nothing in the picture, and all of it is in sight: ${name}`, async () => {
    await withPage(async (page) => {
      await page.locator(".ways button").first().click();
      await verdict(page);
      await page.locator(".transport button:enabled").first().waitFor();
      const folded = page.locator(".sound-toggle[aria-expanded=false]");
      if (await folded.count()) await folded.click();
      await page.keyboard.press("4");
      assert.deepEqual(await complaints(page), []);
      const hidden = await page.evaluate(() =>
        [...document.querySelectorAll(".flow .bus > span, .chain, .aim select, .aim input")].filter((part) => {
          const box = part.getBoundingClientRect();
          return part.scrollWidth > part.clientWidth + 1 || box.left < 0 || box.right > innerWidth || box.height < 24;
        }).map((part) => part.textContent),
      );
      assert.deepEqual(hidden, [], "cut off");
    }, options);
  });
}
