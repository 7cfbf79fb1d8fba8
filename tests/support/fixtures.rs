//! Made-up things of an account, whole, each of its kind once: a test changes what matters to it.

use certdeck::domain::ids::{CertificateId, OrderId, RequestId};
use certdeck::domain::order::{Certificate, Order, OrderSummary, Organization, Person};
use certdeck::domain::product::ProductRef;
use certdeck::domain::request::Request;
use certdeck::domain::status::{OrderStatus, RequestKind, RequestStatus};
use certdeck::domain::write::{
    Answer, Before, Expected, Intent, Method, Outgoing, Owner, Record, WriteId, WriteKind,
};
use jiff::Timestamp;
use jiff::civil::date;

/// Somebody.
pub fn person(name: &str, email: &str) -> Person {
    Person {
        id: None,
        name: name.into(),
        email: email.into(),
    }
}

/// An organization of which a list tells the name.
pub fn organization(name: &str) -> Organization {
    Organization {
        id: None,
        name: name.into(),
        place: None,
    }
}

/// The product of most orders.
pub fn multi_domain() -> ProductRef {
    ProductRef {
        name_id: "ssl_securesite_multi_domain".into(),
        name: "Secure Site Multi-Domain SSL".into(),
        kind: "ssl_certificate".into(),
        validation: None,
    }
}

/// A row of the list: issued, with one name.
pub fn summary(id: u64, name: &str) -> OrderSummary {
    OrderSummary {
        id: OrderId(id),
        certificate_id: Some(CertificateId(id * 10)),
        status: OrderStatus::Issued,
        common_name: name.into(),
        dns_names: vec![name.into()],
        serial: Some(format!("0A{id:030X}")),
        valid_from: Some(date(2026, 6, 1)),
        valid_till: Some(date(2026, 12, 17)),
        order_valid_till: Some(date(2027, 6, 1)),
        created: Some(Timestamp::UNIX_EPOCH),
        is_renewed: false,
        product: multi_domain(),
        organization: Some(organization("Example Trading GmbH")),
        container: None,
        duplicates: 0,
        reissues: 0,
    }
}

/// The whole order with this certificate: a plan.
pub fn order(id: u64, certificate: Certificate) -> Order {
    order_of(&summary(id, &certificate.common_name), certificate)
}

/// The whole order of a row.
pub fn order_of(row: &OrderSummary, certificate: Certificate) -> Order {
    Order {
        certificate,
        container: row.container.clone(),
        is_plan: true,
        allow_duplicates: Some(true),
        ..Order::of_row(row)
    }
}

/// A request about order 1, of which a list tells no more.
pub fn request(id: u64, kind: RequestKind, status: RequestStatus) -> Request {
    Request {
        id: RequestId(id),
        kind,
        status,
        date: None,
        processed: None,
        requester: None,
        reviewer: None,
        processor: None,
        comments: None,
        processor_comment: None,
        order: Some(OrderId(1)),
        common_name: None,
        dns_names: Vec::new(),
        csr: None,
        organization: None,
        product: None,
    }
}

/// What is sent; what it is about stands in its path alone.
pub fn write(kind: WriteKind, method: Method, path: &str, body: &str) -> Outgoing {
    Outgoing {
        kind,
        method,
        path: path.into(),
        body: body.into(),
        order: None,
        request: None,
        certificate: None,
        expected: None,
    }
}

/// What is sent about an order: it is posted to a place below it.
pub fn post(kind: WriteKind, order: u64, place: &str, body: &str) -> Outgoing {
    let path = format!("/order/certificate/{order}/{place}");
    Outgoing {
        order: Some(OrderId(order)),
        ..write(kind, Method::Post, &path, body)
    }
}

/// What carries a CSR.
pub fn with_csr(outgoing: Outgoing, der: &[u8]) -> Outgoing {
    let expected = Expected {
        csr_der: der.to_vec(),
        ..Expected::default()
    };
    Outgoing {
        expected: Some(expected),
        ..outgoing
    }
}

/// What is written down of a duplicate of order 1 before it leaves.
pub fn intent(op: &str) -> Intent {
    Intent {
        op: WriteId(op.into()),
        kind: Ok(WriteKind::Duplicate),
        order: Some(OrderId(1)),
        method: "POST".into(),
        path: "/order/certificate/1/duplicate".into(),
        body: "{}".into(),
        csr_sha256: None,
        profile: "default".into(),
        before: Before::default(),
        foreseen: None,
        as_of: None,
        despite: false,
        at: Timestamp::UNIX_EPOCH,
    }
}

/// A row of the journal, of a process that is gone, of which nothing was found.
pub fn record(intent: Intent, outcome: Option<Answer>) -> Record {
    Record {
        intent,
        owner: Owner::Gone,
        outcome,
        finished: None,
        resolved: None,
        findings: None,
        dismissed: false,
        unreadable: Vec::new(),
    }
}
