//! The review of a request before it is sent: what changes compared with the order, what it may do to other
//! certificates, what may be different from what was asked; in plain words, unknown shown as unknown.

use super::super::names;
use super::super::order::{Certificate, Role};
use super::super::product::Family;
use super::super::write::Outgoing;
use super::{Context, Draft, Note, Tone, lists, reissue, validity};

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
    let mut changes = vec![plain(format!(
        "A further certificate on order {} for {}; the others stay.",
        order.id,
        names::display(&draft.common_name)
    ))];
    changes.push(key_change(draft));
    changes.extend(common_name_change(draft, &order.certificate));
    let added = lists::without(&draft.all_names(), &ctx.order_names());
    changes.push(plain(if added.is_empty() {
        format!(
            "The same names as the order ({}).",
            lists::count(&draft.all_names())
        )
    } else {
        format!("Names added below the wildcard: {}.", lists::words(&added))
    }));
    changes.extend(small_changes(draft, ctx));
    Review {
        sections: vec![
            section("What changes", changes),
            section(
                "Other certificates",
                vec![Note::new(
                    Tone::Good,
                    "Nothing happens to them: a duplicate never makes DigiCert revoke earlier ones.",
                )],
            ),
            section(
                "How long",
                vec![validity::note(validity::duplicate(draft, ctx))],
            ),
            section(
                "Approval",
                vec![plain(
                    "Where the account asks for approval, this makes a request that somebody has to approve; otherwise the certificate is issued at once. It needs domain and organisation validation that is current, and cannot renew it.",
                )],
            ),
        ],
        outgoing,
        danger: None,
    }
}

/// The review of a reissue.
pub fn reissue(draft: &Draft, ctx: &Context<'_>, outgoing: Outgoing) -> Review {
    let order = ctx.order;
    let current = &order.certificate;
    let beside = draft.store_as_duplicate && order.product.family() == Family::PublicTls;
    let mut changes = vec![plain(if beside {
        format!(
            "A reissue of order {}, stored as a duplicate: the current certificate stays the order's own.",
            order.id
        )
    } else {
        format!(
            "The order's certificate is replaced by a new one; the order number, {}, stays.",
            order.id
        )
    })];
    changes.push(key_change(draft));
    changes.extend(common_name_change(draft, current));
    let asked = draft.all_names();
    let added = lists::without(&asked, &ctx.order_names());
    let dropped = reissue::dropped(draft, ctx);
    if !added.is_empty() {
        changes.push(plain(format!(
            "New names: {}. They may have to be validated, and may cost something.",
            lists::words(&added)
        )));
    }
    if !dropped.is_empty() {
        changes.push(Note::new(
            Tone::Bad,
            format!("Names dropped: {}.", all(&dropped)),
        ));
    }
    if added.is_empty() && dropped.is_empty() {
        changes.push(plain(format!(
            "The same names as now ({}).",
            lists::count(&asked)
        )));
    }
    changes.extend(small_changes(draft, ctx));
    if !draft.profile.is_empty() {
        changes.push(plain(format!("Profile option: {}.", draft.profile)));
    }
    let danger = (!dropped.is_empty()).then(|| {
        format!(
            "{} {} no longer secured by this order's certificate.",
            lists::words(&dropped),
            if dropped.len() == 1 { "is" } else { "are" }
        )
    });
    Review {
        sections: vec![
            section("What changes", changes),
            section(
                "Other certificates",
                other_certificates(ctx, &dropped, beside),
            ),
            section(
                "How long",
                vec![validity::note(validity::reissue(draft, ctx))],
            ),
            section("Approval", approval(draft)),
        ],
        outgoing,
        danger,
    }
}

