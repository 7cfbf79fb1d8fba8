//! Which certificate an endpoint gets: a duplicate of the newest order with exactly its names, as the console's Automation
//! has it (page *Request duplicate certificates*), else the ordinary reissue or renewal of its order, else a new order.
//!
//! ```text
//!  names of what is served --> orders that can give a duplicate for them     duplicate, the newest renewed first:
//!                              of the product and organization               A renewed by B renewed by C gives C
//!                              |  none
//!                              `--> the order of what is served               covered longer: reissue, else: renewal
//!                                   |  none, or it is over
//!                                   `--> new order
//! ```

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::coverage::{ATTENTION_DAYS, Coverage, days_between};
use super::ids::OrderId;
use super::names::{self, NameDiff};
use super::order::OrderSummary;
use super::rules::list;
use super::rules::newer::apart;
use super::rules::renew::{decide, newest, sources};
use super::status::OrderStatus;

/// Products whose duplicates may have more names than the order, as the page says.
const TAKE_MORE_NAMES: [&str; 2] = ["ssl_wildcard", "private_ssl_wildcard"];

/// What an endpoint serves, as far as it decides what it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Serves {
    /// A certificate of an order of the account, to this day.
    Own(Date),
    /// A certificate of no order that is known.
    Other,
    /// None, or nobody looked.
    Nothing,
}

/// What is to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The names that the certificate needs.
    pub names: &'a BTreeSet<String>,
    pub serves: Serves,
    /// The order that has what is served, else the one that the name belongs to. Its product and organization are those
    /// that are wanted.
    pub order: Option<&'a OrderSummary>,
    pub today: Date,
}

/// What an endpoint gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// A duplicate of this order.
    Duplicate(OrderId),
    /// A reissue of this order, which is covered longer than its certificate.
    Reissue(OrderId),
    /// A renewal of this order.
    Renew(OrderId),
    NewOrder,
    /// Nothing yet: something of this order has to end first, or to be known.
    Wait(OrderId),
}

impl Step {
    /// The order that it is about.
    pub fn order(self) -> Option<OrderId> {
        match self {
            Self::Duplicate(order)
            | Self::Reissue(order)
            | Self::Renew(order)
            | Self::Wait(order) => Some(order),
            Self::NewOrder => None,
        }
    }

    /// For a person.
    pub fn words(self) -> String {
        match self {
            Self::Duplicate(order) => format!("duplicate of order {order}"),
            Self::Reissue(order) => format!("reissue of order {order}"),
            Self::Renew(order) => format!("renewal of order {order}"),
            Self::NewOrder => "new order".into(),
            Self::Wait(order) => format!("waiting for order {order}"),
        }
    }
}

/// A decision, and why it is that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub step: Step,
    pub why: String,
    /// Orders with these names that were not taken, and why not.
    pub passed_over: Vec<(OrderId, String)>,
    /// Names that a duplicate asks for beside those of its order.
    pub extra: Vec<String>,
}

/// Decides. `near` are all orders that have one of the names; `renewed_by` tells by which order one was renewed, as far as is
/// known, and `waits` whether an order has a request that waits.
pub fn plan(
    case: &Case<'_>,
    near: &[OrderSummary],
    renewed_by: impl Fn(OrderId) -> Option<OrderId>,
    waits: impl Fn(OrderId) -> bool,
) -> Decision {
    let find = |id| near.iter().find(|order| order.id == id);
    let found = sources(near, case.names, None, case.today);
    // Of whom nothing else is known, the newest order says which product and organization is wanted.
    let profile = case.order.or(found.first().map(|source| source.order));
    let mut passed_over = Vec::new();
    let mut usable = Vec::new();
    for source in &found {
        let order = source.order;
        let no = profile
            .and_then(|profile| apart(order, profile))
            .map(|apart| format!("is of {apart}"))
            .or_else(|| unfit(case, order))
            .or_else(|| waits(order.id).then(|| "has a request that is waiting".to_owned()));
        match no {
            Some(no) => passed_over.push((order.id, no)),
            None => usable.push((order, source.why.clone())),
        }
    }
    // By the links first: the newest that can serve, however it is named.
    let way = case
        .order
        .map_or_else(Vec::new, |order| newest(order.id, &renewed_by));
    for id in way.iter().skip(1).rev() {
        if let Some((order, _)) = usable.iter().find(|(order, _)| order.id == *id) {
            let why = format!("the same names; {}", renewals(&way, *id));
            return duplicate(case, order, why, passed_over);
        }
        match find(*id).map(|order| &order.status) {
            Some(status) if is_coming(status) => {
                let why = format!("{}, which is not issued yet", renewals(&way, *id));
                return decided(Step::Wait(*id), why, passed_over);
            }
            Some(_) if passed_over.iter().any(|(over, _)| over == id) => {}
            Some(OrderStatus::Issued) => {
                passed_over.push((*id, "has other names, or has expired".into()));
            }
            Some(status) => passed_over.push((*id, format!("is {}", status.label()))),
            None => passed_over.push((*id, "is not in the list of orders".into())),
        }
    }
    if let Some((order, why)) = usable.first() {
        return duplicate(case, order, why.clone(), passed_over);
    }
    ordinary(case, waits, passed_over)
}

