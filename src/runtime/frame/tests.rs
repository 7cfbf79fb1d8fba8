//! Frames are read back through a terminal emulator: what it shows must be what was drawn.

use std::cell::RefCell;
use std::num::NonZeroU16;
use std::rc::Rc;

use proptest::prelude::*;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier, Style};

use super::*;

fn emulator(width: u16, height: u16) -> vt100::Parser {
    let size = |n| NonZeroU16::new(n).unwrap();
    vt100::Parser::new(size(height), size(width), 0)
}

/// Keeps every piece that was sent; clones share what they keep.
#[derive(Debug, Default, Clone)]
struct Memory(Rc<RefCell<Vec<Vec<u8>>>>);

impl Memory {
    /// Takes what was sent since the last call, one entry a write.
    fn take(&self) -> Vec<Vec<u8>> {
        self.0.take()
    }
}

impl Sink for Memory {
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().push(bytes.to_vec());
        Ok(())
    }
}

fn screen(width: u16, height: u16) -> (Screen<Memory>, Memory) {
    let memory = Memory::default();
    (Screen::new(memory.clone(), (width, height)), memory)
}

/// What the emulator shows in a row, and whether each column is in reverse video.
fn row_of(terminal: &vt100::Parser, y: u16) -> String {
    let (_, width) = terminal.screen().size();
    terminal
        .screen()
        .rows(0, width.get())
        .nth(usize::from(y))
        .unwrap()
}

fn line(buffer: &mut Buffer, y: u16, text: &str, style: Style) {
    buffer.set_string(0, y, text, style);
}

#[test]
fn a_frame_is_one_write_inside_a_synchronized_update() {
    let (mut screen, out) = screen(20, 3);
    screen
        .draw(|_, b| {
            line(b, 0, "orders", Style::new());
            None
        })
        .unwrap();
    let pieces = out.take();
    assert_eq!(pieces.len(), 1);
    assert!(pieces[0].starts_with(b"\x1b[?2026h"));
    assert!(pieces[0].ends_with(b"\x1b[?2026l"));
}

#[test]
fn the_same_frame_again_sends_nothing() {
    let (mut screen, out) = screen(20, 3);
    let view = |_: Rect, b: &mut Buffer| {
        line(b, 1, "same", Style::new().fg(Color::Red));
        Some(Position::new(2, 1))
    };
    screen.draw(view).unwrap();
    out.take();
    screen.draw(view).unwrap();
    assert!(out.take().is_empty());
}

#[test]
fn only_the_cursor_moving_sends_only_the_cursor() {
    let (mut screen, out) = screen(20, 3);
    screen.draw(|_, _| Some(Position::new(2, 1))).unwrap();
    out.take();
    screen.draw(|_, _| Some(Position::new(3, 1))).unwrap();
    assert_eq!(out.take(), [b"\x1b[?2026h\x1b[2;4H\x1b[?2026l".to_vec()]);
    screen.draw(|_, _| None).unwrap();
    assert_eq!(out.take(), [b"\x1b[?2026h\x1b[?25l\x1b[?2026l".to_vec()]);
}

#[test]
fn a_list_move_fits_its_budget_at_120_by_40() {
    let (mut screen, out) = screen(120, 40);
    let list = |at: u16| {
        move |area: Rect, b: &mut Buffer| {
            for y in 0..area.height {
                b.set_string(0, y, format!("1234{y:04}"), Style::new().fg(Color::Cyan));
                b.set_string(10, y, format!("shop{y}.example.net (+3)"), Style::new());
                b.set_string(48, y, "OV multi-domain", Style::new().fg(Color::DarkGray));
                b.set_string(70, y, "issued", Style::new().fg(Color::Green));
                b.set_string(82, y, "21 d", Style::new().fg(Color::Yellow));
                b.set_string(92, y, "reissue: covers 200 d", Style::new());
            }
            b.set_style(Rect::new(0, at, area.width, 1), Modifier::REVERSED);
            None
        }
    };
    screen.draw(list(5)).unwrap();
    let first: usize = out.take().iter().map(Vec::len).sum();
    assert!(first <= 6 * 1024, "first frame took {first} bytes");
    screen.draw(list(6)).unwrap();
    let pieces = out.take();
    assert_eq!(pieces.len(), 1);
    assert!(
        pieces[0].len() <= 350,
        "a move took {} bytes",
        pieces[0].len()
    );
}

