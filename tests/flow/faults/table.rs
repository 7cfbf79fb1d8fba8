//! What each kind of write is about, how it is sent from the desk, and what it leaves on the account. Every kind is
//! named, so that a new one does not compile before it is here.

use std::time::Duration;

use certdeck::app::form::Form;
use certdeck::domain::domain_operation::DomainOperation;
use certdeck::domain::draft::FieldId;
use certdeck::domain::ids::CertificateId;
use certdeck::domain::operation::Operation;
use certdeck::domain::write::WriteKind;
use certdeck::sandbox::model::{
    Account, Approval, CertificateState, DcvMethod, Order, OrderStatus, RequestKind, RequestStatus,
};
use certdeck::sandbox::tables::{Family, Names};

use crate::account::{Pick, Server};
use crate::desk::Desk;
use crate::operations::choose;

/// Longer than a random value lasts.
const THIRTY_ONE_DAYS: Duration = Duration::from_hours(31 * 24);

/// What a write is about.
pub(super) struct Target {
    pub order: Pick,
    /// A certificate, a request or a domain, where it is about one.
    pub part: u64,
    /// The random value that is there before.
    token: String,
}

impl Target {
    fn of(order: Pick, part: u64) -> Self {
        Self {
            order,
            part,
            token: String::new(),
        }
    }
}

/// The sandbox's name of the endpoint that a write goes to.
pub(super) fn endpoint(kind: WriteKind) -> &'static str {
    match kind {
        WriteKind::Duplicate => "duplicate",
        WriteKind::Reissue | WriteKind::ReissueAsDuplicate => "reissue",
        WriteKind::Approve | WriteKind::Reject => "approve",
        WriteKind::CancelOrder | WriteKind::CancelReissue => "status",
        WriteKind::RevokeCertificate => "revoke",
        WriteKind::RevokeOrder => "revoke-order",
        WriteKind::Archive => "archive",
        WriteKind::Note => "note",
        WriteKind::AutoReissue => "auto-reissue",
        WriteKind::CheckNames => "check-dcv",
        WriteKind::NamesMethod => "dcv-method",
        WriteKind::CheckDomain => "domain-check",
        WriteKind::DomainMethod => "domain-dcv-method",
        WriteKind::DomainToken => "domain-token",
        WriteKind::NamesToken => "dcv-token",
        WriteKind::NamesEmails => "resend-emails",
        WriteKind::DomainEmails => "domain-resend-emails",
        WriteKind::Renew | WriteKind::NewOrder => "place",
    }
}

