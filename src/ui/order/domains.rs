//! The names of an order and how the proof of control over each stands; below, what has to stand where for the one
//! under the cursor. What is not known is said to be so.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{none, organization};
use crate::app::account::OrderData;
use crate::app::cursor::Cursor;
use crate::app::layout;
use crate::app::model::Model;
use crate::app::names::{NameRow, rows};
use crate::app::writes::is_found;
use crate::domain::dcv::{DcvMethod, Placement, Proof};
use crate::domain::ids::OrderId;
use crate::domain::status::OrderStatus;
use crate::ui::seen;
use crate::ui::theme::Theme;
use crate::ui::when;
use crate::ui::widgets::facts::Facts;
use crate::ui::widgets::listing::{self, Listing};
use crate::ui::widgets::table::{Column, Focus, Value};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Col {
    Name,
    State,
    Method,
    Domain,
}

const COLUMNS: &[Column<Col>] = &[
    Column::elastic(Col::Name, "NAME", 16, 48, 0),
    Column::elastic(Col::State, "VALIDATED", 18, 34, 0),
    Column::fixed(Col::Method, "METHOD", 9, 2),
    Column::elastic(Col::Domain, "DOMAIN", 10, 30, 3),
];

/// Draws the tab.
pub(super) fn draw(
    model: &Model,
    id: OrderId,
    data: &OrderData,
    cursor: Cursor,
    theme: &Theme,
    area: Rect,
    buf: &mut Buffer,
) {
    let list = Names {
        model,
        data,
        theme,
        rows: rows(data, id, &model.engine.writes.all),
    };
    listing::draw(&list, cursor, Focus::Here, theme, area, buf);
}

struct Names<'a> {
    model: &'a Model,
    data: &'a OrderData,
    theme: &'a Theme,
    rows: Vec<NameRow>,
}

impl Listing for Names<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_NAMES;

    fn len(&self) -> usize {
        self.rows.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        none(self.data, "This product does not secure domain names.")
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(row) = self.rows.get(at) else {
            return (Cow::Borrowed(""), theme.text);
        };
        match column {
            Col::Name => (row.name.as_str().into(), theme.text),
            Col::State => {
                let (words, style) = state(self.model, self.data, row, theme);
                (words.into(), style)
            }
            Col::Method => (
                row.method.as_ref().map_or("", DcvMethod::short).into(),
                theme.dim,
            ),
            Col::Domain => (
                row.domain
                    .as_ref()
                    .map_or("", |domain| domain.name.as_str())
                    .into(),
                theme.dim,
            ),
        }
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        if let Some(row) = self.rows.get(at) {
            details(self.model, self.data, row, self.theme, facts);
        }
    }
}

/// How control over a name stands, in a few words.
fn state(model: &Model, data: &OrderData, row: &NameRow, theme: &Theme) -> (String, Style) {
    let today = model.today();
    // What a check of this order found counts for it, whatever the account's domain says.
    let found = row.checked.as_deref().is_some_and(is_found);
    if let Some(domain) = &row.domain {
        return match domain.proof(model.account_now()) {
            Proof::Valid(Some(until)) => {
                (format!("until {}", when::short(until, today)), theme.good)
            }
            Proof::Valid(None) => ("yes".into(), theme.good),
            _ if found => ("found by a check".into(), theme.good),
            Proof::Expired(at) => (format!("expired {}", when::short(at, today)), theme.bad),
            Proof::Pending => ("not yet".into(), theme.warn),
        };
    }
    if let Some(checked) = &row.checked {
        let style = if found { theme.good } else { theme.warn };
        return (format!("checked: {checked}"), style);
    }
    if data.domains.is_loading() {
        return ("loading…".into(), theme.dim);
    }
    // A DV order proves its names anew for each reissue.
    let issued = data.order.value().is_some_and(|order| match order.status {
        OrderStatus::ReissuePending => !order.product.is_dv(),
        ref status => *status == OrderStatus::Issued,
    });
    let words = if issued {
        "at last issuance"
    } else {
        "not reported"
    };
    (words.into(), theme.dim)
}

/// Whether the order waits for its names, as far as is known.
fn waits(data: &OrderData) -> bool {
    let order = data.order.value();
    order.is_some_and(|order| order.status.validates_names()) && data.domains.value().is_some()
}

