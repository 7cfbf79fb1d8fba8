//! What is decided is decided on what is true now. A form, the menu of an order and a question are opened on what is known
//! of the order, and the order is read again at that moment: what is known is shown as old meanwhile, what came is given
//! to what is open, and nothing is sent before. A review reads it again, and so does a yes that comes a while after: it
//! counts once the order is known to be what was said yes to.

use jiff::{SignedDuration, Timestamp};

use super::dispatch::dispatch;
use super::input;
use super::lists;
use crate::app::account::OrderData;
use crate::app::bulk_screen::{BulkScreen, BulkView};
use crate::app::effect::{Effect, ListId};
use crate::app::form::FormInput;
use crate::app::model::Model;
use crate::app::popups::Popup;
use crate::app::popups::operations::asking::MOST_READ;
use crate::app::popups::operations::{Choice, What, domains};
use crate::app::remote::{Basis, Opened, Remote};
use crate::app::status::Tone;
use crate::app::yes::{Asked, Subject, Yes};
use crate::domain::draft::FormKind;
use crate::domain::operation::Operation;
use crate::domain::text::counted;
use crate::keys::Action;

/// For so long after what is asked about changed no yes counts: it was meant for what stood there before.
const TO_READ: SignedDuration = SignedDuration::from_secs(1);

/// What was read so long ago may be another by now.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// What came so short a time before a review opened is as good as read for it.
const JUST_READ: SignedDuration = SignedDuration::from_secs(2);

/// What is said where a yes was dropped.
const CHANGED: &str =
    "Nothing was sent: this changed in the meantime. Review it again, then press Enter.";

/// A yes that waited for so long was perhaps said by somebody who is gone.
const LATEST: SignedDuration = SignedDuration::from_secs(30);

fn basis_of(model: &Model, subject: &Subject, opened: Opened) -> Basis {
    let account = &model.engine.account;
    match subject {
        Subject::NewOrder => Basis::Current,
        Subject::Order(order) => account.basis(*order, opened),
        Subject::Orders(orders) => all(orders.iter().map(|id| {
            let read = account.known.get(id).map(|data| &data.order);
            of_reads(read.as_slice(), opened)
        })),
        Subject::Requests(requests) => all(requests.iter().map(|id| {
            let reads: Vec<_> = account.reads_of_request(*id).collect();
            of_reads(&reads, opened)
        })),
        Subject::Domains(domains) => all(domains.iter().map(|id| {
            let read = account.domains.details.get(id);
            of_reads(read.as_slice(), opened)
        })),
    }
}

/// How the reads of one thing stand; one reply serves them all.
fn of_reads<T>(reads: &[&Remote<T>], opened: Opened) -> Basis {
    if reads.iter().any(|read| read.is_loading()) {
        Basis::Reading
    } else if let Some(failure) = reads.iter().find_map(|read| read.failure()) {
        Basis::Failed(failure.clone())
    } else if reads.iter().any(|read| read.is_since(opened.since)) {
        Basis::Current
    } else {
        Basis::Reading
    }
}

/// How several stand together.
fn all(each: impl Iterator<Item = Basis>) -> Basis {
    let mut all = Basis::Current;
    for one in each {
        match one {
            Basis::Current => {}
            Basis::Reading => return Basis::Reading,
            Basis::Failed(_) => all = one,
        }
    }
    all
}

/// Why nothing may be sent from what is open yet; what could not be read is tried once more.
pub(in crate::app) fn not_yet(model: &mut Model) -> Option<(String, Vec<Effect>)> {
    match &model.yes {
        Some(yes) if yes.counts => return None,
        Some(yes) => return Some((being_read(&yes.asked.subject), Vec::new())),
        None => {}
    }
    let asked = asked(model)?;
    let name = name_of(&asked.subject);
    let basis = basis_of(model, &asked.subject, asked.opened);
    if let (Some(words), Basis::Current | Basis::Reading) = (changed_just_now(model), &basis) {
        return Some((words, Vec::new()));
    }
    match basis {
        Basis::Current => once_more(model, asked),
        Basis::Reading if !model.engine.account.is_connected() => {
            let words = format!("There is no connection to reload {name}; nothing is sent.");
            Some((words, Vec::new()))
        }
        Basis::Reading => {
            let reads = is_loading(model, &asked.subject);
            Some(keep(model, asked, reads))
        }
        Basis::Failed(failure) => {
            let words = format!(
                "Not sent: {name} could not be reloaded: {failure} certdeck tries once more; then press Enter."
            );
            Some((words, read_again(model, &asked.subject)))
        }
    }
}

