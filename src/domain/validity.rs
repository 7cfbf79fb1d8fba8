//! How long a certificate may live, and what an asked end date will be cut to.
//!
//! The CA shortens what is too long without a word. The desk says beforehand what will come of a date, and why. The
//! industry's limit is a table with dates (`assets/validity-limits.toml`), because it moves again.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use super::coverage::days_between;
use super::dates::print_iso;
use super::product::Family;
use super::rules::reissue::Validity;
use crate::domain::text;

/// One step of the industry's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// The first day it applies to certificates issued on.
    pub from: Date,
    /// Days a certificate may live.
    pub days: u32,
    /// Announced, but not in force when the table was written.
    pub foreseen: bool,
}

/// Certificates whose life the industry limits, as far as the CA's documentation tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Industry {
    PublicTls,
    /// Code signing and EV code signing.
    CodeSigning,
}

impl Industry {
    /// What limits the certificates of a family; `None` where nothing is known to.
    pub fn of(family: Family) -> Option<Self> {
        match family {
            Family::PublicTls => Some(Self::PublicTls),
            Family::CodeSigning | Family::EvCodeSigning => Some(Self::CodeSigning),
            _ => None,
        }
    }

    /// Days that a certificate issued on this day may live; `None` before the first limit that is known.
    pub fn days(self, on: Date) -> Option<u32> {
        match self {
            Self::PublicTls => Some(max_days(on)),
            Self::CodeSigning => {
                let mut steps = TABLE.code_signing.iter();
                Some(steps.rfind(|limit| limit.from <= on)?.days)
            }
        }
    }
}

impl Industry {
    /// The word that it is kept under.
    pub fn id(self) -> &'static str {
        match self {
            Self::PublicTls => "public_tls",
            Self::CodeSigning => "code_signing",
        }
    }

    /// The one that is kept under a word.
    pub fn of_id(id: &str) -> Option<Self> {
        [Self::PublicTls, Self::CodeSigning]
            .into_iter()
            .find(|known| known.id() == id)
    }
}

impl fmt::Display for Industry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PublicTls => "public TLS",
            Self::CodeSigning => "code signing",
        })
    }
}

#[derive(Deserialize)]
struct Table {
    limit: Vec<Row>,
    code_signing: Vec<Row>,
}

struct Limits {
    public_tls: Vec<Limit>,
    code_signing: Vec<Limit>,
}

#[derive(Deserialize)]
struct Row {
    from: toml::value::Datetime,
    days: u32,
    #[serde(default)]
    foreseen: bool,
}

static TABLE: LazyLock<Limits> =
    LazyLock::new(|| parse(include_str!("../../assets/validity-limits.toml")));

fn parse(table: &str) -> Limits {
    let empty = Table {
        limit: Vec::new(),
        code_signing: Vec::new(),
    };
    let table = toml::from_str(table).unwrap_or(empty);
    Limits {
        public_tls: steps(table.limit),
        code_signing: steps(table.code_signing),
    }
}

/// Rows without a calendar date are left out; a test holds that the built-in table has none.
fn steps(rows: Vec<Row>) -> Vec<Limit> {
    let mut limits: Vec<Limit> = rows
        .into_iter()
        .filter_map(|row| {
            let date = row.from.date?;
            let from = Date::new(
                i16::try_from(date.year).ok()?,
                date.month as i8,
                date.day as i8,
            );
            Some(Limit {
                from: from.ok()?,
                days: row.days,
                foreseen: row.foreseen,
            })
        })
        .collect();
    limits.sort_by_key(|limit| limit.from);
    limits
}

/// Every step of the public TLS limit, oldest first.
pub fn limits() -> &'static [Limit] {
    &TABLE.public_tls
}

/// The step that applies to a public TLS certificate issued on this day; before the first step, the first.
pub fn limit_on(on: Date) -> Limit {
    let steps = limits();
    let index = steps
        .partition_point(|limit| limit.from <= on)
        .saturating_sub(1);
    // The built-in table is never empty (a test holds it); 199 is what was in force when it was written.
    steps.get(index).copied().unwrap_or(Limit {
        from: on,
        days: 199,
        foreseen: false,
    })
}

/// Days a public TLS certificate issued on this day may live.
pub fn max_days(on: Date) -> u32 {
    limit_on(on).days
}

/// The last of so many days, the first one counted: a certificate begins with a day and ends with one.
pub fn last_of(first: Date, days: u32) -> Date {
    // What is longer than a century is no length that anybody asks for.
    let more = days.saturating_sub(1).min(36_500);
    first.saturating_add(jiff::Span::new().days(more))
}

/// What bounds the end of a certificate. `None` means that it does not apply or is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The day of issue.
    pub today: Date,
    /// Which limit of the industry applies.
    pub industry: Option<Industry>,
    /// The end of the order.
    pub order_end: Option<Date>,
    /// The end of the plan (Multi-year Plan), when it differs from the order's.
    pub plan_end: Option<Date>,
    /// The end of the certificate that is duplicated: what a duplicate gets when no date is asked for.
    pub original_end: Option<Date>,
}

