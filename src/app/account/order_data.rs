//! What is known of one order: order info, its duplicates and reissues, its requests and domains, each as it was last read.

use std::cell::OnceCell;
use std::collections::HashMap;

use jiff::Timestamp;

use crate::app::remote::{Remote, Ticket};
use crate::domain::csr::{self, csr_key};
use crate::domain::dcv::Domain;
use crate::domain::ids::{CertificateId, RequestId};
use crate::domain::names;
use crate::domain::order::{Certificate, CsrText, Order, OrderSummary, Role};
use crate::domain::request::Request;
use crate::domain::status::RequestKind;

/// What is known of one order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct OrderData {
    /// When it was wanted last; the lowest is forgotten first.
    pub wanted: u64,
    pub order: Remote<Order>,
    pub duplicates: Remote<Vec<Certificate>>,
    pub reissues: Remote<Vec<Certificate>>,
    /// Whether its certificate was replaced since those were read: the one before is missing among them.
    pub(super) was_replaced: bool,
    /// Whether the list showed another certificate than order info: what else came with that is not known.
    pub(super) is_behind: bool,
    /// When the list last showed the order as order info has it.
    confirmed: Option<Timestamp>,
    /// Its requests, one by one: only there stand the requester and the CSR.
    pub requests: HashMap<RequestId, Remote<Request>>,
    /// The account's domains that serve its names.
    pub domains: Remote<Vec<Domain>>,
    /// The names that those were asked for.
    pub domains_asked: Vec<String>,
    /// What the last check of its names found: name and state as told.
    pub checked: Vec<(String, String)>,
    /// Which request an answer named together with its certificate.
    made: HashMap<CertificateId, RequestId>,
    /// Its certificates, merged when a reply came and not whenever they are looked at.
    merged_certificates: Vec<Certificate>,
    merged_requests: Vec<Request>,
    /// Which of both carry a CSR, by its [`csr_key`]: many ask for that with every reply.
    certificates_by_csr: HashMap<String, Vec<usize>>,
    requests_by_csr: HashMap<String, Vec<usize>>,
    /// The CSRs of both, by their texts: they come again with every reply, and each is read once.
    csrs: HashMap<String, ShownCsr>,
}

/// A CSR as the account shows it.
#[derive(Debug, Clone, PartialEq, Default)]
struct ShownCsr {
    /// Its [`csr_key`].
    key: Option<String>,
    /// Whether it can be read; asked for only where that counts.
    can_be_read: OnceCell<bool>,
}

impl OrderData {
    /// The order's certificates: the primary, then reissues and duplicates, newest first. The lists can hold
    /// the primary and copies of it; rows are the same if their id or their serial number is.
    pub fn certificates(&self) -> &[Certificate] {
        &self.merged_certificates
    }

    /// A domain was read, perhaps one that serves its names.
    pub(super) fn domain_came(&mut self, domain: &Domain) {
        let mut rows = self.domains.value_mut().into_iter().flatten();
        if let Some(row) = rows.find(|row| row.id == domain.id) {
            row.clone_from(domain);
        }
    }

    /// The list has the order so: a certificate that was replaced takes its place, and the one before goes to the reissues.
    pub(super) fn listed(&mut self, row: &OrderSummary, now: Timestamp) {
        let Some(order) = self.order.value_mut() else {
            return;
        };
        let listed = Order::of_row(row);
        let own = &mut order.certificate;
        if own.id.is_some() && own.id == listed.certificate.id {
            // A certificate is as it was issued: what else order info says of the same one is so still.
            let names = |one: &Certificate| names::set(&one.common_name, &one.dns_names);
            let is_same = order.status == listed.status
                && names(own) == names(&listed.certificate)
                && own.serial == listed.certificate.serial
                && own.valid_till == listed.certificate.valid_till
                && order.order_valid_till == listed.order_valid_till
                && order.is_renewed == listed.is_renewed
                && order.product == listed.product;
            self.confirmed = is_same.then_some(now);
            return;
        }
        self.confirmed = None;
        // A list that is behind shows one that was there before.
        let now_primary = listed.certificate.id;
        let is_new = now_primary.is_some_and(|id| {
            let mut all = self.merged_certificates.iter();
            all.all(|row| row.id != Some(id) || !row.was_issued())
        });
        if !is_new {
            return;
        }
        let before = std::mem::replace(own, listed.certificate);
        order.status = listed.status;
        order.order_valid_till = listed.order_valid_till;
        let reissues = self.reissues.value_mut();
        if let Some(reissues) = reissues.filter(|rows| rows.iter().all(|row| row.id != before.id)) {
            reissues.push(Certificate {
                role: Role::Reissue,
                ..before
            });
        }
        self.is_behind = true;
        self.merge();
    }

    /// When what order info says of it was last known to be so.
    pub(in crate::app) fn so_at(&self) -> Option<Timestamp> {
        self.order.came_at().max(self.confirmed)
    }

    /// Order info or the reissues came; `before` is the primary certificate until then.
    pub(super) fn notes_replaced(&mut self, before: Option<CertificateId>) {
        let now = self.order.value().and_then(|order| order.certificate.id);
        let is_older = self.order.is_newer_than(&self.reissues);
        self.was_replaced = is_older && (self.was_replaced || (before.is_some() && now != before));
    }

