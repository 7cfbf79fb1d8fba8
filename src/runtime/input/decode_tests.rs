//! The grammar of what terminals send: every key, no reply, torn anywhere.

use proptest::prelude::*;
use rstest::rstest;

use std::fmt::Write as _;

use super::*;

/// Everything that comes of bytes that come at once, and then nothing for a long time.
fn whole(bytes: &[u8]) -> Vec<Input> {
    pieces(&[bytes], Duration::ZERO)
}

/// The same in pieces, so long apart.
fn pieces(pieces: &[&[u8]], apart: Duration) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut now = Instant::now();
    let mut out = Vec::new();
    for piece in pieces {
        out.extend(decoder.feed(piece, now));
        now += apart;
    }
    out.extend(decoder.expire(now + PASTE_LIMIT));
    assert_eq!(decoder.deadline(), None);
    out
}

/// Keys in a short form: `C-s`, `A-x`, `S-Up`; pastes in brackets.
fn told(inputs: &[Input]) -> String {
    let words: Vec<String> = inputs
        .iter()
        .map(|input| match input {
            Input::Key(key) => {
                let mut word = String::new();
                let letter = matches!(key.code, KeyCode::Char(_) | KeyCode::BackTab);
                for (modifier, name) in [
                    (KeyModifiers::CONTROL, "C-"),
                    (KeyModifiers::ALT, "A-"),
                    (KeyModifiers::SHIFT, "S-"),
                ] {
                    let shown = key.modifiers.contains(modifier);
                    if shown && !(letter && modifier == KeyModifiers::SHIFT) {
                        word.push_str(name);
                    }
                }
                match key.code {
                    KeyCode::Char(c) => word.push(c),
                    code => write!(word, "{code:?}").unwrap(),
                }
                word
            }
            Input::Paste(paste) => format!(
                "[{}]{}{}",
                paste.text,
                if paste.cut { "cut" } else { "" },
                if paste.unfinished { "…" } else { "" }
            ),
            Input::Background(colour) => format!("{colour:?}"),
        })
        .collect();
    words.join(" ")
}

/// What terminals send for keys.
const KEYS: &[(&str, &str)] = &[
    ("a", "a"),
    ("é", "é"),
    ("株", "株"),
    ("😀", "😀"),
    ("\r", "Enter"),
    ("\n", "C-j"),
    ("\t", "Tab"),
    ("\x7f", "Backspace"),
    ("\x08", "C-h"),
    ("\x03", "C-c"),
    ("\x13", "C-s"),
    ("\x1f", "C-7"),
    ("\0", "C- "),
    ("\x1b", "Esc"),
    ("\x1bx", "A-x"),
    ("\x1bX", "A-X"),
    ("\x1b[", "A-["),
    ("\x1bO", "A-O"),
    ("\x1b]", "A-]"),
    ("\x1bé", "A-é"),
    ("\x1b\r", "A-Enter"),
    ("\x1b\x7f", "A-Backspace"),
    ("\x1b\x13", "C-A-s"),
    ("\x1b\x03", "C-c"),
    ("\x1b[A", "Up"),
    ("\x1bOA", "Up"),
    ("\x1b[D", "Left"),
    ("\x1bOD", "Left"),
    ("\x1b[1;5C", "C-Right"),
    ("\x1b[1;2B", "S-Down"),
    ("\x1b[1;3A", "A-Up"),
    ("\x1b\x1b[A", "A-Up"),
    ("\x1b\x1bOA", "A-Up"),
    ("\x1b[H", "Home"),
    ("\x1bOH", "Home"),
    ("\x1b[1~", "Home"),
    ("\x1b[7~", "Home"),
    ("\x1b[F", "End"),
    ("\x1bOF", "End"),
    ("\x1b[4~", "End"),
    ("\x1b[8~", "End"),
    ("\x1b[2~", "Insert"),
    ("\x1b[3~", "Delete"),
    ("\x1b[3;5~", "C-Delete"),
    ("\x1b[5~", "PageUp"),
    ("\x1b[6~", "PageDown"),
    ("\x1b[Z", "BackTab"),
    ("\x1bOP", "F(1)"),
    ("\x1bOR", "F(3)"),
    ("\x1b[[A", "F(1)"),
    ("\x1b[[E", "F(5)"),
    ("\x1b[P", "F(1)"),
    ("\x1b[1;2P", "S-F(1)"),
    ("\x1b[15~", "F(5)"),
    ("\x1b[15;5~", "C-F(5)"),
    ("\x1b[24~", "F(12)"),
    ("\x1b[34~", "F(20)"),
    ("\x1b[27;5;115~", "C-s"),
    ("\x1b[27;2;13~", "S-Enter"),
    ("\x1b[115;5u", "C-s"),
    ("\x1b[97u", "a"),
    ("\x1b[97;2u", "A"),
    ("\x1b[49:33;2u", "!"),
    ("\x1b[27u", "Esc"),
    ("\x1b[27;1:1u", "Esc"),
    ("\x1b[9;2u", "BackTab"),
    ("\x1b[13u", "Enter"),
    ("\x1b[127u", "Backspace"),
    ("\x1b[97;65u", "a"),
    ("\x1b[1;1:2A", "Up"),
    ("\x1b[57414u", "Enter"),
    ("\x1b[57400u", "1"),
    ("\u{9b}A", "Up"),
    ("\u{8f}P", "F(1)"),
    ("\x1b[200~a\rb\r\nc\nd\x1b[201~", "[a\nb\nc\nd]"),
    (
        "\x1b[200~\x1b[A\x1b\x1b[201\x1b[201~x",
        "[\x1b[A\x1b\x1b[201] x",
    ),
];

