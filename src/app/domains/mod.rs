//! The domains of the account, and one key apart its organizations: until when each is validated, and how many orders depend
//! on it.

mod dependents;
mod filter;
mod records;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::cursor::{Cursor, Near};
use super::field::{FieldKind, TextField};
use super::query::FilterError;
use crate::app::account::Account;
use crate::domain::dcv::{Domain, Proof};
use crate::domain::ids::{DomainId, OrganizationId};
use crate::domain::organization::AccountOrganization;
pub use dependents::{DAYS, Dependents};
use filter::{Beside, Filter};
pub(in crate::app) use records::{MOST as MOST_RECORDS, Purpose, Read, Records};

/// Which list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    #[default]
    Domains,
    Organizations,
}

/// By what the domains are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DomainSort {
    /// What lacks a validation, then what ends first.
    #[default]
    Ends,
    Name,
    Organization,
    /// The most orders first.
    Orders,
}

impl DomainSort {
    /// The next one, for a key.
    fn next(self) -> Self {
        match self {
            Self::Ends => Self::Name,
            Self::Name => Self::Organization,
            Self::Organization => Self::Orders,
            Self::Orders => Self::Ends,
        }
    }

    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Ends => "expires first",
            Self::Name => "name",
            Self::Organization => "organization",
            Self::Orders => "orders",
        }
    }
}

/// The screen.
#[derive(Debug, PartialEq)]
pub struct DomainsScreen {
    pub shown: Shown,
    /// Cursor in the domains that are shown.
    pub cursor: Cursor,
    /// Cursor in the organizations.
    pub organization: Cursor,
    pub marks: BTreeSet<DomainId>,
    pub filter: TextField,
    /// What is wrong with the filter; the last good one stays in force.
    pub filter_error: Option<FilterError>,
    /// Whether the filter is typed in.
    pub typing: bool,
    pub sort: DomainSort,
    pub dependents: Dependents,
    /// What is copied or written once all of it is read.
    pub(in crate::app) records: Option<Records>,
    /// Whether the operator chose a row: the cursor stays on it then, whatever comes or goes.
    pub touched: bool,
    /// The rows that are shown: where they are, and which.
    view: Vec<(usize, DomainId)>,
    /// The organizations, in the order in which they are shown.
    organizations: Vec<(usize, OrganizationId)>,
    /// Of which lists those are.
    of: Option<(u64, Date)>,
    in_force: Filter,
}

impl Default for DomainsScreen {
    fn default() -> Self {
        Self {
            shown: Shown::default(),
            cursor: Cursor::default(),
            organization: Cursor::default(),
            marks: BTreeSet::new(),
            filter: TextField::new(FieldKind::Line),
            filter_error: None,
            typing: false,
            sort: DomainSort::default(),
            dependents: Dependents::default(),
            records: None,
            touched: false,
            view: Vec::new(),
            organizations: Vec::new(),
            of: None,
            in_force: Filter::default(),
        }
    }
}

impl DomainsScreen {
    /// How many rows are shown.
    pub fn len(&self) -> usize {
        match self.shown {
            Shown::Domains => self.view.len(),
            Shown::Organizations => self.organizations.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A domain of what is shown.
    pub fn row<'a>(&self, account: &'a Account, at: usize) -> Option<&'a Domain> {
        account.domains.rows().get(self.view.get(at)?.0)
    }

