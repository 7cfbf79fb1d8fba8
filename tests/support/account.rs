//! An account in the test's own process, so that a test can look behind the API, break it, and move its clock.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};

use certdeck::sandbox::model::{Account, Approval, Order, OrderStatus, Request};
use certdeck::sandbox::rules::issue::{Missing, missing};
use certdeck::sandbox::rules::status::order_end;
use certdeck::sandbox::tables::{Family, Names};
use certdeck::sandbox::{Sandbox, SandboxOptions};
use tokio::runtime::Runtime;

/// A sandbox that serves until it is dropped.
pub struct Server {
    sandbox: Sandbox,
    // Behind the sandbox, so that it ends after it.
    runtime: Runtime,
}

/// Whether it is of a product that is renewed here, and was not renewed yet.
pub fn may_be_renewed(order: &Order) -> bool {
    order.product.name_id.contains("securesite_multi_domain") && !order.is_renewed
}

/// Whether it ends so soon that the account lets it be renewed.
pub fn ends_soon(order: &Order, now: jiff::Timestamp) -> bool {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let rest = order_end(order).map(|end| (end - today).get_days());
    rest.is_some_and(|rest| (0..=90).contains(&rest))
}

/// An order to work on: what a test needs to know of it.
#[derive(Debug, Clone)]
pub struct Pick {
    /// Its number.
    pub id: u64,
    /// The common name of its certificate.
    pub common_name: String,
    /// All names of its certificate, the common name first.
    pub names: Vec<String>,
}

impl Server {
    /// The account that the demo has: 250 orders of seed 1.
    pub fn start() -> Self {
        Self::with(SandboxOptions::default())
    }

    /// An account of one's own.
    pub fn with(options: SandboxOptions) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sandbox = runtime.block_on(Sandbox::start(listen, options)).unwrap();
        Self { sandbox, runtime }
    }

    /// The sandbox itself.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Stops serving: from now on connections are refused.
    pub fn stop(self) {
        let Self { sandbox, runtime } = self;
        runtime.block_on(sandbox.stop()).unwrap();
    }

    /// A public TLS order with several names, on which work starts and ends at once where nobody has to approve.
    pub fn pick(&self, approval: Approval) -> Pick {
        self.pick_but(approval, &BTreeSet::new())
    }

    /// The same, but none of these.
    pub fn pick_but(&self, approval: Approval, used: &BTreeSet<u64>) -> Pick {
        let now = self.sandbox.now();
        self.sandbox.with_account(|account| {
            account
                .orders()
                .iter()
                .find(|order| !used.contains(&order.id) && is_good(account, order, approval, now))
                .map(pick)
                .expect("an order to work on")
        })
    }

    /// An issued order of another kind, on which work starts and ends at once.
    pub fn pick_where(&self, approval: Approval, wanted: impl Fn(&Order) -> bool) -> Pick {
        let now = self.sandbox.now();
        self.sandbox.with_account(|account| {
            account
                .orders()
                .iter()
                .find(|order| wanted(order) && is_ready(account, order, approval, now))
                .map(pick)
                .expect("such an order")
        })
    }

    /// A Secure Site order that can be renewed.
    pub fn pick_to_renew(&self, approval: Approval) -> Pick {
        let now = self.sandbox.now();
        let picked = self.sandbox.with_account(|account| {
            let good =
                |order: &&Order| may_be_renewed(order) && is_good(account, order, approval, now);
            let all = account.orders().iter();
            all.clone()
                .find(|order| good(order) && ends_soon(order, now))
                .or_else(|| all.clone().find(good))
                .map(pick)
                .expect("an order to renew")
        });
        let soon = now + jiff::SignedDuration::from_hours(60 * 24);
        self.sandbox.change_account(|account| {
            let order = account.order_mut(picked.id).unwrap();
            if !ends_soon(order, now) {
                order.order_valid_till = Some(soon.to_zoned(jiff::tz::TimeZone::UTC).date());
            }
        });
        picked
    }

    /// How many certificates an order has, issued or not.
    pub fn certificates(&self, order: u64) -> usize {
        self.sandbox
            .with_account(|account| account.order(order).unwrap().certificates.len())
    }

    /// The order's requests, oldest first.
    pub fn requests(&self, order: u64) -> Vec<Request> {
        self.sandbox.with_account(|account| {
            let ids = &account.order(order).unwrap().requests;
            ids.iter()
                .filter_map(|id| account.request(*id).cloned())
                .collect()
        })
    }
}

/// Whether work on an order starts and ends at once.
pub fn is_good(account: &Account, order: &Order, approval: Approval, now: jiff::Timestamp) -> bool {
    let primary = order.primary();
    order.product.family == Family::PublicTls
        && order.product.names == Names::Many
        && order.product.duplicates
        && primary.dns_names.len() >= 3
        && is_ready(account, order, approval, now)
}

/// The same, whatever the product and the number of names.
fn is_ready(account: &Account, order: &Order, approval: Approval, now: jiff::Timestamp) -> bool {
    let primary = order.primary();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    order.status == OrderStatus::Issued
        && !order.is_slow
        && order.requests.iter().all(|id| {
            account
                .request(*id)
                .is_some_and(|request| !request.status.is_open())
        })
        && account
            .container(order.container_id)
            .is_some_and(|container| container.approval == approval)
        && primary.dns_names.iter().all(|name| name.is_ascii())
        && !primary.is_expired(today)
        && order.order_valid_till.is_some_and(|end| end > today)
        && missing(account, order, primary, now) == Missing::Nothing
}

/// What a test needs to know of an order.
pub fn pick(order: &Order) -> Pick {
    let primary = order.primary();
    let common_name = primary.common_name.clone().unwrap_or_default();
    let mut names = vec![common_name.clone()];
    names.extend(
        primary
            .dns_names
            .iter()
            .filter(|name| **name != common_name)
            .cloned(),
    );
    Pick {
        id: order.id,
        common_name,
        names,
    }
}
