//! The commands that change an order, or decide a request, in one step: judged by the rules of the desk's menu, shown, and sent
//! once.

use std::process::ExitCode;

use jiff::Timestamp;

use super::args::{self, Consent, Show};
use super::context::Context;
use super::error::CliError;
use super::print;
use super::send::changes::{self, Row, exit};
use super::send::{self, Standing};
use super::session::{Session, came};
use super::validation;
use crate::app::effect::Read;
use crate::app::popups::operations::asking::{consequences, request_words};
use crate::app::popups::operations::still_served;
use crate::app::writes::{Send, lacks_record};
use crate::domain::dcv::DcvMethod;
use crate::domain::ids::{DomainId, OrderId, RequestId};
use crate::domain::operation::{self, Answers, Operation};
use crate::domain::order::Order;
use crate::domain::request::Request;
use crate::domain::status::{OrderStatus, RequestStatus};
use crate::domain::text::counted;
use crate::domain::write::{Outgoing, WriteKind};

/// What is reported, what is to be sent, and what is to be known before.
pub(super) type Step = (Row, Option<Outgoing>, Vec<String>);

/// How it is printed, whether it is sent, and the order number that was given to confirm it.
pub(super) type How<'a> = (&'a Show, Consent, Option<OrderId>);

/// Does what `certdeck approve` and `certdeck reject` say.
pub(super) fn decide(
    context: &Context,
    arguments: &args::Decide,
    approve: bool,
) -> Result<ExitCode, CliError> {
    let how = (&arguments.show, arguments.consent, None);
    run(context, how, |session| {
        let asked = &arguments.requests;
        let account = &mut session.script.engine.account;
        account.requests.asked_about.extend(asked);
        let reads = asked.iter().map(|id| Read::Request(*id));
        session.read(reads.chain([Read::Session, Read::Requests]));
        let one = asked.len() == 1;
        let steps = asked.iter().map(|id| {
            let order = match request(session, *id) {
                Ok(request) => request.order,
                Err(error) if one => return Err(error),
                Err(error) => {
                    let mut row = Row::new(None, String::new());
                    row.decides = Some(*id);
                    row.standing = Standing::Blocked(format!("it could not be read: {error}"));
                    return Ok((row, None, Vec::new()));
                }
            };
            let outgoing = operation::decision(approve, *id, order, &arguments.comment);
            let name = request(session, *id)?.title().unwrap_or_default();
            let mut row = Row::new(order, name.to_owned());
            row.decides = Some(*id);
            row.action = Some(outgoing.kind);
            if let Some(ended) = decided(session, *id, outgoing.kind) {
                row.standing = ended;
                return Ok((row, None, Vec::new()));
            }
            let words = request_words(&session.script.engine.account, *id, order);
            Ok((row, Some(outgoing), vec![words]))
        });
        steps.collect()
    })
}

/// A request as it was read.
fn request<'s>(session: &'s Session<'_>, id: RequestId) -> Result<&'s Request, CliError> {
    let details = &session.script.engine.account.requests.details;
    came(details.get(&id).ok_or(CliError::NoAnswer)?)
}

/// That a request was decided already, if it was: so, or otherwise.
fn decided(session: &Session<'_>, id: RequestId, wanted: WriteKind) -> Option<Standing> {
    let status = &request(session, id).ok()?.status;
    let is_so = match wanted {
        WriteKind::Reject => *status == RequestStatus::Rejected,
        _ => *status == RequestStatus::Approved,
    };
    let words = format!("request {id} is already {}", status.label());
    if status.is_open() {
        None
    } else if is_so {
        Some(Standing::Already(words))
    } else {
        Some(Standing::Blocked(words))
    }
}

/// Does what `certdeck note` says.
pub(super) fn note(context: &Context, arguments: &args::Note) -> Result<ExitCode, CliError> {
    let answers = Answers {
        text: arguments.text.clone(),
        ..Answers::default()
    };
    on_order(
        context,
        (&arguments.show, arguments.consent, None),
        arguments.order,
        &answers,
        |_, _| Ok(Operation::Note),
    )
}

/// Does what `certdeck cancel` says: of an issued order its pending reissue.
pub(super) fn cancel(context: &Context, arguments: &args::Cancel) -> Result<ExitCode, CliError> {
    let answers = Answers {
        text: arguments.reason.clone(),
        ..Answers::default()
    };
    on_order(
        context,
        (&arguments.show, arguments.consent, None),
        arguments.order,
        &answers,
        |_, order| {
            Ok(match order.status {
                OrderStatus::ReissuePending => Operation::CancelReissue,
                _ => Operation::CancelOrder,
            })
        },
    )
}

