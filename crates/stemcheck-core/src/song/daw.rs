//! The program that a file was exported with.

/// A program that stems are exported with, as far as its menus matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Daw {
    /// Ableton Live.
    AbletonLive,
    /// Logic Pro.
    LogicPro,
    /// Pro Tools.
    ProTools,
    /// FL Studio.
    FlStudio,
    /// Cubase.
    Cubase,
    /// Nuendo, whose export window is Cubase's.
    Nuendo,
    /// REAPER.
    Reaper,
    /// Studio One.
    StudioOne,
    /// Bitwig Studio.
    Bitwig,
    /// Audacity.
    Audacity,
    /// `GarageBand`.
    GarageBand,
}

/// What programs write into `bext` originators, `ISFT` and the like, in lower case without spaces.
/// Versions and editions follow or precede it, so a part of the text decides.
const WRITTEN: [(&str, Daw); 12] = [
    ("abletonlive", Daw::AbletonLive),
    ("ableton", Daw::AbletonLive),
    ("logicpro", Daw::LogicPro),
    ("protools", Daw::ProTools),
    ("flstudio", Daw::FlStudio),
    ("cubase", Daw::Cubase),
    ("nuendo", Daw::Nuendo),
    ("reaper", Daw::Reaper),
    ("studioone", Daw::StudioOne),
    ("bitwig", Daw::Bitwig),
    ("audacity", Daw::Audacity),
    ("garageband", Daw::GarageBand),
];

impl Daw {
    /// Every one of them.
    pub const ALL: [Self; 11] = [
        Self::AbletonLive,
        Self::LogicPro,
        Self::ProTools,
        Self::FlStudio,
        Self::Cubase,
        Self::Nuendo,
        Self::Reaper,
        Self::StudioOne,
        Self::Bitwig,
        Self::Audacity,
        Self::GarageBand,
    ];

    /// The program behind what stands in a file (`Tags::originator`); `None` if it is not known.
    pub fn of(originator: &str) -> Option<Self> {
        let written: String =
            originator.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        WRITTEN.iter().find(|(known, _)| written.contains(known)).map(|(_, daw)| *daw)
    }

    /// Its name as its maker writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::AbletonLive => "Ableton Live",
            Self::LogicPro => "Logic Pro",
            Self::ProTools => "Pro Tools",
            Self::FlStudio => "FL Studio",
            Self::Cubase => "Cubase",
            Self::Nuendo => "Nuendo",
            Self::Reaper => "REAPER",
            Self::StudioOne => "Studio One",
            Self::Bitwig => "Bitwig Studio",
            Self::Audacity => "Audacity",
            Self::GarageBand => "GarageBand",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_recognised_whatever_their_version() {
        for (written, daw) in [
            ("Pro Tools", Some(Daw::ProTools)),
            ("ProTools", Some(Daw::ProTools)),
            ("REAPER", Some(Daw::Reaper)),
            ("Logic Pro X 10.7.4", Some(Daw::LogicPro)),
            ("Ableton Live 11 Suite", Some(Daw::AbletonLive)),
            ("FL Studio 21", Some(Daw::FlStudio)),
            ("Steinberg Cubase Pro 13", Some(Daw::Cubase)),
            ("Nuendo", Some(Daw::Nuendo)),
            ("PreSonus Studio One", Some(Daw::StudioOne)),
            ("Lavf58.29.100", None),
            ("Live at the Roxy", None),
            ("", None),
        ] {
            assert_eq!(Daw::of(written), daw, "{written}");
        }
        assert!(Daw::ALL.iter().all(|daw| Daw::of(daw.name()) == Some(*daw)));
    }
}