/// Whether a yes is kept until what it rests on was read.
pub(in crate::app) fn is_waiting(model: &Model) -> bool {
    model.yes.as_ref().is_some_and(|yes| !yes.counts)
}

fn is_loading(model: &Model, subject: &Subject) -> bool {
    match subject {
        Subject::NewOrder => false,
        Subject::Order(order) => model
            .engine
            .account
            .known
            .get(order)
            .is_some_and(OrderData::is_loading),
        Subject::Requests(requests) => requests.iter().any(|id| {
            model
                .engine
                .account
                .reads_of_request(*id)
                .any(Remote::is_loading)
        }),
        Subject::Orders(orders) => {
            let known = &model.engine.account.known;
            let mut reads = orders.iter().filter_map(|id| known.get(id));
            reads.any(|data| data.order.is_loading())
        }
        Subject::Domains(domains) => {
            let details = &model.engine.account.domains.details;
            let mut reads = domains.iter().filter_map(|id| details.get(id));
            reads.any(Remote::is_loading)
        }
    }
}

/// Why a yes does not count yet: what it is about was another a moment ago.
pub(in crate::app) fn changed_just_now(model: &Model) -> Option<String> {
    let changed = model.changed_at?;
    (model.engine.now.duration_since(changed).abs() < TO_READ)
        .then(|| "What this is about just changed. Read it, then press Enter.".to_owned())
}

/// Whether what is known of it is older than this.
fn is_older(model: &Model, subject: &Subject, than: SignedDuration) -> bool {
    let is_old = |came: Option<Timestamp>| {
        came.is_none_or(|came| model.engine.now.duration_since(came).abs() > than)
    };
    match subject {
        Subject::NewOrder => false,
        Subject::Order(order) => {
            let data = model.engine.account.known.get(order);
            is_old(data.and_then(|data| data.order.came_at()))
        }
        Subject::Requests(requests) => requests.iter().any(|id| {
            let newest = model
                .engine
                .account
                .reads_of_request(*id)
                .filter_map(Remote::came_at);
            is_old(newest.max())
        }),
        Subject::Orders(orders) => {
            let known = &model.engine.account.known;
            let came = |id| known.get(id).and_then(|data| data.order.came_at());
            orders.iter().any(|id| is_old(came(id)))
        }
        Subject::Domains(domains) => {
            let details = &model.engine.account.domains.details;
            let came = |id| details.get(id).and_then(Remote::came_at);
            domains.iter().any(|id| is_old(came(id)))
        }
    }
}

/// A review opens: the order is read again while it is looked at.
pub(in crate::app) fn review_opened(model: &mut Model) -> Vec<Effect> {
    let Some(asked) = asked(model) else {
        return Vec::new();
    };
    let is_old = is_older(model, &asked.subject, JUST_READ);
    if is_old && basis_of(model, &asked.subject, asked.opened) == Basis::Current {
        set_opened(model, &asked.subject);
        return read_again(model, &asked.subject);
    }
    Vec::new()
}

/// What is asked about is read again.
fn read_again(model: &mut Model, subject: &Subject) -> Vec<Effect> {
    match subject {
        Subject::NewOrder => Vec::new(),
        Subject::Order(order) => model.engine.account.read_order(*order, true),
        Subject::Requests(requests) => model.engine.account.read_requests(requests.iter().copied()),
        Subject::Orders(orders) => {
            let account = &mut model.engine.account;
            let reads = orders.iter().filter_map(|order| account.read_info(*order));
            reads.collect()
        }
        Subject::Domains(domains) => {
            let account = &mut model.engine.account;
            account.read_in_full(domains.iter().copied())
        }
    }
}

/// What is asked about counts as current only after it was read from now on.
fn set_opened(model: &mut Model, subject: &Subject) -> Opened {
    let order = match subject {
        Subject::Order(order) => Some(*order),
        Subject::NewOrder | Subject::Requests(_) | Subject::Orders(_) | Subject::Domains(_) => None,
    };
    let opened = Opened {
        since: model.engine.account.mark(),
        known: order.and_then(|order| model.engine.account.known_since(order)),
    };
    let age = order.and_then(|order| model.engine.account.age(order, opened));
    if let Some(Popup::Asking(asking)) = model.popups.last_mut() {
        asking.opened = opened;
    } else if let Some(form) = &mut model.form {
        form.opened = opened;
        form.age = age;
    } else if let Some(open) = model.bulk_screens.open() {
        model.engine.bulk.opened(open.id, opened);
    }
    opened
}

