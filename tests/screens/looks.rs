//! What snapshots do not hold: colours and their absence, any size, and hostile text.

use certdeck::app::look::{Colours, Ground, Look};
use certdeck::app::msg::Msg;
use certdeck::domain::text::is_hidden;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};

use crate::account::{self, Desk};
use crate::draw::{cells, text};

/// The colour of the first cell of some words.
fn colour(buf: &Buffer, words: &str) -> Color {
    for y in 0..buf.area.height {
        let line: String = (0..buf.area.width).map(|x| buf[(x, y)].symbol()).collect();
        // Every test row here is ASCII up to its words.
        if let Some(at) = line.find(words) {
            let x = line[..at].chars().count() as u16;
            return buf[(x, y)].fg;
        }
    }
    panic!("{words} is not on the screen");
}

#[test]
fn states_have_the_colours_of_what_they_mean() {
    let mut desk = Desk::with_orders((80, 24));
    desk.model.look.ground = Ground::Dark;
    let buf = cells(&desk.model);
    assert_eq!(colour(&buf, "issued"), Color::White, "under the cursor");
    assert_eq!(colour(&buf, "approval"), Color::Yellow);
    assert_eq!(colour(&buf, "revoked"), Color::Red);
    assert_eq!(colour(&buf, "reissuing"), Color::Yellow);
    assert_eq!(colour(&buf, "renew  "), Color::Yellow);
    assert_eq!(colour(&buf, "renewed"), Color::Green);
}

#[test]
fn a_certificate_that_is_over_while_its_order_lives_is_red() {
    let desk = Desk::with_orders((80, 24));
    assert_eq!(colour(&cells(&desk.model), "reissue 90 d"), Color::Red);
}

#[test]
fn a_sandbox_cannot_be_overlooked() {
    let desk = Desk::with_orders((80, 24));
    let buf = cells(&desk.model);
    let line: String = (0..80).map(|x| buf[(x, 0)].symbol()).collect();
    let x = line.find("SANDBOX").expect("the badge") as u16;
    assert_eq!(buf[(x, 0)].bg, Color::Yellow);
}

#[test]
fn without_colours_there_are_none_and_the_cursor_is_still_seen() {
    for (size, open) in [((120, 40), false), ((120, 40), true), ((80, 24), true)] {
        let mut desk = if open {
            Desk::with_order(size)
        } else {
            Desk::with_orders(size)
        };
        desk.model.look = Look {
            colours: Colours::None,
            ground: Ground::Light,
        };
        for keys in [&["o"][..], &["o"], &["?"], &["esc", "y"], &["esc", "d"]] {
            for key in keys {
                desk.press(key);
            }
            let buf = cells(&desk.model);
            for cell in buf.content() {
                assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
            }
        }
    }
    let mut desk = Desk::with_orders((80, 24));
    desk.model.look.colours = Colours::None;
    let buf = cells(&desk.model);
    assert!(buf[(10, 3)].modifier.contains(Modifier::REVERSED));
    assert!(!buf[(10, 4)].modifier.contains(Modifier::REVERSED));
}

/// How bright a colour of the fixed palette is, from 0 to 1, as WCAG 2 measures it.
fn luminance(colour: u8) -> f64 {
    let of = |level: u8| {
        let level = f64::from(level) / 255.0;
        if level <= 0.040_45 {
            level / 12.92
        } else {
            ((level + 0.055) / 1.055).powf(2.4)
        }
    };
    let step = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let (red, green, blue) = match colour {
        232.. => (
            8 + 10 * (colour - 232),
            8 + 10 * (colour - 232),
            8 + 10 * (colour - 232),
        ),
        16.. => {
            let at = colour - 16;
            (step(at / 36), step(at / 6 % 6), step(at % 6))
        }
        _ => panic!("{colour} is the terminal's own"),
    };
    0.2126 * of(red) + 0.7152 * of(green) + 0.0722 * of(blue)
}