/// What is known, and what is not, of what a reissue does to the certificates that are there.
fn other_certificates(ctx: &Context<'_>, dropped: &[String], beside: bool) -> Vec<Note> {
    let living: Vec<&Certificate> = ctx
        .siblings
        .iter()
        .filter(|sibling| sibling.id.is_some() && sibling.id != ctx.order.certificate.id)
        .filter(|sibling| sibling.valid_till.is_none_or(|end| end >= ctx.today))
        .filter(|sibling| {
            sibling
                .status
                .as_ref()
                .is_none_or(super::super::status::CertificateStatus::is_issued)
        })
        .collect();
    let mut notes = Vec::new();
    if dropped.is_empty() {
        notes.push(plain(
            "No name is dropped. The documentation does not say that the certificate that is replaced is revoked; install the new one before it ends.",
        ));
    } else {
        notes.push(Note::new(
            Tone::Bad,
            format!(
                "DigiCert may revoke the certificates that hold {}: the current one{}. Whether and when is not documented; general support material speaks of 72 hours when names are removed. Take it as possible.",
                all(dropped),
                with_names(&living, dropped)
            ),
        ));
    }
    if beside {
        notes.push(plain(
            "Stored as a duplicate, it is assumed to leave the current certificate alone; that is not documented either.",
        ));
    }
    notes.push(plain(
        "While it is pending, neither a certificate nor the order can be revoked.",
    ));
    notes
}

fn with_names(living: &[&Certificate], dropped: &[String]) -> String {
    let holding: Vec<String> = living
        .iter()
        .filter(|certificate| {
            dropped.iter().any(|name| {
                lists::same(&certificate.common_name, name)
                    || lists::has(&certificate.dns_names, name)
            })
        })
        .map(|certificate| {
            let number = certificate.id.map_or(String::new(), |id| format!(" {id}"));
            match &certificate.role {
                Role::Duplicate(_) => certificate.role.label(),
                role => format!("{}{number}", role.label()),
            }
        })
        .collect();
    if holding.is_empty() {
        String::new()
    } else {
        format!(", {}", holding.join(", "))
    }
}

fn approval(draft: &Draft) -> Vec<Note> {
    let mut notes = Vec::new();
    if draft.skip_approval {
        notes.push(plain(
            "Approval is skipped, if your role may: no request is made, and the answer names the certificate.",
        ));
        if !draft.comments.is_empty() {
            notes.push(Note::new(
                Tone::Warn,
                "The comments are lost: they are kept on the request, and none is made.",
            ));
        }
    } else {
        notes.push(plain(
            "Where the account asks for approval, this makes a request that somebody has to approve. Expired validation is renewed on the way, and can take time.",
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

fn key_change(draft: &Draft) -> Note {
    let key = draft
        .csr
        .as_ref()
        .map_or(String::new(), |csr| csr.key.to_string());
    plain(format!("Key: {key}, from the CSR."))
}

fn common_name_change(draft: &Draft, current: &Certificate) -> Option<Note> {
    (!lists::same(&draft.common_name, &current.common_name)).then(|| {
        Note::new(
            Tone::Warn,
            format!(
                "Common name: {} instead of {}.",
                names::display(&draft.common_name),
                names::display(&current.common_name)
            ),
        )
    })
}

/// Hash, platform and ICA, where they differ from the current certificate's.
fn small_changes(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let current = &ctx.order.certificate;
    let mut notes = Vec::new();
    if let Some(hash) = &current.hash
        && !hash.eq_ignore_ascii_case(&draft.hash)
    {
        notes.push(plain(format!(
            "Signature hash: {} instead of {hash}.",
            draft.hash
        )));
    }
    if let Some(id) = draft.platform
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
    if !draft.ica.is_empty() && current.ca_id.as_deref() != Some(draft.ica.as_str()) {
        let name = ctx
            .product
            .and_then(|product| product.icas.iter().find(|ica| ica.id == draft.ica))
            .map_or(draft.ica.as_str(), |ica| ica.name.as_str());
        notes.push(plain(format!(
            "Issuing CA: {name}. An account that may not choose ignores this; a CA that is not allowed is refused."
        )));
    }
    notes
}
