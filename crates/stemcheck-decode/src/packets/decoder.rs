//! The decoders behind one face: a packet's bytes in, planar frames out.
//!
//! Headers are checked before a decoder sees them, but what a packet holds only the decoder reads,
//! and decoders of others have panicked on crafted bytes. A panic is caught and taken for a packet
//! that cannot be decoded. That helps the command alone: in WebAssembly a panic ends the instance,
//! and the page gives the worker's job back.

use std::panic::{AssertUnwindSafe, catch_unwind};

use opus_decoder::OpusDecoder;
use stemcheck_core::block::Block;
use stemcheck_core::song::{Format, Unreadable};
use symphonia_bundle_flac::FlacDecoder;
use symphonia_bundle_mp3::MpaDecoder;
use symphonia_codec_aac::AacDecoder;
use symphonia_codec_alac::AlacDecoder;
use symphonia_codec_vorbis::VorbisDecoder;
use symphonia_core::audio::{Audio, Channels, GenericAudioBufferRef, layouts};
use symphonia_core::codecs::audio::well_known as id;
use symphonia_core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia_core::packet::PacketRef;
use symphonia_core::units::{Duration, Timestamp};

use super::{Group, Packet, aac};
use crate::pcm::coarse;

/// A codec, as the report prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Flac,
    Alac,
    Mp3,
    Aac,
    Vorbis,
    Opus,
}

impl Codec {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Flac => "flac",
            Self::Alac => "alac",
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::Vorbis => "vorbis",
            Self::Opus => "opus",
        }
    }
}

/// All that a decoder has to know; every number has been checked.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) codec: Codec,
    pub(super) sample_rate: u32,
    pub(super) channels: u16,
    /// Bits of a sample; 0 for a lossy codec.
    pub(super) bits: u16,
    /// The codec's own header, as symphonia wants it.
    pub(super) extra: Vec<u8>,
}

impl Setup {
    /// What the report says of a file with `frames` frames.
    pub(super) fn format(&self, container: &str, frames: u64) -> Format {
        Format {
            container: container.to_owned(),
            codec: self.codec.name().to_owned(),
            sample_rate: self.sample_rate,
            bits: self.bits,
            valid_bits: self.bits,
            float: self.bits == 0,
            channels: self.channels,
            frames,
        }
    }

    /// Where the decoder may begin in a file with a table of packets (AAC or ALAC).
    pub(super) fn table_group(&self) -> Group {
        if self.codec == Codec::Aac { aac::GROUP } else { Group::SINGLE }
    }

    /// Gives `block` its shape, with `fine` vectors where f32 cannot hold every value.
    pub(super) fn shape(&self, block: &mut Block, start: u64, frames: usize) {
        let mut fine = std::mem::take(&mut block.fine);
        block.reset(start, usize::from(self.channels), frames);
        if self.bits > 24 {
            fine.resize_with(usize::from(self.channels), Vec::new);
            for channel in &mut fine {
                channel.clear();
                channel.resize(frames, 0.0);
            }
            block.fine = fine;
        }
    }
}

/// A decoder with what it remembers of earlier packets.
pub(super) enum Decoder {
    Symphonia(Box<dyn AudioDecoder>),
    Opus {
        decoder: Box<OpusDecoder>,
        pcm: Vec<f32>,
    },
    /// It panicked: whatever it remembers is not to be trusted.
    Broken,
}

/// Frames of the longest Opus packet, 120 ms at 48 kHz (RFC 6716, 3.2).
const OPUS_FRAMES: usize = 5760;

impl Decoder {
    pub(super) fn new(setup: &Setup) -> Result<Self, Unreadable> {
        catch_unwind(|| Self::made(setup)).unwrap_or_else(|_| {
            let codec = setup.codec.name().to_uppercase();
            Err(Unreadable::Damaged(format!("the header of its {codec} audio is not right")))
        })
    }

    fn made(setup: &Setup) -> Result<Self, Unreadable> {
        let options = AudioDecoderOptions::default();
        let parameters = |codec| {
            let mut parameters = AudioCodecParameters::new();
            parameters.for_codec(codec).with_sample_rate(setup.sample_rate);
            parameters.with_channels(layout(setup.channels));
            if !setup.extra.is_empty() {
                parameters.with_extra_data(setup.extra.clone().into());
            }
            parameters
        };
        let told = |error: symphonia_core::errors::Error| {
            Unreadable::Unsupported(format!(
                "{} audio of a kind that is not decoded ({error})",
                setup.codec.name().to_uppercase()
            ))
        };
        Ok(Self::Symphonia(match setup.codec {
            Codec::Flac => {
                let parameters = parameters(id::CODEC_ID_FLAC);
                Box::new(FlacDecoder::try_new(&parameters, &options).map_err(told)?)
            }
            Codec::Alac => {
                let parameters = parameters(id::CODEC_ID_ALAC);
                Box::new(AlacDecoder::try_new(&parameters, &options).map_err(told)?)
            }
            Codec::Mp3 => {
                let parameters = parameters(id::CODEC_ID_MP3);
                Box::new(MpaDecoder::try_new(&parameters, &options).map_err(told)?)
            }
            Codec::Aac => {
                let parameters = parameters(id::CODEC_ID_AAC);
                Box::new(AacDecoder::try_new(&parameters, &options).map_err(told)?)
            }
            Codec::Vorbis => {
                let parameters = parameters(id::CODEC_ID_VORBIS);
                Box::new(VorbisDecoder::try_new(&parameters, &options).map_err(told)?)
            }
            Codec::Opus => {
                let decoder = OpusDecoder::new(setup.sample_rate, usize::from(setup.channels))
                    .map_err(|error| Unreadable::Unsupported(format!("OPUS audio: {error}")))?;
                let pcm = vec![0.0; OPUS_FRAMES * usize::from(setup.channels)];
                return Ok(Self::Opus { decoder: Box::new(decoder), pcm });
            }
        }))
    }

