//! Certificates that came of a run to files, each named after its order and certificate, never over one that is there.

use super::Standing;
use crate::app::effect::Effect;
use crate::app::field::TextField;
use crate::app::model::Model;
use crate::app::msg::FileProblem;
use crate::app::popups::{Popup, Prompt, PromptKind};
use crate::app::status::Tone;
use crate::app::subject::ChainUse;
use crate::app::update::turns::fetch;
use crate::domain::csr::Csr;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Certificate, Role};
use crate::domain::text::counted;
use crate::domain::write::WriteId;

/// Asks for the folder.
pub(super) fn ask(model: &mut Model) {
    let Some(bulk) = model.open_bulk() else {
        return;
    };
    let order = bulk.order;
    let count = wanted(model, order).len();
    let field = TextField::focused();
    model.popups.push(Popup::Prompt(Box::new(Prompt {
        title: format!(
            "Write {} into a folder",
            counted(count, "certificate", "certificates")
        ),
        body: vec![
            "Each with its intermediates, as NAME-ORDER-CERTIFICATE.pem, mode 0644.".into(),
            "Existing files are never replaced. Empty: the folder in the settings, or else the one certdeck started \
                in.".into(),
        ],
        field: Some(field),
        error: None,
        kind: PromptKind::BulkFolder(order),
    })));
}

/// Why there is nothing to write.
pub(super) fn why_none(model: &Model, order: OrderId) -> Option<String> {
    let none = wanted(model, order).is_empty();
    none.then(|| "No certificate here is issued and not yet written.".to_owned())
}

/// What is issued and in no file yet: the number it was sent under, its certificate, and the CSR that it must fit.
fn wanted(model: &Model, order: OrderId) -> Vec<(WriteId, CertificateId, Csr)> {
    let Some(bulk) = model.bulks.get(&order) else {
        return Vec::new();
    };
    let unwritten = bulk
        .rows
        .iter()
        .filter(|row| !matches!(row.file, Some(Ok(_))));
    unwritten
        .filter_map(|row| {
            let Standing::Sent(op) = &row.standing else {
                return None;
            };
            let certificate = row.certificate(&model.engine.writes.all)?;
            Some((op.clone(), certificate, row.csr.clone()?))
        })
        .collect()
}

/// Fetches them all; each is written when it came and was checked once more.
pub(in crate::app) fn write_all(model: &mut Model, order: OrderId, folder: &str) -> Vec<Effect> {
    let folder = folder.trim().trim_end_matches('/');
    let mut effects = Vec::new();
    for (op, certificate, csr) in wanted(model, order) {
        let known = model
            .engine
            .account
            .known
            .get(&order)
            .and_then(|data| data.certificate(certificate));
        let row = known.cloned().unwrap_or_else(|| {
            let mut row = Certificate::empty(Role::Duplicate(None));
            row.id = Some(certificate);
            // All of them have the order's names.
            let info = model
                .engine
                .account
                .known
                .get(&order)
                .and_then(|data| data.order.value());
            row.common_name =
                info.map_or_else(String::new, |info| info.certificate.common_name.clone());
            row
        });
        let Some(mut subject) = model.engine.subject(order, &row) else {
            continue;
        };
        subject.spki_der = Some(csr.spki_der);
        let name = subject.file_name();
        let path = match folder {
            // A plain name goes into the download folder of the settings, if there is one.
            "" | "." => name,
            folder => format!("{folder}/{name}"),
        };
        effects.extend(fetch(model, ChainUse::Bulk { subject, op, path }));
    }
    effects
}

/// A chain did not come, or is not what was asked for.
pub(in crate::app) fn not_fetched(model: &mut Model, op: &WriteId, why: String) {
    note(model, op, Err(why));
}

/// A file was written, or not.
pub(in crate::app) fn written(
    model: &mut Model,
    op: &WriteId,
    path: String,
    caveat: Option<&str>,
    result: Result<(), FileProblem>,
) {
    let result = match result {
        Ok(()) => Ok(match caveat {
            None => path,
            Some(caveat) => format!("{path} ({caveat})"),
        }),
        Err(FileProblem::Exists) => Err(format!("{path} already exists; it was not replaced")),
        Err(FileProblem::Failed(failure)) => Err(failure.to_string()),
    };
    note(model, op, result);
}

fn note(model: &mut Model, op: &WriteId, result: Result<String, String>) {
    let sent = Standing::Sent(op.clone());
    let mut told = None;
    for bulk in model.bulks.values_mut() {
        if let Some(row) = bulk.rows.iter_mut().find(|row| row.standing == sent) {
            row.file = Some(result.clone());
            bulk.unkept = true;
            let written = |row: &&super::Row| matches!(row.file, Some(Ok(_)));
            told = Some(bulk.rows.iter().filter(written).count());
        }
    }
    match (told, result) {
        (Some(count), Ok(_)) => model.set_status(
            Tone::Good,
            format!("{} written.", counted(count, "file", "files")),
        ),
        (_, Err(why)) => model.set_status(Tone::Bad, format!("Not written: {why}")),
        (None, Ok(_)) => {}
    }
}
