//! The words that the text, HTML and Markdown reports share, and the page with them.
//!
//! Decides how verdicts, figures and times are said to a person who has never heard of a null test.
//! Findings' own sentences come from the core; nothing here knows markup.

use stemcheck_core::checks::{CHECKS, Place};
use stemcheck_core::language::Language;
use stemcheck_core::null::Confidence;
use stemcheck_core::profile::Severity;
use stemcheck_core::song::Role;

pub use super::recipe::recipe;
use super::{
    CauseReport, ChecklistItem, DeliveryReport, FileReport, FormatReport, MomentReport, NullReport,
    NullVerdict, RecipeReport, Report, SongReport, Verdict,
};
use crate::service::Service;

/// What stands where there is no figure.
pub const NOTHING: &str = "\u{2013}";

/// The severities as the reports group them, worst first, with their headings.
pub const GROUPS: [(Severity, &str); 3] = [
    (Severity::Error, "Fix before sending"),
    (Severity::Warning, "Look at these"),
    (Severity::Info, "Good to know"),
];

/// The song's verdict in one sentence.
pub fn verdict(song: &SongReport) -> String {
    let count = |severity| song.findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match song.verdict {
        Verdict::Ready => "Ready to send".to_owned(),
        Verdict::Check => format!("Ready to send, with {} to look at first", things(warnings)),
        Verdict::Fix => format!("Not ready to send: {} to fix", things(errors)),
    }
}

fn things(count: usize) -> String {
    if count == 1 { "1 thing".to_owned() } else { format!("{count} things") }
}

/// How the songs of an album do; `None` for a single one.
pub fn album(report: &Report) -> Option<String> {
    let count = |verdict| report.songs.iter().filter(|song| song.verdict == verdict).count();
    (report.songs.len() > 1).then(|| {
        format!(
            "{} songs: {} ready, {} to look at, {} to fix",
            report.songs.len(),
            count(Verdict::Ready),
            count(Verdict::Check),
            count(Verdict::Fix)
        )
    })
}

/// What the null test says, in one sentence.
pub fn null(null: &NullReport) -> String {
    let said = match null.verdict {
        Some(NullVerdict::Identical) => "The stems add up to the mix exactly, bit for bit",
        Some(NullVerdict::WithinBitDepth) => {
            "The stems add up to the mix; only the rounding of the files is left"
        }
        Some(NullVerdict::Inaudible) => {
            "The stems add up to the mix; nobody will hear what is left"
        }
        Some(NullVerdict::Minor) => "The stems nearly add up to the mix; a little is left",
        Some(NullVerdict::Audible) => {
            "The stems do not quite add up to the mix; the difference can be heard"
        }
        Some(NullVerdict::Fails) => "The stems do not add up to the mix",
        None => {
            let why = null.reason.as_deref().unwrap_or("It was not asked for.");
            return format!("Whether the stems add up to the mix was not tested. {why}");
        }
    };
    let normal = if null.expected { ". What is left is normal, no mistake" } else { "" };
    format!("{said}{normal}")
}

/// The figures behind it, one label and value each; none if the test did not run.
pub fn null_figures(null: &NullReport) -> Vec<(&'static str, String)> {
    let mut figures = Vec::new();
    let mut add = |label, value: Option<String>| figures.extend(value.map(|value| (label, value)));
    add("Null depth (what is left, against the mix)", null.depth_db.map(|db| level(db, "dB")));
    add("Null depth once the causes are undone", null.after_fix_depth_db.map(|db| level(db, "dB")));
    add("Where most is left", null.worst.as_ref().map(|w| span(w.start_s, w.end_s)));
    add("Level of what is left", null.residual_rms_dbfs.map(|db| level(db, "dBFS")));
    add("Peak of what is left", null.residual_peak_dbfs.map(|db| level(db, "dBFS")));
    add("Left by rounding alone", null.floor_dbfs.filter(|_| null.run).map(|db| level(db, "dBFS")));
    figures
}

