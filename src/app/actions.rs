//! What an action does, in the place it was asked for.

use super::activity;
use super::bulk;
use super::commands;
use super::copying;
use super::cursor::Move;
use super::dispatch::{key_of, tell_elsewhere};
use super::download;
use super::draft_list;
use super::duplicate_by_names;
use super::effect::Effect;
use super::input;
use super::journal;
use super::model::{ChainUse, Model};
use super::opening;
use super::operations;
use super::order::OrderTab;
use super::palette;
use super::picker::Picker;
use super::popup::{Popup, Subject};
use super::prompts;
use super::renewing;
use super::requests;
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::domain::copyable::{self, Uncopyable};
use crate::domain::draft::FormKind;
use crate::domain::ids::{OrderId, RequestId};
use crate::keys::{Action, place_of};

/// Does what a key asked for in the topmost popup, else on the screens.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if copying::moved(model, action) {
        return Vec::new();
    }
    // Enter in a copy menu is the key of the line under the cursor.
    let top = model.popups.last().filter(|_| action == Action::Open);
    let chosen = top.and_then(|popup| copying::chosen(model, popup));
    let action = chosen.unwrap_or(action);
    match model.popups.last() {
        Some(Popup::Help(_) | Popup::Reader(_)) => palette::read(model, action),
        Some(Popup::Palette(_)) => palette::act(model, action),
        Some(Popup::Sources(_)) => duplicate_by_names::act(model, action),
        Some(Popup::Drafts(_)) => draft_list::act(model, action),
        Some(Popup::Newer(_)) => renewing::act(model, action),
        Some(Popup::Copy(subject, _)) => {
            let subject = subject.clone();
            copy(model, action, subject)
        }
        Some(Popup::Record(row, _)) => {
            let row = (**row).clone();
            operations::names::copy(model, action, &row)
        }
        Some(Popup::Prompt(_) | Popup::Connect(_)) => prompts::act(model, action),
        Some(Popup::Watches(_)) => activity::act(model, action),
        Some(Popup::Operations(_)) => operations::act(model, action),
        Some(Popup::Asking(_)) => operations::asking::act(model, action),
        None => on_screen(model, action),
    }
}

/// Does an action on the screens, or says why it cannot be done.
pub(super) fn on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(why) = commands::why_not(model, action) {
        model.set_status(Tone::Warn, why);
        return Vec::new();
    }
    if let Some(go) = Move::of(action) {
        input::go(model, go);
        return Vec::new();
    }
    match action {
        Action::Back => return back(model),
        Action::Quit => return prompts::quit(model),
        Action::ShowOrders => show(model, Screen::Orders),
        Action::ShowRequests => {
            show(model, Screen::Requests);
            return opening::refresh(model);
        }
        Action::ShowJournal => {
            show(model, Screen::Journal);
            return vec![Effect::LoadJournal];
        }
        Action::ShowWatches => activity::show(model),
        Action::ShowDrafts => draft_list::show(model),
        Action::Connect => return opening::connect(model),
        Action::Filter if model.screen == Screen::Requests => {
            model.requests.typing = true;
            model.requests.filter.set_focus(true);
        }
        Action::Filter => {
            model.orders.typing = true;
            model.orders.filter.set_focus(true);
        }
        Action::Sort => {
            let today = model.today();
            model
                .orders
                .sort_by(model.orders.sort.next(), &model.engine.account, today);
            let label = model.orders.sort.label();
            model.set_status(Tone::Info, format!("Sorted by: {label}"));
        }
        Action::Open => return open(model),
        Action::Refresh => return opening::refresh(model),
        Action::Mark if model.screen == Screen::Requests => requests::mark(model),
        Action::WhichRequests => return requests::next_set(model),
        Action::Mark => mark(model),
        Action::Duplicate => return form(model, FormKind::Duplicate),
        Action::Reissue => return form(model, FormKind::Reissue),
        Action::Bulk => {
            return match model.current_order() {
                Some(id) => bulk::open(model, id),
                None => Vec::new(),
            };
        }
        Action::Renew => {
            return match model.current_order() {
                Some(id) => renewing::begin(model, id),
                None => Vec::new(),
            };
        }
        Action::NewOrder => return opening::open_new(model),
        Action::ForNames => duplicate_by_names::open(model),
        Action::CopyMenu if model.order_tab() == OrderTab::Domains => {
            operations::names::open_copy(model);
        }
        Action::CopyMenu => {
            if let Some(subject) = current_subject(model) {
                model.popups.push(Popup::Copy(subject, Picker::default()));
            } else {
                return wait_for_order(model);
            }
        }
        Action::WriteFile => {
            if let Some(subject) = current_subject(model) {
                download::ask_path(model, subject);
            } else {
                return wait_for_order(model);
            }
        }
        Action::Operations => return operations::open(model),
        Action::ShowSent => return journal::show(model),
        Action::Dismiss => journal::ask_dismiss(model),
        Action::NextTab => return tab(model, 1),
        Action::PreviousTab => return tab(model, -1),
        Action::CheckNow | Action::CheckName | Action::DcvMethod => {
            return operations::names::act(model, action);
        }
        Action::Approve | Action::Reject => {
            let on_row = waiting_on_row(model);
            match (on_row.len(), model.current_order()) {
                (0, _) => {}
                (1, _) => {
                    return operations::asking::decide(model, action == Action::Approve, on_row);
                }
                (many, Some(order)) => {
                    model.set_status(
                        Tone::Info,
                        format!("{many} requests of this order are waiting: choose one."),
                    );
                    return opening::open(model, order, OrderTab::Requests);
                }
                (_, None) => {}
            }
            let marked = model.requests.marked(&model.engine.account.requests);
            let listed = model.order.is_none() && model.screen == Screen::Requests;
            if listed && !marked.is_empty() {
                return operations::asking::decide(model, action == Action::Approve, marked);
            } else if let Some((request, order)) = current_request(model) {
                let approve = action == Action::Approve;
                return operations::asking::decide(model, approve, vec![(request, order)]);
            }
        }
        other => tell_elsewhere(model, other),
    }
    Vec::new()
}

