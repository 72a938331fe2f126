//! FLAC, by `flacenc`.

use flacenc::component::BitRepr;
use flacenc::error::Verify;

pub(crate) fn encode(bits: u16, rate: u32, channels: &[Vec<f32>]) -> Result<Vec<u8>, String> {
    let samples = crate::interleaved(channels, bits);
    let config = flacenc::config::Encoder::default()
        .into_verified()
        .map_err(|(_, error)| format!("flacenc: {error}"))?;
    let source = flacenc::source::MemSource::from_samples(
        &samples,
        channels.len(),
        usize::from(bits),
        rate as usize,
    );
    let stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size)
        .map_err(|error| format!("flacenc: {error}"))?;
    let mut sink = flacenc::bitsink::ByteSink::new();
    stream.write(&mut sink).map_err(|error| format!("flacenc: {error}"))?;
    Ok(sink.as_slice().to_vec())
}
