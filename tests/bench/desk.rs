//! What the desk costs at 100 and at 100,000 orders, side by side with the least that such work can cost here.
//!
//! Read a row against its floor in the same run: machines differ, ratios do not. Memory is what the allocator
//! counts: `grow` and `max alloc` of `orders`, divided by the number of orders.

#![expect(
    clippy::unwrap_used,
    reason = "a bench that panics is a bench that fails"
)]

#[path = "../support/fixtures.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod fixtures;

use std::cell::RefCell;
use std::ops::Range;

use certdeck::app::look::Look;
use certdeck::app::model::Model;
use certdeck::app::msg::{Connection, Msg};
use certdeck::app::update;
use certdeck::domain::order::OrderSummary;
use certdeck::domain::packed::Rows;
use certdeck::keys::KeyMap;
use certdeck::ui;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::{Bencher, black_box};
use jiff::{Timestamp, ToSpan};
use memchr::memmem::Finder;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

#[global_allocator]
static COUNTED: divan::AllocProfiler = divan::AllocProfiler::system();

/// How many orders.
const SIZES: [u64; 2] = [100, 100_000];

/// How many orders, where it matters how the cost grows.
const GROWTH: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// The screen that budgets are for.
const AREA: Rect = Rect::new(0, 0, 120, 40);

fn main() {
    divan::main();
}

fn rows(count: u64) -> Rows {
    Rows::from_iter(some_rows(0..count))
}

fn some_rows(numbers: Range<u64>) -> Vec<OrderSummary> {
    let today = jiff::civil::date(2026, 11, 20);
    numbers
        .map(|n| {
            let name = format!("host-{n}.zone-{}.example.net", n % 997);
            let days = i64::try_from(n * 7919 % 400).unwrap() - 60;
            OrderSummary {
                dns_names: vec![name.clone(), format!("www.{name}")],
                valid_from: Some(today),
                valid_till: Some(today + days.days()),
                order_valid_till: Some(today + (days + 200).days()),
                ..fixtures::summary(100_000_000 + n, &name)
            }
        })
        .collect()
}

fn now() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A desk with so many orders, which came as they do from the store: in batches.
fn desk(count: u64) -> Model {
    let starts = (0..count).step_by(4096);
    desk_of(starts.map(|from| Rows::from_iter(some_rows(from..count.min(from + 4096)))))
}

fn desk_of(batches: impl Iterator<Item = Rows>) -> Model {
    let keymap = KeyMap::default();
    let mut model = Model::new(
        (AREA.width, AREA.height),
        keymap,
        Look::default(),
        "bench".into(),
        now(),
    );
    model.engine.account.connection = Some(Connection {
        profile: "bench".into(),
        account: "bench".into(),
        url: "http://127.0.0.1:1/services/v2".into(),
        sandbox: false,
        key: Ok("the test".into()),
    });
    for rows in batches.chain([Rows::default()]) {
        let (account, rows) = ("bench".into(), rows.into());
        update(&mut model, Msg::Cached { account, rows }, now());
    }
    model
}

fn press(model: &mut Model, letter: char) {
    let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
    black_box(update(model, Msg::Key(key), now()));
}

/// Memory, and the time to take the rows in.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn orders(bencher: Bencher, count: u64) {
    bencher
        .with_inputs(|| rows(count))
        .bench_values(|rows| desk_of([rows].into_iter()));
}

/// The list on the screen.
#[divan::bench(args = SIZES)]
fn frame(bencher: Bencher, count: u64) {
    let model = desk(count);
    let mut buffer = Buffer::empty(AREA);
    bencher.bench_local(|| {
        buffer.reset();
        ui::view(black_box(&model), AREA, &mut buffer);
    });
}

/// The least that a frame can cost: every row written once.
#[divan::bench]
fn frame_floor(bencher: Bencher) {
    let row = "x".repeat(usize::from(AREA.width));
    let mut buffer = Buffer::empty(AREA);
    bencher.bench_local(|| {
        buffer.reset();
        for y in 0..AREA.height {
            buffer.set_string(0, y, black_box(&row), Style::default());
        }
    });
}

