//! The sequence that asks a terminal to take text into its clipboard.
//!
//! Selection `c`, ended by ST. GNU screen prints a plain one over the screen, so there it goes in device
//! control strings that screen hands on unread, each short enough for its buffer (768 bytes).

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Most bytes of the sequence in one device control string.
const CHUNK: usize = 500;

/// Bytes of the base64 of `len` bytes.
pub(super) fn encoded_len(len: usize) -> usize {
    len.div_ceil(3) * 4
}

/// The sequence for a terminal that is talked to directly.
pub(super) fn plain(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x1b\\", BASE64_STANDARD.encode(text)).into_bytes()
}

/// The same through screen. Ends with BEL: an ST inside would end the device control string.
pub(super) fn for_screen(text: &str) -> Vec<u8> {
    let inner = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text));
    let mut out = Vec::with_capacity(inner.len() + 4 * inner.len().div_ceil(CHUNK));
    for chunk in inner.as_bytes().chunks(CHUNK) {
        out.extend_from_slice(b"\x1bP");
        out.extend_from_slice(chunk);
        out.extend_from_slice(b"\x1b\\");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_is_one_sequence_that_decodes_to_the_text() {
        let text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        let bytes = plain(text);
        let inner = bytes
            .strip_prefix(b"\x1b]52;c;")
            .unwrap()
            .strip_suffix(b"\x1b\\")
            .unwrap();
        assert_eq!(BASE64_STANDARD.decode(inner).unwrap(), text.as_bytes());
        assert_eq!(inner.len(), encoded_len(text.len()));
    }

    #[test]
    fn screen_gets_short_strings_that_join_to_the_same_sequence() {
        let text = "x".repeat(8000);
        let bytes = String::from_utf8(for_screen(&text)).unwrap();
        let mut joined = String::new();
        for part in bytes.split_terminator("\x1b\\") {
            let chunk = part.strip_prefix("\x1bP").unwrap();
            assert!(chunk.len() <= 500);
            joined.push_str(chunk);
        }
        let inner = joined
            .strip_prefix("\x1b]52;c;")
            .unwrap()
            .strip_suffix('\x07')
            .unwrap();
        assert_eq!(BASE64_STANDARD.decode(inner).unwrap(), text.as_bytes());
    }
}
