//! What was sent and is being waited for: where each stands, what was checked, what is not as asked.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::model::Model;
use crate::app::names;
use crate::app::picker::Picker;
use crate::app::writes::{Watch, ids, resend};
use crate::domain::dcv::Placement;
use crate::domain::text::counted;
use crate::domain::write::{Stage, WriteId};
use crate::keys::{Action, Place};
use crate::ui::text::{fit, wrap};
use crate::ui::theme::Theme;
use crate::ui::when;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 84;

/// How loud a watch is.
pub(in crate::ui) fn style(watch: &Watch, theme: &Theme) -> Style {
    match &watch.stage {
        Stage::Sending | Stage::AwaitsCertificate(_) | Stage::Verifying(_) => theme.accent,
        Stage::AwaitsApproval(_) | Stage::LookingUp(_) => theme.warn,
        Stage::NotFound(_) | Stage::Ended(_) => theme.bad,
        Stage::Issued { problems, .. } if problems.is_empty() => theme.good,
        Stage::Issued { .. } => theme.bad,
        Stage::Completed(_) => theme.good,
    }
}

fn mark(watch: &Watch) -> &'static str {
    match &watch.stage {
        Stage::Sending
        | Stage::AwaitsCertificate(_)
        | Stage::Verifying(_)
        | Stage::AwaitsApproval(_) => "…",
        Stage::LookingUp(_) | Stage::NotFound(_) => "?",
        Stage::Ended(_) => "✗",
        Stage::Issued { problems, .. } if problems.is_empty() => "✓",
        Stage::Issued { .. } => "✗",
        Stage::Completed(_) => "✓",
    }
}

/// Their rows, the one under the cursor with all that is known of it.
pub(super) fn sheet<'a>(
    model: &Model,
    picker: &Picker<WriteId>,
    theme: &Theme,
    area: Rect,
) -> Sheet<'a> {
    let mut sheet = Sheet::new("Watch list", area, MOST);
    let chosen = picker.at(&ids(&model.engine.writes.all));
    for (at, watch) in model.engine.writes.all.iter().enumerate() {
        if at > 0 {
            sheet.gap();
        }
        let mut lines = Vec::new();
        watch_lines(model, watch, at == chosen, theme, sheet.room(), &mut lines);
        sheet.choice(at == chosen, lines);
    }
    let elsewhere = model.engine.writes.elsewhere.iter();
    let elsewhere = elsewhere.filter(|sent| sent.watch.looks_on()).count();
    if elsewhere > 0 {
        let words = format!(
            "{} sent to another account and not finished; certdeck checks again once it is connected there. The \
                journal shows them.",
            counted(elsewhere, "change was", "changes were")
        );
        if !model.engine.writes.all.is_empty() {
            sheet.gap();
        }
        sheet.say(&words, theme.warn);
    }
    sheet
}

fn watch_lines(
    model: &Model,
    watch: &Watch,
    here: bool,
    theme: &Theme,
    room: usize,
    lines: &mut Vec<Line<'static>>,
) {
    let pointer = if here { "▸ " } else { "  " };
    let name = if here { theme.title } else { theme.text };
    let sent = when::short(watch.by_account(watch.sent), model.today());
    let words = fit(&watch.name, room.saturating_sub(14));
    lines.push(Line::from(vec![
        Span::styled(pointer, theme.accent),
        Span::styled(words, name),
        Span::raw("  "),
        Span::styled(sent, theme.dim),
    ]));
    let mut below = |mark: &'static str, text: &str, style: Style| {
        for (at, line) in wrap(text, room.saturating_sub(4)).into_iter().enumerate() {
            let mark = if at == 0 { mark } else { " " };
            lines.push(Line::from(vec![
                Span::raw("  "),
                Span::styled(mark, style),
                Span::raw(" "),
                Span::styled(line, style),
            ]));
        }
    };
    match &watch.stage {
        Stage::Issued {
            certificate,
            checks,
            problems,
        } => {
            let words = if problems.is_empty() {
                format!("certificate {certificate} issued and verified")
            } else {
                format!("certificate {certificate} issued, but does not match what was requested")
            };
            below(mark(watch), &words, style(watch, theme));
            for problem in problems {
                below("✗", problem, theme.bad);
            }
            if here {
                for check in checks {
                    below("✓", check, theme.good);
                }
            }
        }
        Stage::Ended(failure) => {
            below(mark(watch), &failure.to_string(), style(watch, theme));
        }
        Stage::LookingUp(failure) | Stage::NotFound(failure) => {
            below(mark(watch), &watch.words(), style(watch, theme));
            // Its advice is for what may simply be tried again.
            if here {
                below("·", &failure.what, theme.text);
            }
        }
        Stage::Sending
        | Stage::AwaitsApproval(_)
        | Stage::AwaitsCertificate(_)
        | Stage::Verifying(_)
        | Stage::Completed(_) => below(mark(watch), &watch.words(), style(watch, theme)),
    }
    if !watch.journaled {
        below(
            "!",
            "sent without the journal: once certdeck exits, it has no record of this",
            theme.warn,
        );
    }
    if let Some(trouble) = watch.trouble.as_ref().filter(|_| here) {
        below("!", &trouble.to_string(), theme.warn);
    }
    if let Some(token) = watch.token.as_ref().filter(|_| here) {
        below("·", &format!("random value for DCV: {token}"), theme.text);
        for place in places(model, watch, token) {
            below(" ", &place, theme.accent);
        }
    }
    if let Some(words) = Some(hint(model, watch)).filter(|words| here && !words.is_empty()) {
        below("·", &words, theme.dim);
    }
}

/// Where the random value belongs, exactly; each place once.
fn places(model: &Model, watch: &Watch, token: &str) -> Vec<String> {
    let Some((id, data)) = watch
        .order
        .and_then(|id| Some((id, model.engine.account.known.get(&id)?)))
    else {
        return Vec::new();
    };
    let mut places: Vec<String> = names::rows(data, id, &model.engine.writes.all)
        .into_iter()
        .filter(|row| row.token.as_deref() == Some(token))
        .filter_map(|row| row.place)
        .map(|place| match place {
            Placement::Record { kind, name, value } => format!("{kind} record {name}: {value}"),
            Placement::File { url, content } => format!("file {url}: {content}"),
        })
        .collect();
    places.sort();
    places.dedup();
    places
}

/// What can be done with it, by the keys in force.
fn hint(model: &Model, watch: &Watch) -> String {
    let key = |action| {
        model
            .keymap
            .key_of(&[Place::Watch], action)
            .unwrap_or_default()
    };
    match &watch.stage {
        Stage::Issued { problems, .. } if problems.is_empty() => format!(
            "{} copy · {} write to a file · {} open the order",
            key(Action::CopyMenu),
            key(Action::WriteFile),
            key(Action::Open)
        ),
        Stage::AwaitsApproval(_) => format!(
            "{} approve, if your role allows it · closing this keeps watching",
            key(Action::Approve)
        ),
        Stage::AwaitsCertificate(_) if watch.token.is_some() => format!(
            "{} copy the random value and its record",
            key(Action::CopyMenu)
        ),
        _ if resend::why_not(&model.engine.writes, &watch.op).is_none() => {
            format!("{} send again", key(Action::SendAgain))
        }
        _ => String::new(),
    }
}