    /// The order's requests, newest first, as completely as they are known.
    pub fn requests(&self) -> &[Request] {
        &self.merged_requests
    }

    /// Its certificates that carry the CSR of this [`csr_key`].
    pub fn certificates_with(&self, csr: &str) -> impl Iterator<Item = &Certificate> {
        let at = self.certificates_by_csr.get(csr).into_iter().flatten();
        at.filter_map(|at| self.merged_certificates.get(*at))
    }

    /// Its requests that carry it.
    pub fn requests_with(&self, csr: &str) -> impl Iterator<Item = &Request> {
        let at = self.requests_by_csr.get(csr).into_iter().flatten();
        at.filter_map(|at| self.merged_requests.get(*at))
    }

    /// A reply came: the rows are made of all that is known now.
    pub(in crate::app) fn merge(&mut self) {
        self.csrs = self.shown_csrs();
        self.merged_certificates = self.merge_certificates();
        self.merged_requests = self.merge_requests();
        let rows = self.merged_certificates.iter();
        self.certificates_by_csr = self.by_csr(rows.map(|row| row.csr.as_ref()));
        let requests = self.merged_requests.iter();
        self.requests_by_csr = self.by_csr(requests.map(|request| request.csr.as_ref()));
    }

    /// The CSRs that there are now, with what is known of them already.
    fn shown_csrs(&mut self) -> HashMap<String, ShownCsr> {
        let mut before = std::mem::take(&mut self.csrs);
        let order = self.order.value();
        let primary = order.map(|order| &order.certificate);
        let lists = self
            .reissues
            .value()
            .into_iter()
            .chain(self.duplicates.value());
        let rows = primary.into_iter().chain(lists.flatten());
        let own = order.into_iter().flat_map(|order| &order.requests);
        let requests = own.chain(self.requests.values().filter_map(Remote::value));
        let of_requests = requests.filter_map(|request| request.csr.as_ref());
        let mut now = HashMap::new();
        for CsrText(text) in rows.filter_map(|row| row.csr.as_ref()).chain(of_requests) {
            if !now.contains_key(text) {
                let shown = before.remove(text).unwrap_or_else(|| ShownCsr {
                    key: csr_key(text),
                    can_be_read: OnceCell::new(),
                });
                now.insert(text.clone(), shown);
            }
        }
        now
    }

    /// What a CSR of a certificate or a request is told from others by.
    pub fn csr_key(&self, csr: Option<&CsrText>) -> Option<&str> {
        self.csrs.get(&csr?.0)?.key.as_deref()
    }

    /// Whether the account shows the CSR of a certificate, in a form that can be compared.
    pub fn shows_csr(&self, row: &Certificate) -> bool {
        let Some(CsrText(text)) = &row.csr else {
            return false;
        };
        // Compared is what stands between the armour. A bare public key stands where the CSR would.
        let is_read = || csr::known(text).is_ok() || csr::paste(text).is_ok();
        let shown = self.csrs.get(text);
        shown.is_some_and(|shown| shown.key.is_some() && *shown.can_be_read.get_or_init(is_read))
    }

