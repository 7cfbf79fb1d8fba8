//! The question before something is asked of domains of the account: of one, or of all that are marked.

use super::asking::{MOST_LISTED, MOST_READ, Seen, asked};
use super::{Asking, QuestionField, What, answer};
use crate::app::account::Account;
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::popups::Popup;
use crate::app::remote::Opened;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::dcv::{DcvMethod, Domain};
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::DomainId;
use crate::domain::text::{counted, sanitise};
use crate::domain::write::Stage;

/// Asks what an operation on domains needs, and shows what it sends. Those that it cannot be done to are left out, and that is
/// said; where there are no others, why.
pub(in crate::app) fn ask(
    popups: &mut Vec<Popup>,
    operation: DomainOperation,
    domains: Vec<DomainId>,
    cx: &mut Cx<'_>,
) {
    let (left_out, domains): (Vec<_>, Vec<_>) = domains
        .into_iter()
        .map(|id| (id, why_not(cx.engine, operation, id)))
        .partition(|(_, why)| why.is_some());
    let domains: Vec<DomainId> = domains.into_iter().map(|(id, _)| id).collect();
    if domains.is_empty() {
        let why = left_out.into_iter().find_map(|(id, why)| Some((id, why?)));
        if let Some((id, why)) = why {
            let name = name(&cx.engine.account, id);
            let words = format!("{}: {why}.", sanitise(&name));
            cx.turn.set_status(Tone::Warn, words);
        }
        return;
    }
    let account = &mut cx.engine.account;
    let opened = Opened {
        since: account.mark(),
        known: None,
    };
    let mut asking = Asking {
        title: String::new(),
        words: Vec::new(),
        what: What::Domains {
            operation,
            domains: domains.clone(),
            seen: Vec::new(),
            left_out: left_out.into_iter().map(|(id, _)| id).collect(),
        },
        fields: asked(fields(account, operation, &domains)),
        opened,
        sent_before: Vec::new(),
        served: None,
        order: None,
    };
    asking.tell_domains(cx.engine);
    popups.push(Popup::Asking(Box::new(asking)));
    // Each anew: somebody may have changed it since it was listed.
    cx.turn.extend(
        cx.engine
            .account
            .read_in_full(domains.into_iter().take(MOST_READ)),
    );
}

/// Why an operation cannot be done to a domain now.
pub fn why_not(engine: &Engine, operation: DomainOperation, id: DomainId) -> Option<String> {
    let Some(domain) = engine.account.domains.get(id) else {
        return Some("it is no longer in the account".into());
    };
    let under_way = engine.writes.all.iter().any(|watch| {
        watch.outgoing.kind == operation.kind()
            && watch.outgoing.domain() == Some(id)
            && matches!(watch.stage, Stage::Sending | Stage::LookingUp(_))
    });
    if under_way {
        return Some("the same is under way; its response has not arrived yet".into());
    }
    operation.why_not(domain)
}

fn fields(
    account: &Account,
    operation: DomainOperation,
    domains: &[DomainId],
) -> Vec<(QuestionField, crate::app::fields::Input)> {
    if operation != DomainOperation::Method {
        return Vec::new();
    }
    let mut methods = domains
        .iter()
        .filter_map(|id| account.domains.get(*id)?.method.clone());
    let first = methods.next();
    let in_use = first.filter(|first| methods.all(|method| method == *first));
    let methods = answer::methods(DcvMethod::OFFERED, in_use.as_ref());
    vec![(QuestionField::Method, methods)]
}

fn name(account: &Account, id: DomainId) -> String {
    let domain = account.domains.get(id);
    domain.map_or_else(|| format!("domain {id}"), |domain| domain.name.clone())
}

/// A domain and how it is validated now.
fn words_of(domain: &Domain) -> String {
    let mut words = domain.name.clone();
    if let Some(organization) = &domain.organization {
        words = format!("{words} ({organization})");
    }
    if let Some(method) = &domain.method {
        words = format!("{words}, now by {}", method.label());
    }
    words
}

