//! What is done to the files so that they add up, in words.

use stemcheck_core::language::Language;

use super::words::clock;
use super::{RecipeReport, TreatmentKind, TreatmentReport};

/// What is done to one file: `512 samples earlier, polarity flipped, 1.5 dB louder`.
pub fn recipe(fix: &RecipeReport, language: &Language) -> String {
    /// Finer steps are not told apart: hundredths of a dB.
    const LEAST_DB: f64 = 0.005;
    if fix.left_out {
        return language.say("left out").to_owned();
    }
    let treatments = fix.treatments.iter();
    let mut steps: Vec<String> = treatments.map(|step| treatment(step, language)).collect();
    if fix.advance_samples != 0.0 {
        steps.push(shift(fix.advance_samples, language));
    }
    if fix.inverted {
        steps.push(language.say("polarity flipped").to_owned());
    }
    if fix.gain_db.abs() >= LEAST_DB {
        let template = if fix.gain_db > 0.0 { "{n} dB louder" } else { "{n} dB quieter" };
        steps.push(language.fill(template, |_| Some(hundredths(fix.gain_db.abs()))));
    }
    steps.join(", ")
}

/// `512 samples earlier`, `0.25 samples later`.
fn shift(advance: f64, language: &Language) -> String {
    let number = hundredths(advance.abs());
    let template = match (number.as_str(), advance > 0.0) {
        ("1", true) => "1 sample earlier",
        ("1", false) => "1 sample later",
        (_, true) => "{n} samples earlier",
        (_, false) => "{n} samples later",
    };
    language.fill(template, |_| Some(number.clone()))
}

/// Up to two decimals: `0.25`, `1.5`, `512`.
fn hundredths(value: f64) -> String {
    let digits = format!("{value:.2}");
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn treatment(treatment: &TreatmentReport, language: &Language) -> String {
    let value = treatment.value.unwrap_or_default();
    let said = match treatment.kind {
        TreatmentKind::Speed => {
            let template =
                if value > 0.0 { "played {amount} faster" } else { "played {amount} slower" };
            // From a tenth of a percent on it is another sample rate, no clock.
            let amount = match value.abs() {
                ppm if ppm < 1000.0 => format!("{ppm:.1} ppm"),
                ppm => format!("{:.2} %", ppm / 1e4),
            };
            return language.fill(template, |_| Some(amount.clone()));
        }
        TreatmentKind::Move => {
            return language.fill("{shift} from {time} on", |name| match name {
                "shift" => Some(shift(value, language)),
                _ => Some(clock(treatment.start_s.unwrap_or_default())),
            });
        }
        TreatmentKind::RightChannel => {
            return language.fill("right channel {shift}", |_| Some(shift(value, language)));
        }
        TreatmentKind::Swap => "left and right swapped",
        TreatmentKind::Image => "stereo image as in the mix",
        TreatmentKind::Eq => "equalised as in the mix",
        TreatmentKind::Effect => "reverb or echo as in the mix",
        TreatmentKind::Dynamics => "volume made to follow",
        TreatmentKind::Curve => "saturation undone",
    };
    language.say(said).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_is_said_in_plain_words() {
        let fix = RecipeReport {
            file: "Bass.wav".to_owned(),
            left_out: false,
            gain_db: -1.5,
            inverted: true,
            advance_samples: 512.0,
            treatments: Vec::new(),
        };
        assert_eq!(
            recipe(&fix, &Language::default()),
            "512 samples earlier, polarity flipped, 1.5 dB quieter"
        );
        let later = RecipeReport { gain_db: 0.0, inverted: false, advance_samples: -1.0, ..fix };
        assert_eq!(recipe(&later, &Language::default()), "1 sample later");
        let between = RecipeReport { advance_samples: -0.25, ..later.clone() };
        assert_eq!(recipe(&between, &Language::default()), "0.25 samples later");
        assert_eq!(
            recipe(&RecipeReport { left_out: true, ..later.clone() }, &Language::default()),
            "left out"
        );
        let treated = |kind, value, start_s| {
            let treatments = vec![TreatmentReport { kind, value, unit: None, start_s }];
            recipe(&RecipeReport { treatments, ..later.clone() }, &Language::default())
        };
        let speed = |ppm| treated(TreatmentKind::Speed, Some(ppm), None);
        assert_eq!(speed(-20.0), "played 20.0 ppm slower, 1 sample later");
        assert_eq!(speed(88_435.0), "played 8.84 % faster, 1 sample later");
        let moved = treated(TreatmentKind::Move, Some(480.0), Some(62.0));
        assert_eq!(moved, "480 samples earlier from 1:02.0 on, 1 sample later");
    }
}
