//! The account: everything there is, kept so that a page of orders costs the same at 100 and at 100,000 of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::changes::Touched;
use super::index::Index;
use super::{
    ApiKey, Certificate, Container, Domain, Order, Organization, ProvisioningMethod, Request,
    Serial, User,
};

/// Every way of delivery, an own HSM first.
pub(super) fn all_provisioning() -> Vec<ProvisioningMethod> {
    vec![
        ProvisioningMethod::Email,
        ProvisioningMethod::ShipToken,
        ProvisioningMethod::ClientApp,
    ]
}

/// A custom field definition ("metadata").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// `metadata_id`.
    pub id: u64,
    pub label: String,
    /// Whether orders must have it.
    pub is_required: bool,
    /// Whether it may be used.
    pub is_active: bool,
    /// `text`, `int`, `email_address`, `email_list`, or anything.
    pub data_type: Option<String>,
    pub description: Option<String>,
}

/// The next number of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ids {
    pub order: u64,
    pub certificate: u64,
    pub request: u64,
    /// Next id of anything else: organizations, domains, users, keys, notes, fields, containers.
    pub other: u64,
}

/// The account. Orders and requests are sorted by id: new ones get the next number.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    pub id: u64,
    /// Seed it was generated from; serial numbers of new certificates come from it too.
    pub seed: u64,
    /// Containers; the first is the root.
    pub containers: Vec<Container>,
    pub organizations: Vec<Organization>,
    pub domains: Vec<Domain>,
    /// Users; the first is the administrator.
    pub users: Vec<User>,
    pub keys: Vec<ApiKey>,
    pub fields: Vec<CustomField>,
    pub balance_cents: i64,
    /// Whether a chosen issuing CA is ignored, as it is on accounts that may not choose.
    #[serde(default)]
    pub ignores_chosen_ca: bool,
    /// How code signing certificates may be delivered, by the account's preferences; the first is the default.
    #[serde(default = "all_provisioning")]
    pub provisioning: Vec<ProvisioningMethod>,
    /// Certificate profiles of the account's own, beside those that every account has.
    #[serde(default)]
    pub profile_options: Vec<String>,
    pub ids: Ids,
    pub(super) orders: Vec<Order>,
    pub(super) requests: Vec<Request>,
    /// Orders with something that becomes ready by itself.
    pub(super) due: BTreeSet<(Timestamp, u64)>,
    #[serde(skip)]
    pub(super) index: Index,
    #[serde(skip)]
    pub(super) touched: Touched,
}

impl Account {
    /// An account with nothing in it.
    pub fn empty(id: u64, seed: u64) -> Self {
        Self {
            id,
            seed,
            containers: Vec::new(),
            organizations: Vec::new(),
            domains: Vec::new(),
            users: Vec::new(),
            keys: Vec::new(),
            fields: Vec::new(),
            balance_cents: 0,
            ignores_chosen_ca: false,
            provisioning: all_provisioning(),
            profile_options: Vec::new(),
            ids: Ids {
                order: 100_000_001,
                certificate: 200_000_001,
                request: 30_000_001,
                other: 5_001,
            },
            orders: Vec::new(),
            requests: Vec::new(),
            due: BTreeSet::new(),
            index: Index::default(),
            touched: Touched::default(),
        }
    }

    /// Every order, by id.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Every request, by id.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// An order.
    pub fn order(&self, id: u64) -> Option<&Order> {
        self.orders
            .binary_search_by_key(&id, |order| order.id)
            .ok()
            .map(|at| &self.orders[at])
    }

