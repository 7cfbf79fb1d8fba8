//! The table of timings: what is a hand, and what is none.

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// Where the operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    /// In a list: letters are commands, some only move.
    List,
    /// In a text field.
    Field,
    /// Before a question with a field.
    Question,
}

fn stance_at(at: At, key: KeyEvent) -> Stance {
    let moves = matches!(key.code, KeyCode::Char('j' | 'k' | 'g' | 'G'));
    Stance {
        typing: at != At::List,
        moves: at == At::List && moves,
        decides: at == At::Question && key.code == KeyCode::Enter,
        leaves: at == At::List && key.code == KeyCode::Char('Q'),
    }
}

fn key(c: char) -> Input {
    Input::Key(match c {
        '\r' => KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE),
        '\n' => KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL),
        '\x1b' => KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE),
        '\x03' => KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL),
        '\x13' => KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL),
        c => KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE),
    })
}

fn keys(text: &str) -> Vec<Input> {
    text.chars().map(key).collect()
}

fn marked(text: &str) -> Input {
    Input::Paste(Paste::of(text))
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// What comes at the given milliseconds, and what it is taken for. Before each arrival, and at the end, the time between
/// passes as the loop lets it pass: by deadlines.
fn run(at: At, arrivals: &[(u64, Vec<Input>)]) -> String {
    let start = Instant::now();
    let mut gate = Gate::default();
    let mut out = Vec::new();
    let mut drain = |gate: &mut Gate, now: Instant| {
        while let Some(meant) = gate.next(now, |key| stance_at(at, key)) {
            out.push(meant);
        }
    };
    for (after, inputs) in arrivals {
        let now = start + ms(*after);
        while let Some(deadline) = gate.deadline().filter(|deadline| *deadline < now) {
            drain(&mut gate, deadline);
        }
        let inputs = inputs.clone();
        gate.arrive(Arrived { inputs, at: now });
        drain(&mut gate, now);
    }
    while let Some(deadline) = gate.deadline() {
        drain(&mut gate, deadline);
    }
    told(&out)
}

/// Letters one by one, the same time apart.
fn typed(text: &str, apart: u64) -> Vec<(u64, Vec<Input>)> {
    pieces(text, 1, apart)
}

/// Text in pieces of so many letters, the same time apart.
fn pieces(text: &str, long: usize, apart: u64) -> Vec<(u64, Vec<Input>)> {
    let letters: Vec<Input> = keys(text);
    let pieces = letters.chunks(long).enumerate();
    pieces
        .map(|(at, piece)| (at as u64 * apart, piece.to_vec()))
        .collect()
}

/// The same, some time later.
fn later(by: u64, arrivals: Vec<(u64, Vec<Input>)>) -> Vec<(u64, Vec<Input>)> {
    let later = arrivals.into_iter();
    later.map(|(at, inputs)| (at + by, inputs)).collect()
}

/// What was meant as a short text: keys as they are, pastes in brackets.
fn told(meant: &[Meant]) -> String {
    meant
        .iter()
        .map(|meant| match meant {
            Meant::Key(key) => match key.code {
                KeyCode::Enter => "⏎".to_owned(),
                KeyCode::Esc => "⎋".to_owned(),
                KeyCode::Char(c) if key.modifiers == KeyModifiers::CONTROL => format!("^{c}"),
                KeyCode::Char(c) => c.to_string(),
                other => format!("{other:?}"),
            },
            Meant::Paste(paste) => {
                format!("[{}]{}", paste.text, if paste.cut { "!" } else { "" })
            }
            Meant::TooSoon => "(too soon)".to_owned(),
            Meant::Background(_) => String::new(),
        })
        .collect()
}

const MAIL: &str = "approve it please\r";

/// The table of timings: what is a hand, and what is none.
#[rstest]
// Hands: a typist of 120 and one of 240 words a minute.
#[case::typist(typed("dqrnx a", 100), "dqrnx a")]
#[case::fast_typist(typed("dqrnxaby", 60), "dqrnxaby")]
#[case::burst_of_a_typist(typed("the quick brown", 50), "the quick brown")]
#[case::rolled(typed("asd", 12), "asd")]
#[case::rolled_slower(typed("dqrnx", 25), "dqrnx")]
// Keys held down, at 30 and 60 Hz, on a good line and on one that stalls.
#[case::held_at_30(typed(&"j".repeat(60), 33), &"j".repeat(60))]
#[case::held_at_60(typed(&"k".repeat(60), 16), &"k".repeat(60))]
#[case::a_command_held_down(typed("dddddddd", 33), "dddddddd")]
#[case::held_on_a_stalled_line(vec![(0, keys("jjjjjjjjjj")), (200, keys("jjjjjjkkkkkk"))], "jjjjjjjjjjjjjjjjkkkkkk")]
#[case::held_then_another(typed("jjjjjjjjkkkkkkkkgG", 16), "jjjjjjjjkkkkkkkkgG")]
#[case::moves_and_then_a_command(vec![(0, keys("jk")), (50, keys("d"))], "jkd")]
// A script that sends single keys, with the pause that makes them single.
#[case::script_of_keys(typed("2jjax", 20), "2jjax")]
#[case::script_of_a_key_and_enter(vec![(0, keys("y")), (20, keys("\r"))], "y⏎")]
// Q ends the program: nothing of a text goes to the shell behind it.
#[case::leaving(typed("jQ", 60), "jQ")]
#[case::leaving_twice(typed("QQ", 30), "QQ")]
#[case::text_that_leaves(typed("Quit", 45), "(too soon)uit")]
#[case::text_that_leaves_slowly(typed("Quit", 140), "(too soon)uit")]
#[case::leaving_and_a_key_later(typed("Qj", 160), "Qj")]
#[case::held_and_a_command(typed("jjjjjjd", 33), "jjjjjjd")]
// No hands: two keys that fall together, a script that does not wait.
#[case::two_at_once(vec![(0, keys("dr")), (150, keys("ny"))], "[dr][ny]")]
#[case::key_and_enter_at_once(vec![(0, keys("q\r"))], "[q\n]")]
#[case::enter_and_key_at_once(vec![(0, keys("\rq"))], "[\nq]")]
#[case::one_too_close(typed("ad", 11), "[ad]")]
#[case::two_of_a_kind_at_once(pieces("wwwwa", 2, 30), "[wwwwa]")]
#[case::a_move_and_a_command(typed("jd", 5), "j[d]")]
#[case::script_in_a_hurry(typed("2jjax", 5), "[2jjax]")]
// No hands: a line at once, in pieces, byte by byte.
#[case::line_of_a_mail(vec![(0, keys(MAIL))], "[approve it please\n]")]
#[case::host_name(vec![(0, keys("quit.example.net"))], "[quit.example.net]")]
#[case::three_letters(vec![(0, keys("adq"))], "[adq]")]
#[case::pieces_of_seven(pieces(MAIL, 7, 30), "[approve it please\n]")]
#[case::pieces_of_three(pieces(MAIL, 3, 90), "[approve it please\n]")]
#[case::pieces_of_two(pieces(MAIL, 2, 90), "[approve it please\n]")]
#[case::pieces_of_one(pieces(MAIL, 1, 11), "[approve it please\n]")]
#[case::a_piece_that_is_late(vec![(0, keys("qu")), (90, keys("i")), (180, keys("t"))], "[quit]")]
#[case::letter_and_line_ends(vec![(0, keys("a\r\r"))], "[a\n\n]")]
#[case::an_answer(vec![(0, keys("yes\n"))], "[yes\n]")]
#[case::the_same_letter(vec![(0, keys("ddd"))], "[ddd]")]
#[case::begins_with_the_same_letter(pieces("www.example.net\r", 3, 40), "[www.example.net\n]")]
#[case::begins_like_a_key_held_down(typed("www.example.net\r", 11), "[www.example.net\n]")]
#[case::begins_with_moves(typed("jgquit", 11), "jg[quit]")]
#[case::moves_and_one_that_acts(vec![(0, keys("jjd"))], "[jjd]")]
#[case::byte_by_byte(typed(MAIL, 1), "[approve it please\n]")]
#[case::byte_by_byte_slower(typed(MAIL, 5), "[approve it please\n]")]
#[case::at_9600_baud(typed("dropped", 2), "[dropped]")]
#[case::many_lines(vec![(0, keys("a\rq\rd\rx\r"))], "[a\nq\nd\nx\n]")]
#[case::held_letters_in_a_paste(vec![(0, keys("aaaabbbbcccc"))], "[aaaabbbbcccc]")]
#[case::controls_inside(vec![(0, keys("note\x13\r\rq"))], "[note\n\nq]")]
fn in_a_list(#[case] arrivals: Vec<(u64, Vec<Input>)>, #[case] seen: &str) {
    assert_eq!(run(At::List, &arrivals), seen);
}

#[rstest]
#[case::typist(typed("acme.example\r", 60), "acme.example⏎")]
#[case::word_of_a_script(vec![(0, keys("acme.example"))], "acme.example")]
#[case::word_and_enter_of_a_script(vec![(0, keys("acme.example\r"))], "acme.example⏎")]
#[case::word_and_escape(vec![(0, keys("acme\x1b"))], "acme⎋")]
#[case::stalled(vec![(0, keys("acm")), (400, keys("e.ex\r"))], "acme.ex⏎")]
#[case::held(typed(&"x".repeat(80), 16), &"x".repeat(80))]
#[case::line_end_inside(vec![(0, keys("acme\rdq"))], "[acme\ndq]")]
#[case::line_end_inside_of_a_piece(pieces("acme\rdqrs\r", 5, 30), "[acme\ndqrs\n]")]
#[case::escape_inside(vec![(0, keys("acme\x1bq"))], "[acmeq]")]
#[case::windows(vec![(0, keys("one\r\ntwo\r\n"))], "[one\n\ntwo\n\n]")]
#[case::raw_line_feeds(vec![(0, keys("one\ntwo"))], "[one\ntwo]")]
#[case::close(typed("ab\r", 20), "ab⏎")]
#[case::close_and_a_line_end_inside(typed("ab\rq", 30), "ab⏎q")]
#[case::long(vec![(0, keys(&"abcdefgh".repeat(8)))], &format!("[{}]", "abcdefgh".repeat(8)))]
#[case::csr_in_pieces(
    pieces("-----BEGIN\rMIIC\r-----END", 7, 30),
    "[-----BEGIN\nMIIC\n-----END]"
)]
#[case::csr_at_9600_baud(typed("-----BEGIN\rMIIC", 1), "--[---BEGIN\nMIIC]")]
fn in_a_text_field(#[case] arrivals: Vec<(u64, Vec<Input>)>, #[case] seen: &str) {
    assert_eq!(run(At::Field, &arrivals), seen);
}

