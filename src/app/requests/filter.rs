//! The filter of the requests: words, and terms for one thing each. Without a `status:` it is about what waits; with
//! one it says which others are wanted, and how much of that the account can filter by itself.

use crate::domain::request::{Request, Wanted};
use crate::domain::status::{RequestKind, RequestStatus};

/// A filter as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filter {
    terms: Vec<(Term, String)>,
}

/// What a word is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Term {
    Status,
    Kind,
    Requester,
    Order,
    Name,
    Anything,
}

impl Filter {
    /// Reads what is typed. A term without a word yet holds nothing back.
    pub(super) fn parse(text: &str) -> Self {
        let text = text.to_lowercase();
        let terms = text.split_whitespace().map(|word| {
            let known = |name: &str| {
                Some(match name {
                    "status" => Term::Status,
                    "type" => Term::Kind,
                    "by" => Term::Requester,
                    "order" => Term::Order,
                    "name" => Term::Name,
                    _ => return None,
                })
            };
            let term = word.split_once(':');
            match term.and_then(|(name, wanted)| Some((known(name)?, wanted))) {
                Some((term, wanted)) => (term, wanted.to_owned()),
                None => (Term::Anything, word.to_owned()),
            }
        });
        Self {
            terms: terms.filter(|(_, wanted)| !wanted.is_empty()).collect(),
        }
    }

    fn of(&self, term: Term) -> impl Iterator<Item = &str> {
        let of_term = self.terms.iter().filter(move |(one, _)| *one == term);
        of_term.map(|(_, wanted)| wanted.as_str())
    }

    /// Whether a request passes.
    pub(super) fn passes(&self, request: &Request) -> bool {
        self.wants_state(&request.status)
            && self.terms.iter().all(|(term, wanted)| match term {
                Term::Status => true,
                term => within(&text_of(request, *term), wanted),
            })
    }

    /// Whether requests in a state are wanted: those that wait, unless it is said which.
    fn wants_state(&self, status: &RequestStatus) -> bool {
        let mut said = self.of(Term::Status).peekable();
        if said.peek().is_none() {
            return status.is_open();
        }
        said.all(|word| match word {
            "all" => true,
            "decided" => !status.is_open(),
            "open" | "waiting" => status.is_open(),
            word => within(&words(status.as_str(), status.label()), word),
        })
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
        let all = self.of(Term::Status).all(|word| word == "all");
        let mut kinds = RequestKind::KNOWN.iter().filter(|kind| {
            let mut said = self.of(Term::Kind);
            said.all(|word| within(&words(kind.as_str(), kind.label()), word))
        });
        // The account takes one kind; where the word fits several, the rows are held against it here.
        let kind = match (kinds.next(), kinds.next()) {
            (Some(one), None) => Some(one.clone()),
            _ => None,
        };
        Some(Wanted {
            status: if all { Vec::new() } else { status },
            kind,
            name: self.of(Term::Name).next().map(str::to_owned),
        })
    }
}

/// The filter for the next set of requests: those that wait, those that are decided, all.
pub(super) fn next_set(text: &str) -> String {
    let is_status = |word: &&str| word.to_lowercase().starts_with("status:");
    let now = text.split_whitespace().find(is_status).unwrap_or_default();
    let mut words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !is_status(word))
        .collect();
    match now.to_lowercase().as_str() {
        "status:decided" => words.insert(0, "status:all"),
        "status:all" => {}
        _ => words.insert(0, "status:decided"),
    }
    words.join(" ")
}

fn within(text: &str, wanted: &str) -> bool {
    text.to_lowercase().contains(wanted)
}

fn words(one: &str, other: &str) -> String {
    format!("{one} {other}")
}

fn text_of(request: &Request, term: Term) -> String {
    match term {
        Term::Status => words(request.status.as_str(), request.status.label()),
        Term::Kind => words(request.kind.as_str(), request.kind.label()),
        Term::Requester => {
            let person = request.requester.as_ref();
            person.map_or_else(String::new, |who| words(&who.name, &who.email))
        }
        Term::Order => request.order.map_or_else(String::new, |id| id.to_string()),
        Term::Name => {
            let names = request.common_name.iter().chain(&request.dns_names);
            names.cloned().collect::<Vec<_>>().join(" ")
        }
        Term::Anything => {
            let organization = request.organization.as_ref();
            let told = [
                Term::Order,
                Term::Kind,
                Term::Status,
                Term::Requester,
                Term::Name,
            ];
            let mut parts: Vec<String> = told.map(|term| text_of(request, term)).into();
            parts.push(request.id.to_string());
            parts.extend(request.comments.clone());
            parts.extend(request.processor_comment.clone());
            parts.extend(organization.map(|known| known.name.clone()));
            parts.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_says_what_has_to_be_read() {
        let wanted = |text: &str| Filter::parse(text).wanted();
        let only = |status: &[RequestStatus]| {
            Some(Wanted {
                status: status.to_vec(),
                ..Wanted::default()
            })
        };
        for text in [
            "",
            "shop",
            "status:",
            "status:pend",
            "status:open",
            "type:reissue",
        ] {
            assert_eq!(wanted(text), None, "{text}");
        }
        assert_eq!(wanted("status:appr"), only(&[RequestStatus::Approved]));
        let both = [RequestStatus::Approved, RequestStatus::Rejected];
        assert_eq!(wanted("status:decided by:ada"), only(&both));
        assert_eq!(wanted("status:all"), only(&[]));
        let narrow = wanted("status:rejected type:re name:Shop").unwrap();
        assert_eq!(narrow.kind, None, "reissue and revoke both begin so");
        assert_eq!(narrow.name.as_deref(), Some("shop"));
        let narrow = wanted("status:decided type:dup").unwrap();
        assert_eq!(narrow.kind, Some(RequestKind::Duplicate));
    }

    #[test]
    fn a_key_goes_round_the_sets_and_keeps_the_rest() {
        let mut text = "by:ada".to_owned();
        let mut seen = Vec::new();
        for _ in 0..3 {
            text = next_set(&text);
            seen.push(text.clone());
        }
        assert_eq!(
            seen,
            ["status:decided by:ada", "status:all by:ada", "by:ada"]
        );
        assert_eq!(next_set("status:pending"), "status:decided");
    }
}
