//! The page's labels and standing sentences.

use crate::language::Text;

pub const NAME: Text = Text("Stemcheck");
pub const PROMISE: Text = Text("Know that your stems are right before you send them.");
pub const PRIVACY: Text = Text("Nothing leaves this computer.");
pub const PRIVACY_HOW: Text = Text(
    "The browser itself lets this page ask for nothing but its own files. See for yourself: open the browser's network panel and check a song, or switch the network off before you drop one. What is remembered are words, never audio.",
);
pub const PRIVACY_GUEST: Text = Text(
    "Your files are read in this browser, and Stemcheck sends nothing. This website gets them when you press its own button, and not before.",
);
pub const INSTALL: Text = Text("Install");
pub const UPDATE: Text =
    Text("A newer version of Stemcheck is ready. Nothing is lost but what is on the page.");
pub const UPDATE_NOW: Text = Text("Use it now");
pub const LANGUAGE: Text = Text("Language");
pub const TO_DARK: Text = Text("Dark colours");
pub const TO_LIGHT: Text = Text("Light colours");

pub const DROP_TITLE: Text = Text("Drop your stems and your mix here");
pub const DROP_HINT: Text = Text(
    "One song, or a folder with a folder for each song. Best as WAV or AIFF; FLAC and CAF lose nothing, either. \
     MP3, AAC, M4A, Ogg and Opus are read, but studios refuse them. \
     Files are read where they are and never changed.",
);
pub const DROP_NOW: Text = Text("Let go to check these files");
pub const CHOOSE_FILES: Text = Text("Choose stems");
pub const CHOOSE_FOLDER: Text = Text("Choose a folder");
pub const DEMO: Text = Text("Try the demo song");
pub const DEMO_HINT: Text = Text("Six stems and a mix, with three faults to find");
pub const DEMO_CLEAN: Text = Text("Demo without faults");

pub const UNTITLED: Text = Text("Your song");
pub const DEMO_NAME: Text = Text("Demo song");
pub const NO_AUDIO: Text = Text(
    "There is no audio file in there. Stemcheck reads WAV, AIFF, CAF, FLAC, MP3, M4A, AAC, Ogg and Opus: try another folder, or choose the files one by one.",
);
pub const UNREADABLE_DROP: Text = Text(
    "The browser did not let Stemcheck read what you dropped. Try the button \"Choose stems\".",
);
pub const NOT_SAVED: Text = Text("The browser did not let Stemcheck save the report.");
pub const DISMISS: Text = Text("Close");

pub const CANCEL: Text = Text("Cancel");
pub const CANCELLED: Text = Text("Cancelled. Nothing was changed.");
pub const CHECK_AGAIN: Text = Text("Check again");
pub const COMPOSING: Text = Text("Playing in the demo song…");
pub const PROGRESS: Text = Text("Checking your files");
pub const PROFILE: Text = Text("Studio profile");
pub const TEMPO: Text = Text("Tempo");
pub const TEMPO_UNIT: Text = Text("BPM");
pub const DOWNLOAD: Text = Text("Download report");
pub const DOWNLOAD_PACKAGE: Text = Text("Download package");
pub const DOWNLOAD_FIXED: Text = Text("Download fixed stems");
pub const FIXED_TITLE: Text = Text("What can be fixed for you");
pub const FIXED_HINT: Text = Text(
    "Copies that sound the same, sample for sample, with only this done to them. Your own files stay as they are.",
);
pub const FIXED_LEFT: Text = Text("This is left for you:");
pub const FIXED_FILE: Text = Text("fixed");
pub const NOT_PACKED: Text = Text("The download could not be made.");

pub const STEMS_TITLE: Text = Text("Stems");
pub const OTHERS_TITLE: Text = Text("Not part of the sum");
pub const ROLE: Text = Text("Part");
pub const INSTRUMENT: Text = Text("Instrument");
pub const NO_INSTRUMENT: Text = Text("Instrument?");
pub const GUESSED: Text = Text("Guessed");
pub const SAID: Text = Text("As you said");
pub const TAKE_BACK: Text = Text("Undo");
pub const REPLACE: Text = Text("Replace");
pub const WHICH_MIX: Text = Text("Which file is your mix?");
pub const CHOOSE_MIX: Text = Text("Choose a file…");
pub const OPEN_AS_SONG: Text = Text("Check as a new song");
pub const AMENDING: Text = Text("Checking what has changed…");
pub const WAITING: Text = Text("Waiting");
pub const WAITING_LONG: Text = Text("Waiting for its turn…");

pub const ALBUM: Text = Text("Album");
pub const NOT_CHECKED: Text = Text("Not checked");
pub const TITLE_MISSING: Text = Text("No song of this name");
pub const SONG_UNLISTED: Text = Text("Not in the tracklist");
pub const TRACKLIST: Text = Text("Tracklist");
pub const ADD_TRACKLIST: Text = Text("Add a tracklist");
pub const TRACKLIST_HINT: Text = Text("One title a line, in the order of the album");
pub const USE_TRACKLIST: Text = Text("Use this order");
pub const GAIN: Text = Text("Gain");
pub const MUTE: Text = Text("Mute");
pub const SOLO: Text = Text("Solo");
pub const UNREADABLE: Text = Text("This file could not be read.");
pub const MEASURING: Text = Text("Measuring…");

