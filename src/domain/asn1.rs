//! Just enough DER to walk a structure and to say where it breaks: tag, length, content.
//!
//! The parts themselves are read by x509-parser. Its errors do not tell a position, and an operator who pasted three
//! quarters of a CSR wants to hear exactly that.

/// `SEQUENCE`.
pub(crate) const SEQUENCE: u8 = 0x30;
/// `INTEGER`.
pub(crate) const INTEGER: u8 = 0x02;
/// `BIT STRING`.
pub(crate) const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// `BOOLEAN`.
pub(crate) const BOOLEAN: u8 = 0x01;
/// `SET`.
pub(crate) const SET: u8 = 0x31;
/// `OBJECT IDENTIFIER`.
pub(crate) const OID: u8 = 0x06;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xA0;

/// One element of a DER structure.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tlv<'a> {
    /// The identifier octet (tags above 30 do not occur in what is read here).
    pub tag: u8,
    pub content: &'a [u8],
    /// The whole element, header included.
    pub raw: &'a [u8],
    /// What follows the element.
    pub rest: &'a [u8],
}

/// Why an element could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TlvError {
    /// The header says more bytes than there are.
    Short {
        /// Bytes of the whole element, as its header says.
        wanted: usize,
        /// Bytes that are there.
        present: usize,
    },
    /// A length form that DER does not have.
    BadLength,
}

/// Splits a header from `bytes`: the tag, the length of the header, the length of the content.
pub(crate) fn header(bytes: &[u8]) -> Result<(u8, usize, usize), TlvError> {
    let short = |wanted| TlvError::Short {
        wanted,
        present: bytes.len(),
    };
    let tag = *bytes.first().ok_or(short(2))?;
    let first = *bytes.get(1).ok_or(short(2))?;
    if first < 0x80 {
        return Ok((tag, 2, usize::from(first)));
    }
    let count = usize::from(first & 0x7f);
    if count == 0 || count > 4 {
        return Err(TlvError::BadLength);
    }
    let octets = bytes.get(2..2 + count).ok_or(short(2 + count))?;
    let length = octets
        .iter()
        .fold(0usize, |sum, octet| (sum << 8) | usize::from(*octet));
    Ok((tag, 2 + count, length))
}

/// Reads the element at the start of `bytes`.
pub(crate) fn read(bytes: &[u8]) -> Result<Tlv<'_>, TlvError> {
    let (tag, head, length) = header(bytes)?;
    let end = head.saturating_add(length);
    let raw = bytes.get(..end).ok_or(TlvError::Short {
        wanted: end,
        present: bytes.len(),
    })?;
    Ok(Tlv {
        tag,
        content: &raw[head..],
        raw,
        rest: &bytes[end..],
    })
}

/// The offset of `part` in `whole`; both must be slices of the same buffer.
pub(crate) fn offset(whole: &[u8], part: &[u8]) -> usize {
    (part.as_ptr() as usize)
        .saturating_sub(whole.as_ptr() as usize)
        .min(whole.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_come_apart_one_after_the_other() {
        let bytes = [0x30, 0x03, 0x02, 0x01, 0x05, 0x04, 0x00];
        let sequence = read(&bytes).ok().unwrap();
        assert_eq!(
            (sequence.tag, sequence.content),
            (SEQUENCE, &[0x02, 0x01, 0x05][..])
        );
        let octets = read(sequence.rest).ok().unwrap();
        assert_eq!((octets.tag, octets.content.len()), (OCTET_STRING, 0));
        assert_eq!(offset(&bytes, octets.raw), 5);
    }

    #[test]
    fn a_cut_element_says_how_much_is_missing() {
        assert_eq!(
            read(&[0x30, 0x82, 0x01, 0x00, 0x02]).err(),
            Some(TlvError::Short {
                wanted: 260,
                present: 5
            })
        );
        assert_eq!(read(&[0x30, 0x80]).err(), Some(TlvError::BadLength));
        assert_eq!(
            read(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).err(),
            Some(TlvError::Short {
                wanted: 4_294_967_301,
                present: 6
            })
        );
    }
}
