//! What an action does on the screens.

use super::connection;
use super::cursor::go;
use super::dispatch::{key_of, tell_elsewhere};
use super::endpoints;
use super::lists;
use super::open;
use super::quit::quit;
use super::records;
use super::turns::{read_names, run, with_popups, with_requests};
use crate::app::commands;
use crate::app::cursor::{Cursor, Move};
use crate::app::domains::{Purpose, Shown};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::msg::SentText;
use crate::app::names;
use crate::app::order::OrderTab;
use crate::app::order_actions::{
    current_request, current_subject, domain_operation, name_operation, selected_name,
    selected_sent, waiting_on_row,
};
use crate::app::orders::sort::SortKey;
use crate::app::picker::Picker;
use crate::app::popups::operations::{self, asking};
use crate::app::popups::{
    self, Popup, Reader, activity, drafts, duplicate_by_names, prompts, renewing,
};
use crate::app::requests::RequestsScreen;
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::domain::text::counted;
use crate::keys::Action;

/// Does an action on the screens, or says why it cannot be done.
pub(in crate::app) fn on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(why) = commands::why_not(model, action) {
        model.set_status(Tone::Warn, why);
        return Vec::new();
    }
    if let Some(by) = Move::of(action) {
        go(model, by);
        return Vec::new();
    }
    match action {
        Action::Back => return back(model),
        Action::Quit => return quit(model),
        Action::ShowOrders => show(model, Screen::Orders),
        Action::ShowRequests => {
            show(model, Screen::Requests);
            return connection::refresh(model);
        }
        Action::ShowJournal => {
            show(model, Screen::Journal);
            return vec![Effect::LoadJournal];
        }
        Action::ShowPlan | Action::ShowDomains => {
            let screen = match action {
                Action::ShowPlan => Screen::Plan,
                _ => Screen::Domains,
            };
            show(model, screen);
            return model.engine.account.look_at_validations(model.engine.now);
        }
        Action::ShowEndpoints => show(model, Screen::Endpoints),
        Action::SwitchList => {
            model.domains.shown = match model.domains.shown {
                Shown::Domains => Shown::Organizations,
                Shown::Organizations => Shown::Domains,
            };
        }
        Action::NextColumn => look_at(model, 1),
        Action::PreviousColumn => look_at(model, -1),
        Action::ShowWatches => activity::show(&mut model.popups, &model.engine),
        Action::ShowDrafts => return with_popups(model, drafts::show),
        Action::Connect => return connection::connect(model),
        Action::Filter if model.screen == Screen::Requests => {
            model.requests.typing = true;
            model.requests.filter.set_focus(true);
        }
        Action::Filter if model.screen == Screen::Domains => {
            model.domains.typing = true;
            model.domains.filter.set_focus(true);
        }
        Action::Filter if model.screen == Screen::Endpoints => {
            model.endpoints.typing = true;
            model.endpoints.filter.set_focus(true);
        }
        Action::Filter => {
            model.orders.typing = true;
            model.orders.filter.set_focus(true);
        }
        Action::Sort if model.screen == Screen::Domains => {
            let (today, now) = (model.today(), model.account_now());
            let domains = &mut model.domains;
            domains.sort_by_next(&model.engine.account, today, now);
            let words = format!("Sorted by: {}", model.domains.sort.label());
            model.set_status(Tone::Info, words);
        }
        Action::Sort if model.screen == Screen::Endpoints => {
            let today = model.today();
            model.endpoints.sort_by_next(&model.engine, today);
            let words = format!("Sorted by: {}", model.endpoints.sort.label());
            model.set_status(Tone::Info, words);
        }
        Action::Sort => {
            let today = model.today();
            let before = model.orders.sorting().unwrap_or(model.orders.sort);
            model.orders.sort_by(before.next(), &model.engine, today);
            tell_sort(model);
        }
        Action::Open => return open(model),
        Action::Refresh => return connection::refresh(model),
        Action::MarkAll => mark_all(model),
        Action::Unmark => unmark(model),
        Action::Mark if model.screen == Screen::Requests => {
            if let Some(id) = model.selected_request().map(|request| request.id) {
                model.requests.mark(id);
                go(model, Move::By(1));
            }
        }
        Action::Mark if model.screen == Screen::Domains => {
            model.domains.mark(&model.engine.account);
            go(model, Move::By(1));
        }
        Action::Mark if model.screen == Screen::Endpoints => {
            model.endpoints.mark();
            go(model, Move::By(1));
        }
        Action::WhichRequests => return with_requests(model, RequestsScreen::next_set),
        Action::Mark => mark(model),
        Action::Duplicate => return form(model, FormKind::Duplicate),
        Action::Reissue => {
            return match marked_orders(model) {
                Some(marked) => lists::open_reissues(model, &marked),
                None => form(model, FormKind::Reissue),
            };
        }
        Action::Bulk => {
            return match model.current_order() {
                Some(id) => lists::open(model, id.into(), None),
                None => Vec::new(),
            };
        }
        Action::Renew => {
            return match model.current_order() {
                Some(id) => with_popups(model, |popups, cx| renewing::begin(popups, id, cx)),
                None => Vec::new(),
            };
        }
        Action::NewOrder => return open::open_new(model),
        Action::ForNames => {
            let like = model.current_order();
            duplicate_by_names::open(&mut model.popups, like, &model.engine);
        }
        Action::CopyMenu if of_domains(model) => {
            return records::want_records(model, Purpose::Copy);
        }
        Action::LookUp if of_domains(model) => {
            return records::want_records(model, Purpose::LookUp);
        }
        Action::LookUp => {
            let place = selected_name(model).and_then(|row| row.place);
            return records::look_up(model, place.into_iter().collect());
        }
        Action::LookServed if of_endpoints(model) => return endpoints::look(model),
        Action::RequestCertificate => return endpoints::request(model),
        Action::AddEndpoints => model.popups.push(popups::ask_endpoints()),
        Action::LoadEndpoints => model.popups.push(popups::ask_endpoint_file()),
        Action::RemoveEndpoints => endpoints::ask_remove(model),
        Action::LookServed => {
            let orders = if model.order.is_none() && model.screen == Screen::Plan {
                let (filter, today) = (model.plan.filter().unwrap_or_default(), model.today());
                model.orders.found(&filter, &model.engine, today)
            } else {
                let current = || model.current_order().into_iter().collect();
                marked_orders(model).unwrap_or_else(current)
            };
            return records::look_served(model, &orders);
        }
        Action::WriteFile if of_domains(model) => {
            return records::want_records(model, Purpose::Write);
        }
        Action::CopyMenu if model.order_tab() == OrderTab::Domains => {
            if let Some(row) = selected_name(model) {
                let record = Popup::Record(Box::new(row), Picker::default());
                model.popups.push(record);
            }
        }
        Action::CopyMenu if let Some(marked) = marked_orders(model) => {
            let menu = Popup::CopyMarked(marked, Picker::default());
            model.popups.push(menu);
        }
        Action::WriteFile if let Some(marked) = marked_orders(model) => {
            model.popups.push(prompts::ask_folder(marked));
        }
        Action::Operations if let Some(marked) = marked_orders(model) => {
            operations::open_marked(&mut model.popups, marked);
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
                model.popups.push(prompts::ask_path(subject));
            } else {
                return wait_for_order(model);
            }
        }
        Action::Operations => return open_operations(model),
        Action::Install => match current_subject(model) {
            Some(subject) => {
                let asked = prompts::ask_install(subject, &model.engine.installs);
                model.popups.extend(asked);
            }
            None => return wait_for_order(model),
        },
        Action::ShowSent
            if let Some(row) = selected_sent(model).filter(|row| row.install.is_some()) =>
        {
            let output = row.install.as_ref().map(|one| one.output.clone());
            let output = output.filter(|text| !text.is_empty());
            let output = output.unwrap_or_else(|| "It printed nothing.".to_owned());
            let reader = Reader::of_sent(row.what.clone(), &SentText(output), model.size.0);
            model.popups.push(Popup::Reader(reader));
        }
        Action::ShowSent => {
            let sent = selected_sent(model).map(|row| Effect::ShowSent {
                op: row.op.clone(),
                what: row.what.clone(),
            });
            return sent.into_iter().collect();
        }
        Action::Dismiss => {
            let asked = selected_sent(model).map(|row| {
                if let Some(install) = &row.install {
                    let of = (install.order, install.certificate);
                    return prompts::ask_dismiss_install(of, install.is_waiting, &row.what);
                }
                prompts::ask_dismiss(row.op.clone(), &row.what, &row.problems, row.is_unknown)
            });
            model.popups.extend(asked);
        }
        Action::NextTab => return tab(model, 1),
        Action::PreviousTab => return tab(model, -1),
        Action::NewToken | Action::ResendEmails | Action::CheckNow | Action::DcvMethod
            if of_domains(model) =>
        {
            let chosen = model.domains.chosen(&model.engine.account);
            if let Some(operation) = domain_operation(action) {
                return with_popups(model, |popups, cx| {
                    operations::domains::ask(popups, operation, chosen, cx);
                });
            }
        }
        Action::CheckNow | Action::CheckName | Action::DcvMethod => {
            if let Some((operation, order)) = name_operation(model, action) {
                return with_popups(model, |popups, cx| {
                    operations::ask(popups, operation, order, None, cx);
                });
            }
        }
        Action::Approve | Action::Reject => {
            let mut requests = waiting_on_row(model);
            if let (2.., Some(order)) = (requests.len(), model.current_order()) {
                let many = requests.len();
                let words = format!("{many} requests of this order are waiting: choose one.");
                model.set_status(Tone::Info, words);
                return open::open(model, order, OrderTab::Requests);
            }
            let listed = model.order.is_none() && model.screen == Screen::Requests;
            if requests.is_empty() && listed {
                requests = model.requests.marked(&model.engine.account.requests);
            }
            if requests.is_empty() {
                requests.extend(current_request(model));
            }
            if !requests.is_empty() {
                return with_popups(model, |popups, cx| {
                    asking::decide(popups, action == Action::Approve, requests, cx);
                });
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
    model.domains.records = None;
}

/// The marked orders, where the list of orders has the focus and any are shown.
fn marked_orders(model: &Model) -> Option<Vec<OrderId>> {
    let listed = model.order.is_none() && model.screen == Screen::Orders;
    let marked = listed.then(|| model.orders.marked(&model.engine.account))?;
    (!marked.is_empty()).then_some(marked)
}

/// Whether the account's domains have the focus.
fn of_domains(model: &Model) -> bool {
    model.order.is_none() && model.screen == Screen::Domains
}

/// Whether the endpoints have the focus.
fn of_endpoints(model: &Model) -> bool {
    model.order.is_none() && model.screen == Screen::Endpoints
}

/// What is said while the list is being sorted.
pub(super) fn sorting(sort: SortKey) -> String {
    format!("Sorting by: {}…", sort.label())
}

/// Says by what the list of orders stands, or is about to.
pub(super) fn tell_sort(model: &mut Model) {
    let words = match model.orders.sorting() {
        Some(sort) => sorting(sort),
        None => format!("Sorted by: {}", model.orders.sort.label()),
    };
    model.set_status(Tone::Info, words);
}

/// One step back: out of the filter, out of the order, out of the filter that is in force.
fn back(model: &mut Model) -> Vec<Effect> {
    let today = model.today();
    let mut stopped = false;
    let effects = run(model, |engine, turn| {
        stopped = engine.writes.stop_batch(turn);
    });
    if stopped {
        return effects;
    }
    if model.order.take().is_some() {
        return Vec::new();
    }
    if model.domains.records.take().is_some() {
        model.set_status(Tone::Info, "Stopped: nothing was copied or written.");
        return Vec::new();
    }
    let left = model.engine.served.stop();
    if left > 0 {
        let left = counted(left, "place was", "places were");
        model.set_status(Tone::Info, format!("Stopped: {left} not looked at."));
        return Vec::new();
    }
    if model.screen == Screen::Requests && (model.requests.typing || model.requests.is_narrowed()) {
        return with_requests(model, |requests, account, turn| {
            requests.keep_filter(true, account, turn);
        });
    } else if model.screen == Screen::Domains
        && (model.domains.typing || model.domains.is_filtered())
    {
        end_domain_filter(model, true);
    } else if model.screen == Screen::Endpoints
        && (model.endpoints.typing || model.endpoints.is_filtered())
    {
        let today = model.today();
        model.endpoints.end_filter(true, &model.engine, today);
    } else if model.screen != Screen::Orders {
        model.screen = Screen::Orders;
    } else if model.orders.typing || !model.orders.filter.is_empty() {
        model.orders.typing = false;
        model.orders.filter.set_focus(false);
        model.orders.filter.set_text("");
        model.orders.refilter(&model.engine, today);
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
        return with_requests(model, |requests, account, turn| {
            requests.keep_filter(false, account, turn);
        });
    }
    if model.is_filtering() && model.screen == Screen::Domains {
        end_domain_filter(model, false);
        return Vec::new();
    }
    if model.is_filtering() && model.screen == Screen::Endpoints {
        let today = model.today();
        model.endpoints.end_filter(false, &model.engine, today);
        return Vec::new();
    }
    if model.order.is_none() && model.screen == Screen::Orders && model.orders.typing {
        model.orders.typing = false;
        model.orders.filter.set_focus(false);
        return Vec::new();
    }
    if let Some(open) = &mut model.order {
        if open.tab == OrderTab::Overview {
            open.tab = OrderTab::Certificates;
            open.cursor = Cursor::default();
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
    let filter = match model.screen {
        Screen::Plan => model.plan.filter(),
        Screen::Domains => model.domains.orders_filter(&model.engine.account),
        _ => None,
    };
    if let Some(filter) = filter {
        list_orders(model, &filter);
        return Vec::new();
    }
    let tab = match model.screen {
        Screen::Requests => OrderTab::Requests,
        Screen::Orders | Screen::Journal | Screen::Plan | Screen::Domains | Screen::Endpoints => {
            OrderTab::Overview
        }
    };
    match model.current_order() {
        Some(id) => open::open(model, id, tab),
        None => Vec::new(),
    }
}

/// Looks at another number of a row of the plan, and tells it: a narrow screen has no column for each.
fn look_at(model: &mut Model, by: isize) {
    model.plan.step(by);
    model.set_status(Tone::Info, model.plan.told());
}

/// Ends typing the filter of the domains.
fn end_domain_filter(model: &mut Model, clear: bool) {
    let (today, now) = (model.today(), model.account_now());
    let account = &model.engine.account;
    model.domains.end_filter(clear, account, today, now);
}

/// Lists the orders of the row under the cursor, by a filter that can be changed.
fn list_orders(model: &mut Model, filter: &str) {
    let today = model.today();
    show(model, Screen::Orders);
    model.orders.typing = false;
    model.orders.filter.set_focus(false);
    model.orders.filter.set_text(filter);
    model.orders.refilter(&model.engine, today);
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
    go(model, Move::By(1));
}

/// Marks all rows that are shown, beside those that are marked already.
fn mark_all(model: &mut Model) {
    let words = if model.screen == Screen::Domains {
        counted(model.domains.mark_all(), "domain", "domains")
    } else if model.screen == Screen::Endpoints {
        counted(model.endpoints.mark_all(), "endpoint", "endpoints")
    } else if model.screen == Screen::Requests {
        let before = model.requests.marks.len();
        let all = &model.engine.account.requests;
        let shown = model.requests.shown(all);
        let open: Vec<_> = shown
            .filter(|request| request.status.is_open())
            .map(|request| request.id)
            .collect();
        model.requests.marks.extend(open);
        let marked = model.requests.marks.len() - before;
        counted(marked, "request", "requests")
    } else {
        let before = model.orders.marks.len();
        let orders = &model.engine.account.orders;
        let shown = model.orders.view.iter();
        let shown = shown
            .filter_map(|place| orders.at(*place))
            .map(|row| row.id);
        model.orders.marks.extend(shown);
        let marked = model.orders.marks.len() - before;
        counted(marked, "order", "orders")
    };
    model.set_status(Tone::Info, format!("Marked {words}."));
}

/// Marks none.
fn unmark(model: &mut Model) {
    let words = if model.screen == Screen::Domains {
        let marks = std::mem::take(&mut model.domains.marks);
        counted(marks.len(), "domain", "domains")
    } else if model.screen == Screen::Endpoints {
        counted(model.endpoints.unmark(), "endpoint", "endpoints")
    } else if model.screen == Screen::Requests {
        let marks = std::mem::take(&mut model.requests.marks);
        counted(marks.len(), "request", "requests")
    } else {
        let marks = std::mem::take(&mut model.orders.marks);
        counted(marks.len(), "order", "orders")
    };
    model.set_status(Tone::Info, format!("Unmarked {words}."));
}

fn tab(model: &mut Model, by: isize) -> Vec<Effect> {
    if let Some(open) = &mut model.order {
        open.tab = open.tab.step(by);
        open.cursor = Cursor::default();
    }
    read_names(model, false)
}

fn form(model: &mut Model, kind: FormKind) -> Vec<Effect> {
    match model.current_order() {
        Some(id) => open::open_form(model, kind, id),
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

/// Opens the menu of operations on the order that is looked at: about the certificate and the name under the cursor.
fn open_operations(model: &mut Model) -> Vec<Effect> {
    let Some(order) = model.current_order() else {
        return Vec::new();
    };
    let open = model.order.as_ref();
    let under = open.filter(|open| open.tab == OrderTab::Certificates);
    let data = model.engine.account.known.get(&order);
    let certificate = under
        .zip(data)
        .and_then(|(open, data)| data.certificates().get(open.cursor.at)?.id);
    let about_name = selected_name(model).as_ref().map(names::operations);
    with_popups(model, |popups, cx| {
        operations::open(
            popups,
            order,
            certificate,
            about_name.unwrap_or_default(),
            cx,
        );
    })
}