pub const FINDINGS_TITLE: Text = Text("What to fix first");
pub const FINDINGS_NONE: Text = Text("Nothing to fix. Every check passed.");
pub const FINDINGS_WAIT: Text = Text("Findings appear here as soon as they are certain.");
pub const FINDINGS_CUT: Text = Text("The check was stopped, so this list is not complete.");
pub const SHOW: Text = Text("Show");
pub const ALL_FILES: Text = Text("All files");

pub const NULL_TITLE: Text = Text("How well do the stems add up to your mix?");
pub const NULL_INTRO: Text = Text(
    "All stems are played together, your mix is taken away, and this is what is left. \
     Silence means that nothing is missing and nothing was added. Engineers call it a null test.",
);
pub const NULL_WAIT: Text = Text("Listening to all files together…");
pub const NULL_NOT_RUN: Text = Text("The stems were not compared with a mix.");
pub const NULL_DEPTH: Text = Text("What is left, compared with your mix");
pub const NULL_AFTER: Text = Text("After the fix");
pub const NULL_CAUSES: Text = Text("Why something is left");
pub const NULL_NORMAL: Text = Text("Normal, and what your engineer will think of it");
pub const NULL_EXPECTED: Text = Text("All of it is normal and needs no fix.");
pub const RESIDUAL: Text = Text("Difference");
pub const RESIDUAL_HINT: Text =
    Text("Stems minus mix, drawn in decibels so that even a whisper shows");
pub const HEAR_DIFFERENCE: Text = Text("Hear the difference");
pub const GAUGE_LOUD: Text = Text("As loud as the mix");
pub const GAUGE_SILENT: Text = Text("Silence");
pub const EXPECTED: Text = Text("Normal");

pub const SPECTRUM: Text = Text("By frequency");
pub const SPECTRUM_HINT: Text = Text("The difference from bass at the bottom to treble at the top");
pub const BLAME_TITLE: Text = Text("Which file is to blame, and when");
pub const BLAME_HINT: Text = Text(
    "The stronger the colour, the louder the difference that follows this file. \
     Click to go there.",
);
pub const BLAME_MIX: Text = Text("in no single stem");
pub const BAND: Text = Text("Band");
pub const BAND_ALL: Text = Text("All");
pub const MOMENTS_TITLE: Text = Text("The worst moments");
pub const MOMENTS_HINT: Text = Text("Listen to the difference where it is loudest");
pub const SEVERAL_FILES: Text = Text("Several files");
pub const RECIPE_TITLE: Text = Text("What makes them add up");
pub const RECIPE_HINT: Text =
    Text("Do this to your stems and export them again. The files themselves stay as they are.");
pub const HEAR_FIXED: Text = Text("Hear the difference after the fixes");
pub const FILE: Text = Text("File");
pub const CHANGE: Text = Text("Change");
pub const FORENSICS_TITLE: Text = Text("What happened to your mix on its way");
pub const FORENSICS_HINT: Text = Text("Your mix, compared with all stems played together");

pub const AXIS: Text = Text("Time axis");
pub const ZOOM_IN: Text = Text("Zoom in");
pub const ZOOM_OUT: Text = Text("Zoom out");
pub const FIT: Text = Text("Whole song");

pub const SENDING_TITLE: Text = Text("Before you send it");
pub const CHECKLIST_TITLE: Text = Text("What only you can check");
pub const CHECKLIST_HINT: Text = Text("Your ticks and notes go into the report that you download.");
pub const NOTES: Text = Text("Notes to the engineer");
pub const NOTES_HINT: Text =
    Text("What was on the master bus, which songs you like the sound of, what worries you");
pub const SERVICE_TITLE: Text = Text("Stereo or stem mastering?");
pub const SERVICE_HINT: Text =
    Text("What the figures say. Your ears and your engineer decide: listen to the rough master.");

