//! `certdeck resume`: what earlier runs sent is followed to its end; nothing is sent again.

use std::collections::BTreeSet;
use std::process::ExitCode;

use jiff::Timestamp;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::output::{Screen, Sheet};
use super::print;
use super::send::Standing;
use super::send::changes::{Changes, Prepared, Row, exit};
use super::send::files::After;
use super::session::Session;
use crate::app::effect::Read;
use crate::app::turn::Verified;
use crate::app::writes::Watch;
use crate::domain::write::{WriteId, WriteKind};

/// Does what `certdeck resume` says: what earlier runs sent is followed to its end.
pub(super) fn run(context: &Context, arguments: &args::Resume) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let mut sheet = Sheet::<Changes>::new(&arguments.show, screen, std::io::stdout())?;
    let mut session = Session::connect(context)?;
    let after = After::new(&arguments.follow, &session)?;
    let mut rows = taken_up(&mut session, &after, false);
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

/// What earlier runs sent and saw no end of, with where its files go; with `own` only reissues whose keys stand where this run
/// would put them.
pub(super) fn taken_up(session: &mut Session<'_>, after: &After, own: bool) -> Vec<Prepared> {
    session.take_up();
    let watches = session.script.engine.writes.all.iter();
    let rows = watches.map(|watch| sent_before(session, after, watch));
    let is_own = |row: &Row| row.files.is_some() && row.action == Some(WriteKind::Reissue);
    rows.filter(|row| !own || is_own(row))
        .map(|row| (row, None))
        .collect()
}

/// What another run, or a desk, sent.
fn sent_before(session: &Session<'_>, after: &After, watch: &Watch) -> Row {
    let outgoing = &watch.outgoing;
    let spki = outgoing.expected.as_ref().map(|one| one.spki_der.clone());
    let key = spki.and_then(|spki| {
        let key = session.script.ask(move |store| store.key_file(&spki));
        key.and_then(Result::ok).flatten()
    });
    let name = outgoing.common_name().unwrap_or_else(|| watch.name.clone());
    let order = watch.order.or(outgoing.order);
    let files = key.as_deref().zip(order);
    let files = files.and_then(|(key, order)| after.files_beside(&name, order, watch.sent, key));
    let mut row = Row::new(order, name);
    row.action = Some(outgoing.kind);
    row.op = Some(watch.op.clone());
    row.standing = session.standing(&watch.op);
    row.files = files;
    row.key = key;
    row
}

/// Waits for what was sent, as far as that is asked for, and does with each certificate what is to be done.
pub(super) fn follow(
    session: &mut Session<'_>,
    rows: &mut Vec<Prepared>,
    asked: &args::Follow,
    after: &After,
) {
    let sent: Vec<(usize, WriteId)> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, (row, _))| Some((at, row.op.clone()?)))
        .collect();
    let ops: Vec<WriteId> = sent.iter().map(|(_, op)| op.clone()).collect();
    for (at, op) in &sent {
        let row = &mut rows[*at].0;
        row.record = record(session, op);
        if let Some(record) = row.record.as_ref().filter(|_| asked.wait.is_some()) {
            print::err(&format!("{}: {record}", row.name));
        }
    }
    session.wait_for(&ops, asked, |session, Verified { op, pem, .. }| {
        let standing = session.standing(&op);
        let watch = session.script.engine.writes.get(&op);
        let (Standing::Issued(certificate, _), Some(watch)) = (&standing, watch) else {
            return;
        };
        let Some(order) = watch.order else {
            return;
        };
        let of = (order, *certificate);
        let at = sent.iter().find(|(_, of)| *of == op).map(|(at, _)| *at);
        let at = at.unwrap_or_else(|| {
            // Sent by a desk, which is not there to see its end.
            rows.push((sent_before(session, after, watch), None));
            rows.len() - 1
        });
        let row = &mut rows[at].0;
        row.written = after.run(session, of, &pem, row.files.as_ref());
        row.standing = standing;
    });
    for (at, op) in &sent {
        let row = &mut rows[*at].0;
        // Of a new order, which it is known by now.
        let watch = session.script.engine.writes.get(op);
        row.order = watch.and_then(|watch| watch.order).or(row.order);
        row.standing = session.standing(op);
        row.record
            .take_if(|_| row.standing != Standing::AwaitsCertificate);
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
    let rows = session.script.engine.names_of(order).into_iter();
    let places = rows.filter(|row| row.token.as_ref() == Some(&token));
    let mut lines: BTreeSet<String> = places.filter_map(|row| Some(row.place?.line())).collect();
    if lines.is_empty() {
        lines.insert(format!("the random value is {token}"));
    }
    let lines: Vec<String> = lines.into_iter().collect();
    Some(lines.join("\n"))
}
