//! Keys and pastes on the bulk screen.

use crossterm::event::KeyEvent;

use super::{Bulk, BulkView, LINES, Part, Standing, files, kept, recheck, run};
use crate::app::account::OrderData;
use crate::app::cursor::Move;
use crate::app::effect::{Effect, Read};
use crate::app::field::TextField;
use crate::app::key_guard::Refused;
use crate::app::model::Model;
use crate::app::msg::Completion;
use crate::app::remote::Remote;
use crate::app::status::Tone;
use crate::app::update::current;
use crate::app::update::dispatch;
use crate::domain::csr;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::OrderId;
use crate::domain::text::counted;
use crate::domain::write::{Arrival, Stage};
use crate::keys::Action;

/// Rows a page has at least; the table shows more where there is room.
const PAGE: usize = 10;

/// Opens the bulk screen of an order, as it was left.
pub(in crate::app) fn open(model: &mut Model, order: OrderId) -> Vec<Effect> {
    if !model.bulks.contains_key(&order) {
        let mut bulk = Bulk::new(order);
        if let Some(json) = model.engine.drafts.texts.get(&kept::key(order)) {
            bulk.restore(json);
        }
        if bulk.rows.iter().any(|row| row.number.is_some()) {
            bulk.stage = BulkView::Results;
        }
        model.bulks.insert(order, bulk);
    }
    let Some(bulk) = model.bulks.get_mut(&order) else {
        return Vec::new();
    };
    if bulk.run.is_none() && !matches!(bulk.stage, BulkView::Collecting) {
        bulk.stage = BulkView::Results;
    }
    model.bulk = Some(order);
    let mut effects = read_order(model, order);
    let name = model
        .engine
        .account
        .known
        .get(&order)
        .and_then(|data| data.order.value())
        .map(|info| info.product.name_id.clone());
    effects.extend(name.and_then(|name| product(model, name)));
    effects.extend(model.engine.account.read_limits_of(order));
    recheck(model, order);
    effects
}

/// Reads the order anew: what is on it now decides what is not sent again.
fn read_order(model: &mut Model, order: OrderId) -> Vec<Effect> {
    let (opened, mut effects) = model.engine.account.open_order(order);
    if let Some(bulk) = model.bulks.get_mut(&order) {
        bulk.opened = opened;
    }
    effects.push(Effect::LoadPriorCsrs { order });
    effects
}

/// The account's offer for the product, if it was not read yet.
pub(in crate::app) fn product(model: &mut Model, name: String) -> Option<Effect> {
    let known = model.engine.account.products.get(&name);
    matches!(known, None | Some(Remote::Idle | Remote::Failed { .. }))
        .then(|| model.engine.account.read(Read::Product(name)))
}

/// A key asked for this.
pub(in crate::app) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(bulk) = model.open_bulk_mut() else {
        return Vec::new();
    };
    let order = bulk.order;
    if let Some(why) = why_not(model, action) {
        model.set_status(Tone::Warn, why);
        return Vec::new();
    }
    let Some(bulk) = model.open_bulk_mut() else {
        return Vec::new();
    };
    let len = bulk.rows.len();
    // More lines than any width needs, so that scrolling has an end without knowing the width.
    let most = match bulk.selected().map(|row| &row.standing) {
        Some(Standing::Ready(outgoing)) => outgoing.body.len() / 30,
        _ => 0,
    };
    if let BulkView::Review { scroll, .. } = &mut bulk.stage {
        match action {
            Action::PageDown => {
                *scroll = (*scroll + LINES).min(most);
                return Vec::new();
            }
            Action::PageUp => {
                *scroll = scroll.saturating_sub(LINES);
                return Vec::new();
            }
            _ => *scroll = 0,
        }
    }
    if let Some(go) = Move::of(action) {
        bulk.cursor.go(go, len, PAGE);
        return Vec::new();
    }
    match action {
        Action::NextField if bulk.asks_path() => {
            let (_, typed) = last_word(&bulk.paths.text());
            return vec![Effect::CompletePath { typed }];
        }
        Action::NextField => bulk.step(1),
        Action::PreviousField => bulk.step(-1),
        Action::Back => return back(model),
        Action::Open => match bulk.stage {
            // In another field Enter goes on, as it does in a form.
            BulkView::Collecting if bulk.shared.focus != Part::Paths => bulk.step(1),
            BulkView::Collecting => return read_files(model),
            BulkView::Review { .. } => return confirm(model, order),
            BulkView::Results => {}
        },
        Action::Review => return review(model, order),
        Action::LoadFile => bulk.stage = BulkView::Collecting,
        Action::Discard => return discard(model, order).into_iter().collect(),
        Action::Mark => return mark(model, order),
        Action::WriteFile => files::ask(model),
        other => dispatch::tell_elsewhere(model, other),
    }
    Vec::new()
}

