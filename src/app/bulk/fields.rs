//! What is chosen and typed for a whole list: of duplicates what all of them share, of reissues where their CSRs come from
//! and where their files go.

use std::borrow::Cow;

use super::{BulkList, BulkLists, Chosen};
use crate::app::effect::{KeyAlgorithm, ListId};
use crate::app::writes::{Below, Writes};
use crate::domain::csr;
use crate::domain::draft::FieldId;
use crate::domain::file_pattern::{Pattern, PatternError};
use crate::domain::key::{Curve, KeyKind};
use crate::domain::order::Certificate;
use crate::domain::product::Choice;

/// A field of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkField {
    /// Where CSRs that are not made here come from.
    Source,
    /// The kind of key that is made.
    Key,
    Paths,
    /// The server platform of all.
    Platform,
    /// The signature hash of all.
    Hash,
    /// The issuing CA of all.
    Ica,
    /// The last day of all.
    End,
    /// Where keys and certificates go.
    Pattern,
    /// Whether a link leads to the newest folder.
    Latest,
}

impl BulkField {
    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Source => "CSR",
            Self::Key => "New key",
            Self::Paths => "Files",
            Self::Platform => "Platform",
            Self::Hash => "Hash",
            Self::Ica => "Issuing CA",
            Self::End => "Expires on",
            Self::Pattern => "Write to",
            Self::Latest => "Latest",
        }
    }

    /// The field of a draft of the same meaning; `None` for what is of no draft.
    pub fn field(self) -> Option<FieldId> {
        match self {
            Self::Platform => Some(FieldId::Platform),
            Self::Hash => Some(FieldId::Hash),
            Self::Ica => Some(FieldId::Ica),
            Self::End => Some(FieldId::EndDate),
            Self::Source | Self::Key | Self::Paths | Self::Pattern | Self::Latest => None,
        }
    }
}

/// Where the CSR of a row comes from that has none of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CsrSource {
    /// A key and a CSR are made here.
    #[default]
    NewKey,
    /// Files, a paste, or the form of the row.
    Given,
    /// The CSR that the order's certificate came of: the same key.
    Present,
}

impl CsrSource {
    const ALL: [Self; 3] = [Self::NewKey, Self::Given, Self::Present];

    /// What it is kept as.
    fn id(self) -> &'static str {
        match self {
            Self::NewKey => "new",
            Self::Given => "given",
            Self::Present => "present",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::NewKey => "new key for each order",
            Self::Given => "from files or pasted",
            Self::Present => "the present CSR again (same key)",
        }
    }
}

/// The choice of the kind of key that each order's certificate has.
const AS_NOW: &str = "";

/// What is chosen for all reissues of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where the CSRs come from.
    pub source: CsrSource,
    /// The kind of key that is made; `None` for that of each order's certificate.
    pub key: Option<KeyAlgorithm>,
    /// Where keys and certificates go, a [`Pattern`]; empty writes nothing.
    pub pattern: String,
    /// Whether a link leads to the newest folder.
    pub latest: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            source: CsrSource::default(),
            key: None,
            pattern: Pattern::FIRST.to_owned(),
            latest: false,
        }
    }
}

impl Settings {
    /// Where the files go; `None` where none are written.
    pub fn files(&self) -> Option<Result<Pattern, PatternError>> {
        let is_empty = self.pattern.trim().is_empty();
        if is_empty && self.source != CsrSource::NewKey {
            return None;
        }
        Some(Pattern::parse(&self.pattern, self.latest))
    }

    /// The kind of key that is made for an order.
    pub(super) fn key_for(&self, certificate: &Certificate) -> KeyAlgorithm {
        self.key.unwrap_or_else(|| like(certificate))
    }

    fn chosen(&self, field: BulkField) -> Option<Chosen> {
        let choice = |id: &str, name: &str| Choice {
            id: id.to_owned(),
            name: name.to_owned(),
        };
        let (offered, picked) = match field {
            BulkField::Source => (
                CsrSource::ALL
                    .map(|source| choice(source.id(), source.label()))
                    .to_vec(),
                self.source.id().to_owned(),
            ),
            BulkField::Key => {
                let kinds = KeyAlgorithm::ALL.iter().map(|kind| kind.label());
                let kinds = kinds.map(|label| choice(&label, &label));
                let first = choice(AS_NOW, "same kind as now");
                let key = self.key.map_or(AS_NOW.to_owned(), KeyAlgorithm::label);
                (std::iter::once(first).chain(kinds).collect(), key)
            }
            BulkField::Latest => (
                vec![
                    choice("", "no link"),
                    choice("true", "link to the newest folder"),
                ],
                if self.latest { "true" } else { "" }.to_owned(),
            ),
            _ => return None,
        };
        Some(Chosen {
            first: offered
                .first()
                .map_or_else(String::new, |one| one.id.clone()),
            offered,
            picked: Some(picked),
        })
    }

