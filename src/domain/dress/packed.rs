//! What was packed: gzip and zlib are undone here, and of the others it is known only that they are packed.
//!
//! Unpacked into memory that is wiped: the unpacker keeps no window of its own when the whole is asked for at once.

use flate2::{Decompress, FlushDecompress, Status};
use zeroize::Zeroizing;

use super::{Copied, Stream, TooMuch};

/// What a file of gzip begins with: its mark, and the only method there is.
const GZIP: &[u8] = &[0x1f, 0x8b, 8];

/// Places in one text where something packed may begin; nobody pastes more.
const MOST: usize = 1000;

/// Everything packed that lies in these bytes or in their base64, unpacked.
pub(super) fn inside(
    bytes: &[u8],
    streams: &[Stream],
    most: usize,
) -> Result<Vec<Copied>, TooMuch> {
    let mut found = Vec::new();
    if bytes.iter().any(|byte| !byte.is_ascii()) {
        if other(bytes) {
            return Err(TooMuch);
        }
        let mut ended = 0;
        for at in memchr::memmem::find_iter(bytes, GZIP) {
            if at < ended {
                continue;
            }
            if let Some(Unpacked { text, read }) = gzip(&bytes[at..], most)? {
                ended = at + read.unwrap_or(bytes.len());
                found.push(text);
            }
        }
        if is_zlib(bytes) {
            found.extend(inflate(bytes, true, most)?.map(|unpacked| unpacked.text));
        }
    }
    for stream in streams {
        of_stream(stream, most, &mut found)?;
    }
    Ok(found)
}

fn of_stream(stream: &Stream, most: usize, found: &mut Vec<Copied>) -> Result<(), TooMuch> {
    let chars: &[u8] = &stream.chars;
    // "PK", "BZh", xz, 7z, zstd
    for mark in [
        &b"UEsDB"[..],
        b"QlpoO",
        b"QlpoM",
        b"/Td6WFo",
        b"N3q8rycc",
        b"KLUv/",
    ] {
        for at in memchr::memmem::find_iter(chars, mark) {
            if other(&stream.decode(at, 16)) && begins(stream, at) {
                return Err(TooMuch);
            }
        }
    }
    let mut tries = 0;
    let mut one_more = || {
        tries += 1;
        if tries > MOST { Err(TooMuch) } else { Ok(()) }
    };
    let mut from = 0;
    while let Some(skip) = memchr::memmem::find(&chars[from..], b"H4sI") {
        let at = from + skip;
        one_more()?;
        from = at + unpack(stream, at, false, most, found)?.max(4);
    }
    let mut from = 0;
    while let Some(skip) = chars
        .get(from..)
        .and_then(|rest| memchr::memchr(b'e', rest))
    {
        let at = from + skip;
        from = at + 1;
        let mut head = [0; 3];
        let may_be = matches!(chars.get(at + 1), Some(b'A' | b'F' | b'J' | b'N'));
        if may_be && is_zlib(stream.head(at, &mut head)) && begins(stream, at) {
            one_more()?;
            from = at + unpack(stream, at, true, most, found)?.max(1);
        }
    }
    Ok(())
}

/// Unpacks what begins at a place of the base64, reading no more of it than it takes; gives how many characters that were.
fn unpack(
    stream: &Stream,
    at: usize,
    zlib: bool,
    most: usize,
    found: &mut Vec<Copied>,
) -> Result<usize, TooMuch> {
    let mut length = 1024;
    loop {
        let bytes = stream.decode(at, length);
        let unpacked = if zlib {
            inflate(&bytes, true, most)?
        } else {
            gzip(&bytes, most)?
        };
        let all = bytes.len() < length;
        match unpacked {
            None => return Ok(0),
            Some(Unpacked { read: None, .. }) if !all => length = length.saturating_mul(8),
            Some(Unpacked { text, read }) => {
                if text.len() > super::SHORTEST {
                    found.push(text);
                }
                return Ok(read.unwrap_or(bytes.len()) / 3 * 4);
            }
        }
    }
}

/// Whether a character is the first of a piece of the text.
fn begins(stream: &Stream, at: usize) -> bool {
    match at.checked_sub(1) {
        Some(before) => stream.place(before).map(|at| at + 1) != stream.place(at),
        None => true,
    }
}

fn is_zlib(head: &[u8]) -> bool {
    head.len() > 1
        && head[0] == 0x78
        && u16::from_be_bytes([head[0], head[1]]).is_multiple_of(31)
        && head[1] & 0x20 == 0
}

/// What is packed otherwise: zip, bzip2, xz, 7z, zstd.
fn other(head: &[u8]) -> bool {
    match head {
        [b'P', b'K', 3, 4, version, 0, ..] => *version < 64,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..]
        | [0xfd, b'7', b'z', b'X', b'Z', 0, ..]
        | [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => true,
        // One bit of the frame's header is reserved.
        [0x28, 0xb5, 0x2f, 0xfd, frame, ..] => frame & 8 == 0,
        _ => false,
    }
}

/// What came out.
struct Unpacked {
    text: Copied,
    /// Bytes that it took, where it came to its end.
    read: Option<usize>,
}

/// The content of a gzip file (RFC 1952).
fn gzip(bytes: &[u8], most: usize) -> Result<Option<Unpacked>, TooMuch> {
    let Some(head) = gzip_head(bytes) else {
        return Ok(None);
    };
    inflate(&bytes[head..], false, most)
}

/// How long its header is.
fn gzip_head(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3).filter(|flags| **flags & 0xe0 == 0)?;
    let mut at = 10;
    if flags & 4 != 0 {
        let length = bytes.get(at..at + 2)?;
        at += 2 + usize::from(u16::from_le_bytes([length[0], length[1]]));
    }
    // A name and a remark, each to its zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    (at < bytes.len()).then_some(at)
}

/// What deflate packed, also of a part; `None` where it is none. More than `most` bytes are too much.
fn inflate(bytes: &[u8], zlib: bool, most: usize) -> Result<Option<Unpacked>, TooMuch> {
    let mut room = bytes.len().saturating_mul(4).clamp(256, most.max(256));
    loop {
        let mut out = Zeroizing::new(vec![0; room]);
        let mut unpack = Decompress::new(zlib);
        let status = unpack.decompress(bytes, &mut out, FlushDecompress::Finish);
        let length = unpack.total_out() as usize;
        let ended = matches!(status, Ok(Status::StreamEnd));
        if length == room && !ended {
            if room >= most {
                return Err(TooMuch);
            }
            room = room.saturating_mul(8).min(most);
            continue;
        }
        // What breaks off at once was never packed.
        if !ended && length <= super::SHORTEST {
            return Ok(None);
        }
        out.truncate(length);
        return Ok(Some(Unpacked {
            text: out,
            read: ended.then(|| unpack.total_in() as usize),
        }));
    }
}
