//! The filter of the list of orders: words, and terms such as `status:issued ends<30d product:wildcard
//! covers>90d name:*.example.net org:"Example GmbH"`. Everything must match; a leading `-` turns a term round.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use super::rows::{OrderRow, Orders};
use crate::domain::coverage::{Coverage, coverage};
use crate::domain::names;
use crate::domain::status::OrderStatus;

/// A filter that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Word(String),
    Name(Glob),
    Status(String),
    Product(String),
    Organization(String),
    Container(String),
    Id(String),
    Serial(String),
    Ends(Side, Bound),
    Covers(Side, Bound),
    Duplicates(Side, u16),
    Reissues(Side, u16),
    Is(Flag),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Below,
    Above,
    Equal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Days(i32),
    On(Date),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    Marked,
    Renewed,
    Due,
    Waiting,
    Wildcard,
}

/// A pattern with `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Glob(Vec<String>);

impl Glob {
    fn matches(&self, name: &str) -> bool {
        let Some((first, rest)) = self.0.split_first() else {
            return true;
        };
        if rest.is_empty() {
            return name.contains(first.as_str());
        }
        let Some(mut left) = name.strip_prefix(first.as_str()) else {
            return false;
        };
        let (last, middle) = rest.split_last().unwrap_or((first, &[]));
        for part in middle {
            let Some(at) = left.find(part.as_str()) else {
                return false;
            };
            left = &left[at + part.len()..];
        }
        left.ends_with(last.as_str())
    }
}

/// Why a filter was not understood: which term, and what would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    /// The term.
    pub term: String,
    /// What is wrong and what would be right.
    pub why: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.term, self.why)
    }
}

const FIELDS: &str =
    "name: status: product: org: container: id: serial: is: ends< covers> dup> reissues>";

/// What the filter needs to know beside the row itself.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// Today, UTC.
    pub today: Date,
    /// Whether an order is marked.
    pub marked: &'a dyn Fn(&OrderRow) -> bool,
    /// Whether a request of the order waits for a decision.
    pub waiting: &'a dyn Fn(&OrderRow) -> bool,
}

impl Filter {
    /// Reads a filter.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut terms = Vec::new();
        for piece in pieces(text) {
            let (negated, body) = match piece.strip_prefix('-') {
                Some(rest) if !rest.is_empty() => (true, rest),
                _ => (false, piece.as_str()),
            };
            let test = test(body).map_err(|why| FilterError {
                term: piece.clone(),
                why,
            })?;
            terms.push(Term { negated, test });
        }
        Ok(Self { terms })
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The words without a field, for a ranked search when nothing holds them as they are.
    pub fn words(&self) -> Option<Vec<&str>> {
        let words: Vec<&str> = self
            .terms
            .iter()
            .filter_map(|term| match &term.test {
                Test::Word(word) if !term.negated => Some(word.as_str()),
                _ => None,
            })
            .collect();
        (!words.is_empty() && words.len() == self.terms.len()).then_some(words)
    }

    /// The places of the rows that match. What is looked up in repeated values (product, organisation, state,
    /// container) is looked up once a value, not once a row.
    pub fn apply(&self, orders: &Orders, beside: Beside<'_>) -> Vec<u32> {
        let tests: Vec<Prepared<'_>> = self
            .terms
            .iter()
            .map(|term| Prepared::new(term, orders))
            .collect();
        (0u32..)
            .zip(orders.rows())
            .filter(|(_, row)| tests.iter().all(|test| test.matches(row, orders, beside)))
            .map(|(place, _)| place)
            .collect()
    }
}

struct Prepared<'a> {
    term: &'a Term,
    products: Vec<bool>,
    organizations: Vec<bool>,
    values: Vec<bool>,
    /// Digits of a serial number, if the text can be some.
    serial: Option<String>,
    /// A word of another script as names hold it.
    ascii: Option<String>,
}

