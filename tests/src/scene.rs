//! The language of the songs: Markdown with `song` and `expect` blocks. See `README.md`.

use stemcheck_core::measure::Word;
use stemcheck_core::profile::Severity;
use stemcheck_core::synth::Change;

use crate::band::Part;
use crate::rewrap::Container;
use crate::treat::Treatment;

/// One song and what is expected of it.
#[derive(Debug, Clone)]
pub struct Scene {
    /// The heading above it.
    pub title: String,
    /// Line of its `song` fence, from 1.
    pub line: usize,
    /// The song.
    pub song: SongText,
    /// What the report must say.
    pub expect: Vec<Expect>,
}

/// A song in a few lines.
#[derive(Debug, Clone)]
pub struct SongText {
    /// Hz.
    pub rate: u32,
    /// How files are stored.
    pub word: Word,
    /// Length of every file.
    pub seconds: f64,
    /// Silence before the first sound.
    pub lead_in: f64,
    /// Name of the profile.
    pub profile: String,
    /// Whether the null test is left out.
    pub no_null: bool,
    /// Names of the album's songs, of which this is the first; empty = no album.
    pub album: Vec<String>,
    /// Titles of the album's tracklist; empty = none.
    pub tracklist: Vec<String>,
    /// Whether it comes with checksums, and the files that were changed since.
    pub packed: Option<Vec<String>>,
    /// Its files.
    pub files: Vec<FileText>,
}

/// A file in a line.
#[derive(Debug, Clone)]
pub struct FileText {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub source: Source,
    /// What is then done to it.
    pub steps: Vec<Step>,
}

/// What a file holds before anything goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// An instrument, a take of it, the peak in dBFS that it has in the mix.
    Part(Part, u64, f64),
    /// The mix of all parts.
    Sum,
    /// So many bytes that mean nothing.
    Garbage(usize),
}

/// What is done to a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// To its sound.
    Change(Change),
    /// To its sound too: what a file went through.
    Treatment(Heard, Treatment),
    /// In the mix it is ducked by so many dB when that file sounds.
    Duck(String, f64),
    /// The file holds another take (of a mix: another take of every part) than the song has, between
    /// two seconds.
    Retake(u64, f64, f64),
    /// To its sound, on the way into each file: a chorus of so many Hz that runs freely, so that the
    /// stem and each mix catch another moment of it.
    Chorus(f64),
    /// To the sample rate that its header tells.
    Rate(u32),
    /// To what holds its samples.
    Container(Container),
    /// To its bytes.
    Bytes(ByteChange),
    /// It is not a WAV file but one of this codec: `mp3 192`.
    As(String),
}

/// Who hears a treatment of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Its file: it was exported so.
    Here,
    /// The mix, and the file has it not.
    InMix,
    /// Both: it belongs to the part.
    InBoth,
}

/// What is done to the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ByteChange {
    /// So many bytes are missing at the end.
    Cut(usize),
    /// Only so many bytes are there.
    Keep(usize),
    /// Other bytes at this place.
    Overwrite(usize, Vec<u8>),
    /// A time stamp (`bext`, EBU Tech 3285), in samples.
    Stamp(u64),
    /// The name of a program (`LIST`, `ISFT`).
    MadeBy(String),
}

/// One thing that the report must say, or must not.
#[derive(Debug, Clone, PartialEq)]
pub enum Expect {
    /// The song's verdict, as the report spells it.
    Verdict(String),
    /// One of these null verdicts; none = the null test did not run.
    Null(Vec<String>),
    /// Depth after the fix, below so many dB.
    AfterFix(f64),
    /// Which file is the reference.
    Reference(String),
    /// Not this code.
    No(String),
    /// This finding.
    Finding {
        /// The line, for the message.
        text: String,
        /// Its severity, where it matters.
        severity: Option<Severity>,
        /// Its code.
        code: String,
        /// Its file, and the other one that a cause names.
        files: Vec<String>,
        /// Its value and how far off it may be.
        value: Option<(f64, f64)>,
    },
}

