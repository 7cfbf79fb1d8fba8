//! The second line: the screens with their counts; at its right the filter, or what the list is doing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::domains;
use super::text::{count, fit, put, put_right, width};
use super::theme::Theme;
use super::widgets::{field, tabs};
use crate::app::account::SyncState;
use crate::app::domains::Shown;
use crate::app::model::Model;
use crate::app::requests::Set;
use crate::app::screen::Screen;
use crate::keys::{Action, Place};

/// Columns that the filter's text gets at least, or the tabs give way.
const FILTER: u16 = 24;

/// Columns below which the tabs need all of them.
const NARROW: u16 = 60;

/// Draws the line.
pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let has_filter = match model.screen {
        Screen::Orders | Screen::Requests | Screen::Endpoints => true,
        Screen::Domains => model.domains.shown == Shown::Domains,
        Screen::Journal | Screen::Plan => false,
    };
    let listing = has_filter && model.form.is_none();
    let typing = listing && model.is_filtering();
    let field = match model.screen {
        Screen::Requests => &model.requests.filter,
        Screen::Domains => &model.domains.filter,
        Screen::Endpoints => &model.endpoints.filter,
        Screen::Orders | Screen::Journal | Screen::Plan => &model.orders.filter,
    };
    let filter = field.text();
    let mut rest = inner;
    if !(typing && inner.width < FILTER * 3) {
        // Which requests are listed, where that is not what is expected, is not told elsewhere.
        let told = match model.screen {
            Screen::Requests if model.requests.set != Set::Own && inner.width >= NARROW => {
                width(&doing(model, usize::from(inner.width), theme).0) as u16 + 2
            }
            _ => 0,
        };
        let room = Rect {
            width: inner.width.saturating_sub(told),
            ..inner
        };
        let next = tabs::draw(&tabs(model), theme, room, buf);
        rest.x = (next + 1).min(inner.right());
        rest.width = inner.right() - rest.x;
    }
    if typing {
        if model.screen == Screen::Requests {
            let (words, style) = doing(model, usize::from(rest.width), theme);
            let needs = width(&words) as u16;
            if rest.width > FILTER + needs {
                put_right(buf, rest, rest.y, &words, style);
                rest.width -= needs + 2;
            }
        }
        let x = put(buf, rest, rest.x, rest.y, "/ ", theme.accent);
        let room = Rect {
            x,
            width: rest.right().saturating_sub(x),
            ..rest
        };
        field::draw(field, room, buf);
        point_at_error(model, &filter, theme, room, buf);
        return;
    }
    let (words, style) = doing(model, usize::from(rest.width), theme);
    let needs = width(&words) as u16;
    if listing && !filter.is_empty() {
        let room = rest.width.saturating_sub(needs + 2);
        if room >= 8 {
            put_right(buf, rest, rest.y, &words, style);
            rest.width = room;
        }
        let x = put(buf, rest, rest.x, rest.y, "/ ", theme.accent);
        put(buf, rest, x, rest.y, &fit(&filter, 200), theme.accent);
        let room = Rect {
            x,
            width: rest.right().saturating_sub(x),
            ..rest
        };
        point_at_error(model, &filter, theme, room, buf);
    } else if needs <= rest.width {
        put_right(buf, rest, rest.y, &words, style);
    }
}

/// Marks the word of the filter that is not understood, where it is seen.
fn point_at_error(model: &Model, filter: &str, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let Some(error) = model.filter_error() else {
        return;
    };
    let parts = filter
        .get(..error.at.start)
        .zip(filter.get(error.at.clone()));
    // A text that is longer than its line has moved in it.
    let Some((before, word)) = parts.filter(|_| width(filter) < usize::from(area.width)) else {
        return;
    };
    let place = Rect {
        x: area.x + width(before) as u16,
        width: width(word) as u16,
        height: 1,
        ..area
    };
    let style = theme.bad.add_modifier(Modifier::UNDERLINED);
    buf.set_style(place.intersection(area).intersection(buf.area), style);
}

fn tabs(model: &Model) -> Vec<tabs::Tab> {
    let key = |action| {
        model
            .keymap
            .key_of(&[Place::Everywhere], action)
            .unwrap_or_default()
    };
    let all = model.engine.account.orders.len() as u64;
    let seen = model.orders.view.len() as u64;
    let orders = match (all, model.orders.is_filtered()) {
        (0, _) => String::new(),
        (_, true) => format!("{} of {}", count(seen), count(all)),
        (_, false) => count(all),
    };
    let waiting = model
        .engine
        .account
        .requests
        .waiting
        .value()
        .map_or(0, Vec::len) as u64;
    let requests = if model.requests.is_filtered() {
        let seen = model.requests.len() as u64;
        format!(
            "{} of {}",
            count(seen),
            count(model.engine.account.requests.of_all())
        )
    } else if waiting > 0 {
        count(waiting)
    } else {
        String::new()
    };
    let unknown = model
        .journal
        .rows
        .iter()
        .filter(|row| row.outcome.is_none())
        .count();
    let differing = model.journal.rows.iter();
    let differing = differing.filter(|row| !row.problems.is_empty()).count();
    vec![
        tabs::Tab {
            key: key(Action::ShowOrders),
            label: "Orders".into(),
            short: "Orders",
            note: orders,
            shown: model.screen == Screen::Orders,
        },
        tabs::Tab {
            key: key(Action::ShowRequests),
            label: "Requests".into(),
            short: "Requests",
            note: requests,
            shown: model.screen == Screen::Requests,
        },
        tabs::Tab {
            key: key(Action::ShowJournal),
            label: "Journal".into(),
            short: "Journal",
            note: match (unknown, differing) {
                (0, 0) => String::new(),
                (0, some) => format!("{some}✗"),
                (some, 0) => format!("{some}?"),
                (some, more) => format!("{some}? {more}✗"),
            },
            shown: model.screen == Screen::Journal,
        },
        tabs::Tab {
            key: key(Action::ShowPlan),
            label: "Plan".into(),
            short: "Plan",
            note: String::new(),
            shown: model.screen == Screen::Plan,
        },
        tabs::Tab {
            key: key(Action::ShowDomains),
            label: "Domains".into(),
            short: "Domains",
            note: domains_note(model),
            shown: model.screen == Screen::Domains,
        },
        tabs::Tab {
            key: key(Action::ShowEndpoints),
            label: "Endpoints".into(),
            short: "Endpoints",
            note: endpoints_note(model),
            shown: model.screen == Screen::Endpoints,
        },
    ]
}

