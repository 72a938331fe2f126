//! The loudspeakers' side: an `AudioContext` at the song's own rate with the worklet in it.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioContext, AudioContextOptions, AudioWorkletNode, AudioWorkletNodeOptions, Event,
    MessageChannel, MessageEvent, MessagePort,
};

use super::Wanted;
use crate::worker::client::words;

/// The worklet; see `www/player-worklet.js`.
const SCRIPT: &str = "player-worklet.js";
const PROCESSOR: &str = "stemcheck-player";

/// What came out since the last report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// Number of the seek that is being played.
    pub generation: u32,
    /// Frame of the song that comes next.
    pub frame: u64,
    /// Mean square of both channels.
    pub power: f64,
    /// Sample peak, linear.
    pub peak: f64,
    /// How often the queue ran dry so far.
    pub dropouts: u32,
    /// The song is over.
    pub ended: bool,
}

impl Heard {
    fn read(message: &JsValue) -> Option<Self> {
        let parts: &Array = message.dyn_ref()?;
        let number = |at| parts.get(at).as_f64();
        Some(Self {
            generation: number(0)? as u32,
            frame: number(1)? as u64,
            power: number(2)?,
            peak: number(3)?,
            dropouts: number(4)? as u32,
            ended: parts.get(5).as_bool()?,
        })
    }
}

/// An open output. Dropping it closes the audio device.
#[derive(Debug)]
pub struct Output {
    context: AudioContext,
    node: AudioWorkletNode,
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
        let context = AudioContext::new_with_context_options(&options).map_err(|error| {
            format!(
                "This browser cannot play {sample_rate} Hz ({}); the report is complete",
                words(&error)
            )
        })?;
        // Where the page is neither on https nor on this computer, browsers hide the worklet.
        if Reflect::get(&context, &"audioWorklet".into()).is_ok_and(|it| it.is_undefined()) {
            close(&context);
            return Err("This browser plays audio only on a page with a secure address (https); \
                the report is complete"
                .into());
        }
        match Self::connect(&context, on_heard).await {
            Ok(connected) => Ok(connected),
            Err(error) => {
                close(&context);
                Err(format!("The player could not be started ({}). Reload the page", words(&error)))
            }
        }
    }

    async fn connect(
        context: &AudioContext,
        on_heard: impl Fn(Result<Heard, String>) + Clone + 'static,
    ) -> Result<(Self, MessagePort), JsValue> {
        JsFuture::from(context.audio_worklet()?.add_module(SCRIPT)?).await?;
        let options = AudioWorkletNodeOptions::new();
        options.set_number_of_inputs(0);
        options.set_output_channel_count(&Array::of1(&2.into()));
        let node = AudioWorkletNode::new_with_options(context, PROCESSOR, &options)?;
        node.connect_with_audio_node(&context.destination())?;
        let port = node.port()?;

        let on_death = on_heard.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Some(heard) = Heard::read(&event.data()) {
                on_heard(Ok(heard));
            }
        });
        let on_error = Closure::new(move |_: Event| on_death(Err("the worklet failed".into())));
        port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        node.set_onprocessorerror(Some(on_error.as_ref().unchecked_ref()));

        let channel = MessageChannel::new()?;
        let blocks = object(&[("blocks", channel.port2().into())]);
        port.post_message_with_transferable(&blocks, &Array::of1(&channel.port2()))?;
        let context = context.clone();
        let output = Self { context, node, port, _on_message: on_message, _on_error: on_error };
        Ok((output, channel.port1()))
    }

    /// Lets the sound out; browsers ask for a click or a key before.
    pub fn resume(&self) {
        if let Ok(promise) = self.context.resume() {
            spawn_local(async move { drop(JsFuture::from(promise).await) });
        }
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
        self.node.set_onprocessorerror(None);
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
