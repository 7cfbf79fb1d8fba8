//! The question before something small is sent: what it does, what it needs to know, and the exact request, which
//! follows every key. Enter sends it; a dangerous one wants the order number typed first.

use super::Choice;
use super::answer::{self, QuestionField};
use crate::app::account::{Account, Own};
use crate::app::cx::Cx;
use crate::app::engine::Engine;
use crate::app::fields::{FieldSet, Input};
use crate::app::popups::Popup;
use crate::app::remote::Opened;
use crate::app::turn::Turn;
use crate::domain::changes::{changes, since_opened};
use crate::domain::dcv::{DcvMethod, Domain};
use crate::domain::domain_operation::DomainOperation;
use crate::domain::ids::{DomainId, OrderId, RequestId};
use crate::domain::operation::{self, Answers, Operation, Reason};
use crate::domain::order::{Certificate, Order};
use crate::domain::status::RequestStatus;
use crate::domain::text::counted;
use crate::domain::write::Outgoing;
use crate::keys::Action;

/// Requests that are read in full before they are decided together, at most.
pub(in crate::app) const MOST_READ: usize = 20;

/// Requests that are named before they are decided together, at most.
pub(super) const MOST_LISTED: usize = 12;

/// Letters of a comment that are shown in a question, at most: the list has it whole.
const MOST_SAID: usize = 240;

/// A question.
#[derive(Debug, PartialEq)]
pub struct Asking {
    /// What it is about.
    pub what: What,
    pub title: String,
    /// What it does, and what is easily overlooked.
    pub words: Vec<String>,
    /// What it needs to know.
    pub fields: FieldSet<QuestionField>,
    /// Since when what is read of it is as current as the question.
    pub opened: Opened,
    /// What the operator was told of the same that was sent before and not found.
    pub sent_before: Vec<String>,
    /// Where servers were last seen to have what is revoked.
    pub served: Option<String>,
    /// The order as it was when this was asked.
    pub order: Option<Box<Order>>,
}

/// A domain as it was told in a question: its method and its random value.
pub type Seen = (DomainId, Option<DcvMethod>, Option<String>);

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An operation on an order.
    Operation(Operation, OrderId),
    /// The decision of requests, each with its order.
    Decide {
        approve: bool,
        requests: Vec<(RequestId, Option<OrderId>)>,
    },
    /// The same on several orders.
    Orders {
        choice: Choice,
        orders: Vec<OrderId>,
        /// What is done, as far as the orders are loaded.
        each: Vec<(OrderId, Operation)>,
        /// Those that have to be loaded before it is known what is done to them.
        unread: Vec<OrderId>,
        /// Those that are marked as well, and that it cannot be done to.
        excluded: Vec<OrderId>,
    },
    /// An operation on domains of the account.
    Domains {
        operation: DomainOperation,
        domains: Vec<DomainId>,
        /// Method and random value of each, as they were known when this was told.
        seen: Vec<Seen>,
        /// Those that were asked for as well, and that it cannot be done to.
        left_out: Vec<DomainId>,
    },
}

impl Asking {
    /// The question before an operation.
    pub fn about(
        operation: Operation,
        order: &Order,
        certificates: &[Certificate],
        domains: &[Domain],
        served: Option<String>,
    ) -> Self {
        let in_use = proved_by(&operation, order, domains);
        let mut fields = match &operation {
            Operation::CancelOrder | Operation::CancelReissue => {
                vec![(QuestionField::Reason, answer::typed())]
            }
            Operation::Note => vec![(QuestionField::Note, answer::typed())],
            Operation::RevokeCertificate(_) | Operation::RevokeOrder => {
                let reasons = (QuestionField::Revocation, answer::revocations());
                let is_tls = order.product.family().is_tls();
                let mut fields = Vec::from_iter(is_tls.then_some(reasons));
                fields.push((QuestionField::SkipApproval, answer::approvals()));
                fields.push((QuestionField::Comment, answer::typed()));
                fields
            }
            Operation::NamesMethod | Operation::Domain(DomainOperation::Method, _) => {
                let of = operation::methods(&operation, order, certificates);
                let methods = answer::methods(&of, in_use.as_ref());
                vec![(QuestionField::Method, methods)]
            }
            _ => Vec::new(),
        };
        if operation.is_dangerous() {
            fields.push((QuestionField::OrderNumber, answer::typed()));
        }
        let mut words = consequences(&operation, order, certificates, domains);
        words.extend(served.clone());
        Self {
            title: operation.label(),
            words,
            served,
            what: What::Operation(operation, order.id),
            fields: asked(fields),
            opened: Opened::default(),
            sent_before: Vec::new(),
            order: Some(Box::new(order.clone())),
        }
    }

