//! The copy menu: what can be copied of a certificate, and what it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::model::Model;
use crate::app::popup::Subject;
use crate::keys::{Action, Place};
use crate::ui::text::put;
use crate::ui::theme::Theme;
use crate::ui::widgets::frame;

/// Columns at most.
const MOST: u16 = 72;

/// Draws it.
pub(super) fn draw(model: &Model, subject: &Subject, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let rows: Vec<_> = model
        .keymap
        .rows(Place::Copy)
        .filter(|(_, binding)| binding.action != Action::Back)
        .collect();
    let columns = frame::widest(area, MOST);
    let title = format!("Copy from certificate {}", subject.certificate);
    let inner = frame::draw(
        &title,
        theme,
        frame::centred(area, columns, rows.len() as u16 + 2),
        buf,
    );
    let words = format!("{}, order {}", subject.name, subject.order);
    put(buf, inner, inner.x, inner.y, &words, theme.dim);
    for ((keys, binding), y) in rows.into_iter().zip(inner.y + 2..) {
        let fact = match binding.action {
            Action::CopySerial => Some(subject.serial.as_deref()),
            Action::CopyThumbprint => Some(subject.thumbprint.as_deref()),
            Action::CopyToken => Some(subject.token.as_deref()),
            _ => None,
        };
        let missing = fact == Some(None);
        let key = keys.split(' ').next().unwrap_or_default();
        let style = |otherwise| if missing { theme.dim } else { otherwise };
        put(buf, inner, inner.x, y, key, style(theme.key));
        put(buf, inner, inner.x + 3, y, binding.label, style(theme.text));
        let help = match fact {
            Some(Some(fact)) => fact,
            Some(None) => "not told by the account",
            None => binding.help,
        };
        put(buf, inner, inner.x + 17, y, help, theme.dim);
    }
}
