//! The preflight: one check a file, one table.
//!
//! A check looks at measurements, not at samples, and says what it found as data; `words` makes
//! sentences of it. Causes of a failed null are documented here too ([`CAUSES`]), because they are
//! findings with the same codes; see `null::diagnose` for how they are found.

use crate::profile::{Profile, Severity};

mod causes;
mod finding;
mod menus;
mod odd;
mod regular;
#[cfg(test)]
mod scene;
mod song;
mod words;

mod altered_delivery;
mod ambiguous_reference;
mod channel_imbalance;
mod click;
mod clipped_below_full_scale;
mod clipping;
mod cut_start;
mod cut_tail;
mod dc_offset;
mod dithered;
mod dropout;
mod dual_mono;
mod duplicate_file;
mod empty_audio;
mod header_mismatch;
mod hum;
mod illegal_name;
mod inconsistent_names;
mod invalid_samples;
mod limited;
mod lossy_format;
mod lossy_origin;
mod low_bit_depth;
mod low_end_phase;
mod low_headroom;
mod low_level;
mod missing_group;
mod mix_among_stems;
mod mixed_bit_depths;
mod mixed_lengths;
mod mixed_sample_rates;
mod mixed_starts;
mod mono_file;
mod mono_loss;
mod multichannel_file;
mod no_leading_bar;
mod no_reference;
mod no_tracklist;
mod normalised;
mod out_of_phase_channels;
mod over_full_scale;
mod padded_bit_depth;
mod reference_limited;
mod reference_lossy;
mod reference_mismatch;
mod silent_channel;
mod silent_stem;
mod split_stereo;
mod stem_count;
mod subset_sum;
mod sum_clips;
mod tracklist_mismatch;
mod true_peak_over;
mod truncated_file;
mod unclear_name;
mod unreadable_file;
mod unsupported_format;
mod unsupported_rate;
mod upsampled;

pub use causes::{CAUSES, CauseText, cause_finding};
pub use finding::{Finding, Place, Value};
pub use illegal_name::mended_name;
pub use song::{Album, Delivery, File, Listing, Song};
pub use words::{fix, number_with_unit, say, thousands};

use song::Heard;

/// Every preflight check, in the order of the contract: one file, then the set.
pub const CHECKS: &[Check] = &[
    unreadable_file::CHECK,
    unsupported_format::CHECK,
    header_mismatch::CHECK,
    truncated_file::CHECK,
    empty_audio::CHECK,
    silent_stem::CHECK,
    invalid_samples::CHECK,
    lossy_format::CHECK,
    lossy_origin::CHECK,
    unsupported_rate::CHECK,
    upsampled::CHECK,
    low_bit_depth::CHECK,
    padded_bit_depth::CHECK,
    dithered::CHECK,
    clipping::CHECK,
    clipped_below_full_scale::CHECK,
    over_full_scale::CHECK,
    true_peak_over::CHECK,
    low_headroom::CHECK,
    limited::CHECK,
    low_level::CHECK,
    dc_offset::CHECK,
    mono_file::CHECK,
    multichannel_file::CHECK,
    dual_mono::CHECK,
    silent_channel::CHECK,
    out_of_phase_channels::CHECK,
    channel_imbalance::CHECK,
    click::CHECK,
    dropout::CHECK,
    hum::CHECK,
    cut_start::CHECK,
    cut_tail::CHECK,
    no_leading_bar::CHECK,
    unclear_name::CHECK,
    illegal_name::CHECK,
    no_reference::CHECK,
    ambiguous_reference::CHECK,
    stem_count::CHECK,
    missing_group::CHECK,
    mixed_sample_rates::CHECK,
    mixed_bit_depths::CHECK,
    mixed_lengths::CHECK,
    mixed_starts::CHECK,
    normalised::CHECK,
    duplicate_file::CHECK,
    subset_sum::CHECK,
    mix_among_stems::CHECK,
    split_stereo::CHECK,
    inconsistent_names::CHECK,
    sum_clips::CHECK,
    low_end_phase::CHECK,
    mono_loss::CHECK,
    no_tracklist::CHECK,
    tracklist_mismatch::CHECK,
    reference_lossy::CHECK,
    reference_limited::CHECK,
    reference_mismatch::CHECK,
    altered_delivery::CHECK,
];

/// Runs every check and returns the findings with their final severity, in the order of [`sort`].
pub fn run(song: &Song<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for check in CHECKS {
        (check.run)(song, &mut found);
    }
    for finding in &mut found {
        finding.severity = Some(severity(finding, song.profile));
    }
    sort(&mut found, song.profile);
    found
}

