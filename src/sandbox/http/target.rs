//! Heads of requests as clients write them. The documented filters hold `<` and `>` (`filters[valid_till]=>2026-01-01`), which
//! Go's client and curl send as they are; the web server of the real API takes them, the HTTP library here does not.

/// The longest head that is waited for.
pub const LONGEST: usize = 64 << 10;

/// Whether these bytes, the first of a request, can begin one: a method is written in capitals.
pub fn may_begin_a_request(fresh: &[u8]) -> bool {
    fresh.first().is_none_or(u8::is_ascii_uppercase)
}

/// Where the head ends; `None` if the rest of it is still on its way.
pub fn head_end(fresh: &[u8]) -> Option<usize> {
    let mut line_is_empty = false;
    for (at, byte) in fresh.iter().enumerate() {
        match byte {
            b'\n' if line_is_empty => return Some(at + 1),
            b'\n' => line_is_empty = true,
            b'\r' => {}
            _ => line_is_empty = false,
        }
    }
    None
}

/// How long the body is that follows a head; `None` if it tells its end by itself.
pub fn body_length(head: &[u8]) -> Option<u64> {
    let mut length = 0;
    for line in head.split(|byte| *byte == b'\n').skip(1) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.eq_ignore_ascii_case(b"transfer-encoding") {
            return None;
        }
        if name.eq_ignore_ascii_case(b"content-length") {
            let value = std::str::from_utf8(value).unwrap_or_default();
            // What is no number is refused by the HTTP library.
            length = value.trim().parse().unwrap_or(0);
        }
    }
    Some(length)
}

/// The same head with the forbidden characters of its first line percent-encoded; `None` if there are none.
pub fn encoded(head: &[u8]) -> Option<Vec<u8>> {
    let line_end = head.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = head.split_at(line_end);
    if !line.iter().copied().any(is_forbidden) {
        return None;
    }
    let mut out = Vec::with_capacity(head.len() + 16);
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
    }

    #[test]
    fn a_head_ends_at_its_empty_line_and_says_how_long_its_body_is() {
        for (head, length) in [
            ("GET / HTTP/1.1\r\n\r\n", Some(0)),
            ("GET / HTTP/1.0\n\n", Some(0)),
            (
                "POST / HTTP/1.1\r\ncontent-LENGTH:  12\r\nX: y\r\n\r\n",
                Some(12),
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
                None,
            ),
        ] {
            let whole = format!("{head}GET /");
            assert_eq!(head_end(whole.as_bytes()), Some(head.len()), "{head}");
            assert_eq!(head_end(&head.as_bytes()[..head.len() - 1]), None);
            assert_eq!(body_length(head.as_bytes()), length, "{head}");
        }
        assert!(may_begin_a_request(b"") && may_begin_a_request(b"G"));
        assert!(
            !may_begin_a_request(b"\x16\x03\x01"),
            "a client that speaks TLS"
        );
    }
}
