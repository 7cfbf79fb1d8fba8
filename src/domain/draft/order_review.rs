//! The review of a new order or a renewal: what is bought, for how long, what becomes of the old order.

use super::super::dates::print_iso;
use super::super::names;
use super::super::validity::{End, Reason, end};
use super::super::write::Outgoing;
use super::contact::Contact;
use super::order::{self, Length};
use super::review::{self, Review, Section};
use super::{
    Context, Draft, FieldId, FormKind, Note, Tone, emails, field_rules, lists, organization,
};
use crate::domain::dcv::DcvMethod;
use crate::domain::text::counted;

/// The review of a new order or a renewal.
pub fn review(draft: &Draft, ctx: &Context<'_>, outgoing: Outgoing, renews: bool) -> Review {
    let product = &ctx.order.product.name;
    let asked = draft.all_names();
    let mut changes = vec![plain(if renews {
        format!(
            "A new order of {product} that renews order {}; it gets its own order number.",
            ctx.order.id
        )
    } else {
        format!(
            "A new order of {product} for {}.",
            names::display(draft.text(FieldId::CommonName))
        )
    })];
    changes.push(Note::new(
        Tone::Warn,
        "The account is charged for it, by contract or from its balance.",
    ));
    let family = ctx.order.product.family();
    let kind = if renews {
        FormKind::Renew
    } else {
        FormKind::NewOrder
    };
    if field_rules::order(FieldId::Csr, draft.facts(ctx), renews).is_some() {
        changes.push(review::key_change(draft));
    }
    if renews && field_rules::has_names(family) {
        let own = ctx.order_names();
        let added = lists::without(&asked, &own);
        let dropped = lists::without(&own, &asked);
        if !added.is_empty() {
            changes.push(plain(format!("Names added: {}.", lists::words(&added))));
        }
        if !dropped.is_empty() {
            changes.push(Note::new(
                Tone::Warn,
                format!("Names only on the old order: {}.", lists::words(&dropped)),
            ));
        }
        if added.is_empty() && dropped.is_empty() {
            changes.push(plain(format!(
                "The same names as the old order ({}).",
                lists::count(&asked)
            )));
        }
    } else if !asked.is_empty() {
        changes.push(plain(format!("Names: {}.", lists::words(&asked))));
    }
    if field_rules::has_emails(family) {
        let emails = lists::some(&draft.emails());
        changes.push(plain(format!("Email: {emails}.")));
    }
    if !family.is_tls() {
        changes.extend(review::chosen(draft, ctx, kind));
        changes.extend(review::delivery(draft, ctx, kind));
    }
    if !ctx.order.product.has_no_organization() {
        let name = organization::name(draft, ctx);
        changes.push(plain(format!("Organization: {name}.")));
    }
    if draft.text(FieldId::Organization) == organization::NEW {
        changes.push(Note::new(
            Tone::Warn,
            "It is added to the account, and must be validated before anything is issued.",
        ));
    }
    changes.extend(also(draft, ctx));
    let mut sections = vec![
        section("Order", changes),
        section("Validity", how_long(draft, ctx)),
        section("Approval", review::approval(draft)),
    ];
    if renews {
        sections.insert(
            1,
            section(
                "Old order",
                vec![plain(
                    "Its certificates stay unchanged until they expire. After the renewal, the order counts as \
                        renewed and cannot be renewed again.",
                )],
            ),
        );
    }
    if ctx.order.product.validates_domains_alone() {
        sections.push(section("Domain validation", domain_validation(draft)));
    }
    let checked = order::check(draft, ctx, renews);
    sections.extend(review::worth_knowing(draft, &checked));
    Review {
        sections,
        outgoing,
        danger: None,
    }
}

/// How the names of a DV order are validated.
fn domain_validation(draft: &Draft) -> Vec<Note> {
    let mut notes = vec![plain(review::NO_REUSE)];
    if let Some(method) = draft.given(FieldId::Dcv) {
        let method = DcvMethod::parse(method);
        notes.push(plain(format!("DCV method: {}.", method.label())));
    }
    let addresses = emails::parse(draft.text(FieldId::DcvEmails));
    if !addresses.is_empty() {
        notes.push(plain(format!("DCV email to {}.", lists::some(&addresses))));
    }
    if draft.is_given(FieldId::UseAuthKey) {
        notes.push(plain(
            "Validated at once where a request token of the account's AuthKey is found.",
        ));
    }
    notes
}