    /// Where each CSR stands among these.
    fn by_csr<'a>(
        &self,
        all: impl Iterator<Item = Option<&'a CsrText>>,
    ) -> HashMap<String, Vec<usize>> {
        let mut by_csr: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, csr) in all.enumerate() {
            if let Some(key) = self.csr_key(csr) {
                by_csr.entry(key.to_owned()).or_default().push(at);
            }
        }
        by_csr
    }

    /// An answer named a request and the certificate that is made of it: nothing is as sure as that.
    pub(in crate::app) fn answered(&mut self, request: RequestId, certificate: CertificateId) {
        self.made.insert(certificate, request);
        self.merge();
    }

    fn merge_certificates(&self) -> Vec<Certificate> {
        let mut all: Vec<Certificate> = Vec::new();
        let primary = self.order.value().map(|order| &order.certificate);
        let reissues = self.reissues.value().into_iter().flatten();
        let duplicates = self.duplicates.value().into_iter().flatten();
        let mut others: Vec<&Certificate> = reissues.chain(duplicates).collect();
        others.sort_by_key(|certificate| {
            (
                role_rank(&certificate.role),
                std::cmp::Reverse((certificate.created, certificate.id)),
            )
        });
        for certificate in primary.into_iter().chain(others) {
            match all.iter_mut().find(|have| same(have, certificate)) {
                Some(have) => complete(have, certificate),
                None => all.push(certificate.clone()),
            }
        }
        let asked = self.asked_with();
        for certificate in &mut all {
            let told = certificate.id.and_then(|id| self.made.get(&id)).copied();
            let by_csr = self.csr_key(certificate.csr.as_ref());
            certificate.request = told.or_else(|| asked.get(by_csr?).copied().flatten());
        }
        all
    }

    /// Each CSR that requests were made with, and the request if it is the only one.
    fn asked_with(&self) -> HashMap<&str, Option<RequestId>> {
        let mut asked = HashMap::new();
        for (id, request) in &self.requests {
            // A request to revoke shows the certificate that it is about, and made none.
            let made = request
                .value()
                .filter(|request| request.kind != RequestKind::Revoke);
            let csr = made.and_then(|request| request.csr.as_ref());
            if let Some(key) = self.csr_key(csr) {
                // A CSR that was used more than once names no single request.
                asked
                    .entry(key)
                    .and_modify(|one| *one = None)
                    .or_insert(Some(*id));
            }
        }
        asked
    }

    fn merge_requests(&self) -> Vec<Request> {
        let mut all: Vec<Request> = self
            .order
            .value()
            .map(|order| order.requests.clone())
            .unwrap_or_default();
        for request in &mut all {
            let Some(read) = self.requests.get(&request.id) else {
                continue;
            };
            let Some(known) = read.value() else {
                continue;
            };
            // Of two states the one that was read later counts, the rest comes from request info.
            let status = if read.is_newer_than(&self.order) {
                known.status.clone()
            } else {
                request.status.clone()
            };
            let comments = request.comments.take();
            *request = known.clone();
            request.status = status;
            request.comments = known.comments.clone().or(comments);
        }
        all.sort_by_key(|request| std::cmp::Reverse((request.date, request.id)));
        all
    }

    /// A certificate by its number.
    pub fn certificate(&self, id: CertificateId) -> Option<&Certificate> {
        self.merged_certificates
            .iter()
            .find(|certificate| certificate.id == Some(id))
    }

    /// Whether order, duplicates and reissues were all asked for after that ticket was given out, and came.
    pub fn lists_since(&self, mark: Ticket) -> bool {
        self.order.is_since(mark) && self.duplicates.is_since(mark) && self.reissues.is_since(mark)
    }

    /// Whether something of it could not be read.
    pub fn has_failed(&self) -> bool {
        self.order.failure().is_some()
            || self.duplicates.failure().is_some()
            || self.reissues.failure().is_some()
            || self
                .requests
                .values()
                .any(|request| request.failure().is_some())
    }

    /// Whether anything of it is on its way.
    pub fn is_loading(&self) -> bool {
        self.order.is_loading() || self.duplicates.is_loading() || self.reissues.is_loading()
    }
}

fn role_rank(role: &Role) -> u8 {
    match role {
        Role::Primary => 0,
        Role::Reissue => 1,
        Role::Duplicate(_) => 2,
    }
}

fn same(a: &Certificate, b: &Certificate) -> bool {
    (a.id.is_some() && a.id == b.id) || (a.serial.is_some() && a.serial == b.serial)
}

/// Fills what the first record of a certificate lacks.
fn complete(have: &mut Certificate, more: &Certificate) {
    have.csr = have.csr.take().or_else(|| more.csr.clone());
    have.requester = have.requester.take().or_else(|| more.requester.clone());
    have.status = have.status.take().or_else(|| more.status.clone());
    have.thumbprint = have.thumbprint.take().or_else(|| more.thumbprint.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_primary_in_a_list_is_not_shown_twice() {
        let mut primary = Certificate::empty(Role::Primary);
        primary.id = Some(CertificateId(1));
        primary.serial = Some("0A".into());
        let mut copy = Certificate::empty(Role::Duplicate(Some("001".into())));
        copy.id = Some(CertificateId(2));
        copy.serial = Some("0A".into());
        let mut other = Certificate::empty(Role::Duplicate(Some("002".into())));
        other.id = Some(CertificateId(3));
        other.serial = Some("0B".into());
        let mut data = OrderData {
            order: Remote::Ready {
                value: crate::app::testing::order(7, primary),
                at: jiff::Timestamp::UNIX_EPOCH,
                asked: Ticket(1),
            },
            duplicates: Remote::Ready {
                value: vec![copy, other],
                at: jiff::Timestamp::UNIX_EPOCH,
                asked: Ticket(1),
            },
            ..OrderData::default()
        };
        data.merge();
        let ids: Vec<_> = data.certificates().iter().filter_map(|c| c.id).collect();
        assert_eq!(ids, [CertificateId(1), CertificateId(3)]);
    }

    #[test]
    fn what_an_answer_named_together_counts_before_the_csr() {
        let ready = |value| Remote::Ready {
            value,
            at: jiff::Timestamp::UNIX_EPOCH,
            asked: Ticket(1),
        };
        let csr = "-----BEGIN CERTIFICATE REQUEST-----AAAA-----END CERTIFICATE REQUEST-----";
        let row = |id: u64| {
            let mut row = Certificate::empty(Role::Duplicate(None));
            row.id = Some(CertificateId(id));
            row.csr = Some(crate::domain::order::CsrText(csr.into()));
            row
        };
        let mut data = OrderData {
            duplicates: ready(vec![row(21), row(20)]),
            ..OrderData::default()
        };
        let requests = |data: &OrderData| -> Vec<_> {
            let rows = data.certificates().iter();
            rows.map(|row| row.request.map(|id| id.0)).collect()
        };
        data.answered(RequestId(5), CertificateId(20));
        assert_eq!(requests(&data), [None, Some(5)]);
    }
}
