//! The one function through which the state changes: a message in, effects out.

mod accounts;
mod actions;
mod connection;
pub(in crate::app) mod current;
mod cursor;
mod deadlines;
pub(in crate::app) mod dispatch;
mod endpoints;
mod input;
mod lists;
mod open;
mod quit;
mod records;
pub(in crate::app) mod turns;

use std::collections::HashSet;

use jiff::Timestamp;

use crate::app::account::Account;
use crate::app::advice;
use crate::app::bulk::BulkList;
use crate::app::commands;
use crate::app::effect::{Effect, ListId, NewFile};
use crate::app::engine::Engine;
use crate::app::form::{Form, FormInput};
use crate::app::layout::Layout;
use crate::app::model::Model;
use crate::app::msg::{Completion, CopyReport, FileProblem, Msg};
use crate::app::order::OrderTab;
use crate::app::popups::operations::meanwhile;
use crate::app::popups::{Popup, Prompt, PromptKind, Reader, request};
use crate::app::preview::PreviewTarget;
use crate::app::screen::Screen;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::clock::ClockOffset;
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::text::bytes;
use actions::{sorting, tell_sort};
use cursor::spot;
use lists::in_list;
use turns::{reply, run, with_engine, with_form, with_popups, with_requests};

/// Takes one message. Pure: the same state, message and time give the same state and effects.
pub fn update(model: &mut Model, msg: Msg, now: Timestamp) -> Vec<Effect> {
    model.turn_to(now, matches!(msg, Msg::Deadline));
    let is_foreign = accounts::is_foreign(model, &msg);
    let top = top_popup(model);
    let before = spot(model);
    let sends = current::is_about_to_send(model);
    model.late.answered(&msg, now, &mut model.status);
    // Of a run that is no longer the newest nothing counts, and nothing of another account.
    if !is_old_run(model, &msg) && !is_foreign {
        model.engine.account.heard(&msg, now);
    }
    let mut effects = match msg {
        Msg::Key(key) => input::key(model, key),
        Msg::Paste(text) => input::paste(model, text),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            Vec::new()
        }
        Msg::Ground(ground) => {
            model.look.ground = ground;
            Vec::new()
        }
        Msg::GoOn => {
            go_on(model);
            Vec::new()
        }
        Msg::ListOf { orders, .. } => {
            if !is_foreign {
                model.engine.account.orders.expect(orders);
            }
            Vec::new()
        }
        Msg::Deadline => Vec::new(),
        Msg::Connected(connection) => connection::connected(model, connection),
        Msg::Clock(offset) => {
            on_clock(model, offset);
            Vec::new()
        }
        Msg::Reply {
            ticket,
            read,
            result,
        } => reply(model, ticket, &read, result),
        Msg::Cached { .. } if accounts::is_foreign(model, &msg) => Vec::new(),
        Msg::Cached { rows, .. } => {
            list(model, |account| account.take(&rows));
            Vec::new()
        }
        Msg::Sync { .. } if is_old_run(model, &msg) => Vec::new(),
        Msg::Sync { run, event } => {
            let now = model.engine.now;
            list(model, |account| account.on_sync(run, event, now));
            Vec::new()
        }
        Msg::KeyMade { .. } => {
            let mut effects = Vec::new();
            // What no row of a list asked for, a form did.
            let left = with_engine(model, &mut effects, |engine, turn| engine.take(msg, turn));
            if let Some(Msg::KeyMade { form, result }) = left {
                let input = FormInput::KeyMade(result);
                effects.extend(input::reply_to_form(model, &form, input));
            }
            effects
        }
        Msg::FileRead { form, path, result } => {
            input::reply_to_form(model, &form, FormInput::FileRead { path, result })
        }
        Msg::PathCompleted { typed, result } => path_completed(model, typed, result),
        Msg::Edited(result) => input::to_form(model, FormInput::Edited(result)),
        Msg::Copied(result) => {
            copied(model, result);
            Vec::new()
        }
        Msg::CopyTooLarge { text, what, words } => {
            model.popups.push(Popup::Prompt(Box::new(Prompt {
                title: "Too large for most terminals".into(),
                body: vec![words, "Enter send anyway · Esc cancel".into()],
                field: None,
                error: None,
                kind: PromptKind::ForceCopy { text, what },
            })));
            Vec::new()
        }
        Msg::FileSaved {
            path,
            text,
            what,
            result,
        } => {
            file_written(model, path, text, what, result);
            Vec::new()
        }
        Msg::Journal(result) => {
            model.journal.on_rows(result);
            Vec::new()
        }
        Msg::JournalRequest { what, result } => {
            match result {
                Ok(text) => {
                    let reader = Reader::of_sent(what, &text, model.size.0);
                    model.popups.push(Popup::Reader(reader));
                }
                Err(failure) => model.tell_failure(&failure),
            }
            Vec::new()
        }
        Msg::Done(words) => {
            model.set_status(Tone::Good, words);
            Vec::new()
        }
        Msg::Notice(words) => {
            model.set_status(Tone::Warn, words);
            Vec::new()
        }
        Msg::NotKept(words) => {
            model.engine.drafts.keeps_nothing = true;
            model.set_status(Tone::Warn, words);
            Vec::new()
        }
        Msg::DraftBeside(key) => {
            if let Some(form) = model.form.as_mut().filter(|form| form.draft_key() == key) {
                form.typed_elsewhere = true;
            }
            model.set_status(
                Tone::Warn,
                "Another certdeck has typed in the same form: both drafts are kept separately. The next start lists \
                    both (:drafts).",
            );
            Vec::new()
        }
        Msg::OfPaste(words) => {
            let field = model.status.take().map(|told| format!(" {}", told.words));
            model.set_status(Tone::Warn, words + &field.unwrap_or_default());
            Vec::new()
        }
        Msg::Mistakes(mistakes) => {
            let reader = Reader::of_mistakes(mistakes, model.size.0);
            model.popups.push(Popup::Reader(reader));
            Vec::new()
        }
        Msg::KeyPlaces { places, kept } => {
            connection::key_places(model, places, kept.as_ref());
            Vec::new()
        }
        Msg::NotConnected(failure) => {
            connection::not_connected(model, &failure);
            Vec::new()
        }
        Msg::NewFileSaved {
            of: NewFile::Order(order),
            path,
            caveat,
            result,
        } => {
            let mut turn = Turn::of(model.status.take());
            model
                .downloads
                .on_saved(order, path, caveat, result, &mut turn);
            model.status = turn.status;
            turn.effects
        }
        Msg::Installs(records) => {
            let command = model.engine.installs.command.as_ref();
            let name = command.map_or("command after issue", |one| one.name.as_str());
            model.journal.on_installs(&records, name);
            run(model, |engine, turn| {
                engine.take(Msg::Installs(records), turn);
            })
        }
        Msg::EndpointsRead { path, result } => {
            endpoints::file_read(model, &path, result);
            Vec::new()
        }
        Msg::Seen { .. } | Msg::Served { .. } => {
            let effects = run(model, |engine, turn| {
                engine.take(msg, turn);
            });
            records::looked(model);
            effects
        }
        msg => {
            if let Msg::Draft { key, .. } = &msg {
                lists::tell_kept_list(model, key);
            }
            let is_settled = matches!(msg, Msg::PriorCsrs { .. });
            let mut effects = run(model, |engine, turn| {
                engine.take(msg, turn);
            });
            if is_settled {
                // What an earlier session verified, and did not come to write.
                effects.extend(lists::write_all(model, ListId::Reissues, None));
            }
            effects
        }
    };
    let announced = turns::announced(model, &effects);
    with_form(model, &mut effects, Form::refresh);
    model.status = announced.or(model.status.take());
    if let Some(words) = input::cut(model) {
        model.set_status(Tone::Warn, words);
    }
    effects.extend(with_popups(model, meanwhile::settle));
    effects.extend(current::settle_yes(model));
    if !sends && current::is_about_to_send(model) && model.engine.account.is_connected() {
        effects.push(Effect::OpenAhead);
    }
    if top_popup(model) != top {
        model.paged = 0;
    }
    effects.extend(deadlines(model));
    let today = model.today();
    model.orders.served_changed(&model.engine, today);
    if model.screen == Screen::Plan {
        let now = model.engine.now;
        model.plan.refresh(&model.engine.account, today, now);
    }
    if model.screen == Screen::Domains {
        let (today, now) = (model.today(), model.account_now());
        let clock = model.engine.now;
        model
            .domains
            .refresh(&model.engine.account, today, now, clock);
    }
    if matches!(model.screen, Screen::Plan | Screen::Endpoints) {
        let now = model.engine.now;
        model.auto.refresh(&model.engine, now);
        let asked = model.auto.rows.iter().map(|row| &row.asked);
        effects.extend(advice::read_ways(&mut model.engine, asked));
    }
    effects.extend(endpoints::go_on(model));
    request::refresh(&mut model.popups, &model.engine);
    if model.screen == Screen::Endpoints {
        let now = model.engine.now;
        model.endpoints.refresh(&model.engine, today, now);
    }
    settle(model, before.as_ref());
    evict(model);
    model.late.asked(&effects, model.engine.now);
    effects
}

