//! The player's renderer, in its worker: renders the song in blocks and sends them straight to the
//! audio worklet, a new one for each that comes back.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Float32Array, Float64Array};
use stemcheck_session::core::block::Block;
use stemcheck_session::core::null::Recipe;
use stemcheck_session::core::preview::{Bus, Meters, Mix};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Preview;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageEvent, MessagePort};

use super::feed::{Feed, Loop, block_frames};
use super::message::{Command, Note};
use crate::files::{Blobs, Reading};

/// Channels of a block: left and right of every bus.
const CHANNELS: usize = 2 * Bus::COUNT;

/// An open song being rendered.
pub struct Studio {
    preview: Preview,
    /// What makes the files fit.
    recipe: Option<Recipe>,
    files: Blobs,
    port: MessagePort,
    feed: Feed,
    sample_rate: u32,
    /// What is played again and again.
    looped: Option<Loop>,
    /// Of what is sent.
    meters: Meters,
    blocks: [Block; Bus::COUNT],
    /// Buffers that came back, to be used again.
    spare: Vec<ArrayBuffer>,
    _on_return: Closure<dyn FnMut(MessageEvent)>,
}

impl Studio {
    /// Does what the player asks; the first command opens the song.
    ///
    /// # Errors
    /// In words, if it cannot be done.
    pub fn obey(
        place: &mut Option<Rc<RefCell<Self>>>,
        command: Command,
        attached: Vec<JsValue>,
        tell: impl Fn(Note),
    ) -> Result<(), String> {
        match (command, &*place) {
            (Command::Open { plan, recipe, mix, makeshift }, _) => {
                let feed = Feed::new(makeshift);
                let (studio, note) = Self::open(&plan, recipe, &mix, feed, attached)?;
                studio.borrow_mut().fill()?;
                tell(note);
                *place = Some(studio);
                Ok(())
            }
            (Command::Seek { frame, generation }, Some(studio)) => {
                studio.borrow_mut().seek(frame, generation)
            }
            (Command::Loop(stretch), Some(studio)) => {
                let studio = &mut *studio.borrow_mut();
                studio.looped = stretch.and_then(|stretch| Loop::over(stretch, studio.sample_rate));
                Ok(())
            }
            (Command::Set(mix), Some(studio)) => {
                studio.borrow_mut().preview.set(&mix);
                Ok(())
            }
            (Command::Fix(on), Some(studio)) => {
                let studio = &mut *studio.borrow_mut();
                studio.preview.fix(studio.recipe.as_ref().filter(|_| on));
                Ok(())
            }
            (Command::Share(busy), Some(studio)) => {
                studio.borrow_mut().feed.share(busy);
                Ok(())
            }
            (_, None) => Err("nothing is open".into()),
        }
    }

    fn open(
        plan: &NullPlan,
        recipe: Option<Recipe>,
        mix: &Mix,
        feed: Feed,
        attached: Vec<JsValue>,
    ) -> Result<(Rc<RefCell<Self>>, Note), String> {
        let mut attached = attached.into_iter();
        let port = attached.next().and_then(|port| port.dyn_into::<MessagePort>().ok());
        let port = port.ok_or("no port to the loudspeakers")?;
        let files = Blobs::new(attached.map(JsCast::unchecked_into::<Blob>), Reading::PLAYING);
        let mut preview = Preview::new(&files, plan, block_frames(plan.sample_rate));
        let calibration = Box::new(preview.calibration(mix));
        preview.set(&calibration.mix);
        preview.seek(0);
        let note = Note::Open { frames: preview.frames(), calibration };
        let studio = Rc::new_cyclic(|me: &std::rc::Weak<RefCell<Self>>| {
            let me = me.clone();
            let on_return = Closure::new(move |event: MessageEvent| {
                if let Some(studio) = me.upgrade() {
                    studio.borrow_mut().take_back(&event);
                }
            });
            port.set_onmessage(Some(on_return.as_ref().unchecked_ref()));
            RefCell::new(Self {
                preview,
                recipe,
                files,
                port,
                feed,
                sample_rate: plan.sample_rate,
                looped: None,
                meters: Meters::new(plan.sample_rate),
                blocks: Default::default(),
                spare: Vec::new(),
                _on_return: on_return,
            })
        });
        Ok((studio, note))
    }