/// Reads every song of a Markdown text.
///
/// # Errors
/// A sentence with the line that is not understood.
pub fn parse(markdown: &str) -> Result<Vec<Scene>, String> {
    let mut scenes: Vec<Scene> = Vec::new();
    let mut title = String::new();
    let mut fence: Option<&str> = None;
    for (i, line) in markdown.lines().enumerate() {
        let number = i + 1;
        let at = |error: String| format!("line {number}: {error}");
        match (fence, line.strip_prefix("```")) {
            (Some(_), Some(_)) => fence = None,
            (Some("song"), None) => {
                let scene = scenes.last_mut().ok_or_else(|| at("no song".into()))?;
                song_line(&mut scene.song, line).map_err(at)?;
            }
            (Some("expect"), None) => {
                let scene = scenes.last_mut().ok_or_else(|| at("no song above".into()))?;
                scene.expect.extend(expect_line(line).map_err(at)?);
            }
            (Some(_), None) => {}
            (None, Some(kind)) => {
                fence = Some(kind);
                match kind {
                    "song" => scenes.push(Scene {
                        title: title.clone(),
                        line: number,
                        song: SongText::default(),
                        expect: Vec::new(),
                    }),
                    "expect" | "text" => {}
                    other => {
                        return Err(at(format!("a fence is song, expect or text, not {other:?}")));
                    }
                }
            }
            (None, None) => {
                if let Some(heading) = line.strip_prefix('#') {
                    heading.trim_start_matches('#').trim().clone_into(&mut title);
                }
            }
        }
    }
    for scene in &scenes {
        if scene.song.files.is_empty() || scene.expect.is_empty() {
            return Err(format!("line {}: a song needs files and an expect block", scene.line));
        }
    }
    Ok(scenes)
}

impl Default for SongText {
    fn default() -> Self {
        Self {
            rate: 48_000,
            word: Word::Int(24),
            seconds: 6.0,
            lead_in: 1.2,
            profile: "generic".into(),
            no_null: false,
            album: Vec::new(),
            tracklist: Vec::new(),
            packed: None,
            files: Vec::new(),
        }
    }
}

/// The files that `band` stands for.
const BAND: [&str; 6] = [
    "Drums.wav: drums at -9",
    "Bass.wav: bass at -13",
    "Keys.wav: keys at -15.5",
    "Guitar.wav: guitar at -17",
    "Lead Vocal.wav: vocal at -12",
    "Mix.wav: sum",
];

fn song_line(song: &mut SongText, line: &str) -> Result<(), String> {
    let line = line.split(" # ").next().unwrap_or_default().trim();
    if line.is_empty() {
        return Ok(());
    }
    if let Some((name, what)) = line.split_once(": ") {
        let file = file_text(name, what)?;
        match song.files.iter_mut().find(|old| old.name == name) {
            Some(old) => *old = file,
            None => song.files.push(file),
        }
        return Ok(());
    }
    match line.split_once(' ').unwrap_or((line, "")) {
        ("band", "") => {
            for line in BAND {
                song_line(song, line)?;
            }
        }
        ("rate", rate) => song.rate = number(rate)?,
        ("bits", "float") => song.word = Word::Float,
        ("bits", bits) => song.word = Word::Int(stored_bits(bits)?),
        ("seconds", seconds) => song.seconds = number(seconds)?,
        ("lead-in", seconds) => song.lead_in = number(seconds)?,
        ("no-null", "") => song.no_null = true,
        ("album", names) => song.album = names.split("; ").map(str::to_owned).collect(),
        ("tracklist", titles) => song.tracklist = titles.split("; ").map(str::to_owned).collect(),
        ("packed", "") => song.packed = Some(Vec::new()),
        ("packed", changed) => song.packed = Some(changed.split("; ").map(str::to_owned).collect()),
        ("profile", name) => name.clone_into(&mut song.profile),
        _ => return Err(format!("{line:?} is neither a setting nor `NAME: what is in it`")),
    }
    Ok(())
}