/// Why a key does nothing now; `None` when it does something. A review says by itself what is missing for it.
pub(in crate::app) fn why_not(model: &Model, action: Action) -> Option<String> {
    let bulk = model.open_bulk()?;
    let running = || bulk.run.is_some().then(|| "A run is under way.".to_owned());
    let results = matches!(bulk.stage, BulkView::Results);
    match action {
        Action::Open if results => Some("There is nothing to confirm here.".into()),
        Action::Open if is_naming(bulk) && words(&bulk.paths.text()).is_empty() => Some(
            "Enter files or a folder first, or paste CSRs. A folder gives its *.csr, *.pem, and *.req."
                .into(),
        ),
        Action::Mark if bulk.rows.is_empty() => Some("There is no CSR here yet.".into()),
        Action::Mark | Action::LoadFile => running(),
        Action::WriteFile => files::why_none(model, bulk.order),
        Action::Review if results => running().or_else(|| {
            let data = model.engine.account.known.get(&bulk.order);
            // What could not be read is read once more.
            let again = data.is_some_and(OrderData::has_failed);
            bulk.not_yet(data).filter(|_| !again)
        }),
        Action::Review => running(),
        _ => None,
    }
}

/// Whether files are named: there Enter reads them.
pub(in crate::app) fn is_naming(bulk: &Bulk) -> bool {
    matches!(bulk.stage, BulkView::Collecting) && bulk.shared.focus == Part::Paths
}

/// Leaves the row out or takes it in again; also one that was refused, or that did not arrive as far as the account shows.
fn mark(model: &mut Model, order: OrderId) -> Vec<Effect> {
    let Some(bulk) = model.bulks.get_mut(&order) else {
        return Vec::new();
    };
    let Some(row) = bulk.rows.get_mut(bulk.cursor.at) else {
        return Vec::new();
    };
    let nothing_came = match (row.watch(&model.engine.writes.all), &row.earlier) {
        (Some(watch), _) => match &watch.stage {
            Stage::NotFound(_) => true,
            // What was set aside may have arrived all the same.
            Stage::Ended(failure) => failure.kind != FailureKind::Other,
            _ => false,
        },
        (None, Some(sent)) => sent.arrival == Arrival::Nothing,
        (None, None) => false,
    };
    let mut effects = Vec::new();
    if nothing_came && matches!(row.standing, Standing::Sent(_)) {
        row.standing = Standing::Unchecked;
        row.number = None;
        row.earlier = None;
        // It may have arrived meanwhile: nothing older decides whether it is sent again.
        bulk.unkept = true;
        effects = read_order(model, order);
    } else if !matches!(row.standing, Standing::Sent(_)) {
        row.dropped = !row.dropped;
        bulk.unkept = true;
    }
    recheck(model, order);
    effects
}

fn back(model: &mut Model) -> Vec<Effect> {
    let Some(bulk) = model.open_bulk_mut() else {
        return Vec::new();
    };
    let any_sent = bulk
        .rows
        .iter()
        .any(|row| matches!(row.standing, Standing::Sent(_)));
    match bulk.stage {
        BulkView::Review { .. } => {
            bulk.stage = if any_sent {
                BulkView::Results
            } else {
                BulkView::Collecting
            };
        }
        BulkView::Results if bulk.run.as_ref().is_some_and(|run| !run.stopped) => run::stop(model),
        BulkView::Collecting | BulkView::Results => {
            let kept = !bulk.rows.is_empty();
            if any_sent {
                bulk.stage = BulkView::Results;
            }
            model.bulk = None;
            if kept && model.status.is_none() {
                let until = model.engine.kept_until();
                let words = format!("List kept{until}. Press the same key to reopen it.");
                model.set_status(Tone::Info, words);
            }
        }
    }
    Vec::new()
}

/// Forgets the list. What was sent is in the journal and in the watches.
fn discard(model: &mut Model, order: OrderId) -> Option<Effect> {
    if model.bulks.get(&order)?.run.is_some() {
        model.set_status(Tone::Warn, "Stop the run first.");
        return None;
    }
    model.bulks.remove(&order);
    model.bulk = None;
    model.set_status(
        Tone::Info,
        "List discarded. What was sent is in the journal.",
    );
    kept::forget(model, order)
}