/// The next step of what takes long; that it is done is said where it was said to be under way.
fn go_on(model: &mut Model) {
    let today = model.today();
    let told = model.orders.sorting().map(sorting);
    if model.orders.go_on(&model.engine, today)
        && model.status.as_ref().map(|status| &status.words) == told.as_ref()
    {
        tell_sort(model);
    }
}

/// What lies on top, as far as a cursor in it has to begin anew.
fn top_popup(model: &Model) -> (usize, Option<std::mem::Discriminant<Popup>>) {
    let top = model.popups.last().map(std::mem::discriminant);
    (model.popups.len(), top)
}

/// Whatever time has come for.
fn deadlines(model: &mut Model) -> Vec<Effect> {
    let now = model.engine.now;
    let mut effects = run(model, Engine::due);
    effects.extend(rest(model));
    let account = &mut model.engine.account;
    effects.extend(model.requests.want_typed(now, account));
    effects.extend(want_validations(model));
    effects.extend(keep_reading(model));
    let late = &mut model.late;
    let mut turn = Turn::of(model.status.take());
    late.tell(&model.engine, &mut turn);
    model.status = turn.status;
    let due = model.form.as_ref().and_then(|form| form.draft_due);
    if due.is_some_and(|due| due <= now) {
        effects.extend(input::keep_draft(model));
    }
    effects
}

