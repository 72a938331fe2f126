//! How strongly levels are drawn.

use super::View;

/// From the strongest shade to none, in dB.
pub const SHADES_DB: f64 = 48.0;

/// Shades of one row of levels, 0 to 1, for each of so many pixels that show `view`: the loudest step
/// under each pixel. `None` is silence.
pub fn shades(
    levels: &[Option<f64>],
    step_s: f64,
    view: &View,
    pixels: usize,
    top_db: f64,
) -> Vec<f32> {
    if !(step_s > 0.0 && view.span_s > 0.0) {
        return vec![0.0; pixels];
    }
    let steps = view.span_s / step_s / pixels.max(1) as f64;
    let before = view.start_s / step_s;
    (0..pixels)
        .map(|pixel| {
            let first = (before + pixel as f64 * steps) as usize;
            // Steps narrower than a pixel are all looked at, wider ones fill theirs.
            let end = (before + (pixel + 1) as f64 * steps).ceil() as usize;
            let under = levels.get(first..end.min(levels.len()).max(first)).unwrap_or_default();
            under.iter().map(|level| shade(*level, top_db)).fold(0.0, f32::max)
        })
        .collect()
}

/// Shade of a level, 0 to 1.
pub fn shade(level: Option<f64>, top_db: f64) -> f32 {
    // A finer step than a 32nd is not seen, and equal neighbours are drawn at once.
    const STEPS: f64 = 32.0;
    let shade = level.map_or(0.0, |db| 1.0 - (top_db - db) / SHADES_DB).clamp(0.0, 1.0);
    ((shade * STEPS).round() / STEPS) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loud_is_strong_and_far_below_is_nothing() {
        let levels = [Some(-20.0), Some(-44.0), Some(-68.0), Some(-90.0), None];
        assert_eq!(shades(&levels, 1.0, &View::whole(5.0), 5, -20.0), [1.0, 0.5, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_loudest_under_a_pixel_is_drawn_and_a_wide_step_fills_its_pixels() {
        let mut levels = vec![None; 1000];
        levels[777] = Some(0.0);
        let narrow = shades(&levels, 1.0, &View::whole(1000.0), 100, 0.0);
        assert_eq!(narrow.iter().filter(|shade| **shade == 1.0).count(), 1);
        let wide = shades(&[Some(0.0), None], 5.0, &View::whole(10.0), 8, 0.0);
        assert_eq!(wide, [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_zoom_shows_its_stretch_only() {
        let levels = [None, None, Some(0.0), None];
        let near = View { start_s: 1.5, span_s: 1.0, song_s: 4.0 };
        assert_eq!(shades(&levels, 1.0, &near, 4, 0.0), [0.0, 0.0, 1.0, 1.0]);
    }

    #[test]
    fn a_step_that_passes_the_end_or_no_length_is_no_trouble() {
        assert_eq!(shades(&[Some(0.0)], 3.0, &View::whole(1.0), 2, 0.0), [1.0, 1.0]);
        assert_eq!(shades(&[Some(0.0)], 1.0, &View::whole(4.0), 4, 0.0), [1.0, 0.0, 0.0, 0.0]);
        assert_eq!(shades(&[Some(0.0)], 1.0, &View::whole(0.0), 2, 0.0), [0.0, 0.0]);
        assert!(shades(&[], 0.0, &View::whole(1.0), 0, 0.0).is_empty());
    }
}
