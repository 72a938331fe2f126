// The preview: what the page plays is what the command writes, to the last bit; meters, the blind test,
// the export, and a browser without AudioWorklet.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COMMAND, PATIENCE, demoSong, heard, silent, soon, temporary, verdict, withPage } from "./page.js";

/** The file that `stemcheck preview` writes of these files. */
function rendered(paths, ...flags) {
  const out = join(temporary(), "out.wav");
  execFileSync(COMMAND, ["preview", ...paths, "-o", out, ...flags], { stdio: "pipe" });
  return readFileSync(out);
}

/** Drops the song, waits for the verdict, and until the whole song is calibrated. */
async function ready(page, paths) {
  await page.locator("input#stem-files").setInputFiles(paths);
  await verdict(page);
  await calibrated(page);
}

async function calibrated(page) {
  await page.locator(".transport[data-settled=true]").waitFor({ timeout: PATIENCE });
}

/** Presses "Export preview" and gives the bytes of the file. */
async function exported(page) {
  const download = page.waitForEvent("download", { timeout: PATIENCE });
  await page.getByRole("button", { name: "Export preview" }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test("what the page exports is what the command writes, byte for byte", async () => {
  const paths = demoSong("late-stem");
  await withPage(async (page) => {
    await ready(page, paths);
    const stems = await exported(page);
    assert.match(stems.name, /Stems\.wav$/);
    assert.ok(stems.bytes.equals(rendered(paths, "--match-loudness")), "stems, 24-bit");

    await page.getByRole("combobox", { name: "Rough master: preset" }).selectOption("album");
    await page.getByRole("radio", { name: "Rough master" }).check({ force: true });
    await page.getByRole("checkbox", { name: "Match loudness" }).uncheck();
    await page.getByRole("checkbox", { name: "Play with these fixes" }).check();
    await page.getByLabel("Word length").selectOption("16-bit, dithered");
    await calibrated(page);
    const master = await exported(page);
    const command = rendered(paths, "--listen", "master", "--chain", "album", "--fixed", "--bits", "16");
    assert.ok(master.bytes.equals(command), "rough master with the fixes, 16-bit");
  });
});

test("any loudness can be aimed at, is remembered, and what is out of reach is said", async () => {
  const paths = demoSong();
  await withPage(async (page) => {
    await ready(page, paths);
    const target = page.getByRole("spinbutton", { name: "Loudness to aim at" });
    assert.equal(await target.inputValue(), "-14.0");
    await page.getByRole("combobox", { name: "Rough master: preset" }).selectOption("album");
    assert.equal(await target.inputValue(), "-11.0");
    await page.getByRole("radio", { name: "Rough master", exact: true }).check({ force: true });
    await target.fill("16.52");
    await target.press("Enter");
    assert.equal(await target.inputValue(), "-16.5", "as people write it");
    await calibrated(page);
    const master = await exported(page);
    const own = ["--listen", "master", "--chain", "album", "--target-lufs", "-16.5", "--match-loudness"];
    assert.ok(master.bytes.equals(rendered(paths, ...own)), "what the command writes");
    assert.equal(await page.getByText("more would squash it").count(), 0);

    await target.fill("-3");
    await target.press("Enter");
    await calibrated(page);
    await page.getByText("more would squash it").waitFor();
    await page.reload();
    await ready(page, paths);
    assert.equal(await target.inputValue(), "-3.0");
    assert.equal(await page.getByRole("combobox", { name: "Rough master: preset" }).inputValue(), "album");
  });
});

/** Plays with a worklet that tells the page which blocks it is given: `window.blocks`. */
async function withBlocks(story) {
  const script = readFileSync(new URL("../../www/player-worklet.js", import.meta.url), "utf8");
  const telling = script.replace(
    "blocks.onmessage = ({ data: [generation, place, number, frame, samples, readings] }) => {",
    "$& if (samples) this.port.postMessage({ told: [generation, place, frame, samples.slice()] });",
  );
  assert.notEqual(telling, script);
  const tapped = async (page) => {
    await page.evaluate(() => {
      window.blocks = [];
      const node = AudioWorkletNode.prototype;
      const port = Object.getOwnPropertyDescriptor(node, "port").get;
      Object.defineProperty(node, "port", {
        get() {
          const real = port.call(this);
          if (!real.tapped) {
            real.tapped = true;
            real.addEventListener("message", ({ data }) => data.told && window.blocks.push(data.told));
          }
          return real;
        },
      });
    });
    await story(page);
  };
  await withPage(tapped, { extra: { "/player-worklet.js": telling } });
}

test("what reaches the loudspeakers is what the command writes, bit for bit", async () => {
  const paths = demoSong();
  await withBlocks(async (page) => {
    await ready(page, paths);
    await page.getByRole("slider", { name: "Position" }).fill("8");
    await page.evaluate(() => (window.blocks.length = 0));
    await page.getByRole("slider", { name: "Position" }).fill("10");
    await page.getByRole("button", { name: "Play" }).click();
    await soon(() => page.evaluate(() => window.blocks.length > 80), "it plays");
    const blocks = await page.evaluate(() =>
      window.blocks.map(([generation, , frame, samples]) => ({ generation, frame, samples: [...samples] })),
    );
    const last = blocks.at(-1).generation;
    const played = blocks.filter(({ generation }) => generation === last);
    assert.ok(played.length > 30, `${played.length} blocks`);
    assert.equal(played[0].frame, 10 * 48000);
    for (const [bus, listen] of ["stems", "reference", "difference", "master", "reference-master"].entries()) {
      const file = rendered(paths, "--listen", listen, "--match-loudness", "--bits", "32f", "--start", "10", "--end", "11");
      const sound = new Float32Array(file.buffer.slice(file.byteOffset + file.length - 48000 * 8, file.byteOffset + file.length));
      let compared = 0;
      for (const { frame, samples } of played) {
        const frames = samples.length / 10;
        for (let i = 0; i < frames && frame + i < 11 * 48000; i += 1) {
          const at = 2 * (frame + i - 10 * 48000);
          for (const side of [0, 1]) {
            const heard = Math.fround(samples[(2 * bus + side) * frames + i]);
            if (heard !== sound[at + side]) assert.fail(`${listen}, frame ${frame + i}: ${heard}, not ${sound[at + side]}`);
          }
          compared += 1;
        }
      }
      assert.ok(compared >= 40000, `${listen}: ${compared} frames`);
    }
  });
});

test("a moved fader is heard in the place of what was rendered ahead", async () => {
  await withBlocks(async (page) => {
    await ready(page, demoSong());
    await page.getByRole("slider", { name: "Position" }).fill("10");
    await page.getByRole("button", { name: "Play" }).click();
    await soon(() => page.evaluate(() => window.blocks.at(-1)?.[1] > 40), "it plays");
    for (const mute of await page.getByRole("button", { name: /^Mute/ }).all()) await mute.click();
    const stems = async () =>
      page.evaluate(() => {
        const [generation] = window.blocks.at(-1);
        const places = new Map();
        for (const [of, place, , samples] of window.blocks) {
          const peak = samples.slice(0, samples.length / 5).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
          if (of === generation) places.set(place, [...(places.get(place) ?? []), peak]);
        }
        return [...places.values()].filter((peaks) => peaks.length > 1 && peaks[0] > 0 && peaks.at(-1) === 0);
      });
    await soon(async () => (await stems()).length > 10, "blocks that waited are silent instead");
  });
});

test("the meters tell what is heard, and drop-outs are counted", async () => {
  await withPage(async (page) => {
    await page.getByRole("button", { name: "Demo without faults" }).click();
    await verdict(page);
    const meter = (name) => page.getByRole("meter", { name });
    assert.equal(await meter("Momentary loudness").getAttribute("aria-valuetext"), "–");
    await page.getByRole("slider", { name: "Position" }).fill("10");
    await page.getByRole("radio", { name: "Rough master" }).check({ force: true });
    await page.getByRole("button", { name: "Play" }).click();
    // Longer than the short term: what is read is of music alone.
    await page.waitForTimeout(4000);
    const value = async (name) => Number(await meter(name).getAttribute("aria-valuenow"));
    const isMusic = async () => {
      const loudness = await value("Short-term loudness");
      return loudness > -30 && loudness < -5;
    };
    await soon(isMusic, "as loud as music is");
    assert.ok((await value("Correlation of left and right")) > -0.5);
    assert.ok((await value("True peak of the last three seconds")) <= -0.9);
    assert.match(await meter("Turned down by the limiter").getAttribute("aria-valuetext"), /dB$/);
    await page.getByRole("radio", { name: "Stems" }).check({ force: true });
    const limiter = meter("Turned down by the limiter");
    await soon(async () => (await limiter.getAttribute("aria-valuetext")) === "–", "stems meet no limiter");
    // How many there are depends on what else the machine does; that they are counted does not.
    assert.match(await page.locator(".readings").getAttribute("data-dropouts"), /^\d+$/);
  });
});

test("a blind test hides X and counts right guesses", async () => {
  await withPage(async (page) => {
    // A coin that always falls the same: X is B.
    await page.evaluate(() => (Math.random = () => 0.1));
    await page.getByRole("button", { name: "Demo without faults" }).click();
    await verdict(page);
    await page.getByRole("radio", { name: "Rough master" }).check({ force: true });
    await page.getByRole("button", { name: "Blind test" }).click();
    const test = page.getByRole("group", { name: "Blind test" });
    await test.getByRole("radio", { name: "X" }).check({ force: true });
    assert.ok(!(await page.getByRole("meter").first().isVisible()), "meters would tell");
    await test.getByRole("button", { name: "X is B" }).click();
    await test.getByText("Right. 1 of 1 right (mere guessing: 50 %)").waitFor();
    await test.getByRole("button", { name: "X is A" }).click();
    await test.getByText("Wrong. 1 of 2 right").waitFor();
    await test.getByRole("button", { name: "End the test" }).click();
    await page.getByRole("radio", { name: "Reference" }).waitFor({ state: "attached" });
  });
});

test("a browser without AudioWorklet says so, and plays", async () => {
  await withPage(async (page, { origin }) => {
    await page.addInitScript(() => {
      Object.defineProperty(BaseAudioContext.prototype, "audioWorklet", { get: () => undefined });
    });
    await page.goto(`${origin}/`);
    await page.getByRole("button", { name: "Demo without faults" }).click();
    await verdict(page);
    await page.getByText("plays in a simpler way").waitFor();
    await page.getByRole("slider", { name: "Position" }).fill("8");
    await page.getByRole("button", { name: "Play" }).click();
    await heard(page, "it is heard");
    await page.getByRole("button", { name: "Stop" }).click();
    await silent(page, "Stop is silent", -100);
  });
});
