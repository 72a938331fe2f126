// The worklet's queue by itself, without a browser: what it plays, gives back, drops and reports.

import assert from "node:assert/strict";
import { test } from "node:test";

const RATE = 48000;
const FRAMES = 960;
let Processor;
globalThis.sampleRate = RATE;
globalThis.AudioWorkletProcessor = class {
  port = { sent: [], postMessage: (message) => this.port.sent.push(message) };
};
globalThis.registerProcessor = (_, processor) => (Processor = processor);
await import("../../www/player-worklet.js");

/** A worklet with a renderer's port and a page's port. */
function worklet() {
  const player = new Processor();
  const blocks = { returned: 0, numbers: [] };
  blocks.postMessage = ([, number]) => {
    blocks.returned++;
    blocks.numbers.push(number);
  };
  player.port.onmessage({ data: { blocks } });
  return {
    blocks,
    reports: player.port.sent,
    want: (wanted) => player.port.onmessage({ data: { playing: true, bus: 0, generation: 0, ...wanted } }),
    send: (generation, frame, samples, number = 100 * generation + frame / FRAMES) =>
      blocks.onmessage({ data: [generation, (frame % 48000) / FRAMES, number, frame, samples] }),
    /** Left channel of the next so many frames. */
    play(frames) {
      const heard = [];
      while (heard.length < frames) {
        const output = [new Float32Array(128), new Float32Array(128)];
        assert.ok(player.process([], [output]));
        heard.push(...output[0]);
      }
      return heard;
    },
  };
}

/** A block whose buses hold these constants, on both sides. */
const constant = (levels) => Float32Array.from([...levels, 0].flatMap((level) => Array(2 * FRAMES).fill(level)));
const steps = (heard) => heard.slice(1).map((x, i) => Math.abs(x - heard[i]));

test("nothing is heard before three blocks are there, and no click when it sets in", () => {
  const { want, send, play } = worklet();
  want({});
  send(0, 0, constant([0.5, 0, 0, 0]));
  send(0, FRAMES, constant([0.5, 0, 0, 0]));
  assert.ok(play(256).every((x) => x === 0));
  send(0, 2 * FRAMES, constant([0.5, 0, 0, 0]));
  const heard = play(FRAMES);
  assert.ok(Math.max(...steps(heard)) < 0.002);
  assert.equal(heard.at(-1), 0.5);
});

test("a switch between buses that are alike cannot be heard", () => {
  const { want, send, play } = worklet();
  want({});
  for (let i = 0; i < 4; i++) send(0, i * FRAMES, constant([0.5, 0.5, 0, 0]));
  play(FRAMES);
  want({ bus: 1 });
  assert.ok(play(FRAMES).every((x) => Math.abs(x - 0.5) < 1e-7));
});

test("a switch that is taken back half way makes no click", () => {
  const { want, send, play } = worklet();
  want({});
  for (let i = 0; i < 5; i++) send(0, i * FRAMES, constant([0.5, -0.5, 0, 0]));
  const heard = play(FRAMES);
  want({ bus: 1 });
  heard.push(...play(256));
  want({ bus: 0 });
  heard.push(...play(FRAMES));
  assert.ok(Math.max(...steps(heard)) < 0.003);
  assert.equal(heard.at(-1), 0.5);
});

test("every block goes back to the renderer when it is played", () => {
  const { want, send, play, blocks } = worklet();
  want({});
  for (let i = 0; i < 4; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]));
  play(2 * FRAMES);
  assert.equal(blocks.returned, 2);
});

test("a seek fades out, drops what is old, and plays what is new", () => {
  const { want, send, play, blocks, reports } = worklet();
  want({});
  for (let i = 0; i < 5; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]));
  const heard = play(FRAMES);
  want({ generation: 1 });
  heard.push(...play(FRAMES));
  assert.equal(blocks.returned, 5);
  for (let i = 0; i < 5; i++) send(1, 48000 + i * FRAMES, constant([-0.5, 0, 0, 0]));
  heard.push(...play(2 * FRAMES));
  assert.ok(Math.max(...steps(heard)) < 0.002);
  assert.equal(heard.at(-1), -0.5);
  const [generation, frame] = reports.at(-1);
  assert.equal(generation, 1);
  assert.ok(frame > 48000 && frame <= 48000 + 2 * FRAMES + 128);
});

