//! `certdeck resume`: what earlier runs sent is followed to its end; nothing is sent again.

use std::process::ExitCode;

use jiff::{SignedDuration, Timestamp};

use super::args;
use super::context::Context;
use super::error::CliError;
use super::output::{Screen, Sheet};
use super::print;
use super::send::Standing;
use super::send::changes::{Changes, Prepared, Row, exit};
use super::send::files::After;
use super::session::Session;
use super::validation;
use crate::app::effect::Read;
use crate::app::msg::Data;
use crate::app::turn::Verified;
use crate::app::writes::Watch;
use crate::domain::chain::{Chain, Expect};
use crate::domain::write::{Outgoing, Stage, WriteId};
use crate::runtime::journal::fingerprint;
use crate::runtime::reading;
use crate::store::{Output, OutputKey};

/// After so long nothing is about to be sent any more.
const ABANDONED: SignedDuration = SignedDuration::from_hours(24);

/// Does what `certdeck resume` says: what earlier runs sent is followed to its end.
pub(super) fn run(context: &Context, arguments: &args::Resume) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Changes>::new(&arguments.show, screen, std::io::stdout())?;
    let mut session = Session::connect(context)?;
    let after = After::new(&arguments.follow, &session)?;
    let mut rows = taken_up(&mut session, &after, false)?;
    follow(&mut session, &mut rows, &arguments.follow, &after);
    let failed = after.run_waiting(&session)?;
    let exit = exit(rows.iter().map(|(row, _)| row), false, failed);
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows.iter().map(|(row, _)| row).collect())?;
    if sheet.count() == 0 {
        print::hint(context, "Nothing is unfinished.");
    }
    sheet.end()?;
    Ok(exit.into())
}

/// What earlier runs sent and saw no end of, or whose files are not written yet; with `due` only what the week's job sent.
pub(super) fn taken_up(
    session: &mut Session<'_>,
    after: &After,
    due: bool,
) -> Result<Vec<Prepared>, CliError> {
    session.take_up();
    let outputs = session.script.ask(|store| store.outputs());
    let mut outputs = outputs.transpose()?.unwrap_or_default();
    let mut rows = Vec::new();
    for watch in &session.script.engine.writes.all {
        let at = position(&outputs, &watch.outgoing);
        let output = at.map(|at| outputs.swap_remove(at));
        if due && !output.as_ref().is_some_and(|output| output.is_due) {
            continue;
        }
        let mut row = sent_before(session, watch);
        match output {
            Some(output) => {
                row.asks_for(output);
            }
            None => {
                row.files = row
                    .order
                    .and_then(|order| after.free_files(&row.name, order));
            }
        }
        rows.push((row, None));
    }
    // Whoever saw it issued did not write it: a desk, or a run that was killed then.
    for output in outputs.into_iter().filter(|output| output.is_due || !due) {
        rows.extend(issued_before(session, output)?.map(|row| (row, None)));
    }
    Ok(rows)
}

/// What another run, or a desk, sent.
fn sent_before(session: &Session<'_>, watch: &Watch) -> Row {
    let outgoing = &watch.outgoing;
    let name = outgoing.common_name().unwrap_or_else(|| watch.name.clone());
    let mut row = Row::new(watch.order.or(outgoing.order), name);
    row.action = Some(outgoing.kind);
    row.op = Some(watch.op.clone());
    row.standing = session.standing(&watch.op);
    row.key = key_file(session, outgoing);
    row
}

/// In which file the key of a request is, where it was made here.
fn key_file(session: &Session<'_>, outgoing: &Outgoing) -> Option<String> {
    let spki = outgoing.expected.as_ref()?.spki_der.clone();
    let key = session.script.ask(move |store| store.key_file(&spki));
    key.and_then(Result::ok).flatten()
}

/// A certificate that was verified and whose files are not written; what ended without one is to be written no more.
fn issued_before(session: &Session<'_>, output: Output) -> Result<Option<Row>, CliError> {
    let key = output.key.clone();
    let record = session
        .script
        .ask(move |store| store.newest_of(&key.csr_sha256, &key.path));
    let Some(record) = record.transpose()?.flatten() else {
        // It may be about to be sent, and never was where that is long ago.
        if session.script.engine.now.duration_since(output.kept) > ABANDONED {
            forget(session, output.key);
        }
        return Ok(None);
    };
    if record.dismissed {
        forget(session, output.key);
        return Ok(None);
    }
    let is_open = record.is_running() || record.is_unknown() || record.is_awaited();
    match Stage::of(&record) {
        Stage::Issued {
            certificate,
            problems,
            ..
        } if problems.is_empty() => {
            let Some(outgoing) = record.intent.outgoing() else {
                return Ok(None);
            };
            let name = outgoing.common_name().unwrap_or_default();
            let mut row = Row::new(record.made_on(), name);
            row.action = Some(outgoing.kind);
            row.op = Some(record.intent.op.clone());
            row.standing = Standing::Issued(certificate, Vec::new());
            row.key = key_file(session, &outgoing);
            row.spki_der = outgoing.expected.map(|expected| expected.spki_der);
            row.asks_for(output);
            Ok(Some(row))
        }
        _ if is_open => Ok(None),
        _ => {
            forget(session, output.key);
            Ok(None)
        }
    }
}

/// Where among these what a request asked for is.
fn position(outputs: &[Output], outgoing: &Outgoing) -> Option<usize> {
    let csr = fingerprint(outgoing)?;
    let is = |output: &Output| output.key.csr_sha256 == csr && output.key.path == outgoing.path;
    outputs.iter().position(is)
}

