//! The status that an order shows: the stored one, and `expired` from its dates.

use jiff::civil::Date;

use crate::sandbox::model::{Certificate, CertificateKind, CertificateState, Order, OrderStatus};

/// The last day of the order: of the plan, or of the certificate where there is none.
pub fn order_end(order: &Order) -> Option<Date> {
    order.order_valid_till.or(order.primary().valid_till)
}

/// The status that the API shows on `today`.
pub fn shown(order: &Order, today: Date) -> OrderStatus {
    match order.status {
        OrderStatus::Issued | OrderStatus::ReissuePending
            if order_end(order).is_some_and(|end| end < today) =>
        {
            OrderStatus::Expired
        }
        stored => stored,
    }
}

/// Whether the order matches `filters[status]`: `issued` means "ever issued" and finds expired orders too.
pub fn matches(order: &Order, wanted: OrderStatus, today: Date) -> bool {
    let shown = shown(order, today);
    shown == wanted || (wanted == OrderStatus::Issued && shown == OrderStatus::Expired)
}

/// The status of a row in list duplicates or list reissues. Issued duplicates usually show `approved`, issued reissues
/// `issued` (API notes).
pub fn row(certificate: &Certificate, today: Date) -> &'static str {
    match certificate.state {
        CertificateState::Requested | CertificateState::Processing { .. } => "pending",
        CertificateState::Rejected => "rejected",
        CertificateState::Revoked(_) => "revoked",
        CertificateState::Issued if certificate.is_expired(today) => "expired",
        CertificateState::Issued => match certificate.kind {
            CertificateKind::Duplicate(_) => "approved",
            CertificateKind::First | CertificateKind::Reissue => "issued",
        },
    }
}
