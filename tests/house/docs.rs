//! Which lines begin an item that others use, and whether a sentence stands above it.

const ITEMS: [&str; 7] = [
    "fn ", "struct ", "enum ", "trait ", "type ", "const ", "static ",
];

/// Whether the line begins a public item; re-exports and modules speak for themselves.
pub fn is_public_item(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("pub ") else {
        return false;
    };
    let rest = rest.strip_prefix("async ").unwrap_or(rest);
    // What a macro makes has the sentence that is handed to it.
    !rest.contains("$name") && ITEMS.iter().any(|item| rest.starts_with(item))
}

/// Whether what stands above an item, attributes left out, ends in a doc comment.
pub fn is_documented(above: &[&str]) -> bool {
    let mut depth = 0_i32;
    for line in above.iter().rev() {
        if depth == 0 && line.starts_with("///") {
            return true;
        }
        let net = |open, close| {
            let count = |c| line.matches(c).count() as i32;
            count(open) - count(close)
        };
        let inside = depth > 0;
        depth -= net('[', ']') + net('(', ')');
        if !inside && depth == 0 && !line.starts_with("#[") && !line.starts_with("//") {
            return false;
        }
    }
    false
}

#[test]
fn an_item_and_its_sentence_are_seen() {
    assert!(is_public_item("pub fn a() {") && is_public_item("pub const fn a() {"));
    assert!(is_public_item("pub async fn a() {") && is_public_item("pub struct A;"));
    assert!(!is_public_item("pub(super) fn a() {") && !is_public_item("pub a: u8,"));
    assert!(!is_public_item("pub use a::b;") && !is_public_item("pub mod a;"));
    assert!(!is_public_item("pub struct $name(pub u64);"));
    assert!(is_documented(&[
        "/// A (and",
        "/// more.",
        "#[derive(Debug)]"
    ]));
    assert!(is_documented(&[
        "/// A.",
        "#[expect(",
        "lint,",
        "reason = \"it is (so)\"",
        ")]"
    ]));
    assert!(!is_documented(&[
        "/// A.",
        "pub struct A;",
        "",
        "#[derive(Debug)]"
    ]));
    assert!(!is_documented(&["}", ""]) && !is_documented(&[]));
}