fn contrast(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn words_can_be_read_on_the_background_that_was_told() {
    for (colours, ground, behind) in [
        (Colours::Fixed, Ground::Dark, 0.0),
        (Colours::Fixed, Ground::Light, 1.0),
        // Whatever it is, until the terminal tells.
        (Colours::Fixed, Ground::Unknown, 0.0),
        (Colours::Fixed, Ground::Unknown, 1.0),
        (Colours::True, Ground::Unknown, 0.0),
        (Colours::True, Ground::Unknown, 1.0),
    ] {
        let mut desk = Desk::with_orders((120, 40));
        desk.model.look = Look { colours, ground };
        let mut coloured = 0;
        for keys in [
            &["o"][..],
            &["o"],
            &["?"],
            &["esc", "y"],
            &["esc", "d"],
            &["esc", "2"],
            &["3"],
        ] {
            for key in keys {
                desk.press(key);
            }
            for cell in cells(&desk.model).content() {
                let under = match cell.bg {
                    Color::Indexed(colour) => luminance(colour),
                    Color::Reset => behind,
                    other => panic!("{other:?} is not the same everywhere"),
                };
                let Color::Indexed(colour) = cell.fg else {
                    assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
                    continue;
                };
                coloured += 1;
                // Lines between panes and boxes are no words.
                let bold = cell.modifier.contains(Modifier::BOLD);
                let least = match ground {
                    _ if is_line(cell.symbol()) => 1.5,
                    // No colour has more than 4.58 on both black and white.
                    Ground::Unknown if bold => 3.9,
                    Ground::Unknown => 4.3,
                    Ground::Dark | Ground::Light => 4.5,
                };
                let found = contrast(luminance(colour), under);
                assert!(
                    found >= least,
                    "{ground:?}: {:?} in {colour} has {found:.1}",
                    cell.symbol()
                );
            }
        }
        assert!(coloured > 1000, "{ground:?}: {coloured}");
    }
}

#[test]
fn on_a_light_background_nothing_is_yellow_or_cyan() {
    let mut desk = Desk::with_orders((120, 40));
    desk.model.look.ground = Ground::Light;
    let buf = cells(&desk.model);
    let words = buf.content().iter().filter(|cell| cell.bg == Color::Reset);
    for cell in words {
        assert!(!matches!(cell.fg, Color::Yellow | Color::Cyan), "{cell:?}");
    }
    assert_eq!(colour(&buf, "reissue 90 d"), Color::Red);
}

/// Of the terminal's own colours only two are far enough from black and from white.
#[test]
fn sixteen_colours_can_be_read_on_either_background() {
    let mut desk = Desk::with_orders((120, 40));
    desk.model.look = Look::default();
    let mut seen = std::collections::BTreeSet::new();
    for keys in [
        &["o"][..],
        &["o"],
        &["?"],
        &["esc", "y"],
        &["esc", "2"],
        &["3"],
    ] {
        for key in keys {
            desk.press(key);
        }
        let buf = cells(&desk.model);
        let words = buf.content().iter().filter(|cell| cell.bg == Color::Reset);
        seen.extend(words.map(|cell| format!("{:?}", cell.fg)));
    }
    for colour in &seen {
        let readable = ["Reset", "Red", "Magenta"].contains(&colour.as_str());
        assert!(readable, "{seen:?}");
    }
    assert!(seen.contains("Magenta"), "{seen:?}");
}

#[test]
fn the_background_that_the_terminal_tells_changes_the_colours() {
    let mut desk = Desk::with_orders((120, 40));
    desk.model.look.colours = Colours::Fixed;
    let (before, words) = (cells(&desk.model), text(&desk.model));
    desk.tell(Msg::Ground(Ground::Light));
    assert_eq!(desk.model.look.ground, Ground::Light);
    assert_eq!(text(&desk.model), words);
    assert_ne!(cells(&desk.model), before);
}

fn is_line(symbol: &str) -> bool {
    symbol.trim().is_empty()
        || symbol
            .chars()
            .all(|c| ('\u{2500}'..='\u{259f}').contains(&c))
}

#[test]
fn a_move_changes_two_rows_and_nothing_else() {
    let mut desk = Desk::with_orders((120, 40));
    desk.rest();
    let before = cells(&desk.model);
    desk.press("j");
    let after = cells(&desk.model);
    let changed: std::collections::BTreeSet<u16> =
        before.diff(&after).into_iter().map(|(_, y, _)| y).collect();
    assert_eq!(changed, [3, 4].into());
}

fn hostile() -> &'static str {
    "a\u{1b}[31mb\u{202e}c\u{9b}2Jd\u{200b}e\u{feff}f\u{7}g\u{2066}h\u{e0041}i\rj"
}

#[test]
fn no_remote_text_reaches_the_terminal_as_anything_but_text() {
    use certdeck::app::msg::Data;
    let bad = hostile();
    let mut rows = account::orders();
    for row in &mut rows {
        row.common_name = bad.into();
        row.dns_names = vec![bad.into(), format!("{bad}2")];
        row.product.name = bad.into();
        row.organization.as_mut().expect("one").name = bad.into();
        row.status = certdeck::domain::status::OrderStatus::Other(bad.into());
    }
    rows[0].status = certdeck::domain::status::OrderStatus::Issued;
    let mut order = account::order();
    order.certificate.common_name = bad.into();
    order.certificate.dns_names = vec![bad.into()];
    order.certificate.ca_name = Some(bad.into());
    order.certificate.serial = Some(bad.into());
    order.product.name = bad.into();
    order.notes[0].text = format!("{bad}\n{bad}");
    order.custom_fields[0].label = bad.into();
    order.custom_fields[0].value = bad.into();
    order.user.as_mut().expect("one").name = bad.into();
    order.dcv_method = Some(bad.into());
    for request in &mut order.requests {
        request.comments = Some(bad.into());
        request.requester = Some(
            certdeck::domain::order::Person {
                name: bad.into(),
                ..certdeck::domain::order::Person::default()
            }
            .into(),
        );
    }
    let mut waiting = account::requests();
    for request in &mut waiting {
        request.comments = Some(bad.into());
        request.common_name = Some(bad.into());
    }
    let mut failure = account::no_network();
    failure.what = bad.into();
    for size in [(80, 24), (120, 40), (200, 50), (40, 10)] {
        let mut desk = Desk::connected(size);
        let mut session = account::session();
        session.user = bad.into();
        session.account = Some(bad.into());
        desk.comes(
            &certdeck::app::effect::Read::Session,
            Ok(Data::Session(session)),
        );
        desk.orders(rows.clone());
        desk.comes(
            &certdeck::app::effect::Read::Requests,
            Ok(Data::Requests(waiting.clone())),
        );
        safe(&desk);
        desk.press("enter");
        let read = certdeck::app::effect::Read::Order(desk.model.order.as_ref().expect("open").id);
        desk.comes(&read, Ok(Data::Order(Box::new(order.clone()))));
        for _ in 0..5 {
            safe(&desk);
            desk.press("o");
        }
        desk.press("y");
        safe(&desk);
        desk.press("esc 2");
        safe(&desk);
        desk.press("a");
        safe(&desk);
        desk.press("esc 1 R");
        desk.sync(certdeck::app::msg::SyncEvent::Failed(failure.clone()));
        safe(&desk);
        desk.tell(Msg::Notice(bad.into()));
        safe(&desk);
    }
}

