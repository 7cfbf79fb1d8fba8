//! The overview of an order: what its dates call for, what it is, its certificate, its names, its people.

use jiff::civil::Date;
use ratatui::style::Style;
use ratatui::text::Line;

use super::{organization, reading};
use crate::app::account::OrderData;
use crate::app::account::rows::{Obstacle, OrderRow, obstacles};
use crate::app::model::Model;
use crate::domain::coverage::{Coverage, coverage, days_between};
use crate::domain::dcv::{DcvMethod, Proof};
use crate::domain::ids::OrderId;
use crate::domain::names;
use crate::domain::order::{Certificate, Order, Person};
use crate::domain::plan::{is_in_use, reissues_left};
use crate::domain::product::Family;
use crate::domain::rules::place::is_renewed_here;
use crate::domain::text::counted;
use crate::domain::text::days;
use crate::keys::{Action, Place};
use crate::ui::text::{fit, width};
use crate::ui::theme::Theme;
use crate::ui::widgets::facts::Facts;
use crate::ui::{product, served, when};

/// Names that stand among the facts; more get a list of their own.
const FEW: usize = 8;

/// The lines of the tab.
pub(super) fn lines(
    model: &Model,
    id: OrderId,
    data: &OrderData,
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let mut facts = Facts::new(theme, columns);
    let today = model.today();
    not_as_asked(model, id, theme, &mut facts);
    if let Some(order) = data.order.value() {
        whole(model, order, theme, &mut facts);
    } else {
        if let Some(row) = model.engine.account.orders.get(id) {
            from_row(row, today, theme, &mut facts);
        }
        let failed = data.order.failure().is_some();
        for words in reading(data) {
            facts.words(&words, if failed { theme.bad } else { theme.dim });
        }
    }
    facts.done()
}

/// What of a certificate that was asked for from here is not as asked: first of all, until somebody sets it aside.
fn not_as_asked(model: &Model, id: OrderId, theme: &Theme, facts: &mut Facts<'_>) {
    let rows = model.journal.rows.iter();
    let rows = rows.filter(|row| row.made_on == Some(id) && !row.problems.is_empty());
    let mut some = false;
    for row in rows {
        some = true;
        let which = row.certificate.map_or_else(
            || "A certificate".to_owned(),
            |certificate| format!("Certificate {certificate}"),
        );
        facts.words(
            &format!("✗ {which} does not match what was requested:"),
            theme.bad,
        );
        for problem in &row.problems {
            facts.words(&format!("  {problem}"), theme.bad);
        }
    }
    if some {
        let key = |place, action| model.keymap.key_of(&[place], action).unwrap_or_default();
        facts.words(
            &format!(
                "Reviewed? Press {}, then {} on its journal row to dismiss this.",
                key(Place::Everywhere, Action::ShowJournal),
                key(Place::Journal, Action::Dismiss)
            ),
            theme.dim,
        );
        facts.gap();
    }
}

fn whole(model: &Model, order: &Order, theme: &Theme, facts: &mut Facts<'_>) {
    let today = model.today();
    let certificate = &order.certificate;
    let covers = coverage(
        &order.status,
        certificate.valid_till,
        order.order_valid_till,
        order.is_renewed,
        today,
    );
    let renewable = is_renewed_here(&order.product);
    sentence(covers, renewable, theme, facts);
    facts.gap();
    facts.fact("Product", &product::name(&order.product));
    facts.maybe(
        "Organization",
        order.organization.as_ref().map(|known| &known.name),
    );
    organization::validated(model, order, theme, facts);
    facts.maybe(
        "Division",
        order.container.as_ref().map(|known| &known.name),
    );
    let names = all_names(certificate);
    facts.fact("Names", &first_names(&names));
    facts.gap();
    certificate_facts(certificate, today, theme, facts);
    facts.gap();
    facts.maybe(
        "Coverage",
        order
            .order_valid_till
            .map(|till| format!("until {}", when::day(till, today))),
    );
    facts.maybe("To reissue", reissues(order, today));
    blocked(model, order, theme, facts);
    served::lines(model, order.id, theme, facts);
    facts.maybe("Plan", order.is_plan.then_some("Multi-year Plan"));
    facts.fact("Ordered", &placed(order.user.as_ref(), order, today));
    facts.maybe("Approved by", order.approver.as_ref().map(person));
    facts.maybe(
        "Reissued",
        order.last_reissued.map(|at| when::moment_ago(at, today)),
    );
    facts.maybe("Renews", order.renewal_of.map(|id| format!("order {id}")));
    match order.renewed_by {
        Some(id) => facts.fact("Renewed by", &format!("order {id}")),
        None if order.is_renewed => facts.fact("Renewed", "by another order"),
        None => {}
    }
    let flag = |value: Option<bool>| value.map(|value| if value { "on" } else { "off" });
    facts.maybe("Auto-reissue", flag(order.auto_reissue));
    facts.maybe("Auto-renew", flag(order.auto_renew));
    if order.allow_duplicates == Some(false) {
        facts.fact("Duplicates", "not allowed on this order");
    }
    let dcv_method = order.dcv_method.as_deref().map(DcvMethod::parse);
    facts.maybe("DCV method", dcv_method.as_ref().map(DcvMethod::label));
    facts.maybe("Delivery", order.provisioning.as_deref());
    for field in &order.custom_fields {
        facts.fact(&field.label, &field.value);
    }
    facts.fact("Emails", &order.additional_emails.join(", "));
    if names.len() > FEW {
        facts.heading(&counted(names.len(), "name", "names"));
        flow(&names, theme.text, facts);
    }
}

