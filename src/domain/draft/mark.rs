//! The logo of a mark (page *Order Verified Mark Certificate*): SVG, compressed by gzip, in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What every gzip file begins with.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// As it is sent: without the breaks of its lines.
pub(super) fn sent(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What is wrong with it, as far as that shows.
pub(super) fn problem(text: &str) -> Option<&'static str> {
    let bytes = STANDARD.decode(sent(text));
    let is_packed = bytes.is_ok_and(|bytes| bytes.starts_with(&GZIP));
    (!is_packed).then_some(
        "the logo is an SVG file compressed by gzip, in base64: paste what `gzip -c logo.svg | base64` prints",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logo_is_base64_of_a_gzip_file_however_its_lines_break() {
        let packed = STANDARD.encode([&GZIP[..], &[8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]].concat());
        let (one, two) = packed.split_at(8);
        let broken = format!("{one}\r\n {two}\n");
        assert_eq!(sent(&broken), packed);
        assert_eq!((problem(&packed), problem(&broken)), (None, None));
        for wrong in ["<svg/>", "PHN2Zy8+", "logo.svg", "H4s"] {
            assert!(problem(wrong).is_some(), "{wrong}");
        }
    }
}