/// How sure a cause is, and how much it explains.
pub fn certainty(cause: &CauseReport) -> String {
    let sure = match cause.confidence {
        Confidence::Certain => "Certain",
        Confidence::Likely => "Likely",
        Confidence::Possible => "Possible",
    };
    let normal = if cause.expected { ", normal" } else { "" };
    format!("{sure}{normal}; undoing it takes off {}", level(cause.explains_db, "dB"))
}

/// Lists about the null test, with their headings; empty ones are left out.
pub fn null_lists(null: &NullReport) -> Vec<(&'static str, Vec<String>)> {
    let english = Language::default();
    let step = |fix: &RecipeReport| format!("{}: {}", fix.file, recipe(fix, &english));
    let steps = null.recipe.iter().map(step).collect();
    let moments = null.moments.iter().map(moment).collect();
    full(vec![("What makes the stems add up", steps), ("Where to listen", moments)])
}

/// All lists about a song, with their headings; empty ones are left out.
pub fn lists(song: &SongReport) -> Vec<(&'static str, Vec<String>)> {
    let mut lists = null_lists(&song.null);
    lists.push(("The delivery", song.delivery.iter().flat_map(delivery).collect()));
    lists.extend(song.service.iter().map(|told| (service(told.service), told.reasons.clone())));
    let notes = song.notes.iter().flat_map(|notes| notes.lines()).map(str::to_owned).collect();
    lists.push(("What only you can check", checklist(song)));
    lists.push(("Notes to the engineer", notes));
    full(lists)
}

/// What a report that is kept says at its end: what was checked and what was not, and which files.
pub fn closing(song: &SongReport) -> Vec<(&'static str, Vec<String>)> {
    let readable = song.files.iter().filter(|file| file.readable).count();
    let files =
        if readable == 1 { "1 file was".to_owned() } else { format!("{readable} files were") };
    let mut checked = vec![format!(
        "{files} read from the first sample to the last, and {} things looked for in them.",
        CHECKS.len()
    )];
    if readable < song.files.len() {
        checked.push(format!("{} could not be read.", things(song.files.len() - readable)));
    }
    checked.push(if song.null.run {
        "The stems were added up and compared with the mix over the whole song.".to_owned()
    } else {
        let why = song.null.reason.as_deref().unwrap_or("Nothing is known of it.");
        format!("The stems were not compared with the mix. {why}")
    });
    checked.push(
        "No program can tell whether this is the right mix, whether an effect is meant to be there, or \
         whether the song sounds as you want it."
            .to_owned(),
    );
    let hash = |file: &FileReport| Some(format!("{}  {}", file.sha256.as_ref()?, file.name));
    let hashes = song.files.iter().filter_map(hash).collect();
    full(vec![("What was checked", checked), ("Checksums (SHA-256)", hashes)])
}

/// How a packed song arrived: its checksums, its verdict.
fn delivery(delivery: &DeliveryReport) -> Vec<String> {
    let DeliveryReport { checksums, .. } = delivery;
    let arrived = if delivery.intact {
        format!("All {checksums} checksums agree: the files are those that were packed.")
    } else {
        "Something is not as it was packed; the findings name it.".to_owned()
    };
    let verdict = delivery.packed_verdict.zip(delivery.packed_profile.as_ref());
    let said = verdict.map(|(verdict, profile)| {
        let verdict = match verdict {
            Verdict::Ready => "ready",
            Verdict::Check => "check",
            Verdict::Fix => "fix",
        };
        if delivery.same_verdict == Some(true) {
            format!("The verdict is the one of the report that came with it: {verdict}.")
        } else {
            format!("The report that came with it said \"{verdict}\", by the profile {profile}.")
        }
    });
    std::iter::once(arrived).chain(said).collect()
}

fn full(lists: Vec<(&'static str, Vec<String>)>) -> Vec<(&'static str, Vec<String>)> {
    lists.into_iter().filter(|(_, lines)| !lines.is_empty()).collect()
}

/// Which service suits the song, as a sentence; its reasons follow.
pub fn service(service: Service) -> &'static str {
    match service {
        Service::Stereo => "By its figures a stereo master will do: it is quicker and cheaper",
        Service::Stems => {
            "By its figures a stem master can do more for this song than a stereo one"
        }
        Service::Neither => "Mend the mix first: neither a stereo nor a stem master is a cure",
    }
}

