//! Which certificates came of a list, and in which files they are.

use super::{BulkList, BulkLists, Row, Standing};
use crate::app::msg::FileProblem;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::app::writes::Watch;
use crate::domain::ids::CertificateId;
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
        let mut told = None;
        for list in self.all.values_mut() {
            if let Some(row) = list.rows.iter_mut().find(|row| row.standing == sent) {
                row.file = Some(result.clone());
                list.unkept = true;
                let written = |row: &&Row| matches!(row.file, Some(Ok(_)));
                told = Some(list.rows.iter().filter(written).count());
            }
        }
        match (told, result) {
            (Some(count), Ok(_)) => {
                let files = counted(count, "file", "files");
                turn.set_status(Tone::Good, format!("{files} written."));
            }
            (_, Err(why)) => turn.set_status(Tone::Bad, format!("Not written: {why}")),
            (None, Ok(_)) => {}
        }
    }
}
