//! Whether a packed song arrived: its files against the checksums that came with it, its verdict
//! against the one of the report that came with it.
//!
//! Any `SHA256SUMS` will do, as `sha256sum` writes it. The report that came with it is believed only
//! where a person chose (which file is the mix, what an instrument is): what is measured is measured
//! again.

use stemcheck_core::checks::Delivery;
use stemcheck_core::song::{self, Instrument, Role};

use crate::archive::SUMS;
use crate::examination::Options;
use crate::report::{DeliveryReport, Report, SongReport, Verdict};

/// What came with the files.
#[derive(Debug, Clone, PartialEq)]
pub struct Packed {
    /// Name and hash.
    sums: Vec<(String, String)>,
    profile: Option<String>,
    song: Option<SongReport>,
}

/// What came of comparing.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// What is not as it was packed.
    pub(crate) differences: Delivery,
    checksums: usize,
    verdict: Option<(Verdict, String)>,
}

impl Packed {
    /// What the list of checksums and, if there is one, the report say; `None` where the list lists
    /// nothing.
    pub fn parse(sums: &str, report: Option<&str>) -> Option<Self> {
        let sums: Vec<(String, String)> = sums.lines().filter_map(line).collect();
        let report: Option<Report> = report.and_then(|text| serde_json::from_str(text).ok());
        let (profile, song) = match report {
            // Of several songs nobody knows which one this is.
            Some(mut report) if report.songs.len() == 1 => {
                (Some(report.profile), report.songs.pop())
            }
            _ => (None, None),
        };
        (!sums.is_empty()).then_some(Self { sums, profile, song })
    }

    /// What has a checksum besides these files.
    pub fn texts(&self, names: &[&str]) -> Vec<&str> {
        let listed = self.sums.iter().map(|(name, _)| name.as_str());
        listed.filter(|name| !names.contains(name) && *name != SUMS).collect()
    }

    /// What a person chose when the song was packed, as far as its names do not tell.
    pub fn choices(&self, names: &[&str], options: &mut Options) {
        let Some(song) = &self.song else { return };
        let mixes = song::guess_references(names);
        for (at, name) in names.iter().enumerate() {
            let Some(file) = song.files.iter().find(|file| file.name == *name) else { continue };
            let by_name = match mixes.iter().position(|&mix| mix == at) {
                None => Role::Stem,
                Some(0) => Role::Reference,
                Some(_) => Role::Other,
            };
            if file.role != by_name && !options.roles.iter().any(|(by_hand, _)| *by_hand == at) {
                options.roles.push((at, file.role));
            }
            let named =
                |instrument: &Instrument| file.instrument.as_deref() == Some(instrument.name());
            let by_hand = Instrument::ALL.into_iter().find(named);
            if let Some(instrument) = by_hand.filter(|_| song::guess_instrument(name) != by_hand) {
                options.instruments.push((at, instrument));
            }
        }
        if song::guess_tempo(names) != song.tempo_bpm {
            options.tempo_bpm = song.tempo_bpm;
        }
    }

    /// Compares: the hashes of the files, and of [`Self::texts`] in their order; `None` where there
    /// is nothing to read.
    pub fn arrival(
        &self,
        names: &[&str],
        hashes: &[Option<String>],
        texts: &[Option<String>],
    ) -> Arrival {
        let packed = |name: &str| self.sums.iter().find(|(listed, _)| listed == name);
        let mut differences = Delivery::default();
        for (at, (name, hash)) in names.iter().zip(hashes).enumerate() {
            match packed(name) {
                None => differences.added.push(at),
                Some((_, sum)) if Some(sum) != hash.as_ref() => differences.changed.push(at),
                Some(_) => {}
            }
        }
        for (name, hash) in self.texts(names).into_iter().zip(texts) {
            match hash {
                None => differences.missing.push(name.to_owned()),
                Some(hash) if packed(name).is_none_or(|(_, sum)| sum != hash) => {
                    differences.changed_texts.push(name.to_owned());
                }
                Some(_) => {}
            }
        }
        let verdict = self.song.as_ref().map(|song| song.verdict).zip(self.profile.clone());
        Arrival { differences, checksums: self.sums.len(), verdict }
    }
}

