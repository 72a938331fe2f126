//! Which step is taken next: all hypotheses are asked, cheapest first, and of those that earn their
//! place the one that explains most for its price, the simplest of each file.
//!
//! Where none earns its place by the energy of the whole residual, they are asked once more, keenly: then
//! what is right as far as it goes (`complete`) is believed, however little of the whole that is.

use super::bus::Bus;
use super::complete::{Cells, Effect};
use super::diagnose::{CLEARLY, FAMILIES, FOLLOWED_DEPTH_DB, LOCAL_FAMILIES};
use super::doubles::without_copies;
use super::dynamics;
use super::edits;
use super::hypotheses::{Found, Proposal, Undo, far, gain_apart_db, joint_gains, near};
use super::meter::NullPart;
use super::places::edge_starts;
use super::recipe::Correction;
use super::related::Shares;
use super::returns::{self, Doubled};
use super::rounding::Floor;
use super::scene::Scene;
use crate::units::db_from_power;
use std::collections::BTreeMap;

/// Explanations within this factor (50 dB) of explaining everything are equally good: then the
/// simplest wins.
const CAP: f64 = 1e-5;

/// An explanation this good, in dB, leaves nothing for the costlier ones to find.
const DECISIVE_DB: f64 = 27.0;

/// An explanation by one file this good, in dB, comes before all faders together; one that is less good
/// must not do harm.
const ALONE_DB: f64 = 6.0;

/// What is looked at keenly must lower the residual by this, in dB; most of those that are tried.
const KEEN_DB: f64 = 0.1;
const LEAST_KEEN_GAIN_DB: f64 = 0.6;
const MOST_TRIED: usize = 8;

/// What other faults lend to a rich explanation beside a simple one of the same file: so much of what
/// neither explains, and of what the better one does.
const LENT: f64 = 0.5;
const LENT_OF_FOUND: f64 = 0.1;
/// An explanation of so many dB pays its full cost.
const FULL_COST_DB: f64 = 6.0;

/// Beside a gain that is followed, a file this many times louder than what is left is where it belongs.
const LOUDEST_ELSEWHERE: f64 = 4.0;

/// What an explanation must gain beside a gain that is followed.
const SETTLED_NEED_DB: f64 = 10.0;
/// Share of the residual that has to do with a file, by a rough estimate, if undoing something of it is to
/// gain that.
const SETTLED_SHARE: f64 = 0.5;

/// The step that explains most for its price; `None` if none earns its place. `far_advances` are
/// places where each file may belong.
pub(super) fn best_step(
    part: &NullPart,
    scene: &mut Scene,
    floor: &Floor,
    before: f64,
    refused: &[Proposal],
    far_advances: &[Vec<f64>],
) -> Option<Proposal> {
    let cap = (1.6 * floor.noise).max(CAP * before);
    let doubled = returns::doubled(part, scene);
    let choice = Choice { part, floor, before, cap, refused, far_advances, doubled };
    let best = choice.best(scene, false);
    if best.is_some() || choice.is_settled(scene) {
        return best;
    }
    scene.keen = true;
    let best = choice.best(scene, true);
    scene.keen = false;
    best
}

/// What a step is chosen by.
struct Choice<'a> {
    part: &'a NullPart,
    floor: &'a Floor,
    before: f64,
    /// Explanations that leave less than this are equally good.
    cap: f64,
    /// What has promised more than it kept.
    refused: &'a [Proposal],
    /// Places where each file may belong.
    far_advances: &'a [Vec<f64>],
    /// A stem of which no filter makes what it should be.
    doubled: Option<Doubled>,
}

