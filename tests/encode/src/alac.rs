//! ALAC: 16 bits by `alac-encoder`; more bits as packets without compression, which it lacks.

use alac_encoder::{AlacEncoder, FormatDescription};

use crate::Track;

/// Frames in a packet, as Apple's encoder has it.
const PER_PACKET: usize = 4096;

pub(crate) fn track(bits: u16, rate: u32, channels: &[Vec<f32>]) -> Track {
    let frames = channels.first().map_or(0, Vec::len);
    let (config, packets) = match bits {
        16 => compressed(rate, channels),
        _ => (config(bits, rate, channels.len()), plain(bits, channels)),
    };
    Track {
        kind: *b"alac",
        rate,
        channels: channels.len() as u16,
        bits,
        config,
        packets,
        per_packet: PER_PACKET as u32,
        last: match frames % PER_PACKET {
            0 => PER_PACKET as u32,
            rest => rest as u32,
        },
        delay: 0,
        frames: frames as u32,
    }
}

fn compressed(rate: u32, channels: &[Vec<f32>]) -> (Vec<u8>, Vec<Vec<u8>>) {
    let count = channels.len() as u32;
    let pcm = FormatDescription::pcm::<i16>(f64::from(rate), count);
    let alac = FormatDescription::alac(f64::from(rate), PER_PACKET as u32, count);
    let mut encoder = AlacEncoder::new(&alac);
    let mut packet = vec![0; alac.max_packet_size()];
    let bytes: Vec<u8> =
        crate::interleaved16(channels).into_iter().flat_map(i16::to_ne_bytes).collect();
    let packets = bytes
        .chunks(PER_PACKET * 2 * channels.len())
        .map(|chunk| {
            let size = encoder.encode(&pcm, chunk, &mut packet);
            packet[..size].to_vec()
        })
        .collect();
    (encoder.magic_cookie(), packets)
}

/// `ALACSpecificConfig` with Apple's usual parameters.
fn config(bits: u16, rate: u32, channels: usize) -> Vec<u8> {
    let mut config = (PER_PACKET as u32).to_be_bytes().to_vec();
    config.extend([0, bits as u8, 40, 10, 14, channels as u8, 0, 255]);
    config.extend([0; 8]);
    config.extend(rate.to_be_bytes());
    config
}

/// Packets of one element each whose samples stand there as they are.
fn plain(bits: u16, channels: &[Vec<f32>]) -> Vec<Vec<u8>> {
    let samples = crate::interleaved(channels, bits);
    let pair = u32::from(channels.len() == 2);
    samples
        .chunks(PER_PACKET * channels.len())
        .map(|chunk| {
            let mut out = Bits::default();
            out.push(pair, 3);
            out.push(0, 4 + 12);
            out.push(1, 1); // the number of frames follows
            out.push(0, 2);
            out.push(1, 1); // not compressed
            out.push((chunk.len() / channels.len()) as u32, 32);
            for value in chunk {
                out.push(*value as u32, u32::from(bits));
            }
            out.push(7, 3);
            out.bytes
        })
        .collect()
}

/// Bits, most significant first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((value >> bit & 1) as u8) << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
    }
}
