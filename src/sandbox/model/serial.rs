//! The serial number of a certificate: 16 bytes, written as 32 upper-case hex digits (API notes, "Identifier types").

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Sixteen bytes, big endian; the first bit is never set, so that the DER integer has sixteen bytes too.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Serial([u8; 16]);

impl Serial {
    /// A serial from random bytes: the sign bit is cleared and the first byte is never zero.
    pub fn from_random(mut bytes: [u8; 16]) -> Self {
        bytes[0] = (bytes[0] & 0x7f).max(1);
        Self(bytes)
    }

    /// The bytes, as they go into the certificate.
    pub fn bytes(self) -> [u8; 16] {
        self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

impl From<Serial> for String {
    fn from(serial: Serial) -> Self {
        serial.to_string()
    }
}

impl TryFrom<String> for Serial {
    type Error = NotASerial;

    fn try_from(text: String) -> Result<Self, NotASerial> {
        text.parse()
    }
}

/// The text is no number of up to 32 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a serial number has up to 32 hex digits")]
pub struct NotASerial;

impl FromStr for Serial {
    type Err = NotASerial;

    /// Reads hex digits in either case; colons and spaces between them are skipped, and leading zeros may be left out, as
    /// those do who print a number.
    fn from_str(text: &str) -> Result<Self, NotASerial> {
        let digits: Vec<u8> = text
            .chars()
            .filter(|c| !matches!(c, ':' | ' '))
            .map(|c| c.to_digit(16).map(|digit| digit as u8).ok_or(NotASerial))
            .collect::<Result<_, _>>()?;
        let mut bytes = [0; 16];
        if !(1..=32).contains(&digits.len()) {
            return Err(NotASerial);
        }
        for (byte, pair) in bytes.iter_mut().rev().zip(digits.rchunks(2)) {
            *byte = pair.iter().fold(0, |byte, digit| byte << 4 | digit);
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways_and_separators_are_skipped() {
        let serial: Serial = "0a:1b2c3d4e5f60718293a4b5c6d7e8 f9".parse().unwrap();
        assert_eq!(serial.to_string(), "0A1B2C3D4E5F60718293A4B5C6D7E8F9");
        let short: Serial = "b2C".parse().unwrap();
        assert_eq!(short.to_string(), format!("{}B2C", "0".repeat(29)));
        assert_eq!("".parse::<Serial>(), Err(NotASerial));
        assert_eq!("0".repeat(33).parse::<Serial>(), Err(NotASerial));
        assert_eq!(Serial::from_random([0xff; 16]).bytes()[0], 0x7f);
        assert_eq!(Serial::from_random([0; 16]).bytes()[0], 1);
    }
}
