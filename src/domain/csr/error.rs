//! What a pasted text is when it is not one CSR, and where a CSR breaks.

use std::fmt;

use super::super::pem::PemError;
use super::super::secret::SecretKind;
use crate::domain::text::{bytes, counted};

/// The parts of a CSR, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsrPart {
    Whole,
    /// `certificationRequestInfo`.
    Info,
    Version,
    Subject,
    PublicKey,
    /// Its attributes (where alternative names are).
    Attributes,
    SignatureAlgorithm,
    Signature,
}

impl fmt::Display for CsrPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whole => "the outer SEQUENCE",
            Self::Info => "the certificationRequestInfo",
            Self::Version => "the version",
            Self::Subject => "the subject",
            Self::PublicKey => "the public key",
            Self::Attributes => "the attributes (alternative names)",
            Self::SignatureAlgorithm => "the signature algorithm",
            Self::Signature => "the signature",
        })
    }
}

/// Why a text gave no CSR. Never holds any of the text beyond a label and one character.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CsrError {
    #[error("there is no text: paste the CSR, or load its file")]
    Empty,
    /// More text than any CSR needs.
    #[error("the text has {}, a CSR has less than {limit}: paste only the CSR", bytes(*length))]
    TooLong {
        length: usize,
        /// Bytes that are read.
        limit: usize,
    },
    /// A private key is in the text. The caller wipes the text.
    #[error(
        "this contains {0}: certdeck did not keep it, and it must never be sent to anyone; paste its CSR instead"
    )]
    PrivateKey(SecretKind),
    /// No PEM block in the text.
    #[error("no CSR found in this text: copy it again from its source, or load its file")]
    NoCsr,
    /// A certificate instead of a CSR.
    #[error(
        "this is a certificate, not a CSR (-----BEGIN CERTIFICATE REQUEST-----): create a CSR from the key with \
            `openssl req -new -key`"
    )]
    Certificate,
    /// A public key where a CSR is needed.
    #[error(
        "this is a bare public key; this product needs a CSR: create one from the private key with `openssl req -new \
            -key`"
    )]
    PublicKey,
    /// Another kind of PEM block.
    #[error("line {line} begins a {label}, not a CERTIFICATE REQUEST: paste the CSR")]
    OtherBlock {
        label: String,
        /// The line of its header.
        line: usize,
    },
    /// Several different CSRs where one is needed.
    #[error("the text contains {count} different CSRs{}: paste one", at(*.second))]
    Several {
        count: usize,
        /// The line that the second one begins on, where that can be told.
        second: Option<usize>,
    },
    /// Several different public keys where one is needed.
    #[error("the text contains {count} different public keys: paste one")]
    SeveralKeys { count: usize },
    /// The PEM itself is damaged.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The structure ends before its end.
    #[error(
        "the CSR is cut off: {part} at byte {offset} needs {missing} more bytes; copy it again from its source"
    )]
    Cut {
        /// What was being read.
        part: CsrPart,
        /// Where it begins, in bytes of the decoded request.
        offset: usize,
        /// Bytes that are missing.
        missing: usize,
    },
    /// Bytes after the end of the structure.
    #[error(
        "{} the end of the CSR at byte {offset}, which do not belong to it: paste only the CSR, or load its file",
        counted(*extra, "byte follows", "bytes follow")
    )]
    Trailing {
        /// Where the CSR ends.
        offset: usize,
        extra: usize,
    },
    /// A part is not what it should be.
    #[error(
        "could not read this as a CSR ({part} at byte {offset}): copy it again from its source, or load its file"
    )]
    Malformed {
        /// What was being read.
        part: CsrPart,
        /// Where it begins, in bytes of the decoded request.
        offset: usize,
    },
}

fn at(second: Option<usize>) -> String {
    second.map_or_else(String::new, |line| {
        format!(", the second begins on line {line}")
    })
}
