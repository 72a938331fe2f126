//! A file of more than two channels.

use super::{Check, Doc, Finding, Song, Value};
use crate::profile::Severity;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "multichannel-file",
        severity: Severity::Error,
        title: "More than two channels",
        what: "The file has more than two channels, as in surround sound.",
        why: "Stem mastering works in stereo. Nobody knows how the further channels are meant to \
              sound in it; here only the first two were summed.",
        fix: "Export this track through a stereo output, as interleaved stereo.",
        source: "Master Your Track, How to prepare the stems (interleaved stereo); MasteringBOX, \
                 Stem mastering guide (stereo)",
    },
    run,
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    for file in song.heard().filter(|file| file.format.channels > 2) {
        let channels = file.format.channels;
        found.push(
            Finding::new(
                CHECK.doc.code,
                "{file} has {channels} channels; stereo (two channels) is asked for.",
            )
            .file(file.index)
            .with("channels", Value::Count(u64::from(channels)))
            .amount(f64::from(channels), "channels"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;

    #[test]
    fn three_channels_are_too_many_and_two_are_not() {
        let mut scene = Scene::clean();
        scene.file(2).0.channels = 3;
        let finding = scene.one("multichannel-file");
        assert_eq!(
            scene.say(&finding),
            "Lead vocal.wav has 3 channels; stereo (two channels) is asked for."
        );
    }
}
