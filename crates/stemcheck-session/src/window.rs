//! One window of a file as the core's diagnosis reads it: stereo, silent where the file is not.

use stemcheck_core::block::Block;
use stemcheck_decode::Source;

/// Reads `frames` frames from `start`, which may lie before the file, into a stereo block; what
/// cannot be read is silent. `scratch` is memory only.
pub(crate) fn read(
    source: Option<&mut Source>,
    start: i64,
    frames: usize,
    scratch: &mut Block,
    out: &mut Block,
) {
    let from = start.max(0).unsigned_abs();
    let lead = usize::try_from(start.min(0).unsigned_abs()).unwrap_or(usize::MAX);
    let heard = source.filter(|_| lead < frames).is_some_and(|source| {
        source.read(from, frames - lead, scratch).is_ok() && !scratch.channels.is_empty()
    });
    if heard && lead == 0 && scratch.channels.len() == 2 && scratch.fine.is_empty() {
        // As it is, but for what comes after its end.
        std::mem::swap(scratch, out);
        out.channels.iter_mut().for_each(|channel| channel.resize(frames, 0.0));
        return;
    }
    out.reset(from, 2, frames);
    if !heard {
        return;
    }
    let got = scratch.frames();
    if !scratch.fine.is_empty() {
        out.fine = vec![vec![0.0; frames]; 2];
    }
    for side in 0..2 {
        let channel = scratch.side(side);
        let Some(coarse) = scratch.channels.get(channel) else { continue };
        out.channels[side][lead..lead + got].copy_from_slice(coarse);
        if let Some(fine) = scratch.fine.get(channel) {
            out.fine[side][lead..lead + got].copy_from_slice(fine);
        }
    }
}