/// Why an end is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Asked,
    /// The order ends then.
    OrderEnd,
    /// The plan ends then.
    PlanEnd,
    /// The certificate that is duplicated ends then.
    OriginalEnd,
    /// Such certificates may not live longer.
    Industry {
        of: Industry,
        /// Days they may live.
        days: u32,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("as requested"),
            Self::OrderEnd => f.write_str("the order expires then"),
            Self::PlanEnd => f.write_str("the order's coverage ends then"),
            Self::OriginalEnd => f.write_str("the duplicated certificate expires then"),
            Self::Industry { of, days } => write!(
                f,
                "{of} certificates are limited to {}",
                text::days(*days as usize)
            ),
        }
    }
}

/// The end a certificate will get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The last day.
    pub date: Date,
    /// Why it is this one.
    pub reason: Reason,
    /// The date that was asked for, when it will be cut.
    pub cut_from: Option<Date>,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.cut_from {
            Some(asked) => {
                write!(
                    f,
                    "{} will be shortened to {}: {}",
                    print_iso(asked),
                    print_iso(self.date),
                    self.reason
                )
            }
            None => write!(f, "{}: {}", print_iso(self.date), self.reason),
        }
    }
}

/// What the end of a certificate is foreseen by. The day itself is known only when it is issued: a request may wait for
/// days, and both the limit and what was asked for as a length move with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foreseen {
    /// What was asked for.
    pub asked: Option<Validity>,
    /// What bounds it, as of the day it was sent.
    pub bounds: Bounds,
    /// Whether the order begins with the certificate, so that its end moves too.
    pub begins: bool,
}

impl Foreseen {
    /// The last day that was asked for, of a certificate issued on this day.
    pub fn asked_on(&self, day: Date) -> Option<Date> {
        self.asked.map(|asked| asked.last_day(day))
    }

    /// The end of a certificate issued on this day; `None` where nothing was asked for that can be held against it.
    pub fn end_on(&self, day: Date) -> Option<End> {
        let later = if self.begins {
            days_between(self.bounds.today, day)
        } else {
            0
        };
        let later = jiff::Span::new().days(later);
        let order_end = self.bounds.order_end;
        let bounds = Bounds {
            today: day,
            order_end: order_end.map(|end| end.saturating_add(later)),
            ..self.bounds
        };
        end(self.asked_on(day), bounds).ok().flatten()
    }

    /// Whether a certificate issued on this day and ending on that one is as foreseen. Where a day is counted from the
    /// day of issue, the CA may count from the day beside it.
    pub fn allows(&self, issued: Date, ends: Date) -> bool {
        let Some(end) = self.end_on(issued) else {
            return false;
        };
        let counted = match end.reason {
            Reason::Industry { .. } => true,
            Reason::Asked => matches!(self.asked, Some(Validity::Years(_) | Validity::Days(_))),
            Reason::OrderEnd => self.begins,
            Reason::PlanEnd | Reason::OriginalEnd => false,
        };
        let off = days_between(end.date, ends).abs();
        off == 0 || (counted && off == 1)
    }
}

/// Why an asked end makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndError {
    /// The asked date is not after the day of issue.
    #[error("{} is not after today ({}): choose a later date", print_iso(*.asked), print_iso(*.today))]
    Past {
        /// What was asked for.
        asked: Date,
        /// The day of issue.
        today: Date,
    },
    /// The order or plan has ended.
    #[error("the order expired on {}: nothing can be issued on it; renew it", print_iso(*.0))]
    Over(Date),
}

/// What the end will be: the asked date, cut to the earliest of order, plan and industry limit; without one that
/// earliest, or the end of the certificate that is duplicated if it comes sooner. `None` when nothing bounds it.
pub fn end(asked: Option<Date>, bounds: Bounds) -> Result<Option<End>, EndError> {
    let over = [bounds.order_end, bounds.plan_end]
        .into_iter()
        .flatten()
        .find(|end| *end < bounds.today);
    if let Some(end) = over {
        return Err(EndError::Over(end));
    }
    if let Some(asked) = asked.filter(|asked| *asked <= bounds.today) {
        return Err(EndError::Past {
            asked,
            today: bounds.today,
        });
    }
    let industry = bounds.industry.and_then(|of| {
        let days = of.days(bounds.today)?;
        Some((last_of(bounds.today, days), Reason::Industry { of, days }))
    });
    let because = |date: Option<Date>, reason| date.map(|date| (date, reason));
    let original = bounds
        .original_end
        .filter(|end| asked.is_none() && *end >= bounds.today);
    // Of equal dates the first is told: what the operator can change least comes first.
    let bound = [
        industry,
        because(bounds.plan_end, Reason::PlanEnd),
        because(bounds.order_end, Reason::OrderEnd),
        because(original, Reason::OriginalEnd),
    ]
    .into_iter()
    .flatten()
    .min_by_key(|(date, _)| *date);
    Ok(match (asked, bound) {
        (Some(asked), Some((date, reason))) if date < asked => Some(End {
            date,
            reason,
            cut_from: Some(asked),
        }),
        (Some(asked), _) => Some(End {
            date: asked,
            reason: Reason::Asked,
            cut_from: None,
        }),
        (None, bound) => bound.map(|(date, reason)| End {
            date,
            reason,
            cut_from: None,
        }),
    })
}

#[cfg(test)]
#[path = "validity_tests.rs"]
mod tests;
