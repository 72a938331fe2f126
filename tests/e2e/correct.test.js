// What the page guesses and the user knows better: parts, instruments, the mix, the tempo; and files
// that come in a new version.

import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { PATIENCE, demoSong, temporary, verdict, withPage } from "./page.js";

/** Runs before the page: counts the jobs of the check (the second kind of request) that workers get. */
function countJobs() {
  window.jobs = 0;
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    if (message[0]?.[0] === 1) window.jobs += 1;
    return post.call(this, message, ...rest);
  };
}

const row = (page, name) => page.locator(`[data-file="${name}"]`);
const part = (page, name) => row(page, name).getByRole("combobox", { name: "Part" });

/** Waits until what was changed is checked. */
async function checked(page) {
  await page.getByRole("progressbar").waitFor({ state: "detached", timeout: PATIENCE });
  return verdict(page);
}

test("a part is corrected, figures stay, and the next visit remembers it", async () => {
  const files = demoSong();
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "ready");
    await row(page, "Bass.wav").getByText("Guessed").waitFor();
    await part(page, "Bass.wav").selectOption({ label: "Not part of this" });
    await page.locator("[data-null]").waitFor({ state: "detached" });
    assert.match(await row(page, "Drums.wav").innerText(), /dBFS/, "nothing is measured again");
    assert.equal(await checked(page), "fix");
    assert.match(await row(page, "Bass.wav").innerText(), /As you said/);
    assert.ok((await page.locator("[data-code=missing-part]").count()) > 0, "the mix has a bass");

    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "fix");
    assert.equal(await part(page, "Bass.wav").inputValue(), "Not part of this");
    await row(page, "Bass.wav").getByRole("button", { name: "Guess again what Bass.wav is" }).click();
    await page.locator("[data-null]").waitFor({ state: "detached" });
    assert.equal(await checked(page), "ready");
    assert.equal(await part(page, "Bass.wav").inputValue(), "Stem");
  });
});

test("profile, tempo and instruments are judged without reading anything", async () => {
  const files = demoSong();
  await withPage(async (page) => {
    await page.addInitScript(countJobs);
    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "ready");
    await page.locator(".transport button:enabled").first().waitFor();
    const before = await page.evaluate(() => window.jobs);
    assert.ok(before > 10, "the check is counted");
    const bar = page.locator("[data-code=no-leading-bar]");
    const tempo = page.getByRole("spinbutton", { name: /Tempo/ });
    await page.getByRole("combobox", { name: "Studio profile" }).selectOption("stems-8");
    await tempo.fill("60");
    await tempo.press("Enter");
    await bar.first().waitFor();
    await tempo.fill("");
    await tempo.press("Enter");
    await bar.first().waitFor({ state: "detached" });

    const missing = page.locator("[data-code=missing-group]");
    const bass = row(page, "Bass.wav").getByRole("combobox", { name: "Instrument" });
    const groups = await missing.count();
    await bass.selectOption({ label: "Percussion" });
    await page.waitForFunction(
      (count) => document.querySelectorAll("[data-code=missing-group]").length > count,
      groups,
    );
    assert.equal(await page.evaluate(() => window.jobs), before, "nobody was asked to read");
    await page.reload();
    const profile = page.getByRole("combobox", { name: "Studio profile" });
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await profile.inputValue(), "stems-8");
  });
});

test("the mix can be named where nothing tells which file it is", async () => {
  const files = demoSong();
  const folder = temporary();
  const stems = files.filter((path) => !/mix/i.test(basename(path)));
  const bytes = readFileSync(files.find((path) => /mix/i.test(basename(path))));
  // Turned round, it is no sum of anything.
  const data = bytes.indexOf("data") + 8;
  bytes.subarray(data, data + bytes.readUInt32LE(data - 4)).reverse();
  const take = join(folder, "Take 7.wav");
  writeFileSync(take, bytes);
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles([...stems, take]);
    await verdict(page);
    assert.equal(await page.locator("[data-null]").getAttribute("data-null"), "not-run");
    const asked = page.locator("[data-null]").getByRole("combobox", { name: "Which file is your mix?" });
    await asked.selectOption({ label: "Take 7.wav" });
    await page.locator("[data-null=not-run]").waitFor({ state: "detached" });
    await checked(page);
    assert.equal(await page.locator("[data-null]").getAttribute("data-null"), "fails");
    assert.equal(await part(page, "Take 7.wav").inputValue(), "Reference mix");
    assert.equal(await page.locator("[data-code=no-reference]").count(), 0);
  });
});

test("one file is replaced, from its row or by dropping it", async () => {
  const good = demoSong();
  const bad = demoSong("late-stem");
  const late = bad.find((path) =>
    !readFileSync(path).equals(readFileSync(good.find((each) => basename(each) === basename(path)))));
  const name = basename(late);
  const repaired = good.find((path) => basename(path) === name);
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(bad);
    assert.equal(await verdict(page), "fix");
    await row(page, name).locator("input[type=file]").setInputFiles(repaired);
    await page.locator("[data-code=late-stem]").first().waitFor({ state: "detached" });
    assert.equal(await checked(page), "ready");

    // The late one again, under another name: the page asks.
    const other = join(temporary(), name);
    copyFileSync(late, other);
    await page.locator("input#stem-files").setInputFiles([other]);
    const question = page.getByRole("region", { name: /new version/ });
    assert.match(await question.innerText(), new RegExp(`${name} is part of`));
    await question.getByRole("button", { name: "Cancel" }).click();
    await question.waitFor({ state: "detached" });
    assert.equal(await verdict(page), "ready");
    await page.locator("input#stem-files").setInputFiles([other]);
    await question.getByRole("button", { name: `Replace ${name}` }).click();
    await page.locator("[data-verdict=fix]").waitFor({ timeout: PATIENCE });
    assert.equal(await page.locator("[data-file]").count(), good.length);

    // Dropped onto its own row, it needs no question.
    const text = readFileSync(repaired).toString("base64");
    const transfer = await page.evaluateHandle(([name, text]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([bytes], name));
      return data;
    }, [name, text]);
    for (const type of ["dragenter", "dragover", "drop"]) {
      await page.dispatchEvent(`[data-file="${name}"] h3`, type, { dataTransfer: transfer });
    }
    await page.locator("[data-verdict=ready]").waitFor({ timeout: PATIENCE });

    // Or it is a song of its own after all.
    await page.locator("input#stem-files").setInputFiles([other]);
    await question.getByRole("button", { name: "Check as a new song" }).click();
    await checked(page);
    assert.equal(await page.locator("[data-file]").count(), 1);
  });
});
