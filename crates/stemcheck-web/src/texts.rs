//! Every word on the page, but for what the report says: in English, shown in the page's language.
//!
//! Sentence case, no full stop after a label, units, one decimal. The reader is an artist who has
//! never heard the word "null". Labels that outside checks look for are the contract's, word for word.

use stemcheck_session::core::checks;
use stemcheck_session::core::null::Confidence;
use stemcheck_session::core::preview::Bus;
use stemcheck_session::core::profile::Severity;
use stemcheck_session::core::song::Role;
use stemcheck_session::report::{
    CauseReport, FileReport, FormatReport, MomentReport, NullReport, NullVerdict, Verdict,
};
use stemcheck_session::service::Service;

pub use crate::language::Text;
use crate::language::{fill, say, spoken, texts};
use crate::state::{Mark, Marks, View};

texts! {
pub const NAME: &str = "Stemcheck";
pub const PROMISE: &str = "Know that your stems are right before you send them.";
pub const PRIVACY: &str = "Nothing leaves this computer.";
pub const LANGUAGE: &str = "Language";
pub const TO_DARK: &str = "Dark colours";
pub const TO_LIGHT: &str = "Light colours";

pub const DROP_TITLE: &str = "Drop your stems and your mix here";
pub const DROP_HINT: &str = "One song, or a folder with a folder for each song. Best as WAV or AIFF; FLAC and CAF lose nothing, either. \
     MP3, AAC, M4A, Ogg and Opus are read, but studios refuse them. \
     Files are read where they are and never changed.";
pub const DROP_NOW: &str = "Let go to check these files";
pub const CHOOSE_FILES: &str = "Choose stems";
pub const CHOOSE_FOLDER: &str = "Choose a folder";
pub const DEMO: &str = "Try the demo song";
pub const DEMO_HINT: &str = "Six stems and a mix, with three faults to find";
pub const DEMO_CLEAN: &str = "Demo without faults";

pub const UNTITLED: &str = "Your song";
pub const DEMO_NAME: &str = "Demo song";
pub const NO_AUDIO: &str = "There is no audio file in there. Stemcheck reads WAV, AIFF, CAF, FLAC, MP3, M4A, AAC, Ogg and Opus: try another folder, or choose the files one by one.";
pub const UNREADABLE_DROP: &str =
    "The browser did not let Stemcheck read what you dropped. Try the button \"Choose stems\".";
pub const NOT_SAVED: &str = "The browser did not let Stemcheck save the report.";
pub const DISMISS: &str = "Close";

pub const CANCEL: &str = "Cancel";
pub const CANCELLED: &str = "Cancelled. Nothing was changed.";
pub const CHECK_AGAIN: &str = "Check again";
pub const COMPOSING: &str = "Playing in the demo song…";
pub const PROGRESS: &str = "Checking your files";
pub const PROFILE: &str = "Studio profile";
pub const TEMPO: &str = "Tempo";
pub const TEMPO_UNIT: &str = "BPM";
pub const DOWNLOAD: &str = "Download report";

pub const STEMS_TITLE: &str = "Stems";
pub const OTHERS_TITLE: &str = "Not part of the sum";
pub const ROLE: &str = "Part";
pub const INSTRUMENT: &str = "Instrument";
pub const NO_INSTRUMENT: &str = "Instrument?";
pub const GUESSED: &str = "Guessed";
pub const SAID: &str = "As you said";
pub const TAKE_BACK: &str = "Undo";
pub const REPLACE: &str = "Replace";
pub const WHICH_MIX: &str = "Which file is your mix?";
pub const CHOOSE_MIX: &str = "Choose a file…";
pub const OPEN_AS_SONG: &str = "Check as a new song";
pub const AMENDING: &str = "Checking what has changed…";
pub const WAITING: &str = "Waiting";
pub const WAITING_LONG: &str = "Waiting for its turn…";

pub const ALBUM: &str = "Album";
pub const NOT_CHECKED: &str = "Not checked";
pub const TITLE_MISSING: &str = "No song of this name";
pub const SONG_UNLISTED: &str = "Not in the tracklist";
pub const TRACKLIST: &str = "Tracklist";
pub const ADD_TRACKLIST: &str = "Add a tracklist";
pub const TRACKLIST_HINT: &str = "One title a line, in the order of the album";
pub const USE_TRACKLIST: &str = "Use this order";
pub const GAIN: &str = "Gain";
pub const MUTE: &str = "Mute";
pub const SOLO: &str = "Solo";
pub const UNREADABLE: &str = "This file could not be read.";
pub const MEASURING: &str = "Measuring…";

pub const FINDINGS_TITLE: &str = "What to fix first";
pub const FINDINGS_NONE: &str = "Nothing to fix. Every check passed.";
pub const FINDINGS_WAIT: &str = "Findings appear here as soon as they are certain.";
pub const FINDINGS_CUT: &str = "The check was stopped, so this list is not complete.";
pub const SHOW: &str = "Show";
pub const ALL_FILES: &str = "All files";

pub const NULL_TITLE: &str = "How well do the stems add up to your mix?";
pub const NULL_INTRO: &str = "All stems are played together, your mix is taken away, and this is what is left. \
     Silence means that nothing is missing and nothing was added. Engineers call it a null test.";
pub const NULL_WAIT: &str = "Listening to all files together…";
pub const NULL_NOT_RUN: &str = "The stems were not compared with a mix.";
pub const NULL_DEPTH: &str = "What is left, compared with your mix";
pub const NULL_AFTER: &str = "After the fix";
pub const NULL_CAUSES: &str = "Why something is left";
pub const NULL_NORMAL: &str = "Normal, and what your engineer will think of it";
pub const NULL_EXPECTED: &str = "All of it is normal and needs no fix.";
pub const RESIDUAL: &str = "Difference";
pub const RESIDUAL_HINT: &str = "Stems minus mix, drawn in decibels so that even a whisper shows";
pub const HEAR_DIFFERENCE: &str = "Hear the difference";
pub const GAUGE_LOUD: &str = "As loud as the mix";
pub const GAUGE_SILENT: &str = "Silence";
pub const EXPECTED: &str = "Normal";

pub const SPECTRUM: &str = "By frequency";
pub const SPECTRUM_HINT: &str = "The difference from bass at the bottom to treble at the top";
pub const BLAME_TITLE: &str = "Which file is to blame, and when";
pub const BLAME_HINT: &str = "The stronger the colour, the louder the difference that follows this file. \
     Click to go there.";
pub const BLAME_MIX: &str = "in no single stem";
pub const BAND: &str = "Band";
pub const BAND_ALL: &str = "All";
pub const MOMENTS_TITLE: &str = "The worst moments";
pub const MOMENTS_HINT: &str = "Listen to the difference where it is loudest";
pub const SEVERAL_FILES: &str = "Several files";
pub const RECIPE_TITLE: &str = "What makes them add up";
pub const RECIPE_HINT: &str =
    "Do this to your stems and export them again. The files themselves stay as they are.";
pub const HEAR_FIXED: &str = "Hear the difference after the fixes";
pub const FILE: &str = "File";
pub const CHANGE: &str = "Change";
pub const FORENSICS_TITLE: &str = "What happened to your mix on its way";
pub const FORENSICS_HINT: &str = "Your mix, compared with all stems played together";

pub const AXIS: &str = "Time axis";
pub const ZOOM_IN: &str = "Zoom in";
pub const ZOOM_OUT: &str = "Zoom out";
pub const FIT: &str = "Whole song";

pub const SENDING_TITLE: &str = "Before you send it";
pub const CHECKLIST_TITLE: &str = "What only you can check";
pub const CHECKLIST_HINT: &str = "Your ticks and notes go into the report that you download.";
pub const NOTES: &str = "Notes to the engineer";
pub const NOTES_HINT: &str =
    "What was on the master bus, which songs you like the sound of, what worries you";
pub const SERVICE_TITLE: &str = "Stereo or stem mastering?";
pub const SERVICE_HINT: &str =
    "What the figures say. Your ears and your engineer decide: listen to the rough master.";

pub const PLAYER: &str = "Player";
pub const FIXES: &str = "Play with these fixes";
pub const PLAY: &str = "Play";
pub const PAUSE: &str = "Pause";
pub const STOP: &str = "Stop";
pub const POSITION: &str = "Position";
pub const LISTEN: &str = "Listen to";
pub const MATCH: &str = "Match loudness";
pub const MATCH_HINT: &str = "The louder is turned down, by what stands at each button: louder sounds better, whatever it is";
pub const SOUND: &str = "Sound";
pub const MAKESHIFT: &str = "Without a secure address (https) this browser plays in a simpler way and may stutter. \"Export preview\" gives the exact sound.";
pub const WITHHELD: &str = "The browser holds the sound back. Allow sound for this page and press Play again, or use \"Export preview\".";
pub const CHAIN: &str = "Rough master: loudness";
pub const MASTER_OF: &str = "of";
pub const MASTER_OF_LONG: &str = "Rough master of";
pub const MASTER_OF_HINT: &str = "Stems through the chain are stem mastering, the reference alone is stereo mastering";
pub const BLIND: &str = "Blind test";
pub const BLIND_END: &str = "End the test";
pub const EXPORT: &str = "Export preview";
pub const EXPORT_HINT: &str = "Saves what is heard, the whole song, as a WAV file";
pub const NOT_EXPORTED: &str = "The preview could not be exported.";
pub const BITS: &str = "Word length";
pub const BITS_24: &str = "24-bit";
pub const BITS_32: &str = "32-bit float";
pub const BITS_16: &str = "16-bit, dithered";
pub const TONE: &str = "Tone";
pub const TONE_ON: &str = "changed";
pub const TONE_OFF: &str = "off";
pub const TONE_LOWS: &str = "Lows";
pub const TONE_MIDS: &str = "Mids";
pub const TONE_HIGHS: &str = "Highs";
pub const TONE_COMPRESSOR: &str = "Compress above";
pub const METERS: &str = "Meters";
pub const METER_MOMENTARY: &str = "M";
pub const METER_MOMENTARY_LONG: &str = "Momentary loudness";
pub const METER_SHORT_TERM: &str = "S";
pub const METER_SHORT_TERM_LONG: &str = "Short-term loudness";
pub const METER_TRUE_PEAK: &str = "Peak";
pub const METER_TRUE_PEAK_LONG: &str = "True peak of the last three seconds";
pub const METER_CORRELATION: &str = "Stereo";
pub const METER_CORRELATION_LONG: &str = "Correlation of left and right";
pub const METER_GLUE: &str = "Glue";
pub const METER_GLUE_LONG: &str = "Turned down by the glue compressor";
pub const METER_LIMITER: &str = "Limiter";
pub const METER_LIMITER_LONG: &str = "Turned down by the limiter";
pub const NO_VALUE: &str = "–";
pub const PLAYER_WAIT: &str = "Getting ready to play…";

pub const SHORTCUTS_TITLE: &str = "Keyboard shortcuts";
pub const SHORTCUTS_HINT: &str = "Keyboard shortcuts (?)";

pub const HEAR: &str = "Hear";
pub const HOW_TO_FIX: &str = "How to fix";
pub const END_LOOP: &str = "Stop the loop";
pub const DAW: &str = "Your DAW";
pub const DAW_UNSAID: &str = "As the files tell";
}