/// Has nothing written any more of what was asked for.
pub(super) fn forget(session: &Session<'_>, key: OutputKey) {
    let forgot = session.script.ask(move |store| store.forget_output(&key));
    if let Some(Err(error)) = forgot {
        print::err(&format!(
            "certdeck: that the files are written is not stored: {error}"
        ));
    }
}

/// Writes the files of a certificate, and runs the command for it.
fn write(session: &Session<'_>, after: &After, row: &mut Row, pem: &str) {
    let (Some(order), Some(certificate)) = (row.order, row.certificate()) else {
        return;
    };
    row.written = after.run(session, (order, certificate), pem, row);
    if let Some(Ok(_)) = row.written.full_chain
        && let Some(key) = row.output.take()
    {
        forget(session, key);
    }
}

/// Does with each certificate that was verified meanwhile what is to be done: written is it, before anything else is sent.
pub(super) fn hand_over(session: &mut Session<'_>, rows: &mut Vec<Prepared>, after: &After) {
    // What is verified is settled in the journal: what has no files kept nobody hands on later.
    for Verified {
        op,
        pem,
        is_as_asked,
    } in session.script.verified()
    {
        let Some(watch) = session.script.engine.writes.get(&op) else {
            continue;
        };
        let (order, standing) = (watch.order, session.standing(&op));
        let is_row = |(row, _): &&mut Prepared| row.op.as_ref() == Some(&op);
        if let Some((row, _)) = rows.iter_mut().find(is_row) {
            row.order = order.or(row.order);
            row.standing = standing;
            if is_as_asked {
                write(session, after, row, &pem);
            }
        } else if is_as_asked {
            // Sent by a desk, or by another command, which is not there to see its end: it says what runs for it, or the
            // settings do.
            let mut row = sent_before(session, watch);
            row.standing = standing;
            row.is_others = true;
            let mut outputs = match session.script.ask(|store| store.outputs()) {
                Some(Ok(outputs)) => outputs,
                // What was to run for it is not known: the next run does it.
                Some(Err(error)) => {
                    print::err(&format!("certdeck: {}: not handed over: {error}", row.name));
                    continue;
                }
                None => continue,
            };
            if let Some(at) = position(&outputs, &watch.outgoing) {
                row.asks_for(outputs.swap_remove(at));
            }
            write(session, after, &mut row, &pem);
            rows.push((row, None));
        }
    }
}

/// Waits for what was sent, as far as that is asked for, and does with each certificate what is to be done.
pub(super) fn follow(
    session: &mut Session<'_>,
    rows: &mut Vec<Prepared>,
    asked: &args::Follow,
    after: &After,
) {
    let ops: Vec<WriteId> = rows.iter().filter_map(|(row, _)| row.op.clone()).collect();
    for (row, _) in rows.iter_mut() {
        let Some(op) = row.op.clone() else { continue };
        row.record = record(session, &op);
        if let Some(record) = row.record.as_ref().filter(|_| asked.wait.is_some()) {
            print::err(&format!("{}: {record}", row.name));
        }
    }
    write_verified(session, rows, after);
    let writes = rows.iter().any(|(row, _)| row.files.is_some());
    session.wait_for(&ops, asked.wait, writes, |session| {
        hand_over(session, rows, after);
    });
    for (row, _) in rows.iter_mut() {
        let op = row.op.as_ref();
        // What ended long ago is not watched any more.
        if let Some(watch) = op.and_then(|op| session.script.engine.writes.get(op)) {
            // Of a new order, which it is known by now.
            row.order = watch.order.or(row.order);
            row.standing = session.standing(&watch.op);
        }
        row.record
            .take_if(|_| row.standing != Standing::AwaitsCertificate);
    }
}

/// Writes what was verified: just now, or before.
pub(super) fn write_verified(session: &mut Session<'_>, rows: &mut Vec<Prepared>, after: &After) {
    hand_over(session, rows, after);
    for (row, _) in rows.iter_mut() {
        write_issued(session, row, after);
    }
}

/// Fetches a certificate that was verified before, and writes it.
fn write_issued(session: &Session<'_>, row: &mut Row, after: &After) {
    let (Some(spki), Some(certificate)) = (row.spki_der.take(), row.certificate()) else {
        return;
    };
    let read = Read::Chain(certificate);
    let chain = session.reads().map(|reads| {
        let answer = session.script.wait(reading::read(&reads, &read));
        answer.map_err(|error| error.to_string())
    });
    let failed = |why: String| Some(Err(why));
    match chain {
        Ok(Ok(Data::Chain(pem))) => {
            let expect = Expect {
                spki_der: Some(&spki),
                serial: None,
            };
            match Chain::from_pem(&pem, expect) {
                Ok(_) => write(session, after, row, &pem),
                Err(error) => row.written.full_chain = failed(error.to_string()),
            }
        }
        Ok(Ok(_)) => {}
        Ok(Err(why)) => row.written.full_chain = failed(why),
        Err(error) => row.written.full_chain = failed(error.to_string()),
    }
}

/// What has to stand where for the certificate that is waited for, where the answer brought a random value.
fn record(session: &mut Session<'_>, op: &WriteId) -> Option<String> {
    if session.standing(op) != Standing::AwaitsCertificate {
        return None;
    }
    let watch = session.script.engine.writes.get(op)?;
    let (order, token) = (watch.order?, watch.token.clone()?);
    let names = watch.outgoing.names();
    session.read([Read::Order(order), Read::Domains(order, names)]);
    let rows = session.script.engine.names_of(order);
    Some(validation::records(&rows, &token))
}
