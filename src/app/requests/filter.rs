//! The filter of the requests: words, and terms for one thing each. It says which requests are wanted, and how much of
//! that the account can filter by itself.

use crate::app::query::{self, Fields, FilterError};
use crate::domain::names;
use crate::domain::request::{Request, Wanted};
use crate::domain::status::{RequestKind, RequestStatus};

/// Which requests are listed, where the filter names no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Set {
    /// Those that wait; all of them once a filter looks for something.
    #[default]
    Own,
    Waiting,
    /// Those that are decided.
    Decided,
    All,
}

impl Set {
    /// The next one, for a key; a set that shows what the one before shows is left out.
    pub(super) fn next(self, is_filtered: bool) -> Self {
        match (self, is_filtered) {
            (Self::Own, true) => Self::Waiting,
            (Self::Waiting, _) | (Self::Own, false) => Self::Decided,
            (Self::Decided, false) => Self::All,
            (Self::Decided, true) | (Self::All, _) => Self::Own,
        }
    }
}

/// A filter that was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    terms: Vec<Term>,
    set: Set,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    negated: bool,
    field: Field,
    whole: bool,
    wanted: String,
}

/// What a word is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Status,
    Kind,
    Requester,
    Order,
    Name,
    Anything,
}

/// The fields.
const FIELDS: Fields = Fields {
    told: &["status", "type", "by", "order", "name"],
    others: &["id"],
};

/// Words for several states.
const SETS: &[&str] = &["all", "decided", "open", "waiting"];

impl Term {
    /// Whether a text is meant, or part of it.
    fn is_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        if self.whole {
            text == self.wanted
        } else {
            text.contains(&self.wanted)
        }
    }

    fn takes_state(&self, status: &RequestStatus) -> bool {
        let meant = match self.wanted.as_str() {
            "all" => true,
            "decided" => !status.is_open(),
            "open" | "waiting" => status.is_open(),
            _ => self.is_in(status.as_str()) || self.is_in(status.label()),
        };
        meant != self.negated
    }

    fn takes_kind(&self, kind: &RequestKind) -> bool {
        (self.is_in(kind.as_str()) || self.is_in(kind.label())) != self.negated
    }

    fn takes(&self, request: &Request) -> bool {
        match self.field {
            Field::Status => self.takes_state(&request.status),
            Field::Kind => self.takes_kind(&request.kind),
            field => {
                let said = texts_of(request, field).iter().any(|text| self.is_in(text));
                let about_names = matches!(field, Field::Name | Field::Anything);
                (said || about_names && self.is_named(request)) != self.negated
            }
        }
    }

    /// Whether a name of the request is meant, whichever spelling it stands in.
    fn is_named(&self, request: &Request) -> bool {
        let mut names = request.common_name.iter().chain(&request.dns_names);
        if self.whole {
            return names.any(|name| names::same(name, &self.wanted));
        }
        let part = names::NamePart::new(&self.wanted);
        names.any(|name| part.is_in(&names::normalise(name)))
    }
}

impl Filter {
    /// Reads what is typed.
    pub(super) fn parse(text: &str, set: Set) -> Result<Self, FilterError> {
        let mut terms = Vec::new();
        for written in query::read(text, FIELDS)? {
            let whole = written.takes_no_limit()?;
            let field = match written.field.as_ref().map(|(field, _)| field.as_str()) {
                None => Field::Anything,
                Some("status") => Field::Status,
                Some("type") => Field::Kind,
                Some("by") => Field::Requester,
                Some("order" | "id") => Field::Order,
                Some(_) => Field::Name,
            };
            let term = Term {
                negated: written.negated,
                field,
                whole,
                wanted: written.value.clone(),
            };
            let plain = Term {
                negated: false,
                ..term.clone()
            };
            let known = match field {
                Field::Status => {
                    SETS.contains(&term.wanted.as_str())
                        || RequestStatus::KNOWN
                            .iter()
                            .any(|one| plain.takes_state(one))
                }
                Field::Kind => RequestKind::KNOWN.iter().any(|one| plain.takes_kind(one)),
                Field::Requester | Field::Order | Field::Name | Field::Anything => true,
            };
            if field == Field::Order && !term.wanted.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(written.wrong("needs digits of an order number"));
            }
            if !known {
                let states = RequestStatus::KNOWN.iter().map(RequestStatus::as_str);
                let kinds = RequestKind::KNOWN.iter().map(RequestKind::as_str);
                return Err(match field {
                    Field::Kind => written.none_of("type", kinds),
                    _ => written.none_of("status", SETS.iter().copied().chain(states)),
                });
            }
            terms.push(term);
        }
        Ok(Self { terms, set })
    }

    fn of(&self, field: Field) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.field == field)
    }

    /// Whether a request passes.
    pub(super) fn passes(&self, request: &Request) -> bool {
        self.wants_state(&request.status) && self.terms.iter().all(|term| term.takes(request))
    }

    /// Whether requests in a state are wanted.
    fn wants_state(&self, status: &RequestStatus) -> bool {
        let mut said = self.of(Field::Status).peekable();
        if said.peek().is_some() {
            return said.all(|term| term.takes_state(status));
        }
        match self.set {
            Set::Own => !self.terms.is_empty() || status.is_open(),
            Set::Waiting => status.is_open(),
            Set::Decided => !status.is_open(),
            Set::All => true,
        }
    }

    /// What has to be read for it beside the requests that wait; `None` when they are all it is about.
    pub(super) fn wanted(&self) -> Option<Wanted> {
        let decided = RequestStatus::KNOWN.iter().filter(|one| !one.is_open());
        let status: Vec<RequestStatus> = decided
            .filter(|one| self.wants_state(one))
            .cloned()
            .collect();
        if status.is_empty() {
            return None;
        }
        let all = RequestStatus::KNOWN.iter().all(|one| self.wants_state(one));
        let mut kinds = RequestKind::KNOWN
            .iter()
            .filter(|kind| self.of(Field::Kind).all(|term| term.takes_kind(kind)));
        // The account takes one kind; where the word fits several, the rows are held against it here.
        let kind = match (kinds.next(), kinds.next()) {
            (Some(one), None) => Some(one.clone()),
            _ => None,
        };
        let mut names = self.of(Field::Name).filter(|term| !term.negated);
        Some(Wanted {
            status: if all { Vec::new() } else { status },
            kind,
            // The account compares as it spells: a name of another script is held against the rows here.
            name: names
                .find(|term| term.wanted.is_ascii())
                .map(|term| term.wanted.trim_end_matches('.').to_owned()),
        })
    }
}