fn show(model: &mut Model, screen: Screen) {
    if model.screen == screen && model.order.is_none() {
        model.set_status(Tone::Info, "This is already open.");
    }
    model.screen = screen;
    model.order = None;
}

/// One step back: out of the filter, out of the order, out of the filter that is in force.
fn back(model: &mut Model) -> Vec<Effect> {
    let today = model.today();
    if model.order.take().is_some() {
        return Vec::new();
    }
    if model.screen == Screen::Requests && (model.requests.typing || model.requests.is_narrowed()) {
        model
            .requests
            .end_filter(&model.engine.account.requests, true);
        return requests::filter_kept(model);
    } else if model.screen != Screen::Orders {
        model.screen = Screen::Orders;
    } else if model.orders.typing || !model.orders.filter.is_empty() {
        model.orders.typing = false;
        model.orders.filter.set_focus(false);
        model.orders.filter.set_text("");
        model.orders.refilter(&model.engine.account, today);
    } else {
        let quit = key_of(model, Action::Quit);
        model.set_status(
            Tone::Info,
            format!("This is the first screen; press {quit} to quit."),
        );
    }
    Vec::new()
}

fn open(model: &mut Model) -> Vec<Effect> {
    if model.is_filtering() && model.screen == Screen::Requests {
        return requests::filter_kept(model);
    }
    if model.order.is_none() && model.screen == Screen::Orders && model.orders.typing {
        model.orders.typing = false;
        model.orders.filter.set_focus(false);
        return Vec::new();
    }
    if let Some(open) = &mut model.order {
        if open.tab == OrderTab::Overview {
            open.tab = OrderTab::Certificates;
            open.cursor = super::cursor::Cursor::default();
        } else {
            let (tab, copy) = (
                key_of(model, Action::NextTab),
                key_of(model, Action::CopyMenu),
            );
            let words =
                format!("Nothing opens here; press {tab} for the next tab, {copy} to copy.");
            model.set_status(Tone::Info, words);
        }
        return Vec::new();
    }
    let tab = match model.screen {
        Screen::Requests => OrderTab::Requests,
        Screen::Orders | Screen::Journal => OrderTab::Overview,
    };
    match model.current_order() {
        Some(id) => opening::open(model, id, tab),
        None => Vec::new(),
    }
}

fn mark(model: &mut Model) {
    let Some(id) = model
        .orders
        .selected(&model.engine.account)
        .map(|row| row.id)
    else {
        return;
    };
    if !model.orders.marks.remove(&id) {
        model.orders.marks.insert(id);
    }
    input::go(model, Move::By(1));
}

fn tab(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(open) = &mut model.order {
        open.tab = open.tab.step(by);
        open.cursor = super::cursor::Cursor::default();
    }
    operations::names::read_shown(model, false)
}

fn form(model: &mut Model, kind: FormKind) -> Vec<Effect> {
    match model.current_order() {
        Some(id) => opening::open_form(model, kind, id),
        None => Vec::new(),
    }
}

/// The certificate that a copy is about is not known yet: read it, and say so.
fn wait_for_order(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.current_order() else {
        return Vec::new();
    };
    model.set_status(
        Tone::Info,
        "Loading the order first; press the key again when it is loaded.",
    );
    model.engine.account.read_order(id, false)
}

/// Why nothing of what is looked at can be copied or written, where that is known.
pub(super) fn why_no_copy(model: &Model, action: Action) -> Option<String> {
    let open = model.order.as_ref();
    if action == Action::CopyMenu && open.is_some_and(|open| open.tab == OrderTab::Domains) {
        return operations::names::why_no_copy(model);
    }
    let data = model.engine.account.known.get(&model.current_order()?)?;
    if current_subject(model).is_some() {
        return None;
    }
    if data.order.value().is_none() {
        let loading = data.order.is_loading();
        return loading.then(|| "The order is loading.".to_owned());
    }
    Some({
        if open.is_some_and(|open| open.tab == OrderTab::Certificates) {
            "This certificate is not issued yet.".to_owned()
        } else {
            "This order has no issued certificate yet.".to_owned()
        }
    })
}

