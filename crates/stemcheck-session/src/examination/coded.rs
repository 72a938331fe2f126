//! What the other stages add to the causes: where listening has found a coder, an MP3 or AAC does not
//! cancel, and nothing else need be wrong; and how much is left was measured over the whole song.
//!
//! Renames what was only left over or guessed. What the diagnosis is sure of stays.

use stemcheck_core::null::{Cause, Confidence, Left};
use stemcheck_core::song::Format;
use stemcheck_core::units::{db_from_power, power_from_db};

use super::Examination;

/// What explains less than this in dB, and is not certain, may be the coder's doing.
const LITTLE_DB: f64 = 10.0;

/// What a coder leaves is as like its file as any, give or take, ...
const LESS_LIKE: f64 = 0.2;
/// ... and this far below it: MP3 at 96 kbit/s leaves -22 dB and less, a chorus -10 dB.
const MOST_LEFT_DB: f64 = -15.0;

/// LAME turns what it codes coarsely down to 0.95: by so many dB, give or take.
const TURNED_DOWN_DB: (f64, f64) = (-0.4455, 0.015);
/// A file of which no more than that is wrong is mended by its gain, better than this in dB.
const GAIN_ALONE_DB: f64 = 25.0;

impl Examination {
    /// Why the song does not cancel: the diagnosis, with what is known of coders.
    pub(crate) fn causes(&self) -> Vec<Cause> {
        let (Some(diagnosis), Ok(plan)) = (&self.diagnosis, &self.plan) else { return Vec::new() };
        let lossy = |file: usize| self.format(file).is_some_and(Format::is_lossy);
        let decoded = |file: usize| self.origins.get(&file).is_some_and(Option::is_some);
        let coded = |file: usize| lossy(file) || decoded(file);
        let stems = 0..plan.stems.len();
        let known = |stem: &usize| coded(plan.stems[*stem]);
        let blamed: Vec<usize> = if stems.clone().any(|stem| lossy(plan.stems[stem])) {
            stems.filter(known).collect()
        } else {
            let mut likely = turned_down(&diagnosis.causes);
            likely.extend(told_coded(&diagnosis.causes));
            let likely = stems.filter(|stem| known(stem) || likely.contains(stem)).collect();
            to_blame(&diagnosis.left, &diagnosis.causes, likely)
        };
        let confidence = |stem| if known(&stem) { Confidence::Certain } else { Confidence::Likely };
        let coded_stems: Vec<(usize, Confidence)> =
            blamed.into_iter().map(|stem| (stem, confidence(stem))).collect();
        let coded_reference = if plan.reference.is_some_and(coded) {
            Some(Confidence::Certain)
        } else {
            let is_told = |cause: &&Cause| cause.code == "lossy-reference";
            diagnosis.causes.iter().find(is_told).map(|cause| cause.confidence)
        };
        let causes = explained(&diagnosis.causes, coded_reference, &coded_stems);
        let left = self.verified().map(|(left, reference)| db_from_power(left / reference));
        causes.into_iter().map(|cause| as_measured(cause, left)).collect()
    }
}

/// Which of the stems that were coded once may have left what is left: a loop from an MP3 is in the mix
/// just as it is in its stem. A coder leaves much less than there is, where its file sounds.
fn to_blame(left: &[Left], causes: &[Cause], coded: Vec<usize>) -> Vec<usize> {
    let most = left.iter().map(|left| left.likeness).fold(-1.0, f64::max);
    let returned = |stem: usize| {
        let mut of_stem = causes.iter().filter(|cause| cause.stem == Some(stem));
        of_stem.any(Cause::is_of_a_return)
    };
    let like: Vec<usize> = coded
        .into_iter()
        .filter(|&stem| left.get(stem).is_some_and(|left| left.likeness > most - LESS_LIKE))
        .filter(|&stem| !returned(stem))
        .collect();
    let parts: f64 = like.iter().map(|&stem| 1.0 / left[stem].energy).sum();
    if parts * power_from_db(MOST_LEFT_DB) > 1.0 { like } else { Vec::new() }
}

/// The stems that are as much too soft as LAME makes them, and differ by more than their gain.
fn turned_down(causes: &[Cause]) -> Vec<usize> {
    let turned_down = causes.iter().filter(|cause| is_lames(cause));
    turned_down.filter(|c| c.explains_db < GAIN_ALONE_DB).filter_map(|c| c.stem).collect()
}

/// The stems whose lack of a top was told from a converter's by what lies below.
fn told_coded(causes: &[Cause]) -> impl Iterator<Item = usize> {
    causes.iter().filter(|cause| cause.code == "lossy-stem").filter_map(|cause| cause.stem)
}

