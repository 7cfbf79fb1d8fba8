//! The copy menu: what can be copied of a certificate, and what it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::popup::Subject;
use crate::domain::wrap::wrap_at_most;
use crate::keys::{Action, Binding, Place};
use crate::ui::text::{put, wrap};
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 72;

/// Cells for keys and labels.
const LABELS: u16 = 17;

/// Draws it.
pub(super) fn draw(model: &Model, subject: &Subject, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let rows: Vec<_> = model
        .keymap
        .rows(Place::Copy)
        .filter(|(_, binding)| binding.action != Action::Back)
        .collect();
    let columns = frame::widest(area, MOST);
    let room = usize::from(columns.saturating_sub(LABELS));
    let mut lines: Vec<(&str, &Binding, Vec<String>, bool)> = Vec::new();
    for (keys, binding) in &rows {
        let fact = match binding.action {
            Action::CopySerial => Some(subject.serial.as_deref()),
            Action::CopyThumbprint => Some(subject.thumbprint.as_deref()),
            Action::CopyToken => Some(subject.token.as_deref()),
            Action::CopyRecord => Some(subject.record.as_deref()),
            _ => None,
        };
        let help = match fact {
            Some(Some(fact)) => fact,
            Some(None) => "not told by the account",
            None => binding.help,
        };
        let key = keys.split(' ').next().unwrap_or_default();
        lines.push((key, binding, wrap(help, room), fact == Some(None)));
    }
    let needed: usize = lines.iter().map(|(.., help, _)| help.len()).sum();
    let most = usize::from(area.height.saturating_sub(4));
    // Words that need two lines get them where all rows still fit.
    let each = if needed <= most { 2 } else { 1 };
    let height: usize = lines.iter().map(|(.., help, _)| help.len().min(each)).sum();
    let title = format!("Copy from certificate {}", subject.certificate);
    let inner = frame::draw(
        &title,
        theme,
        frame::centred(area, columns, height as u16 + 2),
        buf,
    );
    let words = format!("{}, order {}", subject.name, subject.order);
    put(buf, inner, inner.x, inner.y, &words, theme.dim);
    let mut y = inner.y + 2;
    for (key, binding, help, missing) in lines {
        let style = |otherwise| if missing { theme.dim } else { otherwise };
        put(buf, inner, inner.x, y, key, style(theme.key));
        put(buf, inner, inner.x + 3, y, binding.label, style(theme.text));
        let help = wrap_at_most(&help.join(" "), room, each);
        for line in help {
            put(buf, inner, inner.x + LABELS, y, &line, theme.dim);
            y += 1;
        }
    }
}
