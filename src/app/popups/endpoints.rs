//! Questions about endpoints: which to add, from which file, and which to remove.

use super::{Popup, Prompt, PromptKind};
use crate::app::field::{FieldKind, TextField};
use crate::domain::endpoint::Target;
use crate::domain::text::{counted, sanitise};

/// Endpoints that a question names.
const NAMED: usize = 3;

fn typed(title: &str, body: Vec<String>, kind: PromptKind) -> Popup {
    let mut field = TextField::new(FieldKind::Line);
    field.set_focus(true);
    Popup::Prompt(Box::new(Prompt {
        title: title.into(),
        body,
        field: Some(field),
        error: None,
        kind,
    }))
}

/// Asks which endpoints to add.
pub(in crate::app) fn ask_endpoints() -> Popup {
    let body = vec![
        "host:port, smtp://host, 10.0.0.0/28:443, 10.0.0.5-9:8443; several with commas.".into(),
        "\"10.0.0.5:443 for www.example.com\" asks there for a name.".into(),
    ];
    typed("Add endpoints", body, PromptKind::Endpoints)
}

/// Asks for the file that lists endpoints to add.
pub(in crate::app) fn ask_endpoint_file() -> Popup {
    let body = vec!["One entry a line, as they are typed with add; # begins a comment.".into()];
    typed("Add endpoints from a file", body, PromptKind::EndpointFile)
}

/// Asks before several endpoints are added.
pub(in crate::app) fn ask_add(all: Vec<Target>, path: Option<&str>) -> Popup {
    let count = counted(all.len(), "endpoint", "endpoints");
    let from = path.map_or_else(String::new, |path| format!(" from {}", sanitise(path)));
    let body = vec![
        format!("{count}{from}: {}", some(&all)),
        "certdeck looks at none of them before you ask.".into(),
        "Enter add · Esc cancel".into(),
    ];
    Popup::Prompt(Box::new(Prompt {
        title: format!("Add {count}?"),
        body,
        field: None,
        error: None,
        kind: PromptKind::AddEndpoints(all),
    }))
}

/// Asks before endpoints are removed.
pub(in crate::app) fn ask_remove(ids: Vec<u32>, all: &[Target]) -> Popup {
    let count = counted(all.len(), "endpoint", "endpoints");
    let body = vec![
        some(all),
        "What was seen there is forgotten. Nothing changes in CertCentral.".into(),
        "Enter remove · Esc cancel".into(),
    ];
    Popup::Prompt(Box::new(Prompt {
        title: format!("Remove {count}?"),
        body,
        field: None,
        error: None,
        kind: PromptKind::RemoveEndpoints(ids),
    }))
}

/// The first of several, and the last.
fn some(all: &[Target]) -> String {
    let words = |some: &[Target]| {
        let words: Vec<String> = some.iter().map(Target::words).collect();
        words.join(", ")
    };
    match all {
        [first, .., last] if all.len() > NAMED => format!("{} … {}", first.words(), last.words()),
        all => words(all),
    }
}
