//! Where in a program the settings are that fixes speak of.
//!
//! Only what its makers' manuals call by that name; everywhere else the general advice has to do.

use crate::song::Daw;

/// Settings that programs have in different places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    /// Raising every file to one peak.
    Normalise,
    /// Noise that is added when bits are cut.
    Dither,
    /// Sample rate and bit depth of what is written.
    Format,
    /// Where the export begins and ends.
    Range,
    /// Delay compensation.
    Delay,
    /// Mono and stereo files.
    Channels,
    /// Volume and pan as they are automated.
    Automation,
    /// Effect returns within the stems.
    Returns,
    /// The master bus, for when it must be off.
    Master,
    /// What puts the master bus on each stem.
    Printed,
}

/// Where the settings are, as a sentence each.
const MENUS: &[(Daw, Setting, &str)] = &[
    (
        Daw::AbletonLive,
        Setting::Normalise,
        "In Ableton Live: File > Export Audio/Video, 'Normalize' off.",
    ),
    (
        Daw::AbletonLive,
        Setting::Dither,
        "In Ableton Live: File > Export Audio/Video, 'Dither Options' on 'No Dither'.",
    ),
    (
        Daw::AbletonLive,
        Setting::Format,
        "In Ableton Live: File > Export Audio/Video, 'Sample Rate' as in the Set and 'Bit Depth' 24 \
             or 32, 'Encode PCM' on with WAV.",
    ),
    (
        Daw::AbletonLive,
        Setting::Range,
        "In Ableton Live: File > Export Audio/Video, one 'Render Start' and 'Render Length' for all \
             tracks ('All Individual Tracks') and for the Main track, 'Render as Loop' off.",
    ),
    (
        Daw::AbletonLive,
        Setting::Delay,
        "In Ableton Live: Options > Delay Compensation has to be on.",
    ),
    (
        Daw::AbletonLive,
        Setting::Channels,
        "In Ableton Live: File > Export Audio/Video, 'Convert to Mono' off.",
    ),
    (
        Daw::AbletonLive,
        Setting::Returns,
        "In Ableton Live: File > Export Audio/Video, 'Include Return and Main Effects' (before Live 12: \
             'Return and Master') on, with the devices of the Main track switched off.",
    ),
    (
        Daw::AbletonLive,
        Setting::Master,
        "In Ableton Live: it is the devices of the Main track (before Live 12: Master) that have to be \
             off.",
    ),
    (
        Daw::AbletonLive,
        Setting::Printed,
        "In Ableton Live: with 'Include Return and Main Effects' in File > Export Audio/Video the \
             devices of the Main track work on each exported track; switch them off first.",
    ),
    (
        Daw::LogicPro,
        Setting::Automation,
        "In Logic Pro: File > Export > All Tracks as Audio Files, 'Include Volume/Pan Automation' on.",
    ),
    (
        Daw::LogicPro,
        Setting::Master,
        "In Logic Pro: it is the plug-ins of the Stereo Out channel strip that have to be off.",
    ),
    (
        Daw::LogicPro,
        Setting::Normalise,
        "In Logic Pro: 'Normalize: Off' in File > Export > All Tracks as Audio Files and in File > \
             Bounce; 'Overload Protection Only' turns loud files down, too.",
    ),
    (Daw::LogicPro, Setting::Dither, "In Logic Pro: File > Bounce, 'Dithering: None'."),
    (
        Daw::LogicPro,
        Setting::Format,
        "In Logic Pro: 'Bit Depth: 24 Bit' in the export window; the sample rate is that of File > \
             Project Settings > Audio.",
    ),
    (
        Daw::LogicPro,
        Setting::Range,
        "In Logic Pro: File > Export > All Tracks as Audio Files, 'Range' on extending silence to \
             the project's end and 'Include Audio Tail' on; bounce the mix from the same start.",
    ),
    (
        Daw::LogicPro,
        Setting::Delay,
        "In Logic Pro: Settings > Audio > General, plug-in latency compensation on 'All'.",
    ),
    (
        Daw::ProTools,
        Setting::Format,
        "In Pro Tools: File > Bounce Mix, 'Bit Depth' 24 or 32 float and 'Sample Rate' as in the \
             session.",
    ),
    (
        Daw::ProTools,
        Setting::Range,
        "In Pro Tools: make one Edit selection from the start of the song to the end of the last \
             tail and bounce all stems and the mix from it.",
    ),
    (
        Daw::ProTools,
        Setting::Automation,
        "In Pro Tools: a bounce takes in the automation of tracks that read it; set every track's \
             automation mode to 'Read', none to 'Off'.",
    ),
    (
        Daw::ProTools,
        Setting::Returns,
        "In Pro Tools: Ctrl-click (Mac: Command-click) the Solo button of each effect return (Aux \
             Input), so that it is 'solo safe' and is heard with every stem.",
    ),
    (
        Daw::ProTools,
        Setting::Master,
        "In Pro Tools: it is the inserts of the Master Fader, and of the mix bus if there is one, that \
             have to be off.",
    ),
    (Daw::ProTools, Setting::Delay, "In Pro Tools: Options > Delay Compensation has to be on."),
    (
        Daw::ProTools,
        Setting::Channels,
        "In Pro Tools: File > Bounce Mix, 'File Format: Interleaved'.",
    ),
    (
        Daw::FlStudio,
        Setting::Format,
        "In FL Studio: File > Export > WAV file, 'WAV bit depth' 24Bit int or 32Bit float.",
    ),
    (
        Daw::FlStudio,
        Setting::Delay,
        "In FL Studio: Mixer menu > Plugin delay compensation > Automatic has to be on.",
    ),
    (
        Daw::FlStudio,
        Setting::Returns,
        "In FL Studio: 'Split mixer tracks' in File > Export > WAV file writes the mixer tracks of send \
             effects as files of their own; send them too.",
    ),
    (
        Daw::FlStudio,
        Setting::Master,
        "In FL Studio: it is the effects of the Master mixer track that have to be off.",
    ),
    (Daw::FlStudio, Setting::Dither, "In FL Studio: File > Export > WAV file, 'Dithering' off."),
    (
        Daw::FlStudio,
        Setting::Range,
        "In FL Studio: File > Export > WAV file in 'Song mode', 'Tail: Leave remainder', with 'Split \
             mixer tracks' for the stems.",
    ),
    (
        Daw::Cubase,
        Setting::Format,
        "In Cubase and Nuendo: File > Export > Audio Mixdown, 'Sample Rate' as in the project and \
             'Bit Depth' 24 bit or 32 bit float.",
    ),
    (
        Daw::Cubase,
        Setting::Range,
        "In Cubase and Nuendo: File > Export > Audio Mixdown with 'Channel Selection: Multiple'; the \
             left and right locators are the range, set them around the whole song and its last tail.",
    ),
    (
        Daw::Cubase,
        Setting::Automation,
        "In Cubase and Nuendo: the R button (read automation) of every channel has to be lit.",
    ),
    (
        Daw::Cubase,
        Setting::Returns,
        "In Cubase and Nuendo: Edit > Render in Place > Render Settings with 'Complete Signal Path' \
             takes in groups and FX channels (but not with 'Master FX').",
    ),
    (
        Daw::Cubase,
        Setting::Master,
        "In Cubase and Nuendo: it is the inserts of the Stereo Out channel that have to be off.",
    ),
    (
        Daw::Cubase,
        Setting::Delay,
        "In Cubase and Nuendo: 'Constrain Delay Compensation' has to be off while you export.",
    ),
    (
        Daw::Cubase,
        Setting::Channels,
        "In Cubase and Nuendo: File > Export > Audio Mixdown, 'Mono Downmix' off and interleaved \
             files.",
    ),
    (
        Daw::Reaper,
        Setting::Normalise,
        "In REAPER: File > Render, switch normalisation off behind 'Normalize/Limit/Fade'.",
    ),
    (
        Daw::Reaper,
        Setting::Dither,
        "In REAPER: File > Render, 'Dither' and 'Noise shape' off for master and stems.",
    ),
    (
        Daw::Reaper,
        Setting::Format,
        "In REAPER: File > Render, 'Sample rate' as in the project and 'WAV bit depth' 24 bit PCM or \
             32 bit FP.",
    ),
    (
        Daw::Reaper,
        Setting::Range,
        "In REAPER: File > Render, 'Source: Master mix + stems' with 'Bounds: Entire project' and \
             'Tail' on for all of them.",
    ),
    (
        Daw::Reaper,
        Setting::Returns,
        "In REAPER: File > Render, 'Source: Selected tracks via master' takes in each track's sends; \
             switch off the FX of the master track for it.",
    ),
    (
        Daw::Reaper,
        Setting::Master,
        "In REAPER: it is the FX of the master track that have to be off.",
    ),
    (
        Daw::Reaper,
        Setting::Printed,
        "In REAPER: File > Render, 'Source: Selected tracks via master' puts the FX of the master track \
             on each stem; 'Selected tracks (stems)' does not.",
    ),
    (
        Daw::Reaper,
        Setting::Channels,
        "In REAPER: File > Render, 'Channels: Stereo' and without 'Tracks with only mono media to \
             mono files'.",
    ),
    (
        Daw::StudioOne,
        Setting::Format,
        "In Studio One: Song > Export Stems, 'Resolution' 24 or 32 float and 'Sample Rate' as in the \
             song.",
    ),
    (
        Daw::StudioOne,
        Setting::Range,
        "In Studio One: the same 'Export Range' in Song > Export Stems and Song > Export Mixdown.",
    ),
    (
        Daw::StudioOne,
        Setting::Master,
        "In Studio One: it is the inserts of the Main channel that have to be off.",
    ),
    (
        Daw::Bitwig,
        Setting::Master,
        "In Bitwig Studio: it is the devices of the master track that have to be off.",
    ),
    (
        Daw::Bitwig,
        Setting::Format,
        "In Bitwig Studio: File > Export Audio, bit depth 24 or 32, without dithering.",
    ),
    (
        Daw::Bitwig,
        Setting::Dither,
        "In Bitwig Studio: File > Export Audio, bit depth 24 or 32, without dithering.",
    ),
    (
        Daw::Bitwig,
        Setting::Range,
        "In Bitwig Studio: File > Export Audio, one time range for all tracks and the master.",
    ),
    (
        Daw::Audacity,
        Setting::Dither,
        "In Audacity: Preferences > Quality, 'High-quality conversion' dither on 'None'.",
    ),
    (
        Daw::Audacity,
        Setting::Format,
        "In Audacity: File > Export Audio, encoding 'Signed 24-bit PCM' or '32-bit float', sample \
             rate as in the project.",
    ),
    (
        Daw::GarageBand,
        Setting::Normalise,
        "In GarageBand: Settings > Advanced, 'Auto Normalize' off.",
    ),
];