fn is_lames(cause: &Cause) -> bool {
    let (gain_db, about) = TURNED_DOWN_DB;
    cause.code == "wrong-gain" && cause.value.is_some_and(|db| (db - gain_db).abs() < about)
}

/// What no stem holds is what the verification has left, in dB; the diagnosis saw parts of the song only.
fn as_measured(cause: Cause, left_db: Option<f64>) -> Cause {
    let measured = left_db.filter(|db| db.is_finite() && cause.code == "missing-part");
    Cause { value: measured.or(cause.value), ..cause }
}

/// The causes, where the reference or some stems are known to have been coded, and how surely.
fn explained(
    causes: &[Cause],
    coded_reference: Option<Confidence>,
    coded_stems: &[(usize, Confidence)],
) -> Vec<Cause> {
    if coded_reference.is_none() && coded_stems.is_empty() {
        return causes.to_vec();
    }
    let left = |cause: &Cause| left_over(cause, coded_reference.is_some(), coded_stems);
    let (rest, mut kept): (Vec<Cause>, Vec<Cause>) = causes.iter().cloned().partition(left);
    let Some(first) = rest.first() else { return kept };
    let share: f64 = rest.iter().map(|cause| cause.share).sum();
    let told = |code: &str, stem: Option<usize>, share: f64, confidence: Confidence| Cause {
        code: code.to_owned(),
        stem,
        on_reference: false,
        other: None,
        value: None,
        unit: String::new(),
        share,
        confidence,
        expected: stem.is_none(),
        ..first.clone()
    };
    if let Some(sure) = coded_reference {
        kept.push(told("lossy-reference", None, share, sure));
    } else {
        let each = share / coded_stems.len() as f64;
        let stems = coded_stems.iter();
        kept.extend(stems.map(|&(stem, sure)| told("lossy-stem", Some(stem), each, sure)));
    }
    kept.sort_by(|a, b| b.share.total_cmp(&a.share));
    kept
}