#[rstest]
#[case::typed(vec![(0, keys("1")), (340, keys("2")), (390, keys("\r"))], "12⏎")]
#[case::typed_fast(later(400, typed("123456789\r", 80)), "123456789⏎")]
#[case::fed_key_by_key(
    later(400, typed("looks right to me\r", 45)),
    "looks right to me(too soon)"
)]
#[case::fed_slower(
    later(400, typed("looks right to me\r", 65)),
    "looks right to me(too soon)"
)]
#[case::typed_without_a_look(typed("123456789\r", 80), "123456789(too soon)")]
#[case::close(vec![(400, keys("9")), (411, keys("\r"))], "9(too soon)")]
#[case::letter_and_enter(vec![(400, keys("y\r"))], "y(too soon)")]
#[case::enter_and_text(vec![(400, keys("\r")), (410, keys("yes\r"))], "[\nyes\n]")]
#[case::rolled_and_enter(vec![(400, keys("12")), (450, keys("\r"))], "12⏎")]
#[case::byte_by_byte(vec![(400, keys("y")), (410, keys("e")), (420, keys("s")), (430, keys("\r"))], "yes(too soon)")]
#[case::short_and_fed_key_by_key(later(400, typed("yes\r", 20)), "yes(too soon)")]
#[case::short_and_fed_slower(later(400, typed("ok\r", 40)), "ok(too soon)")]
#[case::alone(vec![(300, keys("\r"))], "⏎")]
#[case::of_the_burst(vec![(400, keys("1234567\r"))], "1234567(too soon)")]
#[case::soon_after_it(vec![(400, keys("1234567")), (650, keys("\r"))], "1234567(too soon)")]
#[case::a_while_after_it(vec![(400, keys("1234567")), (701, keys("\r"))], "1234567⏎")]
#[case::soon_after_a_paste(vec![(400, vec![marked("1234567")]), (600, keys("\r"))], "[1234567](too soon)")]
#[case::held(typed(&"\r".repeat(20), 33), &"(too soon)".repeat(20))]
#[case::line_end_inside(vec![(400, keys("1234567\ryes"))], "[1234567\nyes]")]
fn before_a_question(#[case] arrivals: Vec<(u64, Vec<Input>)>, #[case] seen: &str) {
    let mut gate = Gate::default();
    let start = Instant::now();
    gate.asks(Some(Question::named("Revoke?")), start);
    // The same as `run`, with a question that came up at the start.
    let mut out = Vec::new();
    let mut next = |gate: &mut Gate, now| {
        while let Some(meant) = gate.next(now, |key| stance_at(At::Question, key)) {
            out.push(meant);
        }
    };
    for (after, inputs) in arrivals {
        let now = start + ms(after);
        while let Some(deadline) = gate.deadline().filter(|deadline| *deadline < now) {
            next(&mut gate, deadline);
        }
        gate.arrive(Arrived { inputs, at: now });
        next(&mut gate, now);
    }
    while let Some(deadline) = gate.deadline() {
        next(&mut gate, deadline);
    }
    assert_eq!(told(&out), seen);
}

