// A studio writes its profile in the page: the song is judged anew at once, the file that is saved is
// the command's, the link opens the page with it.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { commandReport, complaints, demoSong, download, serve, temporary, verdict, withPage } from "./page.js";

/** Opens the form by its button and gives it. */
async function form(page, button = "Make your own…") {
  await page.getByRole("button", { name: button }).click();
  const dialog = page.getByRole("dialog", { name: "Your studio's profile" });
  await dialog.waitFor();
  return dialog;
}

const count = (page) => page.locator("[data-verdict]").innerText();

for (const [name, options] of [
  ["light", {}],
  ["dark and narrow", { colorScheme: "dark", viewport: { width: 320, height: 700 } }],
]) {
  test(`a studio's form judges anew, and goes into files and a link: ${name}`, async () => {
    const files = demoSong();
    await withPage(async (page, { context }) => {
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.locator("input#stem-files").setInputFiles(files);
      const before = await verdict(page);
      assert.notEqual(before, "fix");

      const dialog = await form(page);
      const most = dialog.getByLabel("Most stems");
      assert.equal(await most.inputValue(), "20", "it begins with the profile that was chosen");
      await most.fill("many");
      await dialog.getByText("has to be a whole number, 0 or more").waitFor();
      assert.equal(await most.getAttribute("aria-invalid"), "true");
      const described = (await most.getAttribute("aria-describedby")).split(" ")[0];
      assert.equal(
        await page.locator(`#${described}`).innerText(),
        "has to be a whole number, 0 or more",
      );
      await dialog.getByLabel("Names in a package").fill("{song}");
      await dialog.getByText("has to hold {name} once: the file's own name").waitFor();
      await dialog.getByText("2 fields to mend").waitFor();
      assert.deepEqual(await complaints(page), [], "with mistakes");
      await dialog.getByRole("button", { name: "Use it" }).click();
      assert.equal(await most.evaluate((it) => it === document.activeElement), true, "the first mistake has the focus");

      await most.fill("3");
      await dialog.getByLabel("Names in a package").fill("{song}_{name}");
      await dialog.getByLabel("Title", { exact: true }).fill("Quiet Room");
      await dialog.getByLabel("Short name").fill("quiet-room");
      await dialog.getByLabel("Findings", { exact: true }).selectOption("stem-count");
      const severity = dialog.locator(".severities li", { hasText: "stems" }).getByRole("combobox");
      await severity.first().selectOption("error");
      assert.deepEqual(await complaints(page), [], "without mistakes");
      const wide = await dialog.evaluate((it) => it.scrollWidth - it.clientWidth);
      assert.ok(wide <= 0, `nothing reaches ${wide} pixels beyond the sheet`);

      const toml = await download(page, "Download TOML");
      const json = await download(page, "Download JSON");
      assert.deepEqual([basename(toml), basename(json)], ["quiet-room.toml", "quiet-room.json"]);
      await dialog.getByRole("button", { name: "Copy link" }).click();
      await dialog.getByText("The link is copied.").waitFor();
      const link = await page.evaluate(() => navigator.clipboard.readText());

      await dialog.getByRole("button", { name: "Use it" }).click();
      await dialog.waitFor({ state: "hidden" });
      await page.locator("[data-verdict=fix]").waitFor();
      assert.match(await count(page), /one thing to fix/);
      const profile = page.getByRole("combobox", { name: "Studio profile" });
      assert.equal(await profile.inputValue(), "quiet-room");
      const opener = page.getByRole("button", { name: "Change it…" });
      assert.equal(await opener.evaluate((it) => it === document.activeElement), true, "the focus is back");

      for (const path of [toml, json]) {
        const report = commandReport(files, "--profile", path);
        assert.equal(report.profile, "quiet-room");
        assert.equal(report.verdict, "fix");
        const { severity } = report.songs[0].findings.find(({ code }) => code === "stem-count");
        assert.equal(severity, "error");
      }

      // Another one is there to be chosen, and this one comes back.
      await profile.selectOption("generic");
      assert.equal(await verdict(page), before);

      const other = await context.newPage();
      await other.goto(link);
      await other.getByText("Your stems will be checked against what Quiet Room asks for.").waitFor();
      assert.deepEqual(await complaints(other), []);
      await other.locator("input#stem-files").setInputFiles(files);
      assert.equal(await verdict(other), "fix");
      const same = await download(other, "Download report");
      assert.equal(JSON.parse(readFileSync(same)).profile, "quiet-room");
      const again = await form(other, "Change it…");
      assert.equal(await again.getByLabel("Most stems").inputValue(), "3");
      await again.getByRole("button", { name: "Close" }).click();
      await other.close();
    }, options);
  });
}

