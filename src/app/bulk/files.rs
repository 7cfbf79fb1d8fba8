//! Which certificates came of a list, and in which files they are.

use super::{BulkList, BulkLists, Standing};
use crate::app::msg::FileProblem;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::app::writes::Watch;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::text::counted;
use crate::domain::write::WriteId;

/// What is issued and in no file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The number that it was sent under.
    pub op: WriteId,
    pub certificate: CertificateId,
    /// The key that it must fit.
    pub spki_der: Vec<u8>,
}

/// How many certificates were written since that was last asked for, and how many were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Files {
    written: usize,
    refused: usize,
}

impl BulkList {
    /// What is issued and in no file yet.
    pub(in crate::app) fn wanted(&self, watches: &[Watch]) -> Vec<Wanted> {
        let unwritten = self
            .rows
            .iter()
            .filter(|row| !matches!(row.file, Some(Ok(_))));
        unwritten
            .filter_map(|row| {
                let Standing::Sent(op) = &row.standing else {
                    return None;
                };
                Some(Wanted {
                    op: op.clone(),
                    certificate: row.certificate(watches)?,
                    spki_der: row.csr.as_ref()?.spki_der.clone(),
                })
            })
            .collect()
    }
}

impl BulkLists {
    /// What is issued and in no file yet is about to be written.
    pub(in crate::app) fn start_writing(&mut self, order: OrderId) {
        if let Some(list) = self.all.get_mut(&order) {
            list.files = Files::default();
        }
    }

    /// A file was written, or not.
    pub(in crate::app) fn on_file_saved(
        &mut self,
        op: &WriteId,
        path: String,
        caveat: Option<&str>,
        result: Result<(), FileProblem>,
        turn: &mut Turn,
    ) {
        let result = match result {
            Ok(()) => Ok(match caveat {
                None => path,
                Some(caveat) => format!("{path} ({caveat})"),
            }),
            Err(FileProblem::Exists) => Err(format!("{path} already exists; it was not replaced")),
            Err(FileProblem::Failed(failure)) => Err(failure.to_string()),
        };
        self.note(op, result, turn);
    }

    /// A chain did not come, or is not what was asked for.
    pub(in crate::app) fn not_written(&mut self, op: &WriteId, why: String, turn: &mut Turn) {
        self.note(op, Err(why), turn);
    }

    fn note(&mut self, op: &WriteId, result: Result<String, String>, turn: &mut Turn) {
        let sent = Standing::Sent(op.clone());
        let mut files = Files::default();
        for list in self.all.values_mut() {
            if let Some(row) = list.rows.iter_mut().find(|row| row.standing == sent) {
                row.file = Some(result.clone());
                list.unkept = true;
                match result {
                    Ok(_) => list.files.written += 1,
                    Err(_) => list.files.refused += 1,
                }
                files = list.files;
            }
        }
        let Files { written, refused } = files;
        let words = format!("{} written", counted(written, "file", "files"));
        match result {
            Ok(_) if refused > 0 => {
                let words = format!("{words}, {refused} not: see the list.");
                turn.set_status(Tone::Warn, words);
            }
            Ok(_) if written > 0 => turn.set_status(Tone::Good, format!("{words}.")),
            Ok(_) => {}
            Err(why) if written + refused > 1 => {
                turn.set_status(Tone::Bad, format!("{words}, {refused} not: {why}"));
            }
            Err(why) => turn.set_status(Tone::Bad, format!("Not written: {why}")),
        }
    }
}