pub const PLAYER: Text = Text("Player");
pub const FIXES: Text = Text("Play with these fixes");
pub const PLAY: Text = Text("Play");
pub const PAUSE: Text = Text("Pause");
pub const STOP: Text = Text("Stop");
pub const POSITION: Text = Text("Position");
pub const LISTEN: Text = Text("Listen to");
pub const MATCH: Text = Text("Match loudness");
pub const MATCH_HINT: Text = Text(
    "The louder is turned down, by what stands at each button: louder sounds better, whatever it is",
);
pub const SOUND: Text = Text("Sound");
pub const MAKESHIFT: Text = Text(
    "Without a secure address (https) this browser plays in a simpler way and may stutter. \"Export preview\" gives the exact sound.",
);
pub const WITHHELD: Text = Text(
    "The browser holds the sound back. Allow sound for this page and press Play again, or use \"Export preview\".",
);
pub const CHAIN: Text = Text("Rough master: preset");
pub const TARGET: Text = Text("Loudness to aim at, in LUFS");
pub const TARGET_HINT: Text = Text(
    "Any loudness from -40 to 0 LUFS. Streaming services play music at about -14; what cannot be reached without squashing the music is said",
);
pub const LUFS: Text = Text("LUFS");
pub const CHAIN_EQ: Text = Text("EQ");
pub const BLIND: Text = Text("Blind test");
pub const BLIND_END: Text = Text("End the test");
pub const EXPORT: Text = Text("Export preview");
pub const EXPORT_HINT: Text = Text("Saves what is heard, the whole song, as a WAV file");
pub const NOT_EXPORTED: Text = Text("The preview could not be exported.");
pub const BITS: Text = Text("Word length");
pub const BITS_24: Text = Text("24-bit");
pub const BITS_32: Text = Text("32-bit float");
pub const BITS_16: Text = Text("16-bit, dithered");
pub const TONE: Text = Text("Tone");
pub const TONE_ON: Text = Text("changed");
pub const TONE_OFF: Text = Text("off");
pub const TONE_LOWS: Text = Text("Lows");
pub const TONE_MIDS: Text = Text("Mids");
pub const TONE_HIGHS: Text = Text("Highs");
pub const TONE_COMPRESSOR: Text = Text("Compress above");
pub const METERS: Text = Text("Meters");
pub const METER_MOMENTARY: Text = Text("M");
pub const METER_MOMENTARY_LONG: Text = Text("Momentary loudness");
pub const METER_SHORT_TERM: Text = Text("S");
pub const METER_SHORT_TERM_LONG: Text = Text("Short-term loudness");
pub const METER_TRUE_PEAK: Text = Text("Peak");
pub const METER_TRUE_PEAK_LONG: Text = Text("True peak of the last three seconds");
pub const METER_CORRELATION: Text = Text("Stereo");
pub const METER_CORRELATION_LONG: Text = Text("Correlation of left and right");
pub const METER_GLUE: Text = Text("Glue");
pub const METER_GLUE_LONG: Text = Text("Turned down by the glue compressor");
pub const METER_LIMITER: Text = Text("Limiter");
pub const METER_LIMITER_LONG: Text = Text("Turned down by the limiter");
pub const NO_VALUE: Text = Text("–");
pub const PLAYER_WAIT: Text = Text("Getting ready to play…");

pub const SHORTCUTS_TITLE: Text = Text("Keyboard shortcuts");
pub const SHORTCUTS_HINT: Text = Text("Keyboard shortcuts (?)");

pub const HEAR: Text = Text("Hear");
pub const HOW_TO_FIX: Text = Text("How to fix");
pub const END_LOOP: Text = Text("Stop the loop");
pub const DAW: Text = Text("Your DAW");
pub const DAW_UNSAID: Text = Text("As the files tell");

/// What the check is about: a heading and a sentence each.
pub const STEPS: [(Text, Text); 3] = [
    (
        Text("Every file"),
        Text(
            "Clipping, headroom, bit depth, lengths, silence: what a mastering studio asks for, measured.",
        ),
    ),
    (
        Text("The sum"),
        Text("Do the stems add up to your mix? If not: which file, why, and by how much."),
    ),
    (
        Text("Your ears"),
        Text("Play stems, mix, their difference and a rough master, at equal loudness."),
    ),
];

/// Keys, and what they do.
pub type Shortcut = (&'static [&'static str], Text);

/// Every key of the page.
pub const SHORTCUTS: [(Text, &[Shortcut]); 4] = [
    (
        Text("Play"),
        &[
            (&["Space"], Text("Play or pause")),
            (&["←", "→"], Text("Five seconds back or on")),
            (&["Shift", "←", "→"], Text("One second back or on")),
            (&["Home"], Text("To the start")),
            (
                &["1", "2", "3", "4", "5"],
                Text("Listen to stems, reference, difference, rough master, rough stereo master"),
            ),
        ],
    ),
    (
        Text("Lanes"),
        &[
            (&["+", "-"], Text("Zoom in or out")),
            (&["0"], Text("Whole song")),
            (&[",", "."], Text("Scroll back or on")),
            (&["Ctrl", "wheel"], Text("Zoom where the pointer is, or pinch")),
            (&["Shift", "wheel"], Text("Scroll, or drag")),
        ],
    ),
    (
        Text("Findings"),
        &[
            (&["N", "P"], Text("Next or previous finding")),
            (&["H"], Text("Hear this finding")),
            (&["Esc"], Text("Stop the loop")),
        ],
    ),
    (
        Text("Files"),
        &[
            (&["Tab"], Text("To the next control")),
            (&["M"], Text("Mute the stem that has the focus")),
            (&["S"], Text("Solo it")),
            (&["?"], Text("This list")),
        ],
    ),
];