/// Does what `certdeck revoke` says.
pub(super) fn revoke(context: &Context, arguments: &args::Revoke) -> Result<ExitCode, CliError> {
    let answers = Answers {
        text: arguments.comment.clone(),
        reason: arguments.reason,
        skip_approval: arguments.skip_approval,
        method: None,
    };
    let operation = match arguments.cert {
        Some(certificate) => Operation::RevokeCertificate(certificate),
        None => Operation::RevokeOrder,
    };
    on_order(
        context,
        (&arguments.show, arguments.consent, arguments.confirm),
        arguments.order,
        &answers,
        |_, _| Ok(operation.clone()),
    )
}

/// Does what `certdeck archive` says.
pub(super) fn archive(context: &Context, arguments: &args::Archive) -> Result<ExitCode, CliError> {
    on_order(
        context,
        (&arguments.show, arguments.consent, None),
        arguments.order,
        &Answers::default(),
        |_, _| Ok(Operation::Archive(arguments.cert)),
    )
}

/// Does what `certdeck auto-reissue` says.
pub(super) fn auto_reissue(
    context: &Context,
    arguments: &args::AutoReissue,
) -> Result<ExitCode, CliError> {
    on_order(
        context,
        (&arguments.show, arguments.consent, None),
        arguments.order,
        &Answers::default(),
        |_, _| Ok(Operation::AutoReissue(arguments.state == args::OnOff::On)),
    )
}

