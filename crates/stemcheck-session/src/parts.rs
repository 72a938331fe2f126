//! Segment results: kept as they come in, joined in order of time once all are there, so that the
//! last bit of a sum does not depend on who was faster.
//!
//! What is joined stays when another pass follows: that measures only what was forgotten meanwhile.

use std::collections::BTreeMap;

use stemcheck_core::measure::{FilePart, Waveform};

use crate::job::SegmentResult;

/// What has been measured so far.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// By index, while a pass runs.
    segments: BTreeMap<usize, SegmentResult>,
    /// The whole song, as far as passes have ended.
    whole: SegmentResult,
}

impl Parts {
    /// Adds a segment's result.
    pub(crate) fn insert(&mut self, segment: SegmentResult) {
        self.segments.insert(segment.index, segment);
    }

    /// Joins everything, if none of the `count` segments of this pass is missing.
    pub(crate) fn join(&mut self, count: usize) {
        let segments = std::mem::take(&mut self.segments);
        if segments.len() != count {
            return;
        }
        let Some(news) = segments.into_values().reduce(SegmentResult::merge) else { return };
        for (file, part) in news.files {
            self.forget_file(file);
            self.whole.files.push((file, part));
        }
        self.whole.files.sort_by_key(|(file, _)| *file);
        if news.null.is_some() {
            (self.whole.sum, self.whole.residual) = (news.sum, news.residual);
            self.whole.null = news.null;
        }
    }

    /// Drops the results of a pass that was not ended.
    pub(crate) fn interrupt(&mut self) {
        self.segments.clear();
    }

    /// Drops what was measured of a file.
    pub(crate) fn forget_file(&mut self, file: usize) {
        self.whole.files.retain(|(at, _)| *at != file);
    }

    /// Drops the sum and the residual.
    pub(crate) fn forget_null(&mut self) {
        (self.whole.sum, self.whole.residual, self.whole.null) = (None, None, None);
    }

    /// The whole song, as far as it is known.
    pub(crate) fn whole(&self) -> &SegmentResult {
        &self.whole
    }

    /// Waveforms of one thing, in order of time.
    pub(crate) fn waveforms<'a>(
        &'a self,
        thing: impl Fn(&'a SegmentResult) -> Option<&'a FilePart>,
    ) -> Vec<&'a Waveform> {
        let parts = std::iter::once(&self.whole).chain(self.segments.values());
        parts.filter_map(thing).map(FilePart::waveform).collect()
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
