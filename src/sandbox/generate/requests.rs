//! The requests of an order: answered ones in front of its certificates, open ones for an approver to find.

use std::borrow::Cow;

use super::order::Builder;
use super::scenarios::{Asked, Step};
use super::texts;
use crate::sandbox::model::{
    Approval, CertificateKind, CertificateState, OrderStatus, Request, RequestKind, RequestStatus,
    Serial,
};

impl Builder<'_> {
    /// Revokes one certificate or all, by an approved request.
    pub(super) fn revoke(&mut self, place: Option<usize>) {
        let Some((from, till)) = self.timeline.certificates.last().copied() else {
            return;
        };
        let day = self.dice.between(from, till.min(0));
        let when = self.calendar.at(day, 19 * 3600);
        for (at, certificate) in self.certificates.iter_mut().enumerate() {
            if place.is_none_or(|p| p == at) && certificate.state.was_issued() {
                certificate.state = CertificateState::Revoked(when);
            }
        }
        let mut request = self.request(RequestKind::Revoke, day, 18 * 3600, OrderStatus::Issued);
        request.status = RequestStatus::Approved;
        request.processor = Some(*self.dice.pick(&self.world.approvers));
        request.date_processed = Some(when);
        let about = place
            .and_then(|p| self.certificates.get(p))
            .map(|c| c.serial);
        self.requests.push((request, about));
    }

    /// An unanswered or refused request on an issued order; whether the order now waits for a reissue.
    pub(super) fn ask(&mut self, asked: Asked) -> bool {
        let day = -self.dice.between(0, 6);
        let second = self.second(day);
        let state = match asked.step {
            Step::Refused => CertificateState::Rejected,
            Step::Waits | Step::Submitted | Step::Reviewed => CertificateState::Requested,
        };
        let next = 1 + self
            .certificates
            .iter()
            .filter(|c| matches!(c.kind, CertificateKind::Duplicate(_)))
            .count();
        let kind = match asked.kind {
            RequestKind::Duplicate => Some(CertificateKind::Duplicate(next as u32)),
            RequestKind::Reissue => Some(CertificateKind::Reissue),
            RequestKind::Revoke | RequestKind::NewRequest => None,
        };
        let about = match kind {
            Some(kind) => {
                let certificate = self.certificate(kind, state, day, second);
                let serial = certificate.serial;
                self.certificates.push(certificate);
                Some(serial)
            }
            None => self.certificates.get(self.primary()).map(|c| c.serial),
        };
        self.open_request(asked, about, day, second, OrderStatus::Issued);
        asked.kind == RequestKind::Reissue && asked.step != Step::Refused
    }

    fn request(
        &mut self,
        kind: RequestKind,
        day: i64,
        second: i64,
        status: OrderStatus,
    ) -> Request {
        let comments = match self.part.hostile {
            Some(text) => self.hostile.get(text).cloned().map(Cow::Owned),
            None => self
                .dice
                .percent(40)
                .then(|| Cow::Borrowed(*self.dice.pick(texts::COMMENTS))),
        };
        Request {
            id: 0,
            order_id: 0,
            kind,
            status: RequestStatus::Pending,
            date: self.calendar.at(day, second),
            date_processed: None,
            requester: self.user_id,
            reviewer: None,
            processor: None,
            comments,
            processor_comment: None,
            certificate_id: None,
            order_status: status,
            revocation_reason: (kind == RequestKind::Revoke)
                .then(|| Cow::Borrowed(*self.dice.pick(REASONS))),
            two_step: self.approval == Approval::TwoStep,
        }
    }

    /// The approved request in front of the certificate that is pushed next, where the division makes requests.
    pub(super) fn approved_request(
        &mut self,
        kind: RequestKind,
        about: Serial,
        day: i64,
        second: i64,
    ) {
        if self.approval == Approval::Off {
            return;
        }
        let status = if kind == RequestKind::NewRequest {
            OrderStatus::NeedsApproval
        } else {
            OrderStatus::Issued
        };
        let mut request = self.request(kind, day, second, status);
        request.status = RequestStatus::Approved;
        // What is approved by itself is approved at once.
        let takes = if self.approval == Approval::Automatic {
            0
        } else {
            30
        };
        request.date_processed = Some(self.calendar.at(day, second + takes));
        request.processor = Some(match self.approval {
            Approval::Automatic => self.user_id,
            _ => *self.dice.pick(&self.world.approvers),
        });
        request.reviewer =
            (self.approval == Approval::TwoStep).then(|| *self.dice.pick(&self.world.approvers));
        request.processor_comment = self
            .dice
            .percent(20)
            .then(|| Cow::Borrowed(*self.dice.pick(texts::ANSWERS)));
        self.requests.push((request, Some(about)));
    }

    pub(super) fn open_request(
        &mut self,
        asked: Asked,
        about: Option<Serial>,
        day: i64,
        second: i64,
        status: OrderStatus,
    ) {
        let mut request = self.request(asked.kind, day, second, status);
        match asked.step {
            Step::Waits => {}
            Step::Submitted => request.status = RequestStatus::Submitted,
            Step::Reviewed => request.reviewer = self.world.approvers.last().copied(),
            Step::Refused => {
                request.status = RequestStatus::Rejected;
                request.processor = Some(*self.dice.pick(&self.world.approvers));
                request.date_processed = Some(self.calendar.at(day, second + 1800));
                let why = *self.dice.pick(texts::REFUSALS);
                request.processor_comment = Some(Cow::Borrowed(why));
            }
        }
        self.requests.push((request, about));
    }

    /// The requests, each with its certificate's place in the order.
    pub(super) fn take_requests(&mut self) -> Vec<Request> {
        let place = |about: Serial| self.certificates.iter().position(|c| c.serial == about);
        std::mem::take(&mut self.requests)
            .into_iter()
            .map(|(mut request, about)| {
                request.certificate_id = about.and_then(place).map(|at| at as u64);
                request
            })
            .collect()
    }
}

/// Reasons that a revocation may give (API notes, certificates).
const REASONS: &[&str] = &[
    "unspecified",
    "keyCompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
];