impl<'a> Prepared<'a> {
    fn new(term: &'a Term, orders: &Orders) -> Self {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(part);
        let products = |part: &str| -> Vec<bool> {
            let values = orders.product_values().iter();
            values
                .map(|product| holds(&product.name, part) || product.name_id.contains(part))
                .collect()
        };
        let organizations = |part: &str| -> Vec<bool> {
            let values = orders.organization_values().iter();
            values.map(|value| holds(&value.name, part)).collect()
        };
        let (mut by_product, mut by_organization, mut values) = (vec![], vec![], vec![]);
        let (mut serial, mut ascii) = (None, None);
        match &term.test {
            Test::Word(word) => {
                by_product = products(word);
                by_organization = organizations(word);
                ascii = (!word.is_ascii()).then(|| names::normalise(word));
                serial = serial_part(word).filter(|digits| digits.len() >= LEAST_DIGITS);
            }
            Test::Serial(part) => serial = serial_part(part),
            Test::Product(part) => by_product = products(part),
            Test::Organization(part) => by_organization = organizations(part),
            Test::Status(part) => {
                let all = orders.status_values().iter();
                values = all
                    .map(|status| status.as_str().starts_with(part))
                    .collect();
            }
            Test::Container(part) => {
                let all = orders.container_values().iter();
                values = all.map(|container| holds(&container.name, part)).collect();
            }
            _ => {}
        }
        Self {
            term,
            products: by_product,
            organizations: by_organization,
            values,
            serial,
            ascii,
        }
    }

    fn has_serial(&self, row: &OrderRow) -> bool {
        let digits = self.serial.as_deref();
        digits.is_some_and(|digits| row.serial().contains(digits))
    }

    fn matches(&self, row: &OrderRow, orders: &Orders, beside: Beside<'_>) -> bool {
        self.holds(row, orders, beside) != self.term.negated
    }

    fn holds(&self, row: &OrderRow, orders: &Orders, beside: Beside<'_>) -> bool {
        let known =
            |values: &[bool], at: u16| values.get(usize::from(at)).copied().unwrap_or(false);
        match &self.term.test {
            Test::Word(word) => {
                let word = word.as_str();
                row.names_text()
                    .contains(self.ascii.as_deref().unwrap_or(word))
                    || known(&self.products, row.product)
                    || known(&self.organizations, row.organization)
                    || (word.bytes().all(|b| b.is_ascii_digit()) && starts(row.id.0, word))
                    || self.has_serial(row)
            }
            Test::Name(glob) => row.names_text().split('\n').any(|name| glob.matches(name)),
            Test::Status(_) => known(&self.values, row.status),
            Test::Container(_) => known(&self.values, row.container),
            Test::Product(_) => known(&self.products, row.product),
            Test::Organization(_) => known(&self.organizations, row.organization),
            Test::Id(digits) => starts(row.id.0, digits),
            Test::Serial(_) => self.has_serial(row),
            Test::Ends(side, bound) => date_is(row.ends, *side, *bound, beside.today),
            Test::Covers(side, bound) => date_is(row.covers, *side, *bound, beside.today),
            Test::Duplicates(side, count) => count_is(row.duplicates, *side, *count),
            Test::Reissues(side, count) => count_is(row.reissues, *side, *count),
            Test::Is(Flag::Marked) => (beside.marked)(row),
            Test::Is(Flag::Waiting) => {
                (beside.waiting)(row) || *orders.status(row) == OrderStatus::NeedsApproval
            }
            Test::Is(Flag::Renewed) => row.is_renewed,
            Test::Is(Flag::Wildcard) => row.names_text().contains("*."),
            Test::Is(Flag::Due) => matches!(
                coverage(
                    orders.status(row),
                    row.ends,
                    row.covers,
                    row.is_renewed,
                    beside.today
                ),
                Coverage::Reissue { .. } | Coverage::Renew { .. }
            ),
        }
    }
}

fn starts(id: u64, digits: &str) -> bool {
    id.to_string().starts_with(digits)
}

/// Shortest word that is taken for a part of a serial number.
const LEAST_DIGITS: usize = 6;