    /// The domain under the cursor.
    pub fn selected<'a>(&self, account: &'a Account) -> Option<&'a Domain> {
        let shown = self.shown == Shown::Domains;
        self.row(account, self.cursor.at).filter(|_| shown)
    }

    /// An organization of what is shown.
    pub fn organization_row<'a>(
        &self,
        account: &'a Account,
        at: usize,
    ) -> Option<&'a AccountOrganization> {
        let all = account.domains.organizations.value()?;
        all.get(self.organizations.get(at)?.0)
    }

    /// The domains that a command is about: the marked ones that are shown, else the one under the cursor.
    pub fn chosen(&self, account: &Account) -> Vec<DomainId> {
        if self.shown == Shown::Organizations {
            return Vec::new();
        }
        let marked = self.view.iter().map(|(_, id)| *id);
        let marked: Vec<DomainId> = marked.filter(|id| self.marks.contains(id)).collect();
        if marked.is_empty() {
            let under = self.selected(account).map(|domain| domain.id);
            return under.into_iter().collect();
        }
        marked
    }

    /// How many of what is shown is marked.
    pub fn marked(&self) -> usize {
        let shown = self.view.iter();
        shown.filter(|(_, id)| self.marks.contains(id)).count()
    }

    /// Whether a filter is in force.
    pub fn is_filtered(&self) -> bool {
        !self.filter.text().trim().is_empty()
    }

    /// The filter of a list of orders that lists those with names in a domain, or those of an organization.
    pub fn orders_filter(&self, account: &Account) -> Option<String> {
        match self.shown {
            Shown::Domains => {
                let domain = self.selected(account)?;
                Some(format!("domain:{}", domain.name))
            }
            Shown::Organizations => {
                let row = self.organization_row(account, self.organization.at)?;
                Some(format!("org=\"{}\"", row.name.replace('"', "")))
            }
        }
    }

    /// Marks the row under the cursor, or takes its mark away.
    pub(in crate::app) fn mark(&mut self, account: &Account) {
        if let Some(id) = self.selected(account).map(|domain| domain.id)
            && !self.marks.remove(&id)
        {
            self.marks.insert(id);
        }
    }

    /// Marks all rows that are shown. How many of them were not.
    pub(in crate::app) fn mark_all(&mut self) -> usize {
        let before = self.marks.len();
        self.marks.extend(self.view.iter().map(|(_, id)| *id));
        self.marks.len() - before
    }

    /// Sorts by the next column.
    pub(in crate::app) fn sort_by_next(&mut self, account: &Account, today: Date, now: Timestamp) {
        self.sort = self.sort.next();
        self.cursor = Cursor::default();
        self.touched = false;
        self.review(account, today, now);
    }

    /// The filter was changed. One that is not understood is told; the last good one stays in force.
    pub(in crate::app) fn refilter(&mut self, account: &Account, today: Date, now: Timestamp) {
        match Filter::parse(&self.filter.text()) {
            Ok(filter) => {
                self.filter_error = None;
                self.in_force = filter;
            }
            Err(error) => self.filter_error = Some(error),
        }
        self.cursor = Cursor::default();
        self.touched = false;
        self.review(account, today, now);
    }

    /// Ends typing the filter; `clear` takes it away.
    pub(in crate::app) fn end_filter(
        &mut self,
        clear: bool,
        account: &Account,
        today: Date,
        now: Timestamp,
    ) {
        self.typing = false;
        self.filter.set_focus(false);
        if clear {
            self.filter.set_text("");
        }
        self.refilter(account, today, now);
    }

    /// Keeps what is shown in step with what is known; `now` is the account's, `clock` this machine's.
    pub(in crate::app) fn refresh(
        &mut self,
        account: &Account,
        today: Date,
        now: Timestamp,
        clock: Timestamp,
    ) {
        let counted = self.dependents.refresh(account, today, clock);
        let of = Some((account.domains.revision, today));
        if self.of == of && !(counted && self.sort == DomainSort::Orders) {
            return;
        }
        self.of = of;
        if account.domains.list.value().is_some() {
            let rows = account.domains.rows();
            let known: BTreeSet<DomainId> = rows.iter().map(|row| row.id).collect();
            self.marks.retain(|id| known.contains(id));
        }
        let near = Near::of(self.cursor, self.view.len(), |at| {
            self.view.get(at).map(|(_, id)| *id)
        });
        let of = self.organizations.get(self.organization.at);
        let of = of.map(|(_, id)| *id);
        self.review(account, today, now);
        // The first row stays the first until the operator moves.
        if self.organization != Cursor::default()
            && let Some(at) =
                of.and_then(|of| self.organizations.iter().position(|(_, id)| *id == of))
        {
            self.organization.set(at, self.organizations.len());
        }
        self.cursor = if self.touched {
            let places = self.view.iter().map(|(_, id)| *id).zip(0..);
            near.find(&places.collect(), self.view.len())
        } else {
            Cursor::default()
        };
    }

    /// Lists what passes the filter in force, in order.
    fn review(&mut self, account: &Account, today: Date, now: Timestamp) {
        let rows = account.domains.rows();
        let beside = Beside {
            now,
            today,
            is_marked: &|domain| self.marks.contains(&domain.id),
        };
        let passing = rows.iter().enumerate();
        let mut view: Vec<(usize, DomainId)> = passing
            .filter(|(_, domain)| self.in_force.passes(domain, &beside))
            .map(|(at, domain)| (at, domain.id))
            .collect();
        view.sort_by(|(one, _), (other, _)| self.compare(&rows[*one], &rows[*other], now));
        self.view = view;
        let all = account.domains.organizations.value();
        let mut organizations: Vec<(usize, &AccountOrganization)> =
            all.into_iter().flatten().enumerate().collect();
        organizations.sort_by_key(|(_, row)| (!row.is_active, ends_first(row), &row.name));
        self.organizations = organizations
            .into_iter()
            .map(|(at, row)| (at, row.id))
            .collect();
    }

    fn compare(&self, one: &Domain, other: &Domain, now: Timestamp) -> Ordering {
        let names = || one.name.cmp(&other.name).then(one.id.cmp(&other.id));
        match self.sort {
            DomainSort::Ends => rank(one, now).cmp(&rank(other, now)).then_with(names),
            DomainSort::Name => names(),
            DomainSort::Organization => {
                let key = |domain: &Domain| {
                    let organization = domain.organization.clone();
                    (organization.is_none(), organization)
                };
                key(one).cmp(&key(other)).then_with(names)
            }
            DomainSort::Orders => {
                let count = |domain: &Domain| self.dependents.of(domain.id).unwrap_or(0);
                count(other).cmp(&count(one)).then_with(names)
            }
        }
    }
}

/// Where a domain stands among those that end first: what may be used and lacks a validation stands before all.
fn rank(domain: &Domain, now: Timestamp) -> (bool, u8, Option<Timestamp>) {
    let (group, until) = match domain.proof(now) {
        Proof::Pending => (0, None),
        Proof::Expired(until) | Proof::Valid(Some(until)) => (1, Some(until)),
        Proof::Valid(None) => (2, None),
    };
    (!domain.is_active, group, until)
}

/// When the first of an organization's validations ends.
fn ends_first(row: &AccountOrganization) -> Option<Timestamp> {
    row.validations.iter().filter_map(|one| one.until).min()
}
