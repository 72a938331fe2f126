//! Where sound begins and ends.

/// −60 dBFS: quieter is not heard as the begin or the end of a part.
pub(crate) const SOUND: f32 = 0.001;

/// First frame above a level and the frame after the last one, over all channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Extent {
    pub(crate) first: Option<u64>,
    pub(crate) last: Option<u64>,
}

impl Extent {
    /// Looks for samples above `level` on one channel; `start` is the frame of the first.
    pub(crate) fn of(samples: &[f32], start: u64, level: f32) -> Self {
        let above = |x: &f32| x.abs() > level;
        Self {
            first: samples.iter().position(above).map(|i| start + i as u64),
            last: samples.iter().rposition(above).map(|i| start + i as u64 + 1),
        }
    }

    /// Both together; they may overlap.
    #[must_use]
    pub(crate) fn join(self, other: Self) -> Self {
        let first = self.first.into_iter().chain(other.first).min();
        Self { first, last: self.last.max(other.last) }
    }
}
