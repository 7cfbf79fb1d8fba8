//! The review of a request before it is sent: what changes compared with the order, what it may do to other
//! certificates, what may be different from what was asked; in plain words, unknown shown as unknown.

use super::super::dcv::DcvMethod;
use super::super::names;
use super::super::order::Certificate;
use super::super::product::Family;
use super::super::rules;
use super::super::write::{Outgoing, WriteKind};
use super::entries::address_change;
use super::field_rules::{self, SecureEmail, has_names};
use super::{
    Checked, Context, Draft, FieldId, FormKind, Note, Tone, duplicate, lists, reissue, validity,
};

/// Notes under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub title: &'static str,
    pub notes: Vec<Note>,
}

/// A request and everything to know before sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub sections: Vec<Section>,
    /// What will be sent, exactly.
    pub outgoing: Outgoing,
    /// Why it is dangerous; the order number is to be typed then.
    pub danger: Option<String>,
}

/// The review of a duplicate.
pub fn duplicate(draft: &Draft, ctx: &Context<'_>, outgoing: Outgoing) -> Review {
    let order = ctx.order;
    let mut changes = vec![plain(format!(
        "Adds a certificate to order {} for {}; the others stay.",
        order.id,
        match draft.given(FieldId::CommonName) {
            Some(name) => names::display(name),
            None => order.title().to_owned(),
        }
    ))];
    changes.push(key_change(draft));
    changes.extend(common_name_change(draft, &order.certificate));
    let asked = draft.all_names();
    let added = lists::without(&asked, &ctx.order_names());
    let dropped = lists::without(&ctx.order_names(), &asked);
    if !added.is_empty() {
        changes.push(plain(format!("Names added: {}.", lists::words(&added))));
    }
    if added.is_empty() && dropped.is_empty() {
        changes.push(plain(format!(
            "The same names as the order ({}).",
            lists::count(&asked)
        )));
    }
    changes.extend(small_changes(draft, ctx));
    let mut sections = vec![
        section("What changes", changes),
        section(
            "Other certificates",
            vec![Note::new(
                Tone::Good,
                "Not affected: a duplicate never makes DigiCert revoke earlier ones.",
            )],
        ),
        section(
            "Validity",
            vec![validity::note(
                validity::of_duplicate(draft, ctx),
                order.product.family(),
            )],
        ),
        section("Approval", duplicate_approval(ctx)),
    ];
    sections.extend(worth_knowing(draft, &duplicate::check(draft, ctx)));
    Review {
        sections,
        outgoing,
        danger: None,
    }
}

/// The review of a reissue.
pub fn reissue(draft: &Draft, ctx: &Context<'_>, outgoing: Outgoing) -> Review {
    let order = ctx.order;
    let beside = outgoing.kind == WriteKind::ReissueAsDuplicate;
    let effect = rules::reissue::effect(
        order,
        ctx.siblings,
        draft.text(FieldId::CommonName),
        &draft.names,
        beside,
        ctx.today,
    );
    let family = order.product.family();
    let mut changes = vec![
        if draft.key().is_none() && field_rules::takes_public_key(order) {
            plain(
                "Key: none is sent; the certificate waits until a CSR is given, or whoever collects it generates a key.",
            )
        } else {
            key_change(draft)
        },
    ];
    if draft.is_given(FieldId::CommonName) {
        changes.extend(common_name_change(draft, &order.certificate));
    }
    let dropped = &effect.names.dropped;
    let (more_mail, less_mail) = address_change(draft, ctx);
    if !more_mail.is_empty() {
        changes.push(plain(format!("Addresses added: {}.", more_mail.join(", "))));
    }
    if !less_mail.is_empty() {
        changes.push(Note::new(
            Tone::Bad,
            format!("Addresses removed: {}.", less_mail.join(", ")),
        ));
    }
    if !effect.names.added.is_empty() {
        changes.push(plain(format!("Names added: {}.", all(&effect.names.added))));
    }
    if !dropped.is_empty() {
        changes.push(Note::new(
            Tone::Bad,
            format!("Names removed: {}.", all(dropped)),
        ));
    }
    if effect.names.is_empty() && has_names(family) {
        changes.push(plain(format!(
            "The same names as now ({}).",
            lists::count(&draft.all_names())
        )));
    }
    changes.extend(small_changes(draft, ctx));
    if let Some(profile) = draft.given(FieldId::Profile) {
        changes.push(plain(format!("Profile option: {profile}.")));
    }
    changes.extend(chosen(draft, ctx, FormKind::Reissue));
    changes.extend(delivery(draft, ctx, FormKind::Reissue));
    let tone = if dropped.is_empty() {
        Tone::Plain
    } else {
        Tone::Warn
    };
    let mut others: Vec<Note> = effect
        .sentences
        .into_iter()
        .map(|sentence| Note::new(tone, sentence))
        .collect();
    others.push(plain(
        "While it is pending, neither a certificate nor the order can be revoked.",
    ));
    let lost = if dropped.is_empty() {
        less_mail.as_slice()
    } else {
        dropped.as_slice()
    };
    let danger = (effect.dangerous || (!less_mail.is_empty() && !beside)).then(|| {
        format!(
            "{} will no longer be secured by this order's certificate.",
            lists::words(lost)
        )
    });
    let mut sections = vec![
        section("What changes", changes),
        section("Other certificates", others),
        section(
            "Validity",
            vec![validity::note(validity::of_reissue(draft, ctx), family)],
        ),
        section("Approval", approval(draft)),
    ];
    if ctx.order.product.is_dv() {
        sections.push(section("Domain validation", vec![plain(NO_REUSE)]));
    }
    sections.extend(worth_knowing(draft, &reissue::judge(draft, ctx)));
    Review {
        sections,
        outgoing,
        danger,
    }
}

