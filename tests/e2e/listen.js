// Times the preview of a song in headless Chromium: how long a press, a seek, a fader and a bus take until
// they are heard, how often the sound breaks off, and how smoothly the lanes move while files are checked.
// Usage: node listen.js FOLDER; prints JSON. Run by `cargo xtask bench`.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { verdict, withPage } from "./page.js";

const folder = process.argv[2];
const files = readdirSync(folder).filter((name) => name.endsWith(".wav")).map((name) => join(folder, name));

/** How often each thing is done. */
const TIMES = 24;

/** Tells when sound begins and ends at the loudspeakers, by the clock of the audio: to 128 frames. */
const RECORDER = `registerProcessor("recorder", class extends AudioWorkletProcessor {
  constructor() { super(); this.loud = false; }
  process([[left]]) {
    const loud = !!left && left.some((x) => Math.abs(x) > 1e-4);
    if (loud !== this.loud) this.port.postMessage([currentTime, loud]);
    this.loud = loud;
    return true;
  }
});`;

/** Runs before the page: a recorder at whatever is connected to a loudspeaker. */
function record() {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (target, ...rest) {
    if (target instanceof AudioDestinationNode) {
      const { context } = this;
      context.audioWorklet.addModule("/recorder.js").then(() => {
        const recorder = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0 });
        recorder.port.onmessage = ({ data }) => window.heard.push(data);
        connect.call(this, recorder);
        Object.assign(window, { context, heard: [] });
      });
    }
    return connect.call(this, target, ...rest);
  };
  /** Milliseconds from doing something until the sound begins, or ends. */
  window.timed = async (act, loud) => {
    window.heard.length = 0;
    const from = window.context.currentTime;
    act();
    for (const end = performance.now() + 5000; performance.now() < end; ) {
      const found = window.heard.find(([at, is]) => at >= from && is === loud);
      if (found) return (found[0] - from) * 1000;
      await new Promise((done) => setTimeout(done, 20));
    }
    return null;
  };
}

const sorted = (numbers) => numbers.filter((it) => it !== null).sort((a, b) => a - b);

/** What is usual, what is worst, and how many were never heard. */
function summary(what, times) {
  const known = sorted(times);
  return {
    what,
    median_ms: known[Math.floor(known.length / 2)] ?? null,
    worst_ms: known.at(-1) ?? null,
    unheard: times.length - known.length,
    times: times.length,
  };
}

const dropouts = async (page) => Number(await page.locator(".readings").getAttribute("data-dropouts"));
const pause = (page) => page.waitForTimeout(250 + 300 * Math.random());

async function listen(page) {
  const results = [];
  await page.locator(".transport[data-settled=true]").waitFor({ timeout: 600_000 });
  const seconds = Number(await page.getByRole("slider", { name: "Position" }).getAttribute("max"));
  const seek = (at) =>
    page.evaluate((at) => {
      const slider = document.querySelector(".position input");
      slider.value = at;
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }, at);
  const press = (selector, loud, index = 0) =>
    page.evaluate(
      ([selector, loud, index]) => window.timed(() => document.querySelectorAll(selector)[index].click(), loud),
      [selector, loud, index],
    );
  const times = async (what, once) => {
    const before = await dropouts(page);
    const all = [];
    for (let turn = 0; turn < TIMES; turn += 1) all.push(await once(turn));
    results.push({ ...summary(what, all), misses: (await dropouts(page)) - before });
  };
  const somewhere = (turn) => seconds * (0.1 + (0.8 * ((turn * 7) % TIMES)) / TIMES);
  const play = ".buttons .button.primary";

  await page.evaluate((play) => document.querySelector(play).click(), play);
  await page.waitForTimeout(1000);
  await press(play, false);
  await times("start", async (turn) => {
    await seek(somewhere(turn));
    await pause(page);
    const took = await press(play, true);
    await pause(page);
    await press(play, false);
    return took;
  });
  await press(play, true);
  await times("seek", async (turn) => {
    await pause(page);
    return page.evaluate((at) => {
      const slider = document.querySelector(".position input");
      return window.timed(() => {
        slider.value = at;
        slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }, true);
    }, somewhere(turn));
  });
  await seek(seconds / 3);
  // One stem alone, whose fader is then closed: what ends at once is heard best.
  await page.evaluate(() => document.querySelector(".toggle.solo").click());
  await times("fader", async (turn) => {
    if (turn % 6 === 0) await seek(seconds / 3);
    await pause(page);
    const took = await press(".toggle.mute", false);
    await pause(page);
    await press(".toggle.mute", true);
    return took;
  });
  await page.evaluate(() => document.querySelector(".toggle.solo").click());
  // The stems add up to the mix: the difference is silent.
  await times("bus", async (turn) => {
    if (turn % 6 === 0) await seek(seconds / 3);
    await pause(page);
    const took = await press(".bus input", false, 2);
    await pause(page);
    await press(".bus input", true, 0);
    return took;
  });
  await seek(0);
  const before = await dropouts(page);
  await page.waitForTimeout(60_000);
  results.push({ what: "a minute of play", misses: (await dropouts(page)) - before });
  return results;
}

/** Scrolls and zooms for a while, a step each frame, and counts the frames. */
async function move(page) {
  return page.evaluate(async () => {
    const wave = document.querySelector(".wave");
    const { left, top, width, height } = wave.getBoundingClientRect();
    const turn = (step) => {
      const [zooms, back] = [Math.floor(step / 60) % 2 === 0, Math.floor(step / 120) % 2];
      const delta = (back ? 1 : -1) * 30;
      const at = { clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true };
      wave.dispatchEvent(new WheelEvent("wheel", { ...at, deltaY: delta, ctrlKey: zooms, shiftKey: !zooms }));
    };
    const checking = !!document.querySelector("progress");
    const frames = [];
    for (let step = 0; step < 480; step += 1) {
      frames.push(await new Promise(requestAnimationFrame));
      turn(step);
    }
    const gaps = frames.slice(1).map((at, i) => at - frames[i]).sort((a, b) => a - b);
    return {
      what: checking ? "lanes while the check runs" : "lanes after the check",
      frames_per_s: (1000 * gaps.length) / (frames.at(-1) - frames[0]),
      median_ms: gaps[Math.floor(gaps.length / 2)],
      worst_ms: gaps.at(-1),
      misses: gaps.filter((gap) => gap > 25).length,
      times: gaps.length,
    };
  });
}

const results = [];
await withPage(
  async (page) => {
    await page.addInitScript(record);
    await page.reload();
    await page.locator("input#stem-files").setInputFiles(files);
    await page.locator(".wave").first().waitFor();
    await page.waitForTimeout(1500);
    results.push(await move(page));
    await verdict(page);
    results.push(await move(page));
    results.push(...(await listen(page)));
  },
  { extra: { "/recorder.js": RECORDER } },
);
console.log(JSON.stringify(results));
