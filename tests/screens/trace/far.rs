//! The far end of the trace: an account that takes what is sent, and shows it from then on.

use std::collections::BTreeMap;

use certdeck::app::effect::Read;
use certdeck::app::msg::{Accepted, Data};
use certdeck::domain::dcv::{DcvMethod, Domain};
use certdeck::domain::draft::limits::Limit;
use certdeck::domain::draft::offer::{Definition, Offer, User, ValueKind};
use certdeck::domain::expiring::Expiring;
use certdeck::domain::failure::{Failure, FailureKind};
use certdeck::domain::ids::{CertificateId, DomainId, OrderId, OrganizationId, RequestId};
use certdeck::domain::order::{Certificate, CsrText, Note, Order, OrderSummary, Role};
use certdeck::domain::organization::{AccountOrganization, Validation};
use certdeck::domain::product::{Choice, Ica, Platform, Product, ProductRef};
use certdeck::domain::request::{Request, RequestPage};
use certdeck::domain::status::{CertificateStatus, OrderStatus, RequestKind, RequestStatus};
use certdeck::domain::write::{Outgoing, WriteKind};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, CertifiedIssuer, DnType,
    IsCa, KeyPair, SanType, SerialNumber,
};
use serde_json::Value;

use crate::account::{self, NOW, ORDER, at, day};

/// How fast it does what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    AtOnce,
    /// Once somebody approved it.
    Approval,
    /// Nobody has to approve it, and it takes its time: see [`Far::catch_up`].
    Slow,
}

/// An account.
pub struct Far {
    orders: BTreeMap<OrderId, Order>,
    duplicates: BTreeMap<OrderId, Vec<Certificate>>,
    reissues: BTreeMap<OrderId, Vec<Certificate>>,
    requests: Vec<Request>,
    /// What waits for a decision: the kind, and the certificate that is asked for.
    asked: BTreeMap<RequestId, (WriteKind, Certificate)>,
    by_reference: BTreeMap<String, Vec<OrderId>>,
    changed: Vec<OrderId>,
    ids: u64,
    ca: CertifiedIssuer<'static, KeyPair>,
}