/// Sorts by severity, then the set before the files, then the files' order.
pub fn sort(findings: &mut [Finding], profile: &Profile) {
    findings
        .sort_by_key(|finding| (severity(finding, profile), finding.file.map_or(0, |at| at + 1)));
}

/// What a code means, be it a check's or a cause's.
pub fn doc(code: &str) -> Option<&'static Doc> {
    docs().find(|doc| doc.code == code)
}

/// Every document once, checks before causes: a fault that one file shows by itself can also be why
/// the sum does not cancel.
pub fn docs() -> impl Iterator<Item = &'static Doc> {
    let of_check = |code: &str| CHECKS.iter().any(|check| check.doc.code == code);
    let causes = CAUSES.iter().map(|cause| &cause.doc);
    CHECKS.iter().map(|check| &check.doc).chain(causes.filter(move |doc| !of_check(doc.code)))
}

/// Every sentence about causes, and every title, fix and menu, in English: what a language needs its
/// own for, besides the sentences that stand with each check.
pub fn sentences() -> impl Iterator<Item = &'static str> {
    let docs = docs().flat_map(|doc| [doc.title, doc.fix]);
    docs.chain(CAUSES.iter().flat_map(CauseText::sentences)).chain(menus::sentences())
}

/// How much a finding matters: the profile's word if it has one, else the finding's own, else the
/// documented one. What is expected is never more than a warning.
pub fn severity(finding: &Finding, profile: &Profile) -> Severity {
    let usual = || doc(finding.code).map_or(Severity::Warning, |doc| doc.severity);
    let asked = profile.severity.get(finding.code).copied().or(finding.severity);
    let severity = asked.unwrap_or_else(usual);
    if finding.expected { severity.max(Severity::Warning) } else { severity }
}

/// What a code means: the text behind `stemcheck explain`, the README's table and the page's help.
#[derive(Debug, Clone, Copy)]
pub struct Doc {
    /// The fault's name: `late-stem`.
    pub code: &'static str,
    /// Severity unless the profile says otherwise.
    pub severity: Severity,
    /// One line, sentence case, no full stop.
    pub title: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Why it matters to the mastering engineer.
    pub why: &'static str,
    /// What to do in the DAW.
    pub fix: &'static str,
    /// Which guide or standard asks for it.
    pub source: &'static str,
}

/// A preflight check.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its code and texts.
    pub doc: Doc,
    /// Looks at the song and reports what it finds.
    pub run: fn(&Song<'_>, &mut Vec<Finding>),
}

#[cfg(test)]
mod tests {
    use super::scene::Scene;
    use super::*;

    #[test]
    fn a_clean_song_has_no_findings() {
        assert_eq!(Scene::clean().run(), []);
    }

    #[test]
    fn every_code_is_documented_once_and_in_full() {
        let docs: Vec<&Doc> = docs().collect();
        for (at, doc) in docs.iter().enumerate() {
            assert!(docs.iter().skip(at + 1).all(|other| other.code != doc.code), "{}", doc.code);
            assert!(!doc.title.is_empty() && !doc.title.ends_with('.'), "{}", doc.code);
            for text in [doc.what, doc.why, doc.fix] {
                assert!(text.ends_with('.') && !text.contains('{'), "{}: {text}", doc.code);
            }
            assert!(!doc.source.is_empty(), "{}", doc.code);
        }
    }

    #[test]
    fn the_profile_has_the_last_word_unless_the_finding_is_expected() {
        let mut profile = Profile::default();
        let mut finding = Finding::new("dual-mono", "");
        assert_eq!(severity(&finding, &profile), Severity::Info);
        finding.severity = Some(Severity::Warning);
        assert_eq!(severity(&finding, &profile), Severity::Warning);
        profile.severity.insert("dual-mono".to_owned(), Severity::Error);
        assert_eq!(severity(&finding, &profile), Severity::Error);
        finding.expected = true;
        assert_eq!(severity(&finding, &profile), Severity::Warning);
    }

    #[test]
    fn errors_come_first_then_the_set_then_the_files_in_their_order() {
        let mut scene = Scene::clean();
        scene.file(0).1.dc[0] = 0.003;
        scene.file(1).1.invalid.count = 1;
        scene.remove_reference();
        let order: Vec<_> = scene.run().iter().map(|found| (found.code, found.file)).collect();
        let expected =
            [("invalid-samples", Some(1)), ("no-reference", None), ("dc-offset", Some(0))];
        assert_eq!(order, expected);
    }
}
