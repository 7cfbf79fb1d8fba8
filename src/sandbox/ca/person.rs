//! What a certificate for mail says of a person, and what it may be used for.

use rcgen::string::{Ia5String, PrintableString};
use rcgen::{
    DistinguishedName, DnValue, ExtendedKeyUsagePurpose as Eku, KeyUsagePurpose as Usage, SanType,
};

use super::csr::KeyKind;
use super::subject::custom;

const SURNAME: [u64; 4] = [2, 5, 4, 4];
const SERIAL_NUMBER: [u64; 4] = [2, 5, 4, 5];
const TITLE: [u64; 4] = [2, 5, 4, 12];
const GIVEN_NAME: [u64; 4] = [2, 5, 4, 42];
const PSEUDONYM: [u64; 4] = [2, 5, 4, 65];
const EMAIL_ADDRESS: [u64; 7] = [1, 2, 840, 113_549, 1, 9, 1];
const PRINCIPAL_NAME: [u64; 10] = [1, 3, 6, 1, 4, 1, 311, 20, 2, 3];

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailUse {
    pub signs: bool,
    pub decrypts: bool,
    /// Not to be denied (`non_repudiation`)
    pub commits: bool,
    /// Decrypt data that is enciphered with the key itself (`data_encipherment`); RSA alone
    pub enciphers: bool,
    /// Log in as well (`client_auth`)
    pub logs_in: bool,
}

/// The person, as far as the certificate names one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    pub given_name: Option<String>,
    pub surname: Option<String>,
    pub pseudonym: Option<String>,
    /// Serial number of the subject, not of the certificate
    pub serial_number: Option<String>,
    pub title: Option<String>,
    /// Address in the subject
    pub email: Option<String>,
    /// User principal name, an other name among the alternative names
    pub principal_name: Option<String>,
}

impl Person {
    /// Adds what the subject says of the person.
    pub(super) fn describe(&self, name: &mut DistinguishedName) {
        let parts = [
            (&GIVEN_NAME[..], &self.given_name),
            (&SURNAME, &self.surname),
            (&PSEUDONYM, &self.pseudonym),
            (&TITLE, &self.title),
        ];
        for (kind, value) in parts {
            if let Some(value) = value {
                name.push(custom(kind), value.as_str());
            }
        }
        if let Some(value) = &self.serial_number {
            let value = PrintableString::try_from(value.as_str())
                .map_or_else(|_| value.as_str().into(), DnValue::PrintableString);
            name.push(custom(&SERIAL_NUMBER), value);
        }
        if let Some(Ok(value)) = self.email.as_deref().map(Ia5String::try_from) {
            let kind = custom(&EMAIL_ADDRESS);
            name.push(kind, DnValue::Ia5String(value));
        }
    }

    /// The user principal name as an alternative name.
    pub(super) fn alternative_name(&self) -> Option<SanType> {
        let name = self.principal_name.clone()?;
        Some(SanType::OtherName((PRINCIPAL_NAME.to_vec(), name.into())))
    }
}

impl MailUse {
    /// Key usage. An RSA key decrypts what was enciphered for it, an EC key agrees on the key, and any other only signs.
    pub(super) fn key_usages(self, key: KeyKind) -> Vec<Usage> {
        let decrypts = match key {
            KeyKind::Rsa => Some(Usage::KeyEncipherment),
            KeyKind::Ec => Some(Usage::KeyAgreement),
            KeyKind::Other => None,
        };
        [
            (self.signs, Some(Usage::DigitalSignature)),
            (self.commits, Some(Usage::ContentCommitment)),
            (self.decrypts, decrypts),
            (
                self.enciphers && key == KeyKind::Rsa,
                Some(Usage::DataEncipherment),
            ),
        ]
        .into_iter()
        .filter_map(|(on, usage)| usage.filter(|_| on))
        .collect()
    }

    /// Extended key usage.
    pub(super) fn extended_key_usages(self) -> Vec<Eku> {
        let mut usages = vec![Eku::EmailProtection];
        if self.logs_in {
            usages.push(Eku::ClientAuth);
        }
        usages
    }
}
