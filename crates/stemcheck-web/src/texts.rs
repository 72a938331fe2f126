//! Every word on the page, but for what the report says: in English, shown in the page's language.
//!
//! Sentence case, no full stop after a label, units, one decimal. The reader is an artist who has
//! never heard the word "null". Labels that outside checks look for are the contract's, word for word.
//! Here are the sentences that are put together; labels, figures and what curves say have modules of their own.

mod curves;
mod figures;
mod labels;
mod profile;
mod trouble;

use stemcheck_session::core::checks;
use stemcheck_session::core::null::Confidence;
use stemcheck_session::core::preview::Bus;
use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Role;
use stemcheck_session::report::{CauseReport, MomentReport, NullReport, NullVerdict, Verdict};
use stemcheck_session::service::Service;

pub use crate::language::Text;
use crate::language::{fill, say};
use crate::state::{Handoff, Mark, Marks, View};
pub use curves::*;
use figures::stretch;
pub use figures::*;
pub use labels::*;
pub use profile::*;
pub use trouble::*;

/// What is looped: the finding, the bus and how much it is raised, and where.
pub fn hearing(title: &str, bus_heard: Bus, boost_db: f64, [from_s, to_s]: [f64; 2]) -> String {
    let raised = if boost_db > 0.0 { format!(", {boost_db:+.0} dB") } else { String::new() };
    let stretch = stretch(&time(from_s), &time(to_s));
    format!("{title}: {}{raised}, {stretch}", bus(bus_heard))
}

/// A bus in "Listen to".
pub fn bus(bus: Bus) -> String {
    say(match bus {
        Bus::Stems => "Stems",
        Bus::Reference => "Reference",
        Bus::Difference => "Difference",
        Bus::Master => "Rough master",
        Bus::ReferenceMaster => "Rough stereo master",
    })
}

/// How the sound gets to a bus, and the key that switches to it.
pub fn way(bus: Bus, key: usize) -> String {
    let way = say(match bus {
        Bus::Stems => "All stems through their own faders and tone, added up",
        Bus::Reference => "Your mix as you exported it",
        Bus::Difference => "Stems minus reference: what does not cancel",
        Bus::Master => "Stem mastering: the sum of the stems through the chain",
        Bus::ReferenceMaster => "Stereo mastering: your mix through the same chain",
    });
    fill("{way} (key {key})", &[("way", &way), ("key", &key)])
}

/// How many of all stems are heard.
pub fn part_of(part: usize, all: usize) -> String {
    fill("{part} of {all}", &[("part", &part), ("all", &all)])
}

/// A finding's or cause's title.
pub fn title(code: &str) -> String {
    checks::doc(code).map_or_else(String::new, |doc| say(doc.title))
}

/// Which service suits the song.
pub fn service(service: Service) -> String {
    say(match service {
        Service::Stereo => "A stereo master will do: it is quicker and cheaper.",
        Service::Stems => "A stem master can do more for this song than a stereo one.",
        Service::Neither => "Mend the mix first: neither of the two is a cure for this.",
    })
}

/// A studio profile that cannot be used.
pub fn bad_profile(why: &str) -> String {
    fill(
        "This studio's profile cannot be read ({why}); the general one is used instead.",
        &[("why", &why)],
    )
}

/// A role in a file's list.
pub fn role(role: Role) -> String {
    say(match role {
        Role::Stem => "Stem",
        Role::Reference => "Reference mix",
        Role::Other => "Not part of this",
    })
}

/// The button that takes back what was said about a file.
pub fn take_back(name: &str) -> String {
    fill("Guess again what {name} is", &[("name", &name)])
}

/// The button that puts another file in the place of this one.
pub fn replace(name: &str) -> String {
    fill("Replace {name}", &[("name", &name)])
}

/// Files came in; `former` are those whose place they may take.
pub fn offer(former: &[&str], names: &[String], song: &str) -> String {
    match (former, names) {
        ([former], [name]) if former == name => fill(
            "{name} is part of {song}. Is this a new version of it?",
            &[("name", name), ("song", &song)],
        ),
        ([former], [name]) => {
            fill("Is {name} a new version of {former}?", &[("name", name), ("former", former)])
        }
        _ => fill(
            "{count} of these files are part of {song}. Are they new versions?",
            &[("count", &former.len()), ("song", &song)],
        ),
    }
}