impl Far {
    pub fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, "Far CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let mut far = Self {
            orders: BTreeMap::new(),
            duplicates: BTreeMap::from([(ORDER, account::duplicates())]),
            reissues: BTreeMap::from([(ORDER, account::reissues())]),
            requests: [account::requests(), account::decided()].concat(),
            asked: BTreeMap::new(),
            by_reference: BTreeMap::new(),
            changed: Vec::new(),
            ids: 900_000_000,
            ca: CertifiedIssuer::self_signed(params, key).expect("a certificate"),
        };
        for row in account::orders().into_iter().chain([late()]) {
            let mut order = account::order();
            if row.id != ORDER {
                order.certificate.id = row.certificate_id;
                order.certificate.common_name.clone_from(&row.common_name);
                order.certificate.dns_names.clone_from(&row.dns_names);
                order.certificate.valid_till = row.valid_till;
                order.certificate.serial = row.serial;
                order.requests = Vec::new();
                order.renewal_of = None;
            }
            order.id = row.id;
            order.status = row.status;
            order.product = row.product;
            order.order_valid_till = row.order_valid_till;
            order.is_renewed = row.is_renewed;
            order.organization = row.organization;
            if let Some(organization) = &mut order.organization {
                organization.id = Some(OrganizationId(4455));
            }
            far.orders.insert(order.id, order);
        }
        far
    }

    fn id(&mut self) -> u64 {
        self.ids += 1;
        self.ids
    }

    /// What it answers to a read.
    pub fn answer(&self, read: &Read) -> Result<Data, Failure> {
        let certificates = |of: &BTreeMap<OrderId, Vec<Certificate>>, id| {
            Data::Certificates(of.get(id).cloned().unwrap_or_default())
        };
        Ok(match read {
            Read::Session => Data::Session(account::session()),
            Read::Order(id) => {
                let mut order = self.orders.get(id).cloned().ok_or_else(not_found)?;
                let own = |request: &&Request| request.order == Some(*id);
                order.requests = self.requests.iter().filter(own).cloned().collect();
                Data::Order(Box::new(order))
            }
            Read::Duplicates(id) => certificates(&self.duplicates, id),
            Read::Reissues(id) => certificates(&self.reissues, id),
            Read::Requests => {
                let waits = self.requests.iter().filter(|request| is_open(request));
                Data::Requests(waits.cloned().collect())
            }
            Read::RequestPage(wanted, _) => {
                let fits = |request: &&Request| {
                    wanted.status.is_empty() || wanted.status.contains(&request.status)
                };
                let rows: Vec<Request> = self.requests.iter().filter(fits).cloned().collect();
                let total = Some(rows.len() as u64);
                Data::RequestPage(RequestPage {
                    rows,
                    next: None,
                    total,
                })
            }
            Read::Request(id) => {
                let mut requests = self.requests.iter();
                let found = requests.find(|request| request.id == *id).cloned();
                Data::Request(Box::new(found.ok_or_else(not_found)?))
            }
            Read::Product(name) => Data::Product(Box::new(product(name))),
            Read::Domains(_, names) => Data::Domains(domains(names)),
            Read::AccountDomains => Data::Domains(domains(&all_names())),
            Read::Domain(id) => {
                let mut domains = domains(&all_names()).into_iter();
                let found = domains.find(|domain| domain.id == *id);
                Data::Domain(Box::new(found.ok_or_else(not_found)?))
            }
            Read::Expiring => Data::Expiring(Expiring::default()),
            Read::Organizations => Data::Organizations(vec![AccountOrganization {
                id: OrganizationId(5),
                name: "Example Trading GmbH".into(),
                is_active: true,
                place: "Köln, de".into(),
                validations: vec![Validation {
                    kind: "ov".into(),
                    status: "active".into(),
                    until: Some(at("2027-06-01T10:00:00Z")),
                }],
            }]),
            Read::Changes(_) => Data::Changes(self.changed.clone()),
            Read::Listed(ids) => {
                let rows = account::orders().into_iter().chain([late()]);
                let rows = rows.filter(|row| ids.contains(&row.id)).map(|row| {
                    let order = &self.orders[&row.id];
                    OrderSummary {
                        status: order.status.clone(),
                        certificate_id: order.certificate.id,
                        serial: order.certificate.serial.clone(),
                        valid_till: order.certificate.valid_till,
                        ..row
                    }
                });
                Data::Listed(rows.collect())
            }
            Read::Organization(_) => Data::Validations(vec![Validation {
                kind: "ov".into(),
                status: "active".into(),
                until: Some(at("2027-06-01T10:00:00Z")),
            }]),
            Read::Chain(id) => Data::Chain(self.chain(*id).ok_or_else(not_found)?),
            Read::OrdersByReference(reference) => Data::Placed(
                self.by_reference
                    .get(reference)
                    .cloned()
                    .unwrap_or_default(),
            ),
            Read::Offer => Data::Offer(Box::new(offer())),
            Read::Limits(_) => Data::Limits(Vec::<Limit>::new()),
        })
    }

    /// The certificate with this number, of whichever order.
    fn certificate(&self, id: CertificateId) -> Option<&Certificate> {
        let current = self.orders.values().map(|order| &order.certificate);
        let others = self.duplicates.values().chain(self.reissues.values());
        let mut all = current.chain(others.flatten());
        all.find(|certificate| certificate.id == Some(id))
    }

    fn chain(&self, id: CertificateId) -> Option<String> {
        let row = self.certificate(id)?;
        let dress = |params: &mut CertificateParams| {
            let digits = row.serial.clone().unwrap_or_default();
            let bytes = (0..digits.len() / 2).map(|at| &digits[2 * at..2 * at + 2]);
            let bytes: Vec<u8> = bytes
                .filter_map(|byte| u8::from_str_radix(byte, 16).ok())
                .collect();
            params.serial_number = Some(SerialNumber::from_slice(&bytes));
            params.not_before = rcgen::date_time_ymd(2026, 11, 20);
            let end = row.valid_till.unwrap_or_else(|| day(172));
            let (month, day) = (end.month() as u8, end.day() as u8);
            params.not_after = rcgen::date_time_ymd(end.year().into(), month, day);
            let mut names = row.dns_names.clone();
            names.insert(0, row.common_name.clone());
            names.dedup();
            let names = names.into_iter().filter_map(|name| name.try_into().ok());
            params.subject_alt_names = names.map(SanType::DnsName).collect();
        };
        let leaf = if let Some(CsrText(csr)) = &row.csr {
            let mut asked = CertificateSigningRequestParams::from_pem(csr).ok()?;
            dress(&mut asked.params);
            asked.signed_by(&self.ca).ok()?
        } else {
            let mut params = CertificateParams::new(Vec::new()).ok()?;
            dress(&mut params);
            let key = KeyPair::generate().ok()?;
            params.signed_by(&key, &self.ca).ok()?
        };
        Some(leaf.pem() + &self.ca.pem())
    }

    /// Takes what is sent: at once, or for somebody to approve first.
    pub fn take(&mut self, sent: &Outgoing, pace: Pace) -> Accepted {
        let body: Value = serde_json::from_str(&sent.body).unwrap_or_default();
        let order = sent.order;
        self.changed.extend(order);
        let accepted = Accepted {
            order,
            ..Accepted::default()
        };
        match sent.kind {
            WriteKind::Duplicate | WriteKind::Reissue | WriteKind::ReissueAsDuplicate => {
                self.ask(sent, order.unwrap_or(ORDER), &body, pace)
            }
            WriteKind::Renew | WriteKind::NewOrder => {
                let id = OrderId(self.id());
                let mut order = self.orders[&ORDER].clone();
                order.id = id;
                order.status = OrderStatus::Pending;
                order.certificate = Certificate::empty(Role::Primary);
                order.requests = Vec::new();
                self.orders.insert(id, order);
                if let Some(reference) = sent.reference() {
                    self.by_reference.entry(reference).or_default().push(id);
                }
                self.ask(sent, id, &body, pace)
            }
            WriteKind::Approve | WriteKind::Reject => {
                if let Some(id) = sent.request {
                    self.decide(id, sent.kind == WriteKind::Approve);
                }
                accepted
            }
            _ => {
                let value = Some("0123456789abcdef".into());
                let checked = vec![("shop.example.net".into(), "complete".into())];
                if let Some(order) = order.and_then(|id| self.orders.get_mut(&id)) {
                    change(order, sent.kind, &body);
                }
                Accepted {
                    dcv_random_value: value.filter(|_| sent.kind.is_about_domains()),
                    checked: checked
                        .into_iter()
                        .filter(|_| sent.kind.is_check())
                        .collect(),
                    ..accepted
                }
            }
        }
    }

    /// A certificate is asked for.
    fn ask(&mut self, sent: &Outgoing, order: OrderId, body: &Value, pace: Pace) -> Accepted {
        let asked = &body["certificate"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let names = asked["dns_names"].as_array().into_iter().flatten();
        let mut certificate = Certificate::empty(Role::Primary);
        certificate.common_name = text(&asked["common_name"]).unwrap_or_default();
        certificate.dns_names = names.filter_map(text).collect();
        certificate.csr = text(&asked["csr"]).map(CsrText);
        let id = RequestId(self.id());
        let kind = match sent.kind {
            WriteKind::Duplicate => RequestKind::Duplicate,
            WriteKind::Reissue | WriteKind::ReissueAsDuplicate => RequestKind::Reissue,
            _ => RequestKind::NewRequest,
        };
        let mut request = account::request(id.0, kind, RequestStatus::Pending);
        request.order = Some(order);
        request.date = Some(at(NOW));
        request.csr.clone_from(&certificate.csr);
        request.dns_names.clone_from(&certificate.dns_names);
        self.requests.push(request);
        self.asked.insert(id, (sent.kind, certificate));
        let mut accepted = Accepted {
            order: Some(order),
            requests: vec![id],
            ..Accepted::default()
        };
        match pace {
            Pace::AtOnce => accepted.certificate = self.decide(id, true),
            Pace::Approval => {}
            Pace::Slow => self.say(id, RequestStatus::Approved),
        }
        accepted
    }

    /// What takes its time is issued.
    pub fn catch_up(&mut self) {
        let approved = |request: &&Request| request.status == RequestStatus::Approved;
        let approved = self
            .requests
            .iter()
            .filter(approved)
            .map(|request| request.id);
        for id in approved.collect::<Vec<RequestId>>() {
            self.issue(id);
        }
    }

    fn say(&mut self, id: RequestId, status: RequestStatus) {
        let Some(request) = self.requests.iter_mut().find(|request| request.id == id) else {
            return;
        };
        request.status = status;
        request.processed = Some(at(NOW));
        self.changed.extend(request.order);
    }

    /// A request is decided; gives the certificate that comes of it.
    fn decide(&mut self, id: RequestId, yes: bool) -> Option<CertificateId> {
        if yes {
            self.say(id, RequestStatus::Approved);
            self.issue(id)
        } else {
            self.say(id, RequestStatus::Rejected);
            None
        }
    }

    fn issue(&mut self, id: RequestId) -> Option<CertificateId> {
        let order = self
            .requests
            .iter()
            .find(|request| request.id == id)?
            .order?;
        let (kind, mut certificate) = self.asked.remove(&id)?;
        self.changed.push(order);
        let number = CertificateId(self.id());
        certificate.id = Some(number);
        certificate.serial = Some(format!("0A{:030X}", number.0));
        certificate.status = Some(CertificateStatus::Issued);
        certificate.issued = Some(at(NOW));
        certificate.valid_from = Some(day(0));
        let known = self.orders.get(&order)?;
        certificate.valid_till = match kind {
            WriteKind::Duplicate | WriteKind::ReissueAsDuplicate => known.certificate.valid_till,
            WriteKind::Reissue => known.order_valid_till,
            _ => Some(day(198)),
        };
        certificate.request = Some(id);
        match kind {
            WriteKind::Duplicate | WriteKind::ReissueAsDuplicate => {
                let list = self.duplicates.entry(order).or_default();
                certificate.role = Role::Duplicate(Some(format!("{:03}", list.len() + 1)));
                list.push(certificate);
            }
            _ => {
                let known = self.orders.get_mut(&order)?;
                known.status = OrderStatus::Issued;
                let mut old = std::mem::replace(&mut known.certificate, certificate);
                if old.id.is_some() {
                    old.role = Role::Reissue;
                    self.reissues.entry(order).or_default().push(old);
                }
            }
        }
        Some(number)
    }
}

