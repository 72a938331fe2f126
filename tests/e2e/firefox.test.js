// The same way through the page in a second engine: Firefox, driven by WebDriver BiDi.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";
import { DIST, PATIENCE, assertTold, commandReport, demoSong, serve, shown } from "./page.js";

const BROWSER = process.env.STEMCHECK_FIREFOX ?? "/usr/bin/firefox-esr";

/** Opens the page in Firefox (the site, or what lies at another address), runs `story`, and makes sure
 *  that it asked nobody else for anything. */
async function inFirefox(story, at) {
  const server = await serve();
  const origin = at ?? `http://127.0.0.1:${server.address().port}/`;
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: BROWSER,
    headless: true,
    extraPrefsFirefox: { "media.autoplay.default": 0, "media.autoplay.blocking_policy": 0 },
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    const requests = [];
    const errors = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (line) => line.type() === "error" && errors.push(line.text()));
    await page.goto(origin);
    await page.waitForSelector("input#stem-files");
    await story(page);
    // Firefox's own controls bring their fonts as data.
    const own = [origin, "blob:", "data:"];
    const foreign = requests.filter((url) => !own.some((start) => url.startsWith(start)));
    assert.deepEqual(foreign, [], "the page asked somebody else for something");
    assert.deepEqual(errors, [], "the page logged errors");
  } finally {
    await browser.close();
    server.close();
  }
}

async function check(page, files) {
  const chooser = await page.$("input#stem-files");
  await chooser.uploadFile(...files);
  await page.waitForSelector("[data-verdict]");
  await page.waitForFunction(() => !document.querySelector("[role=progressbar]"));
}

/** Checks a late stem, compares with the command, and plays. */
async function checksAndPlays(page) {
  const files = demoSong("late-stem");
  await check(page, files);
  const told = commandReport(files).songs[0];
  assertTold(await page.evaluate(shown), told);
  // Whether it is heard depends on a sound card, which a test machine has not.
  await page.locator("::-p-aria([name='Play'][role='button'])").click();
  await page.waitForSelector("::-p-aria([name='Pause'][role='button'])");
}

test("Firefox and the command say the same of a late stem, and it can be played", () =>
  inFirefox(checksAndPlays));

test("one file, opened from a disk, does the same in Firefox", () =>
  inFirefox(checksAndPlays, pathToFileURL(join(DIST, "stemcheck.html")).href));
