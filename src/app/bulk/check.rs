//! What is wrong with each row, and what will be sent: everything is known before the first leaves.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::judge::{Judged, Lack};
use super::used::Used;
use super::{BulkList, BulkLists, PriorCsr, Row, Standing, draft};
use crate::app::account::Account;
use crate::app::effect::{ListId, Read};
use crate::app::remote::Remote;
use crate::app::writes::{Below, Watch, Writes};
use crate::domain::draft::csr_notes;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::text::counted;
use crate::domain::write::WriteId;

/// What the journal has of CSRs that were sent, by their orders.
pub(super) type PriorCsrs = BTreeMap<OrderId, Result<Vec<PriorCsr>, Failure>>;

impl BulkLists {
    /// The journal told what was sent for an order before.
    pub(in crate::app) fn on_prior_csrs(
        &mut self,
        order: OrderId,
        result: &Result<Vec<PriorCsr>, Failure>,
        writes: &Writes,
        below: &mut Below<'_>,
    ) {
        for list in self.all.values_mut() {
            if list.orders().contains(&order) {
                list.prior.insert(order, result.clone());
                list.storing.take_if(|stored| *stored == order);
                list.recheck(writes, below);
            }
        }
    }

    /// Checks everything of a list that was not sent yet against what is known now.
    pub(in crate::app) fn recheck(&mut self, id: ListId, writes: &Writes, below: &mut Below<'_>) {
        if let Some(list) = self.all.get_mut(&id) {
            list.recheck(writes, below);
        }
    }

    /// Drafts were typed in, sent or thrown away: the rows of reissues follow.
    pub(in crate::app) fn follow_drafts(&mut self, writes: &Writes, below: &mut Below<'_>) {
        let now = below.drafts.changes;
        if std::mem::replace(&mut self.drafts_seen, now) != now {
            self.recheck(ListId::Reissues, writes, below);
        }
    }

    /// The same for all that an answer of the account concerns.
    pub(in crate::app) fn on_reply(
        &mut self,
        read: &Read,
        orders: &[OrderId],
        writes: &mut Writes,
        below: &mut Below<'_>,
    ) {
        for list in self.all.values_mut() {
            let account = &*below.account;
            let concerns = match read {
                Read::Order(id) | Read::Duplicates(id) | Read::Reissues(id) => {
                    list.orders().contains(id)
                }
                Read::Request(_) | Read::Listed(_) => {
                    list.orders().iter().any(|order| orders.contains(order))
                }
                Read::Product(name) => list.orders().iter().any(|order| {
                    let order = account.order(*order);
                    order.is_some_and(|order| order.product.name_id == *name)
                }),
                Read::Limits(_) => true,
                _ => false,
            };
            if concerns {
                list.recheck(writes, below);
            }
        }
        if let Read::Order(order) = read {
            self.read_before_sending(*order, writes, below);
            self.review_again(*order, writes, below);
        }
        if let Read::Listed(_) = read {
            self.on_listed(orders, writes, below);
        }
    }
}

impl BulkList {
    pub(super) fn recheck(&mut self, writes: &Writes, below: &mut Below<'_>) {
        let prior = std::mem::take(&mut self.prior);
        self.settle_sent(&prior, writes, below);
        if self.judge(below) {
            self.stand(&prior, writes, below);
        }
        self.prior = prior;
    }

