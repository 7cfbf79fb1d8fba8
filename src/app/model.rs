//! The whole state of the desk. Everything on the screen follows from it.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::Date;

use super::bulk_screen::BulkScreens;
use super::cursor::Cursor;
use super::domains::{DomainsScreen, Shown};
use super::download::Downloads;
use super::endpoints::EndpointsScreen;
use super::form::Form;
use super::journal::JournalRow;
use super::key_guard::KeyGuard;
use super::late::Late;
use super::layout::{self, Layout};
use super::look::Look;
use super::order::{OrderScreen, OrderTab};
use super::orders::OrdersScreen;
use super::plan::{self, PlanScreen};
use super::popups::{Popup, Reader};
use super::preview::{Preview, PreviewTarget};
use super::remote::Opened;
use super::requests::RequestsScreen;
use super::yes::Yes;
use crate::app::account::SyncState;
use crate::app::advice::Asked;
use crate::app::advice::auto::AutoPlan;
use crate::app::engine::Engine;
use crate::app::journal::JournalScreen;
use crate::app::screen::Screen;
use crate::app::status::{Status, Tone};
use crate::domain::draft::FormKind;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::request::Request;
use crate::keys::{Action, Chord, KeyMap, Place};

/// A form that was asked for before its order was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    pub kind: FormKind,
    pub order: OrderId,
    /// Since when what comes of it is current.
    pub opened: Opened,
    /// What the operator looked at then: who goes elsewhere wants it no more.
    pub seen: Option<OrderId>,
}

/// The whole state of the desk.
#[derive(Debug)]
pub struct Model {
    /// What needs no screen: the account, what is typed, and what was sent.
    pub engine: Engine,
    /// Columns and rows.
    pub size: (u16, u16),
    pub keymap: KeyMap,
    /// How the terminal may be drawn on.
    pub look: Look,
    /// The region and the address that were typed when the screen that asks for them was left; it comes back with them.
    pub typed_place: Option<(String, String)>,
    /// What chains on their way are for.
    pub downloads: Downloads,
    pub screen: Screen,
    /// The list of orders.
    pub orders: OrdersScreen,
    /// The list of requests.
    pub requests: RequestsScreen,
    pub journal: JournalScreen,
    pub plan: PlanScreen,
    pub domains: DomainsScreen,
    pub endpoints: EndpointsScreen,
    /// What endpoints get by the rule.
    pub auto: AutoPlan,
    /// Endpoints that certificates are requested for together, while it is read by which orders others were renewed.
    pub requesting: Vec<Asked>,
    pub order: Option<OrderScreen>,
    pub form: Option<Form>,
    /// Lists of CSRs on the screen, open or left.
    pub bulk_screens: BulkScreens,
    /// A form that opens once its order has come.
    pub opening: Option<Opening>,
    /// What lies over the screens, the topmost last.
    pub popups: Vec<Popup>,
    /// Rows by which the box on top is scrolled from where its focus puts it.
    pub paged: isize,
    pub status: Option<Status>,
    /// Whether Ctrl-C was pressed and the question is open.
    pub leaving: bool,
    /// The rest of a private key that was refused outside of a form.
    pub(super) key_guard: KeyGuard,
    /// What the account has not answered yet.
    pub late: Late,
    /// What the cursor of a list rests on.
    pub preview: Preview,
    /// When an open review or question changed of itself: a yes just after that was meant for what stood there before.
    pub changed_at: Option<Timestamp>,
    /// A yes that waits for one more look.
    pub yes: Option<Yes>,
}

impl Model {
    /// A desk that has seen nothing yet. `op_seed` makes the numbers of its writes unique across processes.
    pub fn new(
        size: (u16, u16),
        keymap: KeyMap,
        look: Look,
        op_seed: String,
        now: Timestamp,
    ) -> Self {
        Self {
            engine: Engine::new(op_seed, now),
            size,
            keymap,
            look,
            typed_place: None,
            downloads: Downloads::default(),
            screen: Screen::Orders,
            orders: OrdersScreen::default(),
            requests: RequestsScreen::default(),
            journal: JournalScreen::default(),
            plan: PlanScreen::default(),
            domains: DomainsScreen::default(),
            endpoints: EndpointsScreen::default(),
            auto: AutoPlan::default(),
            requesting: Vec::new(),
            order: None,
            form: None,
            bulk_screens: BulkScreens::default(),
            opening: None,
            popups: Vec::new(),
            paged: 0,
            status: None,
            leaving: false,
            key_guard: KeyGuard::default(),
            late: Late::default(),
            preview: Preview::default(),
            changed_at: None,
            yes: None,
        }
    }

    /// The time by the account's clock, as far as it is known: what the account's own times are compared with.
    pub fn account_now(&self) -> Timestamp {
        self.engine.account.by_account(self.engine.now)
    }

    /// Today by the account's clock, UTC as its dates are.
    pub fn today(&self) -> Date {
        self.engine.account.day(self.engine.now)
    }

