//! Plays a song: a worker renders it ahead of time, an `AudioWorklet` plays what the worker sends.
//!
//! The blocks go from the worker to the worklet without passing here; the page only says what is
//! wanted (`Wanted`) and hears where it is. The song's files are read as they are played and never
//! held whole. A second worker, the printer, does what takes long: measuring the whole song and
//! writing the preview to a file.

pub mod chunks;
mod fallback;
pub mod feed;
pub mod message;
mod output;
mod press;
pub mod printer;
pub mod studio;

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use stemcheck_session::core::null::Recipe;
use stemcheck_session::core::preview::{Bus, Mix};
use stemcheck_session::job::NullPlan;
use stemcheck_session::preview::Calibration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, MessagePort};

use self::message::{Bits, Command, Note, Task};
use self::output::{Heard, Output};
use self::press::Press;
use crate::files::Dropped;
use crate::state::Played;
use crate::texts;
use crate::worker::client::Connection;
use crate::worker::message::{Opened, Reply, Request};

/// What happens while a song is open in the player.
#[derive(Debug, Clone, PartialEq)]
pub enum PlayerEvent {
    /// It can be played.
    Ready {
        /// Length in seconds.
        duration_s: f64,
        /// The mix given, with the chain's drives and the gains for equal loudness worked out by a few
        /// stretches. "Match loudness" off = [`Player::set`] with `match_db` all 0.
        calibration: Box<Calibration>,
        /// Whether it plays on the page's own thread, as the browser has nothing better here.
        makeshift: bool,
    },
    /// Drives and gains for equal loudness of what [`Player::calibrate`] was asked for.
    Calibrated {
        /// What was found.
        calibration: Box<Calibration>,
        /// Whether by the whole song: the last word.
        whole: bool,
    },
    /// This was heard.
    Played(Vec<Played>),
    /// The browser holds the sound back.
    Withheld,
    /// So much of the export is written, 0 to 1.
    Exporting(f64),
    /// The exported file, and the bus that is in it.
    Exported(Blob, Bus),
    /// It could not be exported; why.
    NotExported(String),
    /// The play position in seconds; some 25 times a second while it plays, and after a seek.
    Position(f64),
    /// Whether it plays. It stops by itself at the end.
    Playing(bool),
    /// How often the sound broke off so far because the renderer was late.
    Dropouts(u32),
    /// It cannot be played; a sentence for the user.
    Error(String),
}

/// One song, open for playing. Dropping it closes it.
pub struct Player {
    shared: Rc<Shared>,
}

/// What the worklet is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    playing: bool,
    bus: Bus,
    generation: u32,
}

struct Shared {
    on_event: Box<dyn Fn(PlayerEvent)>,
    sample_rate: u32,
    frames: Cell<u64>,
    frame: Cell<u64>,
    wanted: Cell<Wanted>,
    dropouts: Cell<u32>,
    sounded: Cell<bool>,
    is_ready: Cell<bool>,
    output: RefCell<Option<Output>>,
    renderer: RefCell<Option<Connection>>,
    press: Press,
}

impl Player {
    /// Opens the stems and the reference of `plan`, whose indices point into `files`; `recipe` is what
    /// [`Player::fix`] plays them with. Nothing is
    /// taken before [`PlayerEvent::Ready`], and nothing heard before [`Player::play`], which has to
    /// come from a click or a key. Events never come from within a call.
    pub fn new(
        files: &[Dropped],
        plan: &NullPlan,
        recipe: Option<Recipe>,
        mix: Mix,
        on_event: impl Fn(PlayerEvent) + 'static,
    ) -> Self {
        let blobs: Vec<JsValue> = files.iter().map(|dropped| dropped.file.clone().into()).collect();
        let shared = Rc::new(Shared {
            on_event: Box::new(on_event),
            sample_rate: plan.sample_rate,
            frames: Cell::new(0),
            frame: Cell::new(0),
            wanted: Cell::new(Wanted { playing: false, bus: Bus::default(), generation: 0 }),
            dropouts: Cell::new(0),
            sounded: Cell::new(false),
            is_ready: Cell::new(false),
            output: RefCell::new(None),
            renderer: RefCell::new(None),
            press: Press::new(&blobs, Task::Open { plan: plan.clone(), recipe: recipe.clone() }),
        });
        let plan = plan.clone();
        let open = |makeshift| Command::Open { plan, recipe, mix, makeshift };
        spawn_local(start(Rc::downgrade(&shared), open, blobs));
        Self { shared }
    }