    /// What is known of where CSRs of the orders are already.
    fn used<'a>(
        &self,
        prior: &'a PriorCsrs,
        writes: &'a Writes,
        below: &'a Below<'_>,
    ) -> HashMap<OrderId, Used<'a>> {
        let own: HashSet<&WriteId> = writes.all.iter().map(|watch| &watch.op).collect();
        let mut watches: HashMap<OrderId, Vec<&Watch>> = HashMap::new();
        for watch in &writes.all {
            if let Some(order) = watch.order {
                watches.entry(order).or_default().push(watch);
            }
        }
        let known = |order: OrderId| {
            let data = below.account.known.get(&order)?;
            let watches = watches.get(&order).map_or(&[][..], Vec::as_slice);
            let used = Used::of(prior.get(&order), data, watches, &own);
            Some((order, used))
        };
        self.orders().into_iter().filter_map(known).collect()
    }

    /// What an earlier session confirmed was sent, or was not: the journal knows.
    fn settle_sent(&mut self, all: &PriorCsrs, writes: &Writes, below: &Below<'_>) {
        let is_asked = |row: &Row| row.csr.is_some() && row.number.is_some();
        if !self.rows.iter().any(is_asked) {
            return;
        }
        let used = self.used(all, writes, below);
        for row in self.rows.iter_mut().filter(|row| row.csr.is_some()) {
            let prior = used.get(&row.order).and_then(|used| used.prior.as_ref());
            if let Some(prior) = prior {
                row.earlier = draft::sent(row, prior).or(row.earlier.take());
            }
            if row.is_open_question() {
                // Until the journal is read, nobody knows whether it was sent.
                row.standing = match (&row.earlier, &row.number) {
                    (Some(_), Some(op)) => Standing::Sent(op.clone()),
                    _ => Standing::Unchecked,
                };
                if prior.is_some() && row.earlier.is_none() {
                    row.number = None;
                }
                if let (Some(Err(failure)), true) = (all.get(&row.order), row.is_unchecked()) {
                    let words = format!("not loaded: whether it was sent: {failure}");
                    row.standing = Standing::Wrong(words);
                }
            }
        }
    }

    /// Where each row stands. What is said of one by itself stays while it is judged by the same; where its CSR is besides
    /// is looked up anew.
    fn stand(&mut self, prior: &PriorCsrs, writes: &Writes, below: &Below<'_>) {
        let used = self.used(prior, writes, below);
        let mut seen: HashMap<[u8; 32], usize> = HashMap::new();
        let mut keys: HashMap<Vec<u8>, usize> = HashMap::new();
        for at in 0..self.rows.len() {
            let Some(csr) = &self.rows[at].csr else {
                let unread = self.unread(at, prior, below);
                self.rows[at].stand_without_csr(unread);
                continue;
            };
            let (sha256, spki) = (csr.sha256, csr.spki_der.clone());
            let twice = seen.get(&sha256).map(|first| self.label(*first));
            let same_key = keys.get(&spki).map(|first| self.label(*first));
            let unread = self.unread(at, prior, below);
            let row = &mut self.rows[at];
            if row.is_sent() {
                keys.insert(spki, at);
                seen.insert(sha256, at);
                continue;
            }
            let is_queued = matches!(row.standing, Standing::Queued(_));
            if row.number.is_some() && !is_queued {
                continue;
            }
            if let Some(first) = twice {
                row.standing = Standing::Wrong(format!("the same CSR as {first}"));
                continue;
            }
            keys.insert(spki, at);
            seen.insert(sha256, at);
            let Some(used) = used.get(&row.order) else {
                row.standing = unread.unwrap_or(Standing::Unchecked);
                continue;
            };
            // That a certificate came of the present CSR is why it is taken.
            if let Some(why) = used.find(row).filter(|_| !row.is_present) {
                row.standing = Standing::Known(why);
                continue;
            }
            // What was confirmed is sent as it was shown, or not at all.
            if is_queued {
                continue;
            }
            let (Some(csr), Some(judged)) = (&row.csr, &row.judged) else {
                row.standing = match unread {
                    _ if row.dropped => Standing::LeftOut,
                    unread => unread.unwrap_or(Standing::Unchecked),
                };
                continue;
            };
            row.advice.clone_from(&judged.warnings);
            if judged.changes.is_none() {
                let key = csr_notes::key_note(csr, &self.known, true);
                row.advice.extend(key.map(|note| note.text));
            }
            row.advice.extend_from_slice(&judged.advice);
            if let Some(lost) = used.lost.get(csr.der.as_slice()) {
                row.advice.push(format!("Sent before: {}.", lost.words()));
            }
            if let Some(first) = same_key {
                let words = format!("The same key as {first}: two servers would share it.");
                row.advice.push(words);
            }
            let blocked = || {
                let blocked = self.blocked.clone();
                blocked.unwrap_or_else(|| "it cannot be sent".into())
            };
            row.standing = match unread {
                _ if row.dropped => Standing::LeftOut,
                Some(unread) => unread,
                None => judged.standing(row.trouble.as_deref(), blocked),
            };
        }
    }

    /// How a reissue stands while what it stands on is not there: its order as it is now, what the journal has of it, and
    /// where they are needed all of its certificates.
    fn unread(&self, at: usize, prior: &PriorCsrs, below: &Below<'_>) -> Option<Standing> {
        if self.id != ListId::Reissues {
            return None;
        }
        let row = &self.rows[at];
        let data = below.account.known.get(&row.order);
        let failure = data.and_then(|data| data.order.failure());
        let journal = prior.get(&row.order);
        if let Some(failure) = failure.or(journal.and_then(|prior| prior.as_ref().err())) {
            return Some(Standing::Wrong(format!("not loaded: {failure}")));
        }
        // A later read changes the row once it came: until then it stands as it was.
        let is_read = data.is_some_and(|data| {
            let lists = [&data.duplicates, &data.reissues];
            let first = |list: &Remote<_>| list.is_loading() && list.value().is_none();
            data.order.value().is_some()
                && data.order.asked() > self.read_from
                && !lists.into_iter().any(first)
        });
        (!is_read || journal.is_none()).then_some(Standing::Unchecked)
    }

    /// What a row is called where another is compared with it.
    fn label(&self, at: usize) -> String {
        format!("row {} ({})", at + 1, self.rows[at].name)
    }

    /// Whether the journal of one of its orders could not be read.
    pub fn lacks_journal(&self) -> bool {
        self.prior.values().any(Result::is_err)
    }

    /// Whether rows of it are still being read, or keys made: the review begins once that is done.
    pub fn is_preparing(&self) -> bool {
        let is_open = |row: &Row| row.is_unchecked() || row.making;
        self.reading > 0
            || self.storing.is_some()
            || (self.id == ListId::Reissues && self.rows.iter().any(is_open))
    }

    /// Why the review cannot begin yet.
    pub(in crate::app) fn not_yet(&self, account: &Account) -> Option<String> {
        if let Some(why) = &self.blocked {
            return Some(why.clone());
        }
        if self.reading > 0 {
            return Some("The files are still loading.".into());
        }
        match self.id {
            ListId::Duplicates(order) => self.unread_order(order, account),
            ListId::Reissues => self.unread_rows(),
        }
        .or_else(|| {
            let nothing = self.ready().next().is_none();
            nothing.then(|| match (self.id, self.rows.is_empty()) {
                (_, false) => "No row is ready to be sent; each row shows why.".to_owned(),
                (ListId::Duplicates(_), true) => {
                    "There is no CSR yet: enter files or a folder, or paste some.".to_owned()
                }
                (ListId::Reissues, true) => {
                    "There is no order here: mark some in the list of orders.".to_owned()
                }
            })
        })
    }

    fn unread_rows(&self) -> Option<String> {
        if let Some(Err(error)) = self.settings.files() {
            return Some(format!("{error}."));
        }
        let making = self.rows.iter().filter(|row| row.making).count();
        let reading = self.rows.iter().filter(|row| row.is_unchecked()).count();
        if reading > 0 {
            let orders = counted(reading, "order is", "orders are");
            return Some(format!(
                "{orders} still loading; the review opens by itself."
            ));
        }
        (making > 0).then(|| "Keys are being generated; the review opens by itself.".to_owned())
    }

    fn unread_order(&self, order: OrderId, account: &Account) -> Option<String> {
        let data = account.known.get(&order);
        let unread = |failure: Option<&Failure>, what: &str| match failure {
            Some(failure) => format!("{what} not loaded: {failure}"),
            None => format!("{what} not loaded yet; try again in a moment."),
        };
        let Some(data) = data.filter(|data| data.order.value().is_some()) else {
            let failure = data.and_then(|data| data.order.failure());
            return Some(unread(failure, "The order is"));
        };
        // What was read before, or could not be read anew, says nothing of what is there now.
        if !data.order.is_since(self.opened.since) {
            return Some(unread(data.order.failure(), "The order is"));
        }
        for (remote, what) in [
            (&data.duplicates, "The order's duplicates are"),
            (&data.reissues, "The order's reissues are"),
        ] {
            if !remote.is_since(self.opened.since) {
                return Some(unread(remote.failure(), what));
            }
        }
        let failed = data.requests.values().find_map(Remote::failure);
        if failed.is_some() || data.requests.values().any(Remote::is_loading) {
            return Some(unread(failed, "The order's requests are"));
        }
        match self.prior.get(&order) {
            None => Some(unread(None, "The journal is")),
            Some(Err(failure)) => Some(unread(Some(failure), "The journal is")),
            Some(Ok(_)) => None,
        }
    }
}