/// Something on the account that the write can be about.
pub(super) fn target(server: &Server, kind: WriteKind) -> Option<Target> {
    let today = server
        .sandbox()
        .now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let good = || {
        let order = server.pick(Approval::Off);
        Some(Target::of(order, 0))
    };
    let tls = |order: &Order| order.product.family == Family::PublicTls;
    let named = |order: &Order| tls(order) && order.product.names != Names::None;
    let quiet = |account: &Account, order: &Order| {
        order.requests.iter().all(|id| {
            let request = account.request(*id);
            request.is_some_and(|request| !request.status.is_open())
        })
    };
    let living = |account: &Account, order: &Order| {
        tls(order)
            && order.status == OrderStatus::Issued
            && !order.primary().is_expired(today)
            && quiet(account, order)
    };
    match kind {
        WriteKind::Duplicate | WriteKind::Reissue | WriteKind::ReissueAsDuplicate => good(),
        WriteKind::NewOrder => Some(Target::of(server.pick_to_renew(Approval::Off), 0)),
        WriteKind::Renew => Some(Target::of(server.pick_to_renew(Approval::Off), 0)),
        WriteKind::Approve | WriteKind::Reject => find(server, |account, order| {
            let mut requests = order.requests.iter().filter_map(|id| account.request(*id));
            requests
                .find(|request| {
                    request.status == RequestStatus::Pending
                        && !request.two_step
                        && request.kind != RequestKind::Revoke
                        && !order.primary().is_expired(today)
                })
                .map(|request| request.id)
        }),
        WriteKind::CancelOrder => find(server, |_, order| {
            (order.status == OrderStatus::Pending).then_some(0)
        }),
        WriteKind::CancelReissue => find(server, |_, order| {
            (order.status == OrderStatus::ReissuePending).then_some(0)
        }),
        WriteKind::RevokeCertificate => find(server, |account, order| {
            let primary = order.primary();
            let issued = primary.state == CertificateState::Issued;
            (living(account, order) && issued).then_some(primary.id)
        }),
        WriteKind::RevokeOrder => {
            find(server, |account, order| living(account, order).then_some(0))
        }
        WriteKind::Archive => find(server, |_, order| {
            let mut duplicates = order.duplicates();
            let free =
                duplicates.find(|row| !row.archived && row.state == CertificateState::Issued);
            free.filter(|_| !order.lists_primary).map(|row| row.id)
        }),
        WriteKind::Note => find(server, |account, order| living(account, order).then_some(0)),
        WriteKind::AutoReissue => find(server, |account, order| {
            let off = order.is_multi_year_plan && !order.auto_reissue;
            (living(account, order) && off).then_some(0)
        }),
        WriteKind::CheckNames | WriteKind::NamesMethod => find(server, |_, order| {
            let open = order.dcv.first().is_some_and(|(_, proof)| {
                proof.approved.is_none()
                    && proof.method.uses_token() == (kind == WriteKind::CheckNames)
            });
            (named(order) && order.status == OrderStatus::Pending && open).then_some(0)
        }),
        WriteKind::NamesToken | WriteKind::NamesEmails => {
            let token = kind == WriteKind::NamesToken;
            if token {
                // Only a random value that has ended is replaced, and so shows that it was asked for.
                server.sandbox().advance(THIRTY_ONE_DAYS);
            }
            let found = find(server, |_, order| {
                let open = order.dcv.first().is_some_and(|(_, proof)| {
                    proof.approved.is_none() && proof.method.uses_token() == token
                });
                (named(order) && order.status == OrderStatus::Pending && open).then_some(0)
            })?;
            let proof = server.sandbox().with_account(|account| {
                let proof = &account.order(found.order.id).unwrap().dcv[0].1;
                format!("{} {}", proof.token, proof.token_date)
            });
            Some(Target {
                token: proof,
                ..found
            })
        }
        WriteKind::DomainEmails => server.sandbox().with_account(|account| {
            account.orders().iter().find_map(|order| {
                let name = order.primary().common_name.as_deref()?;
                let domains = account.domains.iter().filter(|domain| domain.is_active);
                let serving = domains.filter(|domain| domain.covers(name));
                let domain = serving.max_by_key(|domain| domain.name.len())?;
                let mailed = domain.dcv.method == DcvMethod::Email;
                (living(account, order) && named(order) && mailed).then(|| Target {
                    token: domain.dcv.token_date.to_string(),
                    ..Target::of(crate::account::pick(order), domain.id)
                })
            })
        }),
        WriteKind::CheckDomain | WriteKind::DomainMethod | WriteKind::DomainToken => {
            let order = server.pick(Approval::Off);
            server.sandbox().with_account(|account| {
                let mut domains = account.domains.iter();
                let domain = domains.find(|domain| domain.covers(&order.common_name))?;
                Some(Target {
                    token: domain.dcv.token.clone(),
                    ..Target::of(order, domain.id)
                })
            })
        }
    }
}

fn find(server: &Server, wanted: impl Fn(&Account, &Order) -> Option<u64>) -> Option<Target> {
    server.sandbox().with_account(|account| {
        account.orders().iter().find_map(|order| {
            let part = wanted(account, order)?;
            Some(Target::of(crate::account::pick(order), part))
        })
    })
}

