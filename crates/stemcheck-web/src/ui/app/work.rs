//! What is examined: songs that come in, what the user says about them, and what the engine finds.

use stemcheck_session::core::song::Daw;
use stemcheck_session::repair::repairs_in;
use stemcheck_session::{Examination, Options, profiles};
use yew::prelude::*;

use super::{App, Opened};
use crate::engine::{Dropped, EngineEvent};
use crate::home;
use crate::language::spoken;
use crate::state::{Action, Aim, Corrections, Offer, Phase, Song, State, View};
use crate::texts;
use crate::ui::document::release_focus;
use crate::ui::drop::Handful;
use crate::ui::memory;

impl App {
    /// Changes the state and passes on what follows from it.
    pub(super) fn act(&mut self, action: Action) {
        let before = self.state.clone();
        self.state = before.clone().after(action);
        let now = &self.state;
        if judged_by(now) != judged_by(&before) {
            self.judge();
        }
        if let Some(Opened { player, plan, .. }) = &self.player {
            let looped = |state: &State| state.listening.hearing.as_ref().map(|it| it.loop_s);
            if looped(now) != looped(&before) {
                player.loop_over(looped(now));
            }
            if now.listening.bus != before.listening.bus {
                player.listen(now.listening.bus);
            }
            if now.listening.fixed != before.listening.fixed {
                player.fix(now.listening.fixed);
            }
            if now.to_calibrate(plan) != before.to_calibrate(plan) {
                let (mix, fixed) = now.to_calibrate(plan);
                player.calibrate(mix, fixed);
            }
            let mix = now.mix(plan);
            if mix != before.mix(plan) {
                player.set(&mix);
            }
        }
        remember(now, &before);
        if home::is_watched() {
            self.tell(&before);
        }
        let now = &self.state;
        if now.run != before.run {
            self.examine();
        } else if now.amended != before.amended {
            self.amend();
        }
    }

    /// Songs came in; or files that the song on the page may have been waiting for.
    pub(super) fn take(&mut self, handful: Handful) {
        let song = self.state.song.as_ref().filter(|_| self.state.phase != Phase::Composing);
        let offer = song.zip(handful.loose()).and_then(|(song, files)| {
            let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
            Offer::of(song, &names, handful.onto)
        });
        let Some(offer) = offer else { return self.open(handful) };
        let is_certain = offer.is_certain;
        self.offered = Some(handful);
        self.act(Action::Offered(offer));
        if is_certain {
            self.accept();
        }
    }

    /// Opens songs, with what was said about them on earlier visits.
    pub(super) fn open(&mut self, handful: Handful) {
        let said = Corrections::read(&memory::recall(SONGS_KEY).unwrap_or_default());
        let (mut songs, files): (Vec<Song>, Vec<_>) = handful.songs.into_iter().unzip();
        for song in &mut songs {
            said.apply(song);
        }
        self.engine.clear();
        self.courier.stop();
        self.files = files;
        (self.offered, self.replaced) = (None, Vec::new());
        // The keys belong to the song now, not to the button that opened it.
        release_focus();
        self.act(Action::Opened(songs));
        self.look_at_song();
        if handful.titles.is_some() {
            self.act(Action::TitlesSet(handful.titles));
        }
        if let Some(notice) = handful.notice {
            self.act(Action::Noticed(notice));
        }
    }

    /// Opens what was offered as a song of its own.
    pub(super) fn open_offered(&mut self) {
        if let Some(handful) = self.offered.take() {
            self.open(handful);
        }
    }

    /// Puts what was offered in its places.
    pub(super) fn accept(&mut self) {
        let files = self.offered.take().and_then(|handful| handful.loose().map(<[_]>::to_vec));
        if let Some((offer, files)) = self.state.offer.clone().zip(files) {
            self.replace(offer.replacements(), files);
        }
    }

    /// Puts files in the place of others, by index and new name.
    pub(super) fn replace(&mut self, places: Vec<(usize, String)>, files: Vec<Dropped>) {
        let shown = self.state.shown;
        for ((place, _), file) in places.iter().zip(files) {
            let former = self.files.get_mut(shown).and_then(|files| files.get_mut(*place));
            if let Some(former) = former {
                *former = file;
                self.replaced.push(*place);
            }
        }
        self.looker.open(self.shown_files());
        self.act(Action::Replaced(places));
        self.version += 1;
    }