/// The digits of a part of a serial number, as rows hold them; colons may stand between.
fn serial_part(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| digits.to_ascii_uppercase())
}

fn date_is(date: Option<Date>, side: Side, bound: Bound, today: Date) -> bool {
    let Some(date) = date else { return false };
    let limit = match bound {
        Bound::On(limit) => limit,
        Bound::Days(days) => today.saturating_add(days.days()),
    };
    match side {
        // "ends in less than 30 days" means from today on; what is over has ended.
        Side::Below => date < limit && (matches!(bound, Bound::On(_)) || date >= today),
        Side::Above => date > limit,
        Side::Equal => date == limit,
    }
}

fn count_is(count: u16, side: Side, limit: u16) -> bool {
    match side {
        Side::Below => count < limit,
        Side::Above => count > limit,
        Side::Equal => count == limit,
    }
}

/// Splits at blanks outside double quotes.
fn pieces(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut piece = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                if !piece.is_empty() {
                    all.push(std::mem::take(&mut piece));
                }
            }
            c => piece.push(c),
        }
    }
    if !piece.is_empty() {
        all.push(piece);
    }
    all
}

fn test(body: &str) -> Result<Test, String> {
    let lower = body.to_lowercase();
    let Some(at) = lower.find([':', '<', '>', '=']) else {
        return Ok(Test::Word(lower));
    };
    // A serial number as other programs print it.
    if serial_part(&lower).is_some() {
        return Ok(Test::Word(lower));
    }
    let (field, rest) = lower.split_at(at);
    let mut letters = rest.chars();
    let sign = letters.next().unwrap_or(':');
    let value = letters.as_str().trim_start_matches('=').to_string();
    let side = match sign {
        '<' => Side::Below,
        '>' => Side::Above,
        _ => Side::Equal,
    };
    let text = |value: String| {
        if value.is_empty() {
            Err("a value is missing after it".to_string())
        } else {
            Ok(value)
        }
    };
    match field {
        "name" | "cn" => Ok(Test::Name(Glob(
            text(value)?.split('*').map(String::from).collect(),
        ))),
        "status" => Ok(Test::Status(text(value)?.replace(' ', "_"))),
        "product" => Ok(Test::Product(text(value)?)),
        "org" | "organization" | "organisation" => Ok(Test::Organization(text(value)?)),
        "container" | "division" => Ok(Test::Container(text(value)?)),
        "id" | "order" => Ok(Test::Id(text(value)?)),
        "serial" => Ok(Test::Serial(text(value)?)),
        "ends" => Ok(Test::Ends(side, bound(&value)?)),
        "covers" => Ok(Test::Covers(side, bound(&value)?)),
        "dup" | "duplicates" => Ok(Test::Duplicates(side, number(&value)?)),
        "reissues" => Ok(Test::Reissues(side, number(&value)?)),
        "is" => match value.as_str() {
            "marked" => Ok(Test::Is(Flag::Marked)),
            "renewed" => Ok(Test::Is(Flag::Renewed)),
            "due" => Ok(Test::Is(Flag::Due)),
            "waiting" => Ok(Test::Is(Flag::Waiting)),
            "wildcard" => Ok(Test::Is(Flag::Wildcard)),
            _ => Err("is: takes due, waiting, marked, renewed or wildcard".into()),
        },
        _ => Err(format!("no such field; there are {FIELDS}")),
    }
}

fn bound(value: &str) -> Result<Bound, String> {
    if let Ok(date) = value.parse::<Date>() {
        return Ok(Bound::On(date));
    }
    let (digits, factor) = match value.strip_suffix(['d', 'w', 'm', 'y']) {
        Some(digits) => (
            digits,
            match value.chars().last() {
                Some('w') => 7,
                Some('m') => 30,
                Some('y') => 365,
                _ => 1,
            },
        ),
        None => (value, 1),
    };
    let days: i32 = digits.parse().map_err(|_| {
        "takes days such as 30d, 2w, 3m, 1y, or a date such as 2026-12-31".to_string()
    })?;
    days.checked_mul(factor)
        .filter(|days| days.abs() < 100_000)
        .map(Bound::Days)
        .ok_or_else(|| "is too far away".to_string())
}

