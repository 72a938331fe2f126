// Plays the blocks that the player's worker renders, and switches between their buses.
//
// A block is [generation, place, number, frame, samples, readings]: the song frame it starts at, a
// Float32Array of ten channels one after the other (left and right of stems, reference, difference, rough
// master of the stems, rough master of the reference), and what the meters say of it, which goes to the
// page when the block is heard.
// Without samples it marks the end of the song. A block that was rendered anew, because a fader moved, has
// the place in the line of the one that it replaces. Its buffer goes back to the worker with its number
// when it is played or dropped: that is the worker's leave to render the next one.
// The page sends what it wants as { playing, bus, generation }; a new generation is a seek, after which
// older blocks are dropped.

const BUSES = 5;
// Long enough to be free of clicks, too short to be heard as a gap.
const FADE_S = 0.008;
const REPORT_S = 0.04;
// Blocks that have to be there before the sound sets in, after a seek or when it broke off: the first
// ones of a place take longest to render.
const PRIMED = 3;

class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.step = 1 / (FADE_S * sampleRate);
    this.wanted = { playing: false, bus: 0, generation: 0 };
    this.queue = [];
    // The block that was begun last, and whether one was to replace it or an earlier one.
    this.begun = undefined;
    this.missed = false;
    this.offset = 0;
    this.level = 0;
    this.primed = false;
    // A weight for each bus, always 1 in sum: buses that are alike pass a switch unchanged, where an
    // equal-power fade would make them 3 dB louder half way.
    this.weights = [1, 0, 0, 0, 0];
    this.from = [1, 0, 0, 0, 0];
    this.faded = 1;
    this.dropouts = 0;
    this.clear();
    this.port.onmessage = ({ data }) => (data.blocks ? this.connect(data.blocks) : this.want(data));
  }

  connect(blocks) {
    this.blocks = blocks;
    blocks.onmessage = ({ data: [generation, place, number, frame, samples, readings] }) => {
      const frames = samples ? samples.length / (2 * BUSES) : 0;
      this.line({ generation, place, number, frame, samples, readings, frames });
      this.dropStale();
      this.prime();
    };
  }

  // Puts a block into its place.
  line(block) {
    const { generation, place } = block;
    if (this.begun?.generation === generation && place <= this.begun.place) {
      this.missed = true;
      this.giveBack(block);
      return;
    }
    const at = this.queue.findIndex((other) => other.generation === generation && other.place === place);
    if (at < 0) {
      this.queue.push(block);
      return;
    }
    const [replaced] = this.queue.splice(at, 1, block);
    // The new ones begin later than they were meant to: not where the old ones end.
    if (this.missed && replaced.frames === block.frames) block.before = replaced.samples?.slice();
    this.missed = false;
    this.giveBack(replaced);
  }

  giveBack({ samples, number }) {
    if (samples) this.blocks.postMessage([samples.buffer, number], [samples.buffer]);
  }

  want(wanted) {
    if (wanted.bus !== this.wanted.bus) {
      this.from = [...this.weights];
      this.faded = 0;
    }
    if (wanted.generation !== this.wanted.generation) this.primed = false;
    this.wanted = wanted;
    this.dropStale();
    this.prime();
  }

  prime() {
    const fresh = this.queue.filter((block) => block.generation === this.wanted.generation);
    this.primed ||= fresh.length >= PRIMED || fresh.some((block) => !block.samples);
  }

  // Blocks from before a seek, once what sounded of them has faded out.
  dropStale() {
    while (this.level === 0 && this.queue.length && this.queue[0].generation !== this.wanted.generation) {
      this.next();
    }
  }

  next() {
    this.offset = 0;
    this.giveBack(this.queue.shift());
  }

  fadeBuses() {
    if (this.faded === 1) return;
    this.faded = Math.min(1, this.faded + this.step);
    for (let bus = 0; bus < BUSES; bus++) {
      const to = bus === this.wanted.bus ? 1 : 0;
      this.weights[bus] = this.from[bus] + (to - this.from[bus]) * this.faded;
    }
  }

  // Moves the level and returns the block to take the next frame from, if any is to be heard.
  front() {
    const block = this.queue[0];
    const { playing, generation } = this.wanted;
    const sounds = playing && this.primed && block?.samples && block.generation === generation;
    if (!block && this.level > 0) {
      this.dropouts++;
      this.primed = false;
    }
    if (!block?.samples) this.level = 0;
    this.level = sounds ? Math.min(1, this.level + this.step) : Math.max(0, this.level - this.step);
    return this.level > 0 ? block : undefined;
  }

  // A block that takes over where it was not meant to begin fades in.
  sample({ samples, before }, at) {
    const share = before ? this.offset * this.step : 1;
    return share < 1 ? before[at] + (samples[at] - before[at]) * share : samples[at];
  }

  process(_inputs, [[left, right]]) {
    for (let i = 0; i < left.length; i++) {
      this.dropStale();
      this.fadeBuses();
      const block = this.front();
      if (!block) continue;
      let l = 0;
      let r = 0;
      for (let bus = 0; bus < BUSES; bus++) {
        const weight = this.weights[bus] * this.level;
        if (weight === 0) continue;
        const at = 2 * bus * block.frames + this.offset;
        l += weight * this.sample(block, at);
        r += weight * this.sample(block, at + block.frames);
      }
      left[i] = l;
      right[i] = r;
      this.power += (l * l + r * r) / 2;
      if (this.offset === 0) {
        this.begun = block;
        if (block.readings) this.readings.push(block.readings);
      }
      if (++this.offset === block.frames) this.next();
    }
    this.counted += left.length;
    if (this.counted >= REPORT_S * sampleRate) this.report();
    return true;
  }

  clear() {
    this.counted = 0;
    this.power = 0;
    this.readings = [];
  }

  report() {
    const block = this.queue[0];
    if (block && block.generation === this.wanted.generation) {
      this.port.postMessage([
        block.generation,
        block.frame + this.offset,
        this.power / this.counted,
        this.dropouts,
        this.wanted.playing && !block.samples,
        this.readings,
      ]);
    }
    this.clear();
  }
}

registerProcessor("stemcheck-player", Player);