/// The button that says yes to that.
pub fn offer_replace(former: &[&str]) -> String {
    match former {
        [name] => replace(name),
        files => fill("Replace {count} files", &[("count", &files.len())]),
    }
}

/// A loose file came with several songs.
pub fn whose(name: &str) -> String {
    fill(
        "{name} lies beside several songs, and Stemcheck cannot tell to which of them it belongs. \
         Put it into its song's folder.",
        &[("name", &name)],
    )
}

/// Folders of which it cannot be told what they are to their song.
pub fn skipped(folders: &[String]) -> String {
    fill(
        "Not checked, because there are several folders beside the song's files: {folders}. \
         Drop the one that you mean.",
        &[("folders", &folders.join(", "))],
    )
}

/// How many songs of the album are checked.
pub fn album(done: usize, songs: usize) -> String {
    fill("{done} of {songs} songs checked", &[("done", &done), ("songs", &songs)])
}

/// How far a song's check is, 0 to 1.
pub fn checked(done: f64) -> String {
    fill("{percent} % checked", &[("percent", &format!("{:.0}", done * 100.0))])
}

/// What the tracklist calls a song.
pub fn in_tracklist(title: &str) -> String {
    fill("in the tracklist: {title}", &[("title", &title)])
}

/// A song's verdict in the album's list.
pub fn short_verdict(verdict: Verdict) -> String {
    say(match verdict {
        Verdict::Ready => "Ready",
        Verdict::Check => "Have a look",
        Verdict::Fix => "To fix",
    })
}

/// What a severity asks of the reader.
pub fn severity(severity: Severity) -> String {
    say(match severity {
        Severity::Error => "Fix",
        Severity::Warning => "Check",
        Severity::Info => "Note",
    })
}

/// "2 to fix", "1 note".
pub fn count(severity: Severity, count: usize) -> String {
    let template = match severity {
        Severity::Error => "{count} to fix",
        Severity::Warning => "{count} to check",
        Severity::Info if count == 1 => "1 note",
        Severity::Info => "{count} notes",
    };
    fill(template, &[("count", &count)])
}

/// The verdict in one sentence.
pub fn verdict(verdict: Verdict, errors: usize, warnings: usize) -> String {
    match verdict {
        Verdict::Ready => say("Ready to send."),
        Verdict::Check if warnings == 1 => say("Good to send once you have looked at one thing."),
        Verdict::Check => {
            fill("Good to send once you have looked at {count} things.", &[("count", &warnings)])
        }
        Verdict::Fix if errors == 1 => say("Not ready yet: one thing to fix first."),
        Verdict::Fix => fill("Not ready yet: {count} things to fix first.", &[("count", &errors)]),
    }
}

/// What a studio's send button does, or waits for.
pub fn handoff(handoff: Handoff) -> String {
    say(match handoff {
        Handoff::Early => "You can send when the check is over.",
        Handoff::Held(None) => "You can send when every song has been checked to the end.",
        Handoff::Held(Some(Verdict::Fix)) => "You can send when nothing is left to fix.",
        Handoff::Held(_) => "You can send when nothing is left to fix or to check.",
        Handoff::Open(None) => {
            "Gives all files and the report to this website. Not every song was checked to the end."
        }
        Handoff::Open(Some(Verdict::Fix)) => {
            "There is something to fix first. If you send all the same, this website gets all files, \
             and a report that says so."
        }
        Handoff::Open(_) => "Gives all files and the report to this website.",
    })
}

/// While the check runs.
pub fn checking(files: usize) -> String {
    let template = if files == 1 { "Checking 1 file…" } else { "Checking {count} files…" };
    fill(template, &[("count", &files)])
}