#[test]
fn wide_characters_are_replaced_whole() {
    let (mut screen, out) = screen(12, 1);
    let mut terminal = emulator(12, 1);
    for text in [
        "株式会社例",
        "ab株cd",
        "a株式b",
        "株ab式",
        "abcdefghijkl",
        "株式会社例え",
        "",
        "x株",
        "株式",
    ] {
        screen
            .draw(|_, b| {
                line(b, 0, text, Style::new());
                None
            })
            .unwrap();
        for piece in out.take() {
            terminal.process(&piece);
        }
        assert_eq!(row_of(&terminal, 0).trim_end(), text);
    }
}

#[test]
fn control_and_bidi_characters_never_reach_the_terminal() {
    let (mut screen, out) = screen(20, 1);
    let bad = [
        "\x1b[31m",
        "\u{9b}5n",
        "\u{202e}",
        "\x07",
        "a\u{200b}",
        "\u{2066}",
        "\n",
    ];
    screen
        .draw(|_, b| {
            for (x, symbol) in bad.iter().enumerate() {
                b[(2 * x as u16, 0)].set_symbol(symbol);
            }
            None
        })
        .unwrap();
    let sent = String::from_utf8(out.take().concat()).unwrap();
    assert_eq!(sent.matches('\u{fffd}').count(), bad.len());
    for symbol in bad {
        assert!(!sent.contains(symbol), "{symbol:?} in {sent:?}");
    }
}

#[test]
fn after_invalidate_the_screen_is_cleared_and_painted_in_the_same_write() {
    let (mut screen, out) = screen(12, 1);
    let view = |_: Rect, b: &mut Buffer| {
        line(b, 0, "here", Style::new());
        Some(Position::new(1, 0))
    };
    screen.draw(view).unwrap();
    out.take();
    screen.invalidate();
    screen.draw(view).unwrap();
    let pieces = out.take();
    assert_eq!(pieces.len(), 1);
    let mut terminal = emulator(12, 1);
    terminal.process(b"\x1b[?25lgarbage");
    terminal.process(&pieces[0]);
    assert_eq!(row_of(&terminal, 0).trim_end(), "here");
    assert!(!terminal.screen().hide_cursor());
}

#[test]
fn after_a_failed_write_the_next_frame_paints_everything() {
    #[derive(Debug, Default)]
    struct Once(bool, Vec<u8>);
    impl Sink for Once {
        fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
            if !std::mem::replace(&mut self.0, true) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.1.extend_from_slice(bytes);
            Ok(())
        }
    }
    let mut screen = Screen::new(Once::default(), (10, 1));
    let view = |_: Rect, b: &mut Buffer| {
        line(b, 0, "again", Style::new());
        None
    };
    assert!(screen.draw(view).is_err());
    screen.draw(view).unwrap();
    assert!(String::from_utf8_lossy(&screen.sink.1).contains("again"));
}

/// A cell of text: narrow, wide, or blank, in some style.
fn piece() -> impl Strategy<Value = (String, Style)> {
    let text = prop_oneof![
        4 => "[a-z]{1,6}",
        3 => " {1,9}",
        2 => Just("株".to_owned()),
        1 => Just("─".to_owned()),
        1 => Just("é".to_owned()),
    ];
    let colour = prop_oneof![
        3 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::LightBlue),
        1 => Just(Color::Indexed(200)),
    ];
    let modifier = prop_oneof![
        3 => Just(Modifier::empty()),
        1 => Just(Modifier::REVERSED),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM | Modifier::UNDERLINED),
    ];
    (text, colour.clone(), colour, modifier).prop_map(|(text, fg, bg, modifier)| {
        (text, Style::new().fg(fg).bg(bg).add_modifier(modifier))
    })
}

