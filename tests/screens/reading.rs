//! Text to read is whole: what is told of a key, and every letter of what was sent.

use certdeck::app::msg::{Msg, SentText};
use certdeck::keys::Place;
use ratatui::buffer::Buffer;

use crate::account::{self, Desk};
use crate::draw::cells;

/// The words inside the box with this title, line by line, while a key is pressed until nothing changes.
fn read(desk: &mut Desk, title: &str, key: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    loop {
        let page = inside(&cells(&desk.model), title);
        // What the last page shows again.
        let known = (0..=page.len().min(lines.len()))
            .rev()
            .find(|n| lines[lines.len() - n..] == page[..*n])
            .unwrap_or(0);
        if known == page.len() {
            return lines;
        }
        lines.extend(page.into_iter().skip(known));
        desk.press(key);
        let last = certdeck::ui::last_top(&desk.model).expect("there is text to read");
        desk.model.limit_scroll(last);
    }
}

fn inside(screen: &Buffer, title: &str) -> Vec<String> {
    let area = screen.area;
    let row = |y: u16| (0..area.width).map(move |x| screen[(x, y)].symbol());
    let title: Vec<String> = format!("╭ {title}").chars().map(String::from).collect();
    let (top, left) = (0..area.height)
        .find_map(|y| {
            let cells: Vec<_> = row(y).collect();
            let at = cells.windows(title.len()).position(|part| part == title)?;
            Some((y, at))
        })
        .expect("the box");
    let wide = row(top)
        .skip(left)
        .position(|cell| cell == "╮")
        .expect("its corner");
    (top + 1..area.height)
        .take_while(|y| screen[(left as u16, *y)].symbol() == "│")
        .map(|y| {
            let line: String = row(y).skip(left + 1).take(wide - 1).collect();
            line.trim_end_matches([' ', '↓', '↑']).to_owned()
        })
        .collect()
}

#[test]
fn no_words_of_the_help_are_cut() {
    for size in [(80, 24), (120, 40)] {
        for keys in [&[][..], &["enter"], &["2"], &["3"]] {
            let mut desk = Desk::with_orders(size);
            for key in keys {
                desk.press(key);
            }
            desk.press("?");
            let help = read(&mut desk, "Keys", "j");
            assert!(help.len() > 60, "{size:?} {keys:?}: {help:#?}");
            let words: Vec<_> = help
                .iter()
                .flat_map(|line| line.split_whitespace())
                .collect();
            let words = words.join(" ");
            for place in Place::ALL {
                for (_, binding) in desk.model.keymap.rows(*place) {
                    assert!(words.contains(binding.help), "{size:?}: {}", binding.help);
                }
            }
        }
    }
}

#[test]
fn every_letter_of_what_was_sent_can_be_read() {
    for size in [(80, 24), (120, 40), (40, 10)] {
        let mut desk = Desk::with_orders(size);
        desk.press("3");
        desk.tell(Msg::Journal(Ok(account::journal())));
        desk.press("v");
        let csr: String = (0..1200).map(|n| char::from(b'A' + n as u8 % 26)).collect();
        let sent = format!("POST /order\n\n{{\"csr\":\"{csr}\"}}");
        desk.tell(Msg::JournalRequest {
            what: "as sent".into(),
            result: Ok(SentText(sent.clone())),
        });
        let shown = read(&mut desk, "as sent", "j").concat();
        assert_eq!(
            shown.replace(' ', ""),
            sent.replace(['\n', ' '], ""),
            "{size:?}"
        );
    }
}
