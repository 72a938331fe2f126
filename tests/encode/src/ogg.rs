//! Ogg: Vorbis by libvorbis (aoTuV, Lancer), Opus by `ropus` with the pages written here.

use std::num::{NonZeroU8, NonZeroU32};

use ropus::{Application, Bitrate, Channels};
use vorbis_rs::{VorbisBitrateManagementStrategy, VorbisEncoderBuilder};

pub(crate) fn vorbis(quality: f32, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    let told = |error: &dyn std::fmt::Display| format!("libvorbis: {error}");
    let rate = NonZeroU32::new(rate).ok_or("a rate of 0")?;
    let count = NonZeroU8::new(channels.len() as u8).ok_or("no channels")?;
    let mut builder = VorbisEncoderBuilder::new_with_serial(rate, count, Vec::new(), 1);
    builder.bitrate_management_strategy(VorbisBitrateManagementStrategy::QualityVbr {
        target_quality: quality / 10.0,
    });
    let mut encoder = builder.build().map_err(|e| told(&e))?;
    let frames = channels.first().map_or(0, Vec::len);
    for start in (0..frames).step_by(4096) {
        let end = frames.min(start + 4096);
        let block: Vec<&[f32]> = channels.iter().map(|channel| &channel[start..end]).collect();
        encoder.encode_audio_block(block).map_err(|e| told(&e))?;
    }
    encoder.finish().map_err(|e| told(&e))
}

/// Packets of 20 ms, RFC 7845 around them.
pub(crate) fn opus(kbps: u16, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    const PER_PACKET: usize = 960;
    if rate != 48_000 {
        return Err("Opus is made of 48 kHz only".to_owned());
    }
    let layout = if channels.len() == 1 { Channels::Mono } else { Channels::Stereo };
    let mut encoder = ropus::Encoder::builder(rate, layout, Application::Audio)
        .bitrate(Bitrate::try_bits(u32::from(kbps) * 1000).map_err(|e| format!("Opus: {e:?}"))?)
        .build()
        .map_err(|error| format!("Opus: {error:?}"))?;
    let skip = encoder.lookahead();
    let frames = channels.first().map_or(0, Vec::len);
    let mut samples: Vec<f32> =
        (0..frames).flat_map(|i| channels.iter().map(move |channel| channel[i])).collect();
    let packets = (frames + skip as usize).div_ceil(PER_PACKET);
    samples.resize(packets * PER_PACKET * channels.len(), 0.0);

    let mut head = [b"OpusHead\x01", &[channels.len() as u8][..]].concat();
    head.extend((skip as u16).to_le_bytes());
    head.extend(rate.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut bytes = page(2, 0, 0, &[head]);
    bytes.extend(page(0, 0, 1, &[b"OpusTags\x04\0\0\0test\0\0\0\0".to_vec()]));
    let mut encoded = Vec::new();
    for chunk in samples.chunks_exact(PER_PACKET * channels.len()) {
        let mut packet = vec![0; 4000];
        let size =
            encoder.encode_float(chunk, &mut packet).map_err(|error| format!("Opus: {error:?}"))?;
        packet.truncate(size);
        encoded.push(packet);
    }
    let pages = encoded.chunks(50).collect::<Vec<_>>();
    let mut granule = 0;
    for (number, packets) in pages.iter().enumerate() {
        granule += (packets.len() * PER_PACKET) as u64;
        let last = number + 1 == pages.len();
        let end = if last { (frames + skip as usize) as u64 } else { granule };
        bytes.extend(page(if last { 4 } else { 0 }, end, number as u32 + 2, packets));
    }
    Ok(bytes)
}

/// A page of whole packets (RFC 3533), each below 255 × 255 bytes.
fn page(flags: u8, granule: u64, number: u32, packets: &[Vec<u8>]) -> Vec<u8> {
    let mut laces = Vec::new();
    for packet in packets {
        laces.resize(laces.len() + packet.len() / 255, 255);
        laces.push((packet.len() % 255) as u8);
    }
    let mut page = [b"OggS\0", &[flags][..]].concat();
    page.extend(granule.to_le_bytes());
    page.extend(1_u32.to_le_bytes());
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.push(laces.len() as u8);
    page.extend(laces);
    page.extend(packets.concat());
    let mut crc = 0_u32;
    for byte in &page {
        crc ^= u32::from(*byte) << 24;
        for _ in 0..8 {
            crc = crc << 1 ^ if crc >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
        }
    }
    page[22..26].copy_from_slice(&crc.to_le_bytes());
    page
}
