//! What the keys of the page mean. Reading them is `ui::keys`' work; the dialog lists [`SHORTCUTS`].

use stemcheck_session::core::preview::Bus;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum KeyCommand {
    /// Play or pause.
    TogglePlay,
    /// Move the playhead by so many seconds.
    Nudge(f64),
    /// Go to the start.
    ToStart,
    /// Mute the stem that has the focus.
    Mute,
    /// Solo the stem that has the focus.
    Solo,
    /// Listen to a bus.
    Listen(Bus),
    /// Zoom in or out.
    Zoom(Direction),
    /// Show the whole song.
    Fit,
    /// Scroll the lanes.
    Scroll(Direction),
    /// Go to the next or the former finding.
    Finding(Direction),
    /// Hear the finding that was gone to.
    Hear,
    /// End the loop of a finding.
    EndHearing,
    /// Show or hide the list of keys.
    Help,
}

/// On or back, in or out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// On, in.
    On,
    /// Back, out.
    Back,
}

/// Seconds that an arrow moves the playhead, and with shift.
const STEP_S: (f64, f64) = (5.0, 1.0);

/// What a key means, by the name that the browser gives it.
pub fn command(key: &str, shift: bool) -> Option<KeyCommand> {
    use KeyCommand as C;
    let step_s = if shift { STEP_S.1 } else { STEP_S.0 };
    let command = match key {
        " " => C::TogglePlay,
        "ArrowLeft" => C::Nudge(-step_s),
        "ArrowRight" => C::Nudge(step_s),
        "Home" => C::ToStart,
        "m" | "M" => C::Mute,
        "s" | "S" => C::Solo,
        "+" | "=" => C::Zoom(Direction::On),
        "-" => C::Zoom(Direction::Back),
        "0" => C::Fit,
        "." => C::Scroll(Direction::On),
        "," => C::Scroll(Direction::Back),
        "n" | "N" => C::Finding(Direction::On),
        "p" | "P" => C::Finding(Direction::Back),
        "h" | "H" => C::Hear,
        "Escape" => C::EndHearing,
        "?" => C::Help,
        _ => {
            let number = key.parse::<usize>().ok()?.checked_sub(1)?;
            C::Listen(*Bus::ALL.get(number)?)
        }
    };
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::SHORTCUTS;

    #[test]
    fn every_listed_key_does_something() {
        let name = |cap: &'static str| match cap {
            "Space" => Some(" "),
            "←" => Some("ArrowLeft"),
            "→" => Some("ArrowRight"),
            "Esc" => Some("Escape"),
            // Read by the lanes and by the browser.
            "Ctrl" | "Shift" | "Tab" | "wheel" | "drag" => None,
            key => Some(key),
        };
        let keys = SHORTCUTS.iter().flat_map(|(_, rows)| rows.iter()).flat_map(|(keys, _)| *keys);
        for key in keys.filter_map(|cap| name(cap)) {
            assert!(command(key, false).is_some(), "{key}");
        }
    }

    #[test]
    fn every_command_is_listed() {
        let listed: Vec<&str> = SHORTCUTS
            .iter()
            .flat_map(|(_, rows)| rows.iter())
            .flat_map(|(keys, _)| keys.iter().copied())
            .collect();
        for cap in [
            "Space", "←", "Home", "M", "S", "1", "4", "+", "-", "0", ",", "N", "P", "H", "Esc", "?",
        ] {
            assert!(listed.contains(&cap), "{cap}");
        }
    }

    #[test]
    fn numbers_are_buses_and_other_keys_are_not_ours() {
        assert_eq!(command("3", false), Some(KeyCommand::Listen(Bus::Difference)));
        assert_eq!(command("5", false), Some(KeyCommand::Listen(Bus::ReferenceMaster)));
        for key in ["6", "9", "x", "Tab", "Enter", "ArrowUp", "PageDown", ""] {
            assert_eq!(command(key, false), None, "{key}");
        }
        assert_eq!(command("ArrowLeft", true), Some(KeyCommand::Nudge(-1.0)));
    }
}
