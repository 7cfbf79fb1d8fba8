//! The filter of the endpoints: words, and terms for one thing each.

use jiff::civil::Date;

use super::Known;
use crate::app::account::rows::Day;
use crate::app::added::EndpointId;
use crate::app::query::{self, Bound, Fields, FilterError, Operator, Tested, Text};
use crate::domain::names::NamePart;
use crate::domain::served::Standing;

/// The fields.
const FIELDS: Fields = Fields {
    told: &["name", "served", "order", "issuer", "expires", "is"],
    others: &["endpoint", "host", "ends"],
};

/// What an endpoint can be.
const STATES: &[&str] = &["added", "settings", "order", "due", "auto", "marked"];

/// Where nobody looked.
const UNSEEN: &str = "unseen";

/// A filter that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    terms: Vec<Tested<Test>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Name(NamePart),
    /// A whole name, or a whole host.
    Named(String),
    /// `None` where nobody looked.
    Served(Option<Standing>),
    Order(String),
    Issuer(Text),
    Ends(Operator, Bound),
    Is(&'static str),
}

/// A row, as far as filters look at it.
pub(super) struct Subject<'a> {
    pub(super) id: EndpointId,
    /// The host, and the name that is asked for there.
    pub(super) names: [&'a str; 2],
    pub(super) known: Option<&'a Known>,
    /// The order that it belongs to, or that has what it serves.
    pub(super) order: Option<u64>,
    /// When what it serves expires, as rows of orders hold days.
    pub(super) ends: Option<u32>,
    pub(super) issuer: &'a dyn Fn() -> Option<&'a str>,
    pub(super) is_marked: bool,
    /// Whether it is replaced by the rule.
    pub(super) is_auto: bool,
    pub(super) today: Date,
    /// Until which day a certificate is due, as rows of orders hold days.
    pub(super) due: u32,
}

impl Test {
    fn takes(&self, row: &Subject<'_>) -> bool {
        match self {
            Self::Name(part) => row.names.iter().any(|name| part.is_in(name)),
            Self::Named(wanted) => row.names.iter().any(|name| name == wanted),
            Self::Served(wanted) => row.known.map(|known| known.standing) == *wanted,
            Self::Order(digits) => row.order.is_some_and(|order| order.to_string() == *digits),
            Self::Issuer(text) => (row.issuer)().is_some_and(|issuer| text.is_in(issuer)),
            Self::Ends(side, bound) => row.ends.is_some_and(|ends| {
                let day = Day::number_of(bound.day(row.today));
                side.takes(ends.cmp(&day))
            }),
            Self::Is("added") => matches!(row.id, EndpointId::Added(_)),
            Self::Is("settings") => matches!(row.id, EndpointId::Settings(..)),
            Self::Is("order") => matches!(row.id, EndpointId::Name(..)),
            Self::Is("auto") => row.is_auto,
            Self::Is("due") => row.known.is_some() && row.ends.is_some_and(|ends| ends <= row.due),
            Self::Is(_) => row.is_marked,
        }
    }
}

impl Filter {
    /// Reads what is typed.
    pub(super) fn parse(text: &str) -> Result<Self, FilterError> {
        Ok(Self {
            terms: query::tested(text, FIELDS, test)?,
        })
    }

    /// Whether it takes everything.
    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Parts of names that all must have which pass: of those that have not, nothing else needs to be looked at.
    pub(super) fn name_parts(&self) -> impl Iterator<Item = &NamePart> {
        let wanted = self.terms.iter().filter(|term| !term.negated);
        wanted.filter_map(|term| match &term.test {
            Test::Name(part) => Some(part),
            _ => None,
        })
    }

    /// Whether a row passes.
    pub(super) fn passes(&self, row: &Subject<'_>) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|term| term.test.takes(row) != term.negated)
    }
}

fn test(term: &query::Term) -> Result<Test, FilterError> {
    let Some((field, operator)) = &term.field else {
        return Ok(Test::Name(NamePart::new(&term.value)));
    };
    if matches!(field.as_str(), "expires" | "ends") {
        return Ok(Test::Ends(*operator, term.bound()?));
    }
    let whole = term.takes_no_limit()?;
    Ok(match field.as_str() {
        "served" if term.value == UNSEEN => Test::Served(None),
        "served" => {
            let mut all = Standing::ALL.iter();
            let standing = all.find(|standing| standing.word() == term.value);
            let Some(standing) = standing else {
                let words = Standing::ALL.iter().map(|standing| standing.word());
                return Err(term.none_of("word", words.chain([UNSEEN])));
            };
            Test::Served(Some(*standing))
        }
        "order" if term.value.bytes().all(|digit| digit.is_ascii_digit()) => {
            Test::Order(term.value.clone())
        }
        "order" => return Err(term.wrong("needs the number of an order")),
        "issuer" => Test::Issuer(Text {
            text: term.value.clone(),
            whole,
        }),
        "is" => match STATES.iter().find(|state| **state == term.value) {
            Some(state) => Test::Is(state),
            None => return Err(term.none_of("word", STATES.iter().copied())),
        },
        _ if whole => Test::Named(term.value.clone()),
        _ => Test::Name(NamePart::new(&term.value)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::OrderId;
    use jiff::civil::date;
    use rstest::rstest;

    #[rstest]
    #[case("", true)]
    #[case("lb1", true)]
    #[case("shop LB1", true)]
    #[case("lb2", false)]
    #[case("-lb2", true)]
    #[case("name:internal", true)]
    #[case("host=lb1.internal", true)]
    #[case("host=lb1", false)]
    #[case("served:old", true)]
    #[case("served:this", false)]
    #[case("served:unseen", false)]
    #[case("order:7", true)]
    #[case("order:77", false)]
    #[case("issuer:encrypt", true)]
    #[case("issuer=r11", false)]
    #[case("expires<30d", true)]
    #[case("ends<=2026-12-10", true)]
    #[case("ends<10d", false)]
    #[case("is:added", true)]
    #[case("is:order", false)]
    #[case("is:due", true)]
    #[case("is:auto", true)]
    #[case("is:marked", false)]
    fn what_passes(#[case] text: &str, #[case] passes: bool) {
        let known = Known {
            at: jiff::Timestamp::UNIX_EPOCH,
            standing: Standing::Earlier,
            of: Some(OrderId(7)),
            ends: Day::number_of(date(2026, 12, 10)),
            is_renewed: false,
        };
        let row = Subject {
            id: EndpointId::Added(3),
            names: ["lb1.internal", "shop.example.net"],
            known: Some(&known),
            order: Some(7),
            ends: Some(known.ends),
            issuer: &|| Some("Let's Encrypt R11"),
            is_marked: false,
            is_auto: true,
            today: date(2026, 11, 20),
            due: Day::number_of(date(2026, 12, 20)),
        };
        assert_eq!(Filter::parse(text).unwrap().passes(&row), passes);
    }

    #[rstest]
    #[case("served:fine")]
    #[case("order:shop")]
    #[case("is:fine")]
    #[case("name<3")]
    #[case("expires<soon")]
    fn what_is_not_understood_is_told(#[case] text: &str) {
        assert!(Filter::parse(text).is_err());
    }
}