/// What only the artist knows: `[x] This is the latest mix.`
pub fn checklist(song: &SongReport) -> Vec<String> {
    let line =
        |item: &ChecklistItem| format!("[{}] {}", if item.done { 'x' } else { ' ' }, item.text);
    song.checklist.iter().map(line).collect()
}

/// A moment to listen to: where, how much is left, and which file it follows.
pub fn moment(moment: &MomentReport) -> String {
    let depth = moment.depth_db.map(|db| format!(": {} against the mix", level(db, "dB")));
    let follows = moment.file.as_ref().map(|file| format!(", follows {file}"));
    let place = span(moment.start_s, moment.end_s);
    format!("{place}{}{}", depth.unwrap_or_default(), follows.unwrap_or_default())
}

/// The columns of the table of files.
pub const COLUMNS: [&str; 7] =
    ["File", "Role", "Format", "Length", "Peak dBFS", "True peak dBTP", "Loudness LUFS"];

/// A file's row under [`COLUMNS`].
pub fn row(file: &FileReport) -> [String; 7] {
    let level = |db: Option<f64>| db.map_or_else(|| NOTHING.to_owned(), decimal);
    let levels = file.levels.as_ref();
    [
        file.name.clone(),
        match file.role {
            Role::Stem => "stem",
            Role::Reference => "mix",
            Role::Other => "other",
        }
        .to_owned(),
        file.format.as_ref().map_or_else(|| "not readable".to_owned(), format),
        file.format.as_ref().map_or_else(|| NOTHING.to_owned(), |format| clock(format.seconds)),
        level(levels.and_then(|levels| levels.peak_dbfs)),
        level(levels.and_then(|levels| levels.true_peak_dbtp)),
        level(file.loudness.as_ref().and_then(|loudness| loudness.integrated_lufs)),
    ]
}

/// A format as it is spoken of: `WAV, 48 kHz, 24-bit, stereo`; a lossy file has no bits, and a codec
/// that its container does not imply is named: `M4A (AAC), 48 kHz, stereo`.
pub fn format(format: &FormatReport) -> String {
    let float = if format.float { " float" } else { "" };
    let bits = match format.valid_bits {
        0 => String::new(),
        bits => format!("{bits}-bit{float}, "),
    };
    let container = format.container.to_uppercase();
    let container = match format.codec.to_uppercase() {
        codec if codec == container || codec == "PCM" => container,
        codec => format!("{container} ({codec})"),
    };
    let channels = match format.channels {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        n => format!("{n} channels"),
    };
    format!("{container}, {} kHz, {bits}{channels}", f64::from(format.sample_rate) / 1000.0)
}

/// Which programs wrote the files, as they say themselves; `None` if none does.
pub fn origin(files: &[FileReport]) -> Option<String> {
    /// Names of programs are short; what is longer is somebody's note.
    const LONGEST: usize = 40;
    let mut programs: Vec<&str> = Vec::new();
    for file in files {
        let told = file.tags.as_ref().and_then(|tags| tags.originator.as_deref());
        if let Some(told) = told
            && told.chars().count() <= LONGEST
            && !programs.contains(&told)
        {
            programs.push(told);
        }
    }
    match programs.as_slice() {
        [] => None,
        [one] => Some(format!("According to the files, written by {one}")),
        [one, other] => Some(format!("According to the files, written by {one} and {other}")),
        many => Some(format!("According to the files, written by {} programs", many.len())),
    }
}

/// Where a finding is: the first places, and how many more.
pub fn places(places: &[Place]) -> Option<String> {
    const SHOWN: usize = 4;
    let mut said: Vec<String> =
        places.iter().take(SHOWN).map(|place| span(place.start_s, place.end_s)).collect();
    said.dedup();
    if places.len() > SHOWN {
        said.push(format!("{} more", places.len() - SHOWN));
    }
    (!said.is_empty()).then(|| said.join(", "))
}

/// A stretch of time; a moment if both ends print alike.
fn span(start_s: f64, end_s: f64) -> String {
    let (start, end) = (clock(start_s), clock(end_s));
    if start == end { start } else { format!("{start} to {end}") }
}