impl Row {
    fn is_unchecked(&self) -> bool {
        self.standing == Standing::Unchecked
    }

    /// A row of a reissue stands without a CSR too: what is wrong with it is known before its key is made.
    fn stand_without_csr(&mut self, unread: Option<Standing>) {
        if self.unreadable.is_some() || self.is_confirmed() {
            return;
        }
        self.advice.clear();
        self.standing = match (unread, &self.judged) {
            _ if self.dropped => Standing::LeftOut,
            (Some(unread), _) => unread,
            (None, None) => Standing::Unchecked,
            (None, Some(judged)) => {
                self.advice.extend_from_slice(&judged.advice);
                judged.standing(self.trouble.as_deref(), || "it cannot be sent".to_owned())
            }
        };
    }
}

impl Judged {
    fn standing(&self, trouble: Option<&str>, blocked: impl FnOnce() -> String) -> Standing {
        match (&self.sends, trouble) {
            (_, Some(why)) => Standing::Wrong(why.to_owned()),
            (Ok(outgoing), None) => Standing::Ready(outgoing.clone()),
            (Err(Lack::Key(kind)), None) => Standing::AwaitsKey(*kind),
            (Err(Lack::Wrong(why)), None) => Standing::Wrong(why.clone().unwrap_or_else(blocked)),
        }
    }
}
