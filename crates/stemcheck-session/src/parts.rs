//! Segment results, joined with their neighbours as they come in.

use std::collections::BTreeMap;

use stemcheck_core::measure::{FilePart, Waveform};

use crate::job::SegmentResult;

/// Runs of segments that follow one another; in the end a single one.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// By index of the first segment: the index after the last one, and what they hold together.
    runs: BTreeMap<usize, (usize, SegmentResult)>,
}

impl Parts {
    /// Adds a segment's result and joins it with the runs before and after it.
    pub(crate) fn insert(&mut self, segment: SegmentResult) {
        let (mut first, mut end, mut joined) = (segment.index, segment.index + 1, segment);
        let before = self.runs.range(..first).next_back().map(|(at, (end, _))| (*at, *end));
        if let Some((at, _)) = before.filter(|(_, end)| *end == first)
            && let Some((_, run)) = self.runs.remove(&at)
        {
            joined = run.merge(joined);
            first = at;
        }
        if let Some((after, run)) = self.runs.remove(&end) {
            joined = joined.merge(run);
            end = after;
        }
        self.runs.insert(first, (end, joined));
    }

    /// The whole song, once there is no gap.
    pub(crate) fn whole(&self) -> Option<&SegmentResult> {
        let (first, (_, run)) = self.runs.first_key_value()?;
        (*first == 0 && self.runs.len() == 1).then_some(run)
    }

    /// Waveforms of one thing, in order of time.
    pub(crate) fn waveforms<'a>(
        &'a self,
        thing: impl Fn(&'a SegmentResult) -> Option<&'a FilePart>,
    ) -> Vec<&'a Waveform> {
        self.runs.values().filter_map(|(_, run)| thing(run)).map(FilePart::waveform).collect()
    }
}

impl SegmentResult {
    /// One file's part.
    pub(crate) fn file(&self, file: usize) -> Option<&FilePart> {
        self.files.iter().find(|(at, _)| *at == file).and_then(|(_, part)| part.as_ref().ok())
    }

    /// Joins with the stretch that follows directly.
    fn merge(self, next: Self) -> Self {
        let mut files: BTreeMap<usize, _> = self.files.into_iter().collect();
        for (file, part) in next.files {
            let joined = match (files.remove(&file), part) {
                (Some(Ok(a)), Ok(b)) => Ok(a.merge(b)),
                (Some(Err(error)), _) | (_, Err(error)) => Err(error),
                (None, part) => part,
            };
            files.insert(file, joined);
        }
        Self {
            index: self.index,
            files: files.into_iter().collect(),
            sum: join(self.sum, next.sum, FilePart::merge),
            residual: join(self.residual, next.residual, FilePart::merge),
            null: join(self.null, next.null, stemcheck_core::null::NullPart::merge),
        }
    }
}

fn join<T>(a: Option<T>, b: Option<T>, merge: impl Fn(T, T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(merge(a, b)),
        (a, b) => a.or(b),
    }
}
