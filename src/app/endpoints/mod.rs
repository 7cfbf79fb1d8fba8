//! The endpoints: every place that is looked at, with what was last seen there. Names of issued orders, endpoints of the
//! settings, and those that were added by hand or from a file.

mod filter;
mod rows;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use rustc_hash::FxBuildHasher;

use super::cursor::Cursor;
use super::field::{FieldKind, TextField};
use super::query::FilterError;
use crate::app::account::rows::{Bits, Day};
use crate::app::added::EndpointId;
use crate::app::advice::Asked;
use crate::app::engine::Engine;
use crate::app::served::primary;
use crate::domain::coverage::ATTENTION_DAYS;
use crate::domain::endpoint::{NO_ORDER, Target};
use crate::domain::ids::OrderId;
use crate::domain::served::{Seen, Standing, is_same_serial};
use filter::{Filter, Subject};
use rows::{NONE, PAUSE, Row, Rows, own_name};

/// By what the endpoints are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EndpointSort {
    /// What does not serve what it should, then what expires first; then what nobody looked at.
    #[default]
    Attention,
    /// What expires first: what is served, or the certificate of the order.
    Ends,
    /// What was seen last.
    Seen,
    Name,
}

impl EndpointSort {
    /// The next one, for a key.
    fn next(self) -> Self {
        match self {
            Self::Attention => Self::Ends,
            Self::Ends => Self::Seen,
            Self::Seen => Self::Name,
            Self::Name => Self::Attention,
        }
    }

    /// Words for a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Attention => "attention first",
            Self::Ends => "expires first",
            Self::Seen => "last seen",
            Self::Name => "endpoint",
        }
    }
}

/// What is known of what an endpoint serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub at: Timestamp,
    pub standing: Standing,
    /// The order that has the certificate.
    pub of: Option<OrderId>,
    /// Its last day, as rows of orders hold days.
    ends: u32,
    /// Whether another order renewed that one.
    pub is_renewed: bool,
}

/// An endpoint of what is shown, with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown<'a> {
    pub id: EndpointId,
    pub target: Target,
    pub known: Option<Known>,
    pub seen: Option<&'a Seen>,
    /// Whether it is replaced by the rule when it is due.
    pub is_auto: bool,
    /// The order that the name belongs to.
    pub owner: Option<OrderId>,
    pub is_marked: bool,
    pub is_looking: bool,
}

impl Shown<'_> {
    /// The order that it is about: that of what it serves, else that of its name.
    pub fn order(&self) -> Option<OrderId> {
        self.known.and_then(|known| known.of).or(self.owner)
    }
}

/// The screen.
#[derive(Debug, PartialEq)]
pub struct EndpointsScreen {
    pub cursor: Cursor,
    pub marks: BTreeSet<EndpointId>,
    pub filter: TextField,
    /// What is wrong with the filter; the last good one stays in force.
    pub filter_error: Option<FilterError>,
    /// Whether the filter is typed in.
    pub typing: bool,
    pub sort: EndpointSort,
    /// Whether the operator chose a row: the cursor stays on it then, whatever comes or goes.
    pub touched: bool,
    rows: Rows,
    /// What is known of rows where something was seen, by their places.
    known: HashMap<u32, Known, FxBuildHasher>,
    /// [`ServedLooks::revision`](crate::app::served::ServedLooks::revision) of that.
    known_of: Option<u64>,
    /// The rows that are shown.
    view: Vec<u32>,
    /// How many of these are marked.
    marked: usize,
    /// When they were last put in order, and for which day.
    sorted: Option<(Timestamp, Date)>,
    /// When they are to be put in order anew.
    sort_due: Option<Timestamp>,
    in_force: Filter,
}

