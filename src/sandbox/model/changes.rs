//! What changed in the account since somebody last looked, and putting such changes into an older copy. A state file is kept
//! by these: an account of 100,000 orders is not written anew for one note.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{Account, CustomField, Ids, all_provisioning};
use super::{ApiKey, Container, Domain, Order, Organization, ProvisioningMethod, Request, User};

/// Orders and requests that were handed out to be changed. Readers add to it too: what is signed when first read is a change.
/// Nothing is marked before somebody asks for changes: who has no copy needs all there is, and often nobody ever has one.
#[derive(Debug, Default)]
pub(super) struct Touched(Mutex<Option<Marks>>);

#[derive(Debug, Default)]
struct Marks {
    orders: BTreeSet<u64>,
    requests: BTreeSet<u64>,
}

impl Touched {
    fn marks(&self) -> MutexGuard<'_, Option<Marks>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn order(&self, id: u64) {
        if let Some(marks) = &mut *self.marks() {
            marks.orders.insert(id);
        }
    }

    pub(super) fn request(&self, id: u64) {
        if let Some(marks) = &mut *self.marks() {
            marks.requests.insert(id);
        }
    }
}

/// What a copy of the account holds already, as far as it is compared: everything but orders and requests.
#[derive(Debug, Default)]
pub struct Held {
    domains: HashMap<u64, u64>,
    rest: u64,
}

/// Changes to write.
#[derive(Debug, Serialize)]
pub struct Changes<'a> {
    ids: &'a Ids,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    orders: Vec<ChangedOrder<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone_orders: Vec<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requests: Vec<&'a Request>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    domains: Vec<&'a Domain>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gone_domains: Vec<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<Rest<'a>>,
}

#[derive(Debug, Serialize)]
struct ChangedOrder<'a> {
    order: &'a Order,
    due: Vec<Timestamp>,
}

/// The parts that are small and seldom change.
#[derive(Debug, Serialize)]
struct Rest<'a> {
    containers: &'a [Container],
    organizations: &'a [Organization],
    users: &'a [User],
    keys: &'a [ApiKey],
    fields: &'a [CustomField],
    balance_cents: i64,
    ignores_chosen_ca: bool,
    provisioning: &'a [ProvisioningMethod],
    profile_options: &'a [String],
}

/// Changes that were read.
#[derive(Debug, Deserialize)]
pub struct ReadChanges {
    ids: Ids,
    #[serde(default)]
    orders: Vec<ReadOrder>,
    #[serde(default)]
    gone_orders: Vec<u64>,
    #[serde(default)]
    requests: Vec<Request>,
    #[serde(default)]
    domains: Vec<Domain>,
    #[serde(default)]
    gone_domains: Vec<u64>,
    rest: Option<ReadRest>,
}

#[derive(Debug, Deserialize)]
struct ReadOrder {
    order: Order,
    due: Vec<Timestamp>,
}

#[derive(Debug, Deserialize)]
struct ReadRest {
    containers: Vec<Container>,
    organizations: Vec<Organization>,
    users: Vec<User>,
    keys: Vec<ApiKey>,
    fields: Vec<CustomField>,
    balance_cents: i64,
    #[serde(default)]
    ignores_chosen_ca: bool,
    #[serde(default = "all_provisioning")]
    provisioning: Vec<ProvisioningMethod>,
    #[serde(default)]
    profile_options: Vec<String>,
}

fn fingerprint(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

impl Account {
    /// Whether an order or a request was touched since the last [`Account::changes`]. Cheap.
    pub fn is_touched(&self) -> bool {
        let marks = self.touched.marks();
        let some = |marks: &Marks| !marks.orders.is_empty() || !marks.requests.is_empty();
        marks.as_ref().is_some_and(some)
    }

    /// What changed since the last call, and since `held`, which is brought up to date. Orders and requests are noted from the first
    /// call on, which knows of none: whoever makes it copies all of them.
    pub fn changes(&self, held: &mut Held) -> serde_json::Result<Changes<'_>> {
        let marks = self.touched.marks().replace(Marks::default());
        let marks = marks.unwrap_or_default();
        let orders = marks.orders.iter().filter_map(|id| {
            Some(ChangedOrder {
                order: self.order(*id)?,
                due: self.due_of(*id),
            })
        });
        Ok(Changes {
            ids: &self.ids,
            orders: orders.collect(),
            gone_orders: marks
                .orders
                .iter()
                .copied()
                .filter(|id| self.order(*id).is_none())
                .collect(),
            requests: marks
                .requests
                .iter()
                .filter_map(|id| self.request(*id))
                .collect(),
            domains: self.other_domains(held)?,
            gone_domains: self.gone_domains(held),
            rest: self.other_rest(held)?,
        })
    }

    fn other_domains(&self, held: &mut Held) -> serde_json::Result<Vec<&Domain>> {
        let mut others = Vec::new();
        for domain in &self.domains {
            let print = fingerprint(&serde_json::to_vec(domain)?);
            if held.domains.insert(domain.id, print) != Some(print) {
                others.push(domain);
            }
        }
        Ok(others)
    }

    fn gone_domains(&self, held: &mut Held) -> Vec<u64> {
        if held.domains.len() == self.domains.len() {
            return Vec::new();
        }
        let there: BTreeSet<u64> = self.domains.iter().map(|domain| domain.id).collect();
        let gone = held.domains.extract_if(|id, _| !there.contains(id));
        gone.map(|(id, _)| id).collect()
    }

    fn other_rest(&self, held: &mut Held) -> serde_json::Result<Option<Rest<'_>>> {
        // Each field by name: one that is new must be thought of here.
        let Self {
            containers,
            organizations,
            users,
            keys,
            fields,
            balance_cents,
            ignores_chosen_ca,
            provisioning,
            profile_options,
            id: _,
            seed: _,
            domains: _,
            ids: _,
            orders: _,
            requests: _,
            due: _,
            index: _,
            touched: _,
        } = self;
        let rest = Rest {
            containers,
            organizations,
            users,
            keys,
            fields,
            balance_cents: *balance_cents,
            ignores_chosen_ca: *ignores_chosen_ca,
            provisioning,
            profile_options,
        };
        let print = fingerprint(&serde_json::to_vec(&rest)?);
        let same = std::mem::replace(&mut held.rest, print) == print;
        Ok((!same).then_some(rest))
    }

    /// Puts changes in; [`Account::rebuild_index`] is to follow.
    pub fn apply(&mut self, changes: ReadChanges) {
        self.ids = changes.ids;
        for ReadOrder { order, due } in changes.orders {
            self.put_order(order, &due);
        }
        for id in changes.gone_orders {
            self.remove_order(id);
        }
        for request in changes.requests {
            self.put_request(request);
        }
        for domain in changes.domains {
            match self.domains.iter_mut().find(|known| known.id == domain.id) {
                Some(known) => *known = domain,
                None => self.domains.push(domain),
            }
        }
        self.domains
            .retain(|domain| !changes.gone_domains.contains(&domain.id));
        if let Some(rest) = changes.rest {
            self.containers = rest.containers;
            self.organizations = rest.organizations;
            self.users = rest.users;
            self.keys = rest.keys;
            self.fields = rest.fields;
            self.balance_cents = rest.balance_cents;
            self.ignores_chosen_ca = rest.ignores_chosen_ca;
            self.provisioning = rest.provisioning;
            self.profile_options = rest.profile_options;
        }
    }
}
