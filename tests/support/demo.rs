//! A made-up account: a desk that was started, connected and told things through its messages alone, at a time that
//! stands still.

#[path = "journal.rs"]
mod journal;

pub use journal::journal;

use certdeck::app::effect::Read;
use certdeck::app::msg::{Data, Msg};
use certdeck::app::popups::Popup;
use certdeck::domain::account::Session;
use certdeck::domain::dcv::{DcvMethod, Domain};
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::domain::ids::{CertificateId, DomainId, OrderId, OrganizationId};
use certdeck::domain::order::{
    Certificate, Container, CustomField, Note, Order, OrderSummary, Role,
};
use certdeck::domain::organization::{AccountOrganization, Validation};
use certdeck::domain::product::{Platform, ProductRef};
use certdeck::domain::request::Request;
use certdeck::domain::status::{CertificateStatus, OrderStatus, RequestKind, RequestStatus};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};

pub use crate::hands::Desk;

use crate::fixtures::{self, order_of, organization, person, summary};
use crate::hands::connection;

/// The time of every message.
pub const NOW: &str = "2026-11-20T14:03:00Z";

/// A moment.
pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// The day so many days from today.
pub fn day(days: i32) -> Date {
    let today: Date = "2026-11-20".parse().expect("a date");
    today.saturating_add(days.days())
}

/// The open order of most tests: the first of the list.
pub const ORDER: OrderId = OrderId(100_000_118);

/// What of it is read again before a yes comes as it was.
fn look(desk: &mut Desk) {
    let form = desk.model.form.as_ref();
    let reviewed = form.is_some_and(|form| form.reviewed_outgoing().is_some());
    let known = desk.model.engine.account.known.get(&ORDER);
    if reviewed && known.is_some_and(|known| known.order.is_loading()) {
        desk.answer_order();
    }
    if matches!(desk.model.popups.last(), Some(Popup::Asking(_))) {
        let listed = &desk.model.engine.account.requests;
        let requests: Vec<_> = desk.model.requests.shown(listed).cloned().collect();
        for request in requests {
            let read = Read::Request(request.id);
            desk.comes(&read, Ok(Data::Request(Box::new(request))));
        }
    }
    desk.model.changed_at = None;
}

impl Desk {
    /// Just started, with nothing known.
    pub fn started(size: (u16, u16)) -> Self {
        Self::new(size, at(NOW), look)
    }

    /// Connected to the demo, with nothing read yet.
    pub fn connected(size: (u16, u16)) -> Self {
        let mut desk = Self::started(size);
        desk.tell(Msg::Connected(connection("demo account")));
        desk
    }

    /// Connected, with user, orders and requests read.
    pub fn with_orders(size: (u16, u16)) -> Self {
        let mut desk = Self::connected(size);
        desk.comes(&Read::Session, Ok(Data::Session(session())));
        desk.orders(orders());
        desk.comes(&Read::Requests, Ok(Data::Requests(requests())));
        desk
    }

    /// With the order open and everything of it read.
    pub fn with_order(size: (u16, u16)) -> Self {
        let mut desk = Self::with_orders(size);
        desk.press("enter");
        desk.answer_order();
        desk
    }

    /// Answers all reads of [`ORDER`].
    pub fn answer_order(&mut self) {
        self.comes(&Read::Order(ORDER), Ok(Data::Order(Box::new(order()))));
        self.comes(
            &Read::Duplicates(ORDER),
            Ok(Data::Certificates(duplicates())),
        );
        self.comes(&Read::Reissues(ORDER), Ok(Data::Certificates(reissues())));
        for request in order().requests {
            self.comes(
                &Read::Request(request.id),
                Ok(Data::Request(Box::new(request))),
            );
        }
    }

    /// The list of orders is read anew, and comes, all of it.
    pub fn orders(&mut self, rows: Vec<OrderSummary>) {
        self.press("R");
        self.rows(rows);
    }

    /// The cursor has rested: the order beside the list is shown and read.
    pub fn rest(&mut self) {
        let due = self.model.preview.due.expect("a deadline");
        self.tell_at(Msg::Deadline, due);
        self.answer_order();
    }

    /// Goes to a tab of the open order.
    pub fn tab(&mut self, further: usize) {
        for _ in 0..further {
            self.press("o");
        }
    }
}