/// DV products neither reuse validation nor can be validated beforehand (documentation, *DV behavior*).
pub(super) const NO_REUSE: &str = "DV products never reuse validation: every name is validated again before the certificate is issued.";

/// The rules' advice, and what the CSR gives to think of.
pub(super) fn worth_knowing(draft: &Draft, checked: &Checked) -> Option<Section> {
    let mut notes = checked.order.clone();
    notes.extend(
        checked
            .advice
            .iter()
            .map(|advice| Note::new(Tone::Warn, advice.text.clone())),
    );
    notes.extend(draft.csr_warnings.iter().cloned());
    (!notes.is_empty()).then(|| section("Before you send", notes))
}

fn duplicate_approval(ctx: &Context<'_>) -> Vec<Note> {
    let mut notes = vec![plain(
        "If the account requires approval, this creates a request that someone must approve; otherwise the \
            certificate is issued at once. Domain and organization validation must be current: a duplicate cannot \
            renew it.",
    )];
    if ctx.order.product.family() == Family::PublicTls {
        notes.push(Note::new(
            Tone::Dim,
            "A reissue stored as a duplicate can wait for approval, and renews validation along the way.",
        ));
    }
    notes
}

pub(super) fn approval(draft: &Draft) -> Vec<Note> {
    let mut notes = Vec::new();
    if draft.is_given(FieldId::SkipApproval) {
        notes.push(plain(
            "Approval is skipped if your role allows it: no request is created, and the response names the \
                certificate.",
        ));
    } else {
        notes.push(plain(
            "If the account requires approval, this creates a request that someone must approve. Expired validation \
                is renewed along the way, which can take time.",
        ));
    }
    notes
}

fn plain(text: impl Into<String>) -> Note {
    Note::new(Tone::Plain, text)
}

fn all(list: &[String]) -> String {
    let list: Vec<String> = list.iter().map(|name| names::display(name)).collect();
    list.join(", ")
}

fn section(title: &'static str, notes: Vec<Note>) -> Section {
    Section { title, notes }
}

pub(super) fn key_change(draft: &Draft) -> Note {
    match (&draft.csr, &draft.public_key) {
        (Some(csr), _) => plain(format!("Key: {}, from the CSR.", csr.key)),
        (None, Some(key)) => plain(format!("Key: {}, the bare public key.", key.key)),
        (None, None) => {
            plain("Key: none is sent; it is generated where the certificate is collected.")
        }
    }
}