/// A yes to what was read a while ago, or to what may have arrived since it was last looked for, is kept until that was
/// done once more.
fn once_more(model: &mut Model, asked: Asked) -> Option<(String, Vec<Effect>)> {
    let lost = model.engine.writes.lost_before(&asked.sends);
    if lost.is_empty() && !is_older(model, &asked.subject, FRESH) {
        return None;
    }
    if !model.engine.account.is_connected() {
        let words =
            "There is no connection to check whether it arrived in the meantime; nothing is sent.";
        return Some((words.to_owned(), Vec::new()));
    }
    Some(keep(model, asked, false))
}

/// Keeps a yes until what it rests on was read; `reads` where that is on its way already.
fn keep(model: &mut Model, mut asked: Asked, reads: bool) -> (String, Vec<Effect>) {
    let lost = model.engine.writes.lost_before(&asked.sends);
    let reads = reads && lost.is_empty();
    if !reads {
        // No read and no look counts that began before this yes.
        asked.opened = set_opened(model, &asked.subject);
    }
    let shown = model
        .engine
        .writes
        .shown_before(&model.engine.account, &asked.sends);
    let told = match model.popups.last() {
        Some(Popup::Asking(asking)) if !shown.is_empty() && asking.sent_before != shown => None,
        _ => Some(shown),
    };
    model.engine.writes.look_for(&lost, model.engine.now);
    let is_read = match &asked.subject {
        // A look reads the whole order.
        Subject::Order(order) => {
            let mut watches = model.engine.writes.all.iter();
            watches.any(|watch| lost.contains(&watch.op) && watch.order == Some(*order))
        }
        Subject::NewOrder | Subject::Requests(_) | Subject::Orders(_) | Subject::Domains(_) => {
            false
        }
    };
    let effects = if is_read || reads {
        Vec::new()
    } else {
        read_again(model, &asked.subject)
    };
    let words = waits(&asked.subject);
    model.yes = Some(Yes {
        asked,
        told,
        at: model.engine.now,
        counts: false,
    });
    (words, effects)
}

/// What it is about, in a sentence.
fn name_of(subject: &Subject) -> String {
    match subject {
        Subject::NewOrder => "the account".to_owned(),
        Subject::Order(order) => format!("order {order}"),
        Subject::Requests(requests) => match requests.as_slice() {
            [one] => format!("request {one}"),
            many => counted(many.len(), "request", "requests"),
        },
        Subject::Orders(orders) => counted(orders.len(), "order", "orders"),
        Subject::Domains(domains) => domains::named(domains),
    }
}

fn waits(subject: &Subject) -> String {
    let name = name_of(subject);
    format!("Reloading {name} once more; if nothing changed, it is sent then. Esc sends nothing.")
}

fn being_read(subject: &Subject) -> String {
    let name = name_of(subject);
    format!("Still reloading {name}; Esc sends nothing.")
}

/// Whether what is on top sends something at a yes.
pub(in crate::app) fn is_about_to_send(model: &Model) -> bool {
    match model.popups.last() {
        Some(Popup::Asking(_)) => true,
        Some(Popup::Prompt(prompt)) => prompt.kind.sends(),
        Some(_) => false,
        None => {
            let bulk = model.bulk_screens.open();
            let of_bulk =
                || bulk.is_some_and(|screen| matches!(screen.view, BulkView::Review { .. }));
            let form = model.form.as_ref();
            form.map_or_else(of_bulk, |form| form.reviewed_outgoing().is_some())
        }
    }
}

/// What is asked on top, where a yes sends something.
fn asked(model: &Model) -> Option<Asked> {
    if let Some(top) = model.popups.last() {
        let Popup::Asking(asking) = top else {
            return None;
        };
        return Some(Asked {
            subject: match &asking.what {
                What::Operation(_, order) => Subject::Order(*order),
                // A note can be added whatever the order is.
                What::Orders {
                    choice: Choice::One(Operation::Note),
                    ..
                } => Subject::Orders(Vec::new()),
                What::Orders { orders, .. } => {
                    Subject::Orders(orders.iter().copied().take(MOST_READ).collect())
                }
                What::Domains { domains, .. } => {
                    Subject::Domains(domains.iter().copied().take(MOST_READ).collect())
                }
                What::Decide { .. } => Subject::Requests(asking.read_first()),
            },
            opened: asking.opened,
            sends: asking.outgoing(),
        });
    }
    if let Some(form) = &model.form {
        return Some(Asked {
            subject: match form.kind {
                FormKind::NewOrder => Subject::NewOrder,
                _ => Subject::Order(form.order.id),
            },
            opened: form.opened,
            sends: vec![form.reviewed_outgoing()?.clone()],
        });
    }
    let screen = model.bulk_screens.open()?;
    let list = model.engine.bulk.get(screen.id)?;
    matches!(screen.view, BulkView::Review { .. }).then(|| Asked {
        subject: match list.id {
            ListId::Duplicates(order) => Subject::Order(order),
            // Each is read once more before it is sent.
            ListId::Reissues => Subject::Orders(
                list.ready()
                    .map(|(row, _)| row.order)
                    .take(MOST_READ)
                    .collect(),
            ),
        },
        opened: list.opened,
        sends: list.ready().map(|(_, outgoing)| outgoing.clone()).collect(),
    })
}