    /// Plays on from the position; from the start if it is at the end.
    pub fn play(&self) {
        let shared = &self.shared;
        if !shared.is_ready.get() {
            return;
        }
        if shared.frame.get() >= shared.frames.get() {
            shared.seek(0);
        }
        if let Some(output) = &*shared.output.borrow() {
            let weak = Rc::downgrade(shared);
            output.resume(move || {
                if let Some(shared) = weak.upgrade() {
                    shared.tell(PlayerEvent::Withheld);
                }
            });
        }
        shared.want(Wanted { playing: true, ..shared.wanted.get() });
    }

    /// Holds the position.
    pub fn pause(&self) {
        self.shared.want(Wanted { playing: false, ..self.shared.wanted.get() });
    }

    /// Pauses and goes back to the start.
    pub fn stop(&self) {
        self.pause();
        self.shared.seek(0);
    }

    /// Moves the position.
    pub fn seek(&self, seconds: f64) {
        let frame =
            stemcheck_session::core::units::frames_from_seconds(seconds, self.shared.sample_rate);
        self.shared.seek(frame.min(self.shared.frames.get()));
    }

    /// Switches what is heard, without a gap.
    pub fn listen(&self, bus: Bus) {
        self.shared.want(Wanted { bus, ..self.shared.wanted.get() });
    }

    /// Plays a stretch, in seconds, again and again; `None` plays on. Where it is played from is
    /// [`Player::seek`]'s to say.
    pub fn loop_over(&self, stretch: Option<[f64; 2]>) {
        let frame = |seconds: f64| {
            let frame = stemcheck_session::core::units::frames_from_seconds(
                seconds,
                self.shared.sample_rate,
            );
            frame.min(self.shared.frames.get())
        };
        self.shared.ask(Command::Loop(stretch.map(|stretch| stretch.map(frame))));
    }

    /// Takes new faders, chain and matching; heard within about 100 ms.
    pub fn set(&self, mix: &Mix) {
        self.shared.ask(Command::Set(mix.clone()));
    }

    /// Works out drive and matching of this mix, with the fixes or without, in the background: first
    /// by a few stretches, then by the whole song. A newer question takes the place of an older one.
    pub fn calibrate(&self, mix: Mix, fixed: bool) {
        press::calibrate(&self.shared, mix, fixed);
    }

    /// Writes a bus to a file, once what was asked last of [`Player::calibrate`] is worked out.
    pub fn export(&self, bus: Bus, bits: Bits, matched: bool) {
        press::export(&self.shared, bus, bits, matched);
    }

    /// Levels in dB of what is being heard, evenly spaced up to half the sample rate.
    pub fn spectrum(&self) -> Vec<f32> {
        self.shared.output.borrow().as_ref().map_or_else(Vec::new, Output::spectrum)
    }

    /// Hz.
    pub fn sample_rate(&self) -> u32 {
        self.shared.sample_rate
    }

    /// Plays the files with what makes them fit, or as they are; heard as soon as a fader.
    pub fn fix(&self, on: bool) {
        self.shared.ask(Command::Fix(on));
    }
}

/// Opens output and renderer; whatever fails is told as an event.
async fn start(weak: Weak<Shared>, open: impl FnOnce(bool) -> Command, blobs: Vec<JsValue>) {
    let Some(sample_rate) = weak.upgrade().map(|shared| shared.sample_rate) else { return };
    let heard = weak.clone();
    let on_heard = move |it: Result<Heard, String>| {
        let Some(shared) = heard.upgrade() else { return };
        match it {
            Ok(it) => shared.heard(it),
            Err(why) => shared.fail(&why),
        }
    };
    let opened = Output::open(sample_rate, on_heard).await;
    let Some(shared) = weak.upgrade() else { return };
    let (open, port) = match opened {
        Ok((output, port)) => {
            let open = open(output.is_makeshift());
            shared.output.replace(Some(output));
            (open, port)
        }
        Err(sentence) => return shared.tell(PlayerEvent::Error(sentence)),
    };
    shared.output_wants();
    let renderer = Connection::start(move |reply| {
        let Some(shared) = weak.upgrade() else { return };
        match reply.map(|Opened { value, .. }| value) {
            Ok(Reply::Ready) => shared.open(&open, &port, &blobs),
            Ok(Reply::Played(Note::Open { frames, calibration })) => {
                shared.opened(frames, calibration);
            }
            Ok(Reply::Broken { why, .. }) | Err(why) => shared.fail(&why),
            Ok(_) => {}
        }
    });
    match renderer {
        Ok(renderer) => drop(shared.renderer.replace(Some(renderer))),
        Err(why) => shared.fail(&why),
    }
}

