//! What was done with an order from here, what is being waited for, and its notes.

use ratatui::text::Line;

use super::reading;
use crate::app::account::OrderData;
use crate::app::model::Model;
use crate::domain::ids::OrderId;
use crate::ui::requests::name_of;
use crate::ui::theme::Theme;
use crate::ui::widgets::facts::Facts;
use crate::ui::{journal, when};

/// Lines of the output of a command that are shown; the journal has more.
const OUTPUT: usize = 5;

/// The lines of the tab.
pub(super) fn lines(
    model: &Model,
    id: OrderId,
    data: &OrderData,
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let mut facts = Facts::new(theme, columns);
    let today = model.today();
    let watches: Vec<_> = model
        .engine
        .writes
        .all
        .iter()
        .filter(|watch| watch.order == Some(id))
        .collect();
    if !watches.is_empty() {
        facts.heading("Watched this session");
        for watch in &watches {
            let words = format!(
                "{}  {}: {}",
                when::moment(watch.by_account(watch.sent)),
                watch.outgoing.kind.label(),
                watch.words()
            );
            facts.inset(&words, crate::ui::popups::watch_style(watch, theme));
        }
    }
    let sent: Vec<_> = model
        .journal
        .rows
        .iter()
        .filter(|row| row.order == Some(id))
        .filter(|row| !watches.iter().any(|watch| watch.op == row.op))
        .collect();
    if !sent.is_empty() {
        facts.heading("Sent from certdeck");
        for row in sent {
            let (outcome, style) = match &row.outcome {
                Some(_) if !row.problems.is_empty() => ("mismatch", theme.bad),
                Some(words) => (words.as_str(), journal::style_of(row, theme)),
                None => (journal::UNKNOWN, theme.warn),
            };
            let at = row
                .at
                .map_or_else(|| journal::UNREADABLE.to_owned(), when::moment);
            let words = format!("{at}  {}: {outcome}", row.what);
            facts.inset(&words, style);
            let output = row.install.iter().flat_map(|one| one.output.lines());
            let lines = output.clone().count();
            for line in output.skip(lines.saturating_sub(OUTPUT)) {
                facts.inset(&format!("  {line}"), theme.dim);
            }
        }
    }
    match data.order.value() {
        None => {
            for words in reading(data) {
                facts.words(&words, theme.dim);
            }
        }
        Some(order) if !order.notes.is_empty() => {
            facts.heading("Notes");
            for note in &order.notes {
                let who = name_of(note.author.as_ref());
                let at = note.date.map(|at| when::moment_ago(at, today));
                let head = match (at, who) {
                    (Some(at), "") => at,
                    (Some(at), who) => format!("{at}, {who}"),
                    (None, who) => who.to_string(),
                };
                if !head.is_empty() {
                    facts.inset(&head, theme.dim);
                }
                for line in note.text.lines() {
                    facts.inset(line, theme.text);
                }
                facts.gap();
            }
        }
        Some(_) => {}
    }
    let lines = facts.done();
    if lines.is_empty() {
        return vec![Line::styled(
            "No notes. Nothing was sent from certdeck for this order.",
            theme.dim,
        )];
    }
    lines
}
