//! Reading requests: those in other states page by page, as the filter asks for them, and one in full when the cursor
//! rests on it.

use super::RequestsScreen;
use crate::app::account::{Account, is_unread};
use crate::app::effect::{Effect, Read};
use crate::app::remote::Remote;
use crate::app::turn::Turn;
use crate::domain::ids::RequestId;
use crate::domain::request::Wanted;
use jiff::Timestamp;

impl RequestsScreen {
    /// Reads the first page of what the filter asks for, unless that is what there is already, or all of it is among what
    /// there is.
    pub(super) fn want(&mut self, account: &mut Account) -> Option<Effect> {
        let wanted = self.in_force.wanted();
        let others = &account.requests.others;
        let is_whole = others.next.is_none() && matches!(others.page, Remote::Ready { .. });
        let holds = is_whole && is_within(wanted.as_ref(), others.wanted.as_ref());
        if wanted == others.wanted || (wanted.is_some() && holds) {
            return None;
        }
        self.want_these(wanted, account)
    }

    /// Reads what the filter that is being typed looks through, unless that is being read or there already. A name is
    /// looked for in what comes: asking the account anew for each letter of it would be a call a letter.
    pub(in crate::app) fn want_typed(
        &mut self,
        now: Timestamp,
        account: &mut Account,
    ) -> Option<Effect> {
        self.due.take_if(|due| *due <= now)?;
        let wanted = self.in_force.wanted();
        let wanted = wanted.map(|wanted| Wanted {
            name: None,
            ..wanted
        });
        let before = account.requests.others.wanted.as_ref();
        if wanted.is_none() || is_within(wanted.as_ref(), before) {
            return None;
        }
        self.want_these(wanted, account)
    }

    fn want_these(&mut self, wanted: Option<Wanted>, account: &mut Account) -> Option<Effect> {
        account.requests.want(wanted);
        self.refresh(&account.requests);
        account.read_others()
    }

    /// Reads the next page once the cursor comes near the end of the rows that are seen, or the filter lets too few
    /// through. After a failure nothing is read until it is asked for.
    pub(in crate::app) fn next_page(&self, rows: usize, account: &mut Account) -> Option<Effect> {
        let others = &account.requests.others;
        let rests = matches!(others.page, Remote::Ready { .. });
        if !rests || self.cursor.at + rows < self.view.len() {
            return None;
        }
        let read = Read::RequestPage(others.wanted.clone()?, others.next?);
        Some(account.read(read))
    }

    /// Reads a request of the list in full that is not known so, or changed since.
    pub(in crate::app) fn look_closer(
        &mut self,
        id: RequestId,
        account: &mut Account,
        turn: &mut Turn,
    ) {
        if !account.is_connected() {
            return;
        }
        let requests = &account.requests;
        let Some(row) = requests.listed(id) else {
            return;
        };
        if !is_unread(requests.details.get(&id), &row.status) {
            return;
        }
        // Its order has it already, or it is on its way for that.
        let of_order = row.order.and_then(|order| account.known.get(&order));
        let of_order = of_order.and_then(|data| data.requests.get(&id));
        match of_order.filter(|full| !is_unread(Some(full), &row.status)) {
            Some(full) => {
                let full = full.clone();
                account.requests.details.insert(id, full);
                account.requests.merge();
                self.refresh(&account.requests);
            }
            None => turn.push(account.read(Read::Request(id))),
        }
    }
}

/// Whether all that is wanted is among what was wanted before.
fn is_within(wanted: Option<&Wanted>, before: Option<&Wanted>) -> bool {
    let (Some(wanted), Some(before)) = (wanted, before) else {
        return false;
    };
    let all = before.status.is_empty();
    let some =
        !wanted.status.is_empty() && wanted.status.iter().all(|one| before.status.contains(one));
    (all || some)
        && (before.kind.is_none() || before.kind == wanted.kind)
        && (before.name.is_none() || before.name == wanted.name)
}
