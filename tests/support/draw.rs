//! The view, drawn into memory.

use certdeck::app::model::Model;
use certdeck::ui::view;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The cells of a model at its own size.
pub fn cells(model: &Model) -> Buffer {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buf = Buffer::empty(area);
    view(model, area, &mut buf);
    buf
}

/// What is on the screen, a line a row.
pub fn text(model: &Model) -> String {
    lines(&cells(model))
}

/// What cells hold, a line a row.
pub fn lines(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buf.area.height {
        let mut line = String::new();
        let mut skip = 0;
        for x in 0..buf.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buf[(x, y)].symbol();
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
