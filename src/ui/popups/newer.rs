//! A newer order that could serve in place of a renewal: which, why that one, and what has to hold.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::model::Model;
use crate::app::popups::Newer;
use crate::app::popups::renewing;
use crate::domain::rules::newer::Met;
use crate::domain::text::sanitise;
use crate::ui::text::wrap;
use crate::ui::theme::Theme;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 76;

/// Its rows.
pub(super) fn sheet<'a>(model: &Model, asked: &Newer, theme: &Theme, area: Rect) -> Sheet<'a> {
    let title = format!("Instead of renewing order {}", asked.due);
    let mut sheet = Sheet::new(title, area, MOST);
    let room = sheet.room();
    for (style, words) in lines(model, asked, theme, room) {
        sheet.row(Line::styled(words, style));
    }
    if asked.error.is_some() {
        sheet.focus_from(sheet.len());
    }
    sheet.tighten();
    sheet
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
    let Some(found) = renewing::found(&model.engine, asked) else {
        say(theme.text, "", "No newer order can be duplicated instead.");
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
        (None, None) => say(theme.dim, "… ", "Loading it."),
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
            &format!("It cannot be renewed as usual: {why}"),
        );
    }
    if let Some(error) = &asked.error {
        say(theme.text, "", "");
        say(theme.bad, "✗ ", error);
    }
    lines
}
