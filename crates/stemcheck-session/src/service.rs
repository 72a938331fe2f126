//! Which service suits the song: a stereo master or a stem master, as far as its figures tell.
//!
//! The guides say: a good, finished mix needs no more than a stereo master, which is quicker and
//! cheaper; stems help where one group has to be reached by itself (a buried vocal, a boomy low end,
//! dense layers); and neither is a cure for a flawed mix. Decides by levels alone, with limits that
//! only plain cases pass, and says its reasons: ears decide.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use stemcheck_core::language::Language;
use stemcheck_core::song::{Instrument, Role};
use stemcheck_core::units::{db_from_power, power_from_db};

use crate::report::{FileReport, SongReport};

/// A lead vocal usually lies 2 to 6 LU below its mix; with this much it stands behind it.
const BURIED_LU: f64 = 9.0;
/// Bass and kick usually have about as much power as all others together; with this much more, in dB,
/// a master's equaliser would have to hold them down, and everything else that is low with them.
const BOOMY_DB: f64 = 6.0;
/// So many stems, each within [`DENSE_LU`] of the loudest, leave a stereo master no room to help one.
const DENSE_STEMS: usize = 10;
/// See [`DENSE_STEMS`].
const DENSE_LU: f64 = 12.0;

/// What no mastering takes away again.
const FLAWS: [&str; 8] = [
    "clipping",
    "clipped-below-full-scale",
    "dropout",
    "click",
    "hum",
    "invalid-samples",
    "limited",
    "lossy-origin",
];

/// Which service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// A stereo master would do.
    Stereo,
    /// A stem master can do more for it.
    Stems,
    /// Neither, before the mix is mended.
    Neither,
}

/// Which service suits the song, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServiceReport {
    /// The service.
    pub service: Service,
    /// Why, a sentence each.
    pub reasons: Vec<String>,
}

