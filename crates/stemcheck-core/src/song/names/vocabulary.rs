//! The words that name instruments: English, the usual abbreviations, and the basics of German,
//! French, Italian and Spanish. Lower case, without accents; plurals in -s are understood.

use super::Instrument::{
    self, BackingVocals, Bass, Cymbals, Drums, Effects, Guitar, Keys, Kick, LeadVocal, Orchestra,
    Other, Percussion, Snare, Synth,
};

/// Several words that mean something else together than one by one; longer ones first.
pub(super) const PHRASES: &[(Instrument, &str)] = &[
    (
        Kick,
        "bass drum, kick drum, kick in, kick out, kick sub, sub kick, kick 808, kick room, \
            grosse trommel, grosse caisse",
    ),
    (Snare, "snare drum, snare top, snare bottom, snare room, snare btm"),
    (Cymbals, "hi hat, hi hats, high hat, high hats, over heads, charleston"),
    (
        Drums,
        "drum kit, drum bus, drum buss, drum loop, drum loops, drum machine, drums loop, \
             drum room, drums room, drum fx, drums fx",
    ),
    (
        Bass,
        "sub bass, bass guitar, bass synth, bass di, bass amp, bass lead, synth sub, double bass, \
            upright bass, bass gtr, 808 bass, e bass, acoustic bass",
    ),
    (
        Guitar,
        "guitar lead, gtr lead, lap steel, pedal steel, les paul, ac gtr, el gtr, e gitarre, \
              e git, guitar fx, lead gtrs",
    ),
    (Keys, "electric piano, e piano, el piano, lead piano"),
    (
        Synth,
        "synth lead, lead synth, synth bells, synth strings, string synth, string pad, \
             synth pad, synth brass, synth pluck, vocal synth",
    ),
    (
        Orchestra,
        "bass clarinet, bass trombone, bass flute, english horn, french horn, alto sax, \
                 tenor sax, bass strings",
    ),
    (
        BackingVocals,
        "backing vocal, backing vocals, back voc, back vox, gang vocals, ad lib, \
                     ad libs, b vox, b voc, bk vox, bk voc, vocal chop, vocal chops, vox chop, \
                     vox chops",
    ),
    (
        Effects,
        "noise sweep, sound effects, sound fx, reverse cymbal, rev cymbal, sub drop, \
               bass drop, room tone",
    ),
    (Other, "backing track, all the rest, everything else"),
];

/// Words that mean one thing.
pub(super) const STRONG: &[(Instrument, &str)] = &[
    (Kick, "kick kik kck bd bassdrum kickdrum cassa grancassa bombo"),
    (Snare, "snare sd snr clap clp rimshot rim sidestick rullante redoblante snaredrum"),
    (
        Cymbals,
        "hihat hat hh cymbal cym cymb crash ride overhead ovh ohs hats openhat closedhat piatti \
         platillo becken",
    ),
    (
        Drums,
        "drum drumkit drumbus drumbuss drumloop kit toms tom schlagzeug batteria bateria batterie",
    ),
    (
        Percussion,
        "percussion perc prc shaker tambourine tamb conga bongo cowbell cajon djembe maracas guiro \
         timbale tabla clave woodblock snap fingersnap shk percs percussioni percusion \
         schlagwerk marimba vibraphone xylophone glockenspiel",
    ),
    (
        Bass,
        "bass bassline subbass bassguitar synthbass basssynth ebass contrabass basso bajo basse",
    ),
    (
        Guitar,
        "guitar gtr gtrs guit gt egtr agtr acgtr elgtr ebow banjo mandolin ukulele uke dobro sitar \
         gitarre gitarren egit agit chitarra chitarre guitarra guitare",
    ),
    (
        Keys,
        "keys keyboard kbd pno piano pianos epiano rhodes wurli wurlitzer organ orgel organo hammond \
         clavinet clav mellotron harpsichord celesta accordion akkordeon klavier flugel tastiera \
         tastiere pianoforte teclado clavier orgue",
    ),
    (Synth, "synth syn synths pad pluck arp arpeggio supersaw synthlead leadsynth sequence"),
    (
        Orchestra,
        "strings string strgs violin vln viola vla cello vlc contrabassoon orchestra orch orchestral \
         brass horn trumpet tpt trombone tuba sax saxophone flute clarinet oboe bassoon woodwind \
         winds harp archi fiati ottoni tromba cuerdas metales vientos streicher blaser geige \
         cordes cuivres violon violino",
    ),
    (
        LeadVocal,
        "vocal vox voc voice lv ldvox ldv leadvox leadvocal leadvoc leadvocals rap rapper singer \
         vocalist voce voci voz voces gesang stimme hauptstimme voix chant",
    ),
    (
        BackingVocals,
        "bv bvs bvox bgv bgvs bvoc backingvocals backingvocal backingvox backvox backups backing \
         harmony harmonies choir chorus adlib adlibs coro cori coros chor choeur choeurs \
         hintergrundgesang",
    ),
    (
        Effects,
        "fx sfx efx effect riser uplifter downlifter sweep impact atmos atmo ambience ambient foley \
         texture reverb verb rvb delay dly echo return rtn whoosh vinyl crackle transition \
         effetti efectos effekte effets",
    ),
    (Other, "instrumental"),
];

/// Words that count only where no other names an instrument.
pub(super) const WEAK: &[(Instrument, &str)] = &[
    (Cymbals, "oh"),
    (Drums, "909 707 606 dr drms room rooms beat"),
    (Percussion, "loop top tops"),
    (Bass, "808 sub reese bs"),
    (Guitar, "acoustic electric strat tele git nylon"),
    (Keys, "ep kb"),
    (Synth, "lead ld moog juno bell bells"),
    (Orchestra, "str vc br"),
    (Effects, "noise drone drop hit send"),
    (Other, "music rest resto other others misc band musik musica"),
];

/// Words that make a vocal a backing vocal.
pub(super) const BACKING: &str = "backing background backs back bg bgv bgvs bv bvs dbl double \
    doubles doubled dub dubs harm harms harmony harmonies stack stacks adlib adlibs choir gang low \
    high hi";
