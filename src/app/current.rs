//! What is decided is decided on what is true now. A form, the menu of an order and a question are opened on what is known
//! of the order, and the order is read again at that moment: what is known is shown as old meanwhile, what came is given
//! to what is open, and nothing is sent before. A review reads it again, and so does a yes that comes a while after: it
//! counts once the order is known to be what was said yes to.

use jiff::{SignedDuration, Timestamp};

use super::effect::Effect;
use super::form::{FormInput, FormKind};
use super::input;
use super::model::{Model, Tone};
use super::opening::{is_connected, read_order};
use super::operations::asking::{self, What};
use super::order::OrderData;
use super::popup::Popup;
use super::remote::{Remote, Ticket};
use super::requests;
use crate::domain::failure::Failure;
use crate::domain::ids::{OrderId, RequestId};
use crate::domain::request::Request;
use crate::domain::text::counted;
use crate::domain::write::Outgoing;
use crate::keys::Action;

/// For so long after what is asked about changed no yes counts: it was meant for what stood there before.
const TO_READ: SignedDuration = SignedDuration::from_secs(1);

/// What was read so long ago may be another by now.
const FRESH: SignedDuration = SignedDuration::from_secs(5);

/// What came so short a time before a review opened is as good as read for it.
const JUST_READ: SignedDuration = SignedDuration::from_secs(2);

/// A yes that waited for so long was perhaps said by somebody who is gone.
const LATEST: SignedDuration = SignedDuration::from_secs(30);

/// Since when what is open of an order counts as current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opened {
    /// What was asked for after this is as current as what is open.
    pub since: Ticket,
    /// When what was known before came, where it was.
    pub known: Option<Timestamp>,
}

/// A form that was asked for before its order was known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which form.
    pub kind: FormKind,
    /// Of which order.
    pub order: OrderId,
    /// Since when what comes of it is current.
    pub opened: Opened,
    /// What the operator looked at then: who goes elsewhere wants it no more.
    pub seen: Option<OrderId>,
}

/// A yes that waits for the order to be read once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yes {
    /// What it was said to.
    asked: Asked,
    /// When.
    at: Timestamp,
    /// Whether the order was read since, and it counts now.
    counts: bool,
}

/// What is asked on top: about what, since when that is current, and what a yes sends.
type Asked = (Subject, Opened, Vec<Outgoing>);

/// What a yes is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// An order.
    Order(OrderId),
    /// Requests that are decided together; of many the first ones are read.
    Requests(Vec<RequestId>),
}

/// How what is known of an order stands to what is open of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// It was read since.
    Current,
    /// It is being read.
    Reading,
    /// It could not be read.
    Failed(Failure),
}

/// Something of an order opens: the order is read again.
pub(super) fn open(model: &mut Model, order: OrderId) -> (Opened, Vec<Effect>) {
    let opened = Opened {
        known: known_at(model, order),
        since: model.mark(),
    };
    (opened, read_order(model, order, true))
}

fn known_at(model: &Model, order: OrderId) -> Option<Timestamp> {
    model.known.get(&order)?.order.came_at()
}

/// How what is known of an order stands to what was opened of it. Lists that the account does not give count as read:
/// some products have none.
pub fn basis(model: &Model, order: OrderId, opened: Opened) -> Basis {
    let Some(data) = model.known.get(&order) else {
        return Basis::Reading;
    };
    if let Some(failure) = data.order.failure() {
        return Basis::Failed(failure.clone());
    }
    let lists = !data.duplicates.is_loading() && !data.reissues.is_loading();
    if data.order.is_since(opened.since) && lists {
        Basis::Current
    } else {
        Basis::Reading
    }
}

fn basis_of(model: &Model, subject: &Subject, opened: Opened) -> Basis {
    let requests = match subject {
        Subject::Order(order) => return basis(model, *order, opened),
        Subject::Requests(requests) => requests,
    };
    let mut all = Basis::Current;
    for id in requests {
        let read: Vec<&Remote<Request>> = requests::read_of(model, *id).collect();
        if read.iter().any(|remote| remote.is_loading()) {
            return Basis::Reading;
        }
        // One reply serves the list and the orders.
        if let Some(failure) = read.iter().find_map(|remote| remote.failure()) {
            all = Basis::Failed(failure.clone());
        } else if !read.iter().any(|remote| remote.is_since(opened.since)) {
            return Basis::Reading;
        }
    }
    all
}