    /// Looks at another song of the album.
    pub(super) fn show_song(&mut self, ctx: &Context<Self>, number: usize) {
        self.act(Action::SongShown(number));
        self.look_at_song();
        if self.state.phase == Phase::Done {
            self.open_player(ctx);
        }
    }

    /// The song that is shown is another one.
    fn look_at_song(&mut self) {
        self.player = None;
        self.engine.show(self.state.shown);
        self.looker.open(self.shown_files());
        self.clock.show(0.0);
        let seconds = self.state.song.as_ref().map_or(0.0, Song::seconds);
        self.axis.set(View::default().in_song(seconds));
        self.look_for_repairs();
        self.version += 1;
    }

    /// The files of the song that is shown.
    pub(super) fn shown_files(&self) -> &[Dropped] {
        self.files.get(self.state.shown).map_or(&[], Vec::as_slice)
    }

    /// Has the song whose turn it is examined, with everything that the user has set.
    fn examine(&mut self) {
        let Some(number) = self.state.work else { return };
        let Some((song, _)) = self.state.song_at(number) else { return };
        let options = Options {
            name: song.name.clone(),
            profile: self.state.demands(),
            roles: song.roles_by_hand(),
            instruments: song.instruments_by_hand(),
            tempo_bpm: song.tempo_bpm,
            daw: self.state.daw,
            album: self.state.albums().into_iter().nth(number),
            ..Options::default()
        };
        if number == self.state.shown {
            self.close_player();
        }
        self.engine.examine(number, self.files.get(number).cloned().unwrap_or_default(), options);
    }

    /// Has done again what other roles and other files make unknown.
    fn amend(&mut self) {
        let Some(song) = &self.state.song else { return };
        let (roles, replaced) = (song.roles_by_hand(), std::mem::take(&mut self.replaced));
        let number = self.state.shown;
        let files = self.files.get(number).cloned().unwrap_or_default();
        let is_known = self.engine.amend(number, files, |examination, inputs| {
            for file in replaced {
                if let Some(input) = inputs.get(file) {
                    examination.replace(file, input.clone());
                }
            }
            examination.set_roles(roles);
        });
        if is_known {
            self.close_player();
        } else {
            self.examine();
        }
    }

    fn close_player(&mut self) {
        self.player = None;
        self.clock.show(0.0);
    }

    /// Has every song judged by what is asked now.
    fn judge(&self) {
        let profile = self.state.demands();
        let albums = self.state.albums();
        self.engine.judge(|number, examination| {
            let Some((song, _)) = self.state.song_at(number) else { return };
            examination.set_profile(profile.clone(), song.tempo_bpm);
            examination.set_instruments(song.instruments_by_hand());
            examination.set_daw(self.state.daw);
            examination.set_album(albums.get(number).cloned());
        });
    }

    pub(super) fn engine_event(
        &mut self,
        ctx: &Context<Self>,
        number: usize,
        event: EngineEvent,
    ) -> bool {
        let is_shown = number == self.state.shown;
        let act = |app: &mut Self, action| app.act(Action::InSong(number, Box::new(action)));
        match event {
            EngineEvent::Progress(done) => act(self, Action::Progressed(done)),
            EngineEvent::Report(report) => {
                act(self, Action::Reported(report));
                let seconds = self.state.song.as_ref().map_or(0.0, Song::seconds);
                self.axis.set(self.axis.view().in_song(seconds));
                if is_shown {
                    self.look_for_repairs();
                }
            }
            EngineEvent::Waveforms if is_shown => self.version += 1,
            EngineEvent::Done => {
                act(self, Action::Finished);
                if is_shown {
                    self.version += 1;
                    self.look_for_repairs();
                    self.open_player(ctx);
                }
            }
            EngineEvent::Demo(files) if self.state.phase == Phase::Composing => {
                self.open(Handful::song(Some(texts::DEMO_NAME.to_string()), files));
            }
            // Of a song that is not shown, or something else was opened meanwhile.
            EngineEvent::Waveforms | EngineEvent::Demo(_) => return false,
            EngineEvent::Failed(why) => act(self, Action::Failed(why)),
        }
        true
    }