impl Default for EndpointsScreen {
    fn default() -> Self {
        Self {
            cursor: Cursor::default(),
            marks: BTreeSet::new(),
            filter: TextField::new(FieldKind::Line),
            filter_error: None,
            typing: false,
            sort: EndpointSort::default(),
            touched: false,
            rows: Rows::default(),
            known: HashMap::default(),
            known_of: None,
            view: Vec::new(),
            marked: 0,
            sorted: None,
            sort_due: None,
            in_force: Filter::default(),
        }
    }
}

impl EndpointsScreen {
    /// How many rows are shown.
    pub fn len(&self) -> usize {
        self.view.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.view.is_empty()
    }

    /// How many rows there are in all.
    pub fn of_all(&self) -> usize {
        self.rows.all.len()
    }

    /// Whether the rows are being made.
    pub fn is_making(&self) -> bool {
        self.rows.is_making()
    }

    /// Whether the rows were made once.
    pub fn is_made(&self) -> bool {
        self.rows.is_made()
    }

    /// When the rows are to be made or put in order anew.
    pub fn due(&self) -> Option<Timestamp> {
        self.rows.due.into_iter().chain(self.sort_due).min()
    }

    /// The times at which something is due, to be put off.
    pub(in crate::app) fn dues(&mut self) -> [&mut Option<Timestamp>; 2] {
        [&mut self.rows.due, &mut self.sort_due]
    }

    /// Whether a filter is in force.
    pub fn is_filtered(&self) -> bool {
        !self.filter.text().trim().is_empty()
    }

    /// Which endpoint a row is.
    pub fn id(&self, at: usize) -> Option<EndpointId> {
        Some(self.rows.all.get(*self.view.get(at)? as usize)?.id)
    }

