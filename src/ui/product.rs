//! What a product is, in few cells: what it validates and what names it takes, rather than its trade name.

use crate::domain::product::{Family, ProductRef};

/// At most nine cells: `OV`, `OV multi`, `EV`, `DV wild`, `code EV`, `email`.
pub(super) fn short(product: &ProductRef) -> &'static str {
    match product.family() {
        Family::PublicTls => {
            let wild = product.is_wildcard();
            let multi = product.is_multi_domain();
            if product.is_ev() {
                if multi { "EV multi" } else { "EV" }
            } else if product.is_dv() {
                match (wild, multi) {
                    (true, _) => "DV wild",
                    (_, true) => "DV multi",
                    _ => "DV",
                }
            } else {
                match (wild, multi) {
                    (true, _) => "OV wild",
                    (_, true) => "OV multi",
                    _ => "OV",
                }
            }
        }
        Family::PrivateTls => "private",
        Family::CodeSigning => "code",
        Family::EvCodeSigning => "EV code",
        Family::SecureEmail => "email",
        Family::Client => "client",
        Family::DocumentSigning => "document",
        Family::VerifiedMark => "mark",
        Family::Other => "other",
    }
}

/// The trade name without what every product is called.
pub(super) fn name(product: &ProductRef) -> String {
    let name = if product.name.is_empty() {
        &product.name_id
    } else {
        &product.name
    };
    let words: Vec<&str> = name
        .split(' ')
        .filter(|word| !matches!(*word, "SSL" | "DigiCert" | "Certificate"))
        .collect();
    if words.is_empty() {
        name.clone()
    } else {
        words.join(" ")
    }
}
