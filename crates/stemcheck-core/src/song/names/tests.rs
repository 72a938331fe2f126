use super::super::Instrument::{
    self, BackingVocals, Bass, Cymbals, Drums, Effects, Guitar, Keys, Kick, LeadVocal, Orchestra,
    Other, Percussion, Snare, Synth,
};
use super::*;

const INSTRUMENTS: &[(Instrument, &[&str])] = &[
    (
        Kick,
        &[
            "Kick_124BPM.wav",
            "KICK.WAV",
            "01 Kick In.wav",
            "BD.aif",
            "Bass Drum.wav",
            "bassdrum 2.wav",
            "Sub Kick.wav",
            "808 Kick.wav",
            "Kick 808.wav",
            "KickDrum.wav",
            "03_Kik_Out.wav",
            "Cassa.wav",
            "Bombo.wav",
            "kicks-bounced-1.wav",
        ],
    ),
    (
        Snare,
        &[
            "Snare.wav",
            "SD top.wav",
            "Snare_Bottom.wav",
            "SnareTop.wav",
            "Claps 2.wav",
            "808 Snare.wav",
            "Rullante.wav",
        ],
    ),
    (
        Cymbals,
        &[
            "HiHat.wav",
            "Hi-Hat.wav",
            "hi_hats.wav",
            "HH.wav",
            "OH L.wav",
            "Overheads.wav",
            "Crash Cymbal.wav",
            "OHs.wav",
            "909 Ride.wav",
        ],
    ),
    (
        Drums,
        &[
            "Drums.wav",
            "SongTitle_Drums.wav",
            "Drumbus.wav",
            "DrumBus.wav",
            "DRUM BUSS.wav",
            "Drum Mix.wav",
            "Drum Loop 1.wav",
            "Drums & Percussion.wav",
            "Drums_Perc.wav",
            "Tom 1.wav",
            "Room.wav",
            "Schlagzeug.wav",
            "Batteria.wav",
            "Batería.wav",
            "live kit.wav",
        ],
    ),
    (
        Percussion,
        &[
            "Perc.wav",
            "PERC 2.wav",
            "Shaker.wav",
            "Congas.wav",
            "Loop 3.wav",
            "Percusión.wav",
            "Tambourine L.wav",
        ],
    ),
    (
        Bass,
        &[
            "Bass.wav",
            "808.wav",
            "Sub.wav",
            "Sub Bass.wav",
            "808 Bass.wav",
            "Synth Bass.wav",
            "Bass Synth.wav",
            "BassGuitar.wav",
            "Bass DI.wav",
            "E-Bass.wav",
            "Basso.wav",
            "02_Bass_124bpm_Am.wav",
            "Double Bass.wav",
            "Bajo.wav",
            "Reese.wav",
        ],
    ),
    (
        Guitar,
        &[
            "Gtr.wav",
            "GTRs.wav",
            "Guitars.wav",
            "Lead Guitar.wav",
            "Guitar Lead.wav",
            "EGtr_L.wav",
            "AcGtr 1.wav",
            "Acoustic.wav",
            "E-Gitarre.wav",
            "Chitarra elettrica.wav",
            "Guitarra.wav",
            "Nylon.wav",
            "Pedal Steel.wav",
        ],
    ),
    (
        Keys,
        &[
            "Keys.wav",
            "KEYS 2.wav",
            "Piano.wav",
            "PNO.wav",
            "Electric Piano.wav",
            "Rhodes.wav",
            "Hammond B3.wav",
            "Klavier.wav",
            "Tastiere.wav",
            "EPiano.wav",
            "Acoustic Piano.wav",
        ],
    ),
    (
        Synth,
        &[
            "Synth.wav",
            "SYN 1.wav",
            "Synth Lead.wav",
            "LeadSynth.wav",
            "Lead.wav",
            "Pads.wav",
            "Arp_124BPM.wav",
            "Pluck 2.wav",
            "String Pad.wav",
            "Moog.wav",
        ],
    ),
    (
        Orchestra,
        &[
            "Strings.wav",
            "Bassoon.wav",
            "Bass Clarinet.wav",
            "Brass.wav",
            "Alto Sax.wav",
            "Vln 1.wav",
            "Archi.wav",
            "Streicher.wav",
            "Bläser.wav",
            "Cuerdas.wav",
            "Horns.wav",
        ],
    ),
    (
        LeadVocal,
        &[
            "Lead Vocal.wav",
            "01 LeadVox.wav",
            "LeadVox.wav",
            "VOX.wav",
            "Vox Lead.wav",
            "LV.wav",
            "LV1.wav",
            "Vocals.wav",
            "Song_Title_Vocals_Comp.wav",
            "Voce.wav",
            "Voz principal.wav",
            "Gesang.wav",
            "Rap.wav",
            "lead_voc_final.wav",
        ],
    ),
    (
        BackingVocals,
        &[
            "BV.wav",
            "BVs.wav",
            "BGV.wav",
            "BGVs 2.wav",
            "BackingVocals.wav",
            "Backing Vox.wav",
            "Background Vocals.wav",
            "Vox Dbl.wav",
            "Vocal Double L.wav",
            "Choir.wav",
            "Cori.wav",
            "Lead Vox Harmony.wav",
            "Adlibs.wav",
            "Chöre Chor.wav",
            "High Vox.wav",
        ],
    ),
    (
        Effects,
        &[
            "FX.wav",
            "Vocal FX.wav",
            "Riser.wav",
            "Snare Reverb.wav",
            "Guitar Delay.wav",
            "SFX_2.wav",
            "Vox Verb.wav",
            "Noise.wav",
            "FX Return.wav",
            "Efectos.wav",
            "Vinyl crackle.wav",
        ],
    ),
    (
        Other,
        &["Music.wav", "Instrumental.wav", "All the rest.wav", "Others.wav", "Backing Track.wav"],
    ),
];

