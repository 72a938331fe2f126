//! What leaves the page: downloads, and what the page around is told and handed.

use std::collections::BTreeSet;

use js_sys::{Array, JSON};
use stemcheck_session::package::{Package, PackedSong};
use stemcheck_session::repair::repairs;
use stemcheck_session::report::Report;
use stemcheck_session::{Examination, names};
use wasm_bindgen::JsValue;
use yew::prelude::*;

use super::App;
use crate::courier::{Errand, Parcel};
use crate::engine::Dropped;
use crate::home;
use crate::state::{Action, State};
use crate::texts;
use crate::ui::{Msg, download};

impl App {
    /// Saves what is known of all songs.
    pub(super) fn download(&mut self) {
        let name = match &self.state.song {
            Some(song) if !self.state.is_album() => song.name.clone(),
            _ => texts::ALBUM.to_string(),
        };
        if self.report().is_some_and(|report| download::save(&report, &name).is_err()) {
            self.act(Action::Noticed(texts::NOT_SAVED.to_string()));
        }
    }

    /// Saves everything for the engineer.
    pub(super) fn download_package(&mut self, ctx: &Context<Self>) {
        let numbers = self.state.finished();
        let mut taken = BTreeSet::new();
        let songs = numbers.iter().filter_map(|&number| {
            let pack = |examination: &Examination| PackedSong::new(examination, &mut taken);
            let mut packed = self.engine.ask(number, pack)?;
            self.sign(number, &mut packed.report)?;
            Some(packed)
        });
        let songs: Vec<PackedSong> = songs.collect();
        let name = match songs.as_slice() {
            [song] => song.folder.clone(),
            _ => texts::ALBUM.to_string(),
        };
        let titles = self.state.titles.as_ref().map(|titles| titles.join("\n") + "\n");
        let tracklist = titles.map(|text| ("tracklist.txt".to_owned(), text));
        let files: Vec<Dropped> = numbers
            .iter()
            .filter_map(|&number| self.files.get(number))
            .flatten()
            .cloned()
            .collect();
        let package = Package { name: name.clone(), songs, tracklist };
        self.send(ctx, Errand::Package(Box::new(package)), &files, name + ".zip");
    }

    /// Saves repaired copies of the song that is shown.
    pub(super) fn download_fixed(&mut self, ctx: &Context<Self>) {
        // The list in it is in English, as every file that goes to others.
        let Some(repairs) = self.engine.ask(self.state.shown, repairs) else { return };
        let name = self.state.song.as_ref().map(|song| names::plain(&song.name));
        let folder = name.unwrap_or_default();
        let files = self.shown_files().to_vec();
        let zip = format!("{folder} - {}.zip", texts::FIXED_FILE);
        self.send(ctx, Errand::Repairs(folder, repairs), &files, zip);
    }

    fn send(&mut self, ctx: &Context<Self>, errand: Errand, files: &[Dropped], name: String) {
        self.act(Action::Packing(Some(0.0)));
        let link = ctx.link().clone();
        let tell = move |parcel| link.send_message(Msg::Parcel(name.clone(), parcel));
        self.courier.send(errand, files, tell);
    }

    /// The courier has news.
    pub(super) fn parcel(&mut self, name: &str, parcel: Parcel) {
        match parcel {
            Parcel::Share(share) => self.act(Action::Packing(Some(share))),
            Parcel::Ready(zip) => {
                self.act(Action::Packing(None));
                if download::offer(&zip, name).is_err() {
                    self.act(Action::Noticed(texts::NOT_PACKED.to_string()));
                }
            }
            Parcel::Failed(why) => {
                self.act(Action::Packing(None));
                self.act(Action::Noticed(texts::not_packed(&why)));
            }
        }
    }

    /// What is known of all songs, in English, whatever the page speaks: the engineer reads it too.
    fn report(&self) -> Option<Report> {
        let reports = self.state.finished().into_iter().filter_map(|number| {
            let mut report = self.engine.report(number)?;
            self.sign(number, &mut report)?;
            Some(report)
        });
        Report::joined(reports)
    }

    /// Adds what the artist said of a song to its report.
    fn sign(&self, number: usize, report: &mut Report) -> Option<()> {
        let signature = &self.state.song_at(number)?.0.signature;
        report.sign(&signature.done, &signature.notes);
        Some(())
    }

    /// Tells the page around how far the check is, and what it found.
    pub(super) fn tell(&self, before: &State) {
        let now = self.state.progress();
        if now != before.progress() {
            let (done, total) = now;
            home::tell("stemcheck-progress", &[("done", done.into()), ("total", total.into())]);
        }
        let is_news =
            self.state.is_over() && (!before.is_over() || told(&self.state) != told(before));
        if is_news && let Some(report) = self.report().as_ref().and_then(plain) {
            home::tell("stemcheck-report", &[("report", report)]);
        }
    }

    /// Hands report and files to the page around.
    pub(super) fn hand_off(&mut self) {
        let report = self.report().as_ref().and_then(plain).unwrap_or(JsValue::NULL);
        let files = self.files.iter().flatten().map(Dropped::whole).collect::<Array>();
        home::tell("stemcheck-handoff", &[("report", report), ("files", files.into())]);
    }
}

/// What the page around is told of.
fn told(state: &State) -> impl PartialEq + '_ {
    let songs = (0..state.songs()).filter_map(|number| state.song_at(number));
    songs.map(|(song, _)| (&song.report, &song.signature)).collect::<Vec<_>>()
}

/// A report as a plain object.
fn plain(report: &Report) -> Option<JsValue> {
    JSON::parse(&serde_json::to_string(report).ok()?).ok()
}
