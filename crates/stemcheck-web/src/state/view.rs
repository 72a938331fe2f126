//! Which stretch of the song all lanes show: the one time axis of the page.

/// Shortest stretch that is shown, in seconds: some 24 samples at 48 kHz.
const LEAST_S: f64 = 0.0005;

/// Shortest stretch that shows a place with what is around it, in seconds.
const PLACE_S: f64 = 4.0;

/// A visible stretch. It always lies within the song.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[expect(clippy::struct_field_names, reason = "the unit is part of a name")]
pub struct View {
    /// Begin in seconds.
    pub start_s: f64,
    /// Length in seconds.
    pub span_s: f64,
    /// Length of the song in seconds.
    pub song_s: f64,
}

impl View {
    /// The whole song.
    pub fn whole(song_s: f64) -> Self {
        Self { start_s: 0.0, span_s: song_s, song_s }
    }

    /// Whether all of the song is visible.
    pub fn is_whole(&self) -> bool {
        self.span_s >= self.song_s
    }

    /// End in seconds.
    pub fn end_s(&self) -> f64 {
        self.start_s + self.span_s
    }

    /// Where a time is: 0 at the left edge, 1 at the right.
    pub fn share(&self, at_s: f64) -> f64 {
        if self.span_s > 0.0 { (at_s - self.start_s) / self.span_s } else { 0.0 }
    }

    /// The time at a share of the width.
    pub fn at(&self, share: f64) -> f64 {
        self.start_s + share * self.span_s
    }

    /// Whether a time is visible.
    pub fn holds(&self, at_s: f64) -> bool {
        (self.start_s..=self.end_s()).contains(&at_s)
    }

    /// A stretch shorter by `factor`, with `at_s` where it was.
    #[must_use]
    pub fn zoomed(&self, factor: f64, at_s: f64) -> Self {
        if !(factor > 0.0 && factor.is_finite()) {
            return *self;
        }
        let span_s = (self.span_s / factor).max(LEAST_S).min(self.song_s);
        self.placed(at_s - self.share(at_s) * span_s, span_s)
    }

    /// Moved by so many seconds.
    #[must_use]
    pub fn scrolled(&self, by_s: f64) -> Self {
        self.placed(self.start_s + by_s, self.span_s)
    }

    /// The same if a time is visible, else moved so that it is: a tenth from the left, where what
    /// comes next is seen too.
    #[must_use]
    pub fn showing(&self, at_s: f64) -> Self {
        if self.holds(at_s) { *self } else { self.placed(at_s - 0.1 * self.span_s, self.span_s) }
    }

    /// A stretch that shows a place well: in the middle, with half as much around it, and at least
    /// [`PLACE_S`].
    #[must_use]
    pub fn around(&self, start_s: f64, end_s: f64) -> Self {
        let wanted = (1.5 * (end_s - start_s)).max(PLACE_S).min(self.song_s);
        self.placed((start_s + end_s - wanted) / 2.0, wanted)
    }

    /// In a song that turned out to be so long.
    #[must_use]
    pub fn in_song(&self, song_s: f64) -> Self {
        if self.is_whole() || song_s <= 0.0 {
            return Self::whole(song_s);
        }
        Self { song_s, ..*self }.placed(self.start_s, self.span_s.min(song_s))
    }

    fn placed(&self, start_s: f64, span_s: f64) -> Self {
        let start_s = if start_s.is_finite() { start_s } else { self.start_s };
        let last = (self.song_s - span_s).max(0.0);
        Self { start_s: start_s.clamp(0.0, last), span_s, ..*self }
    }
}

/// Distances between the numbers of the axis that people can read, from a minute on in seconds.
const LONG_STEPS_S: [f64; 12] =
    [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];

