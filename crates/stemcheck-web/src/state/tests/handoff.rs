//! What a studio's send button goes by.

use super::*;

/// An album of which two songs are checked to their end, the second with this verdict, and the third was
/// stopped or is checked, too.
fn with(verdict: Verdict, is_whole: bool) -> State {
    let told = match reported(Vec::new(), Vec::new()) {
        Action::Reported(report) => {
            let mut report = *report;
            for song in &mut report.songs {
                song.verdict = verdict;
            }
            Action::Reported(Box::new(report))
        }
        other => other,
    };
    let in_second = |news| Action::InSong(1, Box::new(news));
    let state = finished(album(), 0).after(in_second(told)).after(in_second(Action::Finished));
    if is_whole { finished(state, 2) } else { state.after(Action::Cancelled) }
}

#[test]
fn the_worst_song_counts() {
    use Handoff::{Held, Open};
    use Verdict::{Check, Fix, Ready};
    let state = with(Check, true);
    let [all, good, best] = [None, Some("check"), Some("ready")].map(taken);
    assert_eq!(state.handoff(all), Open(Some(Check)));
    assert_eq!(state.handoff(good), Open(Some(Check)));
    assert_eq!(state.handoff(best), Held(Some(Check)));
    assert_eq!(with(Ready, true).handoff(best), Open(Some(Ready)));
    assert_eq!(with(Fix, true).handoff(good), Held(Some(Fix)));
    assert_eq!(with(Fix, true).handoff(all), Open(Some(Fix)));
}

#[test]
fn a_song_that_was_not_checked_is_no_good_one() {
    let state = with(Verdict::Ready, false);
    assert!(state.is_over());
    assert_eq!(state.handoff(taken(Some("check"))), Handoff::Held(None));
    assert_eq!(state.handoff(taken(Some("anything"))), Handoff::Open(None));
    assert_eq!(finished(album(), 0).handoff(Verdict::Fix), Handoff::Early);
    assert_eq!(State::default().handoff(Verdict::Fix), Handoff::Early);
}
