// Plays where there is no AudioWorklet: the worklet's own processor, fed and asked in the same way, but
// on the page's thread, where a busy page makes it stutter.

(() => {
  // Twice what is common: the page's thread is often busy for a moment.
  const FRAMES = 2048;
  let Processor;
  globalThis.AudioWorkletProcessor = class {
    constructor() {
      this.port = globalThis.stemcheckFallback.port;
    }
  };
  globalThis.registerProcessor = (_, processor) => (Processor = processor);
  globalThis.stemcheckFallback = async (context, processor) => {
    globalThis.sampleRate = context.sampleRate;
    await import(processor);
    const { port1, port2 } = new MessageChannel();
    globalThis.stemcheckFallback.port = port1;
    const player = new Processor();
    const node = context.createScriptProcessor(FRAMES, 0, 2);
    node.onaudioprocess = ({ outputBuffer }) => {
      const sides = [outputBuffer.getChannelData(0), outputBuffer.getChannelData(1)];
      sides.forEach((side) => side.fill(0));
      player.process([], [sides]);
    };
    return { node, port: port2 };
  };
})();