    /// Finds out what can be repaired of the song that is shown, once all is known of it.
    fn look_for_repairs(&mut self) {
        let find = |examination: &Examination| repairs_in(examination, &spoken());
        let is_done = self.state.phase == Phase::Done;
        self.repairs = is_done.then(|| self.engine.ask(self.state.shown, find)).flatten();
    }
}

/// Where the user's program, profile, loudness, and what was said about songs are remembered.
const DAW_KEY: &str = "stemcheck-daw";
const PROFILE_KEY: &str = "stemcheck-profile";
const OWN_PROFILE_KEY: &str = "stemcheck-own-profile";
const AIM_KEY: &str = "stemcheck-aim";
const SONGS_KEY: &str = "stemcheck-songs";

/// The state with what was said on earlier visits.
pub(super) fn remembered() -> State {
    let daw = memory::recall(DAW_KEY);
    let known = |name: &String| profiles::NAMES.contains(&name.as_str());
    let mut state = State {
        aim: Aim::read(&memory::recall(AIM_KEY).unwrap_or_default()),
        daw: Daw::ALL.into_iter().find(|it| daw.as_deref() == Some(it.name())),
        ..State::default()
    };
    state.notice = home::wish("obstacle").map(|why| texts::bad_profile(&why));
    match home::wish("profile") {
        Some(wish) if known(&wish) => state.profile = wish,
        Some(wish) => match profiles::parse(&wish) {
            Ok(own) => {
                state.profile.clone_from(&own.name);
                state.own_profile = Some(own);
            }
            Err(why) => state.notice = Some(texts::bad_profile(&why)),
        },
        // What a studio asks for could not be read; what was remembered is somebody else's.
        None if home::has_its_demands() => {}
        None => {
            let own = memory::recall(OWN_PROFILE_KEY);
            state.own_profile = own.and_then(|own| profiles::parse(&own).ok());
            let is_own =
                |name: &String| state.own_profile.as_ref().is_some_and(|own| own.name == *name);
            let before = memory::recall(PROFILE_KEY).filter(|name| known(name) || is_own(name));
            state.profile = before.unwrap_or(state.profile);
        }
    }
    state
}

/// Remembers what the user has just said.
fn remember(now: &State, before: &State) {
    if now.daw != before.daw {
        memory::remember(DAW_KEY, now.daw.map_or("", Daw::name));
    }
    if now.aim != before.aim {
        memory::remember(AIM_KEY, &now.aim.write());
    }
    // What the page around asks for is not the user's choice.
    if now.profile != before.profile && home::wish("profile").is_none() {
        memory::remember(PROFILE_KEY, &now.profile);
    }
    // A studio's work is not lost with the page.
    if let Some(own) = now.own_profile.as_ref().filter(|_| now.own_profile != before.own_profile) {
        memory::remember(OWN_PROFILE_KEY, &profiles::to_line(own).unwrap_or_default());
    }
    if let Some(song) = &now.song
        && before.song.as_ref().is_some_and(|before| said(before) != said(song))
    {
        let mut corrections = Corrections::read(&memory::recall(SONGS_KEY).unwrap_or_default());
        corrections.note(song);
        memory::remember(SONGS_KEY, &corrections.write());
    }
}

/// What was said about a song.
fn said(song: &Song) -> impl PartialEq {
    (song.roles_by_hand(), song.instruments_by_hand(), song.tempo_bpm, song.signature.clone())
}

/// What findings depend on beside the audio, and needs no reading.
fn judged_by(state: &State) -> impl PartialEq + '_ {
    let songs = (0..state.songs()).filter_map(|number| state.song_at(number));
    let said = songs.map(|(song, _)| (song.tempo_bpm, song.instruments_by_hand()));
    // Asked at every action: compared as it stands, not built.
    (&state.profile, &state.own_profile, state.daw, &state.titles, said.collect::<Vec<_>>())
}