/// What was chosen from a list and decides over the certificate or its validation, in the words of the list.
pub(super) fn chosen(draft: &Draft, ctx: &Context<'_>, kind: FormKind) -> Vec<Note> {
    let facts = draft.facts(ctx);
    let taken = |field| field_rules::need(field, kind, facts).is_some();
    let words = |known: &[(&str, &str)], id: &str| {
        let found = known.iter().find(|(known, _)| *known == id);
        found.map_or_else(|| id.to_owned(), |(_, words)| (*words).to_owned())
    };
    let mut notes = Vec::new();
    let indicator = draft.text(FieldId::CnIndicator);
    if taken(FieldId::CnIndicator) && !indicator.is_empty() {
        let known = SecureEmail::of(ctx.order).map_or(&[][..], SecureEmail::indicators);
        notes.push(plain(format!("Common name: {}.", words(known, indicator))));
    }
    let usage = draft.text(FieldId::PrimaryUsage);
    if taken(FieldId::PrimaryUsage) && !usage.is_empty() {
        let usage = words(field_rules::PRIMARY_USAGES, usage);
        notes.push(plain(format!("Primary usage: {usage}.")));
    }
    let method = draft.text(FieldId::Dcv);
    if taken(FieldId::Dcv) && !method.is_empty() {
        let method = DcvMethod::parse(method);
        notes.push(plain(format!("DCV method: {}.", method.label())));
    }
    if taken(FieldId::ShipName) {
        let part = |field| draft.text(field);
        let priority = part(FieldId::ShipMethod).to_lowercase();
        notes.push(plain(format!(
            "Shipped to {}, {}, {} ({priority}).",
            part(FieldId::ShipName),
            part(FieldId::ShipCity),
            part(FieldId::ShipCountry)
        )));
    }
    notes
}

/// How the certificate gets to its key, where that is chosen.
pub(super) fn delivery(draft: &Draft, ctx: &Context<'_>, kind: FormKind) -> Option<Note> {
    let facts = draft.facts(ctx);
    field_rules::need(FieldId::Provisioning, kind, facts)?;
    let method = facts.provisioning();
    let words = field_rules::PROVISIONING
        .iter()
        .find(|(known, _)| *known == method)
        .map_or(method, |(_, words)| words);
    Some(plain(match (facts.provisioning.is_empty(), words) {
        (true, _) if kind.makes_order() => "Delivery: account default.".to_owned(),
        (false, words) if kind.makes_order() => format!("Delivery: {words}."),
        (true, "") => "Delivery: as stored on the order.".to_owned(),
        (true, words) => format!("Delivery: {words}, as stored on the order."),
        (false, words) => format!("Delivery: {words}; the order keeps that."),
    }))
}

fn common_name_change(draft: &Draft, current: &Certificate) -> Option<Note> {
    (!lists::same(draft.text(FieldId::CommonName), &current.common_name)).then(|| {
        Note::new(
            Tone::Warn,
            format!(
                "Common name: {} instead of {}.",
                names::display(draft.text(FieldId::CommonName)),
                names::display(&current.common_name)
            ),
        )
    })
}

/// Hash, platform and ICA, where they differ from the current certificate's.
fn small_changes(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let current = &ctx.order.certificate;
    let mut notes = Vec::new();
    let asked = draft.text(FieldId::Hash);
    if let Some(hash) = &current.hash
        && !hash.eq_ignore_ascii_case(asked)
    {
        notes.push(plain(format!("Signature hash: {asked} instead of {hash}.")));
    }
    if let Some(id) = draft.number(FieldId::Platform)
        && let Some(before) = &current.platform
        && before.id != id
    {
        let name = ctx
            .product
            .and_then(|product| product.platforms.iter().find(|platform| platform.id == id))
            .map_or_else(
                || format!("platform {id}"),
                |platform| platform.name.clone(),
            );
        notes.push(plain(format!(
            "Server platform: {name} instead of {}.",
            before.name
        )));
    }
    if let Some(id) = draft.given(FieldId::Ica)
        && current.ca_id.as_deref() != Some(id)
    {
        let name = ctx
            .product
            .and_then(|product| product.icas.iter().find(|ica| ica.id == id))
            .map_or(id, |ica| ica.name.as_str());
        notes.push(plain(format!(
            "Issuing CA: {name}. For an account without that choice it is ignored; a CA that is not allowed is \
                refused."
        )));
    }
    notes
}
