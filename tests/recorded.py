#!/usr/bin/env python3
"""Renders songs that the score's own players did not make, as stems, for `cargo xtask score --stems`.

Needs Debian's fluidsynth, fluid-soundfont-gm, openttd-openmsx, sox and python3-mido:
    python3 tests/recorded.py FOLDER            # every song below, some 30 s each
    cargo xtask score --stems FOLDER/harp --stems FOLDER/train
Recorded instruments, played channel by channel with reverb and chorus of their own; each channel is a
stem, quiet ones are left out. Nothing of it is in the repository.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import mido

FONT = "/usr/share/sounds/sf2/FluidR3_GM.sf2"
MUSIC = pathlib.Path("/usr/share/games/openttd/baseset/openmsx")
# Name, file, seconds that are left out at the start, length in seconds, sample rate, bits.
SONGS = [
    ("harp", "harp_harmony", 4, 32, 48000, 24),
    ("train", "train_filled_with_cash", 8, 28, 44100, 24),
    ("blues", "city_blues_redfarn", 0, 30, 44100, 16),
    ("boogie", "boogi_marabi_redfarn", 6, 26, 48000, 24),
    ("relax", "relax_song", 10, 30, 44100, 24),
    ("snow", "midnight_snow_run", 0, 36, 48000, 24),
    ("lab", "chemistry_lab", 12, 30, 44100, 24),
    ("motion", "modern_motion", 5, 24, 96000, 24),
]
# A channel whose peak is lower than this is no stem.
QUIET = 0.002


def channels(song):
    """Number and name of every channel that plays."""
    names = {}
    for track in song.tracks:
        name = re.sub(r"[^A-Za-z0-9 ]", "", track.name).strip()
        for message in track:
            if message.type == "note_on" and message.velocity > 0:
                names.setdefault(message.channel, name)
    return {
        channel: f"{channel + 1:02} {'Drums' if channel == 9 else name or 'Part'}"
        for channel, name in sorted(names.items())
    }


def only(song, channel):
    """The same song with the notes of one channel."""
    alone = mido.MidiFile(ticks_per_beat=song.ticks_per_beat)
    for track in song.tracks:
        alone.tracks.append(
            mido.MidiTrack(
                message.copy(velocity=0)
                if message.type == "note_on" and message.channel != channel
                else message
                for message in track
            )
        )
    return alone


def render(folder, name, file, start, length, rate, bits):
    song = mido.MidiFile(MUSIC / f"{file}.mid", clip=True)
    out = folder / name
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        midi, whole = pathlib.Path(work, "part.mid"), pathlib.Path(work, "part.wav")
        for channel, stem in channels(song).items():
            only(song, channel).save(midi)
            subprocess.run(
                ["fluidsynth", "-niq", "-r", str(rate), "-g", "0.35", "-O", "float", "-T", "wav"]
                + ["-F", whole, FONT, midi],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            cut = ["trim", str(start), str(length), "pad", "0.5", "0"]
            stats = subprocess.run(
                ["sox", whole, "-n"] + cut + ["stat"], capture_output=True, text=True, check=True
            ).stderr
            peak = max(abs(float(x)) for x in re.findall(r"imum amplitude:\s*(\S+)", stats))
            if peak > QUIET:
                file = out / f"{stem}.wav"
                subprocess.run(["sox", "-D", whole, "-b", str(bits), file] + cut, check=True)
    print(f"{out}: {len(list(out.iterdir()))} stems, {length} s, {rate} Hz, {bits} bits")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for row in SONGS:
        render(pathlib.Path(sys.argv[1]), *row)
