//! The account's domains, or one key apart its organizations: until when each is validated; below it what has to stand where
//! for the one that the cursor rests on.

use std::borrow::Cow;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::seen;
use super::text::count;
use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use super::widgets::listing::{self, Listing};
use super::widgets::table::{Column, Focus, Value};
use crate::app::domains::{DAYS, Shown};
use crate::app::layout;
use crate::app::model::Model;
use crate::app::remote::Remote;
use crate::domain::coverage::{ATTENTION_DAYS, days_between};
use crate::domain::dcv::{DcvMethod, Domain, Placement, Proof};
use crate::domain::organization::{AccountOrganization, Standing, Validation, standing};
use crate::domain::text::counted;
use crate::keys::{Action, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Name,
    Organization,
    Ov,
    Ev,
    Method,
    Pending,
    Seen,
    Orders,
}

const DOMAINS: &[Column<Col>] = &[
    Column::elastic(Col::Name, "DOMAIN", 16, 44, 0),
    Column::elastic(Col::Organization, "ORGANIZATION", 12, 30, 5),
    Column::fixed(Col::Ov, "OV UNTIL", 13, 0),
    Column::fixed(Col::Ev, "EV UNTIL", 13, 3),
    Column::fixed(Col::Method, "METHOD", 9, 2),
    Column::fixed(Col::Pending, "STATUS", 8, 4),
    Column::fixed(Col::Seen, "SEEN", 7, 6),
    Column::fixed(Col::Orders, "ORDERS", 6, 1).right(),
];

const ORGANIZATIONS: &[Column<Col>] = &[
    Column::elastic(Col::Name, "ORGANIZATION", 16, 44, 0),
    Column::fixed(Col::Ov, "OV UNTIL", 13, 0),
    Column::fixed(Col::Ev, "EV UNTIL", 13, 1),
    Column::elastic(Col::Organization, "PLACE", 10, 34, 2),
];

/// Draws the list that is shown.
pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    match model.domains.shown {
        Shown::Domains => {
            let list = Domains { model, theme };
            listing::draw(&list, model.domains.cursor, Focus::Here, theme, area, buf);
        }
        Shown::Organizations => {
            let list = Organizations { model, theme };
            let cursor = model.domains.organization;
            listing::draw(&list, cursor, Focus::Here, theme, area, buf);
        }
    }
}

/// When a validation ends, and how urgent that is.
fn until(at: Timestamp, model: &Model, theme: &Theme) -> (String, Style) {
    let (day, today) = (when::date_of(at), model.today());
    let style = match days_between(today, day) {
        _ if at < model.account_now() => theme.bad,
        left if left <= ATTENTION_DAYS => theme.warn,
        _ => theme.good,
    };
    (day.to_string(), style)
}

struct Domains<'a> {
    model: &'a Model,
    theme: &'a Theme,
}

impl Domains<'_> {
    fn row(&self, at: usize) -> Option<&Domain> {
        let account = &self.model.engine.account;
        self.model.domains.row(account, at)
    }

    /// Until when one kind of validation lasts.
    fn until(&self, domain: &Domain, of_kind: Option<Timestamp>) -> (String, Style) {
        if domain.proved.is_none() {
            return ("not yet".into(), self.theme.warn);
        }
        match of_kind.or(domain.proved_until) {
            Some(at) => until(at, self.model, self.theme),
            None => ("yes".into(), self.theme.good),
        }
    }
}

/// How a domain stands in one word, and how urgent that is.
fn status(domain: &Domain, now: Timestamp, theme: &Theme) -> (&'static str, Style) {
    let word = domain.status_word(now);
    let style = match word {
        "inactive" => theme.dim,
        "expired" => theme.bad,
        "pending" => theme.warn,
        _ => theme.good,
    };
    (word, style)
}

