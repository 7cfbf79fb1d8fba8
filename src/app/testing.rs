//! Made-up account data for unit tests of this room and those above.

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Certificate, Order, OrderSummary, Organization};
use crate::domain::product::ProductRef;
use crate::domain::status::OrderStatus;

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn summary(id: u64, name: &str) -> OrderSummary {
    OrderSummary {
        id: OrderId(id),
        certificate_id: Some(CertificateId(id * 10)),
        status: OrderStatus::Issued,
        common_name: name.into(),
        dns_names: vec![name.into()],
        serial: Some(format!("0A{id:030X}")),
        valid_from: Some(date("2026-06-01")),
        valid_till: Some(date("2026-12-17")),
        order_valid_till: Some(date("2027-06-01")),
        created: Some(jiff::Timestamp::UNIX_EPOCH),
        is_renewed: false,
        product: ProductRef {
            name_id: "ssl_securesite_multi_domain".into(),
            name: "Secure Site Multi-Domain SSL".into(),
            kind: "ssl_certificate".into(),
            validation: None,
        },
        organization: Some(Organization {
            id: None,
            name: "Example Trading GmbH".into(),
            place: None,
        }),
        container: None,
        duplicates: 0,
        reissues: 0,
    }
}

pub(crate) fn order(id: u64, certificate: Certificate) -> Order {
    let row = summary(id, &certificate.common_name);
    Order {
        id: row.id,
        status: row.status,
        certificate,
        product: row.product,
        organization: row.organization,
        container: None,
        created: row.created,
        last_reissued: None,
        order_valid_till: row.order_valid_till,
        is_plan: true,
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

/// CSRs by their numbers, up to 10.
pub(crate) fn csr_der(number: u8) -> Vec<u8> {
    static ALL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
        let one = |_| {
            let key = rcgen::KeyPair::generate().unwrap();
            let params = rcgen::CertificateParams::default();
            params.serialize_request(&key).unwrap().der().to_vec()
        };
        (0..=10).map(one).collect()
    });
    ALL[usize::from(number)].clone()
}