/// Which settings a fault comes from, the likeliest first: the first that is known of the program is
/// told.
fn settings(code: &str) -> &'static [Setting] {
    match code {
        "normalised" | "reference-gain" => &[Setting::Normalise],
        "wrong-gain" => &[Setting::Automation, Setting::Normalise],
        "missing-automation" | "changed-pan" => &[Setting::Automation],
        "dithered" => &[Setting::Dither],
        "low-bit-depth"
        | "padded-bit-depth"
        | "mixed-bit-depths"
        | "unsupported-rate"
        | "mixed-sample-rates"
        | "upsampled"
        | "lossy-format"
        | "reference-mismatch"
        | "wrong-rate-header"
        | "lossy-stem"
        | "lossy-reference"
        | "resampled-stem"
        | "resampled-reference" => &[Setting::Format],
        "mixed-lengths" | "mixed-starts" | "cut-tail" | "no-leading-bar" | "reference-offset" => {
            &[Setting::Range]
        }
        "late-stem" | "cut-start" => &[Setting::Delay, Setting::Range],
        "mono-file" | "split-stereo" | "dual-mono" | "collapsed-to-mono" => &[Setting::Channels],
        "missing-effect-return" => &[Setting::Returns],
        "bus-printed-per-stem" | "stem-dynamics" => &[Setting::Printed, Setting::Master],
        "bus-compressor" | "bus-limiter" | "bus-saturation" | "bus-eq" | "mastered-reference" => {
            &[Setting::Master]
        }
        _ => &[],
    }
}