    /// The orders that the list begins with at the next start, at most so many; none while it is not whole, or not sorted.
    pub fn first_orders(&mut self, count: usize) -> Vec<OrderId> {
        if !matches!(self.engine.account.sync, SyncState::Done(_)) {
            return Vec::new();
        }
        let today = self.today();
        let orders = &self.engine.account.orders;
        self.orders.first(orders, today, count)
    }

    /// Where things are.
    pub fn layout(&self) -> Layout {
        self.layout_for(self.size.0, self.size.1)
    }

    /// The order that the operator looks at: the open one, or the one under the cursor.
    pub fn current_order(&self) -> Option<OrderId> {
        match (&self.order, self.screen) {
            (Some(open), _) => Some(open.id),
            (None, Screen::Orders) => self.orders.selected(&self.engine.account).map(|row| row.id),
            (None, Screen::Requests) => self.selected_request().and_then(|request| request.order),
            (None, Screen::Journal) => self
                .journal
                .rows
                .get(self.journal.cursor.at)
                .and_then(JournalRow::leads_to),
            (None, Screen::Plan | Screen::Domains) => None,
            (None, Screen::Endpoints) => {
                let row = self.endpoints.selected(&self.engine);
                row.and_then(|row| row.order())
            }
        }
    }

    /// The order to draw beside the list on a wide screen: the open one, or the one the cursor last rested on.
    pub fn side_order(&self) -> Option<OrderId> {
        self.layout().side?;
        let open = self.order.as_ref().map(|open| open.id);
        open.or_else(|| self.preview.order())
    }

    /// The row of the list of requests that the cursor last rested on, if it is still shown.
    pub fn rested_request(&self) -> Option<usize> {
        let Some(PreviewTarget::Request(id, _)) = &self.preview.on else {
            return None;
        };
        self.requests
            .shown(&self.engine.account.requests)
            .position(|request| request.id == *id)
    }

    /// The row of the journal that the cursor last rested on, if it is still there.
    pub fn rested_sent(&self) -> Option<usize> {
        let Some(PreviewTarget::Sent(op, _)) = &self.preview.on else {
            return None;
        };
        self.journal.rows.iter().position(|row| row.op == *op)
    }

    /// The screen's list: how many rows it has, and its cursor.
    pub(super) fn list(&mut self) -> (usize, &mut Cursor) {
        match self.screen {
            Screen::Orders => (self.orders.view.len(), &mut self.orders.cursor),
            Screen::Requests => {
                let len = self.requests.len();
                (len, &mut self.requests.cursor)
            }
            Screen::Journal => (self.journal.rows.len(), &mut self.journal.cursor),
            Screen::Plan => (plan::ROWS, &mut self.plan.cursor),
            Screen::Domains => {
                let len = self.domains.len();
                let cursor = match self.domains.shown {
                    Shown::Domains => &mut self.domains.cursor,
                    Shown::Organizations => &mut self.domains.organization,
                };
                (len, cursor)
            }
            Screen::Endpoints => (self.endpoints.len(), &mut self.endpoints.cursor),
        }
    }

    /// Whether the screen's list has no rows.
    pub(super) fn list_is_empty(&self) -> bool {
        match self.screen {
            Screen::Orders => self.orders.view.is_empty(),
            Screen::Requests => self.requests.is_empty(),
            Screen::Journal => self.journal.rows.is_empty(),
            Screen::Plan => false,
            Screen::Domains => self.domains.is_empty(),
            Screen::Endpoints => self.endpoints.is_empty(),
        }
    }

    /// The part of an area's lines that its list has, the heading included; below it stands what the cursor rests on.
    pub fn list_lines(&self, lines: u16) -> u16 {
        match self.screen {
            Screen::Orders => lines,
            Screen::Requests => Layout::above(lines, self.requests.len(), layout::BELOW_REQUESTS),
            Screen::Journal => Layout::above(lines, self.journal.rows.len(), layout::BELOW_JOURNAL),
            Screen::Plan => Layout::above(lines, plan::ROWS, layout::BELOW_PLAN),
            Screen::Domains => Layout::above(lines, self.domains.len(), layout::BELOW_DOMAINS),
            Screen::Endpoints => {
                Layout::above(lines, self.endpoints.len(), layout::BELOW_ENDPOINTS)
            }
        }
    }

    /// The request under the cursor of the list of requests.
    pub fn selected_request(&self) -> Option<&Request> {
        self.requests
            .row(&self.engine.account.requests, self.requests.cursor.at)
    }

    /// The tab that is shown of an order.
    pub fn order_tab(&self) -> OrderTab {
        self.order
            .as_ref()
            .map_or(OrderTab::Overview, |order| order.tab)
    }