/// A row that the list of orders does not have at first.
pub fn late() -> OrderSummary {
    account::row(100_000_999, "late.example.net", 300, 400)
}

/// What a small operation does to an order.
fn change(order: &mut Order, kind: WriteKind, body: &Value) {
    match kind {
        WriteKind::CancelOrder => order.status = OrderStatus::Canceled,
        WriteKind::CancelReissue => order.status = OrderStatus::Issued,
        WriteKind::RevokeOrder => order.status = OrderStatus::Revoked,
        WriteKind::AutoReissue => order.auto_reissue = order.auto_reissue.map(|on| !on),
        WriteKind::Note => order.notes.push(Note {
            id: None,
            text: body["text"].as_str().unwrap_or_default().into(),
            date: Some(at(NOW)),
            author: None,
        }),
        _ => {}
    }
}

fn is_open(request: &Request) -> bool {
    matches!(
        request.status,
        RequestStatus::Pending | RequestStatus::Submitted
    )
}

fn product(name_id: &str) -> Product {
    Product {
        product: ProductRef {
            name_id: name_id.into(),
            name: name_id.replace('_', " "),
            kind: "ssl_certificate".into(),
            validation: None,
        },
        platforms: [(-1, "OTHER"), (2, "Apache"), (45, "nginx")]
            .map(|(id, name)| Platform {
                id,
                name: name.into(),
            })
            .into(),
        icas: vec![Ica {
            id: "EF9D6F5C".into(),
            name: "Far CA".into(),
            chain: String::new(),
        }],
        order_validity_years: vec![1, 2],
        ..Product::default()
    }
}