/// What is known of a proof whose place is not.
fn unplaced(row: &NameRow, waits: bool, theme: &Theme, facts: &mut Facts<'_>) {
    match (&row.method, &row.token) {
        (Some(DcvMethod::Email), _) => {
            let mailed = row.domain.as_ref().map(|domain| domain.mailed.join(", "));
            let mailed = mailed.filter(|mailed| !mailed.is_empty());
            let whose = if mailed.is_some() {
                "one of these addresses"
            } else {
                "the domain's addresses"
            };
            let words = format!(
                "someone must follow the link in the email sent to {whose}; the actions menu resends it"
            );
            facts.fact("By email", &words);
            if let Some(mailed) = mailed {
                facts.styled("Emailed to", &mailed, theme.accent);
            }
        }
        (Some(DcvMethod::HttpTokenDynamic), Some(token)) => {
            facts.styled("Random value", token, theme.accent);
            facts.fact(
                "File at",
                &format!(
                    "http://{}/.well-known/pki-validation/ plus a file name shown only in the CertCentral console",
                    row.name
                ),
            );
        }
        (_, Some(token)) => facts.styled("Random value", token, theme.accent),
        (Some(_), None) if row.domain.is_none() && waits => facts.fact(
            "Random value",
            "not reported yet; use the actions menu to request it",
        ),
        (_, None) => {}
    }
}

fn details(model: &Model, data: &OrderData, row: &NameRow, theme: &Theme, facts: &mut Facts<'_>) {
    let today = model.today();
    match &row.place {
        Some(Placement::Record { kind, name, value }) => {
            facts.styled(&format!("{kind} record"), name, theme.accent);
            facts.styled("Value", value, theme.accent);
        }
        Some(Placement::File { url, content }) => {
            facts.styled("File at", url, theme.accent);
            facts.styled("Content", content, theme.accent);
        }
        None => unplaced(row, waits(data), theme, facts),
    }
    if let Some(place) = &row.place {
        seen::lines(&model.engine.outside, place, theme, facts);
    }
    // What the record needs says it already, where the account means that.
    let verification = row
        .domain
        .as_ref()
        .and_then(|domain| domain.verification.as_ref());
    let said = [
        row.place.as_ref().map(Placement::value),
        row.token.as_deref(),
    ];
    facts.maybe(
        "Verification",
        verification.filter(|value| !said.contains(&Some(value.as_str()))),
    );
    if row
        .method
        .as_ref()
        .is_some_and(|method| !method.proves_below())
        && let Some(domain) = row.domain.as_ref().filter(|domain| domain.name != row.name)
    {
        let words = format!(
            "a file validates only {}; {} needs its own file or another method",
            domain.name, row.name
        );
        facts.styled("Note", &words, theme.warn);
    }
    facts.maybe(
        "Last check",
        row.checked.as_ref().filter(|_| row.domain.is_some()),
    );
    let organization = || {
        data.order
            .value()
            .and_then(|order| order.organization.as_ref())
    };
    let Some(domain) = &row.domain else {
        if let Some(failure) = data.domains.failure() {
            facts.styled("Not loaded", &failure.to_string(), theme.bad);
        } else if data
            .order
            .value()
            .is_some_and(|order| order.product.is_dv())
        {
            facts.fact("Domain", "a DV order validates its names by itself");
        } else if data.domains.value().is_some() {
            facts.fact("Domain", "no domain in the account covers this name");
        }
        facts.maybe("Organization", organization().map(|known| &known.name));
        organization::of(model, data, theme, facts);
        return;
    };
    let inactive = if domain.is_active { "" } else { ", inactive" };
    facts.fact(
        "Domain",
        &format!("{} ({}{inactive})", domain.name, domain.id),
    );
    if let Some(until) = domain.token_until.filter(|_| domain.token.is_some()) {
        facts.fact(
            "Value valid",
            &format!("until {}", when::moment_ago(until, today)),
        );
    }
    facts.maybe("Value status", domain.token_status.as_deref());
    if let Some(at) = domain.proved {
        facts.fact("Validated on", &when::moment_ago(at, today));
    }
    for validation in &domain.validations {
        let until = validation.until.map_or_else(String::new, |until| {
            format!(" until {}", when::moment_ago(until, today))
        });
        facts.fact(
            &format!("{} status", validation.kind.to_uppercase()),
            &format!("{}{until}", validation.status),
        );
    }
    let own = organization().map(|known| known.name.as_str());
    facts.maybe("Organization", domain.organization.as_deref());
    // The order's organisation is what its certificates wait for.
    if own.is_some() && own != domain.organization.as_deref() {
        facts.maybe("Order's org.", own);
    }
    organization::of(model, data, theme, facts);
}
