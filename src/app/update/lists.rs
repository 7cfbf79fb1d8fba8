//! Lists of CSRs: what comes to them, what their keys ask for, and what they leave to those above.

use super::current;
use super::dispatch::tell_elsewhere;
use super::open;
use super::turns::{fetch, run, with_lists, with_popups};
use crate::app::bulk::{self, BulkList, BulkLists, Wanted};
use crate::app::bulk_screen::{Asks, BulkScreen};
use crate::app::download::in_folder;
use crate::app::effect::{Effect, ListId};
use crate::app::engine::Engine;
use crate::app::field::TextField;
use crate::app::model::Model;
use crate::app::popups::operations::asking;
use crate::app::popups::{Popup, Prompt, PromptKind};
use crate::app::status::Tone;
use crate::app::subject::{ChainUse, RowFiles};
use crate::app::turn::Turn;
use crate::app::writes::{Below, Writes};
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::domain::order::{Certificate, Role};
use crate::domain::text::counted;
use crate::keys::{Action, Place};

/// Something comes to the lists.
pub(super) fn to_lists(
    model: &mut Model,
    does: impl FnOnce(&mut BulkLists, &Writes, &mut Below<'_>),
) -> Vec<Effect> {
    run(model, |engine, turn| {
        let (lists, writes, mut below) = engine.bulk(turn);
        does(lists, writes, &mut below);
    })
}

/// Something comes to the list that is on the screen.
pub(super) fn in_list(
    model: &mut Model,
    does: impl FnOnce(&mut BulkScreen, &mut Engine, &mut Turn),
) -> Vec<Effect> {
    let mut effects = Vec::new();
    with_lists(model, &mut effects, |lists, engine, turn| {
        if let Some(open) = lists.open_mut() {
            does(open, engine, turn);
        }
    });
    effects
}

/// Opens a list, as it was left; the one that is kept beside it takes its place first.
pub(super) fn open(model: &mut Model, id: ListId, beside: Option<String>) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(beside) = beside {
        let list = model.engine.bulk.get(id);
        if list.is_some_and(|list| list.is_running() || list.is_making_keys()) {
            model.set_status(Tone::Warn, "A run is under way.");
            return effects;
        }
        let own = bulk::draft_key(id);
        effects.push(model.engine.drafts.swap(beside, own));
        model.engine.bulk.forget(id);
        model.bulk_screens.forget(id);
    }
    effects.extend(show(model, id, &[]));
    effects
}

/// Opens the list of reissues with the orders that are marked.
pub(super) fn open_reissues(model: &mut Model, marked: &[OrderId]) -> Vec<Effect> {
    let list = model.engine.bulk.get(ListId::Reissues);
    if list.is_some_and(BulkList::is_running) {
        model.set_status(
            Tone::Warn,
            "A run is under way; these orders can be added once it has ended.",
        );
        return show(model, ListId::Reissues, &[]);
    }
    let effects = show(model, ListId::Reissues, marked);
    if let hidden @ 1.. = model.orders.marks.len().saturating_sub(marked.len()) {
        let hidden = counted(hidden, "marked order is", "marked orders are");
        let words = format!("{hidden} hidden by the filter and not included.");
        model.set_status(Tone::Warn, words);
    }
    effects
}

fn show(model: &mut Model, id: ListId, marked: &[OrderId]) -> Vec<Effect> {
    let mut effects = Vec::new();
    with_lists(model, &mut effects, |lists, engine, turn| {
        lists.show(id, marked, engine, turn);
    });
    if id == ListId::Reissues {
        // What an earlier session verified, and did not come to write.
        effects.extend(write_all(model, id, None));
    }
    effects
}

/// The review that waited for orders to be read and keys to be made opens.
pub(super) fn open_review(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let is_free = model.popups.is_empty() && model.form.is_none();
    let Some(open) = model.bulk_screens.open().filter(|_| is_free) else {
        return effects;
    };
    let list = model.engine.bulk.get(open.id);
    if open.wants_review && list.is_some_and(|list| !list.is_preparing()) {
        effects.extend(in_list(model, BulkScreen::review));
    }
    effects
}