impl Shared {
    fn tell(&self, event: PlayerEvent) {
        (self.on_event)(event);
    }

    /// Tells an event once the call that caused it is over.
    fn tell_later(self: &Rc<Self>, event: PlayerEvent) {
        let shared = Rc::clone(self);
        spawn_local(async move { shared.tell(event) });
    }

    fn fail(&self, why: &str) {
        self.renderer.take();
        self.output.take();
        self.is_ready.set(false);
        self.tell(PlayerEvent::Playing(false));
        self.tell(PlayerEvent::Error(texts::player_stopped(why)));
    }

    fn open(&self, open: &Command, port: &MessagePort, blobs: &[JsValue]) {
        let sent = self.renderer.borrow().as_ref().map(|renderer| {
            let request = Request::Play(open.clone());
            renderer.send(&request, blobs, &[port.into()])
        });
        if let Some(Err(why)) = sent {
            self.fail(&why);
        }
    }

    fn opened(&self, frames: u64, calibration: Box<Calibration>) {
        self.frames.set(frames);
        self.is_ready.set(true);
        let duration_s =
            stemcheck_session::core::units::seconds_from_frames(frames, self.sample_rate);
        let makeshift = self.output.borrow().as_ref().is_some_and(Output::is_makeshift);
        self.tell(PlayerEvent::Ready { duration_s, calibration, makeshift });
    }

    fn ask(&self, command: Command) {
        if !self.is_ready.get() {
            return;
        }
        if let Some(renderer) = &*self.renderer.borrow() {
            // A command is a few bytes; a worker that is gone has said so already.
            let _ = renderer.send(&Request::Play(command), &[], &[]);
        }
    }

    fn want(self: &Rc<Self>, wanted: Wanted) {
        let before = self.wanted.replace(wanted);
        self.output_wants();
        if before.playing != wanted.playing {
            self.tell_later(PlayerEvent::Playing(wanted.playing));
        }
    }

    fn output_wants(&self) {
        if let Some(output) = &*self.output.borrow() {
            output.want(self.wanted.get());
        }
    }

    fn seek(self: &Rc<Self>, frame: u64) {
        let wanted = self.wanted.get();
        // What is rendered already need not be rendered again: the page seeks to 0 as it opens.
        if wanted.playing || self.frame.replace(frame) != frame {
            let generation = wanted.generation.wrapping_add(1);
            self.frame.set(frame);
            self.ask(Command::Seek { frame, generation });
            self.want(Wanted { generation, ..wanted });
        }
        self.tell_later(PlayerEvent::Position(self.seconds(frame)));
    }

    fn seconds(&self, frame: u64) -> f64 {
        stemcheck_session::core::units::seconds_from_frames(frame, self.sample_rate)
    }

    /// The worklet says what came out.
    fn heard(self: &Rc<Self>, heard: Heard) {
        if heard.generation != self.wanted.get().generation {
            return;
        }
        if self.dropouts.replace(heard.dropouts) != heard.dropouts {
            self.tell(PlayerEvent::Dropouts(heard.dropouts));
        }
        let moved = self.frame.replace(heard.frame) != heard.frame;
        if moved {
            self.tell(PlayerEvent::Position(self.seconds(heard.frame)));
        }
        let sounds = heard.power > 0.0;
        if self.sounded.replace(sounds) || sounds || self.wanted.get().playing {
            self.tell(PlayerEvent::Played(heard.played));
        }
        if heard.ended {
            self.want(Wanted { playing: false, ..self.wanted.get() });
        }
    }
}
