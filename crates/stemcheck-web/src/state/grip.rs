//! What fingers and the mouse do on a lane: a tap goes there, a drag scrolls, two fingers zoom.

use super::View;

/// Pixels that a pointer may move and still be a tap.
const SLACK_PX: f64 = 5.0;

/// The pointers that are down on a lane, with where they are in pixels from its left edge.
#[derive(Debug, Default)]
pub struct Grip {
    pointers: Vec<(i32, f64)>,
    /// Where the first one went down, while it may still be a tap.
    tap: Option<f64>,
}

impl Grip {
    /// A pointer went down.
    pub fn down(&mut self, id: i32, x: f64) {
        self.pointers.retain(|(known, _)| *known != id);
        self.pointers.push((id, x));
        self.tap = (self.pointers.len() == 1).then_some(x);
    }

    /// A pointer moved over a lane so many pixels wide. The new view, if that changes it.
    pub fn moved(&mut self, id: i32, x: f64, width: f64, view: &View) -> Option<View> {
        let index = self.pointers.iter().position(|(known, _)| *known == id)?;
        let before = self.pointers.get(index)?.1;
        if self.tap.is_some_and(|tap| (x - tap).abs() < SLACK_PX) || width <= 0.0 {
            return None;
        }
        // The whole song cannot be scrolled: there, a drag is a tap at its end.
        self.tap = self.tap.filter(|_| view.is_whole()).map(|_| f64::NEG_INFINITY);
        let other = self.pointers.iter().find(|(known, _)| *known != id).map(|(_, x)| *x);
        if let Some(place) = self.pointers.get_mut(index) {
            place.1 = x;
        }
        let seconds = |px: f64| px / width * view.span_s;
        let moved = match other {
            None => view.scrolled(-seconds(x - before)),
            Some(other) => {
                let (old, new) = ((before - other).abs(), (x - other).abs());
                if old < 1.0 || new < 1.0 {
                    return None;
                }
                // The finger that rests stays on its moment.
                view.zoomed(new / old, view.at(other / width))
            }
        };
        (moved != *view).then_some(moved)
    }

    /// A pointer went up. Whether it was a tap.
    pub fn up(&mut self, id: i32) -> bool {
        let held = self.pointers.len();
        self.pointers.retain(|(known, _)| *known != id);
        held == 1 && self.pointers.is_empty() && self.tap.take().is_some()
    }

    /// A pointer was taken away, by the browser for scrolling the page.
    pub fn lost(&mut self, id: i32) {
        self.tap = None;
        self.pointers.retain(|(known, _)| *known != id);
    }
}

/// How much nearer one notch or swipe of a wheel or touch pad goes: `delta` in pixels.
pub fn wheel_factor(delta: f64) -> f64 {
    // One notch of a mouse is 100 to 120 pixels, a pinch a few: both feel like what they are.
    (-delta.clamp(-120.0, 120.0) / 240.0).exp2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near() -> View {
        View::whole(100.0).zoomed(10.0, 50.0)
    }

    #[test]
    fn a_tap_may_tremble_a_little() {
        let mut grip = Grip::default();
        grip.down(1, 100.0);
        assert_eq!(grip.moved(1, 103.0, 1000.0, &near()), None);
        assert!(grip.up(1));
        assert!(!grip.up(1), "once");
    }

    #[test]
    fn a_drag_takes_the_song_along() {
        let mut grip = Grip::default();
        grip.down(1, 500.0);
        let view = grip.moved(1, 400.0, 1000.0, &near()).expect("it moves");
        assert!((view.start_s - (near().start_s + 1.0)).abs() < 1e-9);
        assert!(!grip.up(1), "a drag is no tap");
    }

    #[test]
    fn on_the_whole_song_a_drag_is_a_tap() {
        let mut grip = Grip::default();
        grip.down(1, 500.0);
        assert_eq!(grip.moved(1, 700.0, 1000.0, &View::whole(100.0)), None);
        assert!(grip.up(1));
    }

    #[test]
    fn two_fingers_zoom_about_the_one_that_rests() {
        let mut grip = Grip::default();
        grip.down(1, 300.0);
        grip.down(2, 400.0);
        let view = grip.moved(2, 500.0, 1000.0, &near()).expect("it zooms");
        assert!((view.span_s - near().span_s / 2.0).abs() < 1e-9);
        assert!((view.at(0.3) - near().at(0.3)).abs() < 1e-9);
        assert!(!grip.up(2) && !grip.up(1), "neither is a tap");
    }

    #[test]
    fn a_pointer_that_the_page_takes_is_forgotten() {
        let mut grip = Grip::default();
        grip.down(1, 300.0);
        grip.lost(1);
        assert!(!grip.up(1));
        assert_eq!(grip.moved(1, 0.0, 1000.0, &near()), None);
    }

    #[test]
    fn a_wheel_zooms_in_upwards_and_a_wild_one_not_wildly() {
        assert!(wheel_factor(-100.0) > 1.2 && wheel_factor(100.0) < 0.8);
        assert_eq!(wheel_factor(0.0), 1.0);
        assert!(wheel_factor(-1e9) < 2.0);
    }
}