fn safe(desk: &Desk) {
    for cell in cells(&desk.model).content() {
        assert!(
            !cell.symbol().chars().any(is_hidden),
            "{:?} in\n{}",
            cell.symbol(),
            text(&desk.model)
        );
    }
}

#[test]
fn a_hundred_thousand_rows_are_drawn_like_a_hundred() {
    let many = |count: u64| {
        let mut desk = Desk::with_orders((120, 40));
        let rows = (0..count).map(|at| {
            account::row(
                400_000_000 + at,
                &format!("host-{at:06}.example.net"),
                60 + (at % 100) as i32,
                300,
            )
        });
        desk.orders(rows.collect());
        assert_eq!(desk.model.orders.view.len() as u64, count + 16);
        desk
    };
    let (few, many) = (many(100), many(100_000));
    let (few, many) = (cells(&few.model), cells(&many.model));
    // The counts differ, and the hosts that end first; what is drawn where does not.
    for y in (0..40).filter(|y| *y != 1) {
        let blank =
            |buf: &Buffer| -> Vec<bool> { (0..72).map(|x| buf[(x, y)].symbol() == " ").collect() };
        assert_eq!(blank(&few), blank(&many), "row {y}");
    }
}

/// Every state that can be reached with a few keys, at sizes that no one has.
fn states() -> impl Strategy<Value = Vec<&'static str>> {
    let keys = prop::sample::select(vec![
        "enter", "esc", "j", "k", "G", "g", "pgdn", "o", "O", "y", "w", "a", "x", "d", "r", "?",
        ":", "/", "1", "2", "3", "W", "space", "s", "tab", "ctrl-g", "ctrl-s", "ctrl-o",
    ]);
    prop::collection::vec(keys, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_state_at_any_size_is_drawn(keys in states(), width in 0u16..200, height in 0u16..60) {
        let mut desk = Desk::with_orders((80, 24));
        desk.tell(Msg::Journal(Ok(account::journal())));
        for key in keys {
            desk.press(key);
            desk.answer_order();
        }
        desk.tell(Msg::Resize(width, height));
        let before = cells(&desk.model);
        prop_assert_eq!(before.area, Rect::new(0, 0, width, height));
        // Between a change of size and its message, the area is not the model's.
        let area = Rect::new(0, 0, height, width);
        certdeck::ui::view(&desk.model, area, &mut Buffer::empty(area));
    }
}

#[test]
fn text_is_scrolled_to_its_end_and_back_at_once() {
    let mut desk = Desk::with_order((80, 24));
    desk.press("G");
    let last = certdeck::ui::last_top(&desk.model).expect("text");
    desk.model.limit_scroll(last);
    let end = text(&desk.model);
    assert!(
        end.contains("ops@example.net") && !end.contains('↓'),
        "{end}"
    );
    desk.press("k");
    assert_ne!(text(&desk.model), end);
}

#[test]
fn the_smallest_screens_say_what_this_is() {
    for size in [(1, 1), (0, 0), (8, 1), (20, 3), (29, 5)] {
        let desk = Desk::with_orders(size);
        let screen = text(&desk.model);
        if size.0 >= 8 {
            assert!(screen.starts_with("certdeck"), "{screen}");
        }
    }
}

#[test]
fn a_clock_that_is_wrong_stands_in_the_header_of_every_screen() {
    use certdeck::domain::clock::ClockOffset;
    for size in [(80, 24), (120, 40)] {
        for keys in [&[][..], &["enter"], &["2"], &["3"]] {
            let mut desk = Desk::with_orders(size);
            for key in keys {
                desk.press(key);
            }
            let header = |desk: &Desk| text(&desk.model).lines().next().unwrap().to_owned();
            desk.tell(Msg::Clock(ClockOffset { seconds: -299 }));
            assert!(!header(&desk).contains("clock"), "{}", header(&desk));
            desk.tell(Msg::Clock(ClockOffset { seconds: -1200 }));
            assert!(
                header(&desk).contains("clock 20 min ahead"),
                "{}",
                header(&desk)
            );
        }
    }
}