/// The line end that comes soon behind the letter that opens a question is no answer: the question was not seen.
#[test]
fn a_question_takes_no_enter_of_what_opened_it() {
    let start = Instant::now();
    let mut gate = Gate::default();
    let mut at = At::List;
    let mut out = Vec::new();
    for (after, key) in [(0, "a"), (60, "\r")] {
        gate.arrive(Arrived {
            inputs: keys(key),
            at: start + ms(after),
        });
        let now = start + ms(after) + HOLD;
        while let Some(meant) = gate.next(now, |key| stance_at(at, key)) {
            if meant == Meant::Key(KeyCode::Char('a').into()) {
                at = At::Question;
                gate.asks(Some(Question::named("Approve?")), now);
            }
            out.push(meant);
        }
    }
    assert_eq!(told(&out), "a(too soon)");
    let now = start + ms(60);
    gate.arrive(Arrived {
        inputs: keys("\r"),
        at: now + REST,
    });
    let meant = gate.next(now + REST + HOLD, |key| stance_at(at, key));
    assert_eq!(meant, Some(Meant::Key(KeyCode::Enter.into())));
    // The next question starts anew; the same one goes on.
    let later = now + REST;
    for (question, meant) in [
        (Some(Question::named("Really?")), Meant::TooSoon),
        (
            Some(Question::named("Really?")),
            Meant::Key(KeyCode::Enter.into()),
        ),
    ] {
        let at_once = later + if meant == Meant::TooSoon { ms(0) } else { REST };
        gate.asks(question, at_once);
        gate.arrive(Arrived {
            inputs: keys("\r"),
            at: at_once,
        });
        let held = gate.next(at_once + HOLD, |key| stance_at(at, key));
        assert_eq!(held, Some(meant));
    }
}

