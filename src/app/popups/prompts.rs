//! Questions: where to write, replace a file, send again, set aside, leave.

use super::{Popup, Prompt, PromptKind};
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::field::{FieldKind, TextField};
use crate::app::installs::Installs;
use crate::app::status::Tone;
use crate::app::subject::{ChainUse, Subject};
use crate::app::turn::Outcome;
use crate::domain::endpoint_list;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::install::InstallRecord;
use crate::domain::text::{counted, sanitise};
use crate::domain::write::WriteId;
use crate::keys::Action;

/// Asks where to write a certificate.
pub(in crate::app) fn ask_path(subject: Subject) -> Popup {
    let mut field = TextField::with(FieldKind::Line, &subject.file_name());
    field.set_focus(true);
    Popup::Prompt(Box::new(Prompt {
        title: "Write to a file".into(),
        body: vec![
            format!(
                "Certificate and intermediates of {}",
                sanitise(&subject.name)
            ),
            "Mode 0644. certdeck asks before replacing an existing file.".into(),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::WriteTo(subject),
    }))
}

/// Asks for the folder of the certificates of marked orders.
pub(in crate::app) fn ask_folder(orders: Vec<OrderId>) -> Popup {
    let mut field = TextField::with(FieldKind::Line, ".");
    field.set_focus(true);
    let count = counted(orders.len(), "marked order", "marked orders");
    Popup::Prompt(Box::new(Prompt {
        title: "Write to a folder".into(),
        body: vec![
            format!(
                "Certificate and intermediates of {count}, a file each: NAME-ORDER-CERTIFICATE.pem"
            ),
            "Mode 0644. No existing file is replaced.".into(),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::MarkedFolder(orders),
    }))
}

/// Asks where to write a text.
pub(in crate::app) fn ask_text_path(text: String, what: String, name: &str) -> Popup {
    let mut field = TextField::with(FieldKind::Line, name);
    field.set_focus(true);
    let mut words = what.clone();
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    Popup::Prompt(Box::new(Prompt {
        title: "Write to a file".into(),
        body: vec![
            sanitise(&words).into_owned(),
            "Mode 0644. certdeck asks before replacing an existing file.".into(),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::WriteText { text, what },
    }))
}

/// Asks before a write is set aside: one that did not come out as asked for, has no known outcome, or is still waited
/// for.
pub(in crate::app) fn ask_dismiss(
    op: WriteId,
    what: &str,
    problems: &[String],
    is_unknown: bool,
) -> Popup {
    let body = if !problems.is_empty() {
        let mut body =
            vec!["The certificate that resulted does not match what was requested:".to_owned()];
        body.extend(problems.iter().cloned());
        body.push(
            "Once you dismiss it, the order no longer shows it; the row stays in the journal."
                .into(),
        );
        body
    } else if is_unknown {
        vec![
            format!("Whether CertCentral received this is not known: {what}."),
            "Check CertCentral before you send the same again. certdeck stops looking; the row stays in the journal."
                .into(),
        ]
    } else {
        vec![
            format!("CertCentral has it, and something is still to come: {what}."),
            "certdeck stops looking; the row stays in the journal.".into(),
        ]
    };
    Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::Dismiss(op),
        title: "Dismiss this entry?".into(),
        body,
        field: None,
        error: None,
    }))
}

/// Asks before the command after issue runs for a certificate; nothing where it runs already.
pub(in crate::app) fn ask_install(subject: Subject, installs: &Installs) -> Option<Popup> {
    let command = installs.command.as_ref()?;
    let mut body = vec![format!(
        "{} runs for certificate {} of order {}: {}.",
        command.name,
        subject.certificate,
        subject.order,
        sanitise(&subject.name)
    )];
    let of_this = |one: &&InstallRecord| one.install.certificate == subject.certificate;
    let before = installs.of_order(subject.order).find(of_this);
    if let Some(before) = before {
        let at = before.at.strftime("%Y-%m-%d %H:%M UTC");
        body.push(format!("So far: {} ({at}).", before.words()));
    }
    if let Some(window) = &command.window {
        body.push(format!("It runs in its window: {window}, local time."));
    }
    body.push("Enter run · Esc cancel".into());
    Some(Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::Install(subject),
        title: "Install this certificate?".into(),
        body,
        field: None,
        error: None,
    })))
}

/// Asks before it is set aside that the command failed for a certificate, or one is kept from it that waits.
pub(in crate::app) fn ask_dismiss_install(
    (order, certificate): (OrderId, CertificateId),
    is_waiting: bool,
    what: &str,
) -> Popup {
    let words = if is_waiting {
        format!("{what} has not run yet. Once you dismiss it, it does not run by itself.")
    } else {
        format!(
            "{what} failed, or its end is not known. Once you dismiss it, it is no longer shown as open."
        )
    };
    let again = "I on the certificate runs it again. The row stays in the journal.";
    Popup::Prompt(Box::new(Prompt {
        kind: PromptKind::DismissInstall(order, certificate),
        title: "Dismiss this entry?".into(),
        body: vec![words, again.into()],
        field: None,
        error: None,
    }))
}

