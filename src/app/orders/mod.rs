//! The list of orders: rows, filter, sort, cursor, marks.

pub mod filter;
pub mod rows;
pub mod sort;

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use self::filter::{Beside, Filter, FilterError};
use self::rows::{OrderRow, Orders};
use self::sort::SortKey;
use super::cursor::{Cursor, Near};
use super::field::{FieldKind, TextField};
use super::remote::Ticket;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::order::{Order, OrderSummary};

/// How the list stands to the account.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SyncState {
    /// Never read.
    #[default]
    Never,
    /// Being read.
    Running {
        /// The run.
        run: Ticket,
        /// Rows so far.
        done: u64,
        /// Rows in all; 0 while unknown.
        total: u64,
    },
    /// Read to the end.
    Done(jiff::Timestamp),
    /// Stopped half way; what was there stays.
    Failed(Failure),
}

/// The list of orders.
#[derive(Debug)]
pub struct OrdersScreen {
    /// All orders.
    pub orders: Orders,
    /// Places of the rows that the filter lets through, in the order of the list.
    pub view: Vec<u32>,
    /// The cursor in `view`.
    pub cursor: Cursor,
    /// The filter's text.
    pub filter: TextField,
    /// Whether the filter is being typed.
    pub typing: bool,
    /// What is wrong with the filter; the last good one stays in force.
    pub filter_error: Option<FilterError>,
    /// Sort.
    pub sort: SortKey,
    /// Marked orders.
    pub marks: BTreeSet<OrderId>,
    /// Requests that wait for a decision, by order.
    pub waiting: HashMap<OrderId, u32>,
    /// How the list stands to the account.
    pub sync: SyncState,
    /// Whether the operator has moved the cursor.
    pub touched: bool,
    in_force: Filter,
    sorted_at: usize,
}

impl Default for OrdersScreen {
    fn default() -> Self {
        Self {
            orders: Orders::default(),
            view: Vec::new(),
            cursor: Cursor::default(),
            filter: TextField::new(FieldKind::Line),
            typing: false,
            filter_error: None,
            sort: SortKey::default(),
            marks: BTreeSet::new(),
            waiting: HashMap::new(),
            sync: SyncState::default(),
            touched: false,
            in_force: Filter::default(),
            sorted_at: 0,
        }
    }
}

impl OrdersScreen {
    /// The row under the cursor.
    pub fn selected(&self) -> Option<&OrderRow> {
        self.orders.at(*self.view.get(self.cursor.at)?)
    }

    /// The row at a place of the list.
    pub fn row(&self, at: usize) -> Option<&OrderRow> {
        self.orders.at(*self.view.get(at)?)
    }

    /// Whether a filter is in force.
    pub fn is_filtered(&self) -> bool {
        !self.in_force.is_empty()
    }

    /// Reads the filter's text anew, and goes to the first row that it lets through; without a filter the cursor
    /// stays on its order. A filter that is not understood is told; the last good one stays in force.
    pub fn refilter(&mut self, today: Date) {
        match Filter::parse(&self.filter.text(), self.orders.status_values()) {
            Ok(filter) => {
                self.filter_error = None;
                self.in_force = filter;
                self.rebuild(today);
                if self.is_filtered() {
                    self.cursor = Cursor::default();
                }
            }
            Err(error) => self.filter_error = Some(error),
        }
    }

    /// Builds the list anew. The cursor stays on its order, and where that went elsewhere by itself (a reissue ends
    /// later) on what stood beside it.
    pub fn rebuild(&mut self, today: Date) {
        let near = self.near();
        self.rebuild_near(&near, today);
    }

    /// Sorts by something else; the cursor stays on its order.
    pub fn sort_by(&mut self, sort: SortKey, today: Date) {
        let selected = self.selected().map(|row| row.id);
        self.sort = sort;
        let near = Near::only(selected, self.cursor);
        self.rebuild_near(&near, today);
    }

    /// Forgets orders.
    pub fn remove(&mut self, gone: &[OrderId], today: Date) {
        let near = self.near();
        self.orders.remove(gone);
        self.rebuild_near(&near, today);
    }

    /// Forgets all orders but these, which are in ascending order.
    pub fn keep_only(&mut self, ids: &[OrderId], today: Date) {
        let rows = self.orders.rows().iter().map(|row| row.id);
        let gone: Vec<OrderId> = rows.filter(|id| ids.binary_search(id).is_err()).collect();
        self.remove(&gone, today);
    }

    fn near(&self) -> Near<OrderId> {
        Near::of(self.cursor, self.view.len(), |at| {
            self.row(at).map(|row| row.id)
        })
    }

    fn rebuild_near(&mut self, near: &Near<OrderId>, today: Date) {
        let marks = &self.marks;
        let waiting = &self.waiting;
        let beside = Beside {
            today,
            marked: &|row| marks.contains(&row.id),
            waiting: &|row| waiting.contains_key(&row.id),
        };
        self.view = self.in_force.apply(&self.orders, beside);
        sort::sort(&mut self.view, &self.orders, self.sort, today);
        self.sorted_at = self.orders.len();
        // Until the operator has moved, the first row is what they look at, whichever it is by now.
        if self.touched {
            let rows = self.view.iter().map(|place| self.orders.at(*place));
            self.cursor = near.find(rows.map(|row| row.map(|row| row.id)), self.view.len());
        } else {
            self.cursor.set(self.cursor.at, self.view.len());
        }
    }

    /// Takes rows; none ends a series. While many pages come the list is built anew only each time it has grown by
    /// half, so that the whole costs about as much as building it once.
    pub fn take(&mut self, rows: Vec<OrderSummary>, last: bool, today: Date) {
        let last = last || rows.is_empty();
        self.orders.upsert(rows);
        if last || self.orders.len() > self.sorted_at + self.sorted_at / 2 {
            self.rebuild(today);
        }
    }

    /// Takes what order info says of an order in the list, so that a reissue is seen at once.
    pub fn refresh(&mut self, order: &Order, today: Date) {
        let Some(row) = self.orders.get(order.id) else {
            return;
        };
        let old = self.orders.summary(row);
        let certificate = &order.certificate;
        let new = OrderSummary {
            status: order.status.clone(),
            certificate_id: certificate.id.or(old.certificate_id),
            serial: certificate.serial.clone().or_else(|| old.serial.clone()),
            valid_from: certificate.valid_from.or(old.valid_from),
            valid_till: certificate.valid_till.or(old.valid_till),
            order_valid_till: order.order_valid_till.or(old.order_valid_till),
            is_renewed: order.is_renewed,
            ..old.clone()
        };
        if new != old {
            self.orders.upsert(vec![new]);
            self.rebuild(today);
        }
    }
}