/// A number that grows by one with each time the write is done; of what can be done only once, whether it is.
pub(super) fn effect(server: &Server, kind: WriteKind, target: &Target) -> u64 {
    server.sandbox().with_account(|account| {
        let order = account.order(target.order.id).unwrap();
        let domain = || account.domain(target.part).unwrap();
        let count = |many: usize| u64::try_from(many).unwrap();
        match kind {
            WriteKind::Duplicate | WriteKind::Reissue | WriteKind::ReissueAsDuplicate => {
                count(order.certificates.len())
            }
            WriteKind::Approve | WriteKind::Reject => {
                let wanted = match kind {
                    WriteKind::Approve => RequestStatus::Approved,
                    _ => RequestStatus::Rejected,
                };
                u64::from(account.request(target.part).unwrap().status == wanted)
            }
            WriteKind::CancelOrder => u64::from(order.status == OrderStatus::Canceled),
            WriteKind::CancelReissue => u64::from(order.status == OrderStatus::Issued),
            WriteKind::RevokeCertificate => {
                let row = order.certificate(target.part).unwrap();
                u64::from(matches!(row.state, CertificateState::Revoked(_)))
            }
            WriteKind::RevokeOrder => count(order.requests.len()),
            WriteKind::Archive => u64::from(order.certificate(target.part).unwrap().archived),
            WriteKind::Note => count(order.notes.len()),
            WriteKind::AutoReissue => u64::from(order.auto_reissue),
            WriteKind::CheckNames => u64::from(order.dcv[0].1.checks),
            WriteKind::NamesMethod => u64::from(order.dcv[0].1.method.uses_token()),
            WriteKind::NamesToken | WriteKind::NamesEmails => {
                let proof = &order.dcv[0].1;
                u64::from(format!("{} {}", proof.token, proof.token_date) != target.token)
            }
            WriteKind::DomainEmails => {
                u64::from(domain().dcv.token_date.to_string() != target.token)
            }
            WriteKind::CheckDomain => u64::from(domain().dcv.checks),
            WriteKind::DomainMethod | WriteKind::DomainToken => {
                u64::from(domain().dcv.token != target.token)
            }
            WriteKind::Renew => {
                let all = account.orders().iter();
                count(all.filter(|new| new.renewal_of == Some(order.id)).count())
            }
            WriteKind::NewOrder => count(account.orders().len()),
        }
    })
}

