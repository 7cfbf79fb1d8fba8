//! The filter of the list of orders: words, and terms such as `status:issued expires<30d product:wildcard
//! covers>90d name:*.example.net org:"Example GmbH"`. Everything must match; a leading `-` turns a term round.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::app::account::rows::{OrderRow, Orders};
pub use crate::app::query::FilterError;
use crate::app::query::{self, Fields, Operator, Term as Written};
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
    Status(Text),
    Product(Text),
    Organization(Text),
    Container(Text),
    Id(Text),
    Serial(Text),
    Ends(Operator, Bound),
    Covers(Operator, Bound),
    Duplicates(Operator, u16),
    Reissues(Operator, u16),
    Is(Flag),
}

/// Part of a value, or the whole of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Text {
    text: String,
    whole: bool,
}

impl Text {
    fn is_in(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        if self.whole {
            value == self.text
        } else {
            value.contains(&self.text)
        }
    }
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

/// Flags as they are written.
const FLAGS: &[(&str, Flag)] = &[
    ("due", Flag::Due),
    ("waiting", Flag::Waiting),
    ("marked", Flag::Marked),
    ("renewed", Flag::Renewed),
    ("wildcard", Flag::Wildcard),
];

/// A pattern with `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Glob {
    /// Without a `*`, where the whole name is meant: as it is compared.
    Whole(String),
    /// Without a `*`.
    Part(names::NamePart),
    /// What stands between the asterisks: in A-labels, and as typed.
    Parts(Vec<String>, Vec<String>),
}

