//! The player's renderer, in its worker: renders the song in blocks and sends them straight to the
//! audio worklet, a new one for each that comes back. What is set while it plays is rendered anew from
//! the blocks on that are not about to be heard.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Array, ArrayBuffer, Float32Array, Float64Array};
use stemcheck_session::core::block::Block;
use stemcheck_session::core::null::Recipe;
use stemcheck_session::core::preview::{Bus, Meters, Mix};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::{Moment, Preview};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, MessageChannel, MessageEvent, MessagePort};

use super::feed::{Feed, Loop, block_frames};
use super::message::{Command, Note};
use crate::files::{Blobs, Reading};
use crate::worker::client::words;

/// Channels of a block: left and right of every bus.
const CHANNELS: usize = 2 * Bus::COUNT;

/// An open song being rendered.
pub struct Studio {
    preview: Preview,
    /// What makes the files fit.
    recipe: Option<Recipe>,
    files: Blobs,
    port: MessagePort,
    feed: Feed<Before>,
    /// Whether something was set that the blocks on their way do not know.
    is_changed: bool,
    turns: Turns,
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

/// The moment before a block, to go back to.
struct Before {
    preview: Moment,
    meters: Meters,
}

/// Lets the studio go on after whatever else has been asked by then: one block is rendered a turn, so
/// that nobody waits for many.
struct Turns {
    to: MessagePort,
    is_coming: bool,
    _from: MessagePort,
    _on_turn: Closure<dyn FnMut()>,
}

impl Turns {
    fn new(channel: &MessageChannel, on_turn: impl FnMut() + 'static) -> Self {
        let on_turn = Closure::<dyn FnMut()>::new(on_turn);
        let (to, from) = (channel.port1(), channel.port2());
        from.set_onmessage(Some(on_turn.as_ref().unchecked_ref()));
        Self { to, is_coming: false, _from: from, _on_turn: on_turn }
    }

    /// Has `on_turn` called, if it is not to be called already.
    fn ask(&mut self) -> Result<(), JsValue> {
        if !std::mem::replace(&mut self.is_coming, true) {
            self.to.post_message(&JsValue::NULL)?;
        }
        Ok(())
    }
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
        let done = match (command, &*place) {
            (Command::Open { plan, recipe, mix, makeshift }, _) => {
                let feed = Feed::new(makeshift);
                let (studio, note) = Self::open(&plan, recipe, &mix, feed, attached)?;
                let done = studio.borrow_mut().go_on();
                tell(note);
                *place = Some(studio);
                done
            }
            (Command::Seek { frame, generation }, Some(studio)) => {
                studio.borrow_mut().seek(frame, generation)
            }
            (Command::Loop(stretch), Some(studio)) => studio.borrow_mut().change(|it| {
                it.looped = stretch.and_then(|stretch| Loop::over(stretch, it.sample_rate));
            }),
            (Command::Set(mix), Some(studio)) => {
                studio.borrow_mut().change(|it| it.preview.set(&mix))
            }
            (Command::Fix(on), Some(studio)) => {
                studio.borrow_mut().change(|it| it.preview.fix(it.recipe.as_ref().filter(|_| on)))
            }
            (_, None) => return Err("nothing is open".into()),
        };
        done.map_err(|error| words(&error))
    }

    fn open(
        plan: &NullPlan,
        recipe: Option<Recipe>,
        mix: &Mix,
        feed: Feed<Before>,
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
        let channel = MessageChannel::new().map_err(|error| words(&error))?;
        let studio = Rc::new_cyclic(|me: &Weak<RefCell<Self>>| {
            let of_turn = me.clone();
            let turns = Turns::new(&channel, move || {
                if let Some(studio) = of_turn.upgrade() {
                    studio.borrow_mut().take_turn();
                }
            });
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
                is_changed: false,
                turns,
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

    fn seek(&mut self, frame: u64, generation: u32) -> Result<(), JsValue> {
        self.preview.seek(frame);
        self.feed.seek(generation);
        self.is_changed = false;
        self.go_on()
    }

    /// Changes what is heard. In a turn of its own: many moves of a fader are rendered as one.
    fn change(&mut self, act: impl FnOnce(&mut Self)) -> Result<(), JsValue> {
        act(self);
        self.is_changed = true;
        self.turns.ask()
    }

    /// A block's buffer came back.
    fn take_back(&mut self, event: &MessageEvent) {
        let told: Array = event.data().unchecked_into();
        self.spare.extend(told.get(0).dyn_into::<ArrayBuffer>().ok());
        self.feed.returned(told.get(1).as_f64().unwrap_or_default() as u32);
        if !self.turns.is_coming {
            // The port is gone only if the page is.
            let _ = self.go_on();
        }
    }

    fn take_turn(&mut self) {
        self.turns.is_coming = false;
        let _ = self.go_on();
    }

    /// Renders and sends what is due now, and asks for another turn if that is not all.
    fn go_on(&mut self) -> Result<(), JsValue> {
        if std::mem::take(&mut self.is_changed)
            && let Some(before) = self.feed.step_back()
        {
            self.preview.go_back(before.preview);
            self.meters = before.meters;
        }
        let rendered: Vec<_> = (0..self.feed.due()).map_while(|_| self.render()).collect();
        for (message, transfer) in rendered {
            self.port.post_message_with_transferable(&message, &transfer)?;
        }
        self.files.fetch_ahead();
        if self.feed.due() > 0 { self.turns.ask() } else { Ok(()) }
    }

    /// Renders the next block, the empty one at the end, as the message that brings it, and what goes
    /// over with it; `None` behind the end.
    fn render(&mut self) -> Option<(Array, Array)> {
        if self.feed.due() == 0 {
            return None;
        }
        let before = Before { preview: self.preview.moment(), meters: self.meters.clone() };
        if let Some(start) = self.looped.and_then(|looped| looped.jump(self.preview.position())) {
            self.preview.seek(start);
        }
        let frame = self.preview.position();
        let rendered = self.preview.render(&mut self.blocks);
        let frames = self.fade(frame, rendered);
        let label = self.feed.send(before, frames == 0);
        let message = Array::of4(
            &label.generation.into(),
            &label.place.into(),
            &label.number.into(),
            &JsValue::from(frame as f64),
        );
        let transfer = Array::new();
        if frames > 0 {
            let samples = self.samples(frames);
            transfer.push(&samples.buffer());
            message.push(&samples);
            message.push(&self.readings(frames));
        }
        Some((message, transfer))
    }

    /// Cuts the rendered frames, from `first` on, at the loop's end and fades its joint, and says how many
    /// are left.
    fn fade(&mut self, first: u64, rendered: usize) -> usize {
        let Some(looped) = self.looped else { return rendered };
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