/// What stands in the way of a reissue.
fn blocked(model: &Model, order: &Order, theme: &Theme, facts: &mut Facts<'_>) {
    let account = &model.engine.account;
    let Some(row) = account.orders.get(order.id) else {
        return;
    };
    let ([mut ending, mut missing], mut told) = ([const { Vec::new() }; 2], Vec::new());
    for obstacle in obstacles(row, &account.domains, model.today()) {
        match obstacle {
            Obstacle::Reissue => told.push("a reissue is pending".into()),
            Obstacle::Dv => told.push("DV: each reissue is validated anew".into()),
            Obstacle::NoRenewal => {
                told.push("the documentation does not describe its renewal".into());
            }
            Obstacle::Organization => told
                .push("the validation of the organization expires before the reissue".to_owned()),
            Obstacle::Domain(domain) => match domain.proof(model.account_now()) {
                Proof::Valid(_) => ending.push(&*domain.name),
                Proof::Expired(_) | Proof::Pending => missing.push(&*domain.name),
            },
        }
    }
    let few = |names: &[&str]| match names.len().checked_sub(FEW) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..FEW].join(", ")),
    };
    if !ending.is_empty() {
        let names = few(&ending);
        told.push(format!(
            "the validation of {names} expires before the reissue"
        ));
    }
    if !missing.is_empty() {
        told.push(format!("not validated now: {}", few(&missing)));
    }
    facts.styled("Blocked", &told.join("; "), theme.warn);
}

/// How many more reissues the order's remaining time takes, and when about.
fn reissues(order: &Order, today: Date) -> Option<String> {
    let is_public = order.product.family() == Family::PublicTls;
    if !is_public || !is_in_use(&order.status) || order.is_renewed {
        return None;
    }
    let left = reissues_left(
        order.certificate.valid_till?,
        order.order_valid_till?,
        today,
    );
    let (first, _) = left.first()?;
    let (last, _) = left.last()?;
    Some(match left.len() {
        1 => format!("once more, about {first}"),
        times => format!("{times} times: about {first} to {last}"),
    })
}

/// The one sentence this is about.
fn sentence(covers: Coverage, renewable: bool, theme: &Theme, facts: &mut Facts<'_>) {
    let mut words = covers.label(renewable);
    if words.is_empty() {
        return;
    }
    if let Some(first) = words.get(..1).map(str::to_uppercase) {
        words.replace_range(..1, &first);
    }
    facts.words(&format!("{words}."), theme.coverage(covers));
}

fn placed(user: Option<&Person>, order: &Order, today: Date) -> String {
    let at = order.created.map(|at| when::moment_ago(at, today));
    match (at, user) {
        (Some(at), Some(user)) => format!("{at} by {}", person(user)),
        (Some(at), None) => at,
        (None, Some(user)) => format!("by {}", person(user)),
        (None, None) => String::new(),
    }
}

fn person(person: &Person) -> String {
    match (person.name.as_str(), person.email.as_str()) {
        ("", email) => email.to_string(),
        (name, "") => name.to_string(),
        (name, email) => format!("{name} <{email}>"),
    }
}