test("a profile is opened from a file, and a broken one changes nothing", async () => {
  const folder = temporary();
  const good = join(folder, "ours.toml");
  const bad = join(folder, "broken.toml");
  writeFileSync(good, 'name = "ours"\nextends = "stems-8"\nmin-bits = 32\nsample-rates = []\n');
  writeFileSync(bad, 'name = "ours"\nmin-bits = 99\n');
  await withPage(async (page) => {
    const dialog = await form(page);
    await dialog.locator("#profile-file").setInputFiles(good);
    await dialog.getByText("The profile is open.").waitFor();
    assert.equal(await dialog.getByLabel("Fewest bits").inputValue(), "32");
    assert.equal(await dialog.getByLabel("Based on").inputValue(), "stems-8");
    assert.equal(await dialog.getByLabel("Most stems").getAttribute("placeholder"), "8");
    await dialog.getByRole("button", { name: "As in Up to 8 stereo stems" }).click();
    assert.match(await dialog.getByLabel("Sample rates").getAttribute("placeholder"), /^44100, /);

    await dialog.locator("#profile-file").setInputFiles(bad);
    await dialog
      .getByText("broken.toml is no profile: line 2: min-bits = 99: bits per sample are between 1 and 32")
      .waitFor();
    assert.equal(await dialog.getByLabel("Fewest bits").inputValue(), "32");

    // Closed by mistake, nothing is lost; used, it outlives the page.
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await form(page);
    assert.equal(await dialog.getByLabel("Fewest bits").inputValue(), "32");
    await dialog.getByLabel("Title", { exact: true }).fill("Ours");
    await page.keyboard.press("Enter");
    await page.getByText("against what Ours asks for").waitFor();
    await page.reload();
    await page.getByText("against what Ours asks for").waitFor();
  });
});

test("where the clipboard is refused, the link stands there to be copied", async () => {
  await withPage(async (page) => {
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new Error("refused")) },
      });
    });
    const dialog = await form(page);
    await dialog.getByRole("button", { name: "Copy link" }).click();
    const link = dialog.getByLabel(/does not let Stemcheck copy the link/);
    await link.waitFor();
    assert.match(await link.inputValue(), /#profile=%7B/);
    const selected = await link.evaluate((it) => it.selectionEnd - it.selectionStart === it.value.length);
    assert.ok(selected && (await link.evaluate((it) => it === document.activeElement)));
    assert.deepEqual(await complaints(page), []);
    // Also where the page is open already.
    await page.goto(await link.inputValue());
    await page.getByText("against what Our studio asks for").waitFor();
  });
});

test("on a studio's own page there is no other profile than the studio's, and no form", async () => {
  const site = await serve({}, { "access-control-allow-origin": "*" });
  const origin = `http://127.0.0.1:${site.address().port}`;
  const page = (attributes) => `<!doctype html><html lang="en"><title>Studio</title><link rel="icon" href="data:,">
    <script type="module" src="${origin}/embed.js"></script><h1>Studio</h1>
    <stem-checker lang="en" ${attributes}></stem-checker></html>`;
  const extra = { "/theirs.html": page('profile="stems-8"'), "/open.html": page("") };
  const files = demoSong();
  try {
    await withPage(
      async (page, { origin: own }) => {
        await page.locator("#stem-files").setInputFiles(files);
        await verdict(page);
        const profile = page.getByRole("combobox", { name: "Studio profile" });
        assert.deepEqual(await profile.locator("option").allInnerTexts(), ["Up to 8 stereo stems"]);
        assert.equal(await page.getByRole("button", { name: "Make your own…" }).count(), 0);

        await page.goto(`${own}/open.html`);
        const dialog = await form(page);
        await dialog.getByLabel("Most stems").fill("4");
        await dialog.getByRole("button", { name: "Use it" }).click();
        await page.getByText("against what Our studio asks for").waitFor();
      },
      { extra, at: "/theirs.html", others: [origin] },
    );
  } finally {
    site.close();
  }
});
