//! What goes over the line: how many bytes a key costs, in how many writes.

use std::cell::RefCell;
use std::rc::Rc;

use certdeck::app::effect::Read;
use certdeck::app::look::{Colours, Ground};
use certdeck::app::msg::{Data, Msg};
use certdeck::domain::ids::OrderId;
use certdeck::runtime::frame::{Screen, Sink};

use crate::account::{self, Desk};
use crate::draw::cells;

/// A list as long as an account of a small firm, with names of all lengths.
fn long_list(size: (u16, u16)) -> Desk {
    let mut desk = Desk::with_orders(size);
    let kinds = account::orders();
    let rows = (0..250u64).map(|at| {
        let mut row = kinds[at as usize % kinds.len()].clone();
        row.id = OrderId(400_000_000 + at);
        row
    });
    desk.orders(rows.collect());
    desk
}

/// The sizes of the pieces that were sent.
#[derive(Default, Clone)]
struct Sizes(Rc<RefCell<Vec<usize>>>);

impl Sink for Sizes {
    fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.borrow_mut().push(bytes.len());
        Ok(())
    }
}

/// A terminal that counts.
struct Line {
    screen: Screen<Sizes>,
    sizes: Sizes,
}

impl Line {
    /// With the desk on it.
    fn showing(desk: &Desk) -> Self {
        let sizes = Sizes::default();
        let screen = Screen::new(sizes.clone(), desk.model.size);
        let mut line = Self { screen, sizes };
        line.draw(desk);
        line
    }

    /// Draws; the bytes of each write.
    fn draw(&mut self, desk: &Desk) -> Vec<usize> {
        let drawn = self.screen.draw(|area, buf| {
            certdeck::ui::view(&desk.model, area, buf);
            None
        });
        drawn.expect("memory takes everything");
        self.sizes.0.take()
    }
}

/// Bytes of each write while a key is pressed some times.
fn bytes_of(desk: &mut Desk, key: &str, times: usize) -> Vec<Vec<usize>> {
    let mut line = Line::showing(desk);
    let press = |_| {
        desk.press(key);
        line.draw(desk)
    };
    (0..times).map(press).collect()
}

#[test]
fn a_move_through_the_list_is_one_small_write() {
    for size in [(120, 40), (80, 24), (200, 50)] {
        let mut desk = long_list(size);
        desk.press("g");
        if desk.model.preview.due.is_some() {
            desk.rest();
        }
        let inside = usize::from(size.1) - 8;
        // The longest way to say a colour is the one to hold.
        desk.model.look.colours = Colours::True;
        for (at, writes) in bytes_of(&mut desk, "j", inside).into_iter().enumerate() {
            let most = if size.0 == 200 { 600 } else { 350 };
            assert!(
                writes.len() == 1 && writes[0] <= most,
                "move {at} at {size:?}: {writes:?}"
            );
        }
    }
}

#[test]
fn a_list_that_scrolls_is_moved_by_the_terminal() {
    let mut desk = long_list((80, 24));
    for writes in bytes_of(&mut desk, "j", 100) {
        assert!(writes.len() == 1 && writes[0] <= 350, "{writes:?}");
    }
    // Beside an order, what the terminal moves there too has to be put back.
    let mut desk = long_list((120, 40));
    for writes in bytes_of(&mut desk, "j", 100) {
        assert!(writes.len() == 1 && writes[0] <= 1500, "{writes:?}");
    }
}

/// The order that is shown is read, if it is wanted.
fn read(desk: &mut Desk) {
    let Some(id) = desk
        .model
        .side_order()
        .or(desk.model.order.as_ref().map(|open| open.id))
    else {
        return;
    };
    let mut order = account::order();
    order.id = id;
    desk.comes(&Read::Order(id), Ok(Data::Order(Box::new(order))));
    desk.comes(
        &Read::Duplicates(id),
        Ok(Data::Certificates(account::duplicates())),
    );
    desk.comes(
        &Read::Reissues(id),
        Ok(Data::Certificates(account::reissues())),
    );
}

/// The cursor has rested, and the order beside the list, if one is there, is read.
fn rest(desk: &mut Desk) {
    if let Some(due) = desk.model.preview.due {
        desk.tell_at(Msg::Deadline, due);
    }
    read(desk);
}

/// The desk with an order beside the list where there is room, in the longest way to say a colour.
fn rested(size: (u16, u16)) -> Desk {
    let mut desk = long_list(size);
    desk.model.look.colours = Colours::True;
    desk.model.look.ground = Ground::Dark;
    desk.press("g");
    rest(&mut desk);
    desk
}

/// Bytes of one key, the answers that come at once among them.
fn step(desk: &mut Desk, line: &mut Line, key: &str) -> usize {
    desk.press(key);
    let asked = line.draw(desk);
    read(desk);
    let came = line.draw(desk);
    assert!(
        asked.len() <= 1 && came.len() <= 1,
        "{key}: {asked:?} {came:?}"
    );
    asked.iter().chain(&came).sum()
}

#[test]
fn opening_an_order_going_back_and_moving_on_cost_eight_thousand_bytes_at_most() {
    for size in [
        (80, 24),
        (120, 40),
        (144, 40),
        (145, 50),
        (160, 50),
        (200, 50),
        (240, 67),
    ] {
        for list in ["1", "2"] {
            let mut desk = rested(size);
            desk.press(list);
            rest(&mut desk);
            let mut line = Line::showing(&desk);
            let story = ["enter", "esc", "j"].map(|key| step(&mut desk, &mut line, key));
            assert!(story.iter().sum::<usize>() <= 8000, "{story:?} at {size:?}");
            // Where the list has all it needs beside an open order, nothing moves.
            if size.0 >= 145 && list == "1" {
                assert!(
                    story.iter().all(|bytes| *bytes <= 600),
                    "{story:?} at {size:?}"
                );
            }
        }
    }
}

#[test]
fn a_tab_of_an_order_costs_what_it_says() {
    for size in [(80, 24), (120, 40), (160, 50), (200, 50)] {
        let mut desk = rested(size);
        desk.press("enter");
        read(&mut desk);
        let mut line = Line::showing(&desk);
        for tab in 0..5 {
            let bytes = step(&mut desk, &mut line, "o");
            assert!(bytes <= 2400, "tab {tab}: {bytes} at {size:?}");
        }
    }
}

#[test]
fn an_order_that_is_opened_moves_nothing_of_the_list_beside_it() {
    for width in 120..220 {
        let mut desk = rested((width, 40));
        let before = cells(&desk.model);
        desk.press("enter");
        let after = cells(&desk.model);
        let side = desk.model.layout().side.expect("a side");
        assert!(side.width >= 64 && side.x >= 55, "{side:?}");
        for y in side.y + 1..side.bottom() {
            for x in 2..side.x {
                let (was, is) = (before[(x, y)].symbol(), after[(x, y)].symbol());
                // What is covered is gone, not cut.
                assert!(
                    is == was || is == " " && x + 16 > side.x,
                    "{x},{y} at {width}: {was:?} {is:?}"
                );
            }
        }
    }
}
