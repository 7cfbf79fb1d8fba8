//! Which certificates came of a list, and in which files they are.

use super::{BulkList, BulkLists, Standing};
use crate::app::effect::{Effect, ListId, NewFile};
use crate::app::msg::FileProblem;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::app::writes::Watch;
use crate::domain::chain::{Chain, Expect};
use crate::domain::file_pattern::FileSet;
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::text::counted;
use crate::domain::write::WriteId;

/// What is issued and in no file yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub order: OrderId,
    /// The number that it was sent under.
    pub op: WriteId,
    pub certificate: CertificateId,
    /// The key that it must fit.
    pub spki_der: Vec<u8>,
    /// Where its files go, where the list said so before it was sent.
    pub target: Option<FileSet>,
}

/// How many certificates were written since that was last asked for, and how many were not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Files {
    written: usize,
    refused: usize,
}

/// Writes the files of a certificate, the full chain first; a chain without intermediates has no file.
pub(in crate::app) fn write_set(
    op: WriteId,
    chain: &Chain,
    target: &FileSet,
    caveat: Option<String>,
) -> Effect {
    Effect::WriteNew {
        of: NewFile::Row(op),
        files: target.texts(chain),
        is_set: true,
        latest: target.latest.clone(),
        key: Some((target.key.clone(), chain.leaf.spki_der.clone())),
        caveat,
    }
}

impl BulkList {
    /// What is issued and in no file yet.
    pub(in crate::app) fn wanted(&self, watches: &[Watch]) -> Vec<Wanted> {
        let unwritten = self.rows.iter().filter(|row| {
            !row.writing && !row.is_mismatch(watches) && !matches!(row.file, Some(Ok(_)))
        });
        unwritten
            .filter_map(|row| {
                let Standing::Sent(op) = &row.standing else {
                    return None;
                };
                Some(Wanted {
                    order: row.order,
                    op: op.clone(),
                    certificate: row.certificate(watches)?,
                    spki_der: row.csr.as_ref()?.spki_der.clone(),
                    target: row.target.clone(),
                })
            })
            .collect()
    }
}

impl BulkList {
    /// What is written from now on is counted anew.
    pub(super) fn start_counting_files(&mut self) {
        self.files = Files::default();
    }
}

impl BulkLists {
    /// What is issued and in no file yet is about to be written.
    pub(in crate::app) fn start_writing(&mut self, id: ListId) {
        if let Some(list) = self.all.get_mut(&id) {
            list.start_counting_files();
        }
    }

    /// The files of a row are on their way to the disk.
    pub(in crate::app) fn writes_row(&mut self, id: ListId, op: &WriteId) {
        let rows = self
            .all
            .get_mut(&id)
            .into_iter()
            .flat_map(|list| &mut list.rows);
        for row in rows.filter(|row| row.number.as_ref() == Some(op)) {
            row.writing = true;
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

    /// Where the files of a row go that are being written now.
    pub(in crate::app) fn files_of(&self, op: &WriteId) -> Option<&FileSet> {
        let mut rows = self.all.values().flat_map(|list| &list.rows);
        let row = rows.find(|row| row.writing && row.number.as_ref() == Some(op));
        row?.target.as_ref()
    }

    /// The certificate of a row was verified: its files are written where the list said so before it was sent.
    pub(in crate::app) fn on_verified(
        &mut self,
        op: &WriteId,
        pem: &str,
        is_as_asked: bool,
        turn: &mut Turn,
    ) {
        let rows = self.all.values_mut().flat_map(|list| &mut list.rows);
        let Some(row) = rows
            .filter(|row| row.number.as_ref() == Some(op))
            .find(|row| row.target.is_some() && !row.writing && !matches!(row.file, Some(Ok(_))))
        else {
            return;
        };
        if !is_as_asked {
            let why = "it does not match what was requested".to_owned();
            return self.note(op, Err(why), turn);
        }
        let spki = row.csr.as_ref().map(|csr| csr.spki_der.as_slice());
        let expect = Expect {
            spki_der: spki,
            serial: None,
        };
        let chain = match Chain::from_pem(pem, expect) {
            Ok(chain) => chain,
            Err(error) => return self.note(op, Err(error.to_string()), turn),
        };
        let Some(target) = &row.target else {
            return;
        };
        let caveat = chain.hole();
        let caveat = caveat.map(|missing| format!("no full chain: {missing} was not sent"));
        turn.push(write_set(op.clone(), &chain, target, caveat));
        row.writing = true;
    }

    fn note(&mut self, op: &WriteId, result: Result<String, String>, turn: &mut Turn) {
        let mut files = Files::default();
        let mut one_each = true;
        for list in self.all.values_mut() {
            let mut rows = list.rows.iter_mut();
            if let Some(row) = rows.find(|row| row.number.as_ref() == Some(op)) {
                row.file = Some(result.clone());
                row.writing = false;
                if result.is_err() {
                    // Where it goes instead is asked for.
                    row.target = None;
                }
                list.unkept = true;
                match result {
                    Ok(_) => list.files.written += 1,
                    Err(_) => list.files.refused += 1,
                }
                files = list.files;
                one_each = list.id != ListId::Reissues;
            }
        }
        let Files { written, refused } = files;
        let what = if one_each {
            counted(written, "file", "files")
        } else {
            counted(written, "certificate", "certificates")
        };
        let words = format!("{what} written");
        match result {
            Ok(_) if refused > 0 => {
                let words = format!("{words}, {refused} not: see the list.");
                turn.set_status(Tone::Warn, words);
            }
            // Why a run stopped goes on being said.
            Ok(_)
                if !one_each
                    && turn
                        .status
                        .as_ref()
                        .is_some_and(|told| told.tone == Tone::Bad) => {}
            Ok(_) if written > 0 => turn.set_status(Tone::Good, format!("{words}.")),
            Ok(_) => {}
            Err(why) if written + refused > 1 => {
                turn.set_status(Tone::Bad, format!("{words}, {refused} not: {why}"));
            }
            Err(why) => turn.set_status(Tone::Bad, format!("Not written: {why}")),
        }
    }
}