/// Who works here.
pub fn session() -> Session {
    Session {
        user: "Ada Example".into(),
        email: "ada@example.net".into(),
        roles: vec!["Administrator".into()],
        account: Some("Example Trading GmbH".into()),
        ..Session::default()
    }
}

fn product(name_id: &str, name: &str) -> ProductRef {
    ProductRef {
        name_id: name_id.into(),
        name: name.into(),
        kind: match name_id.split('_').next() {
            Some("code") => "code_signing_certificate".into(),
            Some("private") => "private_ssl_certificate".into(),
            Some("secure") => "client_certificate".into(),
            _ => "ssl_certificate".into(),
        },
        validation: None,
    }
}

/// A row of the list: names separated by blanks, days until certificate and order end.
pub fn row(id: u64, names: &str, ends: i32, covers: i32) -> OrderSummary {
    let names: Vec<String> = names.split(' ').map(String::from).collect();
    OrderSummary {
        certificate_id: Some(CertificateId(id + 100_000_000)),
        valid_from: Some(day(ends - 198)),
        valid_till: Some(day(ends)),
        order_valid_till: Some(day(covers)),
        created: Some(at("2026-01-12T09:30:00Z")),
        dns_names: names.clone(),
        container: Some(Container {
            id: None,
            name: "Main".into(),
        }),
        ..summary(id, &names[0])
    }
}

/// An account in small: every kind of row once.
pub fn orders() -> Vec<OrderSummary> {
    let first = OrderSummary {
        duplicates: 2,
        reissues: 1,
        ..row(
            100_000_118,
            "shop.example.net www.shop.example.net api.example.net pay.example.net",
            5,
            172,
        )
    };
    let wild = OrderSummary {
        product: product("ssl_wildcard", "Wildcard SSL"),
        duplicates: 7,
        ..row(100_000_119, "*.example.org example.org", 12, 180)
    };
    let renew = OrderSummary {
        product: product("ssl_ev_securesite", "Secure Site EV SSL"),
        ..row(100_000_028, "login.example.com", 17, 17)
    };
    let renewed = OrderSummary {
        is_renewed: true,
        ..row(100_000_044, "kestrel.example", 21, 21)
    };
    let long = row(
        100_000_045,
        "an-extraordinarily-long-label-that-goes-on-and-on.of-a-zone-that-is-no-shorter.example.net b.example.net",
        28,
        190,
    );
    let fine = row(100_000_046, "wiki.kestrel.example", 120, 120);
    let covered = row(100_000_047, "git.example.net", 181, 320);
    let wide = OrderSummary {
        common_name: String::new(),
        dns_names: vec![],
        organization: Some(organization("株式会社サンドボックス商事")),
        product: product("code_signing_ev", "EV Code Signing"),
        ..row(100_000_050, "x", 300, 300)
    };
    let reissuing = OrderSummary {
        status: OrderStatus::ReissuePending,
        ..row(100_000_051, "crm.example.net", 44, 200)
    };
    let bare = |id, names: &str, status| OrderSummary {
        status,
        certificate_id: None,
        serial: None,
        valid_from: None,
        valid_till: None,
        order_valid_till: None,
        ..row(id, names, 0, 0)
    };
    let approval = bare(
        100_000_201,
        "new.example.net www.new.example.net",
        OrderStatus::NeedsApproval,
    );
    let pending = bare(100_000_202, "xn--bcher-kva.example", OrderStatus::Pending);
    let email = OrderSummary {
        product: product("secure_email_sponsor", "Secure Email for Business"),
        ..bare(100_000_203, "zoë@example.net", OrderStatus::WaitingPickup)
    };
    let over = OrderSummary {
        status: OrderStatus::Expired,
        ..row(100_000_010, "old.example.net", -40, -40)
    };
    let lapsed = OrderSummary {
        status: OrderStatus::Issued,
        ..row(100_000_011, "forgotten.example.net", -3, 90)
    };
    let revoked = OrderSummary {
        status: OrderStatus::Revoked,
        ..row(100_000_012, "leaked.example.net", 90, 90)
    };
    let private = OrderSummary {
        product: product("private_ssl_plus", "Private SSL"),
        status: OrderStatus::Canceled,
        ..row(100_000_013, "intranet.corp", 200, 200)
    };
    vec![
        first, wild, renew, renewed, long, fine, covered, wide, reissuing, approval, pending,
        email, over, lapsed, revoked, private,
    ]
}

