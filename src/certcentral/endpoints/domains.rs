//! Reads of domains and their validation.

use super::orders::LARGEST_PAGE;
use super::page::Pages;
use super::{ListQuery, Page};
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::domains::{Domain, DomainCounts, DomainList, ExpiringOrders};
use crate::certcentral::{ApiError, Reads, convert};
use crate::domain::dcv;
use crate::domain::expiring::Expiring;
use crate::domain::names::{display, normalise};

/// Infos of domains that are read for one order, at most.
const MOST: usize = 25;

/// Searches for domains that are made for one order, at most; for more, the whole list is shorter.
const FEW: usize = 5;

impl Reads {
    /// One page of *list domains*.
    pub async fn list_domains(&self, wanted: &ListQuery) -> Result<Page<Domain>, ApiError> {
        let mut call = Call::get("/domain", "the list of domains");
        let mut query = wanted.query();
        // Without it the ends of validations are days of another time zone.
        query.push("include_dcv_expiration_time", "true");
        query.push("filters[include_validation_reuse_status]", "true");
        query.push("limit", &LARGEST_PAGE.to_string());
        call.query = query.0;
        let list: DomainList = self.json(&call, Marks::Page("domains")).await?;
        Page::new(&call.what, list.domains, list.page, wanted.offset, |row| {
            row.id.is_some().then_some(row).ok_or(None)
        })
    }

    /// The account's domains whose name has this in it, or all of them; inactive ones included. None of them has its token:
    /// that is told of one domain alone.
    pub async fn domains(&self, search: Option<String>) -> Result<Vec<dcv::Domain>, ApiError> {
        let mut wanted = ListQuery {
            search,
            ..ListQuery::default()
        };
        let (mut found, mut pages) = (Vec::new(), Pages::default());
        loop {
            let page = self.list_domains(&wanted).await?;
            let id = |row: &Domain| row.id.unwrap_or_default();
            let (rows, next) = pages.take("the list of domains", page, id)?;
            found.extend(rows.into_iter().filter_map(convert::domain));
            match next {
                Some(next) => wanted.offset = next,
                None => return Ok(found),
            }
        }
    }

    /// How many domains and orders expire soon, as the account counts them.
    pub async fn expiring(&self) -> Result<Expiring, ApiError> {
        let call = Call::get("/domain/expiration-count", "the count of expiring domains");
        let marks = Marks::Thing(&[
            "number_of_expired_domains",
            "number_of_expiry_soon_domains",
            "number_of_domains_recent_expired",
            "number_of_domains_expiring_within_30_days",
            "number_of_domains_expiring_from_31_to_60_days",
            "number_of_domains_expiring_from_61_to_90_days",
        ]);
        let domains: DomainCounts = self.json(&call, marks).await?;
        let mut call = Call::get("/report/order/expiring", "the count of expiring orders");
        // Else certificates that expire before their order are left out.
        call.query.push_str("include_expiring_certs=true");
        let orders: ExpiringOrders = self.json(&call, Marks::Rows("expiring_orders")).await?;
        Ok(convert::expiring(&domains, &orders))
    }

    /// *Domain info* with its token and validations.
    pub async fn domain(&self, id: u64) -> Result<Domain, ApiError> {
        let mut call = Call::get(format!("/domain/{id}"), format!("domain {id}"));
        call.query
            .push_str("include_dcv=true&include_validation=true");
        let domain: Domain = self.json(&call, Marks::Thing(&["id"])).await?;
        super::same(Some(id), domain.id, &call.what)?;
        Ok(domain)
    }

    /// A domain with all that is told of it, where its mails go included.
    pub async fn domain_in_full(&self, id: u64) -> Result<dcv::Domain, ApiError> {
        let full = convert::domain(self.domain(id).await?);
        let mut full = full.ok_or_else(|| {
            super::unexpected(&format!("domain {id}"), "it has no number or no name")
        })?;
        if full.is_mailed() && full.mailed.is_empty() {
            // Only clients know this call: without it the addresses are not told, and nothing else lacks.
            let addresses = self.domain_emails(full.id.0).await;
            full.mailed = addresses.unwrap_or_default();
        }
        Ok(full)
    }

    /// *Domain emails*: the addresses that mails for the proof of control go to.
    pub async fn domain_emails(&self, id: u64) -> Result<Vec<String>, ApiError> {
        let call = Call::get(
            format!("/domain/{id}/dcv/emails"),
            format!("the validation emails of domain {id}"),
        );
        let marks = Marks::Thing(&[
            "name_scope",
            "base_emails",
            "whois_emails",
            "dns_txt_emails",
        ]);
        Ok(convert::addresses(self.json(&call, marks).await?))
    }

    /// The account's domains that serve these names. Names share domains, so that this takes one search for each end of
    /// two labels, or the whole list where there are many, and one info for each domain found. Of very many the first
    /// are read in full, those that are not proved before others: the list tells how control stands, and no token.
    pub async fn domains_of(&self, names: &[String]) -> Result<Vec<dcv::Domain>, ApiError> {
        let mut ends: Vec<String> = Vec::new();
        for name in names {
            // The account may hold a domain of another script in either spelling.
            for end in [normalise(name), display(name)].map(|name| last_labels(&name)) {
                if !ends.contains(&end) {
                    ends.push(end);
                }
            }
        }
        let mut found: Vec<dcv::Domain> = Vec::new();
        let searches: Vec<Option<String>> = if ends.len() > FEW {
            vec![None]
        } else {
            ends.into_iter().map(Some).collect()
        };
        for search in searches {
            found.extend(self.domains(search).await?);
        }
        let mut serving: Vec<dcv::Domain> = Vec::new();
        for name in names {
            if let Some(domain) = dcv::serving(&found, name)
                && !serving.iter().any(|one| one.id == domain.id)
            {
                serving.push(domain.clone());
            }
        }
        let mut order: Vec<usize> = (0..serving.len()).collect();
        order.sort_by_key(|at| serving[*at].proved.is_some());
        for at in order.into_iter().take(MOST) {
            serving[at] = self.domain_in_full(serving[at].id.0).await?;
        }
        Ok(serving)
    }
}

/// The last two labels of a name: what every domain that serves it ends with.
fn last_labels(name: &str) -> String {
    let labels: Vec<&str> = name.rsplit('.').take(2).collect();
    labels.into_iter().rev().collect::<Vec<_>>().join(".")
}
