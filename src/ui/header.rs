//! The first line: what this is, whose account it shows, and how it stands with the connection. An account that is
//! made up says so in a way that cannot be overlooked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::text::{put, put_right, width};
use super::theme::Theme;
use super::when;
use crate::app::model::Model;
use crate::domain::account::Session;
use crate::domain::failure::FailureKind;

/// Draws the line.
pub(super) fn draw(model: &Model, theme: &Theme, area: Rect, buf: &mut Buffer) {
    let inner = Rect {
        x: area.x + 1,
        width: area.width.saturating_sub(2),
        ..area
    };
    let name = put(buf, inner, inner.x, inner.y, "certdeck", theme.header);
    let mut right = inner;
    for (words, style) in badges(model, theme) {
        let x = put_right(buf, right, inner.y, &words, style);
        right.width = x.saturating_sub(right.x + 2);
    }
    let mut left = Rect {
        x: name + 2,
        width: (right.x + right.width).saturating_sub(name + 2),
        ..inner
    };
    let session = model.engine.account.session.value();
    let account = account(model, session);
    if let Some(who) = session.map(who).filter(|who| !who.is_empty()) {
        let room = usize::from(left.width);
        if width(&who) + width(&account) + 3 <= room {
            let x = put_right(buf, left, inner.y, &who, theme.dim);
            left.width = x.saturating_sub(left.x + 1);
        }
    }
    put(buf, left, left.x, left.y, &account, theme.text);
}

fn account(model: &Model, session: Option<&Session>) -> String {
    let profile = model
        .engine
        .account
        .connection
        .as_ref()
        .map(|connection| connection.profile.as_str());
    let name = session.and_then(|session| session.account.as_deref());
    match (profile, name) {
        (Some(profile), Some(name)) => format!("{profile} · {name}"),
        (Some(profile), None) => profile.to_string(),
        (None, _) => "starting…".into(),
    }
}

fn who(session: &Session) -> String {
    let name = if session.user.is_empty() {
        session.email.as_str()
    } else {
        session.user.as_str()
    };
    match session.roles.as_slice() {
        [] => name.to_string(),
        roles => format!("{name} · {}", roles.join(", ")),
    }
}

/// What stands at the right edge, the outermost first.
fn badges(model: &Model, theme: &Theme) -> Vec<(String, Style)> {
    let mut badges = Vec::new();
    let Some(connection) = &model.engine.account.connection else {
        return badges;
    };
    if connection.sandbox {
        badges.push((" SANDBOX ".into(), theme.sandbox));
    }
    if let Some(offset) = model
        .engine
        .account
        .clock
        .filter(|offset| offset.is_wrong())
    {
        badges.push((format!("clock {}", offset.words()), theme.warn));
    }
    if let Some(since) = model.engine.account.stale() {
        let words = match since {
            Some(since) if model.size.0 < 60 => {
                format!("stale {}", when::short(since, model.today()))
            }
            Some(since) => format!("stale since {}", when::short(since, model.today())),
            None => "stale".to_owned(),
        };
        badges.push((words, theme.warn));
    }
    let failures = model.engine.installs.failures();
    if failures > 0 {
        let words = if model.size.0 < 60 {
            format!("✗ {failures}")
        } else {
            format!("✗ {failures} not installed")
        };
        badges.push((words, theme.bad));
    }
    if connection.key.is_err() {
        badges.push(("no API key".into(), theme.warn));
    } else if let Some(failure) = model.engine.account.session.failure() {
        let words = match failure.kind {
            FailureKind::InvalidKey => "API key refused",
            FailureKind::NoKey => "no API key",
            FailureKind::Permission => "not allowed",
            FailureKind::Network => "no connection",
            FailureKind::Timeout => "no response",
            FailureKind::Proxy => "proxy responded",
            FailureKind::RateLimited => "rate limited",
            FailureKind::NotFound => "not found",
            FailureKind::Refused => "refused",
            FailureKind::Server => "server error",
            FailureKind::Local | FailureKind::Twin | FailureKind::Other => "not connected",
        };
        badges.push((format!("✗ {words}"), theme.bad));
    } else if model.engine.account.session.value().is_none() {
        badges.push(("connecting…".into(), theme.dim));
    } else if !connection.sandbox {
        badges.push((connection.host().to_owned(), theme.good));
    }
    badges
}
