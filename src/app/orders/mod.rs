//! The list of orders: rows, filter, sort, cursor, marks.

pub mod filter;
#[cfg(test)]
mod filter_tests;
pub mod sort;
mod sorting;
mod zones;

use std::collections::HashSet;

use jiff::civil::Date;
use rustc_hash::FxBuildHasher;

use self::filter::{Beside, Filter, FilterError};
use self::sort::{SortKey, Sorted};
use self::sorting::Sorting;
use super::cursor::{Cursor, Near};
use super::field::{FieldKind, TextField};
use crate::app::account::Account;
use crate::app::account::rows::{Bits, OrderRow, Orders};
use crate::app::engine::Engine;
use crate::domain::ids::OrderId;

/// The list of orders.
#[derive(Debug)]
pub struct OrdersScreen {
    /// Places of the rows that the filter lets through, in the order of the list.
    pub view: Vec<u32>,
    /// The cursor in `view`.
    pub cursor: Cursor,
    pub filter: TextField,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// What is wrong with the filter; the last good one stays in force.
    pub filter_error: Option<FilterError>,
    /// By what the list stands.
    pub sort: SortKey,
    pub marks: HashSet<OrderId, FxBuildHasher>,
    /// Whether the operator has moved the cursor.
    pub touched: bool,
    in_force: Filter,
    /// All rows by each key that was used.
    sorted: Vec<Sorted>,
    /// What is not in order yet; until it is, the list stands as it stood.
    sorting: Option<Sorting>,
    /// How many rows there were when the list was built.
    built_at: usize,
    /// Their revision then, and the day.
    built_from: ((u32, usize), Date),
    /// [`ServedLooks::revision`](crate::app::served::ServedLooks::revision) when that was last looked at.
    served: u64,
}

impl Default for OrdersScreen {
    fn default() -> Self {
        Self {
            view: Vec::new(),
            cursor: Cursor::default(),
            filter: TextField::new(FieldKind::Line),
            typing: false,
            filter_error: None,
            sort: SortKey::default(),
            marks: HashSet::default(),
            touched: false,
            in_force: Filter::default(),
            sorted: Vec::new(),
            sorting: None,
            built_at: 0,
            built_from: ((0, 0), Date::ZERO),
            served: 0,
        }
    }
}