impl Choice<'_> {
    fn improvement(&self, proposal: &Proposal) -> f64 {
        db_from_power(self.before / proposal.energy.max(self.cap))
    }

    fn score(&self, proposal: &Proposal) -> f64 {
        self.improvement(proposal) - proposal.cost_db
    }

    /// The best of all, if it explains all but everything.
    fn decisive<'p>(&self, proposals: &'p [Proposal]) -> Option<&'p Proposal> {
        proposals
            .iter()
            .max_by(|a, b| self.score(a).total_cmp(&self.score(b)))
            .filter(|best| self.improvement(best) >= DECISIVE_DB)
    }

    /// Whether all that is left is what following a gain leaves (METHODS 5.3).
    fn is_settled(&self, scene: &Scene) -> bool {
        !scene.bus().is_empty()
            && self.before < scene.reference_energy() * 10f64.powf(FOLLOWED_DEPTH_DB / 10.0)
    }

    fn best(&self, scene: &mut Scene, keen: bool) -> Option<Proposal> {
        let settled = self.is_settled(scene);
        let mut related = Shares::new(scene, f64::from(self.part.sample_rate));
        let of_files =
            !settled || (0..scene.files()).any(|file| related.share(scene, file) > SETTLED_SHARE);
        let mut proposals = self.all(scene, keen, of_files);
        let reference = scene.reference();
        // Beside one that explains all but everything none is believed for a little.
        let decided = self.decisive(&proposals).is_some();
        proposals.retain(|proposal| {
            let improvement = self.improvement(proposal);
            let clear = self.before - proposal.energy > CLEARLY * self.floor.noise;
            if (settled && improvement < SETTLED_NEED_DB) || self.is_refused(proposal) {
                return false;
            }
            if self.doubled.is_some_and(|doubled| {
                improvement < doubled.foretells_db && is_in_place_of(proposal, doubled, reference)
            }) {
                return false;
            }
            if keen {
                // Small gains are what a coder leaves, and edits what another take does.
                let small = proposal.correction().is_some_and(|(file, new)| {
                    let old = scene.correction(file);
                    new.advance_frames == old.advance_frames
                        && gain_apart_db(new.gain, old.gain) < LEAST_KEEN_GAIN_DB
                });
                let edit = matches!(proposal.undo, Undo::All(_))
                    && proposal.found.iter().any(|found| found.code == "moved-edit");
                return clear && !small && !edit && improvement >= KEEN_DB;
            }
            improvement >= proposal.need_db
                || clear
                    && !decided
                    && proposal
                        .rigid(scene)
                        .is_some_and(|f| related.settled(scene, f, proposal.energy))
        });
        let mut cells = None;
        for _ in 0..MOST_TRIED {
            let at = simplest(&proposals, scene.reference(), self.before, self.cap)?;
            let best = proposals.swap_remove(at);
            // What a first gain leaves that of another stem follows as well, a little.
            let second = matches!(best.undo, Undo::Follow(Bus::Follow { .. }))
                && dynamics::follows(scene)
                && self.improvement(&best) < dynamics::SECOND_NEED_DB;
            let believed = if keen || second {
                self.effect(scene, &best, &mut cells).is_right()
            } else {
                self.improvement(&best) >= ALONE_DB
                    || !self.effect(scene, &best, &mut cells).is_harmful()
            };
            if !believed {
                continue;
            }
            let rivals: Vec<&Proposal> = proposals
                .iter()
                .filter(|other| same_file_elsewhere(&best, other))
                .filter(|other| other.energy <= self.cap.max(2.0 * best.energy))
                .collect();
            if rivals.is_empty() {
                return Some(best);
            }
            return Some(settle(self.part, scene, &best, &rivals));
        }
        None
    }

    /// Every hypothesis: where one explains all but everything, the costlier ones are not asked. Most cost
    /// what is asked of files, which is spared if none has to do with what is left.
    fn all(&self, scene: &mut Scene, keen: bool, of_files: bool) -> Vec<Proposal> {
        let mut proposals: Vec<Proposal> = Vec::new();
        if of_files {
            proposals.extend((0..scene.files()).flat_map(|file| near(scene, file)));
        }
        proposals.extend(without_copies(scene));
        let decided = self.decisive(&proposals).cloned();
        let of_mix =
            if decided.is_none() { dynamics::of_mix(self.part, scene) } else { Vec::new() };
        proposals.extend(of_mix);
        // Where the level of the mix explains it, only moments may as well: a gain follows them, too.
        let by_mix = decided.is_none() && self.decisive(&proposals).is_some();
        for file in (0..scene.files()).filter(|_| of_files && !by_mix) {
            proposals.extend(self.elsewhere(scene, file, decided.as_ref()));
        }
        let alone = |proposal: &Proposal| {
            matches!(proposal.undo, Undo::Follow(_)) || self.improvement(proposal) < ALONE_DB
        };
        if !keen && !by_mix && proposals.iter().all(alone) {
            proposals.extend(joint_gains(scene));
        }
        // What is late in all windows may have slipped before them.
        let moved = |(file, correction): (usize, Correction)| {
            (correction.advance_frames != scene.correction(file).advance_frames).then_some(file)
        };
        let late = self.decisive(&proposals).and_then(Proposal::correction).and_then(moved);
        if let Some(stem) = late {
            proposals.extend(edits::among(&[stem], self.part, scene));
        }
        for family in LOCAL_FAMILIES {
            if !by_mix && self.decisive(&proposals).is_some() {
                break;
            }
            proposals.extend(family(self.part, scene));
        }
        for family in FAMILIES.into_iter().filter(|_| of_files) {
            if self.decisive(&proposals).is_some() {
                break;
            }
            proposals.extend(family(self.part, scene));
        }
        proposals
    }

    /// A file about the places where it may belong.
    fn elsewhere(
        &self,
        scene: &mut Scene,
        file: usize,
        decided: Option<&Proposal>,
    ) -> Vec<Proposal> {
        let could_be = match decided {
            // A decisive file may still belong a bar away; the others need not be tried.
            Some(best) => best.file() == Some(file),
            // One that is far louder than what is left would leave more.
            None => {
                !self.is_settled(scene)
                    || scene.standing_energy(file) < LOUDEST_ELSEWHERE * self.before
            }
        };
        let advances = self.far_advances.get(file).filter(|_| could_be);
        advances.map_or_else(Vec::new, |advances| far(scene, file, advances))
    }

    fn is_refused(&self, proposal: &Proposal) -> bool {
        let same = |a: &[Found], b: &[Found]| {
            let mut pairs = a.iter().zip(b);
            a.len() == b.len() && pairs.all(|(a, b)| (a.code, a.file) == (b.code, b.file))
        };
        self.refused.iter().any(|before| {
            if before.found.is_empty() {
                before.undo == proposal.undo
            } else {
                same(&proposal.found, &before.found)
            }
        })
    }

    /// What a proposal does to the residual, moment by moment and band by band.
    fn effect(&self, scene: &mut Scene, proposal: &Proposal, now: &mut Option<Cells>) -> Effect {
        let rate = f64::from(self.part.sample_rate);
        let now = now.get_or_insert_with(|| Cells::new(scene.residual(), rate));
        if let Undo::Follow(Bus::Follow { file, frames }) = &proposal.undo {
            // What is followed fits anything a little: what counts is what one band tells of the other.
            return now
                .against(&Cells::new(&dynamics::foretold(scene, *file, *frames, rate), rate));
        }
        let state = scene.state();
        proposal.undo.apply(scene);
        let after = Cells::new(scene.residual(), rate);
        scene.restore(state);
        now.against(&after)
    }
}

