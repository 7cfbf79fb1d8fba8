//! The plan: what the account's certificates need, week by week, and which orders those are.
//!
//! It is counted from the list of orders while somebody looks at it, so many rows at a time, and anew where the list became
//! another: once a second while that goes on.

use std::collections::HashSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxBuildHasher;

use crate::app::account::Account;
use crate::app::account::rows::{Day, Lookup, OrderRow};
use crate::app::cursor::Cursor;
use crate::domain::names::{registered_domain, tail};
use crate::domain::plan::{Need, Slot, Tally, WEEKS, Weeks, slot};

/// Rows of the plan: what is overdue, the weeks, and what is later.
pub const ROWS: usize = WEEKS + 2;

/// Orders that are counted in one turn, and bytes of their names: a few milliseconds.
const STEP: (usize, usize) = (16_384, 1 << 20);

/// Between two counts of a list that changes.
const PAUSE: SignedDuration = SignedDuration::from_secs(1);

/// Which of a row's certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    All,
    Needs(Need),
    /// Those that something stands in the way of.
    Blocked,
}

impl Kind {
    /// All, as they stand side by side.
    pub const ALL: [Self; 6] = [
        Self::All,
        Self::Needs(Need::Reissue),
        Self::Needs(Need::Renew),
        Self::Needs(Need::Waiting),
        Self::Needs(Need::Done),
        Self::Blocked,
    ];

    /// The word for it; the same as filters have.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "expire",
            Self::Needs(need) => need.word(),
            Self::Blocked => "blocked",
        }
    }

    /// How many there are of it.
    pub fn count(self, tally: &Tally) -> u32 {
        match self {
            Self::All => tally.expire,
            Self::Needs(need) => tally.of(need),
            Self::Blocked => tally.blocked,
        }
    }
}

/// What the certificates of the account need.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The weeks of its rows.
    pub weeks: Weeks,
    /// What is overdue, the weeks, and what is later.
    pub rows: [Tally; ROWS],
    /// Public TLS certificates in use that nothing replaces yet.
    pub certificates: u32,
    /// Domains, as they are registered, that those are for.
    pub domains: u32,
}

impl Plan {
    /// The row of what expires on a day.
    pub fn row_of(&self, day: Date) -> usize {
        self.weeks.firsts().partition_point(|first| *first <= day)
    }
}

/// The plan of all orders that are known, counted in one go.
pub fn counted(account: &Account, today: Date) -> Plan {
    let mut counting = Counting::new(Basis::of(account, today));
    while !counting.go_on(account) {}
    counting.plan
}

/// What a plan was counted from.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Basis {
    orders: (u32, usize),
    len: usize,
    today: Date,
    /// [`Requests::revision`](crate::app::account::requests::Requests::revision)
    requests: u64,
    /// [`Domains::revision`](crate::app::account::Domains::revision)
    domains: u64,
}

impl Basis {
    fn of(account: &Account, today: Date) -> Self {
        Self {
            orders: account.orders.revision(),
            len: account.orders.len(),
            today,
            requests: account.requests.revision,
            domains: account.domains.revision,
        }
    }
}

/// A plan that is being counted.
#[derive(Debug, Clone, PartialEq)]
struct Counting {
    basis: Basis,
    plan: Plan,
    /// The next order.
    at: u32,
    domains: HashSet<Box<str>, FxBuildHasher>,
    /// [`Weeks::firsts`], as rows hold days.
    firsts: [Option<u32>; WEEKS + 1],
}

/// The screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanScreen {
    pub cursor: Cursor,
    /// Which number of the row is looked at: [`Kind::ALL`].
    pub column: usize,
    /// When it is to be counted anew.
    pub due: Option<Timestamp>,
    /// When it was last begun to be counted.
    began: Option<Timestamp>,
    made: Option<(Basis, Plan)>,
    counting: Option<Counting>,
}

impl PlanScreen {
    /// The plan, as far as it is counted.
    pub fn plan(&self) -> Option<&Plan> {
        let made = self.made.as_ref().map(|(_, plan)| plan);
        made.or_else(|| Some(&self.counting.as_ref()?.plan))
    }

    /// Whether it is being counted.
    pub fn is_counting(&self) -> bool {
        self.counting.is_some()
    }

    /// Which certificates of the row under the cursor are looked at.
    pub fn kind(&self) -> Kind {
        Kind::ALL.get(self.column).copied().unwrap_or(Kind::All)
    }

    /// Looks at the next number of the row, or the one before it.
    pub(in crate::app) fn step(&mut self, by: isize) {
        let columns = Kind::ALL.len();
        self.column = (self.column + columns).saturating_add_signed(by) % columns;
    }

