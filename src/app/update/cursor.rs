//! The cursor of whatever has the focus: where it may go, and what of its list is seen.

use crate::app::cursor::Move;
use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::order::OrderTab;
use crate::app::preview::PreviewTarget;
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::app::writes::names::all_names;

/// Below so many columns the plan does not show all of its numbers.
const NARROW: u16 = 80;

/// What the cursor of the list is on, unless an order is open over it.
pub(in crate::app) fn spot(model: &Model) -> Option<PreviewTarget> {
    if model.order.is_some() {
        return None;
    }
    match model.screen {
        Screen::Orders => model
            .orders
            .selected(&model.engine.account)
            .map(|row| PreviewTarget::Order(row.id)),
        Screen::Requests => model
            .selected_request()
            .map(|request| PreviewTarget::Request(request.id, request.order)),
        Screen::Journal => {
            let row = model.journal.rows.get(model.journal.cursor.at);
            row.map(|row| PreviewTarget::Sent(row.op.clone(), row.leads_to()))
        }
        Screen::Plan => None,
        Screen::Domains => {
            let domain = model.domains.selected(&model.engine.account);
            domain.map(|domain| PreviewTarget::Domain(domain.id))
        }
        Screen::Endpoints => {
            let row = model.endpoints.selected(&model.engine)?;
            Some(PreviewTarget::Endpoint(row.id, row.order()))
        }
    }
}

/// Keeps the cursor of an order's tab inside its rows.
pub(in crate::app) fn settle_tab(model: &mut Model) {
    let (len, rows) = (tab_len(model), tab_rows(model));
    if let Some(open) = &mut model.order {
        open.cursor.set(open.cursor.at, len);
        open.cursor.show(len, rows);
    }
}

/// How many rows the tab of the open order has; text tabs scroll by their first line.
fn tab_len(model: &Model) -> usize {
    let Some(open) = &model.order else { return 0 };
    let Some(data) = model.engine.account.known.get(&open.id) else {
        return 0;
    };
    match open.tab {
        OrderTab::Certificates => data.certificates().len(),
        OrderTab::Requests => data.requests().len(),
        OrderTab::Domains => all_names(data, open.id, &model.engine.writes.all).len(),
        OrderTab::Overview | OrderTab::Activity => usize::from(u16::MAX),
    }
}

fn tab_rows(model: &Model) -> usize {
    let layout = model.layout();
    // The order's title and its tabs stand above.
    let lines = layout.side.unwrap_or(layout.main).height.saturating_sub(2);
    let below = model.order.as_ref().and_then(|open| open.tab.below());
    let lines = Layout::above(lines, tab_len(model), below.unwrap_or_default());
    usize::from(lines).saturating_sub(1)
}

/// How many rows of the screen's list are seen.
pub(in crate::app) fn list_rows(model: &Model) -> usize {
    usize::from(model.list_lines(model.layout().main.height)).saturating_sub(1)
}

/// Moves the cursor of whatever has the focus.
pub(in crate::app) fn go(model: &mut Model, go: Move) {
    let rows = list_rows(model);
    if model.order.is_some() {
        let (len, rows) = (tab_len(model), tab_rows(model));
        if let Some(open) = &mut model.order {
            open.cursor.go(go, len, rows);
        }
        return;
    }
    model.preview.moving = true;
    match model.screen {
        Screen::Orders => model.orders.touched = true,
        Screen::Requests => model.requests.touched = true,
        Screen::Journal => model.journal.touched = true,
        Screen::Plan => {}
        Screen::Domains => model.domains.touched = true,
        Screen::Endpoints => model.endpoints.touched = true,
    }
    let (len, cursor) = model.list();
    let before = cursor.top;
    cursor.go(go, len, rows);
    if matches!(go, Move::By(_)) {
        let by = cursor.top as isize - before as isize;
        if model.layout().side.is_some() {
            model.preview.slide(by);
        }
    }
    // A narrow screen has no column for each number of the plan.
    if model.screen == Screen::Plan && model.size.0 < NARROW && model.plan.column > 0 {
        model.set_status(Tone::Info, model.plan.told());
    }
}