/// What the check is about: a heading and a sentence each.
pub const STEPS: [(Text, Text); 3] = [
    (
        Text("Every file"),
        Text(
            "Clipping, headroom, bit depth, lengths, silence: what a mastering studio asks for, measured.",
        ),
    ),
    (
        Text("The sum"),
        Text("Do the stems add up to your mix? If not: which file, why, and by how much."),
    ),
    (
        Text("Your ears"),
        Text("Play stems, mix, their difference and a rough master, at equal loudness."),
    ),
];

/// Keys, and what they do.
pub type Shortcut = (&'static [&'static str], Text);

/// Every key of the page.
pub const SHORTCUTS: [(Text, &[Shortcut]); 4] = [
    (
        Text("Play"),
        &[
            (&["Space"], Text("Play or pause")),
            (&["←", "→"], Text("Five seconds back or on")),
            (&["Shift", "←", "→"], Text("One second back or on")),
            (&["Home"], Text("To the start")),
            (&["1", "2", "3", "4"], Text("Listen to stems, reference, difference, rough master")),
        ],
    ),
    (
        Text("Lanes"),
        &[
            (&["+", "-"], Text("Zoom in or out")),
            (&["0"], Text("Whole song")),
            (&[",", "."], Text("Scroll back or on")),
            (&["Ctrl", "wheel"], Text("Zoom where the pointer is, or pinch")),
            (&["Shift", "wheel"], Text("Scroll, or drag")),
        ],
    ),
    (
        Text("Findings"),
        &[
            (&["N", "P"], Text("Next or previous finding")),
            (&["H"], Text("Hear this finding")),
            (&["Esc"], Text("Stop the loop")),
        ],
    ),
    (
        Text("Files"),
        &[
            (&["Tab"], Text("To the next control")),
            (&["M"], Text("Mute the stem that has the focus")),
            (&["S"], Text("Solo it")),
            (&["?"], Text("This list")),
        ],
    ),
];

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
        Bus::ReferenceMaster => "Rough master of the reference",
    })
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