/// What terminals send that no hand typed: replies to whatever anybody may have asked, reports, and keys let go.
const REPLIES: &[&str] = &[
    // Device attributes, first to third; the terminal's name and version; its parameters.
    "\x1b[?1;2c",
    "\x1b[?62;22;52c",
    "\x1b[>0;276;0c",
    "\x1b[?6c",
    "\x1bP!|00000000\x1b\\",
    "\x1bP>|tmux 3.3a\x1b\\",
    "\x1bP>|XTerm(379)\x07",
    "\x1b[2;1;1;120;120;1;0x",
    // Where the cursor is, how the device is, modes, settings, capabilities.
    "\x1b[24;80R",
    "\x1b[1;2R",
    "\x1b[?1;1R",
    "\x1b[0n",
    "\x1b[?13n",
    "\x1b[?2026;2$y",
    "\x1b[4;1$y",
    "\x1bP1$r0m\x1b\\",
    "\x1bP1+r4d73=5c\x1b\\",
    "\x1bP0+r\x1b\\",
    // Colours, the clipboard, titles.
    "\x1b]4;1;rgb:cdcd/0000/0000\x07",
    "\x1b]10;rgb:f54f/f54f/f54f\x07",
    "\x1b]12;#c0ffee\x1b\\",
    "\x1b]52;c;ZHF4DXE=\x07",
    "\x1b]52;c;?\x1b\\",
    "\x1b]lquit\x1b\\",
    "\x1b]Lünd 株\x1b\\",
    "\x1b]21;foreground=?\x1b\\",
    // Windows, mice, focus, kitty's keyboard flags and graphics, keys let go, keys of the desktop.
    "\x1b[8;40;120t",
    "\x1b[4;800;1200t",
    "\x1b[<0;10;20M",
    "\x1b[<0;10;20m",
    "\x1b[0;10;20M",
    "\x1b[M qd",
    "\x1b[I",
    "\x1b[O",
    "\x1b[?1u",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b[97;1:3u",
    "\x1b[1;1:3A",
    "\x1b[57441;2u",
    "\x1b[97;9u",
    "\x1b[?997;1n",
    "\x1b[48;40;120;800;1200t",
    // The rest of the grammar.
    "\x1b^private message q\x1b\\",
    "\x1bXstart of string q\x1b\\",
    "\x1b[201~",
    "\x1b[99~",
    "\x1b[q",
    "\x1b[ q",
    "\x1bOq",
    "\u{85}",
    // Eight bits, as characters.
    "\u{9d}11q;quit\u{9c}",
    "\u{90}>|tmux\x07",
    "\u{9f}Gq\u{9c}",
    "\u{9e}q\x1b\\",
    "\u{98}q\u{9c}",
    "\u{9b}?1;2c",
];

#[test]
fn every_key_is_known() {
    for (bytes, key) in KEYS {
        assert_eq!(told(&whole(bytes.as_bytes())), *key, "{bytes:?}");
    }
}

#[test]
fn no_reply_is_a_key() {
    for bytes in REPLIES {
        assert_eq!(told(&whole(bytes.as_bytes())), "", "{bytes:?}");
        // What follows is a key again.
        let then = format!("{bytes}j\x1b[B");
        assert_eq!(told(&whole(then.as_bytes())), "j Down", "{bytes:?}");
        // What came before it too, and even the key that begins like it.
        let behind = format!("\x1b{bytes}k");
        if bytes.starts_with('\x1b') {
            assert_eq!(told(&whole(behind.as_bytes())), "Esc k", "{bytes:?}");
        }
    }
}

#[test]
fn controls_of_eight_bits_that_are_no_utf_8_are_followed_too() {
    for (bytes, seen) in [
        (&b"\x9b?1;2cj"[..], "j"),
        (b"\x9d10;rgb:0/0/0\x9cj", "j"),
        (b"\x90q\xc3\x9cq\x9cj", "j"),
        (b"\x9d\xe4\xbd\x9cq\x07j", "j"),
        (b"\x9bA", "Up"),
        (b"\x8fP", "F(1)"),
        (b"\x84\x85j", "j"),
        (b"\xff\xfe\xc0j", "j"),
        (b"\xc3j", "j"),
    ] {
        assert_eq!(told(&whole(bytes)), seen, "{}", bytes.escape_ascii());
    }
}

#[test]
fn the_background_is_read_off_its_reply() {
    for (reply, colour) in [
        ("\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", [0x1e, 0x1e, 0x2e]),
        ("\x1b]11;rgb:ffff/ffff/ffff\x07", [255, 255, 255]),
        ("\x1b]11;rgb:f/0/8\x07", [255, 0, 136]),
        ("\x1b]11;rgba:0000/0000/0000/ffff\u{9c}", [0, 0, 0]),
    ] {
        assert_eq!(whole(reply.as_bytes()), [Input::Background(colour)]);
    }
    for nonsense in [
        "11;rgb:",
        "11;rgb:1/2",
        "11;rgb:12345/0/0",
        "11;red",
        "11;rgb:x/y/z",
    ] {
        let reply = format!("\x1b]{nonsense}\x07");
        assert_eq!(whole(reply.as_bytes()), [], "{nonsense}");
    }
}

#[test]
fn replies_kept_from_the_field_command_nothing() {
    let reply = b"\x1b]10;rgb:f54f/f54f/f54f\x07\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\";
    assert_eq!(whole(reply), [Input::Background([0x1e, 0x1e, 0x2e])]);
}

/// Milliseconds that a line may pause inside of a sequence.
const PAUSES: &[u64] = &[0, 10, 30, 80, 99, 100, 120, 150, 300, 600, 900, 999];

/// What may come of a sequence behind whose first byte a line paused so long: the Esc that nobody could wait for.
fn escape_at_most(bytes: &[u8], pause: Duration) -> &'static str {
    if bytes[0] == ESC && pause >= LIMIT {
        "Esc"
    } else {
        ""
    }
}

