//! The order beside the list on a wide screen. It follows the cursor once that rests, so that a move through the list
//! costs a line and not a pane.
//!
//! A list that scrolls takes what stands beside it along: a terminal moves whole rows by itself, and moving them is
//! some thirty bytes where drawing them anew is two thousand. So the order of before slides away with the list, and
//! the one under the cursor comes when the cursor rests.

use jiff::{SignedDuration, Timestamp};

use super::effect::Effect;
use super::model::{Model, Screen};
use super::opening;
use crate::domain::ids::OrderId;

/// How long the cursor rests before the order beside the list follows it.
const REST_MS: i64 = 250;

/// What stands beside the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Side {
    /// The order that the cursor last rested on.
    pub order: Option<OrderId>,
    /// When it follows the cursor.
    pub due: Option<Timestamp>,
    /// How far it has slid with the list since.
    pub slid: Slide,
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

impl Side {
    /// An order that stands where it belongs.
    pub(super) fn of(order: OrderId) -> Self {
        Self {
            order: Some(order),
            ..Self::default()
        }
    }
}

/// The window of the list moved by so many rows: what stands beside it goes along.
pub(super) fn slide(model: &mut Model, rows: isize) {
    if model.layout().side.is_some() && model.screen == Screen::Orders {
        model.side.slid.by(rows);
    }
}

/// Lets the side follow the cursor later, if it moved.
pub(super) fn follow(model: &mut Model, before: Option<OrderId>) {
    if model.layout().side.is_none() || model.order.is_some() {
        return;
    }
    let (after, side) = (model.current_order(), model.side);
    let moved = after != before || side.order.is_none();
    if moved && (after != side.order || side.slid != Slide::default()) {
        model.side.due = model
            .now
            .checked_add(SignedDuration::from_millis(REST_MS))
            .ok();
    }
}

/// Shows the order under the cursor once that has rested.
pub(super) fn due(model: &mut Model) -> Vec<Effect> {
    if model.side.due.is_none_or(|due| due > model.now) {
        return Vec::new();
    }
    let Some(id) = model.current_order() else {
        model.side = Side::default();
        return Vec::new();
    };
    model.side = Side::of(id);
    let mut effects = opening::read_order(model, id, false);
    effects.extend(opening::read_organization(model, id, false));
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