/// Does an operation to an order: which, the order may decide.
pub(super) fn on_order(
    context: &Context,
    how: How<'_>,
    order: OrderId,
    answers: &Answers,
    operation: impl Fn(&Session<'_>, &Order) -> Result<Operation, CliError>,
) -> Result<ExitCode, CliError> {
    run(context, how, |session| {
        session.read_order(order)?;
        session.load_served()?;
        let engine = &session.script.engine;
        let data = engine.account.known.get(&order).ok_or(CliError::NoAnswer)?;
        let (info, certificates) = (came(&data.order)?, data.certificates());
        let operation = operation(session, info)?;
        let mut answers = answers.clone();
        let is_tls = info.product.family().is_tls();
        if operation.is_dangerous() && is_tls {
            answers.reason.get_or_insert_default();
        } else if answers.reason.is_some() {
            let why = "revocations of this product have no reason: leave --reason out";
            return Err(CliError::Usage(why.to_owned()));
        }
        if let Some(why) = operation.lacks(&answers) {
            return Err(CliError::Usage(why.to_owned()));
        }
        let outgoing = operation.outgoing(order, &answers);
        let mut row = Row::new(Some(order), info.title().to_owned());
        row.action = Some(outgoing.kind);
        let why_not = operation::why_not(&operation, info, certificates);
        if operation::is_done(&operation, &answers, info, certificates) {
            let why = match &answers.method {
                Some(method) => {
                    let words = format!("its names are validated by {} already", method.label());
                    validation::with_advice(words, order, Some(method))
                }
                None => why_not.unwrap_or_else(|| "it is already so".to_owned()),
            };
            row.standing = Standing::Already(why);
            return Ok(vec![(row, None, Vec::new())]);
        }
        if let Some(why) = why_not {
            row.standing = Standing::Blocked(format!("{}: {why}", operation.label()));
            return Ok(vec![(row, None, Vec::new())]);
        }
        let domains = data.domains.value().map_or(&[][..], Vec::as_slice);
        let mut words = consequences(&operation, info, certificates, domains);
        words.extend(still_served(engine, &operation, order, certificates));
        if let Some(before) = sent_before(session, &outgoing)? {
            row.standing = before;
            return Ok(vec![(row, None, words)]);
        }
        Ok(vec![(row, Some(outgoing), words)])
    })
}

/// Whether to send: a yes, and for what cannot be taken back the number of its order, as an argument or typed.
fn confirmed(
    ready: &[&Outgoing],
    confirm: Option<OrderId>,
    consent: Consent,
) -> Result<bool, CliError> {
    let breaks = ready.iter().find(|outgoing| outgoing.kind.can_break());
    let order = breaks.and_then(|outgoing| outgoing.order);
    if let Some(order) = order.filter(|order| confirm != Some(*order)) {
        if confirm.is_none() && !consent.yes && send::can_ask() {
            let typed = send::asked("Type the order number to send this:")?;
            return Ok(typed.trim_start_matches('#') == order.to_string());
        }
        return Err(CliError::Usage(format!(
            "nothing was sent: this is permanent. Add --confirm {order} to send it"
        )));
    }
    let what = match ready {
        [one] => one.named(),
        many => counted(many.len(), "change", "changes"),
    };
    send::confirmed(consent, &format!("{what}."))
}

/// What came of the same that was sent before and is not at its end.
pub(super) fn sent_before(
    session: &mut Session<'_>,
    outgoing: &Outgoing,
) -> Result<Option<Standing>, CliError> {
    let (kind, path) = (outgoing.kind, outgoing.path.clone());
    let unsettled = session.script.ask(|store| store.unsettled());
    let unsettled = unsettled.transpose()?.unwrap_or_default();
    let mut unsettled = unsettled.iter().filter(|entry| !entry.dismissed);
    let is_same = unsettled.any(|one| one.intent.kind == Ok(kind) && one.intent.path == path);
    // Of notes there can be many.
    if !is_same || kind == WriteKind::Note {
        return Ok(None);
    }
    // How it stands the account tells.
    session.take_up();
    let mut all = session.script.engine.writes.all.iter();
    // Another method, or another name, is another thing.
    let body_decides = kind.sets_method() || kind == WriteKind::CheckNames;
    let open = all.find(|watch| {
        let (other, stage) = (&watch.outgoing, &watch.stage);
        let is_same = other.path == path && (!body_decides || other.body == outgoing.body);
        // Of what can be asked again without harm, one that did not arrive keeps nothing away.
        let is_unknown = stage.is_unknown() && !body_decides;
        is_same && (stage.is_open() || is_unknown)
    });
    Ok(open.map(|watch| Standing::Already(watch.words())))
}

/// Reads and judges, shows, sends what may be sent, and reports.
pub(super) fn run(
    context: &Context,
    (show, consent, confirm): How<'_>,
    prepare: impl FnOnce(&mut Session<'_>) -> Result<Vec<Step>, CliError>,
) -> Result<ExitCode, CliError> {
    let mut sheet = changes::sheet(context, show, consent)?;
    if !consent.dry_run && !consent.yes && !send::can_ask() {
        return Err(send::nobody_to_ask());
    }
    let mut session = Session::connect(context)?;
    let mut steps = prepare(&mut session)?;
    session.end_progress();
    let ready = steps
        .iter()
        .filter_map(|(_, outgoing, words)| Some((outgoing.as_ref()?, words)));
    for (outgoing, words) in ready.clone() {
        send::tell_outgoing(outgoing);
        for line in words {
            print::err(&format!("  {line}"));
        }
    }
    let ready: Vec<&Outgoing> = ready.map(|(outgoing, _)| outgoing).collect();
    let asks = !consent.dry_run && !ready.is_empty();
    let is_sent = asks && confirmed(&ready, confirm, consent)?;
    if asks && !is_sent {
        print::err("Nothing was sent.");
    }
    let mut left = (asks && !is_sent).then(|| "not confirmed".to_owned());
    // From here on the end is asked for between two of them.
    session.script.hear_interrupts();
    for (row, outgoing, _) in &mut steps {
        let Some(outgoing) = outgoing.take() else {
            continue;
        };
        if consent.dry_run {
            row.request = Some(outgoing.body);
            continue;
        }
        if left.is_none() && session.script.is_interrupted() {
            left = Some("interrupted before it was sent".to_owned());
        }
        if let Some(why) = &left {
            row.standing = Standing::NotSent(why.clone());
            continue;
        }
        let name = outgoing.named();
        session.say(&format!("Sending: {name}"));
        send_one(&mut session, row, outgoing);
        if Session::stops(&row.standing) {
            left = Some(format!("{name} came first: {}", row.standing.words()));
        }
    }
    session.end_progress();
    let rows: Vec<&Row> = steps.iter().map(|(row, _, _)| row).collect();
    let exit = exit(rows.iter().copied(), rows.len() == 1, 0);
    sheet.begin(Some(Timestamp::now()))?;
    sheet.rows(rows)?;
    sheet.end()?;
    Ok(exit.into())
}

fn send_one(session: &mut Session<'_>, row: &mut Row, outgoing: Outgoing) {
    let (kind, request, order) = (outgoing.kind, outgoing.request, outgoing.order);
    let (domain, name) = (outgoing.domain(), outgoing.named());
    let op = session.send(Send::new(outgoing, name));
    row.standing = session.standing(&op);
    if let Some(id) = domain {
        session.read([Read::Domain(id)]);
        row.record = record(session, id, kind);
        if let Standing::Ended(failure) = &row.standing
            && kind.is_check()
            && lacks_record(failure)
        {
            row.standing = Standing::AwaitsValidation(failure.to_string());
        }
    } else if let Some(order) = order {
        validation::after(session, order, (kind, &op), row);
    }
    row.op = Some(op);
    // Whoever was faster decided it.
    if let (Some(id), Standing::Ended(_)) = (request, &row.standing) {
        session.read([Read::Request(id)]);
        if let Some(ended) = decided(session, id, kind) {
            row.standing = ended;
        }
    }
}

/// What has to stand where for a domain, unless it was found there.
fn record(session: &Session<'_>, id: DomainId, asked: WriteKind) -> Option<String> {
    let engine = &session.script.engine;
    // What was read before the answer has the record that it replaced.
    let domain = came(engine.account.domains.details.get(&id)?).ok()?;
    let now = engine.account_now();
    let is_found = asked.is_check() && domain.is_proved(now);
    let is_mailed = domain.method == Some(DcvMethod::Email);
    (!is_found && !is_mailed).then(|| domain.zone_line(now))
}
