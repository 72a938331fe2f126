// The report as a file of its own: it loads nothing and prints to one clean PDF.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { COMMAND, demoSong, temporary } from "./page.js";

/** A page's printable width, A4 less its margins, in CSS pixels. */
const WIDTH = Math.floor(((210 - 30) / 25.4) * 96);

test("the HTML report prints to one clean PDF", async () => {
  const song = dirname(demoSong("late-stem", "wrong-gain")[0]);
  const out = join(temporary(), "report.html");
  try {
    execFileSync(COMMAND, ["check", song, "--sha256", "-o", out], { stdio: "pipe" });
  } catch (error) {
    assert.equal(error.status, 1, String(error.stderr));
  }
  const browser = await chromium.launch({
    executablePath: process.env.STEMCHECK_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: 1000 } });
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(out).href);
    assert.deepEqual(asked, [pathToFileURL(out).href], "it loads nothing");
    for (const part of ["What only you can check", "What was checked", "Checksums (SHA-256)", "Fix before sending"]) {
      await page.getByRole("heading", { name: part }).waitFor();
    }
    await page.emulateMedia({ media: "print" });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= WIDTH, `nothing is cut off at the right edge: ${wide} > ${WIDTH}`);
    const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
    if (process.env.STEMCHECK_SHOTS) writeFileSync(join(process.env.STEMCHECK_SHOTS, "report.pdf"), pdf);
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages >= 1 && pages <= 5, `${pages} pages`);
  } finally {
    await browser.close();
  }
});
