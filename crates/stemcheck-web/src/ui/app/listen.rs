//! What is heard: the player of the song that is shown, and what a message does to it.

use stemcheck_session::core::preview::Bus;
use stemcheck_session::preview::Calibration;
use yew::prelude::*;

use super::{App, Opened};
use crate::player::{Player, PlayerEvent};
use crate::state::{Action, Hearing, Listening};
use crate::texts;
use crate::ui::wave::residual_peak;
use crate::ui::{Msg, download};

impl App {
    /// Opens what can be played, once the examination leaves the machine to it.
    pub(super) fn open_player(&mut self, ctx: &Context<Self>) {
        let (plan, recipe) = match self.engine.examination() {
            Some(examination) => {
                (examination.plan().cloned().map_err(str::to_owned), examination.recipe().cloned())
            }
            None => return,
        };
        match plan {
            Ok(plan) => {
                let on_event = ctx.link().callback(Msg::Player);
                let mix = self.state.mix(&plan);
                let player = Player::new(self.shown_files(), &plan, recipe, mix, move |event| {
                    on_event.emit(event);
                });
                self.player = Some(Opened { player, plan, seconds: None, play: false });
            }
            Err(why) => self.act(Action::Unplayable(why)),
        }
    }

    pub(super) fn player_event(&mut self, event: PlayerEvent) -> bool {
        match event {
            PlayerEvent::Ready { duration_s, calibration, makeshift } => {
                if makeshift {
                    self.act(Action::Makeshift);
                }
                self.ready(duration_s, calibration);
            }
            PlayerEvent::Calibrated { calibration, whole } => {
                self.act(Action::Calibrated(calibration, whole));
            }
            PlayerEvent::Position(at) => {
                self.follow(at);
                return false;
            }
            PlayerEvent::Played(played) => {
                if let Some(Opened { player, .. }) = &self.player {
                    let bus = self.state.listening.bus;
                    self.bridge.show(played, bus, player.sample_rate(), || player.spectrum());
                }
                return false;
            }
            PlayerEvent::Dropouts(count) => {
                self.bridge.show_dropouts(count);
                return false;
            }
            PlayerEvent::Withheld => self.act(Action::Noticed(texts::WITHHELD.to_string())),
            PlayerEvent::Exporting(share) => self.act(Action::Exporting(Some(share))),
            PlayerEvent::Exported(file, bus) => self.exported(&file, bus),
            PlayerEvent::NotExported(why) => {
                self.act(Action::Exporting(None));
                self.act(Action::Noticed(texts::not_exported(&why)));
            }
            PlayerEvent::Playing(playing) => self.act(Action::Playing(playing)),
            PlayerEvent::Error(why) => {
                self.player = None;
                self.act(Action::Unplayable(why));
            }
        }
        true
    }

    /// Catches up with what was set while the player was opening.
    fn ready(&mut self, seconds: f64, calibration: Box<Calibration>) {
        self.act(Action::Calibrated(calibration, false));
        let Some(opened) = &mut self.player else { return };
        opened.seconds = Some(seconds);
        opened.player.listen(self.state.listening.bus);
        opened.player.fix(self.state.listening.fixed);
        let looped = self.state.listening.hearing.as_ref().map(|hearing| hearing.loop_s);
        opened.player.loop_over(looped);
        opened.player.set(&self.state.mix(&opened.plan));
        let (mix, fixed) = self.state.to_calibrate(&opened.plan);
        opened.player.calibrate(mix, fixed);
        opened.player.seek(self.clock.now());
        if opened.play {
            opened.player.play();
        }
    }

    pub(super) fn toggle_play(&mut self) -> bool {
        let playing = self.state.listening.playing;
        let Some(opened) = &mut self.player else { return false };
        match (opened.seconds, playing) {
            (None, _) => opened.play = !opened.play,
            (Some(_), true) => opened.player.pause(),
            (Some(_), false) => opened.player.play(),
        }
        true
    }

    pub(super) fn stop(&mut self) -> bool {
        if let Some(opened) = &mut self.player {
            opened.play = false;
            opened.player.stop();
        }
        self.act(Action::HearingEnded);
        self.seek(0.0);
        true
    }

    /// Moves the playhead; a player that is not ready yet follows later.
    pub(super) fn seek(&mut self, at: f64) -> bool {
        let at = at.clamp(0.0, self.seconds());
        let hearing = self.state.listening.hearing.as_ref();
        let leaves_loop = hearing.is_some_and(|it| !(it.loop_s[0]..=it.loop_s[1]).contains(&at));
        if leaves_loop {
            self.act(Action::HearingEnded);
        }
        self.clock.show(at);
        self.bridge.clear();
        if let Some(Opened { player, seconds: Some(_), .. }) = &self.player {
            player.seek(at);
        }
        leaves_loop
    }

    /// The player is somewhere else. Lanes that showed it turn over when it leaves them.
    fn follow(&mut self, at: f64) {
        let view = self.axis.view();
        let leaves = self.state.listening.playing && view.holds(self.clock.now());
        self.clock.show(at);
        if leaves {
            self.axis.set(view.showing(at));
        }
    }

    /// Plays a finding's place again and again; the one that is heard stops.
    pub(super) fn hear(&mut self, number: usize) -> bool {
        let heard = self.state.listening.hearing.as_ref().map(|hearing| hearing.finding);
        if heard == Some(number) {
            if self.state.listening.playing {
                self.toggle_play();
            }
            self.act(Action::HearingEnded);
            return true;
        }
        let song = self.state.song.as_ref().filter(|_| self.player.is_some());
        let Some(hearing) = song.and_then(|song| Hearing::of(song, number)) else { return false };
        let peak = self.engine.examination().and_then(|it| residual_peak(&it, hearing.loop_s));
        let hearing = hearing.raised(peak);
        let [start, end] = hearing.loop_s;
        self.act(Action::HearingEnded);
        self.seek(start);
        self.act(Action::Heard(hearing));
        self.axis.set(self.axis.view().around(start, end));
        if !self.state.listening.playing {
            self.toggle_play();
        }
        true
    }

    /// Has what is heard written to a file.
    pub(super) fn export(&mut self) {
        let Some(Opened { player, .. }) = &self.player else { return };
        let Listening { bus, bits, matching, .. } = self.state.listening;
        player.export(bus, bits, matching);
        self.act(Action::Exporting(Some(0.0)));
    }

    fn exported(&mut self, file: &web_sys::Blob, bus: Bus) {
        self.act(Action::Exporting(None));
        let Some(song) = &self.state.song else { return };
        let name = format!("{} - {}.wav", song.name, texts::bus(bus));
        if download::offer(file, &name).is_err() {
            self.act(Action::Noticed(texts::NOT_SAVED.to_string()));
        }
    }

    pub(super) fn hear_difference(&mut self, at: Option<f64>) {
        self.act(Action::BusChosen(Bus::Difference));
        if let Some(at) = at {
            self.seek(at);
        }
        if !self.state.listening.playing {
            self.toggle_play();
        }
    }
}
