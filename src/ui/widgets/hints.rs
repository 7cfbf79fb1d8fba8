//! The line of keys: what can be done here, made from the key table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::commands;
use crate::app::model::Model;
use crate::keys::{Action, Footer, Place};
use crate::ui::text::{put, width};
use crate::ui::theme::Theme;

struct Hint {
    key: String,
    label: &'static str,
    action: Action,
    possible: bool,
}

/// Draws as many hints as fit, whole ones only; the way to the help, or out of what lies over the screens, always.
pub(crate) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let hints = hints(model);
    let cells = |hint: &Hint| width(&hint.key) + 1 + width(hint.label) + 2;
    let room = usize::from(area.width.saturating_sub(1));
    let is = |action| hints.iter().find(|hint| hint.action == action);
    let always = is(Action::Help).or_else(|| is(Action::Back));
    let kept = always.map_or(0, cells);
    let mut used = 0;
    let mut x = area.x + 1;
    let mut show = |hint: &Hint| {
        let (key, label) = if hint.possible {
            (theme.key, theme.text)
        } else {
            (theme.dim, theme.dim)
        };
        let next = put(buf, area, x, area.y, &hint.key, key);
        x = put(buf, area, next + 1, area.y, hint.label, label) + 2;
    };
    for hint in &hints {
        if always.is_some_and(|always| always.action == hint.action) {
            continue;
        }
        if used + cells(hint) + kept > room {
            continue;
        }
        used += cells(hint);
        show(hint);
    }
    if let Some(always) = always {
        show(always);
    }
}

fn hints(model: &Model) -> Vec<Hint> {
    let mut all: Vec<Hint> = Vec::new();
    let mut spare: Vec<Hint> = Vec::new();
    for place in model.places() {
        for (keys, binding) in model.keymap.rows(place) {
            let key = keys.split(' ').next().unwrap_or_default().to_string();
            let taken = all
                .iter()
                .any(|hint| hint.action == binding.action || hint.key == key);
            if binding.footer == Footer::Quiet || taken {
                continue;
            }
            let possible = possible(model, place, binding.action);
            // Of an order whose requests are all decided nothing can be approved: no need to say so all the time.
            if !possible && place == Place::Requests {
                continue;
            }
            let hint = Hint {
                key,
                label: binding.label,
                action: binding.action,
                possible,
            };
            match binding.footer {
                Footer::Spare => spare.push(hint),
                Footer::Shown | Footer::Quiet => all.push(hint),
            }
        }
    }
    all.extend(spare);
    all
}

/// Whether it can be done. In a list only what holds for every row is asked: hints that change with the row would make
/// each move repaint this line.
fn possible(model: &Model, place: Place, action: Action) -> bool {
    let listed = model.popups.is_empty() && model.order.is_none() && model.form.is_none();
    let of_the_list = matches!(action, Action::Filter | Action::WhichRequests);
    if listed && matches!(place, Place::Order | Place::Requests) && !of_the_list {
        return model.current_order().is_some();
    }
    !model.popups.is_empty() || commands::why_not(model, action).is_none()
}
