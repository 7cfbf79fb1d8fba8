//! The filter of the list of orders: words, and terms such as `status:issued expires<30d product:wildcard
//! covers>90d name:*.example.net org:"Example GmbH"`. Everything must match; a leading `-` turns a term round.

use jiff::civil::Date;

use crate::app::account::Domains;
use crate::app::account::rows::{Bits, Day, Lookup, OrderRow, Orders, Packed};
use crate::app::query::{self, Bound, Fields, Operator, Term as Written, Tested, Text};
pub use crate::app::query::{FilterError, days};
use crate::domain::coverage::Coverage;
use crate::domain::ids::OrderId;
use crate::domain::names::{self, NamePart};
use crate::domain::plan::Need;
use crate::domain::served::Standing;
use crate::domain::status::OrderStatus;

/// A filter that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    terms: Vec<Tested<Test>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Word(String),
    Name(Glob),
    /// A name in a domain.
    Domain(String),
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
    Due(Due),
    /// What was seen to be served; without a word, anything.
    Served(Option<Standing>),
}

impl Text {
    /// Whether it stands in a number, as it is written.
    fn is_in_number(&self, number: u64) -> bool {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut left = number;
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        let (digits, text) = (&digits[at..], self.text.as_bytes());
        if self.whole {
            digits == text
        } else {
            memchr::memmem::find(digits, text).is_some()
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    Marked,
    Renewed,
    Due,
    Waiting,
    Wildcard,
}

/// What the plan says of a certificate that expires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Any,
    Needs(Need),
    Blocked,
    Overdue,
}

impl Due {
    fn is(self, row: OrderRow<'_>, has_requests: bool, lookup: &Lookup<'_>) -> bool {
        let standing = lookup.standing(row, has_requests);
        let Some((standing, need)) = standing.and_then(|of| Some((of, of.need()?))) else {
            return false;
        };
        match self {
            Self::Any => true,
            Self::Needs(wanted) => need == wanted,
            Self::Blocked => standing.is_blocked() && (!lookup.is_over(row) || lookup.is_open(row)),
            Self::Overdue => lookup.is_over(row) && lookup.is_open(row),
        }
    }
}

/// The same as it is written.
const DUES: &[(&str, Due)] = &[
    ("reissue", Due::Needs(Need::Reissue)),
    ("renew", Due::Needs(Need::Renew)),
    ("waiting", Due::Needs(Need::Waiting)),
    ("blocked", Due::Blocked),
    ("done", Due::Needs(Need::Done)),
    ("overdue", Due::Overdue),
    ("any", Due::Any),
];

/// Words that stand for `due:` and themselves.
const DUE_WORDS: [&str; 3] = ["blocked", "waiting", "done"];

/// What stands for every way in which a certificate is served.
const ANY: &str = "any";

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
    Part(NamePart),
    /// What stands between the asterisks: in A-labels, and as typed.
    Parts(Vec<String>, Vec<String>),
}

