//! What is written comes back.

use std::io::Cursor;

use stemcheck_core::block::Block;
use stemcheck_decode::Source;
use stemcheck_decode::write::{Depth, WavWriter};

use crate::files::{noise, open};

fn written(depth: Depth, blocks: &[Block]) -> Source {
    let mut bytes = Cursor::new(Vec::new());
    let mut writer =
        WavWriter::new(&mut bytes, 44_100, blocks[0].channels.len() as u16, depth).unwrap();
    for block in blocks {
        writer.write(block).unwrap();
    }
    writer.finish().unwrap();
    open(bytes.get_ref()).unwrap()
}

/// Samples on the grid of so many bits.
fn grid(channels: usize, bits: i32) -> Block {
    let scale = 2f32.powi(31);
    let planar = noise(4 * 500 * channels)
        .chunks(4 * 500)
        .map(|channel| {
            channel
                .chunks(4)
                .map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]) >> (32 - bits) << (32 - bits))
                .map(|v| v as f32 / scale)
                .collect()
        })
        .collect();
    Block::from_planar(0, planar)
}

#[test]
fn bit_for_bit() {
    for (depth, bits) in [(Depth::Int16, 16), (Depth::Int24, 24), (Depth::Float32, 24)] {
        for channels in [1, 2, 6] {
            let block = grid(channels, bits);
            let mut source = written(depth, &[block.clone(), block.clone()]);
            assert_eq!(source.format().frames, 1000);
            assert_eq!(source.format().channels, channels as u16);
            let mut back = Block::default();
            source.read(500, 500, &mut back).unwrap();
            assert_eq!(back.channels, block.channels);
        }
    }
}

#[test]
fn integers_are_rounded_and_held_to_full_scale() {
    let step = 1.0 / 32_768.0;
    let block = Block::from_planar(0, vec![vec![0.6 * step, -0.6 * step, 1.5, -1.5, f32::NAN]]);
    let mut back = Block::default();
    written(Depth::Int16, &[block]).read(0, 9, &mut back).unwrap();
    assert_eq!(back.channels, [[step, -step, 1.0 - step, -1.0, 0.0]]);
}

#[test]
fn a_float_file_keeps_what_exceeds_full_scale() {
    let block = Block::from_planar(0, vec![vec![4.8, -4.8], vec![0.0, 1e-30]]);
    let mut back = Block::default();
    written(Depth::Float32, std::slice::from_ref(&block)).read(0, 2, &mut back).unwrap();
    assert_eq!(back, block);
}

#[test]
fn a_block_of_another_shape_is_refused() {
    let mut writer = WavWriter::new(Cursor::new(Vec::new()), 44_100, 2, Depth::Int24).unwrap();
    let error = writer.write(&Block::silence(0, 1, 4)).unwrap_err();
    assert_eq!(error.to_string(), "a block of 1 channels for a file of 2");
    assert!(WavWriter::new(Cursor::new(Vec::new()), 44_100, 0, Depth::Int24).is_err());
}