/// A key that moves the cursor, and the frame that follows.
#[divan::bench(args = SIZES)]
fn move_and_frame(bencher: Bencher, count: u64) {
    let mut model = desk(count);
    let mut buffer = Buffer::empty(AREA);
    bencher.bench_local(|| {
        press(&mut model, 'j');
        buffer.reset();
        ui::view(&model, AREA, &mut buffer);
    });
}

/// What is typed before the letter that is measured: a first letter that is in every name, a third one, the end of a word
/// that few have, and a letter after which nothing is left.
const FILTERS: [(&str, char); 4] = [("", 'e'), ("ho", 's'), ("zone-77", '.'), ("zone-77", 'q')];

/// A typed letter of a filter.
#[divan::bench(args = FILTERS, consts = GROWTH, sample_count = 20, sample_size = 1)]
fn filter<const COUNT: u64>(bencher: Bencher, (before, letter): (&str, char)) {
    let mut model = desk(COUNT);
    press(&mut model, '/');
    for letter in before.chars() {
        press(&mut model, letter);
    }
    let model = RefCell::new(model);
    let back = KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE);
    bencher
        .with_inputs(|| {
            update(&mut model.borrow_mut(), Msg::Key(back), now());
            // The letter before it is the one that is in force.
            if before.is_empty() {
                return;
            }
            press(&mut model.borrow_mut(), before.chars().last().unwrap());
        })
        .bench_local_values(|()| press(&mut model.borrow_mut(), letter));
}

/// The least that a letter can cost: all names as one text, looked through once, and the rows taken in a kept order.
#[divan::bench(args = FILTERS, consts = GROWTH, sample_count = 20, sample_size = 1)]
fn filter_floor<const COUNT: u64>(bencher: Bencher, (before, letter): (&str, char)) {
    let mut text = String::new();
    let mut ends = Vec::new();
    for row in some_rows(0..COUNT) {
        text.push_str(&row.dns_names.join("\n"));
        text.push('\n');
        ends.push(text.len());
    }
    let order: Vec<u32> = (0..ends.len() as u32)
        .map(|n| n * 7919 % ends.len() as u32)
        .collect();
    let word = format!("{before}{letter}");
    bencher.bench_local(|| {
        let finder = Finder::new(black_box(&word));
        let mut hits = vec![false; ends.len()];
        let (mut row, mut from) = (0, 0);
        while let Some(at) = finder.find(&text.as_bytes()[from..]) {
            let at = from + at;
            while ends[row] <= at {
                row += 1;
            }
            hits[row] = true;
            from = ends[row];
        }
        let view = order.iter().copied().filter(|row| hits[*row as usize]);
        view.collect::<Vec<u32>>()
    });
}

/// `s` up to a column, for the first time.
#[divan::bench(args = 1..=6, consts = GROWTH, sample_count = 3, sample_size = 1)]
fn sort_first<const COUNT: u64>(bencher: Bencher, column: usize) {
    bencher
        .with_inputs(|| {
            let mut model = desk(COUNT);
            (1..column).for_each(|_| press(&mut model, 's'));
            model
        })
        .bench_local_values(|mut model| {
            press(&mut model, 's');
            model
        });
}

/// `s` when each column was sorted by before.
#[divan::bench(consts = GROWTH, sample_count = 21, sample_size = 1)]
fn sort_again<const COUNT: u64>(bencher: Bencher) {
    let mut model = desk(COUNT);
    (0..7).for_each(|_| press(&mut model, 's'));
    bencher.bench_local(|| press(&mut model, 's'));
}

/// The plan, for the first time, in as many steps as it takes.
#[divan::bench(consts = GROWTH, sample_count = 5, sample_size = 1)]
fn plan<const COUNT: u64>(bencher: Bencher) {
    bencher
        .with_inputs(|| desk(COUNT))
        .bench_local_values(|mut model| {
            press(&mut model, '4');
            while model.has_more() {
                update(&mut model, Msg::GoOn, now());
            }
            model
        });
}

/// The least that a sort can cost: numbers.
#[divan::bench(args = GROWTH)]
fn sort_floor(bencher: Bencher, count: u64) {
    bencher
        .with_inputs(|| (0..count).map(|n| n * 7919 % 100_003).collect::<Vec<_>>())
        .bench_local_values(|mut numbers| {
            numbers.sort_unstable();
            numbers
        });
}