/// Where to look in this program, as a sentence; `None` where there is nothing special to say.
pub(super) fn advice(code: &str, daw: Daw) -> Option<&'static str> {
    // One export window, and so one row for both.
    let daw = if daw == Daw::Nuendo { Daw::Cubase } else { daw };
    let text_of = |wanted: &Setting| {
        MENUS.iter().find(|(known, setting, _)| (*known, *setting) == (daw, *wanted))
    };
    settings(code).iter().find_map(text_of).map(|(_, _, text)| *text)
}

/// Every menu's sentence.
pub(super) fn sentences() -> impl Iterator<Item = &'static str> {
    MENUS.iter().map(|(.., text)| *text)
}

#[cfg(test)]
mod tests {
    use super::super::docs;
    use super::*;

    #[test]
    fn advice_names_its_program_and_stands_alone() {
        for code in docs().map(|doc| doc.code) {
            for text in Daw::ALL.iter().filter_map(|&daw| Some((daw, advice(code, daw)?))) {
                let (daw, text) = text;
                assert!(text.contains(daw.name()) || daw.name() == "Bitwig", "{text}");
                assert!(text.starts_with("In ") && text.ends_with('.'), "{text}");
            }
        }
        assert_eq!(advice("unclear-name", Daw::Reaper), None);
    }

    #[test]
    fn the_likeliest_setting_is_told_first() {
        let gain = |daw| advice("wrong-gain", daw).unwrap_or_default();
        assert!(gain(Daw::LogicPro).contains("Automation"));
        assert!(gain(Daw::AbletonLive).contains("Normalize"));
        let printed = |daw| advice("bus-printed-per-stem", daw).unwrap_or_default();
        assert!(printed(Daw::Reaper).contains("via master"));
        assert!(printed(Daw::StudioOne).contains("Main channel"));
        assert!(advice("late-stem", Daw::Bitwig).is_some(), "the same range, if nothing else");
    }
}
