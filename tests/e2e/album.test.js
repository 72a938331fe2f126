// A folder of song folders: each song is checked, the tracklist is shown and checked, and the report
// holds them all.

import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { PATIENCE, commandReport, demoSong, download, temporary, withPage } from "./page.js";

/** An album of two songs, one of them faulty, and a tracklist of three. */
function album() {
  const folder = join(temporary(), "My album");
  for (const [name, faults] of [["Night", []], ["Rain", ["late-stem"]]]) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const path of demoSong(...faults)) cpSync(path, join(folder, name, basename(path)));
  }
  writeFileSync(join(folder, "tracklist.txt"), "1. Rain\n2. Storm\n3. Night\n");
  return folder;
}

/** What a report says of each song, as comparable words. */
const essence = ({ songs }) =>
  Object.fromEntries(
    songs.map(({ name, verdict, findings }) => [name, [verdict, ...findings.map(({ code, file }) => `${code} ${file}`)]]),
  );

test("an album is checked song by song, in the order of its tracklist", async () => {
  const folder = album();
  const expected = essence(commandReport([folder]));
  await withPage(async (page) => {
    await page.locator("input#stem-folder").setInputFiles(folder);
    const list = page.getByRole("region", { name: "Album" });
    await list.getByText("2 of 2 songs checked").waitFor({ timeout: PATIENCE });
    const tracks = await list.getByRole("listitem").allInnerTexts();
    assert.deepEqual(tracks.map((text) => text.split(/\n| No /)[0]), ["Rain", "Storm", "Night"]);
    assert.match(tracks[1], /No song of this name/);

    // The first is shown, and told what is missing; the other one is opened.
    await page.locator("section[data-song=Night] [data-code=tracklist-mismatch]").first().waitFor();
    assert.equal(await page.locator("section[data-song=Night] [data-verdict]").count(), 1);
    assert.equal(await page.locator("[data-song=Rain] [role=status] [data-verdict], [data-song=Rain] [role=status][data-verdict]").first().getAttribute("data-verdict"), "fix");
    await list.getByRole("button", { name: "Rain" }).click();
    await page.locator("section[data-song=Rain] [data-code=late-stem]").first().waitFor();
    await page.getByRole("button", { name: "Play" }).waitFor();

    const saved = JSON.parse(readFileSync(await download(page, "Download report"), "utf8"));
    assert.deepEqual(essence(saved), expected, "page and command say the same");

    // A corrected tracklist is judged at once.
    await list.getByRole("button", { name: "Night" }).click();
    await page.locator("[data-code=tracklist-mismatch]").first().waitFor();
    await list.getByText("Tracklist", { exact: true }).click();
    await list.getByRole("textbox").fill("Night\nRain");
    await list.getByRole("button", { name: "Use this order" }).click();
    await page.locator("[data-code=tracklist-mismatch]").first().waitFor({ state: "detached" });
    assert.match((await list.getByRole("listitem").allInnerTexts())[0], /^Night/);
  });
});

test("an album is cancelled and checked again as a whole, and another song takes its place", async () => {
  const files = demoSong();
  await withPage(async (page) => {
    await page.locator("input#stem-folder").setInputFiles(album());
    const list = page.getByRole("region", { name: "Album" });
    await list.waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    await list.getByText("Not checked").first().waitFor();
    await page.getByRole("button", { name: "Check again" }).click();
    await list.getByText("2 of 2 songs checked").waitFor({ timeout: PATIENCE });
    await page.locator("input#stem-files").setInputFiles(files);
    await list.waitFor({ state: "detached" });
  });
});
