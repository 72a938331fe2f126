//! What the rest of the residual is like when nothing that can be undone is left: a file that was
//! resampled or coded, which took away what no treatment brings back (METHODS 5.3, "leftover").
//!
//! Looks at mean spectra only. A coder that leaves no edge is told by its grid, elsewhere.

use super::hypotheses::Found;
use super::scene::Scene;
use super::spectra::{Spectra, Stretches, mono};

/// A file is empty above an edge if it is this far below what it should be (-20 dB).
const EMPTY: f64 = 0.01;
/// Just below the edge it is as it should be, within this factor (3 dB).
const PRESENT: f64 = 2.0;
/// An edge lies above this frequency, and below this share of half the sample rate.
const LOWEST_EDGE_HZ: f64 = 9_000.0;
const HIGHEST_EDGE: f64 = 0.985;
/// Highest edge that a coder leaves, in Hz (METHODS 5.3).
const CODED_HZ: f64 = 20_500.0;
/// Below the edge a resampled file is all but a filtered one: what no filter explains is less than
/// this share of what there should be (-45 dB). What a coder adds there is more.
const FILTERED: f64 = 3e-5;
/// Share of the residual that must lie above the edge of a resampled file.
const ABOVE: f64 = 0.5;
/// Width of the bands in Hz.
const BAND_HZ: f64 = 250.0;

/// The file that was resampled, or the reference that was coded, if the residual looks like that.
pub(super) fn named(scene: &Scene, rate: f64) -> Option<Found> {
    let residual: Vec<Vec<f64>> = scene.residual().iter().map(mono).collect();
    let residual = Stretches::new(residual.iter().map(Vec::as_slice), rate);
    let reference = scene.reference();
    let of = |file: usize| {
        let wanted: Vec<Vec<f64>> = scene.wanted(file).iter().map(mono).collect();
        let wanted = Stretches::new(wanted.iter().map(Vec::as_slice), rate);
        wanted.against(&residual)
    };
    let mix = Edge::find(&of(reference), 1.0, rate);
    if let Some(edge) = &mix {
        if edge.noise < FILTERED && edge.share_above > ABOVE {
            return Some(Found::new("resampled-reference", None, 0.0, ""));
        }
        if edge.hz <= CODED_HZ && edge.noise >= FILTERED {
            let coded = Found::new("lossy-reference", None, 0.0, "");
            return Some(Found { expected: true, ..coded });
        }
    }
    let stems = (0..reference).filter_map(|stem| Some((stem, Edge::find(&of(stem), -1.0, rate)?)));
    stems
        .filter(|(_, edge)| edge.noise < FILTERED && edge.share_above > ABOVE)
        .max_by(|a, b| a.1.share_above.total_cmp(&b.1.share_above))
        .map(|(stem, _)| Found::new("resampled-stem", Some(stem), 0.0, ""))
}

/// Where a file ends that should go on.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Edge {
    hz: f64,
    /// Share of the residual above.
    share_above: f64,
    /// Below: what no filter explains, against what should be there.
    noise: f64,
}

impl Edge {
    /// Of a file that is what is wanted (`spectra.own`) but for the residual (`spectra.missing`): the
    /// file is the one plus `-sign` times the other.
    fn find(spectra: &Spectra, sign: f64, rate: f64) -> Option<Self> {
        let width = ((BAND_HZ / spectra.hz).round() as usize).max(1);
        let bands = spectra.own.len() / width;
        let band = |at: usize| at * width..(at + 1) * width;
        let wanted: Vec<f64> = (0..bands).map(|at| spectra.own[band(at)].iter().sum()).collect();
        let present: Vec<f64> = (0..bands)
            .map(|at| {
                band(at)
                    .map(|bin| {
                        spectra.own[bin] - 2.0 * sign * spectra.cross[bin].re + spectra.missing[bin]
                    })
                    .sum::<f64>()
                    .max(0.0)
            })
            .collect();
        let top = (HIGHEST_EDGE * bands as f64) as usize;
        // From the top down, as long as there is nothing where something should be.
        let first = (0..top).rev().take_while(|&at| present[at] < EMPTY * wanted[at]).last()?;
        let hz = first as f64 * width as f64 * spectra.hz;
        let (below, above) = (first * 17 / 20, (first + first / 50).min(top.saturating_sub(1)));
        let whole = below.checked_sub(1)?;
        let steady =
            wanted[above] < PRESENT * wanted[whole] && wanted[above] > 1e-4 * wanted[whole];
        let here = present[whole] < PRESENT * wanted[whole]
            && PRESENT * present[whole] > wanted[whole]
            && present[above] < EMPTY * present[whole];
        if hz < LOWEST_EDGE_HZ.min(0.2 * rate) || !steady || !here {
            return None;
        }
        let missing: f64 = spectra.missing.iter().sum();
        let missing_above: f64 = spectra.missing[whole * width..].iter().sum();
        let (mut unexplained, mut sound) = (0.0, 0.0);
        for bin in 0..whole * width {
            let own = spectra.own[bin].max(1e-30);
            unexplained += spectra.missing[bin] - spectra.cross[bin].norm_sqr() / own;
            sound += own;
        }
        Some(Self {
            hz,
            share_above: missing_above / missing.max(f64::MIN_POSITIVE),
            noise: (unexplained / sound).max(0.0),
        })
    }
}
