//! How orders stand as their certificates expire, with what repeats looked up once, and days compared as numbers: of 100,000
//! rows all are asked.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::{Day, OrderRow, Orders};
use crate::app::account::Domains;
use crate::app::account::validated::{Level, Validated};
use crate::domain::dcv::Domain;
use crate::domain::organization::needed;
use crate::domain::plan::{LATELY, Standing, is_in_use};
use crate::domain::product::{Family, ProductRef};
use crate::domain::rules::place::is_renewed_here;
use crate::domain::status::OrderStatus;

/// What states and products mean, looked up once for all rows.
pub struct Lookup<'a> {
    in_use: Vec<bool>,
    pending: Vec<bool>,
    dv: Vec<bool>,
    public: Vec<bool>,
    renews_here: Vec<bool>,
    /// The validation that a product needs.
    levels: Vec<Option<Level>>,
    /// Of each organization of the rows, where it is among those that are listed.
    organizations: Vec<Option<Validated>>,
    domains: &'a Domains,
    /// Today, as rows hold days.
    today: u32,
    /// The first day on which what expired is still asked about.
    lately: u32,
}

fn of(values: &[bool], at: u16) -> bool {
    values.get(usize::from(at)).copied().unwrap_or(false)
}

/// What stands in the way of what an order needs: see [`Standing::is_blocked`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle<'a> {
    /// A reissue of it is pending.
    Reissue,
    /// It is DV: each reissue validates its names anew.
    Dv,
    /// The validation of its organization is over by the time of the reissue.
    Organization,
    /// The validation of this domain is.
    Domain(&'a Domain),
    /// Its order expires too, and a renewal of its product cannot be sent from here.
    NoRenewal,
}

/// All that stands in the way of what one order needs, each domain once; none where it is no longer asked about.
pub fn obstacles<'a>(row: OrderRow<'_>, domains: &'a Domains, today: Date) -> Vec<Obstacle<'a>> {
    let (Some(product), Some(ends)) = (row.product(), row.valid_till.number()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let (now, lately) = (Day::number_of(today), lately(today));
    if !is_in_use(row.status()) || row.is_renewed || !is_open(row, now, lately) {
        return found;
    }
    if *row.status() == OrderStatus::ReissuePending {
        found.push(Obstacle::Reissue);
    }
    if product.is_dv() {
        found.push(Obstacle::Dv);
    }
    let covers = row.order_valid_till.number();
    if !covers_more(covers, ends, now) && !is_renewed_here(product) {
        found.push(Obstacle::NoRenewal);
    }
    if let Some(level) = needed(product).and_then(Level::parse) {
        let lacks = |validated: Validated| !validated.holds(level, ends, now);
        let organization = row.organization().and_then(|organization| organization.id);
        let organization = organization.and_then(|id| domains.organization(id));
        if organization.is_some_and(lacks) {
            found.push(Obstacle::Organization);
        }
        let serving = names_lacking(row, domains, lacks).filter_map(|name| domains.serving(name));
        for domain in serving.map(Obstacle::Domain) {
            if !found.contains(&domain) {
                found.push(domain);
            }
        }
    }
    found
}

/// Whether an order is covered longer than its certificate, and today.
fn covers_more(covers: Option<u32>, ends: u32, today: u32) -> bool {
    covers.is_some_and(|covers| covers > ends && covers >= today)
}

/// The first day on which what expired is still asked about.
fn lately(today: Date) -> u32 {
    Day::number_of(today.saturating_sub(LATELY.days()))
}

/// Whether what expired is still to be asked about.
fn is_open(row: OrderRow<'_>, today: u32, lately: u32) -> bool {
    let since = |day: Day, first: u32| day.number().is_some_and(|day| day >= first);
    since(row.valid_till, lately) || since(row.order_valid_till, today)
}

/// The names of an order with a domain that lacks what a reissue needs; none where domains are not known.
fn names_lacking<'r>(
    row: OrderRow<'r>,
    domains: &Domains,
    lacks: impl Fn(Validated) -> bool,
) -> impl Iterator<Item = &'r str> {
    let names = domains.are_known().then(|| row.names_text().split('\n'));
    let lacking = move |name: &&str| domains.validated(name).is_some_and(&lacks);
    names.into_iter().flatten().filter(lacking)
}

impl<'a> Lookup<'a> {
    /// Of the states, products and organizations of these orders.
    pub fn of(orders: &Orders, domains: &'a Domains, today: Date) -> Self {
        let statuses = orders.status_values();
        let products = orders.product_values();
        let is_pending = |status: &OrderStatus| *status == OrderStatus::ReissuePending;
        let is_public = |family| family == Family::PublicTls;
        let level = |product: &ProductRef| Level::parse(needed(product)?);
        Self {
            in_use: statuses.iter().map(is_in_use).collect(),
            pending: statuses.iter().map(is_pending).collect(),
            dv: products.iter().map(ProductRef::is_dv).collect(),
            public: products
                .iter()
                .map(|product| is_public(product.family()))
                .collect(),
            renews_here: products.iter().map(is_renewed_here).collect(),
            levels: products.iter().map(level).collect(),
            organizations: orders
                .organization_values()
                .iter()
                .map(|organization| domains.organization(organization.id?))
                .collect(),
            domains,
            today: Day::number_of(today),
            lately: lately(today),
        }
    }

    /// How an order stands; `None` where its certificate has no last day.
    pub fn standing(&self, row: OrderRow<'_>, has_requests: bool) -> Option<Standing> {
        let ends = row.valid_till.number()?;
        let covers = row.order_valid_till.number();
        let mut standing = Standing {
            in_use: of(&self.in_use, row.status),
            reissue_pending: of(&self.pending, row.status),
            has_requests,
            is_renewed: row.is_renewed,
            is_dv: of(&self.dv, row.product),
            covers_more: covers_more(covers, ends, self.today),
            lacks_validation: false,
            renews_here: of(&self.renews_here, row.product),
        };
        // Of most that is known to be so or not to matter.
        if standing.need().is_some() && !standing.is_renewed && !standing.is_blocked() {
            standing.lacks_validation = self.lacks_validation(row, ends);
        }
        Some(standing)
    }

    /// Whether a validation that a reissue would use again is over by then. What is not known to be so is not.
    fn lacks_validation(&self, row: OrderRow<'_>, ends: u32) -> bool {
        let Some(level) = self.levels.get(usize::from(row.product)).copied().flatten() else {
            return false;
        };
        let organization = self.organizations.get(usize::from(row.organization));
        let lacks = |validated: Validated| !validated.holds(level, ends, self.today);
        organization.copied().flatten().is_some_and(lacks)
            || names_lacking(row, self.domains, lacks).next().is_some()
    }

    /// Whether a reissue of it uses validations of domains again: all but DV do.
    pub fn reuses_validations(&self, row: OrderRow<'_>) -> bool {
        let level = self.levels.get(usize::from(row.product));
        level.copied().flatten().is_some()
    }

    /// Whether its certificate is over.
    pub fn is_over(&self, row: OrderRow<'_>) -> bool {
        row.valid_till
            .number()
            .is_some_and(|ends| ends < self.today)
    }

    /// Whether what expired is still to be asked about.
    pub fn is_open(&self, row: OrderRow<'_>) -> bool {
        is_open(row, self.today, self.lately)
    }

    /// Whether it is of a product for public TLS.
    pub fn is_public(&self, row: OrderRow<'_>) -> bool {
        of(&self.public, row.product)
    }
}