    fn seek(&mut self, frame: u64, generation: u32) -> Result<(), String> {
        self.preview.seek(frame);
        self.feed.seek(frame, generation);
        self.fill()
    }

    /// A block's buffer came back, with the number of blocks that wait behind it.
    fn take_back(&mut self, event: &MessageEvent) {
        let told: Array = event.data().unchecked_into();
        self.spare.extend(told.get(0).dyn_into::<ArrayBuffer>().ok());
        self.feed.returned(told.get(1).as_f64().unwrap_or_default() as u32);
        // The port is gone only if the page is.
        let _ = self.fill();
    }

    fn fill(&mut self) -> Result<(), String> {
        while self.feed.is_open() {
            if let Some(start) = self.looped.and_then(|looped| looped.jump(self.feed.frame)) {
                self.preview.seek(start);
                self.feed.frame = start;
            }
            let rendered = self.preview.render(&mut self.blocks);
            let frames = self.fade(rendered);
            self.send(frames).map_err(|error| crate::worker::client::words(&error))?;
            self.feed.sent(frames);
        }
        self.files.fetch_ahead();
        Ok(())
    }

    /// Cuts the rendered frames at the loop's end and fades its joint, and says how many are left.
    fn fade(&mut self, rendered: usize) -> usize {
        let (Some(looped), first) = (self.looped, self.feed.frame) else { return rendered };
        let frames = looped.cut(first, rendered);
        if looped.touches_joint(first, frames) {
            for channel in self.blocks.iter_mut().flat_map(|bus| &mut bus.channels) {
                for (at, sample) in channel.iter_mut().take(frames).enumerate() {
                    *sample *= looped.gain(first + at as u64);
                }
            }
        }
        frames
    }

    fn send(&mut self, frames: usize) -> Result<(), JsValue> {
        let message =
            Array::of2(&self.feed.generation.into(), &JsValue::from(self.feed.frame as f64));
        let transfer = Array::new();
        if frames > 0 {
            let samples = self.samples(frames);
            transfer.push(&samples.buffer());
            message.push(&samples);
            message.push(&self.readings(frames));
        }
        self.port.post_message_with_transferable(&message, &transfer)
    }

    /// What the meters say of the block, as `Played::read` takes it apart.
    fn readings(&mut self, frames: usize) -> Float64Array {
        for channel in self.blocks.iter_mut().flat_map(|bus| &mut bus.channels) {
            channel.truncate(frames);
        }
        let buses = self.meters.read(&self.blocks);
        let chains = self.preview.take_readings();
        let mut numbers = vec![frames as f64];
        numbers.extend(chains.compressor_db.iter().chain(&chains.limiter_db));
        for bus in buses {
            numbers.extend([bus.weighted, bus.left, bus.right, bus.product, bus.true_peak]);
        }
        Float64Array::from(numbers.as_slice())
    }

    /// The rendered block as the worklet wants it: eight channels, one after the other.
    fn samples(&mut self, frames: usize) -> Float32Array {
        let length = (CHANNELS * frames) as u32;
        let fits = |buffer: &ArrayBuffer| buffer.byte_length() == length * 4;
        let samples = match self.spare.pop().filter(fits) {
            Some(buffer) => Float32Array::new(&buffer),
            None => Float32Array::new_with_length(length),
        };
        let sides = self.blocks.iter().flat_map(|bus| [0, 1].map(|side| (bus, side)));
        for (place, (bus, side)) in sides.enumerate() {
            if let Some(channel) = bus.channels.get(bus.side(side)) {
                let start = (place * frames) as u32;
                samples.subarray(start, start + frames as u32).copy_from(&channel[..frames]);
            }
        }
        samples
    }
}