impl Listing for Domains<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = DOMAINS;
    const BELOW: u16 = layout::BELOW_DOMAINS;

    fn len(&self) -> usize {
        self.model.domains.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        let domains = &self.model.engine.account.domains;
        if self.model.domains.is_filtered() && domains.list.value().is_some() {
            let key = self.model.keymap.key_of(&[Place::Everywhere], Action::Back);
            let advice = vec![
                format!(
                    "Press {} to clear it. Words search names and organizations, terms one field:",
                    key.unwrap_or_default()
                ),
                " is:pending  is:expired  expires<30d  method:txt  org:example  name:shop".into(),
            ];
            return ("No domains match the filter.".into(), advice);
        }
        nothing(self.model, &domains.list, "domains")
    }

    fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
        let domain = self.row(at)?;
        if self.model.domains.marks.contains(&domain.id) {
            return Some(("●", self.theme.accent));
        }
        match domain.proof(self.model.account_now()) {
            _ if !domain.is_active => None,
            Proof::Expired(_) => Some(("✗", self.theme.bad)),
            Proof::Pending => Some(("!", self.theme.warn)),
            Proof::Valid(Some(at)) => {
                let (_, style) = until(at, self.model, self.theme);
                (style == self.theme.warn).then_some(("!", style))
            }
            Proof::Valid(None) => None,
        }
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(domain) = self.row(at) else {
            return (Cow::Borrowed(""), theme.text);
        };
        match column {
            Col::Name => (domain.name.as_str().into(), theme.text),
            Col::Organization => {
                let name = domain.organization.as_deref().unwrap_or_default();
                (name.into(), theme.dim)
            }
            Col::Ov | Col::Ev => {
                let of_kind = if column == Col::Ov {
                    domain.ov_until
                } else {
                    domain.ev_until
                };
                let (words, style) = self.until(domain, of_kind);
                (words.into(), style)
            }
            Col::Method => {
                let method = domain.method.as_ref().map_or("", DcvMethod::short);
                (method.into(), theme.dim)
            }
            Col::Pending => {
                let (words, style) = status(domain, self.model.account_now(), theme);
                (words.into(), style)
            }
            Col::Seen => {
                let account = &self.model.engine.account;
                let full = account.domains.in_full(domain.id);
                let place = full.and_then(Domain::placement);
                let (words, style) = seen::word(&self.model.engine.outside, place.as_ref(), theme);
                (words.into(), style)
            }
            Col::Orders => match self.model.domains.dependents.of(domain.id) {
                Some(0) => ("·".into(), theme.dim),
                Some(orders) => (count(orders.into()).into(), theme.text),
                None => ("…".into(), theme.dim),
            },
        }
    }

    fn title(&self, at: usize) -> Option<String> {
        let domain = self.row(at)?;
        Some(format!("{} (domain {})", domain.name, domain.id))
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        let account = &self.model.engine.account;
        if let Some(row) = self.row(at) {
            // The list tells no random value.
            let record = account.domains.in_full(row.id);
            details(row, record.unwrap_or(row), self, facts);
        }
    }
}

fn details(domain: &Domain, record: &Domain, list: &Domains<'_>, facts: &mut Facts<'_>) {
    let (model, theme) = (list.model, list.theme);
    let today = model.today();
    let read = model.engine.account.domains.details.get(&domain.id);
    match record.placement() {
        Some(Placement::Record { kind, name, value }) => {
            facts.styled(&format!("{kind} record"), &name, theme.accent);
            facts.styled("Value", &value, theme.accent);
        }
        Some(Placement::File { url, content }) => {
            facts.styled("File at", &url, theme.accent);
            facts.styled("Content", &content, theme.accent);
        }
        None => match (&domain.method, read) {
            (_, None) => facts.styled("Record", "loading…", theme.dim),
            (_, Some(read)) if read.is_loading() => {
                facts.styled("Record", "loading…", theme.dim);
            }
            (_, Some(Remote::Failed { error, .. })) => {
                facts.styled("Not loaded", &error.to_string(), theme.bad);
            }
            (Some(DcvMethod::Email), _) => {
                let mailed = record.mailed.join(", ");
                let whose = if mailed.is_empty() {
                    "the domain's addresses".to_owned()
                } else {
                    mailed
                };
                let words = format!("someone must follow the link in the email sent to {whose}");
                facts.fact("By email", &words);
            }
            (_, Some(_)) => {
                let words = record.token.as_deref().unwrap_or("not reported");
                facts.styled("Random value", words, theme.accent);
            }
        },
    }
    if let Some(place) = record.placement() {
        seen::lines(&model.engine.outside, &place, theme, facts);
    }
    if let Some(until) = record.token_until.filter(|_| record.token.is_some()) {
        facts.fact(
            "Value valid",
            &format!("until {}", when::moment_ago(until, today)),
        );
    }
    if let Some(at) = domain.proved {
        facts.fact("Validated on", &when::moment_ago(at, today));
    }
    for validation in &domain.validations {
        let verb = if validation.status == "expired" {
            ""
        } else {
            "until "
        };
        let until = validation.until.map_or_else(String::new, |until| {
            format!(" {verb}{}", when::moment_ago(until, today))
        });
        facts.fact(
            &format!("{} status", validation.kind.to_uppercase()),
            &format!("{}{until}", validation.status),
        );
    }
    facts.maybe("Organization", domain.organization.as_deref());
    if let Some(orders) = model.domains.dependents.of(domain.id) {
        let orders = counted(orders as usize, "order", "orders");
        facts.fact(
            "Depend on it",
            &format!("{orders}, by certificates that expire within {DAYS} days"),
        );
    }
}

struct Organizations<'a> {
    model: &'a Model,
    theme: &'a Theme,
}

impl Organizations<'_> {
    fn row(&self, at: usize) -> Option<&AccountOrganization> {
        let account = &self.model.engine.account;
        self.model.domains.organization_row(account, at)
    }

    /// How one kind of validation stands.
    fn stands(&self, row: &AccountOrganization, kind: &str) -> (String, Style) {
        let theme = self.theme;
        match standing(&row.validations, kind, self.model.account_now()) {
            Standing::Valid(Some(at)) | Standing::EndsSoon(at) | Standing::Expired(Some(at)) => {
                until(at, self.model, theme)
            }
            Standing::Valid(None) => ("yes".into(), theme.good),
            Standing::Expired(None) => ("expired".into(), theme.bad),
            Standing::Pending => ("pending".into(), theme.warn),
            Standing::Missing => ("·".into(), theme.dim),
        }
    }
}

