//! One part of the cast becomes an order with its certificates and requests.
//!
//! Ids are given at the end, when everything is in the order of time; until then a request names its certificate by
//! its place in the order.

use std::borrow::Cow;
use std::ops::Range;

use jiff::Timestamp;

use super::calendar::{Calendar, office_hours};
use super::dice::Dice;
use super::hosts::names;
use super::limits::most_days;
use super::scenarios::{Extra, Fate, Scenario};
use super::timeline::{Timeline, draw};
use super::world::{DomainView, World};
use super::{subject, texts};
use crate::sandbox::model::{
    Approval, Certificate, CertificateKind, CertificateState, Dcv, FieldValue, Length, Note, Order,
    OrderStatus, Request, RequestKind, RequestStatus, Seldom, Serial,
};
use crate::sandbox::tables::{Product, ProductRef};

/// An order without ids.
pub(super) struct Draft {
    pub(super) order: Order,
    /// Which of all requests are about it; `certificate_id` is the certificate's place in the order. They stand in one list: small
    /// ones between what stays would leave holes when they go.
    pub(super) requests: Range<usize>,
    /// The renewal chain and the place in it.
    pub(super) chain: Option<(u32, u8)>,
    /// When something in the order becomes ready by itself.
    pub(super) look_again: Option<Timestamp>,
}

/// Makes the order of one part, and adds its requests to all; `None` for a product that is not in the table or an account without
/// domains.
pub(super) fn build(
    part: &Scenario,
    world: &World,
    calendar: &Calendar,
    hostile: &[String],
    dice: &mut Dice,
    names_dice: &mut Dice,
    requests: &mut Vec<Request>,
) -> Option<Draft> {
    let product = Product::by_name_id(part.product)?;
    let domain = world.domain(part, &product, names_dice)?;
    let years = part.chain.map(|_| 1);
    let timeline = draw(part.window, product.family, years, calendar, dice);
    let (container_id, approval) = world.container(part.asked, domain, dice);
    let siblings = world.siblings(domain);
    let names = names(&product, part.look, &domain.name, &siblings, names_dice);
    let subject = subject::draw(&product, &domain.name, names, names_dice);
    let mut builder = Builder {
        part,
        product,
        world,
        domain,
        calendar,
        hostile,
        timeline,
        approval,
        dice,
        subject,
        certificates: Vec::new(),
        requests: Vec::new(),
        user_id: 0,
        opened: 0,
        look_again: None,
    };
    Some(builder.build(container_id, requests))
}

/// An order in the making.
pub(super) struct Builder<'a> {
    pub(super) part: &'a Scenario,
    pub(super) product: ProductRef,
    pub(super) world: &'a World,
    pub(super) domain: &'a DomainView,
    pub(super) calendar: &'a Calendar,
    pub(super) hostile: &'a [String],
    pub(super) timeline: Timeline,
    pub(super) approval: Approval,
    pub(super) dice: &'a mut Dice,
    pub(super) subject: subject::Subject,
    pub(super) certificates: Vec<Certificate>,
    /// Each with the serial of the certificate it is about.
    pub(super) requests: Vec<(Request, Option<Serial>)>,
    pub(super) user_id: u64,
    /// Second of the day on which the order was placed.
    pub(super) opened: i64,
    pub(super) look_again: Option<Timestamp>,
}