/// What a certificate says of itself.
pub(super) fn certificate_facts(
    certificate: &Certificate,
    today: Date,
    theme: &Theme,
    facts: &mut Facts<'_>,
) {
    match certificate.id {
        Some(id) => facts.fact("Certificate", &id.to_string()),
        None => facts.styled("Certificate", "none yet", theme.dim),
    }
    facts.fact(
        "Valid",
        &valid(certificate.valid_from, certificate.valid_till, today),
    );
    facts.maybe("Serial", certificate.serial.as_deref());
    facts.maybe("Thumbprint", certificate.thumbprint.as_deref());
    facts.fact("Key", &key(certificate));
    facts.maybe(
        "Issuing CA",
        certificate.ca_name.as_ref().or(certificate.ca_id.as_ref()),
    );
    facts.maybe(
        "Platform",
        certificate.platform.as_ref().map(|known| &known.name),
    );
    facts.maybe("Profile", certificate.profile_option.as_deref());
}

/// `2026-06-01 to 2026-12-17, 199 days; ends in 27 d`.
pub(super) fn valid(from: Option<Date>, till: Option<Date>, today: Date) -> String {
    match (from, till) {
        (Some(from), Some(till)) => format!(
            "{from} to {till}, {}; {}",
            // Both days count.
            days(usize::try_from(days_between(from, till) + 1).unwrap_or_default()),
            ends(till, today)
        ),
        (None, Some(till)) => format!("until {till}; {}", ends(till, today)),
        (Some(from), None) => format!("from {from}"),
        (None, None) => String::new(),
    }
}

fn ends(till: Date, today: Date) -> String {
    let days = days_between(today, till);
    if days < 0 {
        format!("expired {}", when::days(days))
    } else {
        format!("expires {}", when::days(days))
    }
}

/// `2048 bits, sha256`.
pub(super) fn key(certificate: &Certificate) -> String {
    let size = certificate.key_size.map(|bits| format!("{bits} bits"));
    let hash = certificate
        .hash
        .as_ref()
        .map(|hash| format!("signed with {hash}"));
    size.into_iter().chain(hash).collect::<Vec<_>>().join(", ")
}

/// All names, the common name first, each once, those of other scripts as people read them too.
fn all_names(certificate: &Certificate) -> Vec<String> {
    let own = std::iter::once(&certificate.common_name);
    let others = certificate.dns_names.iter().chain(&certificate.emails);
    names::once(own.chain(others))
        .into_iter()
        .map(|name| {
            if name.contains("xn--") {
                names::display_with_ascii(&name)
            } else {
                name
            }
        })
        .collect()
}

/// All names when they are few, else the first ones and how many follow.
fn first_names(all: &[String]) -> String {
    if all.len() <= FEW {
        return all.join(", ");
    }
    let first = &all[..3];
    format!("{} and {} more, all below", first.join(", "), all.len() - 3)
}

/// Words in columns of one width, row by row.
fn flow(words: &[String], style: Style, facts: &mut Facts<'_>) {
    let room = facts.columns().saturating_sub(2).max(1);
    let shown: Vec<String> = words.iter().map(|word| fit(word, room)).collect();
    let widest = shown.iter().map(|word| width(word)).max().unwrap_or(1);
    let across = ((room + 2) / (widest + 2)).max(1);
    for row in shown.chunks(across) {
        let mut line = String::from("  ");
        for (at, word) in row.iter().enumerate() {
            line.push_str(word);
            if at + 1 < row.len() {
                line.push_str(&" ".repeat(widest + 2 - width(word)));
            }
        }
        facts.line(Line::styled(line, style));
    }
}

/// What the list tells, while the order itself is not there yet.
fn from_row(row: OrderRow<'_>, today: Date, theme: &Theme, facts: &mut Facts<'_>) {
    let product = row.product();
    let renewable = product.is_some_and(is_renewed_here);
    sentence(row.coverage(today), renewable, theme, facts);
    facts.gap();
    facts.maybe("Product", product.map(product::name));
    facts.maybe("Organization", row.organization().map(|known| &known.name));
    facts.maybe("Division", row.container().map(|known| &known.name));
    facts.fact("Valid", &valid(row.from(), row.valid_till(), today));
    facts.fact("Serial", &row.serial());
    facts.maybe(
        "Coverage",
        row.order_valid_till()
            .map(|till| format!("until {}", when::day(till, today))),
    );
    facts.gap();
}
