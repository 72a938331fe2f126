//! A file of one channel where stereo files are asked for.

use super::{Check, Doc, Finding, Song, split_stereo};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "mono-file",
        severity: Severity::Warning,
        title: "A mono file",
        what: "The file has one channel; stereo files are asked for.",
        why: "DAWs disagree on how loud a mono file plays in the middle (their pan law, up to 6 dB \
              apart), so your balance may change when the engineer imports it. A position in the \
              stereo image is lost too.",
        fix: "Export this track as interleaved stereo, also if its source is mono.",
        source: "Master Your Track, How to prepare the stems (interleaved stereo); MasteringBOX, \
                 Stem mastering guide (stereo)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    if song.profile.stereo_files != Some(true) {
        return;
    }
    // Halves of a split stereo file and a mono mix of stereo stems are said by their own checks.
    let halves = split_stereo::pairs(song);
    let is_half = |index| halves.iter().any(|&(left, right)| left == index || right == index);
    let some_stereo = song.heard().any(|file| !file.is_reference() && file.format.channels > 1);
    for file in song.heard().filter(|file| file.format.channels == 1 && !is_half(file.index)) {
        if file.is_reference() && some_stereo {
            continue;
        }
        let message = "{file} is a mono file; stereo files are asked for.";
        found.push(Finding::new(CHECK.doc.code, message).file(file.index));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn mono_is_told_where_stereo_is_asked() {
        let mut scene = Scene::clean();
        scene.file(1).0.channels = 1;
        assert_eq!(scene.one("mono-file").file, Some(1));
        scene.profile.stereo_files = Some(false);
        assert!(scene.is_clean());
    }
}
