// What to do with a finding: go there, hear it, fix it; by mouse and by keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandReport, demoSong, heard, loudest, verdict, withPage } from "./page.js";

const at = async (page) =>
  Number(await page.getByRole("slider", { name: "Position" }).inputValue());

test("Hear loops the worst moment on the difference, raised by what it says", async () => {
  const files = demoSong("wrong-gain=0.3@Keys.wav");
  const { moments } = commandReport(files).songs[0].null;
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    await page.locator(".transport button:enabled").first().waitFor();
    const before = await page.getByRole("radio", { name: "Difference" }).isChecked();
    assert.equal(before, false);

    // How loud the difference is by itself.
    await page.getByRole("radio", { name: "Difference" }).check({ force: true });
    await page.getByRole("slider", { name: "Position" }).fill(String(moments[0].start_s));
    await page.getByRole("button", { name: "Play" }).click();
    await page.waitForTimeout(700);
    const plain = await loudest(page, 1.5);
    await page.getByRole("button", { name: "Stop", exact: true }).click();

    const hear = page.locator("[data-code=wrong-gain]").first().getByRole("button", { name: "Hear" });
    await hear.click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    assert.equal(await hear.getAttribute("aria-pressed"), "true");
    const said = await page.locator(".looped").innerText();
    const [, boost] = said.match(/Difference, \+(\d+) dB/) ?? [];
    assert.ok(boost > 0, `it says by how much the difference is raised: ${said}`);
    await page.waitForTimeout(500);
    const raised = await loudest(page, 1.5);
    assert.ok(Math.abs(raised - plain - boost) < 4, `${plain} dB was raised by ${boost} to ${raised}`);

    // Round and round: never beyond the end, back at the start.
    const [from, to] = said.match(/(\d+:\d+\.\d) to (\d+:\d+\.\d)/).slice(1).map((text) => {
      const [minutes, seconds] = text.split(":");
      return 60 * minutes + Number(seconds);
    });
    let turns = 0;
    let last = await at(page);
    for (const end = Date.now() + (2.2 * (to - from) + 2) * 1000; Date.now() < end && turns < 2; ) {
      await page.waitForTimeout(60);
      const now = await at(page);
      assert.ok(now >= from - 0.2 && now <= to + 0.2, `${now} is within ${from} to ${to}`);
      if (now < last - 0.5) turns += 1;
      last = now;
    }
    assert.equal(turns, 2, "it goes round");

    await page.keyboard.press("Escape");
    await page.locator(".looped").waitFor({ state: "detached" });
    assert.equal(await hear.getAttribute("aria-pressed"), "false");
  });
});

test("Hear of a file's own fault lets only that file be heard, and leaves the faders as they are", async () => {
  const files = demoSong("clipping", "no-reference");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    await page.locator(".transport button:enabled").first().waitFor();
    const hears = page.locator("[data-code]").getByRole("button", { name: "Hear" });
    assert.ok((await hears.count()) > 0);
    await hears.first().click();
    await page.locator(".looped").waitFor();
    await heard(page, "it is heard");
    for (const solo of await page.getByRole("button", { name: "Solo" }).all()) {
      assert.equal(await solo.getAttribute("aria-pressed"), "false");
    }
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.locator(".looped").waitFor({ state: "detached" });
  });
});

test("fixes name the menus of the artist's program, and the choice is remembered", async () => {
  const files = demoSong("late-stem");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "fix");
    const finding = page.locator("[data-code=late-stem]").first();
    const fix = finding.locator("details");
    assert.ok(await fix.evaluate((it) => it.open), "what has to be fixed says how");
    const daw = page.getByRole("combobox", { name: "Your DAW" });
    for (const name of ["Ableton Live", "Logic Pro"]) {
      await daw.selectOption(name);
      await fix.getByText(`In ${name}:`).waitFor();
    }
    await daw.selectOption({ index: 0 });
    await fix.getByText("In Logic Pro:").waitFor({ state: "detached" });
    await daw.selectOption("REAPER");
    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    assert.equal(
      await daw.evaluate((list) => list.selectedOptions[0].textContent),
      "REAPER",
    );
  });
});

test("the whole page by keyboard", async () => {
  const files = demoSong("late-stem", "inverted-polarity");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "fix");
    await page.locator(".transport button:enabled").first().waitFor();
    const view = () => page.locator(".ruler-view").innerText();
    const dialog = page.getByRole("dialog", { name: "Keyboard shortcuts" });

    await page.keyboard.press("?");
    await dialog.waitFor();
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press("Tab");
      const inside = await page.evaluate(() => {
        const focused = document.activeElement;
        return focused === document.body || focused.closest("dialog") !== null;
      });
      assert.ok(inside, "the focus stays in the dialog");
    }
    await page.keyboard.press("+");
    assert.equal(await view(), "Whole song", "nothing works behind the dialog");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    const button = page.getByRole("button", { name: "Keyboard shortcuts" });
    await button.focus();
    await page.keyboard.press("Enter");
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    assert.ok(await button.evaluate((it) => it === document.activeElement), "the focus comes back");
    await button.evaluate((it) => it.blur());

    await page.keyboard.press("+");
    await page.keyboard.press("+");
    const near = await view();
    assert.match(near, / to /);
    await page.keyboard.press(".");
    assert.notEqual(await view(), near);
    await page.keyboard.press("0");
    assert.equal(await view(), "Whole song");

    await page.keyboard.press("n");
    const current = page.locator(".finding[aria-current]");
    const first = await current.innerText();
    await page.keyboard.press("n");
    assert.notEqual(await current.innerText(), first);
    await page.keyboard.press("p");
    assert.equal(await current.innerText(), first);
    await page.keyboard.press("h");
    await page.locator(".looped").waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".looped").waitFor({ state: "detached" });
    // While it plays, a slow machine hears a second before it is asked where it is.
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Play" }).waitFor();
    await page.keyboard.press("ArrowRight");
    assert.ok((await at(page)) >= 5);
    await page.keyboard.press("Home");
    assert.equal(await at(page), 0);
    await page.keyboard.press("4");
    assert.ok(await page.getByRole("radio", { name: "Rough master" }).isChecked());
  });
});