/// A clipboard that is fed to the terminal key by key, however slowly, decides nothing: its first letter opens a question
/// and its line ends answer it.
#[rstest]
#[case("a good morning to all of you and thanks\r")]
#[case("aaaaaaaa\r\r\r\r")]
#[case("looks alright\rapproved\r\r")]
fn a_text_that_opens_a_question_does_not_answer_it(#[case] text: &str) {
    for apart in [12, 20, 30, 45, 60, 90, 120, 200, 290] {
        let start = Instant::now();
        let mut gate = Gate::default();
        let mut at = At::List;
        for (after, inputs) in typed(text, apart) {
            let now = start + ms(after);
            gate.arrive(Arrived { inputs, at: now });
            while let Some(meant) = gate.next(now + HOLD, |key| stance_at(at, key)) {
                if meant == Meant::Key(KeyCode::Char('a').into()) && at == At::List {
                    at = At::Question;
                    gate.asks(Some(Question::named("Approve?")), now + HOLD);
                }
                let enter = Meant::Key(KeyCode::Enter.into());
                assert!(at == At::List || meant != enter, "{apart} ms apart");
            }
        }
    }
}

#[test]
fn a_lone_key_passes_at_once_and_one_that_acts_after_a_moment() {
    let now = Instant::now();
    let mut gate = Gate::default();
    for (place, c) in [(At::List, 'j'), (At::Field, 'q'), (At::List, '\x1b')] {
        gate.arrive(Arrived {
            inputs: vec![key(c)],
            at: now,
        });
        assert!(gate.next(now, |key| stance_at(place, key)).is_some());
        assert_eq!(gate.deadline(), None);
    }
    let later = now + ms(1000);
    gate.arrive(Arrived {
        inputs: vec![key('q')],
        at: later,
    });
    assert_eq!(gate.next(later, |key| stance_at(At::List, key)), None);
    assert_eq!(gate.deadline(), Some(later + HOLD));
    assert!(
        gate.next(later + HOLD, |key| stance_at(At::List, key))
            .is_some()
    );
}

