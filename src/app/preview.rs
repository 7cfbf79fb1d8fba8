//! What follows the cursor of a list once that rests: the order beside the list on a wide screen, the block below it,
//! and the reading of both. So a move through a list costs a line and not a pane.
//!
//! A list that scrolls takes what stands beside it along: a terminal moves whole rows by itself, and moving them is
//! some thirty bytes where drawing them anew is two thousand. So the order of before slides away with the list, and
//! the one under the cursor comes when the cursor rests.

use jiff::{SignedDuration, Timestamp};

use super::effect::Effect;
use super::model::Model;
use super::{commands, requests};
use crate::app::screen::Screen;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::write::WriteId;
use crate::keys::{Action, Footer, TABLE};

/// How long the cursor rests before anything follows it.
const REST_MS: i64 = 250;

/// What the cursor of a list is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreviewTarget {
    Order(OrderId),
    /// A request, and the order it is about.
    Request(RequestId, Option<OrderId>),
    /// A row of the journal, and the order it is about.
    Sent(WriteId, Option<OrderId>),
}

/// What the cursor rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// What it last rested on: what stands beside the list and below it is about this.
    pub on: Option<PreviewTarget>,
    /// When that follows the cursor.
    pub due: Option<Timestamp>,
    /// How far what stands beside the list has slid with it since.
    pub slid: Slide,
    /// What cannot be done with the row: the line of keys leaves it out. It follows a cursor that moves when that rests,
    /// or each move would draw that line anew.
    pub refused: Vec<Action>,
    /// Whether the cursor was moved by the message that is being taken.
    pub(super) moving: bool,
}

/// How far something slid, up or down. What has slid out of sight stays out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slide {
    rows: isize,
    least: isize,
    most: isize,
}

impl Slide {
    /// Slides up by so many rows; down if negative.
    pub fn by(&mut self, rows: isize) {
        self.rows += rows;
        self.least = self.least.min(self.rows);
        self.most = self.most.max(self.rows);
    }

    /// The row of what slid that is now to be seen on a row of an area so many rows high.
    pub fn row(self, at: usize, height: usize) -> Option<usize> {
        let row = at.checked_add_signed(self.rows)?;
        let end = height.saturating_add_signed(self.least);
        (row.checked_add_signed(-self.most).is_some() && row < end).then_some(row)
    }
}

impl Preview {
    /// The cursor rests, and everything stands where it belongs.
    pub(super) fn at(spot: PreviewTarget) -> Self {
        Self {
            on: Some(spot),
            ..Self::default()
        }
    }

    /// The order that the cursor last rested on.
    pub fn order(&self) -> Option<OrderId> {
        match self.on.as_ref()? {
            PreviewTarget::Order(order) => Some(*order),
            PreviewTarget::Request(_, order) | PreviewTarget::Sent(_, order) => *order,
        }
    }
}

/// What the cursor of the list is on, unless an order is open over it.
pub(super) fn spot(model: &Model) -> Option<PreviewTarget> {
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
    }
}

/// The window of the list moved by so many rows: what stands beside it goes along.
pub(super) fn slide(model: &mut Model, rows: isize) {
    if model.layout().side.is_some() {
        model.preview.slid.by(rows);
    }
}

/// Lets what follows the cursor do so later, if that moved.
pub(super) fn follow(model: &mut Model, before: Option<&PreviewTarget>) {
    let refused = refused(model);
    // Below the list of orders stands nothing, and the line of keys is mostly the same.
    let mut follows = model.layout().side.is_some() || model.screen != Screen::Orders;
    if std::mem::take(&mut model.preview.moving) {
        follows |= refused != model.preview.refused;
    } else {
        model.preview.refused = refused;
    }
    if !follows || model.order.is_some() {
        return;
    }
    let (after, side) = (spot(model), &model.preview);
    let moved = after.as_ref() != before || side.on.is_none();
    if moved && (after != side.on || side.slid != Slide::default()) {
        model.preview.due = model
            .engine
            .now
            .checked_add(SignedDuration::from_millis(REST_MS))
            .ok();
    }
}

/// What cannot be done with the row under the cursor of the list.
fn refused(model: &Model) -> Vec<Action> {
    if model.order.is_some() {
        return Vec::new();
    }
    let places = model.places();
    let bindings = TABLE.iter().filter(|one| places.contains(&one.place));
    let mut refused: Vec<Action> = bindings
        .filter(|one| one.footer != Footer::Quiet && commands::why_not(model, one.action).is_some())
        .map(|one| one.action)
        .collect();
    refused.dedup();
    refused
}

/// Shows and reads what is under the cursor once that has rested.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    if model.preview.due.is_none_or(|due| due > model.engine.now) {
        return Vec::new();
    }
    model.preview.due = None;
    if model.order.is_some() {
        return Vec::new();
    }
    let Some(spot) = spot(model) else {
        model.preview = Preview::default();
        return Vec::new();
    };
    let request = match &spot {
        PreviewTarget::Request(id, _) => Some(*id),
        PreviewTarget::Order(_) | PreviewTarget::Sent(..) => None,
    };
    let refused = std::mem::take(&mut model.preview.refused);
    model.preview = Preview {
        refused,
        ..Preview::at(spot)
    };
    let mut effects = requests::look_closer(model, request);
    if let Some(id) = model.side_order() {
        effects.extend(model.engine.account.read_order(id, false));
        effects.extend(model.engine.account.read_organization(id, false));
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_slid_out_of_sight_stays_out() {
        let mut slide = Slide::default();
        let seen = |slide: Slide| (0..4).map(|at| slide.row(at, 4)).collect::<Vec<_>>();
        assert_eq!(seen(slide), [Some(0), Some(1), Some(2), Some(3)]);
        slide.by(1);
        assert_eq!(seen(slide), [Some(1), Some(2), Some(3), None]);
        slide.by(-2);
        assert_eq!(seen(slide), [None, None, Some(1), Some(2)]);
        slide.by(1);
        assert_eq!(seen(slide), [None, Some(1), Some(2), None]);
        slide.by(9);
        slide.by(-9);
        assert_eq!(seen(slide), [None; 4]);
    }
}
