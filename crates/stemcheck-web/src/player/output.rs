//! The loudspeakers' side: an `AudioContext` at the song's own rate with the worklet in it.

use js_sys::{Array, Float64Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AnalyserNode, AudioContext, AudioContextOptions, AudioContextState, AudioNode,
    AudioWorkletNode, AudioWorkletNodeOptions, Event, MessageChannel, MessageEvent, MessagePort,
};

use super::press::sleep;
use super::{Wanted, fallback};
use crate::home;
use crate::state::Played;
use crate::texts;
use crate::worker::client::words;

/// The worklet; see `www/player-worklet.js`.
const SCRIPT: &str = "player-worklet.js";
const PROCESSOR: &str = "stemcheck-player";

/// Frames that the spectrum is made of.
const ANALYSED_FRAMES: u32 = 4096;

/// A browser that has not let the sound out by then, in milliseconds, holds it back.
const REFUSAL_MS: i32 = 1000;

/// What came out since the last report.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// Number of the seek that is being played.
    pub generation: u32,
    /// Frame of the song that comes next.
    pub frame: u64,
    /// Mean square of both channels.
    pub power: f64,
    /// How often the queue ran dry so far.
    pub dropouts: u32,
    /// The song is over.
    pub ended: bool,
    /// What the meters say of it.
    pub played: Vec<Played>,
}

impl Heard {
    fn read(message: &JsValue) -> Option<Self> {
        let parts: &Array = message.dyn_ref()?;
        let number = |at| parts.get(at).as_f64();
        Some(Self {
            generation: number(0)? as u32,
            frame: number(1)? as u64,
            power: number(2)?,
            dropouts: number(3)? as u32,
            ended: parts.get(4).as_bool()?,
            played: parts.get(5).dyn_ref::<Array>()?.iter().filter_map(|it| played(&it)).collect(),
        })
    }
}

fn played(numbers: &JsValue) -> Option<Played> {
    Played::read(&numbers.dyn_ref::<Float64Array>()?.to_vec())
}

/// An open output. Dropping it closes the audio device.
#[derive(Debug)]
pub struct Output {
    context: AudioContext,
    node: AudioNode,
    /// Of left and right: mono would hide what is upside down.
    analysers: [AnalyserNode; 2],
    makeshift: bool,
    port: MessagePort,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Output {
    /// Opens it, silent. The port takes the blocks.
    ///
    /// # Errors
    /// A sentence for the user.
    pub async fn open(
        sample_rate: u32,
        on_heard: impl Fn(Result<Heard, String>) + Clone + 'static,
    ) -> Result<(Self, MessagePort), String> {
        let options = AudioContextOptions::new();
        options.set_sample_rate(sample_rate as f32);
        let context = AudioContext::new_with_context_options(&options)
            .map_err(|error| texts::not_played(sample_rate, &words(&error)))?;
        match Self::connect(&context, on_heard).await {
            Ok(connected) => Ok(connected),
            Err(error) => {
                close(&context);
                Err(texts::no_player(&words(&error)))
            }
        }
    }

    async fn connect(
        context: &AudioContext,
        on_heard: impl Fn(Result<Heard, String>) + Clone + 'static,
    ) -> Result<(Self, MessagePort), JsValue> {
        // Where the page is neither on https nor on this computer, browsers hide the worklet.
        let worklet = Reflect::get(context, &"audioWorklet".into())?;
        let is_hidden = worklet.is_undefined();
        // Some refuse it to a page that was opened from a disk.
        let worklet = if is_hidden { None } else { Self::worklet(context).await.ok() };
        let makeshift = worklet.is_none();
        let (node, port) = match worklet {
            Some(node) => {
                let port = node.port()?;
                (node.into(), port)
            }
            None => fallback::open(context).await?,
        };
        node.connect_with_audio_node(&context.destination())?;
        let sides = context.create_channel_splitter_with_number_of_outputs(2)?;
        node.connect_with_audio_node(&sides)?;
        let analysers = [context.create_analyser()?, context.create_analyser()?];
        for (side, analyser) in (0..).zip(&analysers) {
            analyser.set_fft_size(ANALYSED_FRAMES);
            sides.connect_with_audio_node_and_output(analyser, side)?;
        }

        let on_death = on_heard.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(heard) = Heard::read(&event.data()) {
                on_heard(Ok(heard));
            }
        });
        let on_error = Closure::new(move |_: Event| on_death(Err("the worklet failed".into())));
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        if let Some(worklet) = node.dyn_ref::<AudioWorkletNode>().filter(|_| !makeshift) {
            worklet.set_onprocessorerror(Some(on_error.as_ref().unchecked_ref()));
        }

        let channel = MessageChannel::new()?;
        let blocks = object(&[("blocks", channel.port2().into())]);
        port.post_message_with_transferable(&blocks, &Array::of1(&channel.port2()))?;
        let context = context.clone();
        let output = Self {
            context,
            node,
            analysers,
            makeshift,
            port,
            _on_message: on_message,
            _on_error: on_error,
        };
        Ok((output, channel.port1()))
    }

    async fn worklet(context: &AudioContext) -> Result<AudioWorkletNode, JsValue> {
        JsFuture::from(context.audio_worklet()?.add_module(&home::address(SCRIPT))?).await?;
        let options = AudioWorkletNodeOptions::new();
        options.set_number_of_inputs(0);
        options.set_output_channel_count(&Array::of1(&2.into()));
        AudioWorkletNode::new_with_options(context, PROCESSOR, &options)
    }

    /// Whether it plays on the page's own thread.
    pub fn is_makeshift(&self) -> bool {
        self.makeshift
    }

    /// Lets the sound out; browsers ask for a click or a key before. One that still refuses is told.
    pub fn resume(&self, on_refusal: impl FnOnce() + 'static) {
        let context = self.context.clone();
        if context.state() == AudioContextState::Running {
            return;
        }
        if let Ok(promise) = context.resume() {
            spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
        spawn_local(async move {
            sleep(REFUSAL_MS).await;
            if context.state() == AudioContextState::Suspended {
                on_refusal();
            }
        });
    }

    /// Levels in dB of both sides together, evenly spaced up to half the sample rate.
    pub fn spectrum(&self) -> Vec<f32> {
        let [left, right] = self.analysers.each_ref().map(|analyser| {
            let mut bins = vec![f32::NEG_INFINITY; analyser.frequency_bin_count() as usize];
            analyser.get_float_frequency_data(&mut bins);
            bins
        });
        left.iter().zip(right).map(|(l, r)| l.max(r)).collect()
    }

    /// Tells the worklet what is wanted.
    pub fn want(&self, wanted: Wanted) {
        let message = object(&[
            ("playing", wanted.playing.into()),
            ("bus", (wanted.bus as u32).into()),
            ("generation", wanted.generation.into()),
        ]);
        // Plain values: nothing that could fail to be copied.
        let _ = self.port.post_message(&message);
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.port.set_onmessage(None);
        if let Some(worklet) = self.node.dyn_ref::<AudioWorkletNode>().filter(|_| !self.makeshift) {
            worklet.set_onprocessorerror(None);
        }
        close(&self.context);
    }
}

fn close(context: &AudioContext) {
    if let Ok(promise) = context.close() {
        spawn_local(async move { drop(JsFuture::from(promise).await) });
    }
}

fn object(entries: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (key, value) in entries {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from(*key), value);
    }
    object
}