/// How many domains there are, and how many of those the filter shows.
fn domains_note(model: &Model) -> String {
    let all = model.engine.account.domains.rows().len() as u64;
    let seen = model.domains.len() as u64;
    match (all, model.domains.is_filtered()) {
        (0, _) => String::new(),
        (_, true) if model.domains.shown == Shown::Domains => {
            format!("{} of {}", count(seen), count(all))
        }
        (_, _) => count(all),
    }
}

/// How many endpoints there are, and how many of those the filter shows.
fn endpoints_note(model: &Model) -> String {
    let (all, seen) = (
        model.endpoints.of_all() as u64,
        model.endpoints.len() as u64,
    );
    match (all, model.endpoints.is_filtered()) {
        (0, _) => String::new(),
        (_, true) => format!("{} of {}", count(seen), count(all)),
        (_, false) => count(all),
    }
}

/// How many endpoints are marked, and how they are sorted.
fn of_endpoints(model: &Model) -> String {
    let sort = format!("sort: {}", model.endpoints.sort.label());
    match model.endpoints.marked() {
        _ if model.endpoints.is_making() => "listing…".into(),
        0 => sort,
        marked => format!("{marked} marked · {sort}"),
    }
}

/// What the list of domains is doing, how it is sorted, or what expires soon.
fn of_domains(model: &Model, most: usize) -> String {
    let domains = &model.engine.account.domains;
    let list = match model.domains.shown {
        Shown::Domains => domains.list.is_loading(),
        Shown::Organizations => domains.organizations.is_loading(),
    };
    if list {
        return "loading…".into();
    }
    match model.domains.marked() {
        0 => domains::expiring(model, most),
        marked => format!("{marked} marked · sort: {}", model.domains.sort.label()),
    }
}

/// How much of the requests is read, and how many are marked.
fn requests_read(model: &Model) -> String {
    let screen = &model.requests;
    let all = &model.engine.account.requests;
    let others = &all.others;
    let have = count(others.rows.len() as u64);
    let of = match others.total {
        Some(total) => format!("{have} of {}", count(total)),
        None => have,
    };
    let read = if others.page.is_loading() && others.rows.is_empty() || all.waiting.is_loading() {
        "loading…".into()
    } else if others.page.is_loading() {
        format!("loading {of}")
    } else if others.page.failure().is_some() {
        format!("{of} loaded, then failed")
    } else if others.next.is_some() {
        format!("{of} loaded")
    } else {
        match screen.marked(all).len() {
            0 => String::new(),
            marked => format!("{marked} marked"),
        }
    };
    let set = match screen.set {
        Set::Own if screen.typing || screen.is_filtered() => screen.looks_in(),
        Set::Own => "",
        Set::Waiting => "open requests",
        Set::Decided => "decided requests",
        Set::All => "all requests",
    };
    let parts = [read.as_str(), set];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// What the list is doing, or how it is sorted.
fn doing(model: &Model, most: usize, theme: &Theme) -> (String, Style) {
    if !matches!(model.screen, Screen::Orders | Screen::Plan) {
        let words = match model.screen {
            Screen::Requests => requests_read(model),
            Screen::Domains => of_domains(model, most),
            Screen::Endpoints => of_endpoints(model),
            Screen::Orders | Screen::Journal | Screen::Plan => String::new(),
        };
        return (words, theme.dim);
    }
    match &model.engine.account.sync {
        SyncState::Running { done, total, .. } if *total > 0 => (
            format!("loading {} of {}", count(*done), count(*total)),
            theme.accent,
        ),
        SyncState::Running { .. } => ("loading orders…".into(), theme.accent),
        _ if model.screen == Screen::Plan => {
            let counting = model.plan.is_counting();
            let words = if counting { "counting…" } else { "" };
            (words.into(), theme.dim)
        }
        SyncState::Never | SyncState::Done(_) | SyncState::Failed(_) => {
            let domains = &model.engine.account.domains;
            if model.orders.asks_validations() && domains.list.value().is_none() {
                let words = match domains.list.failure() {
                    Some(_) => "validations not loaded: more may be blocked",
                    None => "loading validations…",
                };
                return (words.into(), theme.warn);
            }
            let sort = match model.orders.sorting() {
                Some(sort) => format!("sorting by {}…", sort.label()),
                None => format!("sort: {}", model.orders.sort.label()),
            };
            let words = match model.orders.marks.len() {
                0 => sort,
                marked => format!("{marked} marked · {sort}"),
            };
            (words, theme.dim)
        }
    }
}