fn file_text(name: &str, what: &str) -> Result<FileText, String> {
    let mut words = what.split(',').map(str::trim);
    let source = source(words.next().unwrap_or_default())?;
    let steps = words.map(step).collect::<Result<_, _>>()?;
    Ok(FileText { name: name.to_owned(), source, steps })
}

/// `drums`, `keys 2`, `vocal at -12`, `tone 440 at -20`, `sum`, `garbage 5000`.
fn source(text: &str) -> Result<Source, String> {
    let (text, level) = match text.split_once(" at ") {
        Some((text, level)) => (text, number(level)?),
        None => (text, -14.0),
    };
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let count = |usual: u64| if rest.is_empty() { Ok(usual) } else { number(rest) };
    Ok(match word {
        "sum" => Source::Sum,
        "garbage" => Source::Garbage(number(rest)?),
        "tone" => Source::Part(Part::Tone(number(rest)?), 1, level),
        other => {
            let part = Part::named(other).ok_or_else(|| format!("nobody plays {other:?}"))?;
            Source::Part(part, count(1)?, level)
        }
    })
}

fn step(text: &str) -> Result<Step, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let change = match word {
        "late" => Change::Late(number(rest)?),
        "gain" => Change::Gain(number(rest)?),
        "polarity" => Change::Polarity,
        "not-in-mix" => Change::NotInReference,
        "missing" => Change::Missing,
        "doubles" => Change::Doubles(rest.into()),
        "copy" => Change::Copy(rest.into()),
        "clip" => Change::Clip(number(rest)?),
        "over" => Change::Over(number(rest)?),
        "normalise" => Change::Normalise(number(rest)?),
        "dc" => Change::Dc(number(rest)?),
        "bits" => Change::Bits(stored_bits(rest)?),
        "float" => Change::Float,
        "padded" => Change::Padded(number(rest)?),
        "tpdf" => Change::Dither(number(rest)?),
        "limit" => Change::Limit(number(rest)?),
        "dropout" => {
            let (at, samples) = pair(rest, "dropout needs seconds and samples")?;
            Change::Dropout(number(at)?, number(samples)?)
        }
        "click" => {
            let (at, dbfs) = pair(rest, "click needs seconds and dBFS")?;
            Change::Click(number(at)?, number(dbfs)?)
        }
        "moved" => {
            let (at, samples) = pair(rest, "moved needs seconds and samples")?;
            Change::Moved(number(at)?, number(samples)?)
        }
        "repeated" => {
            let (at, samples) = pair(rest, "repeated needs seconds and samples")?;
            Change::Repeated(number(at)?, number(samples)?)
        }
        "nan" => Change::NotANumber,
        "silent" => Change::Silent,
        "mono" => Change::Mono,
        "dual-mono" => Change::DualMono,
        "channels" => Change::Channels(number(rest)?),
        "channel-gain" => {
            let (channel, db) =
                rest.split_once(' ').ok_or("channel-gain needs a channel and dB")?;
            Change::ChannelGain(number(channel)?, number(db)?)
        }
        "out-of-phase" => Change::OutOfPhase,
        "trim" => Change::Trim(number(rest)?),
        "short" => Change::Short(number(rest)?),
        "in-mix" if rest.starts_with("ducked ") => {
            let (name, db) = rest.rsplit_once(' ').ok_or("ducked needs a file and dB")?;
            return Ok(Step::Duck(name.trim_start_matches("ducked ").into(), number(db)?));
        }
        "in-mix" => return Ok(Step::Treatment(Heard::InMix, treatment(rest)?)),
        "in-both" => return Ok(Step::Treatment(Heard::InBoth, treatment(rest)?)),
        "retake" => {
            return Ok(match words(rest)?.as_slice() {
                [take] => Step::Retake(*take as u64, 0.0, f64::INFINITY),
                [take, from, to] => Step::Retake(*take as u64, *from, *to),
                _ => return Err("retake needs a number, or besides from when to when".into()),
            });
        }
        "chorus" => return Ok(Step::Chorus(number(rest)?)),
        "rate" => return Ok(Step::Rate(number(rest)?)),
        "as" => return Ok(Step::As(rest.to_owned())),
        "container" => {
            let container = Container::named(rest);
            return Ok(Step::Container(container.ok_or("rf64, w64, caf and aiff are written")?));
        }
        "cut-bytes" => return Ok(Step::Bytes(ByteChange::Cut(number(rest)?))),
        "keep-bytes" => return Ok(Step::Bytes(ByteChange::Keep(number(rest)?))),
        "stamp" => return Ok(Step::Bytes(ByteChange::Stamp(number(rest)?))),
        "made-by" => return Ok(Step::Bytes(ByteChange::MadeBy(rest.into()))),
        "overwrite" => {
            let (at, hex) = rest.split_once(' ').ok_or("overwrite needs a place and bytes")?;
            let bytes = hex.split(' ').map(|byte| u8::from_str_radix(byte, 16));
            let bytes = bytes.collect::<Result<_, _>>().map_err(|e| format!("{hex:?}: {e}"))?;
            return Ok(Step::Bytes(ByteChange::Overwrite(number(at)?, bytes)));
        }
        _ => return Ok(Step::Treatment(Heard::Here, treatment(text)?)),
    };
    Ok(Step::Change(change))
}