/// The certificate under the cursor, or the order's primary. In the list the row itself tells enough.
fn current_subject(model: &Model) -> Option<Subject> {
    let order = model.current_order()?;
    if let Some(open) = &model.order
        && let Some(data) = model.engine.account.known.get(&open.id)
    {
        let all = data.certificates();
        let at = if open.tab == OrderTab::Certificates {
            open.cursor.at
        } else {
            0
        };
        let certificate = all.get(at).filter(|row| row.was_issued())?;
        return download::subject(model, order, certificate);
    }
    if let Some(data) = model.engine.account.known.get(&order)
        && let Some(info) = data.order.value()
    {
        return Some(&info.certificate)
            .filter(|row| row.was_issued())
            .and_then(|row| download::subject(model, order, row));
    }
    let row = model.engine.account.orders.get(order)?;
    let serial = (!row.serial().is_empty()).then(|| row.serial().to_string());
    if serial.is_none() && row.valid_till.is_none() {
        return None;
    }
    Some(Subject {
        order,
        certificate: row.certificate()?,
        name: model.engine.account.orders.title(row),
        serial,
        thumbprint: None,
        spki_der: None,
        token: None,
        record: None,
    })
}

/// The requests that wait on the row under the cursor of the list of orders.
pub(super) fn waiting_on_row(model: &Model) -> Vec<(RequestId, Option<OrderId>)> {
    let order = model
        .current_order()
        .filter(|_| model.order.is_none() && model.screen == Screen::Orders);
    let all = model
        .engine
        .account
        .requests
        .waiting
        .value()
        .into_iter()
        .flatten();
    all.filter(|request| request.status.is_open() && order.is_some() && request.order == order)
        .map(|request| (request.id, request.order))
        .collect()
}

/// The request under the cursor; of an open order the one that waits.
pub(super) fn current_request(model: &Model) -> Option<(RequestId, Option<OrderId>)> {
    let Some(open) = &model.order else {
        let request = model
            .selected_request()
            .filter(|_| model.screen == Screen::Requests)
            .filter(|request| request.status.is_open())?;
        return Some((request.id, request.order));
    };
    let requests = model.engine.account.known.get(&open.id)?.requests();
    let under = requests
        .get(open.cursor.at)
        .filter(|request| open.tab == OrderTab::Requests && request.status.is_open());
    let waiting = || requests.iter().find(|request| request.status.is_open());
    under
        .or_else(waiting)
        .map(|request| (request.id, Some(open.id)))
}

fn copy(model: &mut Model, action: Action, subject: Subject) -> Vec<Effect> {
    let what = |what: &str| format!("{what} of {}", crate::domain::text::sanitise(&subject.name));
    let text = match action {
        Action::Back => {
            model.popups.pop();
            return Vec::new();
        }
        Action::CopyCertificate | Action::CopyChain | Action::CopyFullChain | Action::CopyRoot => {
            model.popups.pop();
            model.set_status(
                Tone::Info,
                format!("Loading certificate {}…", subject.certificate),
            );
            let id = subject.certificate;
            let read = download::fetch(model, id, ChainUse::Copy(subject, action));
            return read.into_iter().collect();
        }
        Action::Plain => {
            model.popups.pop();
            let id = subject.certificate;
            let read = download::fetch(model, id, ChainUse::Plain(subject));
            return read.into_iter().collect();
        }
        Action::CopySerial => subject
            .serial
            .as_deref()
            .map(|text| (copyable::hex(text), what("serial number"))),
        Action::CopyThumbprint => subject
            .thumbprint
            .as_deref()
            .map(|text| (copyable::hex(text), what("thumbprint"))),
        Action::CopyToken => subject
            .token
            .as_deref()
            .map(|text| (copyable::line(text), what("random value"))),
        Action::CopyRecord => subject
            .record
            .as_deref()
            .map(|text| (copyable::line(text), what("DCV record"))),
        _ => return Vec::new(),
    };
    if let Some((text, what)) = text {
        model.popups.pop();
        return one_line(model, text, what);
    }
    tell_why_not(model, action);
    Vec::new()
}

/// Says why a key of what lies over the screens does nothing.
pub(super) fn tell_why_not(model: &mut Model, action: Action) {
    let why = model
        .popups
        .last()
        .and_then(|popup| commands::why_not_over(model, popup, action));
    model.set_status(Tone::Warn, why.unwrap_or_else(|| place_of(action)));
}

/// Copies a value of one line, or says why it is not copied.
pub(super) fn one_line(
    model: &mut Model,
    text: Result<String, Uncopyable>,
    what: String,
) -> Vec<Effect> {
    match text {
        Ok(text) => vec![Effect::Copy {
            text,
            what,
            force: false,
        }],
        Err(why) => {
            model.set_status(Tone::Bad, format!("The {what} was not copied: {why}."));
            Vec::new()
        }
    }
}
