//! Joins the parts: messages change the state, and what changed goes to the engine, the player and
//! the document.

use stemcheck_session::core::preview::{Bus, Mix};
use stemcheck_session::core::profile::Profile;
use stemcheck_session::core::song::Daw;
use stemcheck_session::job::NullPlan;
use stemcheck_session::{Options, profiles};
use yew::prelude::*;

use super::axis::{Axis, Watch};
use super::chooser::{Chooser, Steps};
use super::clock::Clock;
use super::document::{listen, release_focus, scroll_to};
use super::drop::Handful;
use super::findings::spot;
use super::header::Header;
use super::help::Help;
use super::lane::Scene;
use super::transport::{Readiness, Transport};
use super::wave::{Waves, residual_peak};
use super::{Msg, STEMS_ID, SUM_ID, Spot, Target, download, lane_id, memory, song, theme, tongue};
use crate::engine::{Dropped, Engine, EngineEvent};
use crate::language;
use crate::look::Looker;
use crate::player::{Player, PlayerEvent};
use crate::state::{Action, Hearing, Phase, Signature, State, View};
use crate::texts;

/// The page.
pub struct App {
    state: State,
    engine: Engine,
    looker: Looker,
    files: Vec<Dropped>,
    player: Option<Opened>,
    axis: Axis,
    clock: Clock,
    _watches: [Watch; 2],
    /// Goes up when waveforms have to be drawn again.
    version: u64,
    dragging: bool,
    dark: bool,
}

/// A song in the player.
struct Opened {
    player: Player,
    plan: NullPlan,
    /// Length in seconds, once it can be played.
    seconds: Option<f64>,
    /// Whether to play as soon as it can.
    play: bool,
}

impl Component for App {
    type Message = Msg;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        theme::restore();
        tongue::restore();
        listen(&ctx.link().callback(|msg| msg));
        let on_event = ctx.link().callback(Msg::Engine);
        let axis = Axis::default();
        let clock = Clock::on(axis.clone());
        let looker = {
            let axis = axis.clone();
            Looker::new(move || axis.refresh())
        };
        // Before any lane asks again: only what is visible now is worth reading.
        let forget = {
            let looker = looker.clone();
            axis.watch(Callback::from(move |()| looker.forget_wishes()))
        };
        let place = {
            let clock = clock.clone();
            axis.watch(Callback::from(move |()| clock.place()))
        };
        Self {
            state: State { daw: remembered_daw(), ..State::default() },
            engine: Engine::new(move |event| on_event.emit(event)),
            looker,
            files: Vec::new(),
            player: None,
            axis,
            clock,
            _watches: [forget, place],
            version: 0,
            dragging: false,
            dark: theme::is_dark(),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Nothing => return false,
            Msg::Do(action) => self.act(action),
            Msg::Dropped(Ok(handful)) => self.open(handful),
            Msg::Dropped(Err(why)) => self.act(Action::Noticed(why)),
            Msg::Dragging(over) => return std::mem::replace(&mut self.dragging, over) != over,
            Msg::Demo(faulty) => {
                self.engine.cancel();
                self.player = None;
                self.act(Action::DemoAsked);
                self.engine.demo(faulty);
            }
            Msg::Cancel => {
                self.engine.cancel();
                self.act(Action::Cancelled);
                self.open_player(ctx);
            }
            Msg::TogglePlay => return self.toggle_play(),
            Msg::Stop => return self.stop(),
            Msg::Seek(at) => return self.seek(at),
            Msg::Nudge(by) => return self.seek(self.clock.now() + by),
            Msg::Zoom(factor) => return self.zoom(factor),
            Msg::Fit => return self.look_at(View::whole(self.axis.view().song_s)),
            Msg::Scroll(by) => {
                let view = self.axis.view();
                return self.look_at(view.scrolled(by * view.span_s));
            }
            Msg::Show(spot) => return self.show(spot),
            Msg::ShowFinding(number) => return self.show_finding(number),
            Msg::NextFinding(direction) => {
                let next = self.state.next_finding(direction);
                return next.is_some_and(|number| self.show_finding(number));
            }
            Msg::Hear(number) => return self.hear(number),
            Msg::HearAgain => return self.state.finding.is_some_and(|number| self.hear(number)),
            Msg::ChooseDaw(daw) => {
                memory::remember(DAW_KEY, daw.map_or("", Daw::name));
                self.act(Action::DawChosen(daw));
            }
            Msg::Speak(code) => {
                tongue::choose(code);
                self.engine.retell();
                self.recolour();
            }
            Msg::HearDifference(at) => self.hear_difference(at),
            Msg::HearFixed(at) => {
                self.act(Action::FixesSet(true));
                self.hear_difference(at);
            }
            Msg::Download => self.download(),
            Msg::SwitchTheme => {
                theme::switch();
                self.recolour();
            }
            Msg::Recolour => self.recolour(),
            Msg::Engine(event) => return self.engine_event(ctx, event),
            Msg::Player(event) => return self.player_event(event),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let send = ctx.link().callback(|msg| msg);
        html! {
            // Another language is another page: whatever has equal properties is drawn anew all the same.
            <div class="page" key={language::code()} ref={self.axis.page()}>
                <Header dark={self.dark} send={send.clone()} />
                <main>
                    <Chooser compact={self.state.phase != Phase::Empty} dragging={self.dragging}
                        send={send.clone()} />
                    { self.notice(&send) }
                    if let Some(song) = &self.state.song {
                        { song::view(&self.state, song, &self.scene(song.seconds(), send.clone())) }
                    } else if self.state.phase == Phase::Composing {
                        <div class="summary-text">
                            <div class="verdict" role="status"><p>{ texts::COMPOSING }</p></div>
                            { song::progress(self.state.phase, &send) }
                        </div>
                    } else {
                        <Steps />
                    }
                </main>
                { self.transport(send.clone()) }
                <Help open={self.state.help} {send} />
            </div>
        }
    }
}