/// Does what a key asked for on the screen of a list.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let mut effects = Vec::new();
    let id = model.bulk_screens.open().map(|open| open.id);
    let asks = with_lists(model, &mut effects, |lists, engine, turn| {
        lists.act(action, engine, turn)
    });
    match (asks, id) {
        (Some(Asks::Confirm), _) => effects.extend(send(model)),
        (Some(Asks::Folder(count)), Some(id)) => {
            let list = model.engine.bulk.get(id);
            let wanted = list.map_or_else(Vec::new, |list| list.wanted(&model.engine.writes.all));
            if wanted.iter().all(|one| one.target.is_some()) {
                effects.extend(write_all(model, id, None));
            } else {
                ask_folder(model, id, count);
            }
        }
        (Some(Asks::Form(order)), _) => {
            effects.extend(open::open_form(model, FormKind::Reissue, order));
        }
        (Some(Asks::Approve(requests)), _) => {
            effects.extend(with_popups(model, |popups, cx| {
                asking::decide(popups, true, requests, cx);
            }));
        }
        (Some(Asks::Elsewhere(action)), _) => tell_elsewhere(model, action),
        (Some(Asks::Folder(_)) | None, _) => {}
    }
    effects
}

/// Sends what was reviewed, or says there why not.
fn send(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    let is_waiting = current::is_waiting(model);
    let why = with_lists(model, &mut effects, |lists, engine, turn| {
        lists.open_mut()?.why_not_send(engine, turn, is_waiting)
    });
    let not_yet = match why {
        Some(why) => Some((why, Vec::new())),
        None => current::not_yet(model),
    };
    let Some((why, reads)) = not_yet else {
        effects.extend(in_list(model, BulkScreen::start));
        return effects;
    };
    effects.extend(reads);
    let error = model.bulk_screens.open_mut().and_then(BulkScreen::error);
    if let Some(error) = error {
        *error = Some(why);
    }
    effects
}

/// A draft of an earlier session came: a list is pointed at, since nothing else shows that it is there.
pub(super) fn tell_kept_list(model: &mut Model, key: &str) {
    if let Some(list) = bulk::list_of(key)
        && model.status.is_none()
    {
        let key = model.keymap.key_of(&[Place::Order], Action::Bulk);
        let key = key.unwrap_or_else(|| "b".into());
        let words = match list {
            ListId::Duplicates(order) => format!(
                "The list of CSRs for duplicates of order {order} is kept; open the order and press {key} to continue it."
            ),
            ListId::Reissues => {
                let key = model
                    .keymap
                    .key_of(&[Place::Everywhere], Action::ShowDrafts);
                let key = key.unwrap_or_default();
                format!("The list of reissues is kept; press {key} and choose it to continue.")
            }
        };
        model.set_status(Tone::Info, words);
    }
}

/// Asks for the folder for so many certificates.
fn ask_folder(model: &mut Model, id: ListId, count: usize) {
    let certificates = counted(count, "certificate", "certificates");
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        title: format!("Write {certificates} into a folder"),
        body: vec![
            "Each with its intermediates, as NAME-ORDER-CERTIFICATE.pem, mode 0644.".into(),
            "Existing files are never replaced. Empty: the folder in the settings, or else the one certdeck started \
                in.".into(),
        ],
        field: Some(TextField::focused()),
        error: None,
        kind: PromptKind::BulkFolder(id),
    })));
}

/// Fetches what came of a list and is in no file yet; each is written when it came and was checked once more, and never
/// over a file that is there. Without a folder those are written of which the list says where.
pub(super) fn write_all(model: &mut Model, id: ListId, folder: Option<&str>) -> Vec<Effect> {
    let list = model.engine.bulk.get(id);
    let mut wanted = list.map_or_else(Vec::new, |list| list.wanted(&model.engine.writes.all));
    wanted.retain(|one| folder.is_some() || one.target.is_some());
    if wanted.is_empty() {
        return Vec::new();
    }
    model.engine.bulk.start_writing(id);
    let mut effects = Vec::new();
    for Wanted {
        order,
        op,
        certificate,
        spki_der,
        target,
    } in wanted
    {
        let account = &model.engine.account;
        let data = account.known.get(&order);
        let known = data.and_then(|data| data.certificate(certificate));
        let row = known.cloned().unwrap_or_else(|| {
            let mut row = Certificate::empty(Role::Duplicate(None));
            row.id = Some(certificate);
            // All of them have the order's names.
            let info = account.order(order);
            row.common_name =
                info.map_or_else(String::new, |info| info.certificate.common_name.clone());
            row
        });
        let Some(mut subject) = model.engine.subject(order, &row) else {
            continue;
        };
        subject.spki_der = Some(spki_der);
        model.engine.bulk.writes_row(id, &op);
        let to = match target {
            Some(target) => RowFiles::Set(target),
            None => RowFiles::One(in_folder(folder.unwrap_or_default(), &subject.file_name())),
        };
        effects.extend(fetch(model, ChainUse::Bulk { subject, op, to }));
    }
    effects
}