#[test]
fn instruments_are_read_from_names_as_people_write_them() {
    for (instrument, names) in INSTRUMENTS {
        for name in *names {
            assert_eq!(guess_instrument(name), Some(*instrument), "{name}");
        }
    }
}

#[test]
fn names_that_name_no_instrument_give_none() {
    for name in [
        "Mix.wav",
        "Mixdown.wav",
        "Master.wav",
        "Audio 1.wav",
        "Track 03.wav",
        "Default preset.wav",
        "Bassano del Grappa.wav",
        "Kicker.wav",
        "Drumming.wav",
        "Padlock.wav",
        "Zorblax.wav",
        "",
        ".wav",
        "…",
    ] {
        assert_eq!(guess_instrument(name), None, "{name}");
    }
}

#[test]
fn the_reference_is_found() {
    let cases: &[(&[&str], Option<usize>)] = &[
        (&["Drums.wav", "Bass.wav", "Mix.wav"], Some(2)),
        (&["Drums.wav", "Mixdown.wav", "Bass.wav"], Some(1)),
        (&["Kick.wav", "Full Mix.wav", "Snare.wav"], Some(1)),
        (&["2mix.wav", "Kick.wav"], Some(0)),
        (&["Song_2MIX.wav", "Song_Kick.wav", "Song_Bass.wav"], Some(0)),
        (&["Kick.wav", "Bass.wav", "Song REF.wav"], Some(2)),
        (&["Kick.wav", "Bass.wav", "Reference.wav"], Some(2)),
        (&["Kick.wav", "Bass.wav", "SongTitle_PreMaster.wav"], Some(2)),
        (&["Kick.wav", "Bass.wav", "Stereo Out.wav"], Some(2)),
        (&["Kick.wav", "Bass.wav", "Master.wav"], Some(2)),
        (&["Kick.wav", "Bass.wav", "Song (print).wav"], Some(2)),
        // A drum mix is a stem.
        (&["Drum mix.wav", "Vox mix.wav", "Bass.wav"], None),
        (&["Drum mix.wav", "Vox mix.wav", "Bass mix.wav", "Full mix.wav"], Some(3)),
        // The mix is the reference, not the master of it.
        (&["Kick.wav", "Song Mix.wav", "Song Master.wav"], Some(1)),
        (&["Kick.wav", "Song Mix.wav", "Song Mixdown.wav"], Some(2)),
        // Of equals the latest.
        (&["Kick.wav", "Mix 2.wav", "Mix 1.wav"], Some(1)),
        (&["Kick.wav", "Mix v9.wav", "Mix v10.wav", "Mix.wav"], Some(2)),
        // Two halves of one mix: neither is it.
        (&["Kick.wav", "Mix L.wav", "Mix R.wav"], None),
        // A title that holds such a word is shared by all.
        (
            &[
                "Sun (Extended Mix) Drums.wav",
                "Sun (Extended Mix) Bass.wav",
                "Sun (Extended Mix).wav",
            ],
            Some(2),
        ),
        (&["Bass Face - Drums.wav", "Bass Face - Vox.wav", "Bass Face - Mix.wav"], Some(2)),
        (&["Kick.wav", "Bass.wav", "Mix notes.txt"], None),
        (&["Remix Kick.wav", "Bass.wav"], None),
        (&["Audio 1.wav", "Audio 2.wav", "Audio 3.wav"], None),
        (&["Default preset.wav", "Default preset (1).wav", "Default preset (2).wav"], None),
        (&["Kick.wav", "Bass.wav"], None),
        (&["Mixed Voices.wav", "Drums.wav"], None),
        (&[], None),
    ];
    for (names, expected) in cases {
        assert_eq!(guess_references(names).first().copied(), *expected, "{names:?}");
    }
}

