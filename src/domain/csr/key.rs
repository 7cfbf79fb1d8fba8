//! What two CSR texts are compared by.

/// What makes two CSR texts the same CSR: the base64 between the armour, however it was wrapped.
pub fn csr_key(text: &str) -> Option<String> {
    let begin = text.find("-----BEGIN")?;
    let body = &text[begin + 10..];
    let body = &body[body.find("-----")? + 5..];
    let body = &body[..body.find("-----END")?];
    let folded: String = body
        .replace("\\n", "")
        .replace("\\r", "")
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '='))
        .collect();
    (!folded.is_empty()).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csr_is_the_same_however_it_is_wrapped() {
        let wrapped = "-----BEGIN CERTIFICATE REQUEST-----\r\nAAAA\r\nBBBB\r\n-----END CERTIFICATE REQUEST-----\r\n";
        let one_line =
            "-----BEGIN NEW CERTIFICATE REQUEST-----AAAABBBB-----END NEW CERTIFICATE REQUEST-----";
        assert!(csr_key(wrapped).is_some());
        assert_eq!(csr_key(wrapped), csr_key(one_line));
        assert_eq!(csr_key("no csr"), None);
    }
}
