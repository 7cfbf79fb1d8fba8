//! Orders and rows for the tests of the rules.

use jiff::Timestamp;
use jiff::civil::Date;

use super::super::ids::CertificateId;
use super::super::order::{Certificate, Order, OrderSummary, Role};
use super::super::product::ProductRef;
use super::super::request::Request;
use super::super::status::{CertificateStatus, RequestKind, RequestStatus};
use super::super::testing::fixtures;

/// An issued row; higher numbers are newer.
pub(in crate::domain) fn row(
    id: u64,
    common_name: &str,
    dns_names: &[&str],
    ends: Date,
    covers: Date,
) -> OrderSummary {
    OrderSummary {
        certificate_id: Some(CertificateId(id)),
        dns_names: dns_names.iter().map(ToString::to_string).collect(),
        serial: None,
        valid_from: None,
        valid_till: Some(ends),
        order_valid_till: Some(covers),
        created: Timestamp::from_second(id as i64).ok(),
        product: product("ssl_plus", "ssl_certificate"),
        organization: None,
        ..fixtures::summary(id, common_name)
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
    let row = row(1, common_name, dns_names, ends, covers);
    let certificate = certificate(1, Role::Primary, common_name, dns_names, ends);
    Order {
        product: product(name_id, kind),
        created: None,
        is_plan: false,
        ..fixtures::order_of(&row, certificate)
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
    let person = |name: &str| fixtures::person(name, "").into();
    Request {
        requester: Some(person(requester)),
        processor: processor.map(person),
        order: None,
        ..fixtures::request(5, RequestKind::NewRequest, status)
    }
}
