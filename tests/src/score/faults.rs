//! The faults: how each is done to a song, and what is then true of it. Every code of the null test
//! that can be made has at least one.

#[expect(clippy::unnecessary_wraps, reason = "every fault has one shape")]
mod bus;
#[expect(clippy::unnecessary_wraps, reason = "every fault has one shape")]
mod effect;
#[expect(clippy::unnecessary_wraps, reason = "every fault has one shape")]
mod file;
#[expect(clippy::unnecessary_wraps, reason = "every fault has one shape")]
mod time;

use super::desk::{Desk, Shelf, Strength};
use super::truth::Truth;
use crate::studio::MemoryFile;

/// In which order faults of one case are done: a part belongs in the mix before the bus treats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// A stem, or what the mix holds of it.
    Part,
    /// The whole mix.
    Bus,
    /// How the mix is stored.
    Store,
}

/// A way in which something goes wrong.
pub struct Fault {
    /// Code, and after a stroke which kind of it.
    pub name: &'static str,
    /// When it is done.
    pub stage: Stage,
    /// In which strengths there is one.
    pub strengths: &'static [Strength],
    /// Does it; `None` where the song has nothing that it could be done to.
    make: fn(&mut Desk) -> Option<Vec<Truth>>,
}

const fn fault(
    name: &'static str,
    stage: Stage,
    make: fn(&mut Desk) -> Option<Vec<Truth>>,
) -> Fault {
    Fault { name, stage, strengths: &Strength::ALL, make }
}

/// One that is there or not, to the whole song.
const fn plain(
    name: &'static str,
    stage: Stage,
    make: fn(&mut Desk) -> Option<Vec<Truth>>,
) -> Fault {
    Fault { name, stage, strengths: &[Strength::Blatant], make }
}