/// Pieces up to a second apart are one sequence.
#[test]
fn a_slow_line_makes_no_keys_of_a_reply() {
    for bytes in REPLIES {
        let bytes = bytes.as_bytes();
        for pause in PAUSES.iter().copied().map(Duration::from_millis) {
            for at in 1..bytes.len() {
                let (one, other) = bytes.split_at(at);
                let escape = match at {
                    1 => escape_at_most(bytes, pause),
                    _ => "",
                };
                let seen = pieces(&[one, other], pause);
                let torn = format!("{} at {at}, {pause:?}", bytes.escape_ascii());
                assert_eq!(told(&seen), escape, "{torn}");
                // What follows is a key again.
                let seen = pieces(&[one, other, b"j"], pause);
                assert_eq!(told(&seen), format!("{escape} j").trim_start(), "{torn}");
            }
            let each: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(
                told(&pieces(&each, pause)),
                escape_at_most(bytes, pause),
                "{} byte by byte, {pause:?}",
                bytes.escape_ascii()
            );
        }
    }
}

#[test]
fn a_slow_line_leaves_keys_what_they_are() {
    for (bytes, key) in KEYS {
        // Esc and what follows are two keys, and what only begins something may be the key that it looks like.
        if !matches!(
            bytes.as_bytes(),
            [ESC, b'[' | b'O', _, ..] | [0xc2..=0xff, ..]
        ) {
            continue;
        }
        // In a paste Ctrl-C, and an end that tears, are looked at elsewhere.
        if bytes.contains("200~") {
            continue;
        }
        let each: Vec<&[u8]> = bytes.as_bytes().chunks(1).collect();
        let seen = pieces(&each, Duration::from_millis(40));
        assert_eq!(told(&seen), *key, "{bytes:?}");
        let (one, other) = bytes.as_bytes().split_at(2.min(bytes.len() - 1));
        let seen = pieces(&[one, other], Duration::from_millis(900));
        assert_eq!(told(&seen), *key, "{bytes:?}");
    }
}