/// What stands behind the heading of what is open: that it is old, while it is.
pub fn age(model: &Model, order: OrderId, opened: Opened) -> Option<String> {
    let known = opened.known.map_or_else(String::new, |at| {
        format!("as read {} UTC, ", at.strftime("%H:%M:%S"))
    });
    match basis(model, order, opened) {
        Basis::Current => None,
        Basis::Reading => Some(format!("{known}reading…")),
        Basis::Failed(_) => Some(format!("{known}not read since")),
    }
}

/// Why nothing may be sent from what is open yet; what could not be read is tried once more.
pub(super) fn not_yet(
    model: &mut Model,
    order: OrderId,
    opened: Opened,
) -> Option<(String, Vec<Effect>)> {
    let failure = match basis(model, order, opened) {
        Basis::Current => {
            return changed_just_now(model)
                .map(|words| (words, Vec::new()))
                .or_else(|| once_more(model, &Subject::Order(order)));
        }
        Basis::Reading if model.yes.is_some() => {
            return Some((being_read(&Subject::Order(order)), Vec::new()));
        }
        Basis::Reading if !is_connected(model) => {
            let words = "There is no connection to read the order again; nothing is sent.";
            return Some((words.to_owned(), Vec::new()));
        }
        Basis::Reading => None,
        Basis::Failed(failure) => Some(failure),
    };
    let data = model.known.get(&order);
    let effects = if failure.is_none() && data.is_some_and(OrderData::is_loading) {
        Vec::new()
    } else {
        read_order(model, order, true)
    };
    let words = match failure {
        None => format!("Order {order} is being read again. Press Enter once that is done."),
        Some(failure) => format!(
            "Not sent: order {order} could not be read again: {failure} It is tried once more; then press Enter."
        ),
    };
    Some((words, effects))
}

/// The same for requests that are decided.
pub(super) fn requests_not_yet(
    model: &mut Model,
    requests: Vec<RequestId>,
    opened: Opened,
) -> Option<(String, Vec<Effect>)> {
    let loads = |id: &RequestId| requests::read_of(model, *id).any(Remote::is_loading);
    let is_loading = requests.iter().any(loads);
    let subject = Subject::Requests(requests);
    match basis_of(model, &subject, opened) {
        Basis::Current => changed_just_now(model)
            .map(|words| (words, Vec::new()))
            .or_else(|| once_more(model, &subject)),
        Basis::Reading if model.yes.is_some() => Some((being_read(&subject), Vec::new())),
        Basis::Reading if !is_connected(model) => {
            let words = "There is no connection to read the request again; nothing is sent.";
            Some((words.to_owned(), Vec::new()))
        }
        Basis::Reading => {
            let words = "Being read again. Press Enter once that is done.";
            let effects = if is_loading {
                Vec::new()
            } else {
                read_again(model, &subject)
            };
            Some((words.to_owned(), effects))
        }
        Basis::Failed(failure) => {
            let words = format!(
                "Not sent: {} could not be read again: {failure} It is tried once more; then press Enter.",
                name_of(&subject)
            );
            Some((words, read_again(model, &subject)))
        }
    }
}

/// Why a yes does not count yet: what it is about was another a moment ago.
pub(super) fn changed_just_now(model: &Model) -> Option<String> {
    let changed = model.changed_at?;
    (model.now.duration_since(changed).abs() < TO_READ)
        .then(|| "What this is about changed just now. Read it, then press Enter.".to_owned())
}

/// Whether what is known of it is older than this.
fn is_older(model: &Model, subject: &Subject, than: SignedDuration) -> bool {
    let is_old = |came: Option<Timestamp>| {
        came.is_none_or(|came| model.now.duration_since(came).abs() > than)
    };
    match subject {
        Subject::Order(order) => {
            let data = model.known.get(order);
            is_old(data.and_then(|data| data.order.came_at()))
        }
        Subject::Requests(requests) => requests.iter().any(|id| {
            let newest = requests::read_of(model, *id).filter_map(Remote::came_at);
            is_old(newest.max())
        }),
    }
}

/// A review opens: the order is read again while it is looked at.
pub(super) fn review_opened(model: &mut Model) -> Vec<Effect> {
    let Some((subject, opened, _)) = asked(model) else {
        return Vec::new();
    };
    let is_old = is_older(model, &subject, JUST_READ);
    if is_old && basis_of(model, &subject, opened) == Basis::Current {
        return read_for_it(model, &subject);
    }
    Vec::new()
}

/// What is asked about is read again.
fn read_again(model: &mut Model, subject: &Subject) -> Vec<Effect> {
    match subject {
        Subject::Order(order) => read_order(model, *order, true),
        Subject::Requests(requests) => requests::read_anew(model, requests.iter().copied()),
    }
}