    /// The order was read again: says what is another since this was asked. Returns whether anything is.
    pub(super) fn follow(
        &mut self,
        order: &Order,
        certificates: &[Certificate],
        domains: &[Domain],
    ) -> bool {
        let What::Operation(operation, _) = &self.what else {
            return false;
        };
        let mut words = consequences(operation, order, certificates, domains);
        words.extend(self.served.clone());
        let asked = self.order.as_deref();
        let changes = asked.map_or_else(Vec::new, |asked| changes(asked, order));
        words.extend(since_opened(&changes));
        let changed = words != self.words;
        self.words = words;
        changed
    }

    /// The requests that are decided, each with its order.
    pub(in crate::app) fn requests(&self) -> &[(RequestId, Option<OrderId>)] {
        match &self.what {
            What::Decide { requests, .. } => requests,
            What::Operation(..) | What::Orders { .. } | What::Domains { .. } => &[],
        }
    }

    /// Those of them that are read before they are decided.
    pub(in crate::app) fn read_first(&self) -> Vec<RequestId> {
        let first = self.requests().iter().take(MOST_READ);
        first.map(|(id, _)| *id).collect()
    }

    /// What can have the focus: all that is asked, then the request itself.
    fn stops(&self) -> Vec<QuestionField> {
        let fields = self.fields.all.iter().map(|field| field.id);
        fields.chain([QuestionField::Request]).collect()
    }

    fn answers(&self) -> Answers {
        let value = |field| self.fields.value(field);
        let reason = value(QuestionField::Revocation);
        let method = value(QuestionField::Method);
        Answers {
            // One of them is asked at most.
            text: [
                QuestionField::Reason,
                QuestionField::Note,
                QuestionField::Comment,
            ]
            .map(value)
            .concat(),
            reason: Reason::ALL
                .iter()
                .copied()
                .find(|one| one.as_str() == reason),
            skip_approval: value(QuestionField::SkipApproval) == answer::SKIP,
            method: Some(method)
                .filter(|method| !method.is_empty())
                .map(|method| DcvMethod::parse(&method)),
        }
    }

    /// What Enter sends, one after the other.
    pub fn outgoing(&self) -> Vec<Outgoing> {
        let answers = self.answers();
        match &self.what {
            What::Operation(operation, order) => vec![operation.outgoing(*order, &answers)],
            What::Decide { approve, requests } => requests
                .iter()
                .map(|(request, order)| {
                    operation::decision(*approve, *request, *order, &answers.text)
                })
                .collect(),
            What::Orders { each, .. } => each
                .iter()
                .map(|(order, operation)| operation.outgoing(*order, &answers))
                .collect(),
            What::Domains {
                operation,
                domains,
                seen,
                ..
            } => {
                let way = answers.method.as_ref();
                // Of several, those that are validated so already keep their random value.
                let is_so = |id: &&DomainId| {
                    let mut seen = seen.iter();
                    way.is_some()
                        && domains.len() > 1
                        && seen.any(|(one, method, _)| one == *id && method.as_ref() == way)
                };
                let each = domains.iter().filter(|id| !is_so(id));
                each.map(|id| operation.outgoing(*id, None, way)).collect()
            }
        }
    }