/// The null test's result in one sentence.
pub fn null_verdict(verdict: NullVerdict) -> String {
    say(match verdict {
        NullVerdict::Identical => "They are your mix, to the last bit.",
        NullVerdict::WithinBitDepth => {
            "They add up. Only rounding is left, far below anything that can be heard."
        }
        NullVerdict::Inaudible => "They add up. What is left is too quiet to be heard.",
        NullVerdict::Minor => "Almost. A small difference is left.",
        NullVerdict::Audible => "Not quite. The difference can be heard.",
        NullVerdict::Fails => "They do not add up to your mix.",
    })
}

/// How deep the null is.
pub fn depth(null: &NullReport) -> String {
    match null.depth_db {
        Some(db) => decibels(db),
        None => say("Nothing"),
    }
}

/// How sure a cause is.
pub fn confidence(confidence: Confidence) -> String {
    say(match confidence {
        Confidence::Certain => "Certain",
        Confidence::Likely => "Likely",
        Confidence::Possible => "Possible",
    })
}

/// What a cause does to the result.
pub fn explains(cause: &CauseReport) -> String {
    let share = cause.share * 100.0;
    if share >= 0.95 {
        fill("{share} % of what is left", &[("share", &format!("{share:.0}"))])
    } else {
        say("Under 1 % of what is left")
    }
}

/// A file's row in "Which file is to blame", for who cannot see it.
pub fn blame_row(name: &str, db: f64, at_s: f64) -> String {
    fill(
        "Difference that follows {name}: loudest at {time}, {level}",
        &[("name", &name), ("time", &time(at_s)), ("level", &dbfs(db))],
    )
}

/// Files that have nothing to do with the difference.
pub fn blameless(names: &[String]) -> String {
    fill("Not to blame: {names}", &[("names", &names.join(", "))])
}

/// The spectrogram, for who cannot see it.
pub fn spectrum_label(range: [f64; 2]) -> String {
    fill("How loud the difference is over time, from {band}", &[("band", &band(range))])
}

/// The button of a moment.
pub fn hear_at(at_s: f64) -> String {
    fill("Hear the difference at {time}", &[("time", &length(at_s))])
}

/// What is left in a moment.
pub fn moment(moment: &MomentReport) -> String {
    let place = stretch(&length(moment.start_s), &length(moment.end_s));
    match moment.depth_db {
        Some(db) => {
            fill("{place}, {level} against the mix", &[("place", &place), ("level", &decibels(db))])
        }
        None => place,
    }
}

/// A preset of the rough mastering chain.
pub fn chain(name: &str) -> String {
    say(match name {
        "streaming" => "Streaming",
        "album" => "Album",
        "loud" => "Loud",
        _ => "Limiter only",
    })
}

/// A rough master that stays quieter than asked.
pub fn held_back(lufs: f64) -> String {
    fill("Stays at {lufs} LUFS: more would squash it", &[("lufs", &format!("{lufs:.1}"))])
}

/// While a preview is written.
pub fn exporting(share: f64) -> String {
    fill("Exporting… {percent} %", &[("percent", &format!("{:.0}", share * 100.0))])
}

/// While a download is made.
pub fn packing(share: f64) -> String {
    fill("Packing… {percent} %", &[("percent", &format!("{:.0}", share * 100.0))])
}

/// What a blind test compares.
pub fn blind_hint([a, b]: &[String; 2]) -> String {
    fill("Can you tell them apart? A: {a}, B: {b}, and X is one of them", &[("a", a), ("b", b)])
}

/// A guess in the blind test.
pub fn guess(letter: &str) -> String {
    fill("X is {letter}", &[("letter", &letter)])
}

/// The score of a blind test, and what it is worth.
pub fn score(right: u32, rounds: u32, last: Option<bool>, chance: f64) -> String {
    let Some(last) = last else { return say("Which one is X?") };
    let verdict = say(if last { "Right." } else { "Wrong." });
    let counted = fill("{right} of {rounds} right", &[("right", &right), ("rounds", &rounds)]);
    let percent = format!("{:.0}", (chance * 100.0).max(1.0));
    let worth = fill("mere guessing: {percent} %", &[("percent", &percent)]);
    format!("{verdict} {counted} ({worth})")
}

