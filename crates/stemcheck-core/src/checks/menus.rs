//! Where in a program the settings are that fixes speak of.
//!
//! Only for faults that come from the export window, and only what its makers' manuals call by that
//! name; everywhere else the general advice has to do.

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

/// Which setting a fault comes from.
fn setting(code: &str) -> Option<Setting> {
    Some(match code {
        "normalised" => Setting::Normalise,
        "dithered" => Setting::Dither,
        "low-bit-depth" | "padded-bit-depth" | "mixed-bit-depths" | "unsupported-rate"
        | "mixed-sample-rates" | "upsampled" | "lossy-format" | "reference-mismatch" => {
            Setting::Format
        }
        "mixed-lengths" | "mixed-starts" | "cut-tail" | "no-leading-bar" => Setting::Range,
        "late-stem" | "cut-start" => Setting::Delay,
        "mono-file" | "split-stereo" | "dual-mono" => Setting::Channels,
        _ => return None,
    })
}

/// Where to look in this program, as a sentence; `None` where there is nothing special to say.
pub(super) fn advice(code: &str, daw: Daw) -> Option<&'static str> {
    let wanted = setting(code)?;
    // One export window, and so one row for both.
    let daw = if daw == Daw::Nuendo { Daw::Cubase } else { daw };
    MENUS
        .iter()
        .find(|(known, setting, _)| (*known, *setting) == (daw, wanted))
        .map(|(_, _, text)| *text)
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
}
