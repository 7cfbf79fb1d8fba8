//! The review of a request before it is sent: what changes compared with the order, what it may do to other
//! certificates, what may be different from what was asked; in plain words, unknown shown as unknown.

use super::super::order::Certificate;
use super::super::write::Outgoing;
use super::{Context, Draft, Note, Tone, date, names};

/// Notes under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: &'static str,
    /// Sentences.
    pub notes: Vec<Note>,
}

/// A request and everything to know before sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// What to know.
    pub sections: Vec<Section>,
    /// What will be sent, exactly.
    pub outgoing: Outgoing,
    /// Why it is dangerous; the order number is to be typed then.
    pub danger: Option<String>,
}

/// The review of a duplicate.
pub fn duplicate(draft: &Draft, ctx: &Context<'_>, outgoing: Outgoing) -> Review {
    let order = ctx.order;
    let current = &order.certificate;
    let mut changes = vec![Note::new(
        Tone::Plain,
        format!(
            "A further certificate on order {} for {}.",
            order.id, draft.common_name
        ),
    )];
    changes.push(key_change(draft));
    changes.extend(common_name_change(draft, current));
    let added = names::without(&draft.all_names(), &ctx.order_names());
    if added.is_empty() {
        changes.push(Note::new(
            Tone::Plain,
            format!(
                "The same names as the order ({}).",
                count(&draft.all_names())
            ),
        ));
    } else {
        changes.push(Note::new(
            Tone::Plain,
            format!("Names added below the wildcard: {}.", names::words(&added)),
        ));
    }
    changes.extend(small_changes(draft, ctx));
    let others = vec![Note::new(
        Tone::Good,
        "Nothing: a duplicate never makes DigiCert revoke the certificates that are there.",
    )];
    let approval = vec![Note::new(
        Tone::Plain,
        "If the account asks for approval, this makes a request that somebody has to approve; otherwise the certificate is issued at once. A duplicate needs current domain and organisation validation and cannot renew it.",
    )];
    Review {
        sections: vec![
            section("What changes", changes),
            section("Other certificates", others),
            section("How long", duplicate_validity(draft, ctx)),
            section("Approval", approval),
        ],
        outgoing,
        danger: None,
    }
}

pub(super) fn section(title: &'static str, notes: Vec<Note>) -> Section {
    Section { title, notes }
}

pub(super) fn key_change(draft: &Draft) -> Note {
    let key = draft
        .csr
        .as_ref()
        .map_or(String::new(), |csr| csr.key.to_string());
    Note::new(Tone::Plain, format!("Key: {key}, from the CSR."))
}

pub(super) fn common_name_change(draft: &Draft, current: &Certificate) -> Option<Note> {
    (!names::same(&draft.common_name, &current.common_name)).then(|| {
        Note::new(
            Tone::Warn,
            format!(
                "Common name: {} instead of {}.",
                draft.common_name, current.common_name
            ),
        )
    })
}

pub(super) fn count(list: &[String]) -> String {
    match list.len() {
        1 => "1 name".into(),
        many => format!("{many} names"),
    }
}

/// Hash, platform and ICA, where they differ from the current certificate's.
pub(super) fn small_changes(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let current = &ctx.order.certificate;
    let mut notes = Vec::new();
    if let Some(hash) = &current.hash
        && !hash.eq_ignore_ascii_case(&draft.hash)
    {
        notes.push(Note::new(
            Tone::Plain,
            format!("Signature hash: {} instead of {hash}.", draft.hash),
        ));
    }
    let before = current.platform.as_ref();
    if let Some(id) = draft.platform
        && before.is_some_and(|before| before.id != id)
    {
        let name = ctx
            .product
            .and_then(|product| product.platforms.iter().find(|platform| platform.id == id))
            .map_or_else(
                || format!("platform {id}"),
                |platform| platform.name.clone(),
            );
        notes.push(Note::new(
            Tone::Plain,
            format!(
                "Server platform: {name} instead of {}.",
                before.map_or("", |before| before.name.as_str())
            ),
        ));
    }
    if !draft.ica.is_empty() && current.ca_id.as_deref() != Some(draft.ica.as_str()) {
        let name = ctx
            .product
            .and_then(|product| product.icas.iter().find(|ica| ica.id == draft.ica))
            .map_or(draft.ica.as_str(), |ica| ica.name.as_str());
        notes.push(Note::new(
            Tone::Plain,
            format!(
                "Issuing CA: {name}. An account where the CA cannot be chosen ignores this; one where it is not allowed refuses it."
            ),
        ));
    }
    notes
}

fn duplicate_validity(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let asked = date::parse(&draft.end_date).ok();
    let text = match asked {
        Some(end) => format!("Asked to end on {}.", date::iso(end)),
        None => match ctx.order.certificate.valid_till {
            Some(end) => format!(
                "No end date asked for: the time left of the current certificate, until {}.",
                date::iso(end)
            ),
            None => "No end date asked for: the time left of the current certificate.".into(),
        },
    };
    vec![Note::new(Tone::Plain, text)]
}