impl Arrival {
    pub(crate) fn report(&self, verdict: Verdict) -> DeliveryReport {
        let packed = self.verdict.as_ref();
        DeliveryReport {
            checksums: self.checksums,
            intact: self.differences == Delivery::default(),
            packed_verdict: packed.map(|(verdict, _)| *verdict),
            packed_profile: packed.map(|(_, profile)| profile.clone()),
            same_verdict: packed.map(|(packed, _)| *packed == verdict),
        }
    }
}

/// `DIGITS  NAME` or `DIGITS *NAME`; after a backslash the name is escaped.
fn line(line: &str) -> Option<(String, String)> {
    let (is_escaped, line) = match line.strip_prefix('\\') {
        Some(line) => (true, line),
        None => (false, line),
    };
    let (digits, name) = line.split_once(' ')?;
    let name = name.strip_prefix([' ', '*'])?;
    let name = name.strip_prefix("./").unwrap_or(name);
    let is_hash = digits.len() == 64 && digits.chars().all(|c| c.is_ascii_hexdigit());
    let name = if is_escaped {
        name.replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\")
    } else {
        name.to_owned()
    };
    // The files of a song may lie in one more folder, but no two have one name.
    let name = name.rsplit('/').next().unwrap_or_default().to_owned();
    (is_hash && !name.is_empty()).then(|| (name, digits.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::sha256;
    use crate::report::sample;

    fn sums(files: &[(&str, &str)]) -> String {
        let line = |(name, text): &(&str, &str)| format!("{}  {name}\n", sha256(text.as_bytes()));
        files.iter().map(line).collect()
    }

    #[test]
    fn every_kind_of_difference_is_found() {
        let text =
            sums(&[("A.wav", "a"), ("B.wav", "b"), ("C.wav", "c"), ("n.txt", "n"), ("m.txt", "m")]);
        let packed = Packed::parse(&text, None).unwrap();
        let names = ["A.wav", "B.wav", "D.wav"];
        assert_eq!(packed.texts(&names), ["C.wav", "n.txt", "m.txt"]);
        let hash = |text: &str| Some(sha256(text.as_bytes()));
        let arrival = packed.arrival(
            &names,
            &[hash("a"), hash("other"), hash("d")],
            &[None, hash("n"), hash("other")],
        );
        let expected = Delivery {
            changed: vec![1],
            changed_texts: vec!["m.txt".to_owned()],
            missing: vec!["C.wav".to_owned()],
            added: vec![2],
        };
        assert_eq!(arrival.differences, expected);
        assert!(!arrival.report(Verdict::Ready).intact);
        let whole = packed.arrival(
            &["A.wav", "B.wav", "C.wav"],
            &[hash("a"), hash("b"), hash("c")],
            &[hash("n"), hash("m")],
        );
        assert!(whole.report(Verdict::Ready).intact);
    }

    #[test]
    fn lists_as_programs_write_them() {
        let hash = sha256(b"a");
        let is = |text: String, name: &str| {
            assert_eq!(line(&text), Some((name.to_owned(), hash.clone())), "{text}");
        };
        is(format!("{hash}  A b.wav"), "A b.wav");
        is(format!("{hash} *A.wav"), "A.wav");
        is(format!("{}  ./A.wav", hash.to_uppercase()), "A.wav");
        is(format!("\\{hash}  A\\\\B.wav"), "A\\B.wav");
        for nothing in ["", "# comment", "abc  A.wav", &hash, &format!("{hash}  ")] {
            assert_eq!(line(nothing), None, "{nothing}");
        }
        assert_eq!(Packed::parse("nothing\n", None), None);
    }

    #[test]
    fn what_a_person_chose_is_kept() {
        let mut report = sample::report();
        let files = &mut report.songs[0].files;
        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        files[0].role = Role::Other;
        files[0].instrument = Some("synth".to_owned());
        report.songs[0].tempo_bpm = Some(99.0);
        let packed = Packed::parse(&sums(&[("a", "a")]), Some(&report.to_json().unwrap())).unwrap();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut options = Options::default();
        packed.choices(&names, &mut options);
        assert!(options.roles.contains(&(0, Role::Other)), "{:?}", options.roles);
        assert!(options.instruments.contains(&(0, Instrument::Synth)));
        assert_eq!(options.tempo_bpm, Some(99.0));
    }
}