#[test]
fn what_is_begun_and_not_ended_is_over_in_time() {
    for begun in [
        "\x1b[12",
        "\x1b]11;rgb",
        "\x1bP>|x",
        "\x1b_x",
        "\x1bO1",
        "\x1b[M1",
        "\x1b]1\x1b",
        "\u{9d}",
        "\u{9b}",
    ] {
        let seen = pieces(&[begun.as_bytes(), b"q"], SWALLOW);
        assert_eq!(told(&seen), "q", "{begun:?}");
        // Ctrl-C does not wait, nor does Esc once the next key tells that it was one.
        let seen = pieces(&[begun.as_bytes(), b"\x03"], Duration::ZERO);
        assert_eq!(told(&seen), "C-c", "{begun:?}");
        let seen = pieces(
            &[begun.as_bytes(), b"\x1b", b"q"],
            Duration::from_millis(90),
        );
        assert!(told(&seen).ends_with("Esc q") || begun.ends_with(char::from(ESC)));
    }
}

/// What hands type that begins like a reply, so many milliseconds from key to key.
#[rstest]
// Alt with what opens something: told when nothing follows for a second, or with the next key that does not belong.
#[case(&["\x1b]"], 0, "A-]")]
#[case(&["\x1bP"], 0, "A-P")]
#[case(&["\x1b_"], 0, "A-_")]
#[case(&["\x1b[", "\x1b[A"], 1000, "A-[ Up")]
#[case(&["\x1b]", "q"], 300, "A-] q")]
#[case(&["\x1b]", "\r"], 150, "A-] Enter")]
#[case(&["\x1b]", "\x1b"], 200, "A-] Esc")]
#[case(&["\x1bP", "a", "b"], 120, "A-P a b")]
#[case(&["\x1bX", "\t", "x"], 120, "A-X Tab x")]
#[case(&["\x1b]", "5", "2"], 1000, "A-] 5 2")]
// Esc, and later a key.
#[case(&["\x1b", "j", "j"], 110, "Esc j j")]
#[case(&["\x1b", "é"], 400, "Esc é")]
#[case(&["\x1b", "]"], 400, "Esc ]")]
#[case(&["\x1b", "]"], 60, "Esc ]")]
#[case(&["\x1b", "P", "q"], 200, "Esc P q")]
#[case(&["\x1b", "O"], 200, "Esc O")]
#[case(&["\x1b", "[", "\r"], 200, "Esc [ Enter")]
#[case(&["\x1b", "\x1b", "\x1b"], 200, "Esc Esc Esc")]
#[case(&["\x1b", "O", "P"], 1000, "Esc O P")]
// A reply that is torn there: a number, or all the rest at once.
#[case(&["\x1b]", "1"], 300, "")]
#[case(&["\x1b]", "quit\x07"], 300, "")]
#[case(&["\x1b", "]", "quit\x07"], 300, "Esc")]
#[case(&["\x1b", "[", "?", "1", "c", "j"], 150, "Esc j")]
fn an_opener_is_a_key_when_it_opens_nothing(
    #[case] typed: &[&str],
    #[case] apart: u64,
    #[case] seen: &str,
) {
    let typed: Vec<&[u8]> = typed.iter().map(|key| key.as_bytes()).collect();
    let apart = Duration::from_millis(apart);
    assert_eq!(told(&pieces(&typed, apart)), seen);
}

