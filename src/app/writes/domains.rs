//! What was sent about a domain of the account for no order, and got no answer: the domain itself tells what came of it.

use super::{Below, Writes, outcome};
use crate::app::effect::Effect;
use crate::app::remote::Ticket;
use crate::app::status::Tone;
use crate::domain::dcv::Domain;
use crate::domain::failure::Failure;
use crate::domain::ids::DomainId;
use crate::domain::write::{Entry, Found, WriteId};

impl Writes {
    /// A domain was read, or was not.
    pub fn on_domain(
        &mut self,
        ticket: Ticket,
        id: DomainId,
        result: Result<&Domain, &Failure>,
        below: &mut Below<'_>,
    ) {
        let lost = self.all.iter().filter(|watch| {
            watch.order.is_none() && watch.outgoing.domain() == Some(id) && watch.is_lost()
        });
        let ops: Vec<WriteId> = lost.map(|watch| watch.op.clone()).collect();
        for op in ops {
            self.told_by_domain(&op, ticket, result, below);
        }
    }

    fn told_by_domain(
        &mut self,
        op: &WriteId,
        ticket: Ticket,
        result: Result<&Domain, &Failure>,
        below: &mut Below<'_>,
    ) {
        let Some(watch) = self.get_mut(op) else {
            return;
        };
        // What was asked for before the look began is no answer to it.
        if ticket <= watch.mark {
            return;
        }
        let domain = match result {
            Ok(domain) => domain,
            Err(failure) => return self.not_there(op, Some(failure), below),
        };
        let is_untold = outcome::is_untold(&watch.outgoing, &watch.before);
        let shown = outcome::shown_by(domain, &watch.outgoing, &watch.before);
        // What changes long after may be of anybody.
        let Some(fact) = shown.filter(|_| is_untold || !watch.is_given_up()) else {
            return self.not_there(op, None, below);
        };
        watch.stage.after(fact);
        watch.due = None;
        watch.trouble = None;
        let words = format!("{}: {}", watch.name, watch.words());
        let (tone, entry) = if is_untold {
            (Tone::Warn, Entry::Dismissed)
        } else {
            (Tone::Info, Entry::Found(Found::Done))
        };
        let op = op.clone();
        below.turn.push(Effect::Journal {
            op: op.clone(),
            entry,
        });
        self.announce(&op, tone, words, below);
    }
}