#[test]
fn the_tempo_is_read_where_all_names_agree() {
    let cases: &[(&[&str], Option<f64>)] = &[
        (&["Kick_124BPM.wav"], Some(124.0)),
        (&["Kick_124BPM.wav", "Bass.wav", "Lead 124 bpm.wav"], Some(124.0)),
        (&["Kick_124BPM.wav", "Bass_125bpm.wav"], None),
        (&["kick 92.5bpm.wav", "snare 92,50 BPM.wav"], Some(92.5)),
        (&["Song_90_bpm.wav"], Some(90.0)),
        (&["Song 174-BPM.wav"], Some(174.0)),
        (&["Song 2024-174bpm.wav"], Some(174.0)),
        (&["Song 39bpm.wav"], None),
        (&["Song 251bpm.wav"], None),
        (&["Song 1124bpm.wav"], None),
        (&["bpm.wav", "Übpm.wav"], None),
        (&["Song 128.wav"], None),
        (&[], None),
    ];
    for (names, expected) in cases {
        assert_eq!(guess_tempo(names), *expected, "{names:?}");
    }
}

#[test]
fn names_are_split_into_words() {
    let cases: &[(&str, &[&str])] = &[
        ("LeadVox2.wav", &["leadvox", "2"]),
        ("MyDrumThing.wav", &["my", "drum", "thing"]),
        ("EGtr_L.WAV", &["egtr", "l"]),
        ("A.B.wav", &["a", "b"]),
        ("no extension v1.5", &["no", "extension", "v", "1", "5"]),
        ("Bläser.aiff", &["blaser"]),
        ("ABCDef", &["abc", "def"]),
    ];
    for (name, expected) in cases {
        assert_eq!(words(name), *expected, "{name}");
    }
}

mod properties {
    use super::super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_name_is_too_strange(names in proptest::collection::vec(".*", 0..5)) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            for name in &names {
                let _ = guess_instrument(name);
            }
            prop_assert!(guess_references(&names).iter().all(|index| *index < names.len()));
            prop_assert!(stereo_pairs(&names).iter().all(|pair| pair.0 != pair.1));
            prop_assert!(guess_tempo(&names).is_none_or(|bpm| (40.0..=250.0).contains(&bpm)));
        }
    }
}
