//! The review of a new order or a renewal: what is bought, for how long, what becomes of the old order.

use super::super::dates::print_iso;
use super::super::names;
use super::super::write::Outgoing;
use super::order::{self, Length};
use super::review::{self, Review, Section};
use super::{Context, Draft, FieldId, Note, Tone, lists, organization};

/// The review of a new order or a renewal.
pub fn review(draft: &Draft, ctx: &Context<'_>, outgoing: Outgoing, renews: bool) -> Review {
    let product = &ctx.order.product.name;
    let asked = draft.all_names();
    let mut changes = vec![plain(if renews {
        format!(
            "A new order of {product} that renews order {}; it has a number of its own.",
            ctx.order.id
        )
    } else {
        format!(
            "A new order of {product} for {}.",
            names::display(&draft.common_name)
        )
    })];
    changes.push(Note::new(
        Tone::Warn,
        "The account is charged for it, by its contract or its balance.",
    ));
    if renews {
        changes.push(review::key_change(draft));
        let own = ctx.order_names();
        let added = lists::without(&asked, &own);
        let dropped = lists::without(&own, &asked);
        if !added.is_empty() {
            changes.push(plain(format!("Names added: {}.", lists::words(&added))));
        }
        if !dropped.is_empty() {
            changes.push(Note::new(
                Tone::Warn,
                format!("Names that the old order has: {}.", lists::words(&dropped)),
            ));
        }
        if added.is_empty() && dropped.is_empty() {
            changes.push(plain(format!(
                "The same names as the old order ({}).",
                lists::count(&asked)
            )));
        }
    } else {
        changes.push(review::key_change(draft));
        changes.push(plain(format!("Names: {}.", lists::words(&asked))));
    }
    let name = organization::name(draft, ctx);
    changes.push(plain(format!("Organisation: {name}.")));
    if draft.text(FieldId::Organization) == organization::NEW {
        changes.push(Note::new(
            Tone::Warn,
            "It is added to the account, and has to be validated before anything is issued.",
        ));
    }
    let mut sections = vec![
        section("What is ordered", changes),
        section("How long", how_long(draft, ctx)),
        section("Approval", review::approval(draft)),
    ];
    if renews {
        sections.insert(
            1,
            section(
                "The old order",
                vec![plain(
                    "Its certificates stay as they are until they end. It counts as renewed from then on, and cannot be renewed again.",
                )],
            ),
        );
    }
    let checked = order::check(draft, ctx, renews);
    sections.extend(review::worth_knowing(draft, &checked));
    Review {
        sections,
        outgoing,
        danger: None,
    }
}

/// How long the order and its first certificate will last.
pub fn how_long(draft: &Draft, ctx: &Context<'_>) -> Vec<Note> {
    let Ok(length) = order::length(draft, ctx.today) else {
        return Vec::new();
    };
    let end = order::end(length, ctx.today);
    let words = match length {
        Length::Years(1) => "1 year".to_owned(),
        Length::Years(years) => format!("{years} years"),
        Length::Days(days) => format!("{days} d"),
        Length::Until(_) => "as asked".to_owned(),
    };
    let mut notes = vec![plain(format!(
        "The order covers until about {} ({words}), counted from issue.",
        print_iso(end)
    ))];
    let latest = super::super::validity::latest_end(ctx.today);
    if latest < end {
        notes.push(plain(format!(
            "Its first certificate ends on {} at the latest ({} d are the most today); reissues cover the rest.",
            print_iso(latest),
            super::super::validity::max_days(ctx.today)
        )));
    }
    notes
}

fn plain(text: impl Into<String>) -> Note {
    Note::new(Tone::Plain, text)
}

fn section(title: &'static str, notes: Vec<Note>) -> Section {
    Section { title, notes }
}