fn shows(colour: vt100::Color) -> Color {
    match colour {
        vt100::Color::Default => Color::Reset,
        vt100::Color::Idx(1) => Color::Red,
        vt100::Color::Idx(12) => Color::LightBlue,
        vt100::Color::Idx(n) => Color::Indexed(n),
        vt100::Color::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

/// Compares every cell that is seen: text, background, and for text its colour and modifiers.
fn assert_shown(terminal: &vt100::Parser, frame: &Buffer) {
    for y in 0..frame.area.height {
        let mut x = 0;
        while x < frame.area.width {
            let drawn = &frame[(x, y)];
            let seen = terminal.screen().cell(y, x).unwrap();
            let text = if seen.contents().is_empty() {
                " "
            } else {
                seen.contents()
            };
            assert_eq!(text, drawn.symbol(), "text at {x},{y}");
            assert_eq!(shows(seen.bgcolor()), drawn.bg, "background at {x},{y}");
            assert_eq!(
                seen.inverse(),
                drawn.modifier.contains(Modifier::REVERSED),
                "reverse at {x},{y}"
            );
            assert_eq!(
                seen.underline(),
                drawn.modifier.contains(Modifier::UNDERLINED),
                "underline at {x},{y}"
            );
            if text != " " {
                assert_eq!(shows(seen.fgcolor()), drawn.fg, "colour at {x},{y}");
                assert_eq!(
                    seen.bold(),
                    drawn.modifier.contains(Modifier::BOLD),
                    "bold at {x},{y}"
                );
                assert_eq!(
                    seen.dim(),
                    drawn.modifier.contains(Modifier::DIM),
                    "dim at {x},{y}"
                );
            }
            x += changes::width(drawn);
        }
    }
}

#[test]
fn a_list_that_scrolls_by_a_line_costs_about_a_line() {
    let (mut screen, out) = screen(80, 24);
    let mut terminal = emulator(80, 24);
    let list = |top: usize| {
        move |area: Rect, b: &mut Buffer| {
            line(b, 0, "orders", Modifier::BOLD.into());
            for y in 1..area.height - 1 {
                let n = top + usize::from(y);
                line(
                    b,
                    y,
                    &format!("1234{n:04}  shop{n}.example.net  OV multi-domain  expires in {n} d"),
                    Style::new(),
                );
            }
            line(b, area.height - 1, "? help", Style::new());
            b.set_style(Rect::new(0, 12, area.width, 1), Modifier::REVERSED);
            None
        }
    };
    for (step, top) in [0usize, 1, 2, 3, 2, 1, 5, 1].into_iter().enumerate() {
        screen.draw(list(top)).unwrap();
        let pieces = out.take();
        assert_eq!(pieces.len(), 1);
        terminal.process(&pieces[0]);
        assert_shown(&terminal, &screen.shown);
        if step > 0 && step < 6 {
            assert!(
                pieces[0].len() <= 350,
                "a line took {} bytes",
                pieces[0].len()
            );
        }
    }
}

#[test]
fn a_pane_beside_a_scrolling_list_stays() {
    let (mut screen, out) = screen(60, 12);
    let mut terminal = emulator(60, 12);
    for top in [0u16, 1, 3, 2, 0] {
        screen
            .draw(|area, b| {
                for y in 0..area.height {
                    line(
                        b,
                        y,
                        &format!("a long row of the list, number {:03}", top + y),
                        Style::new(),
                    );
                    b.set_string(
                        45,
                        y,
                        if y % 3 == 0 {
                            "株式会社"
                        } else {
                            "│ detail"
                        },
                        Color::Red,
                    );
                }
                None
            })
            .unwrap();
        for piece in out.take() {
            terminal.process(&piece);
        }
        assert_shown(&terminal, &screen.shown);
    }
}

/// Rows that move up or down between frames, some of them changed.
fn moving_rows() -> impl Strategy<Value = Vec<(usize, u16, u16)>> {
    prop::collection::vec((0usize..12, 0u16..8, 0u16..4), 2..8)
}

proptest! {
    #[test]
    fn rows_that_move_are_shown_where_they_went(frames in moving_rows()) {
        let (mut screen, out) = screen(30, 8);
        let mut terminal = emulator(30, 8);
        for (top, fixed, other) in frames {
            screen.draw(|area, b| {
                for y in 0..area.height {
                    let n = if y < fixed / 2 { 100 + usize::from(y) } else { top + usize::from(y) };
                    let style = if y == other { Style::new().bg(Color::Indexed(200)) } else { Style::new() };
                    line(b, y, &format!("row {n} 株 {}", "x".repeat(n % 13)), style);
                }
                None
            }).unwrap();
            for piece in out.take() {
                terminal.process(&piece);
            }
            assert_shown(&terminal, &screen.shown);
        }
    }

    #[test]
    fn the_terminal_always_shows_the_last_frame(
        frames in prop::collection::vec(prop::collection::vec(prop::collection::vec(piece(), 0..8), 4), 1..5)
    ) {
        let (mut screen, out) = screen(17, 4);
        let mut terminal = emulator(17, 4);
        for rows in &frames {
            screen.draw(|_, b| {
                for (y, row) in rows.iter().enumerate() {
                    let mut x = 0;
                    for (text, style) in row {
                        if x < 17 {
                            x = b.set_stringn(x, y as u16, text, usize::from(17 - x), *style).0;
                        }
                    }
                }
                None
            }).unwrap();
            for piece in out.take() {
                terminal.process(&piece);
            }
            assert_shown(&terminal, &screen.shown);
        }
    }
}
