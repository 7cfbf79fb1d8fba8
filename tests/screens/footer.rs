//! The line of keys offers what works where the operator is, on the row under the cursor, and says what it does there.

use certdeck::app::effect::Read;
use certdeck::app::msg::{Data, Msg};
use certdeck::app::status::Tone;
use certdeck::domain::request::{RequestPage, Wanted};
use rstest::rstest;

use crate::account::{self, Desk};
use crate::draw::{cells, text};
use crate::keys::{footer, state};

/// The states above, and more rows and boxes in which something cannot be done.
const STATES: &[&str] = &[
    "starting",
    "no orders",
    "orders",
    "orders, revoked",
    "orders, waiting",
    "orders, filter",
    "orders, filter not understood",
    "requests",
    "requests, decided",
    "no requests",
    "requests, filter",
    "journal",
    "no journal",
    "overview",
    "certificates",
    "order's requests",
    "domains",
    "activity",
    "order that is read",
    "form",
    "form, a choice",
    "form, load",
    "form, make a key",
    "form, path of a key",
    "form, discard",
    "new order",
    "bulk",
    "bulk, files",
    "bulk, a choice",
    "bulk, rows",
    "copy",
    "copy, what is not known",
    "menu",
    "menu, what cannot be done",
    "asking",
    "approving",
    "where to write",
    "sent",
    "palette",
    "palette, nothing found",
    "palette over a menu",
    "help",
    "names",
    "drafts",
];

/// The cells without the line of keys and the line of what is told.
fn body(desk: &Desk) -> Vec<ratatui::buffer::Cell> {
    let buf = cells(&desk.model);
    let rows = buf.area.height - 2;
    let all = (0..rows).flat_map(|y| (0..buf.area.width).map(move |x| (x, y)));
    all.map(|at| buf[at].clone()).collect()
}

/// The keys that the line of keys names, each with what it is called.
fn offered(desk: &Desk) -> Vec<(String, String)> {
    let footer = footer(desk);
    let hints = footer.split("  ").map(str::trim);
    let hints = hints.filter_map(|hint| hint.split_once(' '));
    hints
        .map(|(key, label)| (key.to_owned(), label.to_owned()))
        .collect()
}

#[rstest]
fn no_key_of_the_footer_is_refused(#[values((80, 24), (120, 40), (200, 50))] size: (u16, u16)) {
    let mut refused = Vec::new();
    for name in STATES {
        let resized = || {
            let mut desk = state(name);
            desk.tell(Msg::Resize(size.0, size.1));
            if desk.model.preview.due.is_some() {
                desk.rest();
            }
            desk
        };
        for (key, label) in offered(&resized()) {
            let mut desk = resized();
            // A review shows at the fields what is still missing.
            if label == "review" {
                continue;
            }
            let before = body(&desk);
            let effects = desk.key(&as_written(&key));
            let told = desk.model.status.as_ref();
            let begun = told.is_some_and(|told| told.tone == Tone::Info);
            if effects.is_empty() && !begun && body(&desk) == before {
                refused.push(format!("{name}: {key} {label}: {told:?}"));
            }
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

/// A key as the table writes it: `Ctrl-S` is `ctrl-s` there, `R` is `R`.
fn as_written(key: &str) -> String {
    if key.chars().count() > 1 {
        key.to_lowercase()
    } else {
        key.to_owned()
    }
}

#[test]
fn the_footer_follows_the_row_once_the_cursor_rests() {
    let mut desk = state("requests, decided");
    assert!(!footer(&desk).contains("a approve"), "{}", footer(&desk));
    desk.press("t");
    assert!(footer(&desk).contains("t waiting"), "{}", footer(&desk));
    // All of them: one that waits stands last.
    desk.comes(
        &Read::RequestPage(Wanted::default(), 0),
        Ok(Data::RequestPage(RequestPage {
            rows: account::decided(),
            next: None,
            total: None,
        })),
    );
    for open in [true, false] {
        let shown = desk
            .model
            .requests
            .shown(&desk.model.engine.account.requests);
        let at = shown
            .enumerate()
            .find(|(_, row)| row.status.is_open() == open)
            .map(|(at, _)| at);
        desk.press("g");
        for _ in 0..at.expect("such a row") {
            desk.press("j");
        }
        if desk.model.preview.due.is_some() {
            desk.rest();
        }
        let footer = footer(&desk);
        assert_eq!(footer.contains("a approve"), open, "{footer}");
        assert_eq!(footer.contains("x reject"), open, "{footer}");
    }
}

#[rstest]
#[case("requests", "t decided")]
#[case("requests, decided", "t all")]
fn a_hint_says_where_its_key_goes_from_here(#[case] name: &str, #[case] hint: &str) {
    assert!(footer(&state(name)).contains(hint), "{name}");
}

#[rstest]
fn a_text_field_says_which_key_helps(
    #[values(
        "form",
        "form, load",
        "form, path of a key",
        "asking",
        "orders, filter",
        "requests, filter",
        "palette",
        "where to write",
        "names",
        "bulk, files"
    )]
    name: &str,
    #[values(40, 80, 120)] width: u16,
) {
    let mut desk = state(name);
    desk.tell(Msg::Resize(width, 24));
    let footer = footer(&desk);
    assert!(footer.contains("F1 help"), "{name} {width}: {footer}");
}

#[rstest]
fn a_path_is_completed_wherever_one_is_typed(
    #[values("form, load", "form, path of a key", "where to write", "bulk, files")] name: &str,
) {
    use certdeck::app::effect::Effect;
    use certdeck::app::msg::Completion;
    let mut desk = state(name);
    let line = footer(&desk);
    assert!(line.contains("Tab complete"), "{name}: {line}");
    let effects = desk.key("tab");
    let [Effect::CompletePath { typed }] = &effects[..] else {
        panic!("{name}: {effects:?}");
    };
    let answer = |text: &str, offers: &[&str]| Msg::PathCompleted {
        typed: typed.clone(),
        result: Ok(Completion {
            text: text.into(),
            offers: offers.iter().map(ToString::to_string).collect(),
        }),
    };
    desk.tell(answer("/srv/tls/a b/", &["one.csr", "two.csr"]));
    let screen = text(&desk.model);
    assert!(screen.contains("/srv/tls/a b/"), "{name}: {screen}");
    assert!(screen.contains("one.csr two.csr"), "{name}: {screen}");
    // An answer to what is typed no more changes nothing.
    desk.tell(answer("/elsewhere/", &[]));
    assert!(!text(&desk.model).contains("/elsewhere/"), "{name}");
}