/// What is asked about is read again, and it counts as current only after that.
fn read_for_it(model: &mut Model, subject: &Subject) -> Vec<Effect> {
    let opened = Opened {
        since: model.mark(),
        known: match subject {
            Subject::Order(order) => known_at(model, *order),
            Subject::Requests(_) => None,
        },
    };
    let effects = read_again(model, subject);
    let age = match subject {
        Subject::Order(order) => age(model, *order, opened),
        Subject::Requests(_) => None,
    };
    if let Some(Popup::Asking(asking)) = model.popups.last_mut() {
        asking.opened = opened;
    } else if let Some(form) = &mut model.form {
        form.opened = opened;
        form.age = age;
    }
    effects
}

/// A yes to what was read a while ago is kept until the order is read once more.
fn once_more(model: &mut Model, subject: &Subject) -> Option<(String, Vec<Effect>)> {
    let counts = model.yes.as_ref().is_some_and(|yes| yes.counts);
    if counts || !is_older(model, subject, FRESH) {
        return None;
    }
    let effects = read_for_it(model, subject);
    let at = model.now;
    model.yes = asked(model).map(|asked| Yes {
        asked,
        at,
        counts: false,
    });
    Some((waits(subject), effects))
}

/// What it is about, at the beginning of a sentence.
fn name_of(subject: &Subject) -> String {
    match subject {
        Subject::Order(order) => format!("order {order}"),
        Subject::Requests(requests) => match requests.as_slice() {
            [one] => format!("request {one}"),
            many => counted(many.len(), "request", "requests"),
        },
    }
}

fn waits(subject: &Subject) -> String {
    let name = name_of(subject);
    format!("Reading {name} once more; if nothing changed, it is sent then. Esc sends nothing.")
}

fn being_read(subject: &Subject) -> String {
    let name = name_of(subject);
    format!("Still reading {name} once more; Esc sends nothing.")
}

/// What is asked on top of an order.
fn asked(model: &Model) -> Option<Asked> {
    if let Some(top) = model.popups.last() {
        return match top {
            Popup::Asking(asking) => match &asking.what {
                What::Operation(_, order) => {
                    Some((Subject::Order(*order), asking.opened, asking.outgoing()))
                }
                What::Decide { .. } => Some((
                    Subject::Requests(asking.read_first()),
                    asking.opened,
                    asking.outgoing(),
                )),
            },
            _ => None,
        };
    }
    let form = model.form.as_ref()?;
    let outgoing = form
        .reviewed_outgoing()
        .filter(|_| form.kind != FormKind::NewOrder)?;
    let order = Subject::Order(form.order.id);
    Some((order, form.opened, vec![outgoing.clone()]))
}

/// The order was read since the yes, or was not: it is sent if it is what was said yes to.
pub(super) fn settle_yes(model: &mut Model) -> Vec<Effect> {
    let Some(mut yes) = model.yes.take() else {
        return Vec::new();
    };
    let (subject, opened) = (yes.asked.0.clone(), yes.asked.1);
    let is_same = asked(model).as_ref() == Some(&yes.asked);
    if model.changed_at.is_some_and(|changed| changed >= yes.at) {
        // That is told already.
        return Vec::new();
    }
    let why = match basis_of(model, &subject, opened) {
        _ if !is_same => "Nothing was sent.".to_owned(),
        _ if model.now.duration_since(yes.at).abs() > LATEST => {
            let name = name_of(&subject);
            format!("Not sent: reading {name} again takes long. Press Enter again.")
        }
        Basis::Failed(failure) => format!(
            "Not sent: {} could not be read again: {failure} Enter tries once more.",
            name_of(&subject)
        ),
        Basis::Reading => {
            if let Some(Popup::Asking(asking)) = model.popups.last_mut() {
                asking.error = Some(waits(&subject));
            }
            model.yes = Some(yes);
            return Vec::new();
        }
        Basis::Current => {
            model.told = None;
            yes.counts = true;
            model.yes = Some(yes);
            let effects = if matches!(model.popups.last(), Some(Popup::Asking(_))) {
                asking::act(model, Action::Open)
            } else {
                input::to_form(model, FormInput::Action(Action::Open))
            };
            model.yes = None;
            return effects;
        }
    };
    match model.popups.last_mut() {
        Some(Popup::Asking(asking)) if is_same => asking.error = Some(why),
        // Something else may have been said since.
        _ if is_same
            || model
                .told
                .as_ref()
                .is_none_or(|told| told.words == waits(&subject)) =>
        {
            model.tell(Tone::Warn, why);
        }
        _ => {}
    }
    Vec::new()
}
