//! The demo song as files: the core's samples, stored as a DAW exports them.

use std::io::Cursor;

use stemcheck_core::block::Block;
use stemcheck_core::measure::Word;
use stemcheck_core::synth::{self, Fault, SynthFile};
use stemcheck_decode::write::{Depth, WavWriter, WriteError};

/// A file in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFile {
    /// Name without folders.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The demo song with these faults, each as text ([`Fault::parse`]), put in one after the other.
///
/// # Errors
/// A sentence that names the fault that is not known.
pub fn files<S: AsRef<str>>(faults: &[S]) -> Result<Vec<DemoFile>, String> {
    let faults: Vec<Fault> =
        faults.iter().map(|fault| Fault::parse(fault.as_ref())).collect::<Result<_, _>>()?;
    let song = synth::demo_with(&faults);
    let store = |file: SynthFile| {
        let bytes = wav(&file, song.sample_rate).map_err(|why| format!("{}: {why}", file.name))?;
        Ok(DemoFile { name: file.name, bytes })
    };
    song.files.into_iter().map(store).collect()
}

/// A synthetic file as WAV: 16 bits or less in 16, up to 24 in 24.
///
/// # Errors
/// If it has no channel.
pub fn wav(file: &SynthFile, sample_rate: u32) -> Result<Vec<u8>, WriteError> {
    let depth = match file.word {
        Word::Float => Depth::Float32,
        Word::Int(..=16) => Depth::Int16,
        Word::Int(_) => Depth::Int24,
    };
    let mut bytes = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut bytes, sample_rate, file.channels.len() as u16, depth)?;
    writer.write(&Block::from_planar(0, file.channels.clone()))?;
    writer.finish()?;
    Ok(bytes.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use stemcheck_decode::Source;

    #[test]
    fn the_files_hold_the_song_bit_for_bit() {
        let song = synth::demo();
        let stored = files::<&str>(&[]).unwrap();
        assert_eq!(stored.len(), song.files.len());
        for (file, stored) in song.files.iter().zip(stored) {
            let mut source = Source::open(Box::new(Cursor::new(stored.bytes))).unwrap();
            assert_eq!(source.format().bits, 24);
            let frames = file.channels[0].len();
            let mut block = Block::default();
            source.read(0, frames, &mut block).unwrap();
            assert!(block.channels == file.channels, "{}", file.name);
        }
    }

    #[test]
    fn faults_change_what_they_name() {
        let clean = files::<&str>(&[]).unwrap();
        let faulty = files(&["late-stem@Keys.wav"]).unwrap();
        let changed: Vec<&str> = clean
            .iter()
            .zip(&faulty)
            .filter(|(clean, faulty)| clean != faulty)
            .map(|(clean, _)| clean.name.as_str())
            .collect();
        assert_eq!(changed, ["Keys.wav"]);
    }

    #[test]
    fn an_unknown_fault_is_named() {
        assert!(files(&["late-steam"]).unwrap_err().contains("late-steam"));
    }
}