fn number(value: &str) -> Result<u16, String> {
    value.parse().map_err(|_| "takes a number".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{date, summary};
    use crate::domain::order::Organization;
    use rstest::rstest;

    fn account() -> Orders {
        let mut orders = Orders::default();
        let mut a = summary(101, "shop.example.net");
        a.dns_names = vec!["shop.example.net".into(), "www.shop.example.net".into()];
        a.valid_till = Some(date("2026-12-11"));
        a.order_valid_till = Some(date("2027-06-29"));
        a.duplicates = 2;
        let mut b = summary(102, "*.example.org");
        b.product.name_id = "ssl_wildcard".into();
        b.product.name = "Wildcard SSL".into();
        b.valid_till = Some(date("2027-03-01"));
        b.order_valid_till = Some(date("2027-03-01"));
        let mut c = summary(203, "");
        c.status = OrderStatus::Revoked;
        c.valid_till = None;
        c.order_valid_till = None;
        c.organization = Some(Organization {
            name: "株式会社サンドボックス".into(),
            ..Organization::default()
        });
        let mut d = summary(304, "shop.xn--bcher-kva.example");
        d.status = OrderStatus::Canceled;
        d.valid_till = None;
        d.order_valid_till = None;
        d.product.name = "Cloud".into();
        d.product.name_id = "ssl_cloud".into();
        orders.upsert(vec![a, b, c, d]);
        orders
    }

    fn found(text: &str) -> Vec<u64> {
        let orders = account();
        let beside = Beside {
            today: date("2026-11-20"),
            marked: &|row| row.id.0 == 102,
            waiting: &|_| false,
        };
        let places = Filter::parse(text).unwrap().apply(&orders, beside);
        places
            .into_iter()
            .filter_map(|at| orders.at(at))
            .map(|row| row.id.0)
            .collect()
    }

    #[rstest]
    #[case("", &[101, 102, 203, 304])]
    #[case("WWW.shop", &[101])]
    #[case("10", &[101, 102])]
    #[case("wildcard", &[102])]
    #[case("サンド", &[203])]
    #[case("bücher", &[304])]
    #[case("Bücher.example", &[304])]
    #[case("status:revoked", &[203])]
    #[case("-status:revoked", &[101, 102, 304])]
    #[case("ends<30d", &[101])]
    #[case("ends>2026-12-31", &[102])]
    #[case("covers>180d", &[101])]
    #[case("product:ssl_wild", &[102])]
    #[case("name:*.example.net", &[101])]
    #[case("name:*.example.org", &[102])]
    #[case("dup>1", &[101])]
    #[case("is:marked", &[102])]
    #[case("is:due", &[101])]
    #[case("id:203 status:rev", &[203])]
    #[case("shop nothing", &[])]
    #[case("0a000000", &[101, 102, 203, 304])]
    #[case("00:00:66", &[102])]
    #[case("serial:66", &[102])]
    // No digits of a serial number, though some of its letters are.
    #[case("zone-000000", &[])]
    #[case("serial:xyz", &[])]
    fn filters(#[case] text: &str, #[case] expected: &[u64]) {
        assert_eq!(found(text), expected, "{text}");
    }

    #[rstest]
    #[case("ends<soon")]
    #[case("colour:red")]
    #[case("is:pretty")]
    #[case("dup>many")]
    #[case("status:")]
    fn what_is_not_understood_names_the_term(#[case] text: &str) {
        let error = Filter::parse(text).unwrap_err();
        assert_eq!(error.term, text);
        assert!(!error.why.is_empty());
    }

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(
            pieces(r#"a org:"Example GmbH" b"#),
            ["a", "org:Example GmbH", "b"]
        );
    }
}