/// What the page shows.
impl App {
    fn scene(&self, seconds: f64, send: Callback<Msg>) -> Scene {
        Scene {
            waves: Waves { engine: self.engine.clone(), looker: self.looker.clone() },
            axis: self.axis.clone(),
            seconds,
            version: self.version,
            checking: self.state.is_checking(),
            playable: self.player.is_some(),
            send,
        }
    }

    fn notice(&self, send: &Callback<Msg>) -> Html {
        let Some(notice) = &self.state.notice else { return Html::default() };
        let dismiss = send.reform(|_| Msg::Do(Action::Dismissed));
        html! {
            <div class="notice" role="alert">
                <p>{ notice }</p>
                <button type="button" class="button small" onclick={dismiss}>{ texts::DISMISS }</button>
            </div>
        }
    }

    fn transport(&self, send: Callback<Msg>) -> Html {
        if self.state.song.is_none() {
            return Html::default();
        }
        let readiness = match &self.player {
            None => Readiness::Nothing,
            Some(Opened { seconds: None, .. }) => Readiness::Opening,
            Some(_) => Readiness::Ready,
        };
        html! {
            <Transport clock={self.clock.clone()} looped={self.looped()} listening={self.state.listening.clone()}
                shift_db={self.state.match_shift_db()} fixes={self.state.has_fixes()} {readiness} seconds={self.seconds()} {send}
                reference={self.player.as_ref().is_some_and(|opened| opened.plan.reference.is_some())} />
        }
    }

    /// What is looped, in words.
    fn looped(&self) -> Option<String> {
        let hearing = self.state.listening.hearing.as_ref()?;
        let finding = self.state.song.as_ref()?.told()?.findings.get(hearing.finding)?;
        let title = texts::title(&finding.code);
        Some(texts::hearing(&title, hearing.bus, hearing.boost_db, hearing.loop_s))
    }

    /// Length of what is played, else of what is shown.
    fn seconds(&self) -> f64 {
        let shown = self.state.song.as_ref().map_or(0.0, crate::state::Song::seconds);
        self.player.as_ref().and_then(|opened| opened.seconds).unwrap_or(shown)
    }
}

