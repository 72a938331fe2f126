//! Joins the parts: messages change the state, and what changed goes to the engine, the player and
//! the document.

mod deliver;
mod listen;
mod work;

use stemcheck_session::core::preview::Bus;
use stemcheck_session::job::NullPlan;
use stemcheck_session::repair::Repairs;
use yew::prelude::*;

use super::axis::{Axis, Watch};
use super::chooser::{Chooser, Steps};
use super::clock::Clock;
use super::document::{listen, scroll_to};
use super::drop::Handful;
use super::findings::spot;
use super::header::Header;
use super::help::Help;
use super::lane::Scene;
use super::listener::Listener;
use super::meters::Bridge;
use super::profile::ProfileForm;
use super::transport::{Readiness, Transport};
use super::wave::Waves;
use super::{
    Msg, STEMS_ID, SUM_ID, Spot, Target, album, lane_id, offer, profile, song, theme, tongue,
};
use crate::courier::Courier;
use crate::engine::{Dropped, Engine};
use crate::home;
use crate::language;
use crate::look::Looker;
use crate::player::Player;
use crate::state::{Action, Phase, State, View};
use crate::texts;

/// The page.
pub struct App {
    state: State,
    engine: Engine,
    looker: Looker,
    /// Of each song, by its number.
    files: Vec<Vec<Dropped>>,
    /// What came in and may take the place of some of them.
    offered: Option<Handful>,
    /// Files of the song that is shown that the engine does not know yet, by index.
    replaced: Vec<usize>,
    player: Option<Opened>,
    courier: Courier,
    /// What can be repaired of the song that is shown, once that is known.
    repairs: Option<Repairs>,
    axis: Axis,
    clock: Clock,
    bridge: Bridge,
    _watches: [Watch; 2],
    _listeners: Vec<Listener>,
    /// What became possible: an installation, a newer version.
    news: Vec<String>,
    /// Goes up when waveforms have to be drawn again.
    version: u64,
    dragging: bool,
    dark: bool,
}

/// What may become possible, as the script calls it.
pub(super) const INSTALL: &str = "install";
const UPDATE: &str = "update";

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
        let listeners = listen(&ctx.link().callback(|msg| msg));
        let on_news = ctx.link().callback(Msg::News);
        home::on_news(move |news| on_news.emit(news));
        let on_event = ctx.link().callback(|(number, event)| Msg::Engine(number, event));
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
            state: work::remembered(),
            engine: Engine::new(move |number, event| on_event.emit((number, event))),
            looker,
            files: Vec::new(),
            offered: None,
            replaced: Vec::new(),
            player: None,
            courier: Courier::default(),
            repairs: None,
            axis,
            clock,
            bridge: Bridge::default(),
            _watches: [forget, place],
            _listeners: listeners,
            news: Vec::new(),
            version: 0,
            dragging: false,
            dark: theme::is_dark(),
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Nothing => return false,
            Msg::Do(action) => self.act(action),
            Msg::Dropped(Ok(handful)) => self.take(handful),
            Msg::Dropped(Err(why)) => self.act(Action::Noticed(why)),
            Msg::Dragging(over) => return std::mem::replace(&mut self.dragging, over) != over,
            Msg::ReplaceFile(place, file) => {
                self.replace(vec![(place, file.name.clone())], vec![file]);
            }
            Msg::AcceptOffer => self.accept(),
            Msg::OpenOffered => self.open_offered(),
            Msg::ShowSong(number) => self.show_song(ctx, number),
            Msg::Demo(faulty) => {
                self.engine.clear();
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
            Msg::ChooseDaw(daw) => self.act(Action::DawChosen(daw)),
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
            Msg::News(news) => self.news.push(news),
            Msg::Accept(news) => {
                self.news.retain(|it| *it != news);
                home::accept(news);
            }
            Msg::Download => self.download(),
            Msg::DownloadPackage => self.download_package(ctx),
            Msg::DownloadFixed => self.download_fixed(ctx),
            Msg::Parcel(name, parcel) => self.parcel(&name, parcel),
            Msg::HandOff => self.hand_off(),
            Msg::Export => self.export(),
            Msg::SwitchTheme => {
                theme::switch();
                self.recolour();
            }
            Msg::Recolour => self.recolour(),
            Msg::Engine(number, event) => return self.engine_event(ctx, number, event),
            Msg::Player(event) => return self.player_event(event),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let send = ctx.link().callback(|msg| msg);
        html! {
            // Another language is another page: whatever has equal properties is drawn anew all the same.
            <div class={classes!("page", home::is_guest().then_some("guest"))} key={language::code()} ref={self.axis.page()}>
                <Header dark={self.dark} installable={self.has_news(INSTALL)} send={send.clone()} />
                <main>
                    <Chooser compact={self.state.phase != Phase::Empty} dragging={self.dragging}
                        send={send.clone()} />
                    { self.notice(&send) }
                    { self.update_notice(&send) }
                    { offer::view(&self.state, &send) }
                    { album::view(&self.state, &send) }
                    if let Some(song) = &self.state.song {
                        { song::view(&self.state, song, self.repairs.as_ref(), &self.scene(song.seconds(), send.clone())) }
                    } else if self.state.phase == Phase::Composing {
                        <div class="summary-text">
                            <div class="verdict" role="status"><p>{ texts::COMPOSING }</p></div>
                            { song::progress(self.state.phase, &send) }
                        </div>
                    } else {
                        <Steps />
                        { profile::invitation(&self.state, &send) }
                    }
                </main>
                { self.transport(send.clone()) }
                <ProfileForm chosen={self.state.profile_form.then(|| self.state.demands())} send={send.clone()} />
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

    fn has_news(&self, name: &str) -> bool {
        self.news.iter().any(|news| news == name)
    }

    /// A newer version is there; it comes when the user says so, never in the middle of a check.
    fn update_notice(&self, send: &Callback<Msg>) -> Html {
        if !self.has_news(UPDATE) || self.state.is_checking() {
            return Html::default();
        }
        let update = send.reform(|_| Msg::Accept(UPDATE));
        html! {
            <div class="notice" role="status">
                <p>{ texts::UPDATE }</p>
                <button type="button" class="button small" onclick={update}>{ texts::UPDATE_NOW }</button>
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
            <Transport clock={self.clock.clone()} bridge={self.bridge.clone()} looped={self.looped()} listening={self.state.listening.clone()} aim={self.state.aim.clone()}
                turned_db={Bus::ALL.map(|bus| self.state.turned_db(bus))} strands={self.state.strands()} held_back_lufs={self.state.held_back_lufs()} fixes={self.state.has_fixes()} {readiness} seconds={self.seconds()} {send}
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

    /// Draws the waveforms in the theme's colours.
    fn recolour(&mut self) {
        self.dark = theme::is_dark();
        self.version += 1;
    }
}
