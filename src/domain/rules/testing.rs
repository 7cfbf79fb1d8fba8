//! Orders and rows for the tests of the rules.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::ids::{CertificateId, OrderId, RequestId};
use super::super::order::{Certificate, Order, OrderSummary, Person, Role};
use super::super::product::ProductRef;
use super::super::request::Request;
use super::super::status::{CertificateStatus, OrderStatus, RequestKind, RequestStatus};

/// An issued row; higher numbers are newer.
pub(super) fn row(
    id: u64,
    common_name: &str,
    dns_names: &[&str],
    ends: Date,
    covers: Date,
) -> OrderSummary {
    OrderSummary {
        id: OrderId(id),
        certificate_id: Some(CertificateId(id)),
        status: OrderStatus::Issued,
        common_name: common_name.into(),
        dns_names: dns_names.iter().map(ToString::to_string).collect(),
        serial: None,
        valid_from: None,
        valid_till: Some(ends),
        order_valid_till: Some(covers),
        created: Timestamp::from_second(id as i64).ok(),
        is_renewed: false,
        product: product("ssl_plus", "ssl_certificate"),
        organization: None,
        container: None,
        duplicates: 0,
        reissues: 0,
    }
}

pub(super) fn product(name_id: &str, kind: &str) -> ProductRef {
    ProductRef {
        name_id: name_id.into(),
        name: name_id.into(),
        kind: kind.into(),
        validation: None,
    }
}

/// An issued order of this product.
pub(super) fn order(
    name_id: &str,
    common_name: &str,
    dns_names: &[&str],
    ends: Date,
    covers: Date,
) -> Order {
    let kind = if name_id.starts_with("code_signing") {
        "code_signing_certificate"
    } else {
        "ssl_certificate"
    };
    Order {
        id: OrderId(1),
        status: OrderStatus::Issued,
        certificate: certificate(1, Role::Primary, common_name, dns_names, ends),
        product: product(name_id, kind),
        organization: None,
        container: None,
        created: None,
        last_reissued: None,
        order_valid_till: Some(covers),
        is_plan: false,
        renewal_of: None,
        is_renewed: false,
        renewed_by: None,
        allow_duplicates: Some(true),
        auto_reissue: None,
        auto_renew: None,
        dcv_method: None,
        provisioning: None,
        user: None,
        approver: None,
        requests: Vec::new(),
        notes: Vec::new(),
        custom_fields: Vec::new(),
        additional_emails: Vec::new(),
        terms: crate::domain::terms::Terms::default(),
    }
}

pub(super) fn certificate(
    id: u64,
    role: Role,
    common_name: &str,
    dns_names: &[&str],
    ends: Date,
) -> Certificate {
    Certificate {
        id: Some(CertificateId(id)),
        status: Some(CertificateStatus::Issued),
        common_name: common_name.into(),
        dns_names: dns_names.iter().map(ToString::to_string).collect(),
        serial: Some(format!("{id:04X}")),
        valid_till: Some(ends),
        ..Certificate::empty(role)
    }
}

/// A request of somebody, decided by somebody.
pub(super) fn request(status: RequestStatus, requester: &str, processor: Option<&str>) -> Request {
    let person = |name: &str| Person {
        id: None,
        name: name.into(),
        email: String::new(),
    };
    Request {
        id: RequestId(5),
        kind: RequestKind::NewRequest,
        status,
        date: None,
        processed: None,
        requester: Some(person(requester)),
        reviewer: None,
        processor: processor.map(person),
        comments: None,
        processor_comment: None,
        order: None,
        common_name: None,
        dns_names: Vec::new(),
        csr: None,
        organization: None,
        product: None,
    }
}
