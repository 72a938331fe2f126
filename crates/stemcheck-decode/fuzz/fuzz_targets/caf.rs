//! CAF: PCM, ALAC and AAC.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stemcheck_decode_fuzz::exercise(bytes));