/// Words of a line, as a shell would take them: quotes keep blanks together.
fn words(line: &str) -> Vec<String> {
    let mut out = split(line);
    out.retain(|(_, word)| !word.is_empty());
    out.into_iter().map(|(_, word)| word).collect()
}

/// The word at the end of a line and where it begins; an empty one behind a blank.
fn last_word(line: &str) -> (usize, String) {
    split(line).pop().unwrap_or_default()
}

/// The words of a line, each with where it begins; behind a blank at the end an empty one.
fn split(line: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut quote = None;
    let mut open = false;
    for (at, c) in line.char_indices() {
        if !open && (quote.is_some() || !c.is_whitespace()) {
            out.push((at, String::new()));
            open = true;
        }
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            (c, None) if c.is_whitespace() => open = false,
            (c, _) => {
                if let Some((_, word)) = out.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    if !open {
        out.push((line.len(), String::new()));
    }
    out
}

/// A path as a word of the line; a folder's quote stays open, for the path goes on.
fn quoted(path: &str) -> String {
    if !path.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')) {
        return path.to_owned();
    }
    let quote = if path.contains('"') { '\'' } else { '"' };
    let end = if path.ends_with('/') {
        String::new()
    } else {
        quote.to_string()
    };
    format!("{quote}{path}{end}")
}

/// How the last path of the line goes on, if it is still what is typed there.
pub(in crate::app) fn path_completed(
    model: &mut Model,
    typed: &str,
    result: Result<Completion, Failure>,
) {
    let Some(bulk) = model.open_bulk_mut().filter(|bulk| is_naming(bulk)) else {
        return;
    };
    let line = bulk.paths.text();
    let (start, word) = last_word(&line);
    if word != typed {
        return;
    }
    match result {
        Ok(completion) if completion.leaves(typed) => bulk.step(1),
        Ok(completion) => {
            let text = format!("{}{}", &line[..start], quoted(&completion.text));
            bulk.paths.set_text(&text);
            if !completion.offers.is_empty() {
                model.set_status(Tone::Info, completion.offers.join("  "));
            }
        }
        Err(failure) => model.tell_failure(&failure),
    }
}

fn read_files(model: &mut Model) -> Vec<Effect> {
    let Some(bulk) = model.open_bulk_mut() else {
        return Vec::new();
    };
    let order = bulk.order;
    let paths = words(&bulk.paths.text());
    bulk.reading += 1;
    bulk.paths.set_text("");
    vec![Effect::ReadCsrs { order, paths }]
}

fn review(model: &mut Model, order: OrderId) -> Vec<Effect> {
    recheck(model, order);
    let Some(bulk) = model.bulks.get(&order) else {
        return Vec::new();
    };
    if let Some(why) = bulk.not_yet(model.engine.account.known.get(&order)) {
        model.set_status(Tone::Warn, why);
        // What could not be read is read once more, for the next try.
        let failed = model
            .engine
            .account
            .known
            .get(&order)
            .is_some_and(OrderData::has_failed);
        return if failed {
            read_order(model, order)
        } else {
            Vec::new()
        };
    }
    let confirm = TextField::focused();
    if let Some(bulk) = model.bulks.get_mut(&order) {
        let first = bulk
            .rows
            .iter()
            .position(|row| matches!(row.standing, Standing::Ready(_)));
        let len = bulk.rows.len();
        bulk.cursor.set(first.unwrap_or_default(), len);
        bulk.cursor.show(len, PAGE);
        bulk.stage = BulkView::Review {
            confirm,
            error: None,
            scroll: 0,
        };
    }
    Vec::new()
}

/// Enter in the review: only what was shown is sent.
fn confirm(model: &mut Model, order: OrderId) -> Vec<Effect> {
    let requests = |model: &Model| -> Vec<String> {
        model.bulks.get(&order).map_or_else(Vec::new, |bulk| {
            bulk.ready()
                .map(|(_, outgoing)| outgoing.body.clone())
                .collect()
        })
    };
    let shown = requests(model);
    recheck(model, order);
    let changed = shown != requests(model);
    let is_waiting = current::is_waiting(model);
    let Some(bulk) = model.bulks.get(&order) else {
        return Vec::new();
    };
    let BulkView::Review { confirm, .. } = &bulk.stage else {
        return Vec::new();
    };
    let not_yet = bulk.not_yet(model.engine.account.known.get(&order));
    let (why, effects) = if confirm.text().trim() != order.to_string() {
        let words = format!("Type the order number, {order}, to send these.");
        (words, Vec::new())
    } else if changed {
        let words = "The order changed in the meantime. Review again before you send.";
        (words.to_owned(), Vec::new())
    } else if let Some(why) = not_yet.filter(|_| !is_waiting) {
        (why, Vec::new())
    } else if let Some(not_yet) = current::not_yet(model) {
        not_yet
    } else {
        return run::start(model, order);
    };
    if let Some(bulk) = model.bulks.get_mut(&order)
        && let BulkView::Review { error, .. } = &mut bulk.stage
    {
        *error = Some(why);
    }
    effects
}

/// A key for the field that has the focus.
pub(in crate::app) fn typed(model: &mut Model, key: KeyEvent) {
    let Some(bulk) = model.open_bulk_mut() else {
        return;
    };
    let order = bulk.order;
    if bulk.key_guard.consume(key.code) {
        return;
    }
    let refused = match &mut bulk.stage {
        BulkView::Review { confirm, error, .. } => {
            confirm.key(key);
            *error = None;
            bulk.key_guard.typed(confirm)
        }
        BulkView::Collecting if bulk.shared.focus != Part::Paths => {
            if !bulk.shared.key(key) {
                return;
            }
            bulk.unkept = true;
            let refused = bulk.key_guard.typed(&mut bulk.shared.end);
            recheck(model, order);
            refused
        }
        BulkView::Collecting => {
            bulk.paths.key(key);
            bulk.key_guard.typed(&mut bulk.paths)
        }
        BulkView::Results => None,
    };
    if let Some(words) = refused.and_then(Refused::words) {
        model.set_status(Tone::Bad, words);
    }
}

/// Text was pasted: CSRs become rows, anything else is a path.
pub(in crate::app) fn paste(model: &mut Model, mut text: String) {
    let Some(bulk) = model.open_bulk_mut() else {
        return;
    };
    let order = bulk.order;
    if let Some(refused) = bulk.key_guard.pasted(&mut text) {
        if matches!(bulk.stage, BulkView::Collecting)
            && let Refused::Key(kind) = refused
        {
            bulk.refuse(None, kind);
            bulk.unkept = true;
            recheck(model, order);
        }
        // Of the rest of a key it stands there already.
        if let Some(words) = refused.words() {
            model.set_status(Tone::Bad, words);
        }
        return;
    }
    model.status = None;
    let Some(bulk) = model.open_bulk_mut() else {
        return;
    };
    match &mut bulk.stage {
        BulkView::Review { confirm, .. } => {
            confirm.paste(&text);
        }
        BulkView::Results => model.set_status(
            Tone::Warn,
            "You can paste only into a text field, and keys as fast as a paste count as one.",
        ),
        BulkView::Collecting => {
            let holds_csr = text.contains("-----BEGIN") || csr::read_all(&text).is_ok();
            if !holds_csr {
                if bulk.shared.focus == Part::End && bulk.shared.end.paste(&text) {
                    bulk.unkept = true;
                    recheck(model, order);
                } else if bulk.shared.focus != Part::End {
                    bulk.go_to(Part::Paths);
                    bulk.paths.paste(&text);
                }
                return;
            }
            let before = bulk.rows.len();
            bulk.add(None, text);
            bulk.unkept = true;
            let added = bulk.rows.len() - before;
            bulk.key_guard.stop();
            model.set_status(
                Tone::Info,
                format!("{} added.", counted(added, "CSR", "CSRs")),
            );
            recheck(model, order);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{last_word, quoted, words};

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(
            words("a.csr  '/tmp/b c' x\"y z\".pem"),
            ["a.csr", "/tmp/b c", "xy z.pem"]
        );
        assert!(words("  ").is_empty());
    }

    #[test]
    fn the_last_word_is_what_is_completed() {
        for (line, start, word) in [
            ("", 0, ""),
            ("a.csr", 0, "a.csr"),
            ("a.csr ", 6, ""),
            ("a.csr /tmp/b", 6, "/tmp/b"),
            ("a.csr '/tmp/b c/", 6, "/tmp/b c/"),
            ("a.csr \"/tmp/b c\"", 6, "/tmp/b c"),
        ] {
            assert_eq!(last_word(line), (start, word.to_owned()), "{line}");
        }
        for path in ["a.csr", "/tmp/b c/", "/tmp/b c", "it's", "say \"x\""] {
            assert_eq!(words(&quoted(path)), [path], "{path}");
        }
    }
}
