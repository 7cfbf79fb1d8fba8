//! Ends that no answer tells: what was sent was taken, and given up on the account by somebody else.

use super::watching_tests::CSR;
use super::*;
use crate::app::msg::{Accepted, Ended};
use crate::domain::ids::CertificateId;
use crate::domain::order::CsrText;
use crate::domain::status::{CertificateStatus, OrderStatus};
use crate::domain::write::{Entry, Found, WriteId, WriteKind};

/// A desk that waits for the certificate of a reissue, and what it reads first.
fn waiting() -> (Desk, WriteId, Vec<Effect>) {
    let mut desk = Desk::with_orders(1);
    let outgoing = post(WriteKind::Reissue, 1, "reissue", "{}");
    let outgoing = with_csr(outgoing, &[1, 2, 3]);
    desk.send(outgoing, None, "reissue".into());
    let op = desk.model.engine.writes.all[0].op.clone();
    let outcome = Ended::Accepted(Accepted::default());
    let effects = desk.tell(Msg::WriteEnded {
        op: op.clone(),
        outcome,
    });
    (desk, op, effects)
}

/// The account shows the order in a state, with these reissues.
fn shown(
    desk: &mut Desk,
    effects: &[Effect],
    status: OrderStatus,
    rows: &[Certificate],
) -> Vec<Effect> {
    let mut primary = Certificate::empty(Role::Primary);
    primary.id = Some(CertificateId(7));
    primary.serial = Some("0A".into());
    let mut info = order(1, primary);
    info.status = status;
    let mut more = Vec::new();
    for read in reads(effects) {
        let data = match read {
            Read::Order(_) => Data::Order(Box::new(info.clone())),
            Read::Duplicates(_) => Data::Certificates(Vec::new()),
            Read::Reissues(_) => Data::Certificates(rows.to_vec()),
            _ => continue,
        };
        more.extend(desk.answer(effects, read, Ok(data)));
    }
    more
}

fn reissue(status: CertificateStatus) -> Certificate {
    let mut row = Certificate::empty(Role::Reissue);
    row.id = Some(CertificateId(8));
    row.status = Some(status);
    row.csr = Some(CsrText(CSR.into()));
    row
}

/// What the desk says of it, once it says that nothing is waited for any more.
fn end(desk: &Desk) -> Option<String> {
    let shown = desk.shown(0);
    (!shown.starts_with("accepted; ")).then_some(shown)
}

#[test]
fn a_certificate_that_the_account_gave_up_is_not_waited_for() {
    let pending = [reissue(CertificateStatus::Pending)];
    for (status, rows) in [
        (OrderStatus::Issued, [reissue(CertificateStatus::Rejected)]),
        (
            OrderStatus::Issued,
            [reissue(CertificateStatus::Other("canceled".into()))],
        ),
        (OrderStatus::Revoked, pending.clone()),
    ] {
        let (mut desk, op, effects) = waiting();
        shown(&mut desk, &effects, OrderStatus::ReissuePending, &pending);
        assert_eq!(end(&desk), None);
        let effects = desk.wait(5);
        let ended = shown(&mut desk, &effects, status, &rows);
        let words = end(&desk).expect("an end");
        assert!(
            words.contains("no certificate") || words.contains("not be issued"),
            "{words}"
        );
        assert!(ended.contains(&Effect::Journal {
            op,
            entry: Entry::Found(Found::NoCertificate)
        }));
        let told = |effect: &Effect| matches!(effect, Effect::Notify { .. });
        assert!(ended.iter().any(told), "whoever looks elsewhere is told");
        assert_eq!(desk.model.engine.writes.all[0].due, None);
    }
}

#[test]
fn a_reissue_that_is_gone_without_a_certificate_is_over_once_that_is_sure() {
    let (mut desk, op, mut effects) = waiting();
    let (mut looks, mut last) = (0, Vec::new());
    while end(&desk).is_none() {
        last = shown(&mut desk, &effects, OrderStatus::Issued, &[]);
        looks += 1;
        assert!(looks < 30, "it is waited for, for ever");
        let Some(due) = desk.model.engine.writes.all[0].due else {
            break;
        };
        effects = desk.wait(due.duration_since(desk.now).as_secs() + 1);
        for read in reads(&effects) {
            if let Read::Changes(_) = read {
                desk.answer(&effects, read, Ok(Data::Changes(Vec::new())));
            }
        }
    }
    assert!(looks > 6, "an order may not show it at once: {looks}");
    let words = end(&desk).expect("an end");
    assert!(words.contains("no reissue under way"), "{words}");
    assert!(last.contains(&Effect::Journal {
        op,
        entry: Entry::Found(Found::NoCertificate)
    }));
}