/// Where everything that the yes rests on stands.
fn basis_of_yes(model: &Model, asked: &Asked) -> Basis {
    match basis_of(model, &asked.subject, asked.opened) {
        Basis::Current => model
            .engine
            .writes
            .looked_for(&asked.sends, asked.opened.since),
        other => other,
    }
}

/// The order was read since the yes, or was not: it is sent if it is what was said yes to.
pub(in crate::app) fn settle_yes(model: &mut Model) -> Vec<Effect> {
    let Some(mut yes) = model.yes.take() else {
        return Vec::new();
    };
    let subject = &yes.asked.subject;
    if model.changed_at.is_some_and(|changed| changed >= yes.at) {
        // What changed is told already.
        match model.popups.last_mut() {
            Some(Popup::Asking(asking)) if asking.fields.error.is_none() => {
                asking.fields.error = Some(CHANGED.to_owned());
            }
            _ => say_instead(model, &waits(subject)),
        }
        return Vec::new();
    }
    let is_same = asked(model).as_ref() == Some(&yes.asked);
    let why = match basis_of_yes(model, &yes.asked) {
        _ if !is_same => {
            say_instead(model, &waits(subject));
            return Vec::new();
        }
        _ if model.engine.now.duration_since(yes.at).abs() > LATEST => {
            let name = name_of(subject);
            format!("Not sent: reloading {name} takes long. Press Enter again.")
        }
        Basis::Failed(failure) => format!(
            "Not sent: {} could not be reloaded: {failure} Press Enter to try once more.",
            name_of(subject)
        ),
        Basis::Reading => {
            let words = waits(subject);
            model.yes = Some(yes);
            // A key may have cleared it.
            if model.status.is_none() || matches!(model.popups.last(), Some(Popup::Asking(_))) {
                say(model, words);
            }
            return Vec::new();
        }
        Basis::Current => {
            let shown = model
                .engine
                .writes
                .shown_before(&model.engine.account, &yes.asked.sends);
            if Some(&shown) == yes.told.as_ref() {
                model.status = None;
                yes.counts = true;
                model.yes = Some(yes);
                let effects = confirm(model);
                model.yes = None;
                return effects;
            }
            let notes = model
                .engine
                .writes
                .notes_before(&model.engine.account, &yes.asked.sends);
            if let (Some(Popup::Asking(asking)), false) =
                (model.popups.last_mut(), notes.is_empty())
            {
                asking.sent_before = shown;
                format!("{} Press Enter to send.", notes.join(" "))
            } else {
                "Not sent: what CertCentral shows has changed since you confirmed.".to_owned()
            }
        }
    };
    say(model, why);
    Vec::new()
}

/// What Enter does where it is asked.
fn confirm(model: &mut Model) -> Vec<Effect> {
    if matches!(model.popups.last(), Some(Popup::Asking(_))) {
        dispatch(model, Action::Open)
    } else if model.form.is_some() {
        input::to_form(model, FormInput::Action(Action::Open))
    } else {
        lists::act(model, Action::Open)
    }
}

/// Says that nothing was sent where that was waited for, unless something else was said since.
fn say_instead(model: &mut Model, waited: &str) {
    let error = match model.popups.last_mut() {
        Some(Popup::Asking(asking)) => Some(&mut asking.fields.error),
        Some(_) => None,
        None => model.bulk_screens.open_mut().and_then(BulkScreen::error),
    };
    if let Some(error) = error.filter(|error| error.as_deref() == Some(waited)) {
        *error = Some(CHANGED.to_owned());
        return;
    }
    let told = model.status.as_ref();
    if told.is_none_or(|told| told.words == waited) {
        model.set_status(Tone::Warn, "Nothing was sent.");
    }
}

/// Says why nothing was sent, where it was asked.
fn say(model: &mut Model, why: String) {
    if let Some(Popup::Asking(asking)) = model.popups.last_mut() {
        asking.fields.error = Some(why);
        return;
    }
    if model.form.is_none()
        && let Some(error) = model.bulk_screens.open_mut().and_then(BulkScreen::error)
    {
        *error = Some(why);
        return;
    }
    model.set_status(Tone::Warn, why);
}