fn certificate(role: Role, id: u64, names: &[&str], ends: i32) -> Certificate {
    Certificate {
        id: Some(CertificateId(id)),
        status: Some(CertificateStatus::Approved),
        common_name: names[0].into(),
        dns_names: names.iter().map(ToString::to_string).collect(),
        serial: Some(format!("0A{id:030X}")),
        thumbprint: Some(format!("5F{id:038X}")),
        created: Some(at("2026-05-08T08:10:00Z")),
        valid_from: Some(day(ends - 198)),
        valid_till: Some(day(ends)),
        key_size: Some(2048),
        hash: Some("sha256".into()),
        platform: Some(Platform {
            id: 45,
            name: "nginx".into(),
        }),
        ca_name: Some("Sandbox Global G2 TLS RSA SHA256 2020 CA1".into()),
        requester: Some(person("Grace Sample", "grace@example.net")),
        ..Certificate::empty(role)
    }
}

/// A request.
pub fn request(id: u64, kind: RequestKind, status: RequestStatus) -> Request {
    Request {
        date: Some(at("2026-11-19T16:20:00Z")),
        requester: Some(person("Grace Sample", "grace@example.net").into()),
        order: Some(ORDER),
        common_name: Some("shop.example.net".into()),
        organization: Some(organization("Example Trading GmbH").into()),
        ..fixtures::request(id, kind, status)
    }
}

/// Requests that wait.
pub fn requests() -> Vec<Request> {
    let mut duplicate = request(300_000_041, RequestKind::Duplicate, RequestStatus::Pending);
    duplicate.comments = Some(
        "For the second node behind the balancer in Lisbon; its key must not leave the machine, hence a duplicate and not a copy.".into(),
    );
    let mut first = request(
        300_000_042,
        RequestKind::NewRequest,
        RequestStatus::Submitted,
    );
    first.date = Some(at("2026-11-19T16:10:00Z"));
    first.order = Some(OrderId(100_000_201));
    first.common_name = Some("new.example.net".into());
    first.requester = Some(
        person(
            "Bartholomäus-Maximilian von und zu Beispielhausen",
            "bart@example.org",
        )
        .into(),
    );
    let mut revoke = request(300_000_043, RequestKind::Revoke, RequestStatus::Pending);
    revoke.date = Some(at("2026-11-19T16:00:00Z"));
    revoke.order = Some(OrderId(100_000_012));
    revoke.common_name = Some("leaked.example.net".into());
    revoke.requester = None;
    vec![duplicate, first, revoke]
}

/// Requests that are decided.
pub fn decided() -> Vec<Request> {
    let mut approved = request(300_000_038, RequestKind::Reissue, RequestStatus::Approved);
    approved.date = Some(at("2026-11-18T08:00:00Z"));
    approved.processed = Some(at("2026-11-18T09:30:00Z"));
    approved.reviewer = Some(person("Grace Sample", "grace@example.net").into());
    approved.processor = Some(person("Ada Example", "ada@example.net").into());
    let mut rejected = request(300_000_037, RequestKind::Duplicate, RequestStatus::Rejected);
    rejected.date = Some(at("2026-11-17T08:00:00Z"));
    rejected.processor = Some(person("Ada Example", "ada@example.net").into());
    rejected.processor_comment = Some("Use the key of the first node.".into());
    vec![approved, rejected]
}

/// The whole first order.
pub fn order() -> Order {
    let row = orders().remove(0);
    let names = [
        "shop.example.net",
        "www.shop.example.net",
        "api.example.net",
        "pay.example.net",
    ];
    let mut primary = certificate(Role::Primary, 200_000_118, &names, 5);
    primary.status = None;
    let mut decided = request(300_000_007, RequestKind::Reissue, RequestStatus::Approved);
    decided.date = Some(at("2026-05-08T07:55:00Z"));
    decided.processed = Some(at("2026-05-08T08:09:00Z"));
    decided.processor = Some(person("Ada Example", "ada@example.net").into());
    decided.comments = Some("New key after the audit.".into());
    decided.processor_comment = Some("Names checked.".into());
    let mut waiting = requests().remove(0);
    waiting.dns_names = names.map(String::from).into();
    Order {
        last_reissued: Some(at("2026-05-08T08:10:00Z")),
        renewal_of: Some(OrderId(99_000_007)),
        auto_reissue: Some(false),
        dcv_method: Some("dns-txt-token".into()),
        user: Some(person("Grace Sample", "grace@example.net")),
        approver: Some(person("Ada Example", "ada@example.net")),
        requests: vec![waiting, decided],
        notes: vec![Note {
            id: None,
            text: "Calls from the shop's team go to extension 17.".into(),
            date: Some(at("2026-06-02T10:00:00Z")),
            author: Some(person("Ada Example", "ada@example.net")),
        }],
        custom_fields: vec![CustomField {
            metadata_id: 7,
            label: "Cost center".into(),
            value: "4711 Web".into(),
        }],
        additional_emails: vec!["web@example.net".into(), "ops@example.net".into()],
        ..order_of(&row, primary)
    }
}