/// Whether a cause only says that something was left (then nothing was undone), was guessed at, or is
/// what a coder does.
fn left_over(cause: &Cause, coded_reference: bool, coded_stems: &[(usize, Confidence)]) -> bool {
    if matches!(cause.code.as_str(), "rounding" | "unrepeatable-mix") {
        return false;
    }
    let left = cause.explains_db == 0.0;
    let guessed = cause.confidence == Confidence::Possible;
    // A mix that was coded has what no stem has, everywhere: what explains little is only like it.
    let little = cause.confidence != Confidence::Certain && cause.explains_db < LITTLE_DB;
    if coded_reference {
        return left || guessed || little;
    }
    let on_coded =
        cause.stem.is_some_and(|stem| coded_stems.iter().any(|(coded, _)| *coded == stem));
    left && (guessed || cause.code == "lossy-stem")
        || on_coded && (guessed && little || is_lames(cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(code: &str, share: f64, confidence: Confidence) -> Cause {
        Cause {
            code: code.to_owned(),
            stem: None,
            on_reference: false,
            other: None,
            value: Some(-50.0),
            unit: "dBFS".to_owned(),
            share,
            explains_db: if code == "unexplained" { 0.0 } else { 3.0 },
            confidence,
            expected: false,
            start_s: 0.0,
            end_s: 9.0,
        }
    }

    #[test]
    fn a_coder_explains_what_was_left_and_guessed_but_not_what_is_sure() {
        let causes = [
            cause("late-stem", 0.6, Confidence::Certain),
            cause("bus-eq", 0.1, Confidence::Possible),
            cause("unexplained", 0.3, Confidence::Possible),
        ];
        assert_eq!(explained(&causes, None, &[]), causes);
        let codes = |causes: &[Cause]| -> Vec<(String, Option<usize>)> {
            causes.iter().map(|cause| (cause.code.clone(), cause.stem)).collect()
        };
        let found = explained(&causes, Some(Confidence::Certain), &[(1, Confidence::Certain)]);
        let expected = [("late-stem".to_owned(), None), ("lossy-reference".to_owned(), None)];
        assert_eq!(codes(&found), expected);
        assert!(found[1].expected && (found[1].share - 0.4).abs() < 1e-9);
        let found = explained(&causes, None, &[(1, Confidence::Certain)]);
        assert_eq!(codes(&found)[1], ("lossy-stem".to_owned(), Some(1)));
        // What the coder did to the level, and what was guessed of its file, is no mistake besides.
        let gain = |stem, value| Cause {
            stem: Some(stem),
            value: Some(value),
            ..cause("wrong-gain", 0.5, Confidence::Certain)
        };
        let pan = cause("changed-pan", 0.2, Confidence::Possible);
        let causes = [gain(1, -0.446), gain(1, -0.6), gain(0, -0.446)];
        let found = codes(&explained(&causes, None, &[(1, Confidence::Certain)]));
        let of = |code: &str, stem| (code.to_owned(), Some(stem));
        assert_eq!(found, [of("wrong-gain", 1), of("wrong-gain", 0), of("lossy-stem", 1)]);
        let causes = [Cause { stem: Some(1), ..pan.clone() }, Cause { stem: Some(0), ..pan }];
        let found = codes(&explained(&causes, None, &[(1, Confidence::Certain)]));
        assert_eq!(found, [of("changed-pan", 0), of("lossy-stem", 1)]);
        // What was heard in the mix alone takes along what was guessed beside it, and is no surer for it.
        let likely = [
            cause("stem-eq", 0.6, Confidence::Possible),
            Cause { explains_db: 0.0, ..cause("lossy-reference", 0.4, Confidence::Likely) },
        ];
        let found = explained(&likely, Some(Confidence::Likely), &[]);
        let told = (found[0].code.as_str(), found[0].confidence);
        assert_eq!((found.len(), told), (1, ("lossy-reference", Confidence::Likely)));
        // Without a residual there is nothing to explain.
        let late = [cause("late-stem", 0.6, Confidence::Certain)];
        assert_eq!(explained(&late, Some(Confidence::Certain), &[]), late);
    }

    #[test]
    fn a_loop_that_was_coded_is_not_to_blame_for_what_another_stem_lacks() {
        let left = |likeness: f64, db: f64| Left { likeness, energy: power_from_db(db) };
        let causes = [cause("missing-part", 1.0, Confidence::Possible)];
        // Of the two that were coded, one goes along with what is left.
        assert_eq!(to_blame(&[left(0.8, -24.0), left(0.1, -20.0)], &causes, vec![0, 1]), [0]);
        assert_eq!(to_blame(&[left(0.6, -24.0), left(0.5, -20.0)], &causes, vec![0, 1]), [0, 1]);
        // The one that does was not coded.
        let none: [usize; 0] = [];
        assert_eq!(to_blame(&[left(0.8, -24.0), left(0.1, -20.0)], &causes, vec![1]), none);
        // So much no coder leaves.
        assert_eq!(to_blame(&[left(0.9, -10.0), left(0.1, -9.0)], &causes, vec![0]), none);
        // What the estimate of its reverb leaves is not the coder's.
        let mut reverb = cause("missing-effect-return", 0.9, Confidence::Likely);
        reverb.stem = Some(0);
        assert_eq!(to_blame(&[left(0.8, -24.0), left(0.1, -20.0)], &[reverb], vec![0]), none);
        assert_eq!(to_blame(&[], &[], vec![0]), none);
    }

    #[test]
    fn a_stem_as_soft_as_lame_makes_it_was_coded_if_more_is_wrong_with_it() {
        let gain = |value, explains_db| Cause {
            stem: Some(2),
            value: Some(value),
            explains_db,
            ..cause("wrong-gain", 0.5, Confidence::Certain)
        };
        assert_eq!(turned_down(&[gain(-0.449, 7.0)]), [2]);
        for other in [gain(-0.446, 60.0), gain(-0.5, 7.0), gain(0.446, 7.0)] {
            assert!(turned_down(std::slice::from_ref(&other)).is_empty(), "{other:?}");
        }
        // So was one whose top was told by its noise, which is said once.
        let noisy = Cause {
            stem: Some(1),
            explains_db: 0.0,
            ..cause("lossy-stem", 0.4, Confidence::Likely)
        };
        let told: Vec<usize> = told_coded(std::slice::from_ref(&noisy)).collect();
        assert_eq!(told, [1]);
        let found = explained(&[noisy], None, &[(1, Confidence::Certain)]);
        assert_eq!((found.len(), found[0].confidence), (1, Confidence::Certain));
        let rest = cause("unexplained", 0.3, Confidence::Possible);
        let found = explained(&[gain(-0.449, 7.0), rest], None, &[(2, Confidence::Likely)]);
        let told = (found[0].code.as_str(), found[0].stem, found[0].confidence);
        assert_eq!((found.len(), told), (1, ("lossy-stem", Some(2), Confidence::Likely)));
    }

    #[test]
    fn what_is_missing_is_as_loud_as_what_was_left() {
        let missing = cause("missing-part", 0.6, Confidence::Likely);
        assert_eq!(as_measured(missing.clone(), Some(-18.4)).value, Some(-18.4));
        assert_eq!(as_measured(missing.clone(), None), missing);
        let other = cause("unexplained", 0.3, Confidence::Possible);
        assert_eq!(as_measured(other.clone(), Some(-18.4)), other);
    }
}