/// The reissue or the renewal of the order, or a new one.
fn ordinary(
    case: &Case<'_>,
    waits: impl Fn(OrderId) -> bool,
    passed_over: Vec<(OrderId, String)>,
) -> Decision {
    let Some(order) = case.order else {
        let why = "no order can give a duplicate for exactly these names";
        return decided(Step::NewOrder, why.into(), passed_over);
    };
    let id = order.id;
    let decided = |step, why: &str| decided(step, why.into(), passed_over);
    if order.status == OrderStatus::ReissuePending {
        return decided(Step::Wait(id), "its reissue is pending");
    }
    if is_coming(&order.status) {
        return decided(Step::Wait(id), "it is not issued yet");
    }
    if waits(id) {
        return decided(Step::Wait(id), "it has a request that is waiting");
    }
    match decide(order, case.today) {
        Coverage::Reissue { .. } => decided(
            Step::Reissue(id),
            "its certificate expires soon, and the order is covered longer",
        ),
        Coverage::Over { covers: 1.., .. } => decided(
            Step::Reissue(id),
            "its certificate has expired, and the order is still covered",
        ),
        Coverage::Renewed { .. } => decided(
            Step::Wait(id),
            "it was renewed, and no newer order with these names is known",
        ),
        Coverage::Renew { .. } | Coverage::Over { .. } if order.is_renewed => decided(
            Step::Wait(id),
            "it was renewed, and no newer order with these names is known",
        ),
        Coverage::Renew { .. } => decided(
            Step::Renew(id),
            "no other order can give a duplicate for exactly these names, and it expires",
        ),
        Coverage::Over { .. } => decided(Step::Renew(id), "it has expired"),
        Coverage::Fine { .. } => decided(
            Step::NewOrder,
            "no order can give a duplicate for exactly these names",
        ),
        Coverage::None => decided(Step::NewOrder, "its order can give no certificate any more"),
    }
}

fn decided(step: Step, why: String, passed_over: Vec<(OrderId, String)>) -> Decision {
    Decision {
        step,
        why,
        passed_over,
        extra: Vec::new(),
    }
}

fn duplicate(
    case: &Case<'_>,
    order: &OrderSummary,
    why: String,
    passed_over: Vec<(OrderId, String)>,
) -> Decision {
    let own = names::set(&order.common_name, &order.dns_names);
    Decision {
        extra: NameDiff::between(&own, case.names).added,
        ..decided(Step::Duplicate(order.id), why, passed_over)
    }
}

/// Why an order that has the names gives no duplicate that helps.
fn unfit(case: &Case<'_>, order: &OrderSummary) -> Option<String> {
    let own = names::set(&order.common_name, &order.dns_names);
    let more = NameDiff::between(&own, case.names).added;
    if !more.is_empty() && !TAKE_MORE_NAMES.contains(&order.product.name_id.as_str()) {
        return Some(format!(
            "lacks {}; only SSL Wildcard and Private SSL Wildcard take more names in a duplicate",
            list(&more)
        ));
    }
    // A duplicate lasts as long as the order's certificate: one that ends no later puts nothing off.
    let Serves::Own(until) = case.serves else {
        return is_due(order.valid_till, case.today)
            .then(|| "has a certificate that expires soon itself".to_owned());
    };
    let is_later = order.valid_till > Some(until);
    (is_due(Some(until), case.today) && !is_later)
        .then(|| "has a certificate that expires no later".to_owned())
}

/// Whether a certificate is due to be replaced.
pub fn is_due(ends: Option<Date>, today: Date) -> bool {
    ends.is_some_and(|ends| days_between(today, ends) <= ATTENTION_DAYS)
}

/// Whether an order may still be issued.
fn is_coming(status: &OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::Pending | OrderStatus::Processing | OrderStatus::NeedsApproval
    )
}

/// "order 1 was renewed by 2, and 2 by 3", as far as this one.
fn renewals(way: &[OrderId], to: OrderId) -> String {
    let end = way.iter().position(|id| *id == to).unwrap_or(0);
    let mut words = String::new();
    for pair in way[..=end].windows(2) {
        let step = if words.is_empty() {
            format!("order {} was renewed by {}", pair[0], pair[1])
        } else {
            format!(", {} by {}", pair[0], pair[1])
        };
        words.push_str(&step);
    }
    words
}

#[cfg(test)]
#[path = "endpoint_plan_tests.rs"]
mod tests;