impl Glob {
    fn new(typed: &str, whole: bool) -> Self {
        if !typed.contains('*') {
            return if whole {
                Self::Whole(names::normalise(typed))
            } else {
                Self::Part(NamePart::new(typed))
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
        "domain",
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
        "due",
        "served",
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
    pub marked: &'a dyn Fn(OrderId) -> bool,
    /// Whether a request of the order waits for a decision.
    pub waiting: &'a dyn Fn(OrderId) -> bool,
    /// Whether that is for what takes the place of its certificate.
    pub replacing: &'a dyn Fn(OrderId) -> bool,
    /// Until when domains and organizations are validated.
    pub domains: &'a Domains,
    /// The rows for which a certificate that stands so to the order was seen to be served, or, without a word, anything.
    pub served: &'a dyn Fn(Option<Standing>) -> Bits,
}

impl Filter {
    /// Reads a filter. `told` are states that the account told of beside those that are known.
    pub fn parse(text: &str, told: &[OrderStatus]) -> Result<Self, FilterError> {
        let terms = query::tested(text, FIELDS, |written| test(written, told));
        Ok(Self { terms: terms? })
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it is of what the rows hold, and nothing beside them.
    pub fn is_of_rows(&self) -> bool {
        self.terms.iter().all(|term| term.test.is_of_rows())
    }

    /// Whether it asks until when domains and organizations are validated.
    pub fn asks_validations(&self) -> bool {
        let mut terms = self.terms.iter();
        terms.any(|term| term.test == Test::Due(Due::Blocked))
    }

    /// Whether it asks which orders are marked.
    pub fn asks_marks(&self) -> bool {
        let mut terms = self.terms.iter();
        terms.any(|term| term.test == Test::Is(Flag::Marked))
    }

    /// Whether it asks what waits for a decision in the account.
    pub fn asks_requests(&self) -> bool {
        let mut terms = self.terms.iter();
        terms.any(|term| matches!(term.test, Test::Is(Flag::Waiting) | Test::Due(_)))
    }

    /// Whether it asks what was seen to be served.
    pub fn asks_served(&self) -> bool {
        let mut terms = self.terms.iter();
        terms.any(|term| matches!(term.test, Test::Served(_)))
    }

    /// Whether it lets through no row that the other, which is in force, does not: so it is while it is typed.
    pub fn narrows(&self, other: &Self) -> bool {
        if other.is_empty() || self.terms.len() < other.terms.len() {
            return false;
        }
        let mut terms = other.terms.iter().zip(&self.terms);
        terms.all(|(old, new)| old == new && old.test.is_of_rows() || new.narrows(old))
    }

    /// The rows among these that match. What is looked up in repeated values (product, organisation, state, container) is
    /// looked up once a value, not once a row, and a word once in the names of all rows.
    pub fn apply(&self, orders: &Orders, beside: Beside<'_>, among: Bits) -> Bits {
        let mut found = among;
        for term in &self.terms {
            let mut rows = term.test.rows(orders, beside, &found);
            if term.negated {
                rows.negate();
            }
            found.and(&rows);
        }
        found
    }
}

impl Tested<Test> {
    /// Whether it is the other with more letters, and lets no row through for those alone, as one of another script may,
    /// or enough digits of a serial number.
    fn narrows(&self, other: &Self) -> bool {
        let (false, false, Test::Word(old), Test::Word(new)) =
            (other.negated, self.negated, &other.test, &self.test)
        else {
            return false;
        };
        let is_plain = new
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b':');
        let is_serial = |word: &str| serial_digits(word).is_some();
        is_plain && new.contains(old.as_str()) && (is_serial(old) || !is_serial(new))
    }
}

impl Test {
    /// Whether it is of what the rows hold, and nothing beside them.
    fn is_of_rows(&self) -> bool {
        !matches!(
            self,
            Self::Is(Flag::Marked | Flag::Waiting) | Self::Due(_) | Self::Served(_)
        )
    }

    /// The rows among these of which it holds. What is found beside them does not count.
    fn rows(&self, orders: &Orders, beside: Beside<'_>, among: &Bits) -> Bits {
        let today = beside.today;
        match self {
            Self::Word(word) => with_word(word, orders, among),
            Self::Name(Glob::Part(part)) => orders.named(part, among),
            Self::Name(glob) => looked_at(orders, among, |row| {
                row.names_text().split('\n').any(|name| glob.matches(name))
            }),
            Self::Domain(domain) => {
                looked_at(orders, &orders.with_name_text(domain, among), |row| {
                    let mut names = row.names_text().split('\n');
                    names.any(|name| is_in_domain(name, domain))
                })
            }
            Self::Status(part) => {
                let all = orders.status_values().iter();
                let meant: Vec<bool> = all.map(|status| is_meant(status, part)).collect();
                with_value(orders, &meant, |row| row.status)
            }
            Self::Container(part) => {
                let all = orders.container_values().iter();
                let named: Vec<bool> = all.map(|container| part.is_in(&container.name)).collect();
                with_value(orders, &named, |row| row.container)
            }
            Self::Product(part) => of_product(part, orders),
            Self::Organization(part) => of_organization(part, orders),
            Self::Id(digits) => packed(orders, |row| digits.is_in_number(row.id.0)),
            Self::Serial(part) => match serial_part(&part.text) {
                Some(digits) if part.whole => {
                    looked_at(orders, among, |row| row.serial() == digits)
                }
                Some(digits) => orders.with_serial_digits(&digits, among),
                None => Bits::none(orders.len()),
            },
            Self::Ends(side, bound) => {
                let limit = Day::from(Some(bound.day(today)));
                packed(orders, |row| date_is(row.valid_till, *side, limit))
            }
            Self::Covers(side, bound) => {
                let limit = Day::from(Some(bound.day(today)));
                packed(orders, |row| date_is(row.order_valid_till, *side, limit))
            }
            Self::Duplicates(side, count) => {
                packed(orders, |row| side.takes(row.duplicates.cmp(count)))
            }
            Self::Reissues(side, count) => {
                packed(orders, |row| side.takes(row.reissues.cmp(count)))
            }
            Self::Is(Flag::Marked) => packed(orders, |row| (beside.marked)(row.id)),
            Self::Is(Flag::Waiting) => looked_at(orders, among, |row| {
                (beside.waiting)(row.id) || *row.status() == OrderStatus::NeedsApproval
            }),
            Self::Is(Flag::Renewed) => packed(orders, |row| row.is_renewed),
            Self::Is(Flag::Wildcard) => orders.with_name_text("*.", among),
            Self::Served(wanted) => (beside.served)(*wanted),
            Self::Due(due) => {
                let lookup = Lookup::of(orders, beside.domains, today);
                looked_at(orders, among, |row| {
                    due.is(row, (beside.replacing)(row.id), &lookup)
                })
            }
            Self::Is(Flag::Due) => looked_at(orders, among, |row| {
                matches!(
                    row.coverage(today),
                    Coverage::Reissue { .. } | Coverage::Renew { .. }
                )
            }),
        }
    }
}

/// Whether a name is that of a domain, or of what is below it.
fn is_in_domain(name: &str, domain: &str) -> bool {
    let below = name.strip_suffix(domain);
    below.is_some_and(|rest| rest.is_empty() || rest.ends_with(['.', '@']))
}

/// A word is looked for in names, products, organisations, and the digits of order and serial numbers.
fn with_word(word: &str, orders: &Orders, among: &Bits) -> Bits {
    let part = Text {
        text: word.to_owned(),
        whole: false,
    };
    let mut found = orders.named(&NamePart::new(word), among);
    // As the first letters of a word do: what else they stand in changes nothing.
    if found.count() == orders.len() {
        return found;
    }
    found.or(&of_product(&part, orders));
    found.or(&of_organization(&part, orders));
    if word.bytes().all(|b| b.is_ascii_digit()) {
        found.or(&packed(orders, |row| part.is_in_number(row.id.0)));
    }
    if let Some(digits) = serial_digits(word) {
        found.or(&orders.with_serial_digits(&digits, among));
    }
    found
}

fn of_product(part: &Text, orders: &Orders) -> Bits {
    let values = orders.product_values().iter();
    let named: Vec<bool> = values
        .map(|product| part.is_in(&product.name) || part.is_in(&product.name_id))
        .collect();
    with_value(orders, &named, |row| row.product)
}

fn of_organization(part: &Text, orders: &Orders) -> Bits {
    let values = orders.organization_values().iter();
    let named: Vec<bool> = values.map(|value| part.is_in(&value.name)).collect();
    with_value(orders, &named, |row| row.organization)
}

/// The rows one of whose values that repeat is among these.
fn with_value(orders: &Orders, values: &[bool], value: impl Fn(&Packed) -> u16) -> Bits {
    if !values.contains(&true) {
        return Bits::none(orders.len());
    }
    let is_one = |at: u16| values.get(usize::from(at)).copied().unwrap_or(false);
    packed(orders, |row| is_one(value(row)))
}

/// The rows of which this holds by what has a fixed size.
fn packed(orders: &Orders, holds: impl Fn(&Packed) -> bool) -> Bits {
    Bits::where_true(orders.packed().iter().map(holds))
}

fn looked_at(orders: &Orders, among: &Bits, holds: impl Fn(OrderRow<'_>) -> bool) -> Bits {
    let mut found = Bits::none(orders.len());
    for row in among.places().filter_map(|place| orders.at(place)) {
        if holds(row) {
            found.set(row.place());
        }
    }
    found
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

/// The digits that a word may be of a serial number.
fn serial_digits(word: &str) -> Option<String> {
    serial_part(word).filter(|digits| digits.len() >= LEAST_DIGITS)
}

/// The digits of a part of a serial number, as rows hold them; colons may stand between.
fn serial_part(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    let hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| digits.to_ascii_uppercase())
}

fn date_is(day: Day, side: Operator, limit: Day) -> bool {
    day.number()
        .is_some_and(|day| side.takes(Some(day).cmp(&limit.number())))
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
    let due = |word: &str| {
        let mut dues = DUES.iter();
        dues.find(|(name, _)| *name == word)
            .map(|(_, due)| Test::Due(*due))
    };
    let Some((field, operator)) = &term.field else {
        let word = DUE_WORDS.iter().find(|word| **word == term.value);
        if let Some(test) = word.and_then(|word| due(word)) {
            return Ok(test);
        }
        return Ok(Test::Word(term.value.clone()));
    };
    let operator = *operator;
    let value = term.value.as_str();
    let bound = || term.bound();
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
        "domain" => Test::Domain(names::normalise(value)),
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
        "due" => match due(value) {
            Some(test) => test,
            None => return Err(term.none_of("word", DUES.iter().map(|(name, _)| *name))),
        },
        "served" if value == ANY => Test::Served(None),
        "served" => {
            let standing = Standing::ALL.into_iter().find(|one| one.word() == value);
            let words = Standing::ALL.map(Standing::word);
            let unknown = || term.none_of("word", words.into_iter().chain([ANY]));
            Test::Served(Some(standing.ok_or_else(unknown)?))
        }
        "is" => match FLAGS.iter().find(|(name, _)| *name == value) {
            Some((_, flag)) => Test::Is(*flag),
            None => return Err(term.none_of("word", FLAGS.iter().map(|(name, _)| *name))),
        },
        _ => Test::Organization(text),
    })
}
