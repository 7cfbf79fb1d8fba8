//! Ends that no answer tells: somebody cancelled the reissue or the order meanwhile, or the account gave the certificate
//! up. Without these a watch would wait for ever.
use super::Watch;
use crate::app::account::OrderData;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::status::{CertificateStatus, OrderStatus};
use crate::domain::write::{Fact, Stage, WriteKind};

/// Looks before an order that is issued says that its reissue is over: at first it may not show it yet.
const SETTLED: usize = 12;

/// Why no certificate will come of a watch that waits for one, as far as the account shows it. `found` is the
/// certificate that is to be issued, where the account lists it.
pub(super) fn ending(
    watch: &Watch,
    id: OrderId,
    data: &OrderData,
    found: Option<CertificateId>,
) -> Option<Fact> {
    let Stage::AwaitsCertificate(_) = watch.stage else {
        return None;
    };
    let ended = |what: String| {
        Some(Fact::Ended(Failure {
            kind: FailureKind::Refused,
            what,
            advice: String::new(),
            status: None,
            codes: Vec::new(),
        }))
    };
    let row = found.and_then(|id| data.certificate(id));
    if let Some(status) = row.and_then(|row| row.status.as_ref())
        && let Some(id) = found
        && is_given_up(status)
    {
        let status = status.label();
        return ended(format!(
            "certificate {id} is {status}: it will not be issued"
        ));
    }
    let order = data
        .order
        .value()
        .filter(|_| data.order.is_since(watch.mark))?;
    if matches!(
        order.status,
        OrderStatus::Canceled | OrderStatus::Rejected | OrderStatus::Revoked
    ) {
        let status = order.status.label();
        return ended(format!(
            "order {id} is {status}: no certificate will be issued for this"
        ));
    }
    let settled = watch.looks >= SETTLED && data.lists_since(watch.mark);
    if watch.outgoing.kind == WriteKind::Reissue
        && order.status == OrderStatus::Issued
        && found.is_none()
        && settled
    {
        return ended(format!(
            "order {id} has no reissue under way any more, and no certificate resulted from this one"
        ));
    }
    None
}

fn is_given_up(status: &CertificateStatus) -> bool {
    match status {
        CertificateStatus::Rejected | CertificateStatus::Revoked | CertificateStatus::Expired => {
            true
        }
        CertificateStatus::Other(word) => matches!(&**word, "canceled" | "cancelled"),
        CertificateStatus::Approved | CertificateStatus::Issued | CertificateStatus::Pending => {
            false
        }
    }
}
