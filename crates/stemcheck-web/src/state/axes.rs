//! Where a curve of decibels lies in its plot.

/// How the values across are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// Evenly.
    Linear,
    /// By octaves.
    Logarithmic,
}

/// The ranges of a plot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// First value across.
    pub from: f64,
    /// Last value across.
    pub to: f64,
    bottom_db: f64,
    top_db: f64,
    scaling: Scaling,
}

impl Axes {
    /// Around a curve and 0 dB; `None` if there is no curve.
    pub fn around(points: &[[f64; 2]], scaling: Scaling) -> Option<Self> {
        /// A plot is never so fine that a difference nobody hears looks like a cliff.
        const LEAST_DB: f64 = 3.0;
        let range = |of: usize| {
            let values = points.iter().map(|point| point[of]);
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(x), high.max(x))
            })
        };
        let (from, to) = range(0);
        if points.len() < 2 || from >= to || (scaling == Scaling::Logarithmic && from <= 0.0) {
            return None;
        }
        let (low, high) = range(1);
        let step = |db: f64| (db / LEAST_DB).ceil() * LEAST_DB;
        let (mut top_db, mut bottom_db) = (step(high.max(0.0)), -step(-low.min(0.0)));
        if top_db == bottom_db {
            (bottom_db, top_db) = (-LEAST_DB, LEAST_DB);
        }
        Some(Self { from, to, bottom_db, top_db, scaling })
    }

    /// Place across, 0 to 1.
    pub fn x(&self, value: f64) -> f64 {
        match self.scaling {
            Scaling::Linear => (value - self.from) / (self.to - self.from),
            Scaling::Logarithmic => (value / self.from).ln() / (self.to / self.from).ln(),
        }
    }

    /// Place upwards, 0 to 1.
    pub fn y(&self, db: f64) -> f64 {
        (db - self.bottom_db) / (self.top_db - self.bottom_db)
    }

    /// Levels to draw lines at: 0 dB, and both ends where their numbers have room beside its own.
    pub fn lines_db(&self) -> Vec<f64> {
        const ROOM: f64 = 0.12;
        let has_room = |db: &f64| *db == 0.0 || (self.y(*db) - self.y(0.0)).abs() >= ROOM;
        let mut lines = vec![self.bottom_db, 0.0, self.top_db];
        lines.dedup();
        lines.retain(has_room);
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_lies_within_its_plot_and_zero_with_it() {
        let curve = [[-40.0, 0.1], [-20.0, -1.0], [0.0, -7.5]];
        let axes = Axes::around(&curve, Scaling::Linear).expect("a curve");
        assert_eq!((axes.x(-40.0), axes.x(-20.0), axes.x(0.0)), (0.0, 0.5, 1.0));
        assert_eq!(axes.lines_db(), [-9.0, 0.0, 3.0]);
        assert!(curve.iter().all(|[_, db]| (0.0..=1.0).contains(&axes.y(*db))));
        let octaves = Axes::around(&[[50.0, 0.0], [12_800.0, 0.0]], Scaling::Logarithmic);
        let octaves = octaves.expect("a curve");
        assert!((octaves.x(800.0) - 0.5).abs() < 1e-9);
        assert_eq!(octaves.lines_db(), [-3.0, 0.0, 3.0]);
        let deep = Axes::around(&[[0.0, 0.2], [1.0, -44.0]], Scaling::Linear).expect("a curve");
        assert_eq!(deep.lines_db(), [-45.0, 0.0]);
    }

    #[test]
    fn what_is_no_curve_is_not_drawn() {
        assert_eq!(Axes::around(&[], Scaling::Linear), None);
        assert_eq!(Axes::around(&[[1.0, 2.0]], Scaling::Linear), None);
        assert_eq!(Axes::around(&[[1.0, 2.0], [1.0, 3.0]], Scaling::Linear), None);
        assert_eq!(Axes::around(&[[0.0, 2.0], [1.0, 3.0]], Scaling::Logarithmic), None);
    }
}