/// What follows from a message.
impl App {
    /// Changes the state and passes on what follows from it.
    fn act(&mut self, action: Action) {
        let before = self.state.clone();
        self.state = before.clone().after(action.clone());
        let now = &self.state;
        if (&now.profile, now.tempo_bpm) != (&before.profile, before.tempo_bpm) {
            self.engine.set_profile(profile(now), now.tempo_bpm);
        }
        if now.daw != before.daw {
            self.engine.set_daw(now.daw);
        }
        if let (Action::Ticked(..) | Action::NotesSet(_), Some(song)) = (&action, &now.song) {
            memory::remember(&signature_key(&song.name), &song.signature.to_word());
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
            let mix = now.mix(plan);
            if mix != before.mix(plan) {
                player.set(&mix);
            }
        }
        if now.run != before.run {
            self.examine();
        }
    }

    fn open(&mut self, handful: Handful) {
        let names = handful.files.iter().map(|file| file.name.clone()).collect();
        self.files = handful.files;
        self.looker.open(&self.files);
        self.axis.set(View::default());
        // The keys belong to the song now, not to the button that opened it.
        release_focus();
        let remembered = memory::recall(&signature_key(&handful.name));
        self.act(Action::Opened(handful.name, names));
        if let Some(word) = remembered {
            self.act(Action::Signed(Signature::from_word(&word)));
        }
    }

    /// Has the files examined, with everything that the user has set.
    fn examine(&mut self) {
        let Some(song) = &self.state.song else { return };
        let options = Options {
            name: song.name.clone(),
            profile: profile(&self.state),
            roles: song.roles_by_hand(),
            tempo_bpm: self.state.tempo_bpm,
            daw: self.state.daw,
            ..Options::default()
        };
        self.player = None;
        self.clock.show(0.0);
        self.engine.examine(self.files.clone(), options);
    }

    fn engine_event(&mut self, ctx: &Context<Self>, event: EngineEvent) -> bool {
        match event {
            EngineEvent::Progress(done) => self.act(Action::Progressed(done)),
            EngineEvent::Report(report) => {
                self.act(Action::Reported(report));
                let seconds = self.state.song.as_ref().map_or(0.0, crate::state::Song::seconds);
                self.axis.set(self.axis.view().in_song(seconds));
            }
            EngineEvent::Waveforms => self.version += 1,
            EngineEvent::Done => {
                self.act(Action::Finished);
                self.version += 1;
                self.open_player(ctx);
            }
            EngineEvent::Demo(files) if self.state.phase == Phase::Composing => {
                self.open(Handful { name: texts::DEMO_NAME.to_string(), files });
            }
            // Something else was opened meanwhile.
            EngineEvent::Demo(_) => return false,
            EngineEvent::Failed(why) => self.act(Action::Failed(why)),
        }
        true
    }