/// Milliseconds between ESC and the next key.
#[rstest]
#[case(0, "j", "A-j")]
#[case(20, "j", "A-j")]
#[case(30, "j", "Esc j")]
#[case(99, "j", "Esc j")]
#[case(100, "j", "Esc j")]
#[case(500, "j", "Esc j")]
#[case(33, "\x1b", "Esc Esc")]
#[case(60, "[", "Esc [")]
#[case(60, "\r", "Esc Enter")]
fn escape_is_a_key_when_nothing_follows_in_time(
    #[case] apart: u64,
    #[case] next: &str,
    #[case] seen: &str,
) {
    let apart = Duration::from_millis(apart);
    assert_eq!(told(&pieces(&[b"\x1b", next.as_bytes()], apart)), seen);
}

#[test]
fn a_paste_whose_end_does_not_come_is_handed_over_after_a_rest() {
    let start = Instant::now();
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~-----BEGIN\rMII", start), []);
    let later = start + Duration::from_millis(1500);
    assert_eq!(decoder.feed(b"C\x1b[20", later), []);
    let deadline = decoder.deadline().unwrap();
    assert_eq!(deadline, later + PASTE_LIMIT);
    assert_eq!(
        decoder.expire(deadline.checked_sub(Duration::from_millis(1)).unwrap()),
        []
    );
    let seen = decoder.expire(deadline);
    assert_eq!(told(&seen), "[-----BEGIN\nMIIC]…");
    // Keys are keys again, and a late end mark is nothing.
    assert_eq!(
        told(&decoder.feed(b"\x1b[201~\x1a\x0c", deadline)),
        "C-z C-l"
    );
    assert_eq!(decoder.deadline(), None);
}

#[test]
fn ctrl_c_ends_a_paste_that_rests_and_none_that_goes_on() {
    let start = Instant::now();
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(b"\x1b[200~abc", start), []);
    let soon = start + Duration::from_millis(30);
    assert_eq!(decoder.feed(b"\x03def", soon), []);
    let seen = decoder.feed(b"\x03", soon + LIMIT);
    assert_eq!(told(&seen), "[abc\x03def]… C-c");
}

#[test]
fn a_mebibyte_is_taken_and_more_is_cut_and_told() {
    let paste = |text: &str| match whole(format!("\x1b[200~{text}\x1b[201~").as_bytes()).remove(0) {
        Input::Paste(paste) => paste,
        other => panic!("{other:?}"),
    };
    let fits = "x".repeat(LARGEST_PASTE);
    assert_eq!(
        paste(&fits),
        Paste {
            text: fits.clone(),
            ..Paste::default()
        }
    );
    let over = paste(&format!("{}é", &fits[1..]));
    assert_eq!((over.text.len(), over.cut), (LARGEST_PASTE - 1, true));
    let far = paste(&fits.repeat(3));
    assert_eq!((far.text.len(), far.cut), (LARGEST_PASTE, true));
    // Line ends of two bytes are one in the text.
    let lines = paste(&"x\r\n".repeat(LARGEST_PASTE / 2));
    assert_eq!((lines.text.len(), lines.cut), (LARGEST_PASTE, false));
}

