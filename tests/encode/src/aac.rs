//! AAC-LC, by the FDK.

use fdk_aac::enc::{AudioObjectType, BitRate, ChannelMode, Encoder, EncoderParams, Transport};

use crate::Track;

/// Frames in a packet of AAC-LC.
const PER_PACKET: usize = 1024;

pub(crate) fn track(kbps: u16, rate: u32, channels: &[Vec<f32>]) -> Result<Track, String> {
    let (packets, delay) = packets(kbps, rate, channels, Transport::Raw)?;
    Ok(Track {
        kind: *b"mp4a",
        rate,
        channels: channels.len() as u16,
        bits: 16,
        config: config(rate, channels.len() as u16)?,
        packets,
        per_packet: PER_PACKET as u32,
        last: PER_PACKET as u32,
        delay,
        frames: channels.first().map_or(0, Vec::len) as u32,
    })
}

pub(crate) fn adts(kbps: u16, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    Ok(packets(kbps, rate, channels, Transport::Adts)?.0.concat())
}

/// Whole packets, as many as hold the sound and the delay, and that delay in frames.
fn packets(
    kbps: u16,
    rate: u32,
    channels: &[Vec<f32>],
    transport: Transport,
) -> Result<(Vec<Vec<u8>>, u32), String> {
    let mode = if channels.len() == 1 { ChannelMode::Mono } else { ChannelMode::Stereo };
    let encoder = Encoder::new(EncoderParams {
        bit_rate: BitRate::Cbr(u32::from(kbps) * 1000),
        sample_rate: rate,
        transport,
        channels: mode,
        audio_object_type: AudioObjectType::Mpeg4LowComplexity,
    })
    .map_err(|error| format!("FDK: {error}"))?;
    let delay = encoder.info().map_err(|error| format!("FDK: {error}"))?.nDelay;
    let mut samples = crate::interleaved16(channels);
    let frames = samples.len() / channels.len() + delay as usize;
    samples.resize(frames.next_multiple_of(PER_PACKET) * channels.len(), 0);
    let mut packets = Vec::new();
    for chunk in samples.chunks_exact(PER_PACKET * channels.len()) {
        let mut packet = vec![0; 8192];
        let done = encoder.encode(chunk, &mut packet).map_err(|error| format!("FDK: {error}"))?;
        packet.truncate(done.output_size);
        if !packet.is_empty() {
            packets.push(packet);
        }
    }
    Ok((packets, delay))
}

/// `AudioSpecificConfig` (ISO/IEC 14496-3, 1.6.2.1): object type 2, rate, channels.
fn config(rate: u32, channels: u16) -> Result<Vec<u8>, String> {
    const RATES: [u32; 12] = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8_000,
    ];
    let index = RATES.iter().position(|known| *known == rate).ok_or("no rate of AAC")? as u16;
    Ok((2 << 11 | index << 7 | channels << 3).to_be_bytes().to_vec())
}