    /// Forgets everything.
    pub(super) fn restart(&mut self, setup: &Setup) -> Result<(), Unreadable> {
        match (setup.codec, &mut *self) {
            // symphonia's reset keeps the state of the noise that AAC substitutes.
            (Codec::Aac, _) | (_, Self::Broken) => *self = Self::new(setup)?,
            (_, Self::Symphonia(decoder)) => decoder.reset(),
            (_, Self::Opus { decoder, .. }) => decoder.reset(),
        }
        Ok(())
    }

    /// Decodes a packet for what later ones need of it.
    pub(super) fn listen(&mut self, data: &[u8], packet: Packet) {
        self.guarded(|decoder| match decoder {
            Self::Symphonia(decoder) => decoder.decode_ref(&reference(data, packet)).is_ok(),
            Self::Opus { decoder, pcm } => decoder.decode_float(data, pcm, false).is_ok(),
            Self::Broken => false,
        });
    }

    /// Decodes a packet into `out`, which gets its shape whatever the decoder says: silence where
    /// it yields less. False if it could not be decoded.
    pub(super) fn decode(
        &mut self,
        data: &[u8],
        packet: Packet,
        setup: &Setup,
        out: &mut Block,
    ) -> bool {
        setup.shape(out, packet.start, packet.frames as usize);
        self.guarded(|decoder| decoder.fill(data, packet, out))
    }

    /// Runs a decoder; false if it panics, too.
    fn guarded(&mut self, run: impl FnOnce(&mut Self) -> bool) -> bool {
        let good = catch_unwind(AssertUnwindSafe(|| run(self)));
        good.unwrap_or_else(|_| {
            *self = Self::Broken;
            false
        })
    }

    fn fill(&mut self, data: &[u8], packet: Packet, out: &mut Block) -> bool {
        match self {
            Self::Symphonia(decoder) => match decoder.decode_ref(&reference(data, packet)) {
                Ok(GenericAudioBufferRef::F32(buffer)) => {
                    for (c, channel) in out.channels.iter_mut().enumerate() {
                        let decoded = buffer.plane(c).unwrap_or_default();
                        for (out, v) in channel.iter_mut().zip(decoded) {
                            *out = *v;
                        }
                    }
                    true
                }
                Ok(GenericAudioBufferRef::S32(buffer)) => {
                    for c in 0..out.channels.len() {
                        integers(buffer.plane(c).unwrap_or_default(), out, c);
                    }
                    buffer.frames() >= packet.frames as usize
                }
                _ => false,
            },
            Self::Opus { decoder, pcm } => {
                let channels = out.channels.len();
                let Ok(frames) = decoder.decode_float(data, pcm, false) else {
                    return false;
                };
                for (c, channel) in out.channels.iter_mut().enumerate() {
                    let decoded = pcm.iter().skip(c).step_by(channels).take(frames);
                    for (out, v) in channel.iter_mut().zip(decoded) {
                        *out = *v;
                    }
                }
                true
            }
            Self::Broken => false,
        }
    }
}

/// Left-justified 32-bit integers, exactly: what f32 cannot hold goes into `fine`.
fn integers(decoded: &[i32], out: &mut Block, c: usize) {
    const SCALE: f64 = 1.0 / 2_147_483_648.0;
    let Some(channel) = out.channels.get_mut(c) else { return };
    match out.fine.get_mut(c) {
        None => {
            for (out, v) in channel.iter_mut().zip(decoded) {
                *out = *v as f32 * SCALE as f32;
            }
        }
        Some(fine) => {
            for ((out, fine), v) in channel.iter_mut().zip(fine).zip(decoded) {
                let exact = f64::from(*v) * SCALE;
                *out = coarse(exact);
                *fine = exact - f64::from(*out);
            }
        }
    }
}

fn reference(data: &[u8], packet: Packet) -> PacketRef<'_> {
    PacketRef::new(0, Timestamp::new(0), Duration::new(u64::from(packet.frames)), data)
}

fn layout(channels: u16) -> Channels {
    match channels {
        1 => layouts::CHANNEL_LAYOUT_MONO,
        2 => layouts::CHANNEL_LAYOUT_STEREO,
        n => Channels::Discrete(n),
    }
}
