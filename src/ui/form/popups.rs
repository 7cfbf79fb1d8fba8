//! The questions over a form: which key to make, which file to load, whether to throw the draft away.

use ratatui::layout::Rect;

use crate::app::form::{Form, Layer, LoadFile, MakeKey};
use crate::domain::draft::{FormKind, lists};
use crate::keys::{Action, KeyMap, Place};
use crate::ui::theme::Theme;
use crate::ui::widgets::field::FieldRow;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 72;

/// Cells for a label and the mark of the focus.
const LABELS: u16 = 9;

/// The question that lies over the fields, if one does.
pub(super) fn sheet<'a>(
    form: &'a Form,
    theme: &Theme,
    keymap: &KeyMap,
    area: Rect,
) -> Option<Sheet<'a>> {
    Some(match &form.layer {
        Layer::MakeKey(make) => make_key(make, theme, keymap, area),
        Layer::LoadFile(load) => load_file(load, theme, keymap, area),
        Layer::Discard => discard(form, theme, keymap, area),
        Layer::Editing | Layer::Review(_) => return None,
    })
}

fn make_key<'a>(make: &'a MakeKey, theme: &Theme, keymap: &KeyMap, area: Rect) -> Sheet<'a> {
    let mut sheet = Sheet::new("Generate a private key and CSR", area, MOST);
    for field in &make.fields.all {
        let here = field.id == make.fields.focus();
        sheet.input(&row(field.id.label(), here), &field.input, theme);
    }
    sheet.error(make.fields.error.as_deref(), theme);
    offered_paths(&mut sheet, &make.offers, theme);
    sheet.focus_from(0);
    if make.replaces {
        sheet.say("It replaces the CSR in the form.", theme.warn);
    }
    sheet.say(&format!("Names {}", lists::words(&make.names)), theme.dim);
    sheet.say(
        "The private key goes into this file (must not exist yet; mode 0600, readable only by you). The CSR goes \
            into the form.",
        theme.dim,
    );
    if make.busy {
        sheet.say("Generating the key…", theme.accent);
    } else {
        let complete = make.fields.text().map(|_| Action::Complete);
        sheet.say(&hint(keymap, "generate", complete), theme.key);
    }
    sheet
}

fn load_file<'a>(load: &'a LoadFile, theme: &Theme, keymap: &KeyMap, area: Rect) -> Sheet<'a> {
    let mut sheet = Sheet::new("Load a CSR from a file", area, MOST);
    sheet.field(row("File", true).head(theme), &load.path);
    sheet.error(load.error.as_deref(), theme);
    offered_paths(&mut sheet, &load.offers, theme);
    sheet.focus_from(0);
    if load.busy {
        sheet.say("Reading the file…", theme.accent);
    } else {
        sheet.say(&hint(keymap, "load", Some(Action::Complete)), theme.key);
    }
    sheet
}

fn discard<'a>(form: &Form, theme: &Theme, keymap: &KeyMap, area: Rect) -> Sheet<'a> {
    let mut sheet = Sheet::new("Discard this draft?", area, MOST);
    let kind = form.kind.label().to_lowercase();
    let words = if form.kind == FormKind::NewOrder {
        format!("What you typed into this {kind} will be lost.")
    } else {
        let order = form.order.id;
        format!("What you typed into this {kind} of order {order} will be lost.")
    };
    sheet.say(&words, theme.warn);
    sheet.say(&hint(keymap, "discard", None), theme.key);
    sheet
}

/// The ways a path goes on.
fn offered_paths(sheet: &mut Sheet<'_>, offers: &[String], theme: &Theme) {
    if !offers.is_empty() {
        sheet.say(&offers.join("  "), theme.dim);
    }
}

fn hint(keymap: &KeyMap, does: &str, completes: Option<Action>) -> String {
    let key = |action| {
        keymap
            .key_of(&[Place::Path, Place::Prompt], action)
            .unwrap_or_else(|| "no key".into())
    };
    let complete =
        completes.map_or_else(String::new, |action| format!(" · {} complete", key(action)));
    let (yes, no) = (key(Action::Open), key(Action::Back));
    format!("{yes} {does} · {no} back{complete}")
}

fn row(label: &str, here: bool) -> FieldRow<'_> {
    FieldRow {
        label,
        labels: LABELS,
        here,
        most: usize::MAX,
    }
}
