//! WAV files out, through hound.