/// Keys in a question.
pub(super) fn act(popups: &mut Vec<Popup>, action: Action, cx: &mut Cx<'_>) {
    match action {
        Action::Back => {
            popups.pop();
        }
        Action::Open => answer(popups, cx),
        Action::Complete | Action::NextField if let Some(typed) = path_typed(popups) => {
            cx.turn.push(Effect::CompletePath { typed });
        }
        _ => {
            let words = "There is nowhere else to go here.";
            cx.turn.set_status(Tone::Info, words);
        }
    }
}

/// The path that is typed so far, where one is asked for.
fn path_typed(popups: &[Popup]) -> Option<String> {
    let Some(Popup::Prompt(prompt)) = popups.last() else {
        return None;
    };
    let field = prompt.field.as_ref().filter(|_| prompt.asks_path());
    field.map(TextField::text)
}

fn answer(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    let Some(Popup::Prompt(prompt)) = popups.last_mut() else {
        return;
    };
    let field = prompt.field.as_ref();
    let text = field.map(TextField::text).unwrap_or_default();
    prompt.error = match &prompt.kind {
        PromptKind::WriteTo(_) | PromptKind::WriteText { .. } | PromptKind::EndpointFile
            if text.trim().is_empty() =>
        {
            Some("Enter a file name.".into())
        }
        PromptKind::Endpoints => endpoint_list::parse(&text).err(),
        kind => {
            let word = kind.asks().filter(|(word, _)| text.trim() != *word);
            word.map(|(_, why)| why)
        }
    };
    if prompt.error.is_some() {
        return;
    }
    let Some(Popup::Prompt(prompt)) = popups.pop() else {
        return;
    };
    let turn = &mut *cx.turn;
    match prompt.kind {
        PromptKind::WriteTo(subject) => {
            let words = format!("Loading certificate {}…", subject.certificate);
            turn.set_status(Tone::Info, words);
            let path = text.trim().to_owned();
            turn.ask(Outcome::Fetch(Box::new(ChainUse::Write(subject, path))));
        }
        PromptKind::WriteText {
            text: written,
            what,
        } => turn.push(Effect::WriteFile {
            path: text.trim().to_owned(),
            text: written,
            what,
            overwrite: false,
        }),
        PromptKind::Endpoints => match endpoint_list::parse(&text) {
            Ok(all) if all.len() == 1 => cx.engine.add_endpoints(all, turn),
            Ok(all) => popups.push(super::ask_add(all, None)),
            Err(_) => {}
        },
        PromptKind::EndpointFile => turn.push(Effect::ReadEndpoints {
            path: text.trim().to_owned(),
        }),
        PromptKind::AddEndpoints(all) => cx.engine.add_endpoints(all, turn),
        PromptKind::RemoveEndpoints(ids) => cx.engine.remove_endpoints(&ids, turn),
        PromptKind::MarkedFolder(orders) => turn.ask(Outcome::WriteMarked(orders, text)),
        PromptKind::BulkFolder(list) => turn.ask(Outcome::WriteAll(list, text)),
        PromptKind::Overwrite { path, text, what } => turn.push(Effect::WriteFile {
            path,
            text,
            what,
            overwrite: true,
        }),
        PromptKind::ForceCopy { text, what } => turn.push(Effect::Copy {
            text,
            what,
            force: true,
        }),
        PromptKind::Dismiss(op) => {
            let (writes, mut below) = cx.engine.writes(turn);
            writes.dismiss(op, &mut below);
        }
        PromptKind::Install(subject) => {
            turn.ask(Outcome::Fetch(Box::new(ChainUse::Install(subject))));
        }
        PromptKind::DismissInstall(order, certificate) => {
            turn.set_status(Tone::Info, "Dismissed. The row stays in the journal.");
            turn.push(Effect::DismissInstall { order, certificate });
        }
        PromptKind::SendAgain { op, .. } => {
            let (writes, mut below) = cx.engine.writes(turn);
            writes.resend(&op, &mut below);
        }
        PromptKind::Unjournaled { op, .. } => {
            let (writes, mut below) = cx.engine.writes(turn);
            writes.send_all_the_same(&op, true, &mut below);
        }
        PromptKind::Twice { op, .. } => {
            let (writes, mut below) = cx.engine.writes(turn);
            writes.send_all_the_same(&op, false, &mut below);
        }
        PromptKind::Quit => turn.ask(Outcome::Quit),
    }
}
