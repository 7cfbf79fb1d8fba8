//! An account of 100,000 orders, and what goes over the line on it: one write a move, nothing while nothing happens,
//! the first frame before any answer.

use std::time::Duration;

use certdeck::sandbox::SandboxOptions;
use certdeck::sandbox::model::Approval;

use crate::account::Server;
use crate::support::pty::{Ended, Pty, Setup, key};
use crate::wait_for_the_desk;
use crate::work::{at, filter, open, silent};

/// Bytes that a move through a list may cost.
const MOVE: usize = 350;

const END: &[u8] = b"\x1b[?2026l";

/// The bytes of the first frame after a key.
fn first_frame(pty: &mut Pty, letter: &str) -> usize {
    let from = pty.written().len();
    pty.mark();
    pty.send(letter);
    pty.wait_frame();
    let after = &pty.written()[from..];
    let end = after.windows(END.len()).position(|part| part == END);
    end.expect("a frame") + END.len()
}

/// Reading 100,000 orders takes a while where the program is not optimised; as long as it goes on, it is waited for.
fn wait_for_all(pty: &mut Pty) {
    for part in 1..=10 {
        pty.wait("more orders", |screen| {
            let text = screen.contents();
            let count = text
                .split_once("Orders ")
                .map(|(_, rest)| rest.split_whitespace().next().unwrap_or_default())
                .and_then(|count| count.replace(',', "").parse::<u64>().ok());
            count.is_some_and(|count| count >= part * 10_000)
        });
    }
}

fn big() -> Server {
    Server::with(SandboxOptions {
        orders: 100_000,
        ..SandboxOptions::default()
    })
}

#[test]
fn a_hundred_thousand_orders_list_filter_and_open_and_are_there_at_once_the_next_time() {
    let server = big();
    let order = server.pick(Approval::Off);
    let folder = tempfile::tempdir().unwrap();
    let setup = at(&server.sandbox().url(), server.sandbox().key())
        .env("XDG_DATA_HOME", folder.path().to_str().unwrap())
        .size(120, 40);
    let mut pty = setup.clone().start();
    wait_for_all(&mut pty);
    pty.wait_for("sort: expiration");
    // The cursor stayed on its order while others came in before it.
    pty.send("g");
    pty.wait_quiet(Duration::from_millis(500));
    let most = largest_move(&mut pty, 25);
    println!("a move through 100,000 orders: {most} bytes at most");
    assert!(most <= MOVE, "{most} bytes for one move");

    filter(&mut pty, "status:issued ends<30d");
    pty.send(key("esc"));
    pty.wait_for("Enter open");
    open(&mut pty, &order);
    for name in &order.names {
        pty.wait_for(name);
    }
    // Out of the order, and out.
    pty.send("q");
    pty.wait_for("Enter open");
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));

    // The same account, by a server that says nothing any more.
    server.sandbox().set_faults("hang").unwrap();
    let mut pty = setup.start();
    pty.wait("the list of the last time", |screen| {
        screen.contents().contains("issued")
    });
    let first = pty.written().len();
    println!("the first frames of a kept account: {first} bytes");
    assert!(first <= 6 * 1024, "{first} bytes before the list is there");
    wait_for_all(&mut pty);
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
    pty.assert_restored();
}

/// The largest of so many moves down and back.
fn largest_move(pty: &mut Pty, moves: usize) -> usize {
    let down = std::iter::repeat_n(("j", "k"), moves);
    let up = std::iter::repeat_n(("k", "j"), moves);
    let all = down.chain(up);
    let costs = all.map(|(letter, back)| cost(pty, letter, back));
    costs.max().unwrap_or_default()
}

/// The bytes of a move. On a busy machine the cursor may rest between two keys, and what follows it comes along with the
/// move: then the move is made again from rest.
fn cost(pty: &mut Pty, letter: &str, back: &str) -> usize {
    let mut bytes = first_frame(pty, letter);
    for _ in 0..2 {
        if bytes <= MOVE {
            break;
        }
        pty.wait_quiet(Duration::from_millis(500));
        pty.send(back);
        pty.wait_quiet(Duration::from_millis(500));
        bytes = first_frame(pty, letter);
    }
    bytes
}

#[test]
fn a_move_through_a_list_is_one_small_write() {
    // Past the edge of the screen too: there the terminal itself moves the rows, with what stands beside them.
    for (columns, rows, moves, colours) in [
        (80, 24, 60, ""),
        (120, 40, 100, ""),
        (120, 40, 100, "truecolor"),
    ] {
        let mut pty = Setup::certdeck(&["demo"])
            .env("COLORTERM", colours)
            .size(columns, rows)
            .start();
        pty.wait_for("Orders 250");
        // Of the requests all: those that wait are few.
        for (list, keys, seen) in [
            ("orders", "", "Orders 250"),
            ("requests", "2tt", "all requests"),
        ] {
            // One by one, as a hand types: together they would be a paste.
            for key in keys.chars() {
                pty.send(&key.to_string());
                pty.wait_quiet(Duration::from_millis(100));
            }
            pty.wait_for(seen);
            pty.wait_quiet(Duration::from_millis(500));
            let most = largest_move(&mut pty, moves);
            println!(
                "{moves} moves through the {list} at {columns}x{rows} {colours}: {most} bytes at most"
            );
            assert!(most <= MOVE, "{most} bytes for one move through the {list}");
        }
        pty.send("q");
        assert_eq!(pty.wait_exit(), Ended::Code(0));
    }
}

#[test]
fn the_first_frame_is_there_before_any_answer() {
    let (_server, setup) = silent();
    let mut pty = setup.size(120, 40).start();
    wait_for_the_desk(&mut pty);
    pty.wait_for("1 Orders");
    assert!(
        pty.written().len() <= 6 * 1024,
        "{} bytes",
        pty.written().len()
    );
    pty.send("q");
    assert_eq!(pty.wait_exit(), Ended::Code(0));
}