/// Reads until when domains and organizations are validated where somebody looks at what goes by it, and that was not asked
/// for yet.
fn want_validations(model: &mut Model) -> Vec<Effect> {
    let looks = match model.screen {
        Screen::Plan | Screen::Domains => true,
        Screen::Orders => model.orders.asks_validations(),
        Screen::Requests | Screen::Journal | Screen::Endpoints => false,
    };
    if looks {
        model.engine.account.want_validations()
    } else {
        Vec::new()
    }
}

/// Keeps the cursor inside its list and window, and lets what follows it do so later.
fn settle(model: &mut Model, before: Option<&PreviewTarget>) {
    let rows = cursor::list_rows(model);
    let (len, cursor) = model.list();
    cursor.set(cursor.at, len);
    cursor.show(len, rows);
    cursor::settle_tab(model);
    follow(model, before);
}

/// Lets what follows the cursor of the list do so later, if that moved.
fn follow(model: &mut Model, before: Option<&PreviewTarget>) {
    let refused = commands::refused(model);
    // Below the list of orders stands nothing, and the line of keys is mostly the same.
    let follows = model.layout().side.is_some() || model.screen != Screen::Orders;
    let follows = follows && model.order.is_none();
    let (after, now) = (spot(model), model.engine.now);
    let preview = &mut model.preview;
    preview.follow(before, after.as_ref(), follows, refused, now);
}

/// Shows and reads what is under the cursor once that has rested.
fn rest(model: &mut Model) -> Vec<Effect> {
    if !model.preview.is_due(model.engine.now) || model.order.is_some() {
        return Vec::new();
    }
    let spot = spot(model);
    let request = match &spot {
        Some(PreviewTarget::Request(id, _)) => Some(*id),
        _ => None,
    };
    if let Some(PreviewTarget::Domain(id)) = spot {
        model.preview.rest(spot);
        let account = &mut model.engine.account;
        let wanted = account.domains.is_to_read(id).then_some(id);
        return account.read_in_full(wanted);
    }
    // Nothing of its order stands beside an endpoint.
    let is_whole = matches!(spot, None | Some(PreviewTarget::Endpoint(..)));
    model.preview.rest(spot);
    if is_whole {
        return Vec::new();
    }
    let mut effects = match request {
        Some(id) => with_requests(model, |requests, account, turn| {
            requests.look_closer(id, account, turn);
        }),
        None => Vec::new(),
    };
    if let Some(id) = model.side_order() {
        effects.extend(model.engine.account.read_order(id, false));
        effects.extend(model.engine.account.read_organization(id, false));
    }
    effects
}

