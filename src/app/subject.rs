//! The certificate that a copy or a file is about, and what its chain is fetched for.

use crate::domain::file_pattern::{FileSet, for_file_name};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::write::WriteId;
use crate::keys::Action;

/// The certificate that a copy or a file is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub order: OrderId,
    pub certificate: CertificateId,
    /// What it is called.
    pub name: String,
    /// Its serial number as the account lists it, to be compared with what is downloaded.
    pub serial: Option<String>,
    /// Its thumbprint as the account lists it.
    pub thumbprint: Option<String>,
    /// The public key that was asked for, where this program knows it.
    pub spki_der: Option<Vec<u8>>,
    /// The random value for domain validation, if there is one.
    pub token: Option<String>,
    /// The record or file that it belongs in, as one line.
    pub record: Option<String>,
}

impl Subject {
    /// `NAME-ORDER-CERTIFICATE.pem`, with nothing in it that a shell or a file system would take amiss.
    pub fn file_name(&self) -> String {
        let name = for_file_name(&self.name.replace("*.", "wildcard."));
        format!("{name}-{}-{}.pem", self.order, self.certificate)
    }
}

/// What a downloaded chain is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainUse {
    /// Copy a part of it.
    Copy(Subject, Action),
    /// Write it to a file.
    Write(Subject, String),
    /// Show it alone on a plain screen.
    Plain(Subject),
    /// Hand it to the command after issue.
    Install(Subject),
    /// Of one of several marked orders: what all of them are for is one.
    Marked(Subject),
    /// Write it to files that are not there yet, after a bulk run.
    Bulk {
        subject: Subject,
        /// The write that it came of.
        op: WriteId,
        to: RowFiles,
    },
}

/// Where the certificate of a row of a list goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFiles {
    /// One file with its full chain.
    One(String),
    /// All that the list's pattern says.
    Set(FileSet),
}

impl ChainUse {
    /// The certificate that it is of.
    pub fn certificate(&self) -> CertificateId {
        match self {
            Self::Copy(subject, _)
            | Self::Write(subject, _)
            | Self::Plain(subject)
            | Self::Install(subject)
            | Self::Marked(subject)
            | Self::Bulk { subject, .. } => subject.certificate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_harmless() {
        let subject = |name: &str| Subject {
            order: OrderId(1),
            certificate: CertificateId(2),
            name: name.into(),
            serial: None,
            thumbprint: None,
            spki_der: None,
            token: None,
            record: None,
        };
        assert_eq!(
            subject("*.example.net").file_name(),
            "wildcard.example.net-1-2.pem"
        );
        assert_eq!(subject("../../etc/x y").file_name(), "_.._etc_x_y-1-2.pem");
    }
}