impl Glob {
    fn new(typed: &str, whole: bool) -> Self {
        if !typed.contains('*') {
            return if whole {
                Self::Whole(names::normalise(typed))
            } else {
                Self::Part(names::NamePart::new(typed))
            };
        }
        let typed = typed.strip_suffix('.').unwrap_or(typed);
        let parts = typed.split('*');
        Self::Parts(
            parts.clone().map(ascii).collect(),
            parts.map(str::to_owned).collect(),
        )
    }

    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Whole(whole) => name == whole,
            Self::Part(part) => part.is_in(name),
            Self::Parts(ascii, typed) => {
                Self::fits(ascii, name)
                    || name.contains("xn--") && Self::fits(typed, &names::display(name))
            }
        }
    }

    fn fits(parts: &[String], name: &str) -> bool {
        let Some((first, rest)) = parts.split_first() else {
            return true;
        };
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

/// The fields.
const FIELDS: Fields = Fields {
    told: &[
        "name",
        "status",
        "expires",
        "covers",
        "product",
        "org",
        "division",
        "id",
        "serial",
        "duplicates",
        "reissues",
        "is",
    ],
    others: &[
        "cn",
        "ends",
        "organization",
        "organisation",
        "container",
        "order",
        "dup",
    ],
};

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
    /// Reads a filter. `told` are states that the account told of beside those that are known.
    pub fn parse(text: &str, told: &[OrderStatus]) -> Result<Self, FilterError> {
        let terms = query::read(text, FIELDS)?;
        let terms = terms.into_iter().map(|written| {
            Ok(Term {
                negated: written.negated,
                test: test(&written, told)?,
            })
        });
        Ok(Self {
            terms: terms.collect::<Result<_, FilterError>>()?,
        })
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
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
    /// A word as part of a name.
    name: Option<names::NamePart>,
}

impl<'a> Prepared<'a> {
    fn new(term: &'a Term, orders: &Orders) -> Self {
        let products = |part: &Text| -> Vec<bool> {
            let values = orders.product_values().iter();
            values
                .map(|product| part.is_in(&product.name) || part.is_in(&product.name_id))
                .collect()
        };
        let organizations = |part: &Text| -> Vec<bool> {
            let values = orders.organization_values().iter();
            values.map(|value| part.is_in(&value.name)).collect()
        };
        let (mut by_product, mut by_organization, mut values) = (vec![], vec![], vec![]);
        let (mut serial, mut name) = (None, None);
        match &term.test {
            Test::Word(word) => {
                let part = Text {
                    text: word.clone(),
                    whole: false,
                };
                by_product = products(&part);
                by_organization = organizations(&part);
                name = Some(names::NamePart::new(word));
                serial = serial_part(word).filter(|digits| digits.len() >= LEAST_DIGITS);
            }
            Test::Serial(part) => serial = serial_part(&part.text),
            Test::Product(part) => by_product = products(part),
            Test::Organization(part) => by_organization = organizations(part),
            Test::Status(part) => {
                let all = orders.status_values().iter();
                values = all.map(|status| is_meant(status, part)).collect();
            }
            Test::Container(part) => {
                let all = orders.container_values().iter();
                values = all.map(|container| part.is_in(&container.name)).collect();
            }
            _ => {}
        }
        Self {
            term,
            products: by_product,
            organizations: by_organization,
            values,
            serial,
            name,
        }
    }

    fn has_serial(&self, row: &OrderRow) -> bool {
        let whole = matches!(&self.term.test, Test::Serial(part) if part.whole);
        self.serial.as_deref().is_some_and(|digits| {
            if whole {
                row.serial() == digits
            } else {
                row.serial().contains(digits)
            }
        })
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
                let named = |part: &names::NamePart| part.is_in(row.names_text());
                self.name.as_ref().is_some_and(named)
                    || known(&self.products, row.product)
                    || known(&self.organizations, row.organization)
                    || (word.bytes().all(|b| b.is_ascii_digit())
                        && row.id.to_string().contains(word))
                    || self.has_serial(row)
            }
            Test::Name(glob) => row.names_text().split('\n').any(|name| glob.matches(name)),
            Test::Status(_) => known(&self.values, row.status),
            Test::Container(_) => known(&self.values, row.container),
            Test::Product(_) => known(&self.products, row.product),
            Test::Organization(_) => known(&self.organizations, row.organization),
            Test::Id(digits) => digits.is_in(&row.id.to_string()),
            Test::Serial(_) => self.has_serial(row),
            Test::Ends(side, bound) => date_is(row.valid_till, *side, *bound, beside.today),
            Test::Covers(side, bound) => date_is(row.order_valid_till, *side, *bound, beside.today),
            Test::Duplicates(side, count) => side.takes(row.duplicates.cmp(count)),
            Test::Reissues(side, count) => side.takes(row.reissues.cmp(count)),
            Test::Is(Flag::Marked) => (beside.marked)(row),
            Test::Is(Flag::Waiting) => {
                (beside.waiting)(row) || *orders.status(row) == OrderStatus::NeedsApproval
            }
            Test::Is(Flag::Renewed) => row.is_renewed,
            Test::Is(Flag::Wildcard) => row.names_text().contains("*."),
            Test::Is(Flag::Due) => matches!(
                coverage(
                    orders.status(row),
                    row.valid_till,
                    row.order_valid_till,
                    row.is_renewed,
                    beside.today
                ),
                Coverage::Reissue { .. } | Coverage::Renew { .. }
            ),
        }
    }
}

/// Whether a state is meant: by the beginning of the API's word for it, or of ours.
fn is_meant(status: &OrderStatus, wanted: &Text) -> bool {
    let spelt = wanted.text.replace(' ', "_");
    [status.as_str(), status.label(), status.short()]
        .iter()
        .map(|word| word.to_lowercase().replace(' ', "_"))
        .any(|word| {
            if wanted.whole {
                word == spelt
            } else {
                word.starts_with(&spelt)
            }
        })
}

/// Shortest word that is taken for a part of a serial number.
const LEAST_DIGITS: usize = 6;

/// The digits of a part of a serial number, as rows hold them; colons may stand between.
fn serial_part(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| digits.to_ascii_uppercase())
}

fn date_is(date: Option<Date>, side: Operator, bound: Bound, today: Date) -> bool {
    let limit = match bound {
        Bound::On(limit) => limit,
        Bound::Days(days) => today.saturating_add(days.days()),
    };
    date.is_some_and(|date| side.takes(date.cmp(&limit)))
}

