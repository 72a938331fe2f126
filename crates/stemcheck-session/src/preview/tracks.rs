//! The open files of a song, read in lockstep: as they are, or with what makes them fit.

use stemcheck_core::block::Block;
use stemcheck_core::null::{Pair, Recipe, Windows};
use stemcheck_decode::Source;

use crate::job::NullPlan;
use crate::runner::Library;
use crate::window;

/// Frames that are made to fit at a time, on a grid from the song's start, so that the samples do not
/// depend on how they are asked for: each window needs some context, which costs as much again.
const CHUNK: usize = 4096;

/// Frames from one way of playing to the other (10 ms at 48 kHz): a step would click.
const FADE: usize = 480;

/// The open files and the blocks last read from them.
pub(super) struct Tracks {
    files: Files,
    pub(super) stems: Vec<Block>,
    pub(super) reference: Option<Block>,
    pub(super) sample_rate: u32,
    pub(super) frames: u64,
    way: Way,
    /// The other way of playing them, if they were ever played so.
    other: Option<Way>,
}

/// How the files are played.
enum Way {
    AsTheyAre,
    Fixed(Fixed),
}

/// The recipe, and the chunk last made with it: each stem, then the reference.
struct Fixed {
    recipe: Recipe,
    start: u64,
    chunk: Vec<Pair>,
}

impl Tracks {
    pub(super) fn open(library: &dyn Library, plan: &NullPlan) -> Self {
        let open = |&file: &usize| Source::open(library.open(file).ok()?).ok();
        let stems: Vec<_> = plan.stems.iter().map(open).collect();
        let reference = plan.reference.as_ref().map(open);
        let lengths = stems.iter().chain(&reference).flatten().map(|file| file.format().frames);
        Self {
            frames: lengths.max().unwrap_or(0),
            stems: vec![Block::default(); stems.len()],
            reference: reference.as_ref().map(|_| Block::default()),
            files: Files { stems, reference: reference.flatten(), scratch: Block::default() },
            sample_rate: plan.sample_rate,
            way: Way::AsTheyAre,
            other: None,
        }
    }

    /// Plays the files with what makes them fit from the next block on, or as they are.
    pub(super) fn fix(&mut self, recipe: Option<&Recipe>) {
        // A recipe of other files fits none.
        let recipe = recipe.filter(|recipe| recipe.stems.len() == self.stems.len());
        let way = recipe.map_or(Way::AsTheyAre, |recipe| {
            Way::Fixed(Fixed { recipe: recipe.clone(), start: 0, chunk: Vec::new() })
        });
        let old = std::mem::replace(&mut self.way, way);
        if old.is_fixed() != self.way.is_fixed() {
            self.other = Some(old);
        }
    }

    /// Whether they are played with what makes them fit.
    pub(super) fn is_fixed(&self) -> bool {
        self.way.is_fixed()
    }

    /// Reads `frames` frames from `start` of every file, silence where there is nothing. If they sounded
    /// in the other way until then (fixed or not; `None` if they did not sound), that is faded out.
    pub(super) fn read(&mut self, start: u64, frames: usize, sounded_fixed: Option<bool>) {
        let Self { files, stems, reference, way, other, .. } = self;
        way.read(files, start, frames, stems, reference.as_mut());
        let has_changed = sounded_fixed.is_some_and(|sounded| sounded != way.is_fixed());
        let Some(other) = other.as_mut().filter(|_| has_changed) else { return };
        let (mut old_stems, mut old_reference) = (stems.clone(), reference.clone());
        other.read(files, start, frames, &mut old_stems, old_reference.as_mut());
        for (new, old) in
            stems.iter_mut().zip(&old_stems).chain(reference.iter_mut().zip(&old_reference))
        {
            fade(old, new);
        }
    }
}

impl Way {
    fn is_fixed(&self) -> bool {
        matches!(self, Self::Fixed(_))
    }

    /// Fills a block for each file.
    fn read(
        &mut self,
        files: &mut Files,
        start: u64,
        frames: usize,
        stems: &mut [Block],
        reference: Option<&mut Block>,
    ) {
        match self {
            Self::AsTheyAre => files.read_plain(start, frames, stems, reference),
            Self::Fixed(fixed) => fixed.read(files, start, frames, stems, reference),
        }
    }
}

/// Begins with what was and ends with what is.
fn fade(old: &Block, new: &mut Block) {
    let length = FADE.min(new.frames());
    for side in 0..new.channels.len() {
        for i in 0..length {
            let share = (i + 1) as f64 / length as f64;
            let was = if old.channels.is_empty() { 0.0 } else { old.sample(old.side(side), i) };
            let x = was + share * (new.sample(side, i) - was);
            set(new, side, i, x);
        }
    }
}

/// Sets a sample, exactly where the block can hold it.
fn set(block: &mut Block, side: usize, i: usize, x: f64) {
    let coarse = x as f32;
    block.channels[side][i] = coarse;
    if let Some(fine) = block.fine.get_mut(side) {
        fine[i] = x - f64::from(coarse);
    }
}

impl Fixed {
    fn read(
        &mut self,
        files: &mut Files,
        start: u64,
        frames: usize,
        stems: &mut [Block],
        reference: Option<&mut Block>,
    ) {
        // The reference comes last, as in a chunk.
        let mut blocks: Vec<&mut Block> = stems.iter_mut().chain(reference).collect();
        for block in &mut blocks {
            block.reset(start, 2, frames);
            block.fine.resize_with(2, Vec::new);
            block.fine.iter_mut().for_each(|fine| fine.resize(frames, 0.0));
        }
        let mut done = 0;
        while done < frames {
            let at = start + done as u64;
            let within = (at % CHUNK as u64) as usize;
            self.make(files, at - within as u64);
            let length = (CHUNK - within).min(frames - done);
            for (file, block) in blocks.iter_mut().enumerate() {
                let Some(pair) = self.chunk.get(file) else { continue };
                for (side, samples) in pair.iter().enumerate() {
                    let samples = samples.iter().skip(within).take(length);
                    for (i, &x) in samples.enumerate() {
                        set(block, side, done + i, x);
                    }
                }
            }
            done += length;
        }
    }

    /// Makes the chunk that begins at `start`, unless it is there.
    fn make(&mut self, files: &mut Files, start: u64) {
        if self.chunk.is_empty() || self.start != start {
            self.start = start;
            self.chunk = self.recipe.files(files, start as i64, CHUNK);
        }
    }
}

/// The sources; one that could not be opened is silent.
struct Files {
    stems: Vec<Option<Source>>,
    reference: Option<Source>,
    scratch: Block,
}

impl Files {
    fn read_plain(
        &mut self,
        start: u64,
        frames: usize,
        stems: &mut [Block],
        reference: Option<&mut Block>,
    ) {
        let sources = self.stems.iter_mut().map(Option::as_mut).chain([self.reference.as_mut()]);
        for (source, block) in sources.zip(stems.iter_mut().chain(reference)) {
            match source.map(|source| source.read(start, frames, block)) {
                Some(Ok(())) => {
                    block.channels.iter_mut().for_each(|channel| channel.resize(frames, 0.0));
                    block.fine.iter_mut().for_each(|channel| channel.resize(frames, 0.0));
                }
                _ => block.reset(start, 2, frames),
            }
        }
    }
}

impl Windows for Files {
    fn read(&mut self, stem: Option<usize>, start: i64, frames: usize, out: &mut Block) {
        let source = match stem {
            Some(stem) => self.stems.get_mut(stem).and_then(Option::as_mut),
            None => self.reference.as_mut(),
        };
        window::read(source, start, frames, &mut self.scratch, out);
    }
}