    /// Somebody chose this, here or in an earlier session.
    pub(super) fn choose(&mut self, field: BulkField, id: &str) {
        match field {
            BulkField::Source => {
                let mut all = CsrSource::ALL.into_iter();
                self.source = all.find(|source| source.id() == id).unwrap_or_default();
            }
            BulkField::Key => {
                let mut kinds = KeyAlgorithm::ALL.iter().copied();
                self.key = kinds.find(|kind| kind.label() == id);
            }
            BulkField::Latest => self.latest = id == "true",
            _ => {}
        }
    }
}

/// The kind of key that a certificate has, as far as the account tells; of what cannot be made here the nearest.
fn like(certificate: &Certificate) -> KeyAlgorithm {
    let csr = certificate
        .csr
        .as_ref()
        .and_then(|csr| csr::read(&csr.0).ok());
    let bits = match csr.map(|csr| csr.key) {
        Some(KeyKind::Rsa { bits }) => Some(bits),
        Some(KeyKind::Ec { curve: Curve::P256 }) => Some(256),
        Some(KeyKind::Ec { .. }) => Some(384),
        _ => certificate.key_size,
    };
    match bits {
        Some(256) => KeyAlgorithm::P256,
        Some(384 | 521) => KeyAlgorithm::P384,
        Some(2049..=3072) => KeyAlgorithm::Rsa(3072),
        Some(3073..) => KeyAlgorithm::Rsa(4096),
        Some(_) | None => KeyAlgorithm::Rsa(2048),
    }
}

impl BulkList {
    /// The fields of the list, in their order on the screen.
    pub fn fields(&self) -> &'static [BulkField] {
        use BulkField::{End, Hash, Ica, Key, Latest, Paths, Pattern, Platform, Source};
        match (self.id, self.settings.source) {
            (ListId::Duplicates(_), _) => &[Paths, Platform, Hash, Ica, End],
            (ListId::Reissues, CsrSource::NewKey) => &[Source, Key, Pattern, Latest],
            (ListId::Reissues, CsrSource::Given) => &[Source, Paths, Pattern, Latest],
            (ListId::Reissues, CsrSource::Present) => &[Source, Pattern, Latest],
        }
    }

    /// What is chosen in a field; `None` for those that are typed.
    pub fn chosen(&self, field: BulkField) -> Option<Cow<'_, Chosen>> {
        match self.id {
            ListId::Duplicates(_) => self.shared.chosen(field.field()?).map(Cow::Borrowed),
            ListId::Reissues => self.settings.chosen(field).map(Cow::Owned),
        }
    }

    /// What is typed in a field that is kept; empty for what is chosen.
    pub fn typed(&self, field: BulkField) -> &str {
        match field {
            BulkField::End => &self.shared.end,
            BulkField::Pattern => &self.settings.pattern,
            _ => "",
        }
    }

    /// What is wrong with what stands in a field.
    pub fn problem(&self, field: BulkField) -> Option<String> {
        match (self.id, field) {
            (ListId::Duplicates(_), _) => self.shared.problem(field.field()?).map(str::to_owned),
            (ListId::Reissues, BulkField::Pattern) => {
                let error = self.settings.files()?.err()?;
                Some(error.to_string())
            }
            (ListId::Reissues, _) => None,
        }
    }
}

impl BulkLists {
    /// Something else is chosen for the whole list.
    pub(in crate::app) fn choose(
        &mut self,
        id: ListId,
        field: BulkField,
        chosen: &str,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        if let Some(list) = self.all.get_mut(&id) {
            match (id, field.field()) {
                (ListId::Duplicates(_), Some(field)) => list.shared.choose(field, chosen),
                _ => list.settings.choose(field, chosen),
            }
            list.unkept = true;
        }
        self.recheck(id, writes, below);
    }

    /// Something else is typed for the whole list.
    pub(in crate::app) fn type_in(
        &mut self,
        id: ListId,
        field: BulkField,
        text: String,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        if let Some(list) = self.all.get_mut(&id) {
            match field {
                BulkField::End => list.shared.end = text,
                BulkField::Pattern => list.settings.pattern = text,
                _ => return,
            }
            list.unkept = true;
        }
        self.recheck(id, writes, below);
    }
}