/// What else is asked for that is not as it is where nothing was chosen.
fn also(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    let container = draft.text(FieldId::Container);
    if let Some(known) = ctx.offer.containers.iter().find(|one| one.id == container) {
        notes.push(plain(format!("Division: {}.", known.name)));
    }
    for contact in Contact::ALL {
        if let Some(who) = organization::who(draft, ctx, contact) {
            let what = match contact {
                Contact::Organization => "Organization contact",
                Contact::Technical => "Technical contact",
                Contact::Verified if ctx.order.product.family().is_tls() => "EV contact",
                Contact::Verified => "Confirmed by",
            };
            notes.push(plain(format!("{what}: {who}.")));
        }
    }
    if let Some(ica) = draft.given(FieldId::Ica) {
        let icas = ctx.product.map_or(&[][..], |product| &product.icas);
        let name = icas.iter().find(|known| known.id == ica);
        let name = name.map_or(ica, |known| known.name.as_str());
        notes.push(plain(format!("Issuing CA: {name}.")));
    }
    if draft.is_given(FieldId::MarkLogo) {
        notes.push(plain(
            "Another logo than that of the order is sent with it.",
        ));
    }
    let switched = [
        (FieldId::AutoRenew, "automatic renewal"),
        (FieldId::AutoReissue, "automatic reissue"),
        (FieldId::NoNotices, "no renewal emails"),
        (FieldId::NoIssuanceMail, "no email when it is issued"),
        (FieldId::DisableCt, "CT logging skipped"),
        (FieldId::Discount, "competitive replacement discount"),
        (
            FieldId::MarkHosting,
            "hosting of the logo and the certificate by DigiCert",
        ),
    ];
    let switched: Vec<&str> = switched
        .into_iter()
        .filter_map(|(id, words)| draft.is_given(id).then_some(words))
        .collect();
    if !switched.is_empty() {
        notes.push(plain(format!("Turned on: {}.", switched.join(", "))));
    }
    if draft.is_given(FieldId::NoNotices) && draft.is_given(FieldId::RenewalMessage) {
        let text = "The renewal message is for renewal emails, and none will be sent.";
        notes.push(Note::new(Tone::Warn, text));
    }
    notes
}

/// How long the order will last, and its first certificate if that ends before.
pub fn how_long(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let Ok(length) = order::length(draft, ctx) else {
        return Vec::new();
    };
    let covers = order::end(length, ctx.today);
    let until = print_iso(covers);
    let mut notes = vec![plain(match length {
        Length::Years(years) => {
            let years = counted(years as usize, "year", "years");
            format!("Covered until about {until} ({years}), counted from issuance.")
        }
        Length::Days(days) => {
            format!("Covered until about {until} ({days} d), counted from issuance.")
        }
        Length::Until(_) => format!("Covered until {until}, as requested."),
    })];
    if let Ok(Some(first)) = first_end(draft, ctx)
        && first.date < covers
    {
        let ends = print_iso(first.date);
        notes.push(plain(match first.reason {
            Reason::Industry { days, .. } => format!(
                "Its first certificate expires on {ends} at the latest ({days} d is today's maximum); reissues cover \
                    the rest."
            ),
            reason => format!(
                "Its first certificate expires on {ends} ({reason}); reissues cover the rest."
            ),
        }));
    }
    notes
}

/// What will come of the length of the first certificate; an error when it cannot be read.
pub fn first_end(draft: &Draft, ctx: &Context<'_>) -> Result<Option<End>, String> {
    let foreseen = order::foreseen(draft, ctx)?;
    end(foreseen.asked_on(ctx.today), foreseen.bounds).map_err(|error| error.to_string())
}

fn plain(text: impl Into<String>) -> Note {
    Note::new(Tone::Plain, text)
}

fn section(title: &'static str, notes: Vec<Note>) -> Section {
    Section { title, notes }
}
