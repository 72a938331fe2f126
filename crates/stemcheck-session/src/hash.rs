//! SHA-256 of a file's bytes (FIPS 180-4), read once from beginning to end and never held.

use std::fmt::Write;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// Bytes that are read at a time.
pub(crate) const CHUNK_BYTES: usize = 1 << 20;

/// A hash that grows with what it is given.
#[derive(Default)]
pub(crate) struct Hash(Sha256);

impl Hash {
    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// 64 hexadecimal digits, in lower case.
    pub(crate) fn digits(self) -> String {
        self.0.finalize().iter().fold(String::new(), |mut digits, byte| {
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }
}

/// The hash of these bytes, as 64 hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    let mut hash = Hash::default();
    hash.take(bytes);
    hash.digits()
}

/// The hash of whatever is read from here to the end.
///
/// # Errors
/// What the reader says.
pub fn sha256_of(from: &mut dyn Read) -> io::Result<String> {
    let mut hash = Hash::default();
    pump(from, &mut |bytes| {
        hash.take(bytes);
        Ok(())
    })?;
    Ok(hash.digits())
}

/// Passes on what is read, to the end, chunk by chunk; returns how many bytes there were.
pub(crate) fn pump(
    from: &mut dyn Read,
    to: &mut dyn FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<u64> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0;
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(bytes),
            Ok(read) => {
                to(chunk.get(..read).unwrap_or_default())?;
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of FIPS 180-4.
    #[test]
    fn the_standards_own_examples() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(sha256_of(&mut io::repeat(b'a').take(1_000_000)).unwrap(), million);
    }
}
