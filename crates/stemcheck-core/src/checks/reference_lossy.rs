//! A reference mix that is, or was, an MP3 or AAC.

use super::lossy_origin::{self, Told};
use super::{Check, Doc, Finding, Song, Value, lossy_format};
use crate::profile::Severity;
use crate::song::Role;

pub(super) const CHECK: Check = Check {
    doc: Doc {
        code: "reference-lossy",
        severity: Severity::Warning,
        title: "The reference mix was compressed with loss",
        what: "The mix that the stems are compared with is an MP3, AAC or the like, or was decoded \
               from one.",
        why: "The stems cannot cancel against it: an encoder changes every sample. It still tells \
              how the mix should sound, but not whether the stems are complete and in place.",
        fix: "Export the stereo mix from the same project once more, as WAV or AIFF in the project's \
              own rate and 24 bits, and send that as the reference.",
        source: "MasteringBOX, Stem mastering guide (a single stereo mixdown); Master Your Track, How \
                 to prepare the stems (WAV or AIFF)",
    },
    run,
};

const TOLD: Told = Told {
    grid: "The reference mix {file} was decoded from a lossy file: the frames of an {coder} encoder \
           are still in its samples.",
    low_pass: "The reference mix {file} seems to have been an MP3 or AAC once: its spectrum breaks off \
               at {edge}, where encoders cut. A very steep low-pass does the same.",
};

fn run(song: &Song<'_>, found: &mut Vec<Finding>) {
    let reference = song.sounding().filter(super::Heard::is_reference);
    let code = CHECK.doc.code;
    found.extend(reference.filter_map(|file| lossy_origin::finding(code, &file, &TOLD)));
    // What the file says itself needs no listening.
    for (index, file) in song.delivered() {
        let lossy = file.format().filter(|format| format.is_lossy());
        let Some(format) = lossy.filter(|_| file.role == Role::Reference) else { continue };
        let codec = Value::Text(lossy_format::spoken(&format.codec));
        let finding = Finding::new(code, "The reference mix {file} is {codec}.").file(index);
        found.push(finding.with("codec", codec));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Scene;
    use crate::measure::Edge;
    use crate::origin::{Coder, Origin};

    #[test]
    fn a_decoded_mix_is_told_by_its_grid_or_its_low_pass() {
        let mut scene = Scene::clean();
        let edge = |drop_db| Edge { hz: 16_000.0, drop_db, below_db: -60.0, above_db: -110.0 };
        scene.file(3).1.edge = Some(edge(24.0));
        assert!(scene.is_clean());
        scene.file(3).1.edge = Some(edge(50.0));
        assert!(scene.say(&scene.one("reference-lossy")).contains("breaks off at 16 kHz"));
        *scene.origin(3) = Some(Origin { coder: Coder::Aac, offset: 0, strength: 30.0 });
        let said = "The reference mix Mixdown.wav was decoded from a lossy file: the frames of an AAC \
                    encoder are still in its samples.";
        assert_eq!(scene.say(&scene.one("reference-lossy")), said);
        assert!(scene.found("lossy-origin").is_empty());
    }
}