fn treatment(text: &str) -> Result<Treatment, String> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    if word == "coded" {
        return Ok(Treatment::Coded(rest.into()));
    }
    Ok(match (word, words(rest)?.as_slice()) {
        ("resampled", [hz]) => Treatment::Resampled(*hz as u32),
        ("converted", [hz]) => Treatment::Converted(*hz as u32),
        ("low-pass", [hz]) => Treatment::LowPass(*hz),
        ("hum", [hz, dbfs]) => Treatment::Hum(*hz, *dbfs),
        ("noise", [dbfs]) => Treatment::Noise(*dbfs),
        ("swapped", []) => Treatment::Swapped,
        ("wider", [db]) => Treatment::Wider(*db),
        ("lean", [db]) => Treatment::Lean(*db),
        ("channel-late", [channel, later]) => {
            Treatment::ChannelLate(*channel as usize, *later as i64)
        }
        ("bell", [hz, db]) => Treatment::Bell(*hz, *db),
        ("high-shelf", [hz, db]) => Treatment::HighShelf(*hz, *db),
        ("low-shelf", [hz, db]) => Treatment::LowShelf(*hz, *db),
        ("squeezed", [db]) => Treatment::Squeezed(*db),
        ("compressed", [dbfs]) => Treatment::Compressed(*dbfs),
        ("saturated", [db]) => Treatment::Saturated(*db),
        ("drift", [ppm]) => Treatment::Drift(*ppm),
        ("ride", [from, to, db]) => Treatment::Ride(*from, *to, *db),
        ("fade", [from, to]) => Treatment::Fade(*from, *to),
        ("plate", [seconds, db]) => Treatment::Plate(*seconds, *db),
        ("room", [seconds, db]) => Treatment::Room(*seconds, *db),
        ("echo", [seconds, db]) => Treatment::Echo(*seconds, *db),
        _ => return Err(format!("nothing is called {text:?}, or it needs other numbers")),
    })
}

fn words(text: &str) -> Result<Vec<f64>, String> {
    text.split_whitespace().map(number).collect()
}

fn pair<'a>(text: &'a str, otherwise: &str) -> Result<(&'a str, &'a str), String> {
    text.split_once(' ').ok_or_else(|| otherwise.to_owned())
}

/// Reads the lines of an `expect` block.
///
/// # Errors
/// A sentence about the first line that is not understood.
pub fn expected(lines: &str) -> Result<Vec<Expect>, String> {
    lines.lines().filter_map(|line| expect_line(line).transpose()).collect()
}

