//! A desk is open all day: the oldest of what is over goes. The journal has it all.

use std::collections::HashSet;

use super::{Watch, Writes, resend};
use crate::domain::write::{Stage, WriteId};

/// Watches that are over and stay: of those with something red, and of the others.
const OVER: usize = 100;

/// How many more there may be, so that not every write looks for them.
const SPARE: usize = 50;

impl Writes {
    /// Forgets the oldest of what is over; `listed` is what a list of CSRs tells its rows by.
    pub fn prune(&mut self, listed: &HashSet<WriteId>) {
        let over = self.all.iter().filter(|watch| !watch.looks_on());
        let (red, plain): (Vec<&Watch>, Vec<&Watch>) = over.partition(|watch| is_red(watch));
        if red.len().max(plain.len()) <= OVER + SPARE {
            return;
        }
        // What is lost is told from what was sent again since.
        let lost: Vec<&Watch> = self.all.iter().filter(|watch| watch.is_lost()).collect();
        let is_needed = |watch: &Watch| {
            listed.contains(&watch.op) || lost.iter().any(|lost| is_alike(lost, watch))
        };
        let old = [red, plain]
            .into_iter()
            .flat_map(|all| all.into_iter().skip(OVER));
        let gone: HashSet<WriteId> = old
            .filter(|watch| !is_needed(watch))
            .map(|watch| watch.op.clone())
            .collect();
        self.all.retain(|watch| !gone.contains(&watch.op));
    }
}

fn is_red(watch: &Watch) -> bool {
    matches!(&watch.stage, Stage::Issued { problems, .. } if !problems.is_empty())
}

fn is_alike(lost: &Watch, watch: &Watch) -> bool {
    let reference = lost.outgoing.reference();
    resend::is_same(&lost.outgoing, &watch.outgoing)
        || (reference.is_some() && reference == watch.outgoing.reference())
}