/// A part of a name of another script as names hold it.
fn ascii(part: &str) -> String {
    let labels = part.split('.').map(|label| {
        if label.is_ascii() {
            label.to_owned()
        } else {
            names::normalise(label)
        }
    });
    labels.collect::<Vec<_>>().join(".")
}

fn test(term: &Written, told: &[OrderStatus]) -> Result<Test, FilterError> {
    let Some((field, operator)) = &term.field else {
        return Ok(Test::Word(term.value.clone()));
    };
    let operator = *operator;
    let value = term.value.as_str();
    let bound = || match value.parse::<Date>() {
        Ok(date) => Ok(Bound::On(date)),
        Err(_) => query::days(value)
            .map(Bound::Days)
            .map_err(|why| term.wrong(why)),
    };
    let number = || {
        value
            .parse::<u16>()
            .map_err(|_| term.wrong("needs a number"))
    };
    match field.as_str() {
        "expires" | "ends" => return Ok(Test::Ends(operator, bound()?)),
        "covers" => return Ok(Test::Covers(operator, bound()?)),
        "dup" | "duplicates" => return Ok(Test::Duplicates(operator, number()?)),
        "reissues" => return Ok(Test::Reissues(operator, number()?)),
        _ => {}
    }
    let text = Text {
        text: value.to_owned(),
        whole: term.takes_no_limit()?,
    };
    Ok(match field.as_str() {
        "name" | "cn" => Test::Name(Glob::new(value, text.whole)),
        "status" => {
            let all = || OrderStatus::KNOWN.iter().chain(told);
            if !all().any(|status| is_meant(status, &text)) {
                return Err(term.none_of("status", all().map(OrderStatus::as_str)));
            }
            Test::Status(text)
        }
        "product" => Test::Product(text),
        "container" | "division" => Test::Container(text),
        "id" | "order" if value.bytes().all(|b| b.is_ascii_digit()) => Test::Id(text),
        "id" | "order" => return Err(term.wrong("needs digits of an order number")),
        "serial" if serial_part(value).is_some() => Test::Serial(text),
        "serial" => return Err(term.wrong("needs hexadecimal digits of a serial number")),
        "is" => match FLAGS.iter().find(|(name, _)| *name == value) {
            Some((_, flag)) => Test::Is(*flag),
            None => return Err(term.none_of("word", FLAGS.iter().map(|(name, _)| *name))),
        },
        _ => Test::Organization(text),
    })
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
        let mut over = summary(405, "old.example.com");
        over.valid_till = Some(date("2025-01-31"));
        over.order_valid_till = Some(date("2025-01-31"));
        orders.upsert(vec![a, b, c, d, over]);
        orders
    }

    fn found(text: &str) -> Vec<u64> {
        let orders = account();
        let beside = Beside {
            today: date("2026-11-20"),
            marked: &|row| row.id.0 == 102,
            waiting: &|_| false,
        };
        let places = Filter::parse(text, &[]).unwrap().apply(&orders, beside);
        places
            .into_iter()
            .filter_map(|at| orders.at(at))
            .map(|row| row.id.0)
            .collect()
    }

    #[rstest]
    #[case("", &[101, 102, 203, 304, 405])]
    #[case("WWW.shop", &[101])]
    #[case("10", &[101, 102])]
    #[case("wildcard", &[102])]
    #[case("サンド", &[203])]
    #[case("bücher", &[304])]
    #[case("Bücher.example", &[304])]
    #[case("status:revoked", &[203])]
    #[case("-status:revoked", &[101, 102, 304, 405])]
    #[case("ends<30d", &[101, 405])]
    #[case("expires<30d", &[101, 405])]
    #[case("ends>2026-12-31", &[102])]
    #[case("covers>180d", &[101])]
    #[case("product:ssl_wild", &[102])]
    #[case("name:*.example.net", &[101])]
    #[case("name:*.bücher.example", &[304])]
    #[case("name:*.example.org", &[102])]
    #[case("dup>1", &[101])]
    #[case("is:marked", &[102])]
    #[case("is:due", &[101])]
    #[case("id:203 status:rev", &[203])]
    #[case("shop nothing", &[])]
    #[case("0a000000", &[101, 102, 203, 304, 405])]
    #[case("00:00:66", &[102])]
    #[case("serial:66", &[102])]
    // No digits of a serial number, though some of its letters are.
    #[case("zone-000000", &[])]
    // A number is found by any of its digits, a serial number by six.
    #[case("04", &[304])]
    #[case("id:04", &[304])]
    #[case("id=04", &[])]
    #[case("00066", &[])]
    #[case("000066", &[102])]
    // What has ended has ended before any later day, however that is written.
    #[case("expires<2026-12-20", &[101, 405])]
    #[case("ends<2026-12-20", &[101, 405])]
    #[case("ends<=21d", &[101, 405])]
    #[case("ends<21d", &[405])]
    #[case("ends>=0d ends<30d", &[101])]
    #[case("ends>=21d", &[101, 102])]
    #[case("ends>21d", &[102])]
    #[case("ends=21d", &[101])]
    #[case("ends==2026-12-11", &[101])]
    #[case("ends!=21d", &[102, 203, 304, 405])]
    #[case("ends < 30 days", &[101, 405])]
    #[case("dup>=2", &[101])]
    #[case("dup>2", &[])]
    #[case("dup<=0 status:issued", &[102, 405])]
    #[case("duplicates!=0", &[101])]
    #[case("status!=issued", &[203, 304])]
    #[case("status=revoked", &[203])]
    #[case("-status!=revoked", &[203])]
    #[case("name=shop.example.net", &[101])]
    #[case("name=example.net", &[])]
    #[case("product=cloud", &[304])]
    #[case("product=clou", &[])]
    fn filters(#[case] text: &str, #[case] expected: &[u64]) {
        assert_eq!(found(text), expected, "{text}");
    }

    #[rstest]
    #[case("ends<soon", "soon", "needs days")]
    #[case("ends<30x", "30x", "unknown unit x")]
    #[case("ends<30x shop", "30x", "unknown unit x")]
    #[case("shop colour:red", "colour", "unknown field")]
    #[case("statsu:issued", "statsu", "did you mean status?")]
    #[case("status:isued", "isued", "did you mean issued?")]
    #[case("status=issue", "issue", "did you mean issued?")]
    #[case("status:issued status:revokd", "revokd", "did you mean revoked?")]
    #[case("is:pretty", "pretty", "use due, waiting")]
    #[case("is:du", "du", "did you mean due?")]
    #[case("dup>many", "many", "needs a number")]
    #[case("dup>-1", "-1", "needs a number")]
    #[case("status:", "status:", "needs a value")]
    #[case("status<issued", "status", "is not a number")]
    #[case("name>a", "name", "is not a number")]
    #[case("serial:xyz", "xyz", "hexadecimal")]
    #[case("id:12a", "12a", "digits")]
    fn what_is_not_understood_is_told_at_its_word(
        #[case] text: &str,
        #[case] word: &str,
        #[case] why: &str,
    ) {
        let error = Filter::parse(text, &[]).unwrap_err();
        assert_eq!(error.word, word, "{text}");
        assert!(
            text[error.at.clone()].starts_with(word),
            "{text}: {error:?}"
        );
        assert!(error.why.contains(why), "{text}: {error}");
    }

    #[test]
    fn a_state_that_only_this_account_has_is_known() {
        let told = [OrderStatus::parse("on_hold")];
        assert!(Filter::parse("status:on_hold", &[]).is_err());
        assert!(Filter::parse("status:on", &told).is_ok());
    }

    #[test]
    fn a_state_is_found_by_the_words_of_the_list() {
        for status in OrderStatus::KNOWN {
            for word in [status.as_str(), status.label(), status.short()] {
                let text = format!("status=\"{word}\"");
                assert!(Filter::parse(&text, &[]).is_ok(), "{text}");
            }
        }
    }
}