    /// The first field that is not answered well, and why.
    fn problem(&self) -> Option<(QuestionField, String)> {
        if let What::Orders { unread, .. } = &self.what
            && !unread.is_empty()
        {
            let orders = counted(unread.len(), "order is", "orders are");
            return Some((QuestionField::Request, format!("{orders} still loading.")));
        }
        if self.outgoing().is_empty() {
            let why = "All of them are validated this way already.".to_owned();
            return Some((QuestionField::Method, why));
        }
        self.fields.all.iter().find_map(|field| {
            let typed = field.input.text()?.text();
            let typed = typed.trim();
            let why = match (field.id, &self.what) {
                (
                    QuestionField::Reason | QuestionField::Note,
                    What::Operation(operation, _)
                    | What::Orders {
                        choice: Choice::One(operation),
                        ..
                    },
                ) => operation.lacks(&self.answers())?.to_owned(),
                (QuestionField::OrderNumber, What::Operation(_, order))
                    if typed != order.to_string() =>
                {
                    format!("Type the order number, {order}, to send this.")
                }
                _ => return None,
            };
            Some((field.id, why))
        })
    }
}

/// What is asked, with the focus on the first of it.
pub(super) fn asked(fields: Vec<(QuestionField, Input)>) -> FieldSet<QuestionField> {
    let first = fields
        .first()
        .map_or(QuestionField::Request, |(field, _)| *field);
    FieldSet::new(fields, first)
}

/// What an operation does, and to what.
pub fn consequences(
    operation: &Operation,
    order: &Order,
    certificates: &[Certificate],
    domains: &[Domain],
) -> Vec<String> {
    let mut words = vec![match order.certificate.common_name.as_str() {
        "" => format!("Order {}", order.id),
        name => format!("Order {}, {name}", order.id),
    }];
    words.extend(operation::consequences(operation, order, certificates));
    if let Operation::Domain(DomainOperation::Emails, id) = operation {
        let domain = domains.iter().find(|domain| domain.id == *id);
        let mailed = domain.map_or(&[][..], |domain| &domain.mailed);
        if !mailed.is_empty() {
            words.push(format!("Recipients: {}.", mailed.join(", ")));
        }
    }
    let now = proved_by(operation, order, domains);
    words.extend(now.map(|now| format!("Current: {}.", now.label())));
    words
}

/// How control over what an operation is about is proved so far.
fn proved_by(operation: &Operation, order: &Order, domains: &[Domain]) -> Option<DcvMethod> {
    match operation {
        Operation::NamesMethod => order.dcv_method.as_deref().map(DcvMethod::parse),
        Operation::Domain(DomainOperation::Method, id) => {
            let domain = domains.iter().find(|domain| domain.id == *id)?;
            domain.method.clone()
        }
        _ => None,
    }
}

/// Asks for the comment of a decision of one or more requests, and shows what will be sent. What the list does not
/// tell of them is read meanwhile.
pub(in crate::app) fn decide(
    popups: &mut Vec<Popup>,
    approve: bool,
    requests: Vec<(RequestId, Option<OrderId>)>,
    cx: &mut Cx<'_>,
) {
    let account = &mut cx.engine.account;
    let read: Vec<RequestId> = requests.iter().take(MOST_READ).map(|(id, _)| *id).collect();
    account.requests.asked_about = read.iter().copied().collect();
    let opened = Opened {
        since: account.mark(),
        known: None,
    };
    let asking = Asking {
        words: requests_words(account, &requests),
        title: title(approve, requests.len()),
        what: What::Decide { approve, requests },
        fields: asked(vec![(QuestionField::Comment, answer::typed())]),
        opened,
        sent_before: Vec::new(),
        served: None,
        order: None,
    };
    popups.push(Popup::Asking(Box::new(asking)));
    // Each anew: somebody may have decided it since it was listed.
    cx.turn.extend(account.read_requests(read));
}

pub(in crate::app) fn title(approve: bool, requests: usize) -> String {
    let verb = if approve { "Approve" } else { "Reject" };
    match requests {
        1 => verb.to_owned(),
        many => format!("{verb} {many} requests"),
    }
}

/// More is known of requests now, perhaps of those that are asked about.
pub(in crate::app) fn retell(popups: &mut [Popup], engine: &Engine, turn: &mut Turn) {
    let Some(Popup::Asking(asking)) = popups.last_mut() else {
        return;
    };
    let What::Decide { requests, .. } = &asking.what else {
        return;
    };
    let words = requests_words(&engine.account, requests);
    // What it waited for is there.
    asking.fields.error = None;
    turn.changed |= asking.words != words;
    asking.words = words;
}