impl Asking {
    /// What it does, and to which domains.
    fn tell_domains(&mut self, engine: &Engine) {
        let What::Domains {
            operation,
            domains,
            seen,
            left_out,
        } = &mut self.what
        else {
            return;
        };
        let account = &engine.account;
        *seen = domains
            .iter()
            .filter_map(|id| {
                let domain = account.domains.get(*id)?;
                Some((*id, domain.method.clone(), domain.token.clone()))
            })
            .collect();
        self.title = match domains.len() {
            1 => operation.label().to_owned(),
            many => format!("{}: {many} domains", operation.label_of_many()),
        };
        let listed = if domains.len() > MOST_LISTED {
            MOST_LISTED - 1
        } else {
            MOST_LISTED
        };
        let known = domains.iter().take(listed);
        let mut words: Vec<String> = known
            .filter_map(|id| Some(words_of(account.domains.get(*id)?)))
            .collect();
        if domains.len() > listed {
            words.push(format!("and {} more", domains.len() - listed));
        }
        if domains.len() > MOST_READ {
            words.push(format!(
                "Only the first {MOST_READ} are reloaded before this is sent."
            ));
        }
        if !left_out.is_empty() {
            let named: Vec<String> = left_out
                .iter()
                .take(4)
                .map(|id| name(account, *id))
                .collect();
            let more = left_out.len() - named.len();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            words.push(format!(
                "Excluded, since it cannot be done there: {}{more}.",
                named.join(", ")
            ));
        }
        words.extend(operation.consequence().map(str::to_owned));
        if let ([id], DomainOperation::Emails) = (domains.as_slice(), operation)
            && let Some(mailed) = account.domains.get(*id).map(|domain| &domain.mailed)
            && !mailed.is_empty()
        {
            words.push(format!("Recipients: {}.", mailed.join(", ")));
        }
        self.words = words;
    }
}

/// A domain was read: what a question says of it follows. One that it cannot be done to any more leaves the question, which
/// closes where no other is left.
pub(in crate::app) fn on_domain(
    popups: &mut Vec<Popup>,
    id: DomainId,
    engine: &Engine,
    turn: &mut Turn,
) {
    let at = popups.iter().rposition(|popup| {
        matches!(popup, Popup::Asking(asking) if matches!(asking.what, What::Domains { .. }))
    });
    let Some(Popup::Asking(asking)) = at.and_then(|at| popups.get_mut(at)) else {
        return;
    };
    let What::Domains {
        operation,
        domains,
        left_out,
        seen,
    } = &mut asking.what
    else {
        return;
    };
    let of = |seen: &[Seen]| seen.iter().find(|(one, ..)| *one == id).cloned();
    let known = of(seen);
    // A read of another says nothing of these.
    if !domains.contains(&id) {
        return;
    }
    let operation = *operation;
    let mut gone: Vec<(DomainId, String)> = Vec::new();
    domains.retain(|id| match why_not(engine, operation, *id) {
        Some(why) => {
            gone.push((*id, why));
            false
        }
        None => true,
    });
    left_out.extend(gone.iter().map(|(id, _)| *id));
    let left = domains.len();
    let before = (asking.title.clone(), asking.words.clone());
    // What it waited for is there; what is said of a read that failed stays.
    let read = engine.account.domains.details.get(&id);
    if read.is_some_and(|read| read.failure().is_none()) {
        asking.fields.error = None;
    }
    asking.tell_domains(engine);
    let now = match &asking.what {
        What::Domains { seen, .. } => of(seen),
        _ => None,
    };
    // A random value that was not known is no change.
    let is_other_value = match (known, now) {
        (Some((_, _, Some(before))), Some((_, _, now))) => now.as_ref() != Some(&before),
        _ => false,
    };
    turn.changed |= is_other_value || (&asking.title, &asking.words) != (&before.0, &before.1);
    if left > 0 {
        return;
    }
    if let Some((id, why)) = gone.first() {
        let name = name(&engine.account, *id);
        let words = format!("{}: {why}. Nothing was sent.", sanitise(&name));
        turn.set_status(Tone::Warn, words);
    }
    if let Some(at) = at {
        popups.remove(at);
    }
}

/// What a question is about, in a sentence.
pub(in crate::app) fn named(domains: &[DomainId]) -> String {
    match domains {
        [one] => format!("domain {one}"),
        many => counted(many.len(), "domain", "domains"),
    }
}