    /// Opens what can be played, once the examination leaves the machine to it.
    fn open_player(&mut self, ctx: &Context<Self>) {
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
                let player =
                    Player::new(&self.files, &plan, recipe, mix, move |event| on_event.emit(event));
                self.player = Some(Opened { player, plan, seconds: None, play: false });
            }
            Err(why) => self.act(Action::Unplayable(why)),
        }
    }

    fn player_event(&mut self, event: PlayerEvent) -> bool {
        match event {
            PlayerEvent::Ready { duration_s, mix } => self.ready(duration_s, mix),
            PlayerEvent::Position(at) => {
                self.follow(at);
                return false;
            }
            PlayerEvent::Levels { rms_db, .. } => {
                self.clock.show_level(rms_db);
                return false;
            }
            PlayerEvent::Dropouts(_) => return false,
            PlayerEvent::Playing(playing) => self.act(Action::Playing(playing)),
            PlayerEvent::Error(why) => {
                self.player = None;
                self.act(Action::Unplayable(why));
            }
        }
        true
    }

    /// Catches up with what was set while the player was opening.
    fn ready(&mut self, seconds: f64, mix: Mix) {
        self.act(Action::Calibrated(mix));
        let Some(opened) = &mut self.player else { return };
        opened.seconds = Some(seconds);
        opened.player.listen(self.state.listening.bus);
        opened.player.fix(self.state.listening.fixed);
        let looped = self.state.listening.hearing.as_ref().map(|hearing| hearing.loop_s);
        opened.player.loop_over(looped);
        opened.player.set(&self.state.mix(&opened.plan));
        opened.player.seek(self.clock.now());
        if opened.play {
            opened.player.play();
        }
    }

    fn toggle_play(&mut self) -> bool {
        let playing = self.state.listening.playing;
        let Some(opened) = &mut self.player else { return false };
        match (opened.seconds, playing) {
            (None, _) => opened.play = !opened.play,
            (Some(_), true) => opened.player.pause(),
            (Some(_), false) => opened.player.play(),
        }
        true
    }

    fn stop(&mut self) -> bool {
        if let Some(opened) = &mut self.player {
            opened.play = false;
            opened.player.stop();
        }
        self.act(Action::HearingEnded);
        self.seek(0.0);
        true
    }

    /// Moves the playhead; a player that is not ready yet follows later.
    fn seek(&mut self, at: f64) -> bool {
        let at = at.clamp(0.0, self.seconds());
        let hearing = self.state.listening.hearing.as_ref();
        let leaves_loop = hearing.is_some_and(|it| !(it.loop_s[0]..=it.loop_s[1]).contains(&at));
        if leaves_loop {
            self.act(Action::HearingEnded);
        }
        self.clock.show(at);
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

    fn look_at(&mut self, view: View) -> bool {
        self.axis.set(view);
        false
    }

    /// Zooms about the playhead, if it is visible, else about the middle.
    fn zoom(&mut self, factor: f64) -> bool {
        let view = self.axis.view();
        let now = self.clock.now();
        let about = if view.holds(now) { now } else { view.at(0.5) };
        self.look_at(view.zoomed(factor, about))
    }

    /// Brings a finding's place into view, and the playhead there.
    fn show(&mut self, spot: Spot) -> bool {
        match spot.target {
            Target::File(file) => scroll_to(&lane_id(file)),
            Target::Stems => scroll_to(STEMS_ID),
            Target::Sum => scroll_to(SUM_ID),
        }
        if let Some([start, end]) = spot.at {
            self.axis.set(self.axis.view().around(start, end));
            self.seek(start);
        }
        false
    }

    /// Brings a finding into view, by its number.
    fn show_finding(&mut self, number: usize) -> bool {
        let song = self.state.song.as_ref();
        let finding = song.and_then(|song| Some((song, song.told()?.findings.get(number)?)));
        let Some(spot) = finding.map(|(song, finding)| spot(song, finding)) else { return false };
        self.act(Action::FindingShown(number));
        self.show(spot);
        true
    }

    /// Plays a finding's place again and again; the one that is heard stops.
    fn hear(&mut self, number: usize) -> bool {
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

    fn hear_difference(&mut self, at: Option<f64>) {
        self.act(Action::BusChosen(Bus::Difference));
        if let Some(at) = at {
            self.seek(at);
        }
        if !self.state.listening.playing {
            self.toggle_play();
        }
    }

    fn download(&mut self) {
        let Some(song) = &self.state.song else { return };
        // In English, whatever the page speaks: the engineer reads it too.
        let Some(mut report) = self.engine.examination().map(|it| it.report()) else { return };
        for told in &mut report.songs {
            told.sign(&song.signature.done, &song.signature.notes);
        }
        if download::save(&report, &song.name).is_err() {
            self.act(Action::Noticed(texts::NOT_SAVED.to_string()));
        }
    }

    /// Draws the waveforms in the theme's colours.
    fn recolour(&mut self) {
        self.dark = theme::is_dark();
        self.version += 1;
    }
}

/// Where the user's program is remembered.
const DAW_KEY: &str = "stemcheck-daw";

fn remembered_daw() -> Option<Daw> {
    let name = memory::recall(DAW_KEY)?;
    Daw::ALL.into_iter().find(|daw| daw.name() == name)
}

/// Where the artist's part of a song's report is remembered.
fn signature_key(song: &str) -> String {
    format!("stemcheck-signature:{song}")
}

fn profile(state: &State) -> Profile {
    profiles::built_in(&state.profile).unwrap_or_default()
}