fn expect_line(line: &str) -> Result<Option<Expect>, String> {
    let line = line.split(" # ").next().unwrap_or_default().trim();
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    Ok(Some(match word {
        "" => return Ok(None),
        "verdict" => Expect::Verdict(rest.into()),
        "null" if rest == "not run" => Expect::Null(Vec::new()),
        "null" => Expect::Null(rest.split(" or ").map(str::to_owned).collect()),
        "after-fix" => Expect::AfterFix(number(rest.trim_start_matches("below "))?),
        "reference" => Expect::Reference(rest.into()),
        "no" => Expect::No(rest.into()),
        _ => finding(line)?,
    }))
}

/// `late-stem: Bass.wav, 512 ± 0.5`, `warning clipping: Drums.wav`, `no-reference`.
fn finding(line: &str) -> Result<Expect, String> {
    let (head, details) = line.split_once(": ").unwrap_or((line, ""));
    let (severity, code) = match head.split_once(' ') {
        Some(("error", code)) => (Some(Severity::Error), code),
        Some(("warning", code)) => (Some(Severity::Warning), code),
        Some(("info", code)) => (Some(Severity::Info), code),
        Some(_) => return Err(format!("{head:?} is no code")),
        None => (None, head),
    };
    let (mut files, mut value) = (Vec::new(), None);
    for item in details.split(", ").filter(|item| !item.is_empty()) {
        let (amount, tolerance) = item.split_once(" ± ").unwrap_or((item, "0"));
        match amount.parse::<f64>() {
            Ok(amount) => value = Some((amount, number(tolerance)?)),
            Err(_) => files.push(item.to_owned()),
        }
    }
    Ok(Expect::Finding { text: line.into(), severity, code: code.into(), files, value })
}

fn stored_bits(text: &str) -> Result<u16, String> {
    match text {
        "16" => Ok(16),
        "24" => Ok(24),
        other => Err(format!("{other:?} bits are not written; 16, 24 or float are")),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.trim().parse().map_err(|_| format!("{text:?} is no number of this kind"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_song() {
        let text = "# One\nprose\n```song\nband\nBass.wav: bass at -10, late 512 # why\nrate 44100\n```\n\
                    ```expect\nverdict fix\nerror late-stem: Bass.wav, 512 ± 0.5\nno clipping\n```\n";
        let scenes = parse(text).unwrap();
        let [scene] = scenes.as_slice() else { panic!("one song") };
        assert_eq!((scene.title.as_str(), scene.line, scene.song.rate), ("One", 3, 44_100));
        assert_eq!(scene.song.files.len(), 6);
        assert_eq!(scene.song.files[1].source, Source::Part(Part::Bass, 1, -10.0));
        assert_eq!(scene.song.files[1].steps, [Step::Change(Change::Late(512.0))]);
        assert_eq!(scene.expect[0], Expect::Verdict("fix".into()));
        assert_eq!(
            scene.expect[1],
            Expect::Finding {
                text: "error late-stem: Bass.wav, 512 ± 0.5".into(),
                severity: Some(Severity::Error),
                code: "late-stem".into(),
                files: vec!["Bass.wav".into()],
                value: Some((512.0, 0.5)),
            }
        );
        assert_eq!(scene.expect[2], Expect::No("clipping".into()));
    }

    #[test]
    fn names_the_line_that_is_wrong() {
        for (line, wrong) in [
            (2, "```song\nA.wav: trombone\n```"),
            (2, "```song\nA.wav: drums, explode\n```"),
            (1, "```python\n```"),
            (2, "```song\ntempo fast\n```"),
            (1, "```song\nA.wav: drums\n```"),
        ] {
            let error = parse(wrong).unwrap_err();
            assert!(error.starts_with(&format!("line {line}:")), "{wrong:?} gave {error:?}");
        }
    }
}