/// Does in the desk what sends the write. Without a CSR the draft of an earlier time has it.
pub(super) fn send(desk: &mut Desk<'_>, kind: WriteKind, target: &Target, csr: Option<&str>) {
    let id = target.order.id;
    match kind {
        WriteKind::Duplicate => fill(desk, id, "d", csr),
        WriteKind::Reissue => fill(desk, id, "r", csr),
        WriteKind::Renew => fill(desk, id, "n", csr),
        WriteKind::ReissueAsDuplicate => {
            open(desk, id, "r", csr);
            if csr.is_some() {
                go_to(desk, FieldId::StoreAsDuplicate);
                desk.press("space");
            }
            review(desk);
        }
        WriteKind::NewOrder => {
            desk.press("N");
            desk.settle();
            if let Some(csr) = csr {
                desk.paste(csr);
                desk.press("tab");
                desk.type_text(&target.order.common_name);
                go_to(desk, FieldId::Organization);
                desk.press("right");
            }
            review(desk);
        }
        WriteKind::Approve | WriteKind::Reject => {
            desk.press("2");
            desk.settle();
            desk.press("/");
            desk.type_text(&target.part.to_string());
            desk.press("enter");
            desk.press(if kind == WriteKind::Approve { "a" } else { "x" });
            desk.press("enter");
        }
        WriteKind::CancelOrder | WriteKind::CancelReissue => {
            let wanted = match kind {
                WriteKind::CancelOrder => Operation::CancelOrder,
                _ => Operation::CancelReissue,
            };
            desk.open_order(id);
            choose(desk, |operation| *operation == wanted);
            desk.type_text("not needed");
            desk.press("enter");
        }
        WriteKind::RevokeCertificate | WriteKind::RevokeOrder => {
            let alone = kind == WriteKind::RevokeCertificate;
            desk.open_order(id);
            choose(desk, |operation| match operation {
                Operation::RevokeCertificate(_) => alone,
                Operation::RevokeOrder => !alone,
                _ => false,
            });
            desk.press("tab");
            if alone {
                // At once, where the order asks an approver.
                desk.press("space");
            }
            desk.press("tab tab");
            desk.type_text(&id.to_string());
            desk.press("enter");
        }
        WriteKind::Archive => {
            desk.open_order(id);
            desk.press("o");
            let part = CertificateId(target.part);
            let mut rows = desk
                .model
                .engine
                .account
                .known
                .values()
                .map(certdeck::app::account::OrderData::certificates);
            let at = rows
                .find_map(|rows| rows.iter().position(|row| row.id == Some(part)))
                .expect("the duplicate is listed");
            for _ in 0..at {
                desk.press("j");
            }
            choose(desk, |operation| *operation == Operation::Archive(part));
            desk.press("enter");
        }
        WriteKind::Note => {
            desk.open_order(id);
            choose(desk, |operation| *operation == Operation::Note);
            desk.type_text("seen");
            desk.press("enter");
        }
        WriteKind::AutoReissue => {
            desk.open_order(id);
            choose(desk, |operation| {
                matches!(operation, Operation::AutoReissue(_))
            });
            desk.press("enter");
        }
        WriteKind::CheckNames
        | WriteKind::NamesMethod
        | WriteKind::CheckDomain
        | WriteKind::DomainMethod
        | WriteKind::DomainToken
        | WriteKind::NamesToken
        | WriteKind::NamesEmails
        | WriteKind::DomainEmails => {
            desk.open_order(id);
            for _ in 0..3 {
                desk.press("o");
            }
            desk.settle();
            choose(desk, |operation| match operation {
                Operation::CheckNames(None) => kind == WriteKind::CheckNames,
                Operation::NamesMethod => kind == WriteKind::NamesMethod,
                Operation::Domain(DomainOperation::Check, _) => kind == WriteKind::CheckDomain,
                Operation::Domain(DomainOperation::Method, _) => kind == WriteKind::DomainMethod,
                Operation::Domain(DomainOperation::Token, _) => kind == WriteKind::DomainToken,
                Operation::NamesToken => kind == WriteKind::NamesToken,
                Operation::NamesEmails => kind == WriteKind::NamesEmails,
                Operation::Domain(DomainOperation::Emails, _) => kind == WriteKind::DomainEmails,
                _ => false,
            });
            desk.press("enter");
        }
    }
}

fn fill(desk: &mut Desk<'_>, order: u64, key: &str, csr: Option<&str>) {
    open(desk, order, key, csr);
    review(desk);
}

fn open(desk: &mut Desk<'_>, order: u64, key: &str, csr: Option<&str>) {
    desk.open_order(order);
    desk.press(key);
    desk.settle();
    if let Some(csr) = csr {
        desk.paste(csr);
    }
}

pub(super) fn review(desk: &mut Desk<'_>) {
    desk.press("ctrl-s");
    assert!(desk.model.form.is_some(), "{:?}", desk.model.status);
    desk.press("enter");
    if desk.model.form.is_some() {
        // What was lost before is looked for once more.
        desk.settle();
    }
    assert!(desk.model.form.is_none(), "{:?}", desk.model.status);
}

fn go_to(desk: &mut Desk<'_>, field: FieldId) {
    for _ in 0..30 {
        if desk.model.form.as_ref().map(Form::focus) == Some(field) {
            return;
        }
        desk.press("tab");
    }
    panic!("no such field");
}
