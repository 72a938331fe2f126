// What the page hands over: the package and the fixed stems, made of the original files, and confirmed
// by the command.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { commandReport, demoSong, download, verdict, withPage } from "./page.js";

const codes = (song) => song.findings.map((finding) => finding.code);

test("the package holds the files as they are, and the command confirms it", async () => {
  const files = demoSong("late-stem");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    await page.getByLabel("Notes to the engineer").fill("Warm, please.");
    await page.getByLabel("Notes to the engineer").blur();
    const path = await download(page, "Download package");
    assert.match(basename(path), /\.zip$/);
    const { songs, verdict: said } = commandReport([path]);
    assert.equal(said, "fix");
    assert.ok(codes(songs[0]).includes("late-stem"));
    assert.equal(songs[0].delivery.intact, true);
    assert.equal(songs[0].delivery.same_verdict, true);
    const packed = new Map(songs[0].files.map((file) => [file.name, file.sha256]));
    for (const file of files) {
      const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
      assert.equal(packed.get(basename(file)), hash, file);
    }
    assert.ok(readFileSync(path).includes("Warm, please."), "the notes are stored as they are");
  });
});

test("fixed stems are listed first, and pass", async () => {
  const files = demoSong("late-stem", "inverted-polarity");
  await withPage(async (page) => {
    await page.locator("input#stem-files").setInputFiles(files);
    await verdict(page);
    const panel = page.getByRole("region", { name: "What can be fixed for you" });
    await panel.getByText("Bass.wav: cut off at the start, all silence, in samples: 480").waitFor();
    await panel.getByText("Keys.wav: polarity flipped").waitFor();
    const path = await download(page, "Download fixed stems");
    const report = commandReport([path]);
    assert.notEqual(report.verdict, "fix");
    assert.equal(report.songs[0].delivery.intact, true);
    assert.ok(report.songs[0].null.depth_db === null || report.songs[0].null.depth_db < -100);
  });
});