/// Its duplicates.
pub fn duplicates() -> Vec<Certificate> {
    let names = ["shop.example.net", "api.example.net", "cdn.example.net"];
    let mut second = certificate(Role::Duplicate(Some("002".into())), 200_000_702, &names, 5);
    second.key_size = Some(256);
    let mut first = certificate(
        Role::Duplicate(Some("001".into())),
        200_000_701,
        &[
            "shop.example.net",
            "www.shop.example.net",
            "api.example.net",
            "pay.example.net",
        ],
        -30,
    );
    first.archived = true;
    vec![first, second]
}

/// Its reissues.
pub fn reissues() -> Vec<Certificate> {
    let mut old = certificate(
        Role::Reissue,
        200_000_017,
        &["shop.example.net", "www.shop.example.net"],
        40,
    );
    old.status = Some(CertificateStatus::Revoked);
    vec![old]
}

/// A failure of the network.
pub fn no_network() -> Failure {
    Failure {
        kind: FailureKind::Network,
        what: "The server www.digicert.com cannot be reached: connection refused.".into(),
        advice: "Check the network, a VPN or a proxy of this machine; R tries again. What is shown is what was read before.".into(),
        status: None,
        codes: Vec::new(),
    }
}

/// Domains of the account: proved, about to end, over, waiting.
pub fn domains() -> Vec<Domain> {
    let domain = |id: u64, name: &str, until: Option<&str>| Domain {
        method: Some(DcvMethod::DnsTxt),
        organization: Some("Example Trading GmbH".into()),
        organization_id: Some(OrganizationId(5)),
        proved: until.map(|_| at("2026-05-20T08:00:00Z")),
        proved_until: until.map(at),
        ov_until: until.map(at),
        ev_until: until.map(at),
        is_pending: Some(until.is_none()),
        token: Some("5hj2k9w0q3n8v7c6b1m4z5x8s2d7f9g0".into()),
        token_until: Some(at("2026-12-11T08:00:00Z")),
        ..Domain::new(DomainId(id), name)
    };
    let by = |method, domain| Domain {
        method: Some(method),
        ..domain
    };
    vec![
        domain(70, "pay.example.net", None),
        by(
            DcvMethod::DnsCname,
            domain(71, "shop.example.net", Some("2026-11-04T07:00:00Z")),
        ),
        by(
            DcvMethod::Email,
            domain(72, "example.org", Some("2026-12-02T07:00:00Z")),
        ),
        by(
            DcvMethod::HttpToken,
            domain(73, "www.example.com", Some("2027-02-11T07:00:00Z")),
        ),
        Domain {
            is_active: false,
            ..domain(74, "old.example", Some("2027-03-11T07:00:00Z"))
        },
    ]
}

/// Organizations of the account.
pub fn organizations() -> Vec<AccountOrganization> {
    let validation = |kind: &str, status: &str, until: Option<&str>| Validation {
        kind: kind.into(),
        status: status.into(),
        until: until.map(at),
    };
    vec![
        AccountOrganization {
            id: OrganizationId(5),
            name: "Example Trading GmbH".into(),
            is_active: true,
            place: "Köln, NRW, de".into(),
            validations: vec![
                validation("ov", "active", Some("2027-06-01T06:00:00Z")),
                validation("ev", "active", Some("2026-12-01T07:00:00Z")),
            ],
        },
        AccountOrganization {
            id: OrganizationId(6),
            name: "Example Bank AG".into(),
            is_active: true,
            place: "Zürich, ch".into(),
            validations: vec![validation("ov", "pending", None)],
        },
    ]
}