/// Minutes and seconds: `3:05.2`.
pub fn clock(seconds: f64) -> String {
    let tenths = (seconds * 10.0).round().max(0.0) as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

fn level(value: f64, unit: &str) -> String {
    format!("{} {unit}", decimal(value))
}

/// One decimal, with a true minus sign, never "-0.0".
fn decimal(value: f64) -> String {
    let digits = format!("{:.1}", value.abs());
    if value < 0.0 && digits != "0.0" { format!("\u{2212}{digits}") } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn numbers_and_times() {
        assert_eq!(decimal(-3.16), "\u{2212}3.2");
        assert_eq!(decimal(-0.01), "0.0");
        assert_eq!(clock(185.26), "3:05.3");
        assert_eq!(span(12.1, 12.1001), "0:12.1");
        assert_eq!(span(61.0, 64.0), "1:01.0 to 1:04.0");
    }

    #[test]
    fn lists_are_there_if_they_hold_anything() {
        let mut song = sample::report().songs.remove(0);
        let said: Vec<_> = lists(&song).into_iter().map(|(_, lines)| lines.join("; ")).collect();
        let moment = "1:01.0 to 1:04.0: \u{2212}12.0 dB against the mix, follows Bass.wav";
        let told = [
            "Bass.wav: 480 samples earlier",
            moment,
            "The lead vocal stands behind the mix.",
            "[x] This is the latest mix.; [ ] I have listened to it.",
            "Please keep it <warm>.; Thank you!",
        ];
        assert_eq!(said, told);
        (song.null.recipe, song.null.moments) = (Vec::new(), Vec::new());
        (song.service, song.notes) = (None, None);
        song.checklist.clear();
        assert!(lists(&song).is_empty());
    }

    #[test]
    fn a_kept_report_says_what_was_checked() {
        let mut song = sample::report().songs.remove(0);
        song.files[0].sha256 = Some("00ff".to_owned());
        let closing = closing(&song);
        let (_, checked) = &closing[0];
        assert!(checked.iter().any(|line| line.contains("over the whole song")), "{checked:?}");
        assert!(checked.iter().any(|line| line.starts_with("No program can tell")));
        assert_eq!(closing[1].1, [format!("00ff  {}", song.files[0].name)]);
        song.null.run = false;
        song.null.reason = Some("There is no mix.".to_owned());
        let (_, checked) = &super::closing(&song)[0];
        assert!(checked.iter().any(|line| line.ends_with("with the mix. There is no mix.")));
    }

    #[test]
    fn a_song_is_signed_by_its_artist() {
        let mut song = sample::report().songs.remove(0);
        song.sign(&["I have listened to it.".to_owned(), "Not asked.".to_owned()].into(), "  ");
        assert_eq!(checklist(&song), ["[ ] This is the latest mix.", "[x] I have listened to it."]);
        assert_eq!(song.notes, None);
        song.sign(&[].into(), " Warm, please.\n");
        assert_eq!(song.notes.as_deref(), Some("Warm, please."));
    }

    #[test]
    fn many_places_are_counted() {
        let place = |start_s| Place { start_s, end_s: start_s, channel: None };
        let said = places(&(0..20).map(|i| place(f64::from(i))).collect::<Vec<_>>());
        assert_eq!(said.as_deref(), Some("0:00.0, 0:01.0, 0:02.0, 0:03.0, 16 more"));
        assert_eq!(places(&[]), None);
    }

    #[test]
    fn verdicts_count_what_matters() {
        let mut song = sample::report().songs.remove(0);
        assert_eq!(verdict(&song), "Not ready to send: 1 thing to fix");
        song.verdict = Verdict::Check;
        assert_eq!(verdict(&song), "Ready to send, with 2 things to look at first");
        song.verdict = Verdict::Ready;
        assert_eq!(verdict(&song), "Ready to send");
    }

    #[test]
    fn a_null_test_that_did_not_run_says_why() {
        let mut report = sample::report().songs.remove(0).null;
        report.verdict = None;
        report.reason = Some("There is no mix.".to_owned());
        assert!(null(&report).ends_with("was not tested. There is no mix."));
    }
}