/// A finding's or cause's amount: "512 samples", "44.1 kHz", "1 click".
pub fn amount(value: Option<f64>, unit: Option<&str>) -> Option<String> {
    Some(checks::number_with_unit(value?, unit.unwrap_or_default(), &spoken()))
}

/// A level or difference in dB.
pub fn decibels(db: f64) -> String {
    format!("{db:.1} dB")
}

/// A level in dBFS.
pub fn dbfs(db: f64) -> String {
    format!("{db:.1} dBFS")
}

/// A level in dBFS at the end of an axis.
pub fn dbfs_whole(db: f64) -> String {
    format!("{db:.0} dBFS")
}

/// A number of dB at an axis, with its sign.
pub fn signed(db: f64) -> String {
    if db == 0.0 { "0 dB".to_owned() } else { format!("{db:+.0} dB") }
}

/// A frequency: "180 Hz", "2.9 kHz", "10 kHz".
pub fn hertz(hz: f64) -> String {
    match hz {
        hz if hz < 1000.0 => format!("{hz:.0} Hz"),
        hz if hz < 9950.0 => format!("{:.1} kHz", hz / 1000.0),
        hz => format!("{:.0} kHz", hz / 1000.0),
    }
}

/// A band by its edges.
pub fn band([low, high]: [f64; 2]) -> String {
    stretch(&hertz(low), &hertz(high))
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

/// A curve's smallest and largest value, each with where it is.
fn extremes(points: &[[f64; 2]]) -> ([f64; 2], [f64; 2]) {
    let by_db = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
    let lowest = points.iter().min_by(by_db).copied().unwrap_or_default();
    (lowest, points.iter().max_by(by_db).copied().unwrap_or_default())
}

/// What a static curve says: level of the sum, and how much louder the mix is there.
pub fn gain_over_level(points: &[[f64; 2]]) -> String {
    let (lowest, highest) = extremes(points);
    let template = if lowest[0] > highest[0] {
        "The louder the song, the more your mix is held back: by up to {range}."
    } else {
        "Loud passages are lifted in your mix: by up to {range}."
    };
    fill(template, &[("range", &decibels(highest[1] - lowest[1]))])
}

/// What gain over time says: seconds, and how much louder the mix is then.
pub fn gain_over_time(points: &[[f64; 2]]) -> String {
    let (lowest, highest) = extremes(points);
    fill(
        "Over the song your mix changes between {lowest} and {highest} against the stems.",
        &[("lowest", &gain(lowest[1])), ("highest", &gain(highest[1]))],
    )
}

/// What an EQ curve says: Hz, and how much louder the mix is there.
pub fn eq_curve(points: &[[f64; 2]]) -> String {
    let (lowest, highest) = extremes(points);
    let [hz, db] = if highest[1].abs() >= lowest[1].abs() { highest } else { lowest };
    fill(
        "Your mix is equalised: most at {frequency}, by {gain}.",
        &[("frequency", &hertz(hz)), ("gain", &gain(db))],
    )
}

/// How wide the mix is.
pub fn width(db: f64) -> String {
    let template = if db > 0.0 {
        "Your mix is {amount} wider than the stems together."
    } else {
        "Your mix is {amount} narrower than the stems together."
    };
    fill(template, &[("amount", &decibels(db.abs()))])
}

/// A gain in dB, with its sign.
pub fn gain(db: f64) -> String {
    // Zero has no sign, also when it is rounded to zero.
    if db.abs() < 0.05 { "0.0 dB".to_owned() } else { format!("{db:+.1} dB") }
}

/// A loudness.
pub fn lufs(lufs: f64) -> String {
    format!("{lufs:.1} LUFS")
}

/// A true peak.
pub fn dbtp(db: f64) -> String {
    format!("{db:.1} dBTP")
}

/// A correlation, -1 to 1.
pub fn correlation(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0 + 0.0;
    format!("{rounded:+.2}")
}

/// What is held back, in dB.
pub fn reduction(db: f64) -> String {
    gain(0.0 - db)
}

/// A preset of the rough mastering chain.
pub fn chain(name: &str, target_lufs: f64) -> String {
    let preset = say(match name {
        "streaming" => "Streaming",
        "album" => "Album",
        "loud" => "Loud",
        _ => "Limiter only",
    });
    format!("{preset}, {target_lufs:.0} LUFS")
}

/// A rough master that stays quieter than asked.
pub fn held_back(lufs: f64) -> String {
    fill("Stays at {lufs} LUFS: more would squash it", &[("lufs", &format!("{lufs:.1}"))])
}

/// While a preview is written.
pub fn exporting(share: f64) -> String {
    fill("Exporting… {percent} %", &[("percent", &format!("{:.0}", share * 100.0))])
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

/// Bits, rate and channels: "24-bit · 48 kHz · stereo"; a lossy file's codec in place of bits.
pub fn format(format: &FormatReport) -> String {
    let word = if format.valid_bits == 0 {
        format.codec.to_uppercase()
    } else if format.float {
        format!("{}-bit float", format.bits)
    } else {
        format!("{}-bit", format.valid_bits)
    };
    let channels = match format.channels {
        1 => say("mono"),
        2 => say("stereo"),
        more => fill("{count} channels", &[("count", &more)]),
    };
    format!("{word} · {} kHz · {channels}", f64::from(format.sample_rate) / 1000.0)
}

/// Label and value of a file's key figures.
pub fn figures(file: &FileReport) -> Vec<(String, String)> {
    let peak = file.levels.as_ref().map(|levels| match levels.peak_dbfs {
        Some(db) => format!("{db:.1} dBFS"),
        None => say("Silence"),
    });
    let loudness = file.loudness.as_ref().and_then(|loudness| loudness.integrated_lufs);
    [("Peak", peak), ("Loudness", loudness.map(|lufs| format!("{lufs:.1} LUFS")))]
        .into_iter()
        .filter_map(|(label, value)| Some((say(label), value?)))
        .collect()
}

/// `lead-vocal` as people write it.
pub fn instrument(name: &str) -> String {
    let words = say(&name.replace('-', " "));
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A time as the player shows it: "1:02.3".
pub fn time(seconds: f64) -> String {
    let tenths = (seconds.max(0.0) * 10.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// A length: "5:00".
pub fn length(seconds: f64) -> String {
    let whole = seconds.max(0.0).round() as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// Where a finding is, for the reader: a moment, a stretch, or the first of several.
pub fn place(start_s: f64, end_s: f64, more: usize) -> String {
    let first = if end_s - start_s >= 1.0 {
        stretch(&time(start_s), &time(end_s))
    } else {
        fill("at {time}", &[("time", &time(start_s))])
    };
    match more {
        0 => first,
        1 => fill("{place} and once more", &[("place", &first)]),
        _ => fill("{place} and {count} times more", &[("place", &first), ("count", &more)]),
    }
}

/// From one time or frequency to another.
fn stretch(from: &str, to: &str) -> String {
    fill("{from} to {to}", &[("from", &from), ("to", &to)])
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

/// A time with as many decimals as a step of the axis needs: "1:02", "1:02.5", "0:12.3042".
pub fn on_axis(at_s: f64, step_s: f64) -> String {
    let decimals = (-step_s.log10()).ceil().clamp(0.0, 6.0) as usize;
    let unit = 10f64.powi(decimals as i32);
    let at_s = (at_s.max(0.0) * unit).round() / unit;
    let minutes = (at_s / 60.0).floor();
    let width = if decimals == 0 { 2 } else { decimals + 3 };
    format!("{minutes:.0}:{:0width$.decimals$}", (at_s - 60.0 * minutes).max(0.0))
}

/// What the lanes show.
pub fn visible(view: &View) -> String {
    if view.is_whole() {
        return FIT.to_string();
    }
    let step_s = view.span_s / 100.0;
    stretch(&on_axis(view.start_s, step_s), &on_axis(view.end_s(), step_s))
}

/// How many files and how long.
pub fn summary(files: usize, seconds: f64) -> String {
    let template = if files == 1 { "1 file" } else { "{count} files" };
    let files = fill(template, &[("count", &files)]);
    if seconds > 0.0 { format!("{files} · {}", length(seconds)) } else { files }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_units_and_one_decimal() {
        assert_eq!(decibels(-112.44), "-112.4 dB");
        assert_eq!(gain(-0.01), "0.0 dB");
        assert_eq!(gain(3.0), "+3.0 dB");
        assert_eq!(amount(Some(512.0), Some("samples")).as_deref(), Some("512 samples"));
        assert_eq!(amount(Some(12.25), Some("samples")).as_deref(), Some("12.2 samples"));
        assert_eq!(amount(Some(3.0), Some("dB")).as_deref(), Some("3.0 dB"));
        assert_eq!(amount(Some(7.0), None).as_deref(), Some("7"));
        assert_eq!(amount(Some(44_100.0), Some("Hz")).as_deref(), Some("44.1 kHz"));
        assert_eq!(amount(Some(1.0), Some("clicks")).as_deref(), Some("1 click"));
        assert_eq!(amount(None, Some("dB")), None);
    }

    #[test]
    fn curves_say_what_they_mean() {
        assert_eq!([hertz(180.0), hertz(2850.0), hertz(10_159.0)], ["180 Hz", "2.9 kHz", "10 kHz"]);
        let held = gain_over_level(&[[-40.0, 0.0], [-3.0, -4.2]]);
        assert!(held.contains("held back: by up to 4.2 dB"), "{held}");
        let curve = eq_curve(&[[100.0, 0.5], [8000.0, -2.1]]);
        assert_eq!(curve, "Your mix is equalised: most at 8.0 kHz, by -2.1 dB.");
        assert!(gain_over_time(&[]).contains("0.0 dB"));
        assert!(width(-1.5).contains("1.5 dB narrower"));
    }

    #[test]
    fn times_roll_over() {
        assert_eq!(time(59.96), "1:00.0");
        assert_eq!(time(-1.0), "0:00.0");
        assert_eq!(time(3661.25), "61:01.3");
        assert_eq!(length(299.6), "5:00");
    }

    #[test]
    fn the_axis_is_as_exact_as_its_steps() {
        assert_eq!(on_axis(62.0, 30.0), "1:02");
        assert_eq!(on_axis(62.5, 0.5), "1:02.5");
        assert_eq!(on_axis(12.304_2, 0.000_2), "0:12.3042");
        assert_eq!(on_axis(59.999_9, 0.1), "1:00.0");
        assert_eq!(on_axis(-1.0, 1.0), "0:00");
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
    fn places_are_moments_or_stretches() {
        assert_eq!(place(12.14, 12.15, 0), "at 0:12.1");
        assert_eq!(place(12.1, 12.2, 1), "at 0:12.1 and once more");
        assert_eq!(place(2.0, 62.0, 4), "0:02.0 to 1:02.0 and 4 times more");
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