    /// A row of what is shown.
    pub fn row<'a>(&self, engine: &'a Engine, at: usize) -> Option<Shown<'a>> {
        let place = *self.view.get(at)?;
        let row = *self.rows.all.get(place as usize)?;
        let target = row.id.target(engine)?;
        let owner = engine.account.orders.at(row.place).map(|order| order.id);
        let last = engine.served.last(&target, owner);
        Some(Shown {
            id: row.id,
            known: self.known.get(&place).copied(),
            seen: last.map(|(_, seen)| seen),
            owner,
            is_auto: is_auto(row.id, &target.name, engine),
            is_marked: self.marks.contains(&row.id),
            is_looking: engine.served.is_looking_at(&target),
            target,
        })
    }

    /// The endpoint under the cursor.
    pub fn selected<'a>(&self, engine: &'a Engine) -> Option<Shown<'a>> {
        self.row(engine, self.cursor.at)
    }

    /// The rows that a command is about: the marked ones that are shown, else the one under the cursor.
    pub fn chosen(&self) -> Vec<usize> {
        let is_marked = |at: &usize| self.id(*at).is_some_and(|id| self.marks.contains(&id));
        let marked: Vec<usize> = match self.marks.len() {
            0 => Vec::new(),
            _ => (0..self.len()).filter(is_marked).collect(),
        };
        if marked.is_empty() && !self.is_empty() {
            return vec![self.cursor.at];
        }
        marked
    }

    /// How many of what is shown is marked.
    pub fn marked(&self) -> usize {
        self.marked
    }

    /// Where to look for the rows that a command is about, each with the order that it is looked at for.
    pub(in crate::app) fn places(&self, engine: &Engine) -> Vec<(OrderId, Target)> {
        let chosen = self.chosen().into_iter();
        let rows = chosen.filter_map(|at| {
            let row = self.row(engine, at)?;
            Some((row.owner.unwrap_or(NO_ORDER), row.target))
        });
        rows.collect()
    }

    /// The rows that a command is about, as certificates are requested for them.
    pub(in crate::app) fn asked(&self, engine: &Engine) -> Vec<Asked> {
        let chosen = self.chosen().into_iter();
        let rows = chosen.filter_map(|at| self.row(engine, at));
        rows.map(|row| Asked {
            of: row.known.and_then(|known| known.of),
            owner: row.owner,
            target: row.target,
        })
        .collect()
    }

    /// Those of the rows that a command is about that were added here.
    pub(in crate::app) fn chosen_added(&self) -> Vec<u32> {
        let ids = self.chosen().into_iter().filter_map(|at| self.id(at));
        let added = ids.filter_map(|id| match id {
            EndpointId::Added(id) => Some(id),
            _ => None,
        });
        added.collect()
    }

    /// Marks the row under the cursor, or takes its mark away.
    pub(in crate::app) fn mark(&mut self) {
        if let Some(id) = self.id(self.cursor.at) {
            if self.marks.remove(&id) {
                self.marked = self.marked.saturating_sub(1);
            } else {
                self.marks.insert(id);
                self.marked += 1;
            }
        }
    }

    /// Marks all rows that are shown. How many of them were not.
    pub(in crate::app) fn mark_all(&mut self) -> usize {
        let before = self.marks.len();
        let all: Vec<EndpointId> = (0..self.len()).filter_map(|at| self.id(at)).collect();
        self.marks.extend(all);
        self.marked = self.len();
        self.marks.len() - before
    }

    /// Marks none. How many were.
    pub(in crate::app) fn unmark(&mut self) -> usize {
        self.marked = 0;
        std::mem::take(&mut self.marks).len()
    }

    /// Sorts by the next column.
    pub(in crate::app) fn sort_by_next(&mut self, engine: &Engine, today: Date) {
        self.sort = self.sort.next();
        self.cursor = Cursor::default();
        self.touched = false;
        self.review(engine, today);
    }

    /// The filter was changed. One that is not understood is told; the last good one stays in force.
    pub(in crate::app) fn refilter(&mut self, engine: &Engine, today: Date) {
        match Filter::parse(&self.filter.text()) {
            Ok(filter) => {
                self.filter_error = None;
                self.in_force = filter;
            }
            Err(error) => self.filter_error = Some(error),
        }
        self.cursor = Cursor::default();
        self.touched = false;
        self.review(engine, today);
    }

    /// Ends typing the filter; `clear` takes it away.
    pub(in crate::app) fn end_filter(&mut self, clear: bool, engine: &Engine, today: Date) {
        self.typing = false;
        self.filter.set_focus(false);
        if clear {
            self.filter.set_text("");
        }
        self.refilter(engine, today);
    }

    /// Keeps what is shown in step with what is known. `now` is this machine's.
    pub(in crate::app) fn refresh(&mut self, engine: &Engine, today: Date, now: Timestamp) {
        let made = self.rows.refresh(engine, now);
        if made {
            let ids: HashSet<EndpointId, FxBuildHasher> = match self.marks.len() {
                0 => HashSet::default(),
                _ => self.rows.all.iter().map(|row| row.id).collect(),
            };
            self.marks.retain(|id| ids.contains(id));
        }
        let of = Some(engine.served.revision());
        let looked = made || self.known_of != of;
        if looked {
            self.known_of = of;
            self.known = self.known_rows(engine);
        }
        let is_new_day = self.sorted.is_none_or(|(_, day)| day != today);
        // A clock that was set back puts nothing off.
        let last = self.sorted.map(|(at, _)| at).filter(|at| *at <= now);
        let next = last
            .and_then(|at| at.checked_add(PAUSE).ok())
            .filter(|next| now < *next);
        // Rows do not jump while many are looked at.
        if made || is_new_day || (looked || self.sort_due.is_some()) && next.is_none() {
            self.sort_due = None;
            self.sorted = Some((now, today));
            let under = self.id(self.cursor.at).filter(|_| self.touched);
            self.review(engine, today);
            self.follow(under);
        } else if looked {
            self.sort_due = next;
        }
    }

    /// The cursor goes where its row went.
    fn follow(&mut self, under: Option<EndpointId>) {
        let line = self.cursor.at.saturating_sub(self.cursor.top);
        let of = |place: &u32| self.rows.all.get(*place as usize).map(|row| row.id);
        let found = under.and_then(|id| self.view.iter().position(|place| of(place) == Some(id)));
        let at = match (found, self.touched) {
            (Some(at), _) => at,
            (None, true) => self.cursor.at,
            (None, false) => 0,
        };
        self.cursor.set(at, self.view.len());
        self.cursor.top = self.cursor.at.saturating_sub(line);
    }

    /// What is known of each row where something was seen.
    fn known_rows(&self, engine: &Engine) -> HashMap<u32, Known, FxBuildHasher> {
        let all = &self.rows.all;
        let lone = all
            .iter()
            .take_while(|row| !matches!(row.id, EndpointId::Name(..)));
        let lone = (0..)
            .zip(lone)
            .filter_map(|(at, row)| Some((at, row.id.target(engine)?)));
        let named = engine.served.targets().filter_map(|target| {
            let own = Target::of_name(&target.name)?;
            let at = self.rows.of_name(&target.name, &engine.account)?;
            (own == *target).then_some((at, own))
        });
        let known = lone.chain(named).filter_map(|(at, target)| {
            let row = all.get(at as usize)?;
            Some((at, self.known(*row, &target, engine)?))
        });
        known.collect()
    }

    fn known(&self, row: Row, target: &Target, engine: &Engine) -> Option<Known> {
        let account = &engine.account;
        let owner = account.orders.at(row.place).map(|order| order.id);
        let (order, seen) = engine.served.last(target, owner)?;
        let own = primary(order, account);
        let mut standing = seen.now(&own);
        let mut of = (order != NO_ORDER).then_some(order);
        let certificate = seen.served.certificate();
        if standing == Standing::Other {
            let serial = certificate.map(|one| one.serial.trim_start_matches('0'));
            let found = serial.and_then(|serial| self.rows.found.get(&serial.to_ascii_uppercase()));
            of = found.copied();
            let is_primary = |order| {
                let own = primary(order, account);
                serial.is_some_and(|serial| is_same_serial(serial, &own))
            };
            if let Some(order) = of {
                let is = is_primary(order);
                standing = if is {
                    Standing::This
                } else {
                    Standing::Earlier
                };
            }
        } else if certificate.is_none() {
            of = None;
        }
        let ends = certificate.map(|one| Day::from(Some(day_of(one.expires))));
        let is_renewed = of.and_then(|of| account.orders.get(of));
        Some(Known {
            at: seen.at,
            standing,
            of,
            ends: ends.and_then(Day::number).unwrap_or(NONE),
            is_renewed: is_renewed.is_some_and(|row| row.is_renewed),
        })
    }

    /// Lists what passes the filter in force, in order.
    fn review(&mut self, engine: &Engine, today: Date) {
        self.view = self.ordered(engine, today);
        self.marked = match self.marks.len() {
            0 => 0,
            _ => (0..self.len())
                .filter_map(|at| self.id(at))
                .filter(|id| self.marks.contains(id))
                .count(),
        };
    }

    fn ordered(&self, engine: &Engine, today: Date) -> Vec<u32> {
        let passing = self.passing(engine, today);
        let all = &self.rows.all;
        let (known, orders) = (&self.known, &engine.account.orders);
        let ends = |place: u32| {
            let known = known.get(&place).map(|known| known.ends);
            known
                .filter(|ends| *ends != NONE)
                .unwrap_or(all[place as usize].ends)
        };
        if self.sort == EndpointSort::Name {
            let lone = |row: Row| row.id.target(engine).map(|target| target.endpoint.host);
            let host = |place: u32| {
                let row = all[place as usize];
                let own = own_name(row, orders).map(Cow::Borrowed);
                let host = own.unwrap_or_else(|| lone(row).unwrap_or_default().into());
                (prefix(&host), host)
            };
            let mut keyed: Vec<_> = passing.map(|place| (host(place), place)).collect();
            keyed.sort_unstable();
            return keyed.into_iter().map(|(_, place)| place).collect();
        }
        let due = due_day(today);
        let key = |place: u32| {
            let known = known.get(&place);
            let rank: u64 = match self.sort {
                EndpointSort::Attention => {
                    known.map_or(2, |known| u64::from(!known.needs_attention(due)) * 3)
                }
                EndpointSort::Seen => {
                    let at = known.map_or(0, |known| known.at.as_second().max(0) as u64);
                    return u64::MAX - at;
                }
                EndpointSort::Ends | EndpointSort::Name => 0,
            };
            rank << 32 | u64::from(ends(place))
        };
        let mut keyed: Vec<(u64, u32)> = passing.map(|place| (key(place), place)).collect();
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, place)| place).collect()
    }

    /// The rows that pass the filter in force.
    fn passing(&self, engine: &Engine, today: Date) -> std::vec::IntoIter<u32> {
        let all = &self.rows.all;
        if self.in_force.is_empty() {
            let all: Vec<u32> = (0..all.len() as u32).collect();
            return all.into_iter();
        }
        let orders = &engine.account.orders;
        // Of a large account only rows of orders that have the wanted parts in a name are looked at closely.
        let mut near = Bits::all(orders.len());
        for part in self.in_force.name_parts() {
            let named = orders.named(part, &near);
            near.and(&named);
        }
        let due = due_day(today);
        let passes = |place: &u32| {
            let row = all[*place as usize];
            let is_of_name = matches!(row.id, EndpointId::Name(..));
            if is_of_name && !near.has(row.place) {
                return false;
            }
            let target = if is_of_name {
                None
            } else {
                row.id.target(engine)
            };
            let names = match (&target, own_name(row, orders)) {
                (Some(target), _) => [target.endpoint.host.as_str(), target.name.as_str()],
                (None, Some(name)) => [name, name],
                (None, None) => return false,
            };
            let known = self.known.get(place);
            let owner = || orders.at(row.place).map(|order| order.id);
            let order = known.and_then(|known| known.of).or_else(owner);
            let issuer = || {
                let target = row.id.target(engine)?;
                let (_, seen) = engine.served.last(&target, owner())?;
                Some(seen.served.certificate()?.issuer.as_str())
            };
            self.in_force.passes(&Subject {
                id: row.id,
                names,
                known,
                order: order.map(|order| order.0),
                ends: known.map(|known| known.ends).filter(|ends| *ends != NONE),
                issuer: &issuer,
                is_marked: self.marks.contains(&row.id),
                is_auto: is_auto(row.id, names[1], engine),
                today,
                due,
            })
        };
        let passing: Vec<u32> = (0..all.len() as u32).filter(passes).collect();
        passing.into_iter()
    }
}

impl Known {
    /// Whether something has to be done, by what is seen and by the day until which a certificate is due.
    fn needs_attention(&self, due: u32) -> bool {
        let is_good = matches!(self.standing, Standing::This | Standing::Duplicate);
        !is_good || self.is_renewed || self.ends <= due
    }
}

/// Whether an endpoint is replaced by the rule: by the name that it stands under in the settings, or that is asked for there.
fn is_auto(id: EndpointId, name: &str, engine: &Engine) -> bool {
    let named = match id {
        EndpointId::Settings(at, _) => engine.served.endpoints.get(usize::from(at)),
        EndpointId::Added(_) | EndpointId::Name(..) => None,
    };
    let name = named.map_or(name, |(name, _)| name);
    engine.added.auto.contains(name)
}

/// The last day of what is due, as rows of orders hold days.
fn due_day(today: Date) -> u32 {
    Day::number_of(today.saturating_add(ATTENTION_DAYS.days()))
}

fn day_of(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The first letters of a name as a number that sorts as they do.
fn prefix(name: &str) -> u64 {
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    u64::from_be_bytes(first)
}
