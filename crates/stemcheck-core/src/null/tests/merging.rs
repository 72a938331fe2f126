//! Segments add up: whatever the cuts, the merged part is that of the whole.

use proptest::prelude::*;

use super::{RATE, Song, scenes};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-15
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_cuts_merge_to_the_whole(mut cuts in prop::collection::vec(0_usize..3 * RATE as usize, 0..5)) {
        let mut song = Song::of(vec![scenes::drums(3.0), scenes::bass(2.5)]);
        song.stems[0] = super::delay(&song.stems[0], 7);
        let frames = song.frames();
        cuts.sort_unstable();
        let ends: Vec<usize> = cuts.iter().copied().chain([frames]).collect();
        let mut begin = 0;
        let merged = ends
            .into_iter()
            .map(|end| {
                let part = song.part(begin..end.max(begin));
                begin = end.max(begin);
                part
            })
            .reduce(super::NullPart::merge)
            .expect("at least the whole");
        let whole = song.part(0..frames);
        prop_assert_eq!(merged.frames, whole.frames);
        prop_assert_eq!(merged.seconds.len(), whole.seconds.len());
        for (a, b) in merged.seconds.iter().zip(&whole.seconds) {
            prop_assert!(close(a.residual, b.residual));
            for (a, b) in a.files.iter().zip(&b.files) {
                prop_assert!(close(a.energy, b.energy));
                prop_assert!((a.with_residual - b.with_residual).abs() < 1e-9);
            }
        }
        for (a, b) in merged.signatures.iter().zip(&whole.signatures) {
            prop_assert!(a.is_close(b));
        }
    }
}
