// Real files: chosen, dropped, broken among good ones, cancelled.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { commandReport, demoSong, download, verdict, withPage } from "./page.js";

/** What the page shows of the findings, as comparable words. */
async function shownFindings(page) {
  const all = await page.locator("[data-code][data-severity]").evaluateAll((elements) =>
    elements.map((e) => `${e.dataset.severity} ${e.dataset.code}`),
  );
  return [...new Set(all)].sort();
}

test("a clean song is ready to send, and nothing was asked of any server", async () => {
  const files = demoSong();
  await withPage(async (page, { requests }) => {
    await page.waitForLoadState("networkidle");
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "ready");
    for (const file of files) {
      await page.locator(`[data-file="${basename(file)}"]`).waitFor();
    }
    const afterwards = requests.filter((url) => !/\.(html|js|css|wasm|svg|webmanifest)$|\/$/.test(url));
    assert.deepEqual(afterwards.filter((url) => !url.startsWith("blob:")), []);
  });
});

test("page and command say the same of a late stem", async () => {
  const files = demoSong("late-stem");
  const report = commandReport(files);
  const cause = report.songs[0].null.causes.find((each) => each.code === "late-stem");
  assert.ok(cause, "the command names the late stem");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "fix");
    const shown = page.locator("[data-code=late-stem][data-severity=error]").first();
    assert.match(await shown.innerText(), new RegExp(cause.file.replace(".", "\\.")));
    const codes = report.songs[0].findings.map((each) => `${each.severity} ${each.code}`);
    assert.deepEqual(await shownFindings(page), [...new Set(codes)].sort());

    const saved = JSON.parse(readFileSync(await download(page, "Download report"), "utf8"));
    assert.equal(saved.schema_version, 1);
    const [from] = saved.songs[0].null.causes.filter((each) => each.code === "late-stem");
    assert.equal(from.file, cause.file);
    assert.equal(from.value, cause.value);
  });
});

test("files dropped on the page are checked", async () => {
  const files = demoSong();
  await withPage(async (page) => {
    const contents = files.map((path) => [basename(path), readFileSync(path).toString("base64")]);
    const transfer = await page.evaluateHandle(async (list) => {
      const data = new DataTransfer();
      for (const [name, text] of list) {
        const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name));
      }
      return data;
    }, contents);
    for (const type of ["dragenter", "dragover", "drop"]) {
      await page.dispatchEvent("main", type, { dataTransfer: transfer });
    }
    assert.equal(await verdict(page), "ready");
  });
});

test("a broken file hides nothing of the good ones", async () => {
  const files = demoSong();
  const broken = join(dirname(files[0]), "Broken Strings.wav");
  writeFileSync(broken, "RIFF this is no audio at all");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles([...files, broken]);
    assert.equal(await verdict(page), "fix");
    const finding = page.locator("[data-code=unreadable-file]").first();
    assert.match(await finding.innerText(), /Broken Strings\.wav/);
    for (const file of files) {
      const row = page.locator(`[data-file="${basename(file)}"]`);
      assert.match(await row.innerText(), /24.bit/i, `${basename(file)} is measured`);
    }
  });
});

test("a check can be cancelled, and another one started", async () => {
  const files = demoSong();
  const long = files.map((path) => repeated(path, 6));
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(long);
    await page.getByRole("progressbar").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("progressbar").waitFor({ state: "detached" });
    await page.getByText(/cancelled/i).first().waitFor();
    await page.locator("input#stem-files").setInputFiles(files);
    assert.equal(await verdict(page), "ready");
  });
});

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