/// One request with all that is known of it; of several what tells them apart.
fn requests_words(account: &Account, requests: &[(RequestId, Option<OrderId>)]) -> Vec<String> {
    if let [(request, order)] = requests {
        return vec![request_words(account, *request, *order)];
    }
    let listed = if requests.len() > MOST_LISTED {
        MOST_LISTED - 1
    } else {
        MOST_LISTED
    };
    let mut all: Vec<String> = requests
        .iter()
        .take(listed)
        .map(|(request, order)| request_words_short(account, *request, *order))
        .collect();
    if requests.len() > listed {
        all.push(format!(
            "and {} more that are marked",
            requests.len() - listed
        ));
    }
    all
}

/// What is known of a request.
pub fn request_words(account: &Account, id: RequestId, order: Option<OrderId>) -> String {
    let mut words = format!("Request {id}");
    if let Some(row) = account.request(id, order) {
        words = format!("{words} ({})", row.kind.label());
        if let Some(name) = row.title() {
            words.push_str(" for ");
            words.push_str(name);
        }
        let own = account.own_part(row);
        if let Some(person) = &row.requester {
            words.push_str(", requested by ");
            words.push_str(&person.name);
            if own == Some(Own::Asked) {
                words.push_str(" (you: some accounts do not allow approving your own request)");
            }
        }
        match (&row.status, &row.reviewer) {
            (RequestStatus::Submitted, _) => words.push_str(", first of two approvals"),
            (_, Some(reviewer)) => {
                words.push_str(", first approved by ");
                words.push_str(&reviewer.name);
                if own == Some(Own::First) {
                    words.push_str(" (you: someone else must give the second)");
                }
            }
            (_, None) => {}
        }
        if let Some(comments) = &row.comments {
            words.push_str(": “");
            words.extend(comments.chars().take(MOST_SAID));
            if comments.chars().nth(MOST_SAID).is_some() {
                words.push('…');
            }
            words.push('”');
        }
    }
    if let Some(order) = order {
        words.push_str(" (order ");
        words.push_str(&order.to_string());
        words.push(')');
    }
    words
}

/// One of several requests.
fn request_words_short(account: &Account, id: RequestId, order: Option<OrderId>) -> String {
    let Some(row) = account.request(id, order) else {
        return id.to_string();
    };
    let mut words = format!("{id} {}", row.kind.label());
    if let Some(name) = row.title() {
        words.push_str(", ");
        words.push_str(name);
    }
    if row.status == RequestStatus::Submitted {
        words.push_str(", first of two approvals");
    }
    match account.own_part(row) {
        Some(Own::Asked) => words.push_str(", requested by you"),
        Some(Own::First) => words.push_str(", first approved by you"),
        None => {}
    }
    words
}

/// Keys in the question, but for the yes.
pub(in crate::app) fn act(popups: &mut Vec<Popup>, action: Action) {
    let Some(Popup::Asking(asking)) = popups.last_mut() else {
        return;
    };
    let stops = asking.stops();
    match action {
        Action::NextField => asking.fields.step(&stops, 1),
        Action::PreviousField => asking.fields.step(&stops, -1),
        Action::Back => {
            popups.pop();
        }
        _ => {}
    }
}

impl Asking {
    /// Whether everything is answered; else goes to what is not, and says why.
    pub(in crate::app) fn is_answered(&mut self) -> bool {
        let Some((field, why)) = self.problem() else {
            return true;
        };
        self.fields.refuse(field, why);
        false
    }
}

/// The yes counts: what is asked about is sent.
pub(in crate::app) fn confirm(popups: &mut Vec<Popup>, cx: &mut Cx<'_>) {
    let Some(Popup::Asking(asking)) = popups.pop() else {
        return;
    };
    if matches!(popups.last(), Some(Popup::Operations(_))) {
        popups.pop();
    }
    let (writes, mut below) = cx.engine.writes(cx.turn);
    writes.send_all(asking.outgoing(), &mut below);
}
