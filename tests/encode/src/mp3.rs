//! MP3, by LAME.

use mp3lame_encoder::{Bitrate, Builder, DualPcm, FlushGap, Mode, MonoPcm, Quality};

pub(crate) fn encode(kbps: u16, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    let told = |error: &dyn std::fmt::Display| format!("LAME: {error}");
    let mut builder = Builder::new().ok_or("LAME does not start")?;
    builder.set_num_channels(channels.len() as u8).map_err(|e| told(&e))?;
    builder.set_sample_rate(rate).map_err(|e| told(&e))?;
    // At few kbit/s LAME would go down to half the rate.
    builder.set_output_sample_rate(std::num::NonZeroU32::new(rate)).map_err(|e| told(&e))?;
    builder.set_brate(bitrate(kbps)?).map_err(|e| told(&e))?;
    builder.set_quality(Quality::NearBest).map_err(|e| told(&e))?;
    let mode = if channels.len() == 1 { Mode::Mono } else { Mode::JointStereo };
    builder.set_mode(mode).map_err(|e| told(&e))?;
    builder.set_to_write_vbr_tag(true).map_err(|e| told(&e))?;
    let mut encoder = builder.build().map_err(|e| told(&e))?;

    let frames = channels.first().map_or(0, Vec::len);
    let mut bytes = Vec::with_capacity(mp3lame_encoder::max_required_buffer_size(frames) + 16_384);
    match channels {
        [mono] => encoder.encode_to_vec(MonoPcm(mono.as_slice()), &mut bytes),
        [left, right] => encoder.encode_to_vec(DualPcm { left, right }, &mut bytes),
        _ => return Err("LAME takes one or two channels".to_owned()),
    }
    .map_err(|e| told(&e))?;
    encoder.flush_to_vec::<FlushGap>(&mut bytes).map_err(|e| told(&e))?;
    // The first frame was left empty for the tag, which tells delay and padding.
    let mut tag = Vec::with_capacity(encoder.lame_tag_size());
    encoder.lame_tag_encode_to_vec(&mut tag).ok_or("LAME writes no tag")?;
    let at = encoder.id3v2_tag_size();
    bytes.get_mut(at..at + tag.len()).ok_or("LAME wrote nothing")?.copy_from_slice(&tag);
    Ok(bytes)
}

fn bitrate(kbps: u16) -> Result<Bitrate, String> {
    Ok(match kbps {
        32 => Bitrate::Kbps32,
        64 => Bitrate::Kbps64,
        96 => Bitrate::Kbps96,
        128 => Bitrate::Kbps128,
        160 => Bitrate::Kbps160,
        192 => Bitrate::Kbps192,
        256 => Bitrate::Kbps256,
        320 => Bitrate::Kbps320,
        other => return Err(format!("MP3 of {other} kbit/s is not made here")),
    })
}
