//! Request targets as clients write them. The documented filters hold `<` and `>` (`filters[valid_till]=>2026-01-01`), which
//! Go's client and curl send as they are; the web server of the real API takes them, the HTTP library here does not.

/// What stands in front of a request line that is looked at: lists are read, and only reads have such targets.
const READS: [&[u8]; 2] = [b"GET /", b"HEAD /"];

/// The longest request line that is waited for.
pub const LONGEST: usize = 64 << 10;

/// Whether these bytes, fresh from a connection, begin a request whose target may hold such characters.
pub fn begins_a_read(fresh: &[u8]) -> bool {
    READS.iter().any(|start| fresh.starts_with(start))
}

/// Where the request line ends; `None` if the rest of it is still on its way.
pub fn line_end(fresh: &[u8]) -> Option<usize> {
    fresh.iter().position(|byte| *byte == b'\n')
}

/// The same bytes with the forbidden characters of the request line percent-encoded; `None` if there are none.
pub fn encoded(fresh: &[u8]) -> Option<Vec<u8>> {
    let (line, rest) = fresh.split_at(line_end(fresh)?);
    if !line.iter().copied().any(is_forbidden) {
        return None;
    }
    let mut out = Vec::with_capacity(fresh.len() + 16);
    for byte in line.iter().copied() {
        if is_forbidden(byte) {
            out.extend(format!("%{byte:02X}").bytes());
        } else {
            out.push(byte);
        }
    }
    out.extend_from_slice(rest);
    Some(out)
}

fn is_forbidden(byte: u8) -> bool {
    matches!(
        byte,
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_request_line_is_encoded() {
        let raw =
            b"GET /services/v2/order?filters[valid_till]=>2026-01-01 HTTP/1.1\r\nX-A: <b>\r\n\r\n";
        let out = String::from_utf8(encoded(raw).unwrap()).unwrap();
        assert_eq!(
            out,
            "GET /services/v2/order?filters[valid_till]=%3E2026-01-01 HTTP/1.1\r\nX-A: <b>\r\n\r\n"
        );
        assert_eq!(encoded(b"GET /ping HTTP/1.1\r\nX-A: <b>\r\n\r\n"), None);
        assert_eq!(encoded(b"GET /ping?a=<"), None, "not whole yet");
        assert!(begins_a_read(b"HEAD /ping"));
        assert!(!begins_a_read(b"{\"a\": \"GET /\"}"));
    }
}