    /// An order, to change it. New certificates go through [`Account::add_certificate`].
    pub fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.touched.order(id);
        self.orders
            .binary_search_by_key(&id, |order| order.id)
            .ok()
            .map(|at| &mut self.orders[at])
    }

    /// A request.
    pub fn request(&self, id: u64) -> Option<&Request> {
        self.requests
            .binary_search_by_key(&id, |request| request.id)
            .ok()
            .map(|at| &self.requests[at])
    }

    /// A request, to change it.
    pub fn request_mut(&mut self, id: u64) -> Option<&mut Request> {
        self.touched.request(id);
        self.requests
            .binary_search_by_key(&id, |request| request.id)
            .ok()
            .map(|at| &mut self.requests[at])
    }

    /// Adds an order; its id comes from [`Account::next_order_id`] or is larger than every other.
    pub fn add_order(&mut self, order: Order) {
        let id = order.id;
        let numbers: Vec<(u64, Serial)> = order
            .certificates
            .iter()
            .map(|certificate| (certificate.id, certificate.serial))
            .collect();
        self.ids.order = self.ids.order.max(id + 1);
        self.touched.order(id);
        let at = self.orders.partition_point(|other| other.id < id);
        self.orders.insert(at, order);
        for (certificate, serial) in numbers {
            self.index.insert(serial, certificate, id, &self.orders);
        }
    }

    /// Gives an account that has none its orders and requests, each sorted by id, and names the requests in their orders. The ids
    /// come from here.
    pub fn begin_with(&mut self, orders: Vec<Order>, requests: Vec<Request>) {
        self.orders = orders;
        self.requests = requests;
        for order in &self.orders {
            self.touched.order(order.id);
        }
        for request in &self.requests {
            self.touched.request(request.id);
            let order = self
                .orders
                .binary_search_by_key(&request.order_id, |order| order.id);
            if let Ok(at) = order {
                let named = &mut self.orders[at].requests;
                named.reserve_exact(1);
                named.push(request.id);
            }
        }
        self.rebuild_index();
    }

    /// Removes an order. Nothing leads to it then.
    pub fn remove_order(&mut self, id: u64) {
        self.touched.order(id);
        if let Ok(at) = self.orders.binary_search_by_key(&id, |order| order.id) {
            let gone = self.orders.remove(at);
            self.index.forget(&gone);
        }
    }

    /// Adds a certificate to an order; nothing happens if there is no such order.
    pub fn add_certificate(&mut self, order_id: u64, certificate: Certificate) {
        let (id, serial) = (certificate.id, certificate.serial);
        if let Some(order) = self.order_mut(order_id) {
            order.certificates.push(certificate);
            self.index.insert(serial, id, order_id, &self.orders);
        }
    }

    /// Adds a request and names it in its order.
    pub fn add_request(&mut self, request: Request) {
        if let Some(order) = self.order_mut(request.order_id) {
            order.requests.reserve_exact(1);
            order.requests.push(request.id);
        }
        self.ids.request = self.ids.request.max(request.id + 1);
        self.touched.request(request.id);
        let at = self.requests.partition_point(|other| other.id < request.id);
        self.requests.insert(at, request);
    }

    /// The order a certificate belongs to, by certificate id.
    pub fn order_of_certificate(&self, certificate_id: u64) -> Option<&Order> {
        self.order(self.index.order_of(certificate_id)?)
    }

    /// Order and certificate id of a serial number.
    pub fn find_serial(&self, serial: Serial) -> Option<(&Order, u64)> {
        let certificate = self.index.by_serial(serial, &self.orders)?;
        Some((self.order_of_certificate(certificate)?, certificate))
    }

    /// Order and certificate id of a thumbprint (upper-case hex) that somebody has seen.
    pub fn find_thumbprint(&self, thumbprint: &str) -> Option<(&Order, u64)> {
        let (order, certificate) = self.index.by_thumbprint(thumbprint)?;
        Some((self.order(order)?, certificate))
    }

    /// Marks an order as changed whose certificate got a key when somebody read it.
    pub fn learn_key(&self, order_id: u64) {
        self.touched.order(order_id);
    }

    /// Remembers the thumbprint of a certificate that was just signed.
    pub fn learn_thumbprint(&self, thumbprint: &str, order_id: u64, certificate_id: u64) {
        self.touched.order(order_id);
        self.index
            .learn_thumbprint(thumbprint, order_id, certificate_id);
    }

    /// A new order id.
    pub fn next_order_id(&mut self) -> u64 {
        self.ids.order += 1;
        self.ids.order - 1
    }

    /// A new certificate id.
    pub fn next_certificate_id(&mut self) -> u64 {
        self.ids.certificate += 1;
        self.ids.certificate - 1
    }

    /// A new request id.
    pub fn next_request_id(&mut self) -> u64 {
        self.ids.request += 1;
        self.ids.request - 1
    }

    /// A new id for anything else.
    pub fn next_other_id(&mut self) -> u64 {
        self.ids.other += 1;
        self.ids.other - 1
    }

    /// A container.
    pub fn container(&self, id: u64) -> Option<&Container> {
        self.containers.iter().find(|container| container.id == id)
    }

    /// An organization.
    pub fn organization(&self, id: u64) -> Option<&Organization> {
        self.organizations
            .iter()
            .find(|organization| organization.id == id)
    }

    /// A domain.
    pub fn domain(&self, id: u64) -> Option<&Domain> {
        self.domains.iter().find(|domain| domain.id == id)
    }

    /// A user.
    pub fn user(&self, id: u64) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// A custom field.
    pub fn field(&self, id: u64) -> Option<&CustomField> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// Looks at this order again at `when`: something in it becomes ready then.
    pub fn look_again(&mut self, when: Timestamp, order_id: u64) {
        self.touched.order(order_id);
        self.due.insert((when, order_id));
    }

    /// Whether something became ready by `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due.first().is_some_and(|(when, _)| *when <= now)
    }

    /// The next order in which something became ready by `now`.
    pub fn pop_due(&mut self, now: Timestamp) -> Option<u64> {
        if !self.is_due(now) {
            return None;
        }
        let order_id = self.due.pop_first().map(|(_, order_id)| order_id)?;
        self.touched.order(order_id);
        Some(order_id)
    }

    /// When something in this order becomes ready by itself.
    pub(super) fn due_of(&self, order_id: u64) -> Vec<Timestamp> {
        self.due
            .iter()
            .filter(|(_, id)| *id == order_id)
            .map(|(when, _)| *when)
            .collect()
    }

    /// Puts an order in the place of its older self, or adds it.
    pub(super) fn put_order(&mut self, order: Order, due: &[Timestamp]) {
        let id = order.id;
        self.due.retain(|(_, other)| *other != id);
        self.due.extend(due.iter().map(|when| (*when, id)));
        match self.orders.binary_search_by_key(&id, |order| order.id) {
            Ok(at) => self.orders[at] = order,
            Err(at) => self.orders.insert(at, order),
        }
    }

    /// Puts a request in the place of its older self, or adds it.
    pub(super) fn put_request(&mut self, request: Request) {
        let found = self.requests.binary_search_by_key(&request.id, |r| r.id);
        match found {
            Ok(at) => self.requests[at] = request,
            Err(at) => self.requests.insert(at, request),
        }
    }

    /// Builds what is not stored, after reading a state file.
    pub fn rebuild_index(&mut self) {
        self.index = Index::of(&self.orders);
    }
}