impl Builder<'_> {
    fn build(&mut self, container_id: u64, all: &mut Vec<Request>) -> Draft {
        self.user_id = self.world.requester(self.dice);
        self.opened = office_hours(self.dice);
        let opened = self.opened;
        self.runs(opened);
        self.duplicates();
        self.certificates.sort_by_key(|c| c.date_created);
        self.number_duplicates();
        let mut status = self.settle();
        if let Some(asked) = self
            .part
            .asked
            .filter(|a| a.kind != RequestKind::NewRequest)
            && self.ask(asked)
        {
            status = OrderStatus::ReissuePending;
        }
        let mut requests = self.take_requests();
        let order = self.order(container_id, status, opened, &requests);
        let from = all.len();
        all.append(&mut requests);
        Draft {
            order,
            requests: from..all.len(),
            chain: self.part.chain,
            look_again: self.look_again,
        }
    }

    /// The primary certificates one after another, with the requests that made them.
    fn runs(&mut self, opened: i64) {
        let mut spans = self.timeline.certificates.clone();
        if spans.is_empty() {
            self.first_unissued(opened);
            return;
        }
        for _ in 0..self.part.reissues {
            let Some((from, till)) = spans.last().copied() else {
                break;
            };
            let day = self.dice.between(from, till.min(0));
            if day > from {
                spans.push((day, self.shortened(day, till)));
            }
        }
        for (number, span) in spans.into_iter().enumerate() {
            let kind = if number == 0 {
                CertificateKind::First
            } else {
                CertificateKind::Reissue
            };
            let second = if number == 0 {
                opened
            } else {
                self.second(span.0)
            };
            let request = if number == 0 {
                RequestKind::NewRequest
            } else {
                RequestKind::Reissue
            };
            let serial = self.issued(kind, span, second);
            self.approved_request(request, serial, span.0, second);
        }
    }

    /// The certificate of an order that was never issued, and the request in front of it.
    fn first_unissued(&mut self, opened: i64) {
        let day = self.timeline.start;
        let state = match self.part.fate {
            Fate::NeedsApproval => CertificateState::Requested,
            Fate::Canceled | Fate::Rejected => CertificateState::Rejected,
            Fate::Processing if self.part.product == "ssl_securesite" => {
                // The account lives: this one gets ready while somebody looks.
                let ready = self.calendar.soon(300);
                self.look_again = Some(ready);
                CertificateState::Processing { ready: Some(ready) }
            }
            _ => CertificateState::Processing { ready: None },
        };
        let certificate = self.certificate(CertificateKind::First, state, day, opened);
        let serial = certificate.serial;
        self.certificates.push(certificate);
        match self.part.asked {
            Some(asked) => {
                let status = OrderStatus::NeedsApproval;
                self.open_request(asked, Some(serial), day, opened, status);
            }
            None => self.approved_request(RequestKind::NewRequest, serial, day, opened),
        }
    }

    fn issued(&mut self, kind: CertificateKind, (from, till): (i64, i64), second: i64) -> Serial {
        let mut certificate = self.certificate(kind, CertificateState::Issued, from, second);
        let after = self.dice.between(60, 3600 * 4);
        certificate.date_issued = Some(self.calendar.at(from, second + after));
        certificate.valid_from = Some(self.calendar.date(from));
        certificate.valid_till = Some(self.calendar.date(till));
        let serial = certificate.serial;
        self.certificates.push(certificate);
        serial
    }

    pub(super) fn certificate(
        &mut self,
        kind: CertificateKind,
        state: CertificateState,
        day: i64,
        second: i64,
    ) -> Certificate {
        let made = self.calendar.at(day, second);
        let user = if self.dice.percent(70) {
            self.user_id
        } else {
            self.world.requester(self.dice)
        };
        self.subject.certificate(
            &self.product,
            self.world,
            kind,
            state,
            made,
            user,
            self.dice,
        )
    }

    /// A moment of a day at which people work; on the order's first day, one after it was placed and issued.
    pub(super) fn second(&mut self, day: i64) -> i64 {
        let drawn = office_hours(self.dice);
        if day == self.timeline.start {
            self.opened + 4 * 3600 + drawn % 1800
        } else {
            drawn
        }
    }

    /// The last day of a certificate that is issued on `day` and should end on `till`: a copy of an older, longer
    /// certificate may have to end before it.
    fn shortened(&self, day: i64, till: i64) -> i64 {
        let most = most_days(self.product.family, self.calendar.date(day));
        till.min(day + i64::from(most) - 1)
    }

    /// Copies of the newest primary certificate.
    fn duplicates(&mut self) {
        if !self.product.duplicates {
            return;
        }
        let Some((from, till)) = self.timeline.certificates.last().copied() else {
            return;
        };
        for _ in 0..self.part.duplicates {
            let day = self.dice.between(from, till.min(0));
            let second = self.second(day);
            let span = (day, self.shortened(day, till));
            let serial = self.issued(CertificateKind::Duplicate(0), span, second);
            self.approved_request(RequestKind::Duplicate, serial, day, second);
        }
    }

    /// Numbers duplicates in the order they were asked for; of many, the oldest are archived and one is revoked.
    fn number_duplicates(&mut self) {
        let many = self.part.duplicates >= 5;
        let mut number = 0;
        for certificate in &mut self.certificates {
            if matches!(certificate.kind, CertificateKind::Duplicate(_)) {
                number += 1;
                certificate.kind = CertificateKind::Duplicate(number);
                certificate.archived = many && number <= 2;
                if let (true, 3, Some(issued)) = (many, number, certificate.date_issued) {
                    certificate.state = CertificateState::Revoked(issued);
                }
            }
        }
        let last = self.primary();
        for (at, certificate) in self.certificates.iter_mut().enumerate() {
            if certificate.kind == CertificateKind::Reissue && at != last {
                certificate.archived = many || self.dice.percent(10);
            }
        }
    }

    /// Place of the certificate that order info shows.
    pub(super) fn primary(&self) -> usize {
        let of_order = |c: &Certificate| !matches!(c.kind, CertificateKind::Duplicate(_));
        self.certificates
            .iter()
            .rposition(|c| of_order(c) && c.state.was_issued())
            .unwrap_or_default()
    }

    /// What the fate does to the certificates, and the status it gives the order.
    fn settle(&mut self) -> OrderStatus {
        match self.part.fate {
            Fate::Issued => {
                if self.part.extra == Extra::PrimaryRevoked {
                    self.revoke(Some(self.primary()));
                }
                OrderStatus::Issued
            }
            Fate::NeedsApproval => OrderStatus::NeedsApproval,
            Fate::Pending => OrderStatus::Pending,
            Fate::Processing => OrderStatus::Processing,
            Fate::WaitingPickup => OrderStatus::WaitingPickup,
            Fate::Canceled => OrderStatus::Canceled,
            Fate::Rejected => OrderStatus::Rejected,
            Fate::Revoked => {
                self.revoke(None);
                OrderStatus::Revoked
            }
            Fate::Reissuing => {
                let day = -self.dice.between(0, 5);
                let second = self.second(day);
                let state = CertificateState::Processing { ready: None };
                let reissue = self.certificate(CertificateKind::Reissue, state, day, second);
                let serial = reissue.serial;
                self.certificates.push(reissue);
                self.approved_request(RequestKind::Reissue, serial, day, second);
                OrderStatus::ReissuePending
            }
        }
    }

    fn order(
        &mut self,
        container_id: u64,
        status: OrderStatus,
        opened: i64,
        requests: &[Request],
    ) -> Order {
        let created = self.calendar.at(self.timeline.start, opened);
        let primary = self.primary();
        let was_issued = !self.timeline.certificates.is_empty();
        let organization_id = (self.product.validation != crate::sandbox::tables::Validation::Dv)
            .then_some(self.domain.organization_id)
            .flatten();
        let mut certificates = std::mem::take(&mut self.certificates);
        // A vector grows to four at once: at 100,000 orders that is 100 MB of nothing.
        certificates.shrink_to_fit();
        let last_reissued = certificates
            .iter()
            .filter(|c| c.kind == CertificateKind::Reissue)
            .filter_map(|c| c.date_issued)
            .max();
        let status_changed = requests
            .iter()
            .filter_map(|r| r.date_processed.or(Some(r.date)))
            .chain(certificates.iter().filter_map(|c| c.date_issued))
            .chain([created])
            .max()
            .unwrap_or(created);
        let years = self.timeline.years;
        let extra = self.part.extra;
        Order {
            id: 0,
            status,
            status_changed,
            product: self.product,
            container_id,
            organization_id,
            user_id: self.user_id,
            approver_id: requests
                .iter()
                .find(|r| r.kind == RequestKind::NewRequest && r.status == RequestStatus::Approved)
                .and_then(|r| r.processor),
            date_created: created,
            order_validity: Length::Years(years),
            order_valid_till: was_issued.then(|| self.calendar.date(self.timeline.end)),
            is_multi_year_plan: years > 1,
            primary,
            requests: Vec::new(),
            renewal_of: None,
            renewed_by: None,
            is_renewed: extra == Extra::Migrated(true),
            is_migrated: matches!(extra, Extra::Migrated(_)),
            notes: self.notes(created).into(),
            custom_fields: self.fields().into(),
            additional_emails: if self.dice.percent(10) {
                vec!["certificates@example.org".to_owned()].into()
            } else {
                Seldom::default()
            },
            alternative_order_id: (extra == Extra::Reference)
                .then(|| "certdeck-demo-0001".to_owned()),
            disable_renewal_notifications: self.dice.percent(10),
            disable_issuance_email: self.dice.percent(5),
            disable_ct: false,
            auto_renew: u8::from(self.dice.percent(10)),
            auto_reissue: extra == Extra::AutoReissue,
            price_cents: self.product.year_cents * u64::from(years),
            payment_method: Cow::Borrowed(*self.dice.weighted(&[
                (80, "balance"),
                (10, "card"),
                (7, "profile"),
                (3, "wire_transfer"),
            ])),
            dcv: self.proofs(&certificates).into(),
            dcv_method: self.domain.method,
            organization_contact: self.world.contact(organization_id),
            contacts: Seldom::default(),
            provisioning: self.subject.provisioning,
            ship_info: self.subject.ship_info().map(Box::new),
            last_reissued,
            is_slow: extra == Extra::Slow,
            lists_primary: extra == Extra::ListsPrimary,
            wishes: None,
            revocations: Seldom::default(),
            certificates,
        }
    }

    fn notes(&mut self, created: Timestamp) -> Vec<Note> {
        let text = match self.part.hostile {
            Some(text) => self.hostile.get(text).cloned(),
            None => self
                .dice
                .percent(8)
                .then(|| (*self.dice.pick(texts::NOTES)).to_owned()),
        };
        text.into_iter()
            .map(|text| Note {
                id: 0,
                date: created,
                user_id: self.user_id,
                text,
            })
            .collect()
    }

    fn fields(&mut self) -> Vec<FieldValue> {
        let all = self.part.extra == Extra::AllFields;
        if !all && !self.dice.percent(25) {
            return Vec::new();
        }
        let mut values = Vec::new();
        for (number, field) in self.world.fields.iter().enumerate() {
            if all || (number < 2 && self.dice.percent(70)) {
                let value = match (number, self.part.hostile) {
                    (0, Some(text)) => self.hostile.get(text).cloned().unwrap_or_default(),
                    (1, _) => self.dice.between(1000, 9999).to_string(),
                    (2, _) => "owner@example.org".to_owned(),
                    (4, _) => "noc@example.org,pki@example.org".to_owned(),
                    _ => format!(
                        "{}-{}",
                        *self.dice.pick(&["INV", "OPS", "東京"]),
                        self.dice.between(1, 9999)
                    ),
                };
                values.push(FieldValue {
                    id: 0,
                    metadata_id: *field,
                    value,
                });
            }
        }
        values
    }

    /// Proof of control that is still missing, one a name.
    fn proofs(&mut self, certificates: &[Certificate]) -> Vec<(String, Dcv)> {
        let waits = matches!(self.part.fate, Fate::Pending | Fate::Reissuing);
        let Some(last) = certificates.last().filter(|_| waits && !self.domain.ready) else {
            return Vec::new();
        };
        let asked = last.date_created;
        let method = self.domain.method;
        last.dns_names
            .iter()
            .map(|name| {
                let token = self.dice.token();
                let proof = Dcv {
                    method,
                    token,
                    token_date: asked,
                    checks: 0,
                    approved: None,
                    expires: None,
                };
                (name.clone(), proof)
            })
            .collect()
    }
}
