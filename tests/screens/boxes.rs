//! What lies over the screens fits on a small one: the row under the cursor is always seen, there are marks where there is
//! more, and all of it can be come to.

use certdeck::app::msg::Msg;
use rstest::rstest;

use crate::account::Desk;
use crate::draw::text;
use crate::keys::{footer, state};

/// The rows of the box on top, without its frame.
fn rows(desk: &Desk) -> Vec<String> {
    let screen = text(&desk.model);
    let mut rows = Vec::new();
    for line in screen.lines().filter(|line| line.contains('│')) {
        let inner: Vec<&str> = line.split('│').collect();
        rows.push(inner[1..inner.len() - 1].join("│"));
    }
    rows
}

fn marks(desk: &Desk) -> (bool, bool) {
    let rows = rows(desk);
    let ends = |mark: char| rows.iter().any(|row| row.ends_with(mark));
    (ends('↑'), ends('↓'))
}

fn at_size(name: &str, size: (u16, u16)) -> Desk {
    let mut desk = state(name);
    desk.tell(Msg::Resize(size.0, size.1));
    desk
}

#[rstest]
fn the_row_under_the_cursor_is_seen(
    #[values("copy", "menu", "sent", "drafts", "many drafts", "palette")] name: &str,
    #[values((40, 10), (80, 24))] size: (u16, u16),
) {
    let mut desk = match name {
        "many drafts" => {
            let mut desk = at_size("orders", size);
            for id in 100_000_300..100_000_330 {
                desk.model
                    .engine
                    .drafts
                    .texts
                    .insert(format!("reissue-{id}"), "{}".into());
            }
            desk.press("F");
            desk
        }
        name => at_size(name, size),
    };
    let mut seen = Vec::new();
    for _ in 0..200 {
        let rows = rows(&desk);
        let under = rows.iter().find(|row| row.contains('▸'));
        // The palette marks its row by colour alone.
        if name != "palette" {
            let under = under.unwrap_or_else(|| panic!("{name}: {rows:#?}"));
            seen.push(under.trim_end_matches(['↑', '↓', ' ']).to_owned());
        }
        desk.press("down");
    }
    seen.dedup();
    assert!(
        !marks(&desk).1,
        "{name}: this is the end: {:#?}",
        rows(&desk)
    );
    for _ in 0..200 {
        desk.press("up");
    }
    assert!(!marks(&desk).0, "{name}: this is the beginning");
    if size == (40, 10) && name != "sent" && name != "drafts" {
        assert!(marks(&desk).1, "{name}: there is more: {:#?}", rows(&desk));
    }
    if name == "copy" {
        assert_eq!(seen.len(), 9, "each of its rows once: {seen:#?}");
    }
}

#[rstest]
fn pages_come_to_all_of_a_question(
    #[values(
        "asking",
        "approving",
        "where to write",
        "form, make a key",
        "form, load"
    )]
    name: &str,
    #[values((40, 10), (80, 24))] size: (u16, u16),
) {
    let mut desk = at_size(name, size);
    let limited = |desk: &mut Desk| {
        let moves = certdeck::ui::paging(&desk.model).expect("a box");
        desk.model.limit_paging(&moves);
    };
    for _ in 0..9 {
        desk.press("pgup");
        limited(&mut desk);
    }
    assert!(!marks(&desk).0, "{name}: {:#?}", rows(&desk));
    let mut pages = 0;
    while marks(&desk).1 {
        desk.press("pgdn");
        limited(&mut desk);
        pages += 1;
        assert!(pages < 20, "{name}: {:#?}", rows(&desk));
    }
    if size == (80, 24) {
        assert_eq!(pages, 0, "{name}: all of it fits");
    }
}

#[test]
fn enter_in_a_copy_menu_is_the_key_of_its_line() {
    use certdeck::app::effect::Effect;
    let mut desk = state("copy");
    for _ in 0..4 {
        desk.press("j");
    }
    let effects = desk.key("enter");
    assert!(
        matches!(&effects[..], [Effect::Copy { what, .. }] if what.starts_with("serial number")),
        "{effects:?}"
    );
}

#[test]
fn a_small_screen_says_what_the_keys_do() {
    let desk = at_size("copy", (40, 10));
    assert!(footer(&desk).contains("Esc close"), "{}", footer(&desk));
}
