//! What follows the cursor of a list once that rests: the order beside the list on a wide screen, the block below it,
//! and the reading of both. So a move through a list costs a line and not a pane.
//!
//! A list that scrolls takes what stands beside it along: a terminal moves whole rows by itself, and moving them is
//! some thirty bytes where drawing them anew is two thousand. So the order of before slides away with the list, and
//! the one under the cursor comes when the cursor rests.

use jiff::{SignedDuration, Timestamp};

use crate::app::added::EndpointId;
use crate::domain::ids::{DomainId, OrderId, RequestId};
use crate::domain::write::WriteId;
use crate::keys::Action;

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
    Domain(DomainId),
    /// An endpoint, and the order it is about.
    Endpoint(EndpointId, Option<OrderId>),
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
            PreviewTarget::Request(_, order)
            | PreviewTarget::Sent(_, order)
            | PreviewTarget::Endpoint(_, order) => *order,
            PreviewTarget::Domain(_) => None,
        }
    }

    /// The window of the list moved by so many rows: what stands beside it goes along.
    pub(in crate::app) fn slide(&mut self, rows: isize) {
        self.slid.by(rows);
    }

    /// Lets what follows the cursor do so later, if that moved. `follows` says whether anything stands beside the list or
    /// below it, `refused` what cannot be done with the row.
    pub(in crate::app) fn follow(
        &mut self,
        before: Option<&PreviewTarget>,
        after: Option<&PreviewTarget>,
        mut follows: bool,
        refused: Vec<Action>,
        now: Timestamp,
    ) {
        if std::mem::take(&mut self.moving) {
            follows |= refused != self.refused;
        } else {
            self.refused = refused;
        }
        let moved = after != before || self.on.is_none();
        if follows && moved && (after != self.on.as_ref() || self.slid != Slide::default()) {
            self.due = now.checked_add(SignedDuration::from_millis(REST_MS)).ok();
        }
    }

    /// Whether the cursor has rested; it is shown from now on what it is on.
    pub(in crate::app) fn is_due(&mut self, now: Timestamp) -> bool {
        self.due.take_if(|due| *due <= now).is_some()
    }

    /// Shows what the cursor rests on.
    pub(in crate::app) fn rest(&mut self, spot: Option<PreviewTarget>) {
        let Some(spot) = spot else {
            *self = Self::default();
            return;
        };
        let refused = std::mem::take(&mut self.refused);
        *self = Self {
            refused,
            ..Self::at(spot)
        };
    }
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