test("blocks of before a seek are dropped while it is paused, too", () => {
  const { want, send, blocks } = worklet();
  want({ playing: false });
  for (let i = 0; i < 5; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]));
  want({ playing: false, generation: 1 });
  assert.equal(blocks.returned, 5);
});

test("a queue that runs dry is counted, and filled before it plays on", () => {
  const { want, send, play, reports } = worklet();
  want({});
  for (let i = 0; i < 3; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]));
  play(4 * FRAMES);
  send(0, 3 * FRAMES, constant([0.5, 0, 0, 0]));
  assert.ok(play(256).every((x) => x === 0));
  for (let i = 4; i < 8; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]));
  play(3 * FRAMES);
  assert.equal(reports.at(-1)[3], 1);
});

test("the end of the song is told", () => {
  const { want, send, play, reports } = worklet();
  want({});
  send(0, 0, constant([0.5, 0, 0, 0]));
  send(0, FRAMES, undefined);
  play(4 * FRAMES);
  const [, frame, , dropouts, ended] = reports.at(-1);
  assert.deepEqual([frame, dropouts, ended], [FRAMES, 0, true]);
});

test("a block that is rendered anew is heard instead, and the old one goes back", () => {
  const { want, send, play, blocks } = worklet();
  want({});
  for (let i = 0; i < 5; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]), i);
  play(FRAMES);
  for (let i = 2; i < 5; i++) send(0, i * FRAMES, constant([0.25, 0, 0, 0]), 10 + i);
  assert.deepEqual(blocks.numbers, [0, 2, 3, 4]);
  // The browser asks for 128 frames at a time.
  const rest = 2 * FRAMES - 1024;
  const heard = play(rest + 2 * FRAMES);
  assert.ok(heard.slice(0, rest).every((x) => x === 0.5));
  assert.ok(heard.slice(rest).every((x) => x === 0.25));
  assert.deepEqual(blocks.numbers, [0, 2, 3, 4, 1, 12, 13]);
});

test("a block that is rendered anew too late goes back, and the next one takes over without a click", () => {
  const { want, send, play, blocks } = worklet();
  want({});
  for (let i = 0; i < 6; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]), i);
  play(2 * FRAMES + 128);
  for (let i = 1; i < 6; i++) send(0, i * FRAMES, constant([0.25, 0, 0, 0]), 10 + i);
  assert.deepEqual(blocks.numbers, [0, 1, 11, 12, 3, 4, 5]);
  const heard = play(3 * FRAMES - 128);
  assert.ok(heard.slice(0, FRAMES - 128).every((x) => x === 0.5));
  assert.ok(Math.max(...steps(heard)) < 0.001);
  assert.ok(heard.slice(2 * FRAMES).every((x) => x === 0.25));
});

test("the end can come elsewhere", () => {
  const { want, send, play, reports } = worklet();
  want({});
  send(0, 0, constant([0.5, 0, 0, 0]));
  send(0, FRAMES, constant([0.5, 0, 0, 0]));
  send(0, 2 * FRAMES, undefined);
  play(256);
  send(0, 2 * FRAMES, constant([0.5, 0, 0, 0]));
  send(0, 3 * FRAMES, undefined);
  assert.ok(play(2 * FRAMES).slice(FRAMES).every((x) => x === 0.5));
  play(2 * FRAMES);
  assert.equal(reports.at(-1)[4], true);
});

test("an end that is told anew too late goes into its place", () => {
  const { want, send, play, reports } = worklet();
  want({});
  for (let i = 0; i < 3; i++) send(0, i * FRAMES, constant([0.5, 0, 0, 0]));
  send(0, 3 * FRAMES, undefined);
  play(2 * FRAMES + 256);
  for (let i = 1; i < 3; i++) send(0, i * FRAMES, constant([0.25, 0, 0, 0]), 10 + i);
  send(0, 3 * FRAMES, undefined, 13);
  assert.ok(play(FRAMES - 256).every((x) => Math.abs(x) <= 0.5));
  play(2 * FRAMES);
  assert.equal(reports.at(-1)[4], true);
});