/// A stretch of what may come over the line.
fn stretch() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::sample::select(KEYS).prop_map(|(bytes, _)| bytes.as_bytes().to_vec()),
        proptest::sample::select(REPLIES).prop_map(|bytes| bytes.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 1..12),
        // Bytes that mean something.
        proptest::collection::vec(
            proptest::sample::select(
                &b"\x1b\x1b[]OP_^X\\0123;?<M~Rcu\x07\x9b\x9c\x9d\xc2\xc3\xe4 qd\r\x18\x03"[..]
            ),
            1..12
        ),
    ]
}

proptest! {
    #[test]
    fn pieces_are_the_same_as_the_whole(
        parts in proptest::collection::vec(stretch(), 1..8),
        cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
    ) {
        let bytes = parts.concat();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut torn = Vec::new();
        let mut from = 0;
        for cut in cuts {
            torn.push(&bytes[from..cut]);
            from = cut;
        }
        torn.push(&bytes[from..]);
        prop_assert_eq!(told(&pieces(&torn, Duration::ZERO)), told(&whole(&bytes)));
    }

    /// Whatever a reply holds, nothing of it is a key.
    #[test]
    fn junk_inside_of_a_reply_never_becomes_text(
        opener in proptest::sample::select(&["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX", "\u{9d}", "\u{90}"][..]),
        text in "[^\u{0}-\u{1f}\u{80}-\u{9f}]{0,300}",
        end in proptest::sample::select(&["\x1b\\", "\x07", "\u{9c}"][..]),
    ) {
        let reply = format!("{opener}x{text}{end}");
        prop_assert_eq!(told(&whole(reply.as_bytes())), "");
    }

    /// However a reply is torn, nothing of it is a key but the Esc that nobody could wait for.
    #[test]
    fn torn_anywhere_by_any_pauses_a_reply_is_no_key(
        reply in prop_oneof![
            proptest::sample::select(REPLIES).prop_map(str::to_owned),
            "\x1b\\][0-9lLI][ -~]{0,60}(\x07|\x1b\\\\)",
            "\x1bP([0-9;]{1,4}[$+|]|[!>])[ -~]{1,60}\x1b\\\\",
            "\x1b[_^X][ -~]{1,60}(\x07|\x1b\\\\)",
            "\x1b\\[[?><=][0-9;:]{0,20}[ -/]{0,2}[@-~]",
        ],
        pauses in proptest::collection::vec(0..1000_u64, 70),
        long in proptest::collection::vec(1..4_usize, 70),
    ) {
        let mut decoder = Decoder::default();
        let mut now = Instant::now();
        let mut rest = reply.as_bytes();
        let mut seen = Vec::new();
        for (pause, long) in pauses.into_iter().zip(long) {
            let (piece, behind) = rest.split_at(long.min(rest.len()));
            if !piece.is_empty() {
                seen.extend(decoder.feed(piece, now));
            }
            rest = behind;
            now += Duration::from_millis(pause);
        }
        let seen = told(&seen);
        prop_assert!(seen.is_empty() || seen == "Esc", "{seen}");
        prop_assert_eq!(told(&decoder.feed(b"j", now + SWALLOW)), "j");
    }

    #[test]
    fn a_sequence_that_is_no_key_is_nothing(
        marker in proptest::sample::select(&["?", ">", "<", "=", "1;", "200", ""][..]),
        parameters in "[0-9;:]{0,90}",
        between in "[ -/]{1,3}",
        last in "[@-~]",
    ) {
        let reply = format!("\x1b[{marker}{parameters}{between}{last}");
        // One that opens another kind of sequence swallows three bytes more.
        prop_assert_eq!(told(&whole(reply.as_bytes())), "");
    }
}