#[test]
fn what_follows_an_end_mark_inside_a_paste_is_not_obeyed() {
    let mut first = vec![marked("csr")];
    first.extend(keys("rest\x13\r\r"));
    for at in [At::List, At::Field] {
        let arrivals = [
            (0, first.clone()),
            (10, keys("\x13")),
            (20, keys("q")),
            (300, keys("j")),
        ];
        assert_eq!(run(at, &arrivals), "[csr][rest\n\nq]j");
    }
}

#[test]
fn a_key_some_time_after_a_paste_is_a_key() {
    let arrivals = [(0, vec![marked("csr")]), (40, keys("\x13"))];
    assert_eq!(run(At::Field, &arrivals), "[csr]^s");
}

#[test]
fn ctrl_c_counts_always() {
    let arrivals = [(0, keys("some text")), (20, keys("\x03"))];
    assert_eq!(run(At::List, &arrivals), "[some text]^c");
}

#[test]
fn a_mebibyte_is_taken_and_more_is_cut_and_told() {
    let text = "abcdefg\r".repeat(LARGEST_PASTE / 8 + 1);
    let seen = run(At::Field, &[(0, keys(&text))]);
    assert_eq!(seen.len(), LARGEST_PASTE + 3);
    assert!(seen.ends_with("]!"));
}

proptest! {
    /// However text is torn, as long as it comes faster than hands type, nothing of it is a command. What it begins with
    /// may move.
    #[test]
    fn text_faster_than_hands_commands_nothing(
        text in "[a-z]{1,3}[a-zA-Z0-9 .\r]{1,40}",
        (long, apart) in prop_oneof![(1..8_usize, 0..12_u64), (2..20_usize, 0..90_u64)],
    ) {
        let moves = |key: char| "jkgG".contains(key);
        let begins = text.trim_start_matches(moves);
        // One key over and over is held down.
        let held = begins.chars().next();
        prop_assume!(begins.chars().any(|key| Some(key) != held));
        let seen = run(At::List, &pieces(&text, long, apart));
        let (moved, dropped) = seen.split_once('[').unwrap_or_default();
        prop_assert!(moved.chars().all(moves), "{}", seen);
        prop_assert_eq!(format!("{moved}{dropped}"), format!("{}]", text.replace('\r', "\n")));
    }

    /// Nor does it answer a question that is up, or one that it opened.
    #[test]
    fn text_faster_than_hands_answers_nothing(
        text in "[a-zA-Z0-9 .]{1,20}\r[a-z]{0,3}\r?",
        (long, apart) in prop_oneof![(1..8_usize, 0..12_u64), (3..8_usize, 0..45_u64)],
    ) {
        let arrivals = pieces(&text, long, apart).into_iter();
        let seen = run(At::Question, &arrivals.map(|(at, piece)| (at + 1000, piece)).collect::<Vec<_>>());
        prop_assert!(!seen.contains('⏎'), "{}", seen);
    }

    /// Hands are never held up for long, and never taken for a paste.
    #[test]
    fn hands_are_hands(
        (text, apart) in prop_oneof![("[a-z]{1,30}", 38..400_u64), ("[a-z]{1,4}", 12..400_u64)],
    ) {
        for at in [At::List, At::Field] {
            prop_assert_eq!(run(at, &typed(&text, apart)), text.clone());
        }
    }
}
