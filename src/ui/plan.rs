//! The plan: a row a week with what its certificates need, in numbers and as a bar; below it the week in words, and what the
//! coming limits mean for the account.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::count;
use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use super::widgets::listing::{self, Listing};
use super::widgets::table::{Column, Focus, Value};
use crate::app::layout;
use crate::app::model::Model;
use crate::app::plan::{Kind, Plan, ROWS};
use crate::domain::coverage::{ATTENTION_DAYS, days_between};
use crate::domain::plan::{AHEAD, LATELY, Load, Need, Slot, Tally, loads, slot};
use crate::domain::text::days;
use crate::domain::validity::limits;
use crate::keys::{Action, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Week,
    In,
    Count(Kind),
    Bar,
}

const COLUMNS: &[Column<Col>] = &[
    Column::fixed(Col::Week, "WEEK OF", 10, 0),
    Column::fixed(Col::In, "IN", 6, 8),
    Column::fixed(Col::Count(Kind::All), "EXPIRE", 7, 0).right(),
    Column::fixed(Col::Count(Kind::Needs(Need::Reissue)), "REISSUE", 7, 2).right(),
    Column::fixed(Col::Count(Kind::Needs(Need::Renew)), "RENEW", 7, 3).right(),
    Column::fixed(Col::Count(Kind::Needs(Need::Waiting)), "WAITING", 7, 5).right(),
    Column::fixed(Col::Count(Kind::Needs(Need::Done)), "DONE", 7, 6).right(),
    Column::fixed(Col::Count(Kind::Blocked), "BLOCKED", 7, 4).right(),
    Column::elastic(Col::Bar, "", 8, 40, 1),
];

/// Endpoints that are told one by one; of more only how many there are.
const ENDPOINTS: usize = 3;

/// The sign of a need in a bar.
fn sign(need: Need) -> char {
    match need {
        Need::Reissue => '█',
        Need::Renew => '▓',
        Need::Waiting => '▒',
        Need::Done => '░',
    }
}

/// Draws the weeks.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, area: Rect, buf: &mut Buffer) {
    let weeks = Ahead { model, theme };
    listing::draw(&weeks, model.plan.cursor, focus, theme, area, buf);
}

struct Ahead<'a> {
    model: &'a Model,
    theme: &'a Theme,
}

impl Ahead<'_> {
    fn plan(&self) -> Option<&Plan> {
        self.model.plan.plan()
    }

    fn tally(&self, at: usize) -> Tally {
        let row = self.plan().and_then(|plan| plan.rows.get(at));
        row.copied().unwrap_or_default()
    }

    /// Why nothing is known of validations, which may block more than is counted.
    fn unknown(&self) -> Option<String> {
        let domains = &self.model.engine.account.domains;
        let failure = domains.list.failure().or(domains.organizations.failure());
        let is_known = domains.list.value().is_some() && domains.organizations.value().is_some();
        match failure {
            Some(failure) => Some(format!("Validations are not known: {}", failure.what)),
            None if !is_known => Some("Validations are loading; they may block more.".into()),
            None => None,
        }
    }

    /// What endpoints get by the rule whose certificate expires then.
    fn by_the_rule(&self, plan: &Plan, at: usize, facts: &mut Facts<'_>) {
        let rows = self.model.auto.rows.iter();
        let of_row = rows.filter(|row| row.expires.is_some_and(|day| plan.row_of(day) == at));
        let all: Vec<String> = of_row
            .map(|row| format!("{}: {}", row.asked.target.words(), row.words()))
            .collect();
        if all.is_empty() {
            return;
        }
        let key = self
            .model
            .keymap
            .key_of(&[Place::Everywhere], Action::ShowEndpoints);
        let more = match all.len().saturating_sub(ENDPOINTS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let words = format!(
            "{}{more} ({} shows them)",
            all[..all.len().min(ENDPOINTS)].join(" · "),
            key.unwrap_or_default()
        );
        facts.fact("Endpoints", &words);
    }

    /// How urgent what a row needs is.
    fn style(&self, at: usize) -> Style {
        let tally = self.tally(at);
        if tally.of(Need::Reissue) + tally.of(Need::Renew) == 0 {
            return self.theme.dim;
        }
        let soon = self.plan().is_some_and(|plan| match slot(at) {
            Slot::Week(week) => {
                days_between(plan.weeks.today(), plan.weeks.span(week).0) <= ATTENTION_DAYS
            }
            _ => false,
        });
        match slot(at) {
            Slot::Overdue => self.theme.bad,
            Slot::Week(_) if soon => self.theme.warn,
            _ => self.theme.text,
        }
    }

    /// A bar that is as long as there are certificates beside the longest week; what stands in it takes a cell at least.
    fn bar(&self, at: usize, width: u16) -> String {
        let tally = self.tally(at);
        let weeks = self.plan().map_or(&[][..], |plan| &plan.rows[..ROWS - 1]);
        let longest = weeks.iter().map(|tally| tally.expire).max().unwrap_or(0);
        let cells = |number: u32| {
            let part = f64::from(number) / f64::from(longest.max(1)) * f64::from(width);
            // What is later may be more than any week.
            (part.round() as usize).clamp(usize::from(number > 0), usize::from(width))
        };
        let mut bar = String::new();
        for need in Need::ALL {
            bar.extend(std::iter::repeat_n(sign(need), cells(tally.of(need))));
        }
        bar.chars().take(usize::from(width)).collect()
    }
}