/// `lead-vocal` as people write it.
pub fn instrument(name: &str) -> String {
    let words = say(&name.replace('-', " "));
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The waveform, for who cannot see it: whose, how loud, and what is marked on it.
pub fn waveform(name: &str, peak_dbfs: Option<f64>, marks: &Marks) -> String {
    /// Marks that are read out; more are counted.
    const SAID: usize = 5;
    let peak =
        peak_dbfs.map(|db| fill(", peak {level}", &[("level", &dbfs(db))])).unwrap_or_default();
    // The worst are drawn last.
    let mark = |mark: &Mark| format!("{} {}", mark.title, place(mark.start_s, mark.end_s, 0));
    let marked: Vec<String> = marks.0.iter().rev().take(SAID).map(mark).collect();
    let marked = match marked.as_slice() {
        [] => String::new(),
        some => fill(". Marked: {marks}", &[("marks", &some.join("; "))]),
    };
    let more = match marks.0.len().saturating_sub(SAID) {
        0 => String::new(),
        more => fill("; and {count} more", &[("count", &more)]),
    };
    fill("Waveform of {name}", &[("name", &name)]) + &peak + &marked + &more
}

/// What is under the pointer: time as exact as a pixel is, sample, peak level, finding.
pub fn readout(
    at_s: f64,
    pixel_s: f64,
    sample: f64,
    level_db: Option<f64>,
    finding: Option<&str>,
) -> String {
    let level = level_db.map(|db| if db.is_finite() { dbfs(db) } else { say("Silence") });
    let sample = checks::thousands(sample.max(0.0) as u64);
    let sample = fill("sample {number}", &[("number", &sample)]);
    let parts = [Some(on_axis(at_s, pixel_s)), Some(sample), level, finding.map(str::to_owned)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What the lanes show.
pub fn visible(view: &View) -> String {
    if view.is_whole() {
        return FIT.to_string();
    }
    let step_s = view.span_s / 100.0;
    stretch(&on_axis(view.start_s, step_s), &on_axis(view.end_s(), step_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_visible_is_told_as_exactly_as_it_is_drawn() {
        let near = View { start_s: 12.0, span_s: 4.0, song_s: 300.0 };
        assert_eq!(visible(&near), "0:12.00 to 0:16.00");
        assert_eq!(visible(&View::whole(300.0)), FIT.to_string());
    }

    #[test]
    fn the_pointer_is_told_everything() {
        let told = readout(12.5, 0.001, 600_000.0, Some(-3.21), Some("Clipped"));
        assert_eq!(told, "0:12.500 · sample 600,000 · -3.2 dBFS · Clipped");
        let silent = readout(0.0, 1.0, 0.0, Some(f64::NEG_INFINITY), None);
        assert_eq!(silent, "0:00 · sample 0 · Silence");
    }

    #[test]
    fn a_waveform_is_told_with_its_worst_marks() {
        let mark = |start_s: f64| Mark {
            severity: Severity::Error,
            start_s,
            end_s: start_s,
            title: "Clipped".to_owned(),
        };
        let marks = Marks(std::rc::Rc::new((0..7).map(|at| mark(f64::from(at))).collect()));
        let said = waveform("Bass.wav", Some(-3.0), &marks);
        assert!(said.starts_with("Waveform of Bass.wav, peak -3.0 dBFS. Marked: Clipped at 0:06"));
        assert!(said.ends_with("and 2 more"), "{said}");
        assert_eq!(waveform("Bass.wav", None, &Marks::default()), "Waveform of Bass.wav");
    }

    #[test]
    fn verdicts_count_in_words_that_fit() {
        assert_eq!(verdict(Verdict::Ready, 0, 0), "Ready to send.");
        assert!(verdict(Verdict::Fix, 1, 4).contains("one thing"));
        assert!(verdict(Verdict::Check, 0, 3).contains("3 things"));
    }

    #[test]
    fn an_instrument_reads_like_a_word() {
        assert_eq!(instrument("lead-vocal"), "Lead vocal");
        assert_eq!(instrument(""), "");
    }
}