    /// The filter that lists what is under the cursor; `None` where that is nothing.
    pub fn filter(&self) -> Option<String> {
        let plan = self.plan()?;
        let (at, kind) = (self.cursor.at, self.kind());
        let tally = plan.rows.get(at)?;
        if kind.count(tally) == 0 {
            return None;
        }
        let when = match slot(at) {
            Slot::Overdue => "due:overdue".to_owned(),
            Slot::Week(week) => {
                let (first, last) = plan.weeks.span(week);
                format!("expires>={first} expires<={last}")
            }
            Slot::Later => format!("expires>={}", plan.weeks.end()),
        };
        Some(match (kind, slot(at)) {
            (Kind::All, Slot::Overdue) => when,
            (Kind::All, _) => format!("{when} due:any"),
            _ => format!("{when} due:{}", kind.word()),
        })
    }

    /// The number under the cursor, in words.
    pub(in crate::app) fn told(&self) -> String {
        let tally = self.plan().and_then(|plan| plan.rows.get(self.cursor.at));
        let (kind, tally) = (self.kind(), tally.copied().unwrap_or_default());
        let (first, rest) = kind.word().split_at(1);
        format!("{}{rest}: {}", first.to_uppercase(), kind.count(&tally))
    }

    /// Counts anew where the list is another than the one that was counted, and goes on where that is under way. A list that
    /// grows piece by piece is counted once a second.
    pub(in crate::app) fn refresh(&mut self, account: &Account, today: Date, now: Timestamp) {
        let basis = Basis::of(account, today);
        self.due = None;
        if self.made.as_ref().is_some_and(|(made, _)| *made == basis) {
            self.counting = None;
            return;
        }
        // Places of rows hold as long as none is removed: what came meanwhile is counted the next time.
        let of = |counting: &Counting| {
            (counting.basis.orders.0, counting.basis.today) == (basis.orders.0, today)
        };
        if !self.counting.as_ref().is_some_and(of) {
            let next = self.next_count();
            let is_early = next.is_some_and(|next| now < next) && self.began <= Some(now);
            if self.counting.is_none() && self.made.is_some() && is_early {
                self.due = next;
                return;
            }
            self.counting = Some(Counting::new(basis));
            self.began = Some(now);
        }
        self.go_on(account);
        if self.counting.is_none() && self.made.as_ref().is_some_and(|(made, _)| *made != basis) {
            self.due = self.next_count();
        }
    }

    /// When a list that goes on changing is counted the next time.
    fn next_count(&self) -> Option<Timestamp> {
        self.began.and_then(|began| began.checked_add(PAUSE).ok())
    }

    /// Counts some more orders.
    fn go_on(&mut self, account: &Account) {
        let Some(counting) = &mut self.counting else {
            return;
        };
        if counting.go_on(account) {
            let done = self.counting.take();
            self.made = done.map(|done| (done.basis, done.plan));
        }
    }
}

impl Counting {
    fn new(basis: Basis) -> Self {
        let weeks = Weeks::from(basis.today);
        Self {
            firsts: weeks.firsts().map(|first| Day::from(Some(first)).number()),
            basis,
            plan: Plan {
                weeks,
                rows: [Tally::default(); ROWS],
                certificates: 0,
                domains: 0,
            },
            at: 0,
            domains: HashSet::default(),
        }
    }

    /// Counts some more orders. Whether all are counted.
    fn go_on(&mut self, account: &Account) -> bool {
        let orders = &account.orders;
        let lookup = Lookup::of(orders, &account.domains, self.basis.today);
        let end = (self.at as usize + STEP.0).min(orders.len());
        let mut names = 0;
        while (self.at as usize) < end && names < STEP.1 {
            if let Some(row) = orders.at(self.at) {
                self.count(row, &lookup, account);
                names += row.names_text().len();
            }
            self.at += 1;
        }
        self.plan.domains = self.domains.len() as u32;
        self.at as usize >= self.basis.len
    }

    fn count(&mut self, row: OrderRow<'_>, lookup: &Lookup<'_>, account: &Account) {
        let has_requests = account.requests.replacing.contains(&row.id);
        let standing = lookup.standing(row, has_requests);
        let Some((standing, need)) = standing.and_then(|of| Some((of, of.need()?))) else {
            return;
        };
        let ends = row.valid_till.number();
        let begun = self.firsts.partition_point(|first| *first <= ends);
        let is_overdue = slot(begun) == Slot::Overdue;
        if is_overdue && !lookup.is_open(row) {
            return;
        }
        self.plan.rows[begun].count(need, standing.is_blocked());
        if is_overdue || need == Need::Done || !lookup.is_public(row) {
            return;
        }
        self.plan.certificates += 1;
        let mut last = "";
        for name in row.names_text().split('\n') {
            // The names of a certificate are mostly of one domain.
            let tail = tail(name, 2);
            if tail == last {
                continue;
            }
            // Mostly that is the last two labels, and known.
            if self.domains.contains(tail) {
                last = tail;
                continue;
            }
            if let Some(domain) =
                registered_domain(name).filter(|name| !self.domains.contains(*name))
            {
                self.domains.insert(domain.into());
            }
        }
    }
}