/// Every fault.
pub const FAULTS: &[Fault] = &[
    fault("late-stem/whole", Stage::Part, time::late_stem),
    fault("late-stem/part of a sample", Stage::Part, time::late_by_a_part),
    fault("late-stem/trimmed", Stage::Part, time::trimmed),
    fault("moved-edit", Stage::Part, time::moved_edit),
    fault("channel-delay", Stage::Part, time::channel_delay),
    fault("wrong-rate-header/stem", Stage::Part, time::wrong_rate_stem),
    plain("wrong-rate-header/reference", Stage::Store, time::wrong_rate_reference),
    fault("reference-offset/whole", Stage::Store, time::reference_offset),
    fault("reference-offset/part of a sample", Stage::Store, time::reference_offset_by_a_part),
    fault("clock-drift/stem", Stage::Part, time::drift_stem),
    fault("clock-drift/whole", Stage::Store, time::drift_reference),
    fault("wrong-gain", Stage::Part, effect::wrong_gain),
    fault("missing-automation", Stage::Part, effect::missing_automation),
    fault("reference-gain", Stage::Bus, bus::gain),
    fault("inverted-polarity/stem", Stage::Part, effect::inverted),
    plain("inverted-polarity/reference", Stage::Bus, bus::inverted),
    fault("not-in-reference", Stage::Part, effect::not_in_reference),
    fault("doubled-part/copy", Stage::Part, effect::copied),
    fault("doubled-part/inside another", Stage::Part, effect::doubled_inside),
    fault("doubled-part/bus and parts", Stage::Part, effect::doubled_bus),
    fault("missing-part", Stage::Part, effect::missing),
    fault("missing-effect-return/reverb", Stage::Part, effect::missing_reverb),
    fault("missing-effect-return/echo", Stage::Part, effect::missing_echo),
    fault("doubled-effect-return", Stage::Part, effect::doubled_reverb),
    fault("swapped-channels/stem", Stage::Part, effect::swapped),
    plain("swapped-channels/whole", Stage::Bus, bus::swapped),
    fault("collapsed-to-mono/stem", Stage::Part, effect::collapsed),
    plain("collapsed-to-mono/whole", Stage::Bus, bus::collapsed),
    fault("changed-width/stem", Stage::Part, effect::width),
    fault("changed-width/whole", Stage::Bus, bus::width),
    fault("changed-pan/stem", Stage::Part, effect::pan),
    fault("changed-pan/whole", Stage::Bus, bus::pan),
    fault("stem-eq", Stage::Part, effect::stem_eq),
    fault("stem-dynamics/compressor", Stage::Part, effect::stem_compressor),
    fault("stem-dynamics/limiter", Stage::Part, effect::stem_limiter),
    fault("lost-sidechain", Stage::Part, effect::lost_sidechain),
    fault("bus-compressor", Stage::Bus, bus::compressor),
    fault("bus-limiter", Stage::Bus, bus::limiter),
    fault("bus-limiter/late", Stage::Bus, bus::late_limiter),
    fault("bus-saturation/soft", Stage::Bus, bus::saturation),
    fault("bus-saturation/hard", Stage::Bus, bus::hard_clip),
    fault("bus-eq", Stage::Bus, bus::eq),
    fault("bus-printed-per-stem", Stage::Bus, bus::printed_per_stem),
    fault("mastered-reference", Stage::Bus, bus::mastered),
    fault("fade-on-reference", Stage::Bus, bus::fade),
    fault("cut-tail", Stage::Part, file::cut_tail),
    fault("cut-start", Stage::Part, file::cut_start),
    fault("dropout/stem", Stage::Part, file::dropout),
    fault("dropout/reference", Stage::Store, file::reference_dropout),
    fault("repeated-block", Stage::Part, file::repeated_block),
    fault("click/stem", Stage::Part, file::click),
    fault("click/reference", Stage::Store, file::reference_click),
    fault("clipping", Stage::Part, file::clipping),
    fault("lossy-reference/mp3", Stage::Store, file::reference_mp3),
    fault("lossy-reference/aac", Stage::Store, file::reference_aac),
    fault("lossy-stem", Stage::Part, file::lossy_stem),
    fault("resampled-reference", Stage::Store, file::resampled_reference),
    fault("resampled-stem", Stage::Part, file::resampled_stem),
    fault("modulated-effect", Stage::Part, effect::modulated),
    fault("unrepeatable-mix", Stage::Part, effect::unrepeatable),
    fault("different-version", Stage::Part, effect::other_version),
    plain("different-song", Stage::Store, file::different_song),
    fault("added-noise", Stage::Store, file::noise),
    fault("rounding", Stage::Store, file::dithered),
    plain("clean/floored", Stage::Store, file::clean_floored),
    plain("clean/dithered", Stage::Store, file::clean_dithered),
];

impl Fault {
    /// The code that has to be named.
    pub fn code(&self) -> &'static str {
        self.name.split_once('/').map_or(self.name, |(code, _)| code)
    }
}

/// A delivery with faults, and what is true of it.
pub struct Case {
    /// Names of the faults, or of what is none.
    pub faults: Vec<&'static str>,
    /// How much of them.
    pub strength: Strength,
    /// What is wrong.
    pub truths: Vec<Truth>,
    /// Name of the reference.
    pub reference: &'static str,
    /// What is delivered.
    pub files: Vec<MemoryFile>,
    /// Energy of what does not add up before anything is stored, against that of the mix, in dB.
    pub residual_db: f64,
}

impl Case {
    /// A song with faults; `None` where one of them cannot be done to it.
    ///
    /// # Errors
    /// A sentence, if a file cannot be written.
    pub fn make(
        shelf: &Shelf,
        faults: &[&Fault],
        strength: Strength,
    ) -> Result<Option<Self>, String> {
        let mut order = faults.to_vec();
        order.sort_by_key(|fault| fault.stage);
        let names: Vec<&'static str> = order.iter().map(|fault| fault.name).collect();
        let mut desk = Desk::new(shelf, &names.join(" + "), strength);
        let mut truths = Vec::new();
        for fault in order {
            match (fault.make)(&mut desk) {
                Some(more) => truths.extend(more),
                None => return Ok(None),
            }
        }
        Ok(Some(Self {
            faults: names,
            strength,
            truths,
            reference: shelf.song.reference,
            residual_db: desk.residual(),
            files: desk.store()?,
        }))
    }
}
