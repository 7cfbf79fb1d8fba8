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

use certdeck::app::model::{Look, Model};
use certdeck::app::msg::{Connection, Msg};
use certdeck::app::update;
use certdeck::domain::order::OrderSummary;
use certdeck::keys::KeyMap;
use certdeck::ui;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::{Bencher, black_box};
use jiff::{Timestamp, ToSpan};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

#[global_allocator]
static COUNTED: divan::AllocProfiler = divan::AllocProfiler::system();

/// How many orders.
const SIZES: [u64; 2] = [100, 100_000];

/// The screen that budgets are for.
const AREA: Rect = Rect::new(0, 0, 120, 40);

fn main() {
    divan::main();
}

fn rows(count: u64) -> Vec<OrderSummary> {
    let today = jiff::civil::date(2026, 11, 20);
    (0..count)
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

fn desk(rows: Vec<OrderSummary>) -> Model {
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
    for rows in [rows, Vec::new()] {
        let account = "bench".into();
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
    bencher.with_inputs(|| rows(count)).bench_values(desk);
}

/// The list on the screen.
#[divan::bench(args = SIZES)]
fn frame(bencher: Bencher, count: u64) {
    let model = desk(rows(count));
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
    let mut model = desk(rows(count));
    let mut buffer = Buffer::empty(AREA);
    bencher.bench_local(|| {
        press(&mut model, 'j');
        buffer.reset();
        ui::view(&model, AREA, &mut buffer);
    });
}

/// A typed letter of a filter, and its way back.
#[divan::bench(args = SIZES, sample_count = 20, sample_size = 1)]
fn filter(bencher: Bencher, count: u64) {
    let mut model = desk(rows(count));
    press(&mut model, '/');
    for letter in "zone-77".chars() {
        press(&mut model, letter);
    }
    let back = KeyEvent::new(KeyCode::Backspace, KeyModifiers::NONE);
    bencher.bench_local(|| {
        press(&mut model, '.');
        update(&mut model, Msg::Key(back), now());
    });
}

/// The least that a filter can cost: every name looked through, twice, as above.
#[divan::bench(args = SIZES)]
fn filter_floor(bencher: Bencher, count: u64) {
    let names: Vec<String> = rows(count)
        .into_iter()
        .map(|row| row.dns_names.join("\n"))
        .collect();
    bencher.bench_local(|| {
        ["zone-77.", "zone-77"].map(|word| {
            names
                .iter()
                .filter(|name| name.contains(black_box(word)))
                .count()
        })
    });
}

/// The next column.
#[divan::bench(args = SIZES, sample_count = 21, sample_size = 1)]
fn sort(bencher: Bencher, count: u64) {
    let mut model = desk(rows(count));
    bencher.bench_local(|| press(&mut model, 's'));
}

/// The least that a sort can cost: numbers.
#[divan::bench(args = SIZES)]
fn sort_floor(bencher: Bencher, count: u64) {
    bencher
        .with_inputs(|| (0..count).map(|n| n * 7919 % 100_003).collect::<Vec<_>>())
        .bench_local_values(|mut numbers| {
            numbers.sort_unstable();
            numbers
        });
}