/// Reads on where the cursor comes to requests that are not read yet.
fn keep_reading(model: &mut Model) -> Vec<Effect> {
    let account = &mut model.engine.account;
    match &model.order {
        Some(open) if open.tab == OrderTab::Requests => {
            account.read_requests_around(open.id, open.cursor.at)
        }
        None if model.screen == Screen::Requests => {
            let rows = Layout::list_rows(model.layout().main);
            let account = &mut model.engine.account;
            model
                .requests
                .next_page(rows, account)
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Takes the offset: dates are compared by the account's clock from here on. A machine whose clock is wrong is told so
/// once; the header goes on saying it.
fn on_clock(model: &mut Model, offset: ClockOffset) {
    let before = model.today();
    let was_wrong = model
        .engine
        .account
        .clock
        .is_some_and(ClockOffset::is_wrong);
    model.engine.account.clock = Some(offset);
    let today = model.today();
    if today != before {
        model.orders.rebuild(&model.engine, today);
    }
    if offset.is_wrong() && !was_wrong {
        let words = format!(
            "This machine's clock is {} of CertCentral's. Dates follow CertCentral's clock; correct this machine's.",
            offset.words()
        );
        model.set_status(Tone::Warn, words);
    }
}

/// Whether a message is of a run that another has taken the place of.
fn is_old_run(model: &Model, msg: &Msg) -> bool {
    match msg {
        Msg::Sync { run, .. } => !model.engine.account.is_syncing(*run),
        _ => false,
    }
}

/// Takes rows of the list of orders, or that some are gone.
fn list(model: &mut Model, take: impl FnOnce(&mut Account) -> bool) {
    let today = model.today();
    let near = model.orders.near(&model.engine.account);
    let last = take(&mut model.engine.account);
    model.orders.take(&near, &model.engine, last, today);
}

/// Forgets the orders that nobody wanted for long and nobody looks at.
fn evict(model: &mut Model) {
    if !model.engine.account.is_full() {
        return;
    }
    let watched = model
        .engine
        .writes
        .all
        .iter()
        .filter(|watch| watch.looks_on());
    let mut in_use: HashSet<OrderId> = watched.filter_map(|watch| watch.order).collect();
    in_use.extend(model.current_order());
    in_use.extend(model.preview.order());
    in_use.extend(model.form.as_ref().map(|form| form.order.id));
    in_use.extend(model.engine.bulk.iter().flat_map(BulkList::orders));
    in_use.extend(model.popups.iter().flat_map(Popup::orders));
    let asked = model.auto.rows.iter().map(|row| &row.asked);
    for asked in asked.chain(&model.requesting) {
        in_use.extend(advice::way(&model.engine, asked));
    }
    model.engine.account.evict(|order| in_use.contains(order));
}

/// How a path goes on: into the question that asks for it, if that is still what is typed there.
fn path_completed(
    model: &mut Model,
    typed: String,
    result: Result<Completion, Failure>,
) -> Vec<Effect> {
    match model.popups.last_mut() {
        Some(Popup::Prompt(prompt)) => {
            prompt.path_completed(&typed, result);
            Vec::new()
        }
        Some(_) => Vec::new(),
        None if model.form.is_some() => {
            input::to_form(model, FormInput::PathCompleted { typed, result })
        }
        None => in_list(model, |open, engine, turn| {
            let list = engine.bulk.get(open.id);
            open.path_completed(&typed, result, list, turn);
        }),
    }
}

fn copied(model: &mut Model, result: Result<CopyReport, Failure>) {
    match result {
        Ok(report) => {
            let tone = if report.verified {
                Tone::Good
            } else {
                Tone::Info
            };
            let words = match report.hint {
                Some(hint) => format!("{} · {hint}", report.words),
                None => report.words,
            };
            model.set_status(tone, words);
        }
        Err(failure) => model.tell_failure(&failure),
    }
}

fn file_written(
    model: &mut Model,
    path: String,
    text: String,
    what: String,
    result: Result<(), FileProblem>,
) {
    match result {
        Ok(()) => model.set_status(
            Tone::Good,
            format!("Written: {path} ({}, mode 0644), {what}", bytes(text.len())),
        ),
        Err(FileProblem::Exists) => model.popups.push(Popup::Prompt(Box::new(Prompt {
            title: "Replace the file?".into(),
            body: vec![
                format!("{path} already exists."),
                "Enter replace · Esc keep".into(),
            ],
            field: None,
            error: None,
            kind: PromptKind::Overwrite { path, text, what },
        }))),
        Err(FileProblem::Failed(failure)) => model.tell_failure(&failure),
    }
}

/// What the program does first: nothing is asked of the network before the first frame.
pub fn start(model: &mut Model) -> Vec<Effect> {
    model.screen = Screen::Orders;
    follow(model, None);
    vec![Effect::LoadJournal]
}

/// What the program does last, however it ends, and before another one has the terminal: what is typed is kept.
pub fn keep(model: &mut Model) -> Vec<Effect> {
    input::keep_draft(model)
}