fn offer() -> Offer {
    let choice = |id: &str, name: &str| Choice {
        id: id.into(),
        name: name.into(),
    };
    Offer {
        products: vec![
            product("ssl_securesite_multi_domain"),
            product("ssl_securesite"),
        ],
        organizations: vec![
            choice("77", "Example Trading GmbH"),
            choice("78", "Other AG"),
        ],
        containers: vec![choice("1001", "Main"), choice("1002", "Web shop")],
        fields: vec![Definition {
            id: 7,
            label: "Cost center".into(),
            required: false,
            kind: ValueKind::Text,
        }],
        users: vec![User {
            id: 501,
            first_name: "Ada".into(),
            last_name: "Example".into(),
            email: "ada@example.net".into(),
        }],
        limits: Vec::new(),
    }
}

/// The names of the account's domains.
fn all_names() -> Vec<String> {
    ["shop.example.net", "example.net", "example.org"]
        .map(str::to_owned)
        .into()
}

fn domains(names: &[String]) -> Vec<Domain> {
    let numbered = names.iter().enumerate();
    let domain = |(at_, name): (usize, &String)| Domain {
        method: Some(DcvMethod::DnsTxt),
        token: Some("5hj2k9w0q3n8v7c6b1m4z5x8s2d7f9g0".into()),
        token_status: Some("pending".into()),
        token_until: Some(at("2026-12-11T08:00:00Z")),
        proved: (at_ > 0).then(|| at("2026-06-01T08:00:00Z")),
        proved_until: (at_ > 0).then(|| at("2026-12-17T08:00:00Z")),
        organization: Some("Example Trading GmbH".into()),
        ..Domain::new(DomainId(70 + at_ as u64), name)
    };
    numbered.map(domain).collect()
}

fn not_found() -> Failure {
    failure(
        FailureKind::NotFound,
        "It is not in this account.",
        Some(404),
    )
}

/// A failure of this kind.
pub fn failure(kind: FailureKind, what: &str, status: Option<u16>) -> Failure {
    Failure {
        kind,
        what: what.into(),
        advice: String::new(),
        status,
        codes: Vec::new(),
    }
}