/// What the figures of a song that was measured say; `None` where too little is known.
pub(crate) fn service(song: &SongReport, language: &Language) -> Option<ServiceReport> {
    let stems: Vec<&FileReport> = song
        .files
        .iter()
        .filter(|file| file.role == Role::Stem && file.loudness.is_some())
        .collect();
    if stems.is_empty() {
        return None;
    }
    let flaws = song.findings.iter().filter(|finding| FLAWS.contains(&finding.code.as_str()));
    let mut flaws: Vec<String> = flaws.map(|finding| finding.message.clone()).collect();
    if !flaws.is_empty() {
        flaws.truncate(3);
        return Some(ServiceReport { service: Service::Neither, reasons: flaws });
    }
    let reasons: Vec<String> = [
        buried_vocal(song, &stems, language),
        boomy_low_end(&stems, language),
        dense_layers(&stems, language),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(if reasons.is_empty() {
        let why = language.say("No group stands out: neither a buried vocal nor a boomy low end, nor very many layers.");
        ServiceReport { service: Service::Stereo, reasons: vec![why.to_owned()] }
    } else {
        ServiceReport { service: Service::Stems, reasons }
    })
}

fn loudness(file: &FileReport) -> Option<f64> {
    file.loudness.as_ref()?.integrated_lufs
}

fn plays(file: &FileReport, instruments: &[Instrument]) -> bool {
    let name = file.instrument.as_deref();
    instruments.iter().any(|instrument| name == Some(instrument.name()))
}

fn buried_vocal(song: &SongReport, stems: &[&FileReport], language: &Language) -> Option<String> {
    let mix = song.files.iter().find(|file| file.role == Role::Reference).and_then(loudness)?;
    let vocals = stems.iter().filter(|file| plays(file, &[Instrument::LeadVocal]));
    // Doubles and verses in files of their own: the loudest is what is heard.
    let vocal = vocals.filter_map(|file| loudness(file)).max_by(f64::total_cmp)?;
    (mix - vocal > BURIED_LU).then(|| {
        language.fill(
            "The lead vocal is {amount} LU quieter than the mix: with stems it can be brought forward alone.",
            |_| Some(format!("{:.1}", mix - vocal)),
        )
    })
}

fn boomy_low_end(stems: &[&FileReport], language: &Language) -> Option<String> {
    let power = |file: &FileReport| {
        file.levels.as_ref().and_then(|levels| levels.rms_dbfs).map_or(0.0, power_from_db)
    };
    let is_low = |file: &FileReport| plays(file, &[Instrument::Kick, Instrument::Bass]);
    let low: f64 = stems.iter().filter(|file| is_low(file)).map(|file| power(file)).sum();
    let rest: f64 = stems.iter().filter(|file| !is_low(file)).map(|file| power(file)).sum();
    let over = db_from_power(low / rest);
    (rest > 0.0 && over > BOOMY_DB).then(|| {
        language.fill(
            "Bass and kick are {amount} dB stronger than all others together: with stems they can be tamed alone.",
            |_| Some(format!("{over:.1}")),
        )
    })
}

fn dense_layers(stems: &[&FileReport], language: &Language) -> Option<String> {
    let levels: Vec<f64> = stems.iter().filter_map(|file| loudness(file)).collect();
    let loudest = levels.iter().copied().max_by(f64::total_cmp)?;
    let layers = levels.iter().filter(|level| loudest - **level <= DENSE_LU).count();
    (layers >= DENSE_STEMS).then(|| {
        language.fill(
            "{count} layers are about equally loud: with stems each can be given its room.",
            |_| Some(layers.to_string()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{LevelsReport, LoudnessReport, sample};

    /// A song of a mix and stems: name, instrument, loudness in LUFS, RMS in dBFS.
    fn song(stems: &[(&str, &str, f64, f64)]) -> SongReport {
        let mut song = sample::report().songs.remove(0);
        let file = |name: &str, role, instrument: &str, lufs, rms| {
            let mut file = song.files[0].clone();
            file.name = name.to_owned();
            file.role = role;
            file.instrument = Some(instrument.to_owned());
            file.levels = file.levels.map(|levels| LevelsReport { rms_dbfs: Some(rms), ..levels });
            file.loudness = Some(LoudnessReport {
                integrated_lufs: Some(lufs),
                range_lu: None,
                max_momentary_lufs: None,
                max_short_term_lufs: None,
            });
            file
        };
        let mix = file("Mix.wav", Role::Reference, "other", -14.0, -16.0);
        let stems = stems
            .iter()
            .map(|&(name, instrument, lufs, rms)| file(name, Role::Stem, instrument, lufs, rms));
        song.files = stems.chain([mix]).collect();
        song.findings.clear();
        song
    }

    fn told(song: &SongReport) -> (Service, String) {
        let told = service(song, &Language::default()).unwrap();
        (told.service, told.reasons.join(" "))
    }

    const BAND: [(&str, &str, f64, f64); 4] = [
        ("Drums.wav", "drums", -18.0, -20.0),
        ("Bass.wav", "bass", -22.0, -21.0),
        ("Keys.wav", "keys", -21.0, -23.0),
        ("Vocal.wav", "lead-vocal", -18.0, -21.0),
    ];

    #[test]
    fn a_balanced_mix_needs_no_stems() {
        assert_eq!(told(&song(&BAND)).0, Service::Stereo);
    }

    #[test]
    fn what_stands_out_can_be_reached_with_stems() {
        let mut buried = BAND;
        buried[3].2 = -25.0;
        let (which, why) = told(&song(&buried));
        assert!(which == Service::Stems && why.contains("lead vocal is 11.0 LU quieter"), "{why}");

        let mut boomy = BAND;
        boomy[1].3 = -9.0;
        let (which, why) = told(&song(&boomy));
        assert!(which == Service::Stems && why.contains("Bass and kick are 7."), "{why}");

        let (which, why) = told(&song(&[("Synth.wav", "synth", -20.0, -22.0); 12]));
        assert!(which == Service::Stems && why.contains("12 layers"), "{why}");
    }

    #[test]
    fn no_service_mends_a_flawed_mix() {
        let mut flawed = song(&BAND);
        flawed.findings = sample::report().songs.remove(0).findings;
        flawed.findings[0].code = "clipping".to_owned();
        let (which, why) = told(&flawed);
        assert_eq!((which, why.as_str()), (Service::Neither, "Bass.wav plays 480 samples late."));
    }

    #[test]
    fn nothing_is_said_of_what_was_not_measured() {
        let mut song = song(&BAND);
        song.files.iter_mut().for_each(|file| file.loudness = None);
        assert_eq!(service(&song, &Language::default()), None);
    }
}
