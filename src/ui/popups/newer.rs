//! A newer order that could serve in place of a renewal: which, why that one, and what has to hold.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::model::Model;
use crate::app::popup::Newer;
use crate::app::renewing;
use crate::domain::rules::newer::Met;
use crate::domain::text::sanitise;
use crate::ui::text::{put, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 76;

/// Draws it.
pub(super) fn draw(model: &Model, asked: &Newer, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let columns = frame::widest(area, MOST);
    let mut lines = lines(model, asked, theme, usize::from(columns));
    if lines.len() + 2 > usize::from(area.height) {
        lines.retain(|(_, words)| !words.is_empty());
    }
    let inner = frame::draw(
        &format!("Instead of renewing order {}", asked.due),
        theme,
        frame::centred(area, columns, lines.len() as u16),
        buf,
    );
    for ((style, words), y) in lines.iter().zip(inner.y..inner.bottom()) {
        put(buf, inner, inner.x, y, words, *style);
    }
}

fn lines(model: &Model, asked: &Newer, theme: &Theme, columns: usize) -> Vec<(Style, String)> {
    let mut lines = Vec::new();
    let mut say = |style: Style, mark: &str, words: &str| {
        let wrapped = wrap(
            &sanitise(words),
            columns.saturating_sub(mark.chars().count()),
        );
        for (at, line) in wrapped.into_iter().enumerate() {
            let lead = if at == 0 {
                mark.to_owned()
            } else {
                " ".repeat(mark.chars().count())
            };
            lines.push((style, format!("{lead}{line}")));
        }
    };
    let Some(found) = renewing::found(model, asked) else {
        say(theme.text, "", "No newer order is left that could serve.");
        return lines;
    };
    let product = found.order.map(|order| order.product.name.clone());
    let organization = found.order.and_then(|order| order.organization.as_ref());
    let what: Vec<String> = std::iter::once(format!("Duplicate order {}", found.id))
        .chain(product)
        .chain(organization.map(|own| own.name.clone()))
        .collect();
    say(theme.title, "", &what.join(" · "));
    say(theme.dim, "  ", &found.why);
    say(theme.text, "", "");
    match (found.order, found.failure) {
        (_, Some(failure)) => say(theme.bad, "✗ ", &failure.to_string()),
        (None, None) => say(theme.dim, "… ", "It is being read."),
        (Some(_), None) => {}
    }
    for condition in &found.conditions {
        let (style, mark) = match condition.met {
            Met::Yes => (theme.good, "✓ "),
            Met::Perhaps => (theme.warn, "! "),
            Met::No => (theme.bad, "✗ "),
        };
        say(style, mark, &condition.words);
    }
    if let Some(why) = &found.no_renewal {
        say(theme.text, "", "");
        say(
            theme.dim,
            "· ",
            &format!("It cannot be renewed in the ordinary way: {why}"),
        );
    }
    if let Some(error) = &asked.error {
        say(theme.text, "", "");
        say(theme.bad, "✗ ", error);
    }
    lines
}