/// Whether it would make up for what a stem holds twice, as a gain does to some degree, followed or not.
fn is_in_place_of(proposal: &Proposal, doubled: Doubled, reference: usize) -> bool {
    let follows = matches!(proposal.undo, Undo::Follow(_));
    let of_return = proposal.found.iter().any(|found| found.code == returns::DOUBLED);
    !of_return && (follows || proposal.subject(reference) == Some(doubled.stem))
}

/// The proposal that explains most; among those about one file the simplest that does as well as any.
/// The last of equals: of two copies, the later file is the extra one.
fn simplest(proposals: &[Proposal], reference: usize, before: f64, cap: f64) -> Option<usize> {
    let energy = |proposal: &Proposal| proposal.energy.max(cap);
    let score = |proposal: &Proposal| {
        let db = db_from_power(before / energy(proposal));
        db - proposal.cost_db * (db / FULL_COST_DB).min(1.0)
    };
    let best_of = |group: &[usize]| -> Option<usize> {
        let rest = group.iter().map(|&p| energy(&proposals[p])).fold(f64::INFINITY, f64::min);
        let lent = (LENT * rest).min(LENT_OF_FOUND * (before - rest)).max(0.0);
        let own = |p: &Proposal| {
            db_from_power((before - rest + lent) / (energy(p) - rest + lent)) - p.cost_db
        };
        let best = |a: &usize, b: &usize| own(&proposals[*a]).total_cmp(&own(&proposals[*b]));
        group.iter().copied().max_by(best)
    };
    let mut groups: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (at, proposal) in proposals.iter().enumerate() {
        groups.entry(proposal.subject(reference)).or_default().push(at);
    }
    groups
        .values()
        .filter_map(|group| best_of(group))
        .max_by(|&a, &b| score(&proposals[a]).total_cmp(&score(&proposals[b])))
}

fn same_file_elsewhere(best: &Proposal, other: &Proposal) -> bool {
    match (best.correction(), other.correction()) {
        (Some((a, here)), Some((b, there))) => {
            a == b && (here.advance_frames - there.advance_frames).abs() >= 1.0
        }
        _ => false,
    }
}

/// Loops fit in many places: where the file begins and ends tells which one is right.
fn settle(part: &NullPart, scene: &mut Scene, best: &Proposal, rivals: &[&Proposal]) -> Proposal {
    const MOST: usize = 4;
    let mut rivals: Vec<&Proposal> = rivals.to_vec();
    rivals.sort_by(|a, b| a.energy.total_cmp(&b.energy));
    let mut candidates = vec![best.clone()];
    for rival in rivals {
        if candidates.len() < MOST && candidates.iter().all(|c| same_file_elsewhere(c, rival)) {
            candidates.push(rival.clone());
        }
    }
    let Some((file, _)) = best.correction() else { return best.clone() };
    let candidates: Vec<(Correction, Proposal)> =
        candidates.into_iter().filter_map(|c| Some((c.correction()?.1, c))).collect();
    let advances: Vec<f64> = candidates.iter().map(|c| c.0.advance_frames).collect();
    let starts = edge_starts(part, scene, file, &advances);
    let mut energies = vec![0.0; candidates.len()];
    for start in starts {
        let mut edge = scene.elsewhere(vec![start]);
        for (energy, (correction, _)) in energies.iter_mut().zip(&candidates) {
            *energy += edge.energy_with(file, *correction);
        }
    }
    let ranked = energies.into_iter().zip(candidates).map(|(energy, (correction, candidate))| {
        (energy, correction.advance_frames.abs(), candidate)
    });
    ranked
        .min_by(|a, b| {
            // Where even the edges say the same, the nearest place is the likeliest.
            let clear = db_from_power(a.0 / b.0).abs() > 0.5;
            if clear { a.0.total_cmp(&b.0) } else { a.1.total_cmp(&b.1) }
        })
        .map_or_else(|| best.clone(), |(_, _, candidate)| candidate)
}