    /// The places whose keys hold, the innermost first: a pure function of the state. Those of everywhere do where no
    /// letter is typed.
    pub fn places(&self) -> Vec<Place> {
        let mut places = self.inner_places();
        if places.last().is_some_and(|place| place.has_rows()) {
            places.push(Place::Rows);
        }
        if !self.is_typing() {
            places.push(Place::Everywhere);
        }
        if places.contains(&Place::Orders) {
            // A row may have a request that waits.
            places.push(Place::Requests);
        }
        places.push(Place::Always);
        places
    }

    fn inner_places(&self) -> Vec<Place> {
        if let Some(popup) = self.popups.last() {
            return with_path(popup.asks_path(), popup.place());
        }
        if let Some(form) = &self.form {
            return with_path(form.asks_path(), form.place());
        }
        if let Some(bulk) = self.bulk_screens.open() {
            return vec![bulk.place()];
        }
        if self.is_filtering() {
            return vec![Place::Filter];
        }
        let mut places = match (&self.order, self.screen) {
            (Some(open), _) if open.tab == OrderTab::Domains => {
                vec![Place::Domains, Place::Detail, Place::Requests, Place::Order]
            }
            (Some(_), _) => vec![Place::Detail, Place::Requests, Place::Order],
            (None, Screen::Orders) => vec![Place::Orders, Place::Order],
            (None, Screen::Requests) => vec![Place::Requests, Place::Order],
            (None, Screen::Journal) => vec![Place::Journal],
            (None, Screen::Plan) => vec![Place::Plan],
            (None, Screen::Domains) => vec![Place::AccountDomains],
            (None, Screen::Endpoints) => vec![Place::Endpoints],
        };
        places.push(Place::Lists);
        places
    }

    /// What a key asks for where the operator is.
    pub(super) fn asked_by(&self, chord: Chord) -> Option<Action> {
        self.keymap
            .resolve_typing(&self.places(), chord, self.is_typing())
    }

    /// Lines that a box over the screens has inside of its frame, behind a line to type in.
    pub(super) fn box_lines(&self) -> u16 {
        self.layout().main.height.saturating_sub(4)
    }

    /// Whether a question has to be answered before anything else.
    pub(super) fn is_asked(&self) -> bool {
        match (self.popups.last(), &self.form) {
            (Some(popup), _) => matches!(
                popup,
                Popup::Prompt(_) | Popup::Connect(_) | Popup::Asking(_)
            ),
            (None, Some(form)) => form.place() == Place::Prompt,
            (None, None) => false,
        }
    }

    /// Whether a letter that is typed is written somewhere, and does not choose from a list.
    pub(super) fn writes_letters(&self) -> bool {
        self.is_typing()
            && match (self.popups.is_empty(), &self.form, self.bulk_screens.open()) {
                (true, Some(form), _) => form.writes_letters(),
                (true, None, Some(bulk)) => bulk.writes_letters(),
                _ => true,
            }
    }

    /// Whether a list's filter is typed in.
    pub fn is_filtering(&self) -> bool {
        self.order.is_none()
            && match self.screen {
                Screen::Orders => self.orders.typing,
                Screen::Requests => self.requests.typing,
                Screen::Domains => self.domains.typing,
                Screen::Endpoints => self.endpoints.typing,
                Screen::Journal | Screen::Plan => false,
            }
    }

    /// Whether text that is typed goes into a field.
    pub fn is_typing(&self) -> bool {
        match self.popups.last() {
            Some(popup) => popup.is_typing(),
            None => match (&self.form, self.bulk_screens.open()) {
                (Some(form), _) => form.is_typing(),
                (None, Some(bulk)) => bulk.is_typing(),
                (None, None) => self.is_filtering(),
            },
        }
    }

    /// Says something in the status line.
    pub fn set_status(&mut self, tone: Tone, words: impl Into<String>) {
        self.status = Some(Status {
            words: words.into(),
            tone,
        });
    }

    /// Says why something failed.
    pub fn tell_failure(&mut self, failure: &Failure) {
        self.set_status(Tone::Bad, failure.to_string());
    }

    /// The text to read that is on top of everything.
    pub fn reader(&self) -> Option<&Reader> {
        match self.popups.last() {
            Some(Popup::Help(reader) | Popup::Reader(reader)) => Some(reader),
            _ => None,
        }
    }

    /// Keeps the text that is read, that on top or that of the open order, from being scrolled past its last page.
    pub fn limit_scroll(&mut self, last_top: usize) {
        if let Some(Popup::Help(reader) | Popup::Reader(reader)) = self.popups.last_mut() {
            reader.top = reader.top.min(last_top);
        } else if let Some(open) = &mut self.order {
            open.cursor.at = open.cursor.at.min(last_top);
        }
    }

    /// Keeps the box on top from being scrolled past its rows.
    pub fn limit_paging(&mut self, moves: &RangeInclusive<isize>) {
        self.paged = self.paged.clamp(*moves.start(), *moves.end());
    }
}

/// A place, and before it that of a path where one is typed.
fn with_path(asks_path: bool, place: Place) -> Vec<Place> {
    let path = asks_path.then_some(Place::Path);
    path.into_iter().chain([place]).collect()
}
