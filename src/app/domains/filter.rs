//! The filter of the domains: words, and terms for one thing each.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app::query::{self, Bound, Fields, FilterError, Operator, Tested, Text};
use crate::domain::dcv::{DcvMethod, Domain, Proof};
use crate::domain::names::{self, NamePart};

/// The fields.
const FIELDS: Fields = Fields {
    told: &["name", "org", "method", "expires", "is"],
    others: &["domain", "organization", "organisation", "ends"],
};

/// What a domain can be.
const STATES: &[&str] = &["validated", "pending", "expired", "inactive", "marked"];

/// A filter that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    terms: Vec<Tested<Test>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Word(NamePart, Text),
    /// A whole name.
    Named(String),
    Name(NamePart),
    Organization(Text),
    Method(Text),
    Ends(Operator, Bound),
    Is(&'static str),
}

/// What the filter goes by beside the domain itself.
pub(super) struct Beside<'a> {
    pub(super) now: Timestamp,
    pub(super) today: Date,
    pub(super) is_marked: &'a dyn Fn(&Domain) -> bool,
}

/// Whether a method is meant by a word: its spelling in the API, its label, or part of either.
fn is_method(method: &DcvMethod, wanted: &Text) -> bool {
    [method.as_str(), method.label(), method.short()]
        .iter()
        .any(|text| wanted.is_in(text))
}

impl Test {
    fn takes(&self, domain: &Domain, beside: &Beside<'_>) -> bool {
        let organization = domain.organization.as_deref().unwrap_or_default();
        match self {
            Self::Word(part, text) => {
                part.is_in(&names::normalise(&domain.name)) || text.is_in(organization)
            }
            Self::Named(name) => names::same(&domain.name, name),
            Self::Name(part) => part.is_in(&names::normalise(&domain.name)),
            Self::Organization(text) => text.is_in(organization),
            Self::Method(wanted) => domain
                .method
                .as_ref()
                .is_some_and(|method| is_method(method, wanted)),
            Self::Ends(side, bound) => domain.proved_until.is_some_and(|until| {
                let day = until.to_zoned(TimeZone::UTC).date();
                side.takes(day.cmp(&bound.day(beside.today)))
            }),
            Self::Is("inactive") => !domain.is_active,
            Self::Is("marked") => (beside.is_marked)(domain),
            Self::Is(state) => {
                let is = match domain.proof(beside.now) {
                    Proof::Valid(_) => "validated",
                    Proof::Expired(_) => "expired",
                    Proof::Pending => "pending",
                };
                // One whose proof is asked for anew is validated all the same, and waits.
                is == *state || *state == "pending" && domain.is_pending == Some(true)
            }
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

    /// Whether a domain passes.
    pub(super) fn passes(&self, domain: &Domain, beside: &Beside<'_>) -> bool {
        let mut terms = self.terms.iter();
        terms.all(|term| term.test.takes(domain, beside) != term.negated)
    }
}

fn test(term: &query::Term) -> Result<Test, FilterError> {
    let text = |whole| Text {
        text: term.value.clone(),
        whole,
    };
    let part = || NamePart::new(&term.value);
    let Some((field, operator)) = &term.field else {
        return Ok(Test::Word(part(), text(false)));
    };
    if matches!(field.as_str(), "expires" | "ends") {
        return Ok(Test::Ends(*operator, term.bound()?));
    }
    let whole = term.takes_no_limit()?;
    Ok(match field.as_str() {
        "name" | "domain" if whole => Test::Named(term.value.clone()),
        "name" | "domain" => Test::Name(part()),
        "method" => {
            let wanted = text(false);
            let mut known = DcvMethod::OFFERED.iter();
            if !known.any(|method| is_method(method, &wanted)) {
                let words = DcvMethod::OFFERED.iter().map(DcvMethod::as_str);
                return Err(term.none_of("method", words));
            }
            Test::Method(wanted)
        }
        "is" => match STATES.iter().find(|state| **state == term.value) {
            Some(state) => Test::Is(state),
            None => return Err(term.none_of("word", STATES.iter().copied())),
        },
        _ => Test::Organization(text(whole)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::DomainId;
    use rstest::rstest;

    fn domain() -> Domain {
        let at = |text: &str| Some(text.parse().unwrap());
        Domain {
            method: Some(DcvMethod::DnsTxt),
            organization: Some("Example Trading GmbH".into()),
            proved: at("2026-08-01T08:00:00Z"),
            proved_until: at("2026-12-10T08:00:00Z"),
            is_pending: Some(false),
            ..Domain::new(DomainId(7), "xn--bcher-kva.example")
        }
    }

    #[rstest]
    #[case("", true)]
    #[case("bücher", true)]
    #[case("xn--bch trading", true)]
    #[case("shop", false)]
    #[case("-shop", true)]
    #[case("name:example", true)]
    #[case("name=bücher.example", true)]
    #[case("name=example", false)]
    #[case("org:gmbh", true)]
    #[case("org=\"example trading gmbh\"", true)]
    #[case("org=gmbh", false)]
    #[case("method:txt", true)]
    #[case("method:dns-txt-token", true)]
    #[case("method:cname", false)]
    #[case("expires<30d", true)]
    #[case("expires<=2026-12-10", true)]
    #[case("ends<10d", false)]
    #[case("is:validated", true)]
    #[case("is:pending", false)]
    #[case("is:expired", false)]
    #[case("-is:inactive", true)]
    #[case("is:marked", false)]
    fn what_passes(#[case] text: &str, #[case] passes: bool) {
        let beside = Beside {
            now: "2026-11-20T12:00:00Z".parse().unwrap(),
            today: jiff::civil::date(2026, 11, 20),
            is_marked: &|_| false,
        };
        let filter = Filter::parse(text).unwrap();
        assert_eq!(filter.passes(&domain(), &beside), passes);
    }

    #[rstest]
    #[case("is:fine")]
    #[case("method:fax")]
    #[case("name<3")]
    #[case("expires<soon")]
    fn what_is_not_understood_is_told(#[case] text: &str) {
        assert!(Filter::parse(text).is_err());
    }
}
