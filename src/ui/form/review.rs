//! The review on the screen: what changes, what it may do, and the request exactly as it will be sent.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget as _;

use super::{fields, fit, page, tone_mark, tone_style, wrap, wrapped};
use crate::app::form::{Form, Reviewing};
use crate::keys::{Action, KeyMap, Place};
use crate::ui::theme::Theme;

pub(super) fn render(
    form: &Form,
    reviewing: &Reviewing,
    theme: &Theme,
    keymap: &KeyMap,
    area: Rect,
    buf: &mut Buffer,
) {
    let mut rest = fields::heading(form, theme, area, buf);
    let mut foot = foot(form, reviewing, theme, keymap, rest.width);
    if rest.height < 8 {
        // What is to be typed says enough; the rest of the room is for what changes.
        foot.drain(..foot.len() - 1);
    }
    let rows = (foot.len() as u16).min(rest.height);
    let confirm = reviewing.review.danger.is_some();
    let bottom = Rect {
        y: rest.bottom() - rows,
        height: rows,
        ..rest
    };
    rest.height -= rows;
    for (y, (style, text)) in foot.iter().take(usize::from(rows)).enumerate() {
        buf.set_string(bottom.x, bottom.y + y as u16, text, *style);
    }
    if confirm && rows > 0 {
        let y = bottom.bottom() - 1;
        let used = foot.last().map_or(0, |(_, text)| {
            unicode_width::UnicodeWidthStr::width(text.as_str()) as u16
        });
        let field = Rect::new(
            (bottom.x + used + 1).min(bottom.right()),
            y,
            bottom.width.saturating_sub(used + 1),
            1,
        )
        .intersection(buf.area);
        if !field.is_empty() {
            reviewing.confirm.widget().render(field, buf);
        }
    }
    if rest.is_empty() {
        return;
    }
    let lines = lines(reviewing, theme, rest.width.saturating_sub(2));
    let total = (lines.len() as u16).max(1);
    let mut whole = Buffer::empty(Rect::new(0, 0, rest.width, total));
    for (y, (style, text)) in lines.iter().enumerate() {
        whole.set_string(0, y as u16, text, *style);
    }
    let top = reviewing.scroll.min(total.saturating_sub(rest.height));
    page::show(&whole, top, theme, rest, buf);
}

fn lines(reviewing: &Reviewing, theme: &Theme, width: u16) -> Vec<(Style, String)> {
    let mut lines = Vec::new();
    for section in &reviewing.review.sections {
        lines.push((theme.accent, section.title.to_string()));
        for note in &section.notes {
            let style = tone_style(note.tone, theme);
            for (place, line) in wrapped(&note.text, width.saturating_sub(4))
                .into_iter()
                .enumerate()
            {
                let mark = if place == 0 {
                    tone_mark(note.tone)
                } else {
                    "  "
                };
                lines.push((style, format!("  {mark}{line}")));
            }
        }
    }
    let outgoing = &reviewing.review.outgoing;
    lines.push((theme.accent, "API request".into()));
    lines.push((
        theme.text,
        fit(
            &format!("  {} {}", outgoing.method.as_str(), outgoing.path),
            width,
        ),
    ));
    for line in outgoing.body.lines() {
        for piece in wrap::chunks(line, usize::from(width.saturating_sub(2).max(1))) {
            lines.push((theme.dim, format!("  {piece}")));
        }
    }
    lines
}

/// What the next key does.
fn foot(
    form: &Form,
    reviewing: &Reviewing,
    theme: &Theme,
    keymap: &KeyMap,
    width: u16,
) -> Vec<(Style, String)> {
    let key = |action| {
        keymap
            .key_of(&[Place::Review], action)
            .unwrap_or_else(|| "no key".into())
    };
    let mut foot = Vec::new();
    if let Some(danger) = &reviewing.review.danger {
        for line in wrapped(danger, width) {
            foot.push((theme.bad, line));
        }
        if let Some(error) = &reviewing.error {
            foot.push((theme.warn, fit(error, width)));
        }
        let ask = format!(
            "Type {} and press {} to send it:",
            form.order.id,
            key(Action::Open)
        );
        foot.push((theme.bad, fit(&ask, width.saturating_sub(8))));
    } else {
        let ask = format!(
            "{} send once · {} back, nothing is sent",
            key(Action::Open),
            key(Action::Back)
        );
        foot.push((theme.key, fit(&ask, width)));
    }
    foot
}