impl Listing for Organizations<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = ORGANIZATIONS;
    const BELOW: u16 = layout::BELOW_DOMAINS;

    fn len(&self) -> usize {
        self.model.domains.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        let organizations = &self.model.engine.account.domains.organizations;
        nothing(self.model, organizations, "organizations")
    }

    fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
        let row = self.row(at).filter(|row| row.is_active)?;
        let (_, style) = self.stands(row, "ov");
        if style == self.theme.bad {
            Some(("✗", style))
        } else {
            (style == self.theme.warn).then_some(("!", style))
        }
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let Some(row) = self.row(at) else {
            return (Cow::Borrowed(""), self.theme.text);
        };
        match column {
            Col::Name => (row.name.as_str().into(), self.theme.text),
            Col::Organization => (row.place.as_str().into(), self.theme.dim),
            Col::Ev => {
                let (words, style) = self.stands(row, "ev");
                (words.into(), style)
            }
            _ => {
                let (words, style) = self.stands(row, "ov");
                (words.into(), style)
            }
        }
    }

    fn title(&self, at: usize) -> Option<String> {
        let row = self.row(at)?;
        Some(format!("{} (organization {})", row.name, row.id))
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        let Some(row) = self.row(at) else {
            return;
        };
        let today = self.model.today();
        if !row.is_active {
            facts.styled("Status", "inactive", self.theme.warn);
        }
        for validation in &row.validations {
            let verb = if validation.status == "expired" {
                ""
            } else {
                "until "
            };
            let until = validation.until.map_or_else(String::new, |until| {
                format!(" {verb}{}", when::moment_ago(until, today))
            });
            let style = match Validation::standing(validation, self.model.account_now()) {
                Standing::Valid(_) => self.theme.good,
                Standing::Expired(_) => self.theme.bad,
                _ => self.theme.warn,
            };
            facts.styled(
                &validation.label(),
                &format!("{}{until}", validation.status),
                style,
            );
        }
        if row.validations.is_empty() {
            facts.styled("Validations", "none", self.theme.warn);
        }
        let domains = self.model.engine.account.domains.rows().iter();
        let own = domains.filter(|domain| domain.organization_id == Some(row.id));
        facts.fact("Domains", &count(own.count() as u64));
    }
}

/// Why a list has no rows.
fn nothing<T>(model: &Model, list: &Remote<T>, what: &str) -> (String, Vec<String>) {
    let key = model.keymap.key_of(&[Place::Lists], Action::Refresh);
    let refresh = key.unwrap_or_default();
    if let Some(failure) = list.failure().filter(|_| list.value().is_none()) {
        let advice = vec![
            failure.what.clone(),
            failure.advice.clone(),
            String::new(),
            format!("Press {refresh} to try again."),
        ];
        return (format!("Could not load {what}."), advice);
    }
    if list.value().is_some() && !list.is_loading() {
        let advice = vec![format!("Press {refresh} to refresh.")];
        return (format!("The account has no {what}."), advice);
    }
    if list.is_loading() {
        return (format!("Loading the {what}…"), Vec::new());
    }
    ("Not loaded yet.".into(), Vec::new())
}

/// How much expires soon, as the account counts it: the longest of what fits into so many cells.
pub(super) fn expiring(model: &Model, most: usize) -> String {
    let read = &model.engine.account.domains.expiring;
    if read.failure().is_some() {
        return "what expires is not loaded".into();
    }
    let Some(expiring) = read.value() else {
        return String::new();
    };
    let told = |counts: &[(Option<u64>, &str)]| {
        let told: Vec<String> = counts
            .iter()
            .filter_map(|(number, words)| Some((number.filter(|number| *number > 0)?, words)))
            .map(|(number, words)| format!("{} {words}", count(number)))
            .collect();
        told.join(", ")
    };
    let domains = &expiring.domains;
    let orders = &expiring.orders;
    let of_domains = told(&[
        (domains.expired, "expired"),
        (domains.within_30, "in 30 d"),
        (domains.within_60, "in 31-60 d"),
        (domains.within_90, "in 61-90 d"),
    ]);
    let of_orders = told(&[
        (orders.lately, "expired in 7 d"),
        (orders.within_30, "in 30 d"),
        (orders.within_60, "in 30-60 d"),
    ]);
    let mut all = Vec::new();
    if !of_domains.is_empty() {
        let words = format!("domains: {of_domains}");
        if !of_orders.is_empty() {
            all.push(format!("{words} · certificates and orders: {of_orders}"));
        }
        all.push(words);
        all.push(told(&[
            (domains.expired, "expired"),
            (domains.within_30, "in 30 d"),
        ]));
    }
    let mut fitting = all.into_iter();
    fitting
        .find(|words| super::text::width(words) <= most)
        .unwrap_or_default()
}
