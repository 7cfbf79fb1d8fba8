//! The status line: what just happened, else what does not work and what to do about it, else what is being waited
//! for. Words that are longer than the line take the lines above it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Clear, Widget as _};

use super::text::{put, wrap_at_most};
use super::theme::Theme;
use crate::app::failure::Failure;
use crate::app::model::{Model, Screen, Tone};
use crate::app::orders::SyncState;

/// Lines that words may take.
const MOST: usize = 3;

/// Draws the line, and the lines above it that it needs.
pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some((mark, words, style)) = words(model, theme) else {
        return;
    };
    let most = MOST.min(usize::from(area.y / 3)).max(1);
    let columns = usize::from(area.width.saturating_sub(4));
    let lines = wrap_at_most(&words, columns, most);
    let top = (area.y + 1).saturating_sub(lines.len() as u16);
    let all = Rect {
        y: top,
        height: lines.len() as u16,
        ..area
    };
    Clear.render(all.intersection(buf.area), buf);
    put(buf, all, area.x + 1, top, mark, style);
    for (line, y) in lines.iter().zip(top..) {
        put(buf, all, area.x + 3, y, line, style);
    }
}

fn words(model: &Model, theme: &Theme) -> Option<(&'static str, String, Style)> {
    if let Some(told) = &model.told {
        let mark = match told.tone {
            Tone::Info => "·",
            Tone::Good => "✓",
            Tone::Warn => "!",
            Tone::Bad => "✗",
        };
        return Some((mark, told.words.clone(), theme.tone(told.tone)));
    }
    if let Some(error) = &model.orders.filter_error
        && model.screen == Screen::Orders
        && model.order.is_none()
    {
        return Some(("!", error.to_string(), theme.warn));
    }
    if let Some(failure) = failure(model) {
        return Some(("✗", failure.to_string(), theme.bad));
    }
    let waiting = model
        .watches
        .iter()
        .filter(|watch| watch.state.is_open())
        .count();
    match waiting {
        0 => None,
        1 => {
            let watch = model.watches.iter().find(|watch| watch.state.is_open())?;
            Some(("◷", format!("{}: {}", watch.name, watch.words()), theme.dim))
        }
        _ => Some((
            "◷",
            format!("{waiting} certificates are being waited for"),
            theme.dim,
        )),
    }
}

/// What of this screen could not be read, while what was there stays.
fn failure(model: &Model) -> Option<&Failure> {
    if let Some(open) = &model.order {
        let data = model.known.get(&open.id)?;
        return data
            .order
            .failure()
            .or_else(|| data.duplicates.failure())
            .or_else(|| data.reissues.failure());
    }
    let own = match model.screen {
        Screen::Orders => match &model.orders.sync {
            SyncState::Failed(failure) => Some(failure),
            SyncState::Never | SyncState::Running { .. } | SyncState::Done(_) => None,
        },
        Screen::Requests => model.requests.requests.failure(),
        Screen::Journal => model.journal.failure.as_ref(),
    };
    own.or_else(|| model.session.failure())
}
