//! The demo song's own faults.

use super::{Song, list};
use crate::synth::{Fault, SynthSong, demo_with};

fn song(demo: &SynthSong) -> Song {
    let signal = |channels: &[Vec<f32>]| -> super::Signal {
        std::array::from_fn(|side| {
            let channel = &channels[side.min(channels.len() - 1)];
            channel.iter().map(|&x| f64::from(x)).collect()
        })
    };
    let (reference, stems) = demo.files.split_last().expect("files");
    Song {
        rate: demo.sample_rate,
        stems: stems.iter().map(|file| signal(&file.channels)).collect(),
        reference: signal(&reference.channels),
        words: stems.iter().map(|file| file.word).collect(),
        reference_word: reference.word,
    }
}

#[test]
fn its_faults_are_found() {
    // Code of the fault, of the cause, number of the stem, value.
    let cases = [
        ("late-stem", "late-stem", Some(1), Some(480.0)),
        ("wrong-gain", "wrong-gain", Some(3), Some(1.5)),
        ("missing-part", "missing-part", None, None),
        ("doubled-part", "doubled-part", Some(3), None),
    ];
    for (fault, code, stem, value) in cases {
        let fault = Fault::parse(fault).expect("a fault of the demo");
        let song = song(&demo_with(&[fault]));
        let diagnosis = song.diagnose();
        let [cause] = diagnosis.causes.as_slice() else { panic!("{:#?}", list(&diagnosis)) };
        assert_eq!((cause.code.as_str(), cause.stem), (code, stem), "{:#?}", list(&diagnosis));
        if let Some(value) = value {
            assert!((cause.value.unwrap_or(f64::NAN) - value).abs() < 0.01);
            assert!(song.depth_after(&diagnosis.recipe) < -110.0);
        }
    }
}