/// The numbers of the axis: their distance in seconds, and where they stand. At most `most` of them.
pub fn ticks(view: &View, most: usize) -> (f64, Vec<f64>) {
    let least = view.span_s / most.max(1) as f64;
    if !(least > 0.0 && least.is_finite()) {
        return (1.0, Vec::new());
    }
    let long = LONG_STEPS_S.into_iter().find(|step| *step >= least);
    let step = if least >= 1.0 {
        long.unwrap_or(7200.0 * (least / 7200.0).ceil())
    } else {
        let decade = 10f64.powf(least.log10().floor());
        [1.0, 2.0, 5.0, 10.0].map(|of| of * decade).into_iter().find(|s| *s >= least).unwrap_or(1.0)
    };
    let first = (view.start_s / step).ceil() as u64;
    let last = (view.end_s() / step).floor() as u64;
    (step, (first..=last).take(most + 1).map(|tick| tick as f64 * step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_view_never_leaves_the_song(
            song_s in 0.001..4000.0f64,
            moves in prop::collection::vec((0..4u8, -2.0..8.0f64, 0.0..1.0f64), 0..40),
        ) {
            let mut view = View::whole(song_s);
            for (what, amount, share) in moves {
                view = match what {
                    0 => view.zoomed(amount, view.at(share)),
                    1 => view.scrolled(amount),
                    2 => view.showing(share * song_s),
                    _ => view.around(share * song_s, share * song_s + amount.abs()),
                };
                prop_assert!(view.start_s >= 0.0 && view.end_s() <= song_s + 1e-9, "{view:?}");
                prop_assert!(view.span_s > 0.0 && view.span_s <= song_s + 1e-9, "{view:?}");
            }
        }

        #[test]
        fn the_pointer_stays_on_its_moment(share in 0.2..0.8f64, factor in 1.0..50.0f64) {
            let view = View::whole(300.0).zoomed(4.0, 150.0);
            let at = view.at(share);
            prop_assert!((view.zoomed(factor, at).share(at) - share).abs() < 1e-6);
        }
    }

    #[test]
    fn zooms_down_to_single_samples_and_back() {
        let near = (0..60).fold(View::whole(300.0), |view, _| view.zoomed(1.5, 123.456));
        assert!(near.span_s * 48_000.0 <= 24.5, "{near:?}");
        assert!(near.holds(123.456));
        let far = (0..60).fold(near, |view, _| view.zoomed(1.0 / 1.5, 123.456));
        assert!(far.is_whole());
        assert_eq!(near.zoomed(f64::NAN, 0.0), near);
    }

    #[test]
    fn a_place_is_shown_in_the_middle_and_a_long_one_whole() {
        let click = View::whole(300.0).around(60.0, 60.001);
        assert!((click.share(60.0) - 0.5).abs() < 0.01 && click.span_s == 4.0);
        assert!(View::whole(300.0).around(10.0, 290.0).is_whole());
        let near = View::whole(300.0).zoomed(1000.0, 5.0).around(60.0, 60.001);
        assert!(near.holds(60.0));
    }

    #[test]
    fn a_song_that_turns_out_longer_keeps_the_zoom() {
        assert_eq!(View::whole(10.0).in_song(20.0), View::whole(20.0));
        let near = View::whole(20.0).zoomed(4.0, 10.0);
        assert_eq!(near.in_song(40.0).span_s, near.span_s);
        assert!(near.in_song(6.0).end_s() <= 6.0);
        assert_eq!(near.in_song(0.0), View::default());
    }

    #[test]
    fn numbers_stand_at_round_times() {
        assert_eq!(
            ticks(&View::whole(300.0), 6),
            (60.0, vec![0.0, 60.0, 120.0, 180.0, 240.0, 300.0])
        );
        let near = View { start_s: 12.3041, span_s: 0.001, song_s: 300.0 };
        let (step, at) = ticks(&near, 5);
        assert!((step - 0.0002).abs() < 1e-12);
        assert_eq!(at.len(), 5);
        assert!(at.iter().all(|at| near.holds(*at)));
        assert!(ticks(&View::default(), 5).1.is_empty());
        assert!(ticks(&View::whole(36_000.0), 5).1.len() <= 6);
    }
}