impl OrdersScreen {
    /// The row under the cursor.
    pub fn selected<'a>(&self, account: &'a Account) -> Option<OrderRow<'a>> {
        self.row(account, self.cursor.at)
    }

    /// The row at a place of the list.
    pub fn row<'a>(&self, account: &'a Account, at: usize) -> Option<OrderRow<'a>> {
        account.orders.at(*self.view.get(at)?)
    }

    /// Whether a filter is in force.
    pub fn is_filtered(&self) -> bool {
        !self.in_force.is_empty()
    }

    /// Reads the filter's text anew, and goes to the first row that it lets through; without a filter the cursor
    /// stays on its order. A filter that is not understood is told; the last good one stays in force.
    pub fn refilter(&mut self, engine: &Engine, today: Date) {
        match Filter::parse(&self.filter.text(), engine.account.orders.status_values()) {
            Ok(filter) => {
                self.filter_error = None;
                let narrower = filter.narrows(&self.in_force);
                self.in_force = filter;
                if self.is_filtered() {
                    if !(narrower && self.narrow(engine, today)) {
                        self.build(engine, today);
                    }
                    self.cursor = Cursor::default();
                } else {
                    self.rebuild(engine, today);
                }
            }
            Err(error) => self.filter_error = Some(error),
        }
    }

    /// Builds the list anew. The cursor stays on its order, and where that went elsewhere by itself (a reissue ends
    /// later) on what stood beside it.
    pub fn rebuild(&mut self, engine: &Engine, today: Date) {
        let near = self.near(&engine.account);
        self.rebuild_near(&near, engine, today);
    }

    /// By what the list is about to stand, where that is not done yet.
    pub fn sorting(&self) -> Option<SortKey> {
        self.sorting.as_ref().map(Sorting::key)
    }

    /// Sorts by something else; the cursor stays on its order. Where that takes long the list stands as it stood until
    /// [`go_on`](Self::go_on) has done it.
    pub fn sort_by(&mut self, sort: SortKey, engine: &Engine, today: Date) {
        self.sorting = None;
        if self.has_sorted(sort, &engine.account.orders, today) {
            self.stand_by(sort, engine, today);
        } else {
            self.sorting = Some(Sorting::new(&engine.account.orders, sort, today));
        }
    }

    /// The next step of what takes long; whether it is done.
    pub fn go_on(&mut self, engine: &Engine, today: Date) -> bool {
        let sorting = self.sorting.as_mut();
        let Some(sorted) = sorting.and_then(|sorting| sorting.step(&engine.account.orders)) else {
            return false;
        };
        self.sorting = None;
        let sort = sorted.key();
        self.sorted.retain(|old| old.key() != sort);
        self.sorted.push(sorted);
        self.stand_by(sort, engine, today);
        true
    }

    /// The orders that stand first where nothing is filtered, as the list is sorted at the start; none while that is not known.
    pub fn first(&mut self, orders: &Orders, today: Date, count: usize) -> Vec<OrderId> {
        let sort = SortKey::default();
        if !self.has_sorted(sort, orders, today) {
            return Vec::new();
        }
        let sorted = self.sorted.iter().find(|sorted| sorted.key() == sort);
        let places = sorted.map_or(&[][..], Sorted::places).iter().take(count);
        places.filter_map(|at| Some(orders.at(*at)?.id)).collect()
    }

    /// Whether all rows are known in the order of a key, up to date.
    fn has_sorted(&mut self, sort: SortKey, orders: &Orders, today: Date) -> bool {
        if let Some(sorted) = self.sorted.iter_mut().find(|sorted| sorted.key() == sort) {
            sorted.update(orders, today);
            return sorted.is_in_order();
        }
        let sorted = Sorted::in_one_go(orders, sort, today);
        self.sorted.extend(sorted);
        self.sorted.last().is_some_and(|last| last.key() == sort)
    }

    fn stand_by(&mut self, sort: SortKey, engine: &Engine, today: Date) {
        let selected = self.selected(&engine.account).map(|row| row.id);
        self.sort = sort;
        let near = Near::only(selected, self.cursor);
        self.rebuild_near(&near, engine, today);
    }

    /// What the cursor is on, before orders go.
    pub fn near(&self, account: &Account) -> Near<OrderId> {
        Near::of(self.cursor, self.view.len(), |at| {
            self.row(account, at).map(|row| row.id)
        })
    }

    fn rebuild_near(&mut self, near: &Near<OrderId>, engine: &Engine, today: Date) {
        self.build(engine, today);
        // Until the operator has moved, the first row is what they look at, whichever it is by now.
        if !self.touched {
            self.cursor.set(self.cursor.at, self.view.len());
            return;
        }
        let orders = &engine.account.orders;
        let mut wanted = Bits::none(orders.len());
        for place in near.wanted().filter_map(|id| orders.place(*id)) {
            wanted.set(place);
        }
        let found = self.view.iter().enumerate();
        let found = found.filter(|(_, place)| wanted.has(**place));
        let found = found.filter_map(|(at, place)| Some((orders.at(*place)?.id, at)));
        self.cursor = near.find(&found.collect(), self.view.len());
    }

    /// The rows that the filter lets through, in their order.
    fn build(&mut self, engine: &Engine, today: Date) {
        let orders = &engine.account.orders;
        if !self.has_sorted(self.sort, orders, today) && self.sorting.is_none() {
            self.sorting = Some(Sorting::new(orders, self.sort, today));
        }
        let mut sorted = self.sorted.iter();
        let sorted = sorted.find(|sorted| sorted.key() == self.sort);
        let places = sorted.map_or(&[][..], Sorted::places);
        self.view.clear();
        if self.in_force.is_empty() {
            self.view.extend_from_slice(places);
        } else {
            let found = self.matching(&self.in_force, Bits::all(orders.len()), engine, today);
            let rows = places.iter().copied();
            self.view.extend(rows.filter(|place| found.has(*place)));
        }
        self.built_at = orders.len();
        self.built_from = (orders.revision(), today);
    }

    /// Leaves out what a filter that lets less through does not, unless there may be more rows than the list was built of.
    fn narrow(&mut self, engine: &Engine, today: Date) -> bool {
        let orders = &engine.account.orders;
        let is_same =
            self.built_at == orders.len() && self.built_from == (orders.revision(), today);
        if is_same {
            let mut among = Bits::none(orders.len());
            self.view.iter().for_each(|place| among.set(*place));
            let found = self.matching(&self.in_force, among, engine, today);
            self.view.retain(|place| found.has(*place));
        }
        is_same
    }

    /// The rows among these that a filter lets through.
    fn matching(&self, filter: &Filter, among: Bits, engine: &Engine, today: Date) -> Bits {
        let orders = &engine.account.orders;
        let marked = |id| self.marks.contains(&id);
        matching(filter, orders, among, engine, (today, &marked))
    }

    /// The marked orders that are shown, in the order in which they are: what a command is about that takes several.
    pub fn marked(&self, account: &Account) -> Vec<OrderId> {
        if self.marks.is_empty() {
            return Vec::new();
        }
        let rows = self.view.iter().filter_map(|at| account.orders.at(*at));
        rows.map(|row| row.id)
            .filter(|id| self.marks.contains(id))
            .collect()
    }

    /// The orders that a filter finds, whichever is in force.
    pub fn found(&self, filter: &str, engine: &Engine, today: Date) -> Vec<OrderId> {
        let orders = &engine.account.orders;
        let Ok(filter) = Filter::parse(filter, orders.status_values()) else {
            return Vec::new();
        };
        let found = self.matching(&filter, Bits::all(orders.len()), engine, today);
        let rows = found.places().filter_map(|place| orders.at(place));
        rows.map(|row| row.id).collect()
    }

    /// Other certificates were seen to be served than before: a filter that asks for that is applied anew.
    pub fn served_changed(&mut self, engine: &Engine, today: Date) {
        let revision = engine.served.revision();
        if std::mem::replace(&mut self.served, revision) != revision && self.in_force.asks_served()
        {
            self.rebuild(engine, today);
        }
    }

    /// Whether the filter in force asks until when domains and organizations are validated.
    pub fn asks_validations(&self) -> bool {
        self.in_force.asks_validations()
    }

    /// Other requests wait than before, or validations are others: a filter that asks for that is applied anew.
    pub fn others_changed(&mut self, engine: &Engine, today: Date) {
        if !self.in_force.is_of_rows() {
            self.rebuild(engine, today);
        }
    }

    /// Rows came, or went; `near` is what the cursor was on before. While many pages come the list is built anew only
    /// each time it has grown by half, so that the whole costs about as much as building it once.
    pub fn take(&mut self, near: &Near<OrderId>, engine: &Engine, last: bool, today: Date) {
        if last || engine.account.orders.len() > self.built_at + self.built_at / 2 {
            self.rebuild_near(near, engine, today);
        }
    }
}

/// The rows among these orders that a filter lets through, by what the engine knows beside them, on a day; the last says
/// which are marked.
pub fn matching(
    filter: &Filter,
    orders: &Orders,
    among: Bits,
    engine: &Engine,
    (today, marked): (Date, &dyn Fn(OrderId) -> bool),
) -> Bits {
    let requests = &engine.account.requests;
    let beside = Beside {
        today,
        marked,
        waiting: &|id| requests.by_order.contains_key(&id),
        replacing: &|id| requests.replacing.contains(&id),
        domains: &engine.account.domains,
        served: &|wanted| engine.served.places_of(wanted, orders),
    };
    filter.apply(orders, beside, among)
}
