//! Where to look: the few windows of the song that tell most.

use super::meter::NullPart;
use super::portrait::Portrait;
use super::recipe::Recipe;
use super::scene::{Scene, Size};

/// Memory for the windows' samples, in bytes.
const MEMORY: usize = 48 << 20;
const FEWEST: usize = 4;
const MOST: usize = 8;

/// A second with this share of residual (-60 dB) is right.
const RIGHT: f64 = 1e-6;

/// A stem this far below the reference over the song (-90 dB) need not be seen.
const NEGLIGIBLE: f64 = 1e-9;

/// First frames of the windows: where the residual is loudest, where each stem sounds, and where
/// far candidates say that it belongs.
pub(super) fn choose_starts(part: &NullPart, size: Size, far: &[Vec<f64>]) -> Vec<i64> {
    let files = part.signatures.len();
    let bytes = files * 2 * 4 * (size.core + 2 * size.margin);
    let count = (MEMORY / bytes.max(1)).clamp(FEWEST, MOST).min(part.seconds.len().max(1));
    let rate = i64::from(part.sample_rate);
    let loudest = |energy: &dyn Fn(usize) -> f64| {
        (0..part.seconds.len()).max_by(|&a, &b| energy(a).total_cmp(&energy(b))).unwrap_or(0)
    };

    let residual = |index: usize| part.seconds[index].residual;
    // What happens at one moment may be heard for less than a window.
    let traces = Portrait::new(part, &Recipe::neutral(part.stems())).traces();
    let mut starts = vec![traces.loudest() as i64 * traces.hop as i64 - size.core as i64 / 2];
    let total: Vec<f64> = (0..files).map(|file| part.energy(file)).collect();
    let reference = total.last().copied().unwrap_or(0.0);
    let peak: Vec<f64> = (0..files)
        .map(|file| part.seconds.iter().map(|s| s.files[file].energy).fold(0.0, f64::max))
        .collect();
    // The loudest second of a stem with a far candidate, and where that would belong.
    for (file, advances) in far.iter().enumerate() {
        if let Some(advance) = advances.first() {
            let own = part.second_start(loudest(&|index| part.seconds[index].files[file].energy));
            push_apart(&mut starts, own - *advance as i64, size, count / 2);
        }
    }
    // Where all is right, if it is anywhere: what is wrong only for a while is not wrong there.
    let right = |index: usize| {
        let second = &part.seconds[index];
        let sound = second.files.last().map_or(0.0, |sums| sums.energy);
        second.residual <= RIGHT * sound && sound * part.seconds.len() as f64 > 0.1 * reference
    };
    let sounding = |index: usize| -> f64 {
        let files = part.seconds[index].files.iter().zip(&peak);
        files.map(|(sums, peak)| (sums.energy / peak.max(f64::MIN_POSITIVE)).sqrt()).sum()
    };
    let rightest = (0..part.seconds.len())
        .filter(|&index| right(index))
        .max_by(|&a, &b| sounding(a).total_cmp(&sounding(b)));
    if let Some(index) = rightest {
        push_apart(&mut starts, part.second_start(index), size, count);
    }
    // Then whatever shows most of the stems that are not seen yet.
    let seen_in = |index: usize, file: usize| {
        if total[file] <= NEGLIGIBLE * reference {
            0.0
        } else {
            part.seconds[index].files[file].energy / peak[file]
        }
    };
    let mut seen = vec![0.0; files];
    let look = |start: i64, seen: &mut Vec<f64>| {
        let index = (start.div_euclid(rate) - part.first_second as i64)
            .clamp(0, part.seconds.len() as i64 - 1);
        for (file, seen) in seen.iter_mut().enumerate() {
            *seen = seen.max(seen_in(index as usize, file));
        }
    };
    for &start in &starts {
        look(start, &mut seen);
    }
    let mut left: Vec<usize> = (0..part.seconds.len()).collect();
    while starts.len() < count && !left.is_empty() {
        let news = |index: usize| -> f64 {
            let stems: f64 =
                (0..files).map(|file| (seen_in(index, file) - seen[file]).max(0.0)).sum();
            stems + 0.1 * residual(index) / residual(loudest(&residual)).max(f64::MIN_POSITIVE)
        };
        let Some(at) = (0..left.len()).max_by(|&a, &b| news(left[a]).total_cmp(&news(left[b])))
        else {
            break;
        };
        let index = left.swap_remove(at);
        push_apart(&mut starts, part.second_start(index), size, count);
        look(part.second_start(index), &mut seen);
    }
    starts
}

/// Adds a window that overlaps no other.
fn push_apart(starts: &mut Vec<i64>, start: i64, size: Size, most: usize) {
    let core = size.core as i64;
    if starts.len() < most && starts.iter().all(|other| (other - start).abs() >= core) {
        starts.push(start);
    }
}

/// Windows around the begin and the end of a file, in the places where `advances` would put them.
pub(super) fn edge_starts(
    part: &NullPart,
    scene: &mut Scene,
    file: usize,
    advances: &[f64],
) -> Vec<i64> {
    /// A second this far below the loudest one (-60 dB) is silent.
    const SILENT: f64 = 1e-6;
    let energy = |index: usize| part.seconds[index].files[file].energy;
    let peak = (0..part.seconds.len()).map(energy).fold(0.0, f64::max);
    let sounding = |index: &usize| energy(*index) > SILENT * peak;
    let (Some(first), Some(last)) =
        ((0..part.seconds.len()).find(sounding), (0..part.seconds.len()).rev().find(sounding))
    else {
        return Vec::new();
    };
    let rate = part.sample_rate as usize;
    let (first, last) = (part.second_start(first), part.second_start(last));
    let begin = first + scene.sounding_part(file, first, rate).start;
    let end = last + scene.sounding_part(file, last, rate).end;
    let core = scene.size.core as i64;
    advances
        .iter()
        .map(|advance| *advance as i64)
        .flat_map(|advance| [begin - advance - core / 4, end - advance - 3 * core / 4])
        .collect()
}
