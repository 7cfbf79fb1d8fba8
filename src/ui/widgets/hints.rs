//! The line of keys: what can be done here, made from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::commands;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::keys::{Action, Footer, Place};
use crate::ui::text::{put, width};
use crate::ui::theme::Theme;

struct Hint {
    key: String,
    label: &'static str,
    action: Action,
    footer: Footer,
}

impl Hint {
    fn cells(&self) -> usize {
        width(&self.key) + 1 + width(self.label) + 2
    }
}

/// Draws as many hints as fit, whole ones only. What the place is for and the way out of it come first where there is
/// too little room; they stand where they always stand.
pub(crate) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let hints = hints(model);
    let mut room = usize::from(area.width.saturating_sub(1)) + 2;
    let mut shown = vec![false; hints.len()];
    for footer in [Footer::Kept, Footer::Shown, Footer::Spare] {
        for (hint, shown) in hints.iter().zip(&mut shown) {
            if hint.footer == footer && hint.cells() <= room {
                room -= hint.cells();
                *shown = true;
            }
        }
    }
    let mut x = area.x + 1;
    for (hint, _) in hints.iter().zip(shown).filter(|(_, shown)| *shown) {
        let next = put(buf, area, x, area.y, &hint.key, theme.key);
        x = put(buf, area, next + 1, area.y, hint.label, theme.text) + 2;
    }
}

/// What can be done, in the order of the table; the way to the help or out of a place stands last.
fn hints(model: &Model) -> Vec<Hint> {
    let mut all: Vec<Hint> = Vec::new();
    let over = !model.popups.is_empty() || model.form.is_some() || model.bulk_screens.is_open();
    let places = model.places();
    for place in places.iter().copied() {
        for (_, binding) in model.keymap.rows(place) {
            if binding.footer == Footer::Quiet {
                continue;
            }
            let Some(key) = model.keymap.shown(&places, place, binding.action) else {
                continue;
            };
            let taken = all
                .iter()
                .any(|hint| hint.action == binding.action || hint.key == key);
            if taken || !possible(model, place, binding.action) {
                continue;
            }
            // Over the screens it closes, as the key for that does; of the rest only the help is wanted.
            if over && place == Place::Everywhere && binding.action != Action::Help {
                continue;
            }
            all.push(Hint {
                key,
                label: commands::label(model, binding.action, binding.label),
                action: binding.action,
                footer: if over && place == Place::Everywhere {
                    Footer::Spare
                } else {
                    binding.footer
                },
            });
        }
    }
    let last = |hint: &Hint| match (hint.action, hint.footer) {
        (Action::Help, _) => 3,
        (Action::Back, Footer::Kept) => 2,
        (_, Footer::Spare) => 1,
        _ => 0,
    };
    all.sort_by_key(last);
    all
}

/// Whether it does something: the same answer that the key gets. In a list it follows the cursor when that rests.
fn possible(model: &Model, place: Place, action: Action) -> bool {
    let over = !model.popups.is_empty() || model.form.is_some() || model.bulk_screens.is_open();
    if over || model.is_filtering() {
        return commands::why_not_here(model, action).is_none();
    }
    if model.order.is_some() {
        return action != Action::Open && commands::why_not(model, action).is_none();
    }
    // A row with a request that waits is marked; its keys stand in the list of requests.
    let elsewhere = place == Place::Requests && model.screen == Screen::Orders;
    !elsewhere && !model.preview.refused.contains(&action)
}