/// What a request says, part by part.
fn texts_of(request: &Request, field: Field) -> Vec<String> {
    match field {
        Field::Status => vec![
            request.status.as_str().into(),
            request.status.label().into(),
        ],
        Field::Kind => vec![request.kind.as_str().into(), request.kind.label().into()],
        Field::Requester => {
            let person = request.requester.iter();
            person
                .flat_map(|who| [who.name.clone(), who.email.clone()])
                .collect()
        }
        Field::Order => {
            let order = request.order.map(|id| id.to_string());
            order.into_iter().collect()
        }
        Field::Name => {
            let names = request.common_name.iter().chain(&request.dns_names);
            names.cloned().collect()
        }
        Field::Anything => {
            let told = [
                Field::Order,
                Field::Kind,
                Field::Status,
                Field::Requester,
                Field::Name,
            ];
            let mut parts: Vec<String> = told
                .iter()
                .flat_map(|field| texts_of(request, *field))
                .collect();
            parts.push(request.id.to_string());
            parts.extend(request.comments.clone());
            parts.extend(request.processor_comment.clone());
            parts.extend(request.organization.iter().map(|known| known.name.clone()));
            parts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn wanted(text: &str, set: Set) -> Option<Wanted> {
        Filter::parse(text, set).unwrap().wanted()
    }

    fn only(status: &[RequestStatus]) -> Wanted {
        Wanted {
            status: status.to_vec(),
            ..Wanted::default()
        }
    }

    #[test]
    fn a_state_says_what_has_to_be_read() {
        for text in ["", "status:pend", "status:open", "shop status:waiting"] {
            assert_eq!(wanted(text, Set::Own), None, "{text}");
        }
        let both = [RequestStatus::Approved, RequestStatus::Rejected];
        for (text, status) in [
            ("status:appr", &both[..1]),
            ("status=approved", &both[..1]),
            ("-status:approved -status:open", &both[1..]),
            ("status!=rejected -status:open", &both[..1]),
            ("status:decided by:ada", &both[..]),
            ("status:all", &[]),
        ] {
            assert_eq!(wanted(text, Set::Own), Some(only(status)), "{text}");
        }
        let narrow = wanted("status:rejected type:re name:Shop", Set::Own).unwrap();
        assert_eq!(narrow.kind, None, "reissue and revoke both begin so");
        assert_eq!(narrow.name.as_deref(), Some("shop"));
        let narrow = wanted("status:decided type:dup", Set::Own).unwrap();
        assert_eq!(narrow.kind, Some(RequestKind::Duplicate));
    }

    #[test]
    fn a_filter_finds_in_all_unless_a_set_is_chosen() {
        let both = [RequestStatus::Approved, RequestStatus::Rejected];
        assert_eq!(wanted("shop", Set::Own), Some(only(&[])));
        assert_eq!(wanted("shop", Set::Waiting), None);
        assert_eq!(wanted("shop", Set::Decided), Some(only(&both)));
        assert_eq!(wanted("", Set::Decided), Some(only(&both)));
        assert_eq!(wanted("", Set::All), Some(only(&[])));
        assert_eq!(wanted("status:open", Set::Decided), None);
    }

    #[test]
    fn a_key_goes_round_the_sets_that_differ() {
        let round = |is_filtered| {
            let mut set = Set::default();
            std::array::from_fn::<_, 3, _>(|_| {
                set = set.next(is_filtered);
                set
            })
        };
        assert_eq!(round(false), [Set::Decided, Set::All, Set::Own]);
        assert_eq!(round(true), [Set::Waiting, Set::Decided, Set::Own]);
    }

    #[rstest]
    #[case("status:isued", "isued", "use all, decided")]
    #[case("order:abc", "abc", "needs digits of an order number")]
    #[case("shop status:aproved", "aproved", "did you mean approved?")]
    #[case("type:reisue", "reisue", "did you mean reissue?")]
    #[case("requester:ada", "requester", "use status, type, by")]
    #[case("oder:12", "oder", "did you mean order?")]
    #[case("order>12", "order", "is not a number or a date")]
    #[case("status:", "status:", "needs a value")]
    fn what_is_not_understood_is_told_at_its_word(
        #[case] text: &str,
        #[case] word: &str,
        #[case] why: &str,
    ) {
        let error = Filter::parse(text, Set::Own).unwrap_err();
        assert_eq!(error.word, word, "{text}");
        assert!(text[error.at.clone()].starts_with(word), "{text}");
        assert!(error.why.contains(why), "{text}: {error}");
    }
}