impl Listing for Ahead<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_PLAN;

    fn len(&self) -> usize {
        let is_empty = self.model.engine.account.orders.is_empty();
        let plan = self.plan().filter(|_| !is_empty);
        plan.map_or(0, |plan| plan.rows.len())
    }

    fn none(&self) -> (String, Vec<String>) {
        super::orders::none_at_all(self.model)
    }

    fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
        let tally = self.tally(at);
        if slot(at) == Slot::Overdue && tally.expire > tally.of(Need::Done) {
            return Some(("✗", self.theme.bad));
        }
        (tally.blocked > 0).then_some(("!", self.theme.warn))
    }

    fn value(&self, at: usize, column: Col, width: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(plan) = self.plan() else {
            return ("".into(), theme.text);
        };
        match column {
            Col::Week => {
                let words = match slot(at) {
                    Slot::Overdue => Cow::Borrowed("overdue"),
                    Slot::Week(week) => plan.weeks.span(week).0.to_string().into(),
                    Slot::Later => "later".into(),
                };
                (words, theme.text)
            }
            Col::In => {
                let words = match slot(at) {
                    Slot::Week(0) => "now".into(),
                    Slot::Week(week) => format!("{week} w").into(),
                    _ => Cow::Borrowed(""),
                };
                (words, theme.dim)
            }
            Col::Count(kind) => {
                let number = kind.count(&self.tally(at));
                let here = at == self.model.plan.cursor.at && kind == self.model.plan.kind();
                let words = match number {
                    number if here => format!("[{}]", count(number.into())).into(),
                    0 => Cow::Borrowed("·"),
                    number => count(number.into()).into(),
                };
                let style = match (number, kind) {
                    (0, _) => theme.dim,
                    (_, Kind::Blocked) => theme.warn,
                    (_, Kind::Needs(Need::Done)) => theme.dim,
                    _ => self.style(at),
                };
                (words, style)
            }
            Col::Bar => (self.bar(at, width).into(), self.style(at)),
        }
    }

    fn title(&self, at: usize) -> Option<String> {
        let plan = self.plan()?;
        Some(match slot(at) {
            Slot::Overdue => format!(
                "Expired in the last {}, or with coverage left",
                days(LATELY as usize)
            ),
            Slot::Week(week) => {
                let (first, last) = plan.weeks.span(week);
                let away = when::relative(first, plan.weeks.today());
                if first == last {
                    format!("Expire on {first} ({away})")
                } else {
                    format!("Expire {first} to {last} ({away})")
                }
            }
            Slot::Later => format!("Expire on {} or later", plan.weeks.end()),
        })
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        let Some(plan) = self.plan() else {
            return;
        };
        let tally = self.tally(at);
        let here = self.model.plan.kind();
        let number = |kind: Kind| {
            let number = count(kind.count(&tally).into());
            let sign = match kind {
                Kind::Needs(need) => format!("{} ", sign(need)),
                _ => String::new(),
            };
            if kind == here {
                format!("{sign}[{number} {}]", kind.word())
            } else {
                format!("{sign}{number} {}", kind.word())
            }
        };
        let numbers: Vec<String> = Kind::ALL.into_iter().map(number).collect();
        facts.words(&numbers.join(" · "), self.theme.text);
        if tally.blocked > 0 {
            facts.words(
                "Blocked: a reissue is pending, a validation of a name or of the organization expires before the reissue, the \
                    product is DV and each reissue is validated anew, or the documentation does not describe its renewal.",
                self.theme.warn,
            );
        }
        self.by_the_rule(plan, at, facts);
        if let Some(words) = self.unknown() {
            facts.words(&words, self.theme.warn);
        }
        facts.gap();
        for (nth, load) in loads(
            limits(),
            plan.certificates,
            plan.domains,
            plan.weeks.today(),
        )
        .iter()
        .enumerate()
        {
            facts.fact(&since(load, nth == 0), &week(load));
        }
        let (certificates, domains) = (plan.certificates.into(), plan.domains.into());
        facts.words(
            &format!(
                "For today's public TLS certificates ({}) and their domains ({}), each certificate replaced {} before \
                    it expires.",
                count(certificates),
                count(domains),
                days(AHEAD as usize)
            ),
            self.theme.dim,
        );
    }
}

fn since(load: &Load, is_now: bool) -> String {
    if is_now {
        "Now".into()
    } else {
        load.from.to_string()
    }
}

/// What a limit means for a week.
fn week(load: &Load) -> String {
    format!(
        "{} a week at {}; {} a week (reused for {})",
        some(load.reissues, "certificate"),
        days(load.days as usize),
        some(load.validations, "validation"),
        days(load.reuse as usize),
    )
}

/// So many of something: below ten with one decimal.
fn some(number: f64, thing: &str) -> String {
    let words = if number < 9.95 {
        format!("{number:.1}")
    } else {
        count(number.round() as u64)
    };
    format!("{words} {thing}{}", if words == "1.0" { "" } else { "s" })
}
