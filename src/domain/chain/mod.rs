//! A chain put in order: the leaf, what leads to the root, the root, whatever order and company they came in.
//!
//! Servers want certificates in order, and the API's answers are not to be relied on: lists called `intermediates` begin
//! with the leaf, cross-signed bundles hold four or five, and one bug returned the same leaf for every certificate.
//!
//! ```text
//! certificates, any order --arrange--> Chain --> certificate_pem, chain_pem, full_chain_pem, root_pem
//! ```

mod arrange;
#[cfg(test)]
mod tests;

pub use arrange::arrange;

use jiff::Timestamp;

use super::certificate::{CertFacts, CertificateError};

/// Certificates that were put in order. Every link was checked: names, key identifiers, and the signature as far as it is
/// one that can be checked here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    pub leaf: CertFacts,
    /// From the leaf's issuer upwards, without the root.
    pub intermediates: Vec<CertFacts>,
    /// The end of the chain, when it is there: a certificate that its own key signed.
    pub root: Option<CertFacts>,
    /// What did not belong, and why.
    pub leftovers: Vec<Leftover>,
    /// The first signature that nothing here can check: on whose certificate it is, and why.
    pub(super) unchecked: Option<(String, String)>,
    /// Certificates of the text that could not be read.
    pub unreadable: Vec<CertificateError>,
}

/// How far a chain goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// To a root, every signature checked: so many certificates.
    Root(usize),
    /// A signature could not be checked here.
    Unchecked {
        /// On whose certificate it is.
        name: String,
        why: String,
    },
    /// The issuer of that name is not there.
    Missing(String),
}

/// A certificate that is not part of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover {
    pub certificate: CertFacts,
    /// Why it was left out.
    pub why: Why,
}

/// Why a certificate was left out of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is another end-entity certificate.
    AnotherLeaf,
    /// It is a CA certificate on another way to a root (cross-signed).
    AnotherWay,
    /// Its name fits but the signature below it was not made by its key.
    BadSignature,
    /// It has nothing to do with the leaf.
    Unrelated,
}

impl Why {
    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::AnotherLeaf => "another end-entity certificate",
            Self::AnotherWay => "another path to a root",
            Self::BadSignature => "its key did not make the signature",
            Self::Unrelated => "unrelated",
        }
    }
}

/// Why certificates could not be put in order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The text could not be read.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// There was no certificate at all: certificates on hardware tokens come with an empty list.
    #[error(
        "CertCentral returned no certificate: it may be delivered another way (hardware token), or not be issued yet"
    )]
    Empty,
    /// More certificates than any chain has.
    #[error(
        "it contains {count} different certificates, a chain has less than {limit}: this is another file"
    )]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many are looked at.
        limit: usize,
    },
    #[error("it contains only CA certificates ({}): download the certificate again", .0.join(", "))]
    NoLeaf(Vec<String>),
    /// Several end-entity certificates and nothing to choose by.
    #[error("it contains several certificates that could be the one ({}): download it by its certificate ID", .0.join(", "))]
    SeveralLeaves(Vec<String>),
    /// None has the key or serial that is looked for.
    #[error("it contains no certificate with {wanted} (found: {}): CertCentral may have returned another one; \
        refresh, and compare the serial numbers", .found.join(", "))]
    NotThere {
        /// What was looked for, in words.
        wanted: String,
        /// Names and serials of the ones there are.
        found: Vec<String>,
    },
}

/// What the leaf is recognised by when several certificates could be it. All that is given must hold.
#[derive(Debug, Clone, Copy, Default)]
pub struct Expect<'a> {
    /// The `SubjectPublicKeyInfo` of the CSR.
    pub spki_der: Option<&'a [u8]>,
    /// The serial number of the row.
    pub serial: Option<&'a str>,
}

impl Chain {
    /// Reads PEM text and puts its certificates in order; those that cannot be read are told, and hide no others.
    pub fn from_pem(text: &str, expect: Expect<'_>) -> Result<Self, ChainError> {
        let found = super::certificate::read_some(text)?;
        let mut chain = arrange(found.read, expect)?;
        chain.unreadable = found.unreadable;
        Ok(chain)
    }

    /// The leaf alone: `\n` line ends, one at the end.
    pub fn certificate_pem(&self) -> String {
        self.leaf.pem()
    }

    /// The intermediates alone, the leaf's issuer first; empty when there are none.
    pub fn chain_pem(&self) -> String {
        self.intermediates.iter().map(CertFacts::pem).collect()
    }

    /// Leaf and intermediates without the root: what a server is given.
    pub fn full_chain_pem(&self) -> String {
        self.certificate_pem() + &self.chain_pem()
    }

    /// The root, when it is there.
    pub fn root_pem(&self) -> Option<String> {
        self.root.as_ref().map(CertFacts::pem)
    }

    /// How far it goes. It is complete when every signature was checked and its end is a certificate that signed itself.
    pub fn end(&self) -> End {
        if let Some((name, why)) = self.unchecked.clone() {
            return End::Unchecked { name, why };
        }
        if self.root.is_some() {
            return End::Root(self.intermediates.len() + 2);
        }
        let last = self.intermediates.last().unwrap_or(&self.leaf);
        if last.is_self_signed() {
            return End::Root(self.intermediates.len() + 1);
        }
        let issuer = &last.issuer;
        let name = issuer.common_name.clone();
        End::Missing(name.unwrap_or_else(|| issuer.one_line()))
    }

    /// Who is missing in a chain that ends before its root although more was sent: it may be an intermediate, without which
    /// clients cannot check what a server sends them.
    pub fn hole(&self) -> Option<String> {
        let End::Missing(name) = self.end() else {
            return None;
        };
        let mut left = self.leftovers.iter().map(|left| left.why);
        left.any(|why| matches!(why, Why::BadSignature | Why::Unrelated))
            .then_some(name)
    }

    /// The first intermediate that is not valid at this moment, in words.
    pub fn outdated(&self, now: Timestamp) -> Option<String> {
        self.intermediates.iter().find_map(|ca| {
            let (name, day) = (ca.display_name(), |at: Timestamp| at.strftime("%Y-%m-%d"));
            if ca.not_after < now {
                Some(format!("its {name} expired {}", day(ca.not_after)))
            } else if ca.not_before > now {
                Some(format!("its {name} is valid from {}", day(ca.not_before)))
            } else {
                None
            }
        })
    }
}
