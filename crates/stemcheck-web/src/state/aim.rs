//! What the rough master aims at: how it sounds, by the name of a preset, and how loud. The same for
//! all songs, and remembered from visit to visit.

use stemcheck_session::core::preview::Chain;

/// What the rough master aims at.
#[derive(Debug, Clone, PartialEq)]
pub struct Aim {
    /// Name of the chain's preset.
    pub preset: String,
    /// Loudness, in tenths of a LUFS.
    pub lufs: f64,
}

impl Aim {
    /// A preset, as loud as it is meant.
    pub fn of_preset(name: &str) -> Option<Self> {
        Chain::preset(name).map(Self::of)
    }

    fn of(chain: Chain) -> Self {
        Self { preset: chain.name, lufs: chain.target_lufs }
    }

    /// At another loudness, as near as may be asked for. "14" is what people write for -14.
    #[must_use]
    pub fn at(self, lufs: f64) -> Self {
        if !lufs.is_finite() {
            return self;
        }
        let (low, high) = Chain::TARGETS_LUFS;
        let asked = if lufs > high { -lufs } else { lufs };
        Self { lufs: (asked.clamp(low, high) * 10.0).round() / 10.0, ..self }
    }

    /// The chain, without drive.
    pub fn chain(&self) -> Chain {
        let chain = Chain::preset(&self.preset).unwrap_or_default();
        Chain { target_lufs: self.lufs, ..chain }
    }

    /// What [`Aim::write`] wrote; the usual one if it is nothing of the kind.
    pub fn read(words: &str) -> Self {
        let read = || {
            let (name, lufs) = words.split_once(' ')?;
            Some(Self::of_preset(name)?.at(lufs.parse().ok()?))
        };
        read().unwrap_or_default()
    }

    /// In words for [`Aim::read`].
    pub fn write(&self) -> String {
        format!("{} {}", self.preset, self.lufs)
    }
}

impl Default for Aim {
    fn default() -> Self {
        Self::of(Chain::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_sensible_loudness_can_be_asked_for() {
        let album = || Aim::of_preset("album").expect("it is a preset");
        let at = |lufs| album().at(lufs).lufs;
        assert_eq!([at(-12.34), at(-23.0), at(16.0), at(0.0)], [-12.3, -23.0, -16.0, 0.0]);
        assert_eq!(
            [at(-400.0), at(400.0), at(f64::NAN), at(f64::INFINITY)],
            [-40.0, -40.0, -11.0, -11.0]
        );
        let chain = album().at(-12.0).chain();
        assert_eq!((chain.name.as_str(), chain.target_lufs), ("album", -12.0));
        assert_eq!(Aim::of_preset("brickwall"), None);
    }

    #[test]
    fn what_was_asked_for_is_remembered_and_nonsense_is_not() {
        let own = Aim::of_preset("loud").expect("it is a preset").at(-8.5);
        assert_eq!(Aim::read(&own.write()), own);
        for nonsense in ["", "loud", "brickwall -9", "loud x", "-9"] {
            assert_eq!(Aim::read(nonsense), Aim::default(), "{nonsense}");
        }
    }
}
