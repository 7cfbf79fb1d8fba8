//! Reads of the account: one call, or the few that make up one answer.

use crate::app::effect::Read;
use crate::app::msg::{Accepted, Data};
use crate::certcentral::endpoints::{Answered, ListQuery, MOST_NAMED, OrderQuery, Pages};
use crate::certcentral::wire::created::Created;
use crate::certcentral::wire::organization::Organization;
use crate::certcentral::{ApiError, Reads};
use crate::domain::draft::offer::{Definition, Offer, User, ValueKind};
use crate::domain::ids::{CertificateId, OrderId, RequestId};
use crate::domain::order::OrderSummary;
use crate::domain::product::Choice;

/// Does a read.
pub async fn read(reads: &Reads, read: &Read) -> Result<Data, ApiError> {
    Ok(match read {
        Read::Session => Data::Session(reads.session().await?),
        Read::Order(id) => Data::Order(Box::new(reads.order(*id).await?)),
        Read::Duplicates(id) => Data::Certificates(reads.duplicates(*id, true).await?),
        Read::Reissues(id) => Data::Certificates(reads.reissues(*id, true).await?),
        Read::Requests => Data::Requests(reads.waiting_requests().await?),
        Read::RequestPage(wanted, offset) => {
            Data::RequestPage(reads.wanted_requests(wanted, *offset).await?)
        }
        Read::Request(id) => Data::Request(Box::new(reads.request(*id).await?)),
        Read::Product(name) => Data::Product(Box::new(reads.product(name, None).await?)),
        Read::Domains(_, names) => Data::Domains(reads.domains_of(names).await?),
        Read::AccountDomains => Data::Domains(reads.domains(None).await?),
        Read::Domain(id) => Data::Domain(Box::new(reads.domain_in_full(id.0).await?)),
        Read::Expiring => Data::Expiring(reads.expiring().await?),
        Read::Organizations => Data::Organizations(reads.organizations().await?),
        Read::Changes(seconds) => {
            let changes = reads.status_changes(*seconds).await?;
            Data::Changes(changes.into_iter().map(|change| change.order).collect())
        }
        Read::Listed(orders) => Data::Listed(listed(reads, orders).await?),
        Read::Organization(id) => Data::Validations(reads.validations_of(*id).await?),
        Read::OrdersByReference(reference) => {
            let placed = reads.orders_by_reference(reference).await?;
            Data::Placed(placed.into_iter().map(|order| order.order).collect())
        }
        Read::Limits(id) => Data::Limits(permitted(reads.limits(*id).await)?),
        Read::Offer => Data::Offer(Box::new(offer(reads).await?)),
        Read::Chain(id) => Data::Chain(chain(reads, *id).await?),
    })
}

/// These orders as the list has them. Rows that nobody asked for are dropped: several values of one filter are what clients
/// use, and no page documents.
async fn listed(reads: &Reads, orders: &[OrderId]) -> Result<Vec<OrderSummary>, ApiError> {
    let mut rows = Vec::new();
    for ids in orders.chunks(MOST_NAMED) {
        let query = OrderQuery {
            ids: ids.to_vec(),
            limit: ids.len() as u64,
            ..OrderQuery::default()
        };
        let page = reads.list_orders(&query).await?;
        let asked = page.rows.iter().filter(|row| ids.contains(&row.id));
        rows.extend(asked.map(|row| row.summary()));
    }
    Ok(rows)
}

/// What the account has to order with. A key that may not read one of the lists still orders with the others.
async fn offer(reads: &Reads) -> Result<Offer, ApiError> {
    let mut organizations = Vec::new();
    let mut query = ListQuery {
        active: Some(true),
        ..ListQuery::default()
    };
    let mut pages = Pages::default();
    loop {
        let page = match reads.list_organizations(&query).await {
            Ok(page) => page,
            Err(ApiError::MissingPermission { .. }) => break,
            Err(error) => return Err(error),
        };
        let id = |row: &Organization| row.id.unwrap_or_default();
        let (rows, next) = pages.take("the list of organizations", page, id)?;
        organizations.extend(rows.into_iter().filter_map(|row| {
            let name = row.display_name.or(row.name).unwrap_or_default();
            Some(choice(row.id?, name))
        }));
        match next {
            Some(next) => query.offset = next,
            None => break,
        }
    }
    let containers = permitted(reads.containers().await)?;
    let fields = permitted(reads.custom_field_definitions().await)?;
    // Contacts can be typed as well: accounts that have no such list are ordered from all the same.
    let users = match reads.users().await {
        Err(ApiError::NotFound { .. }) => Vec::new(),
        other => permitted(other)?,
    };
    Ok(Offer {
        products: reads.products().await?,
        organizations,
        limits: Vec::new(),
        users: users
            .into_iter()
            .filter(|user| {
                user.status
                    .as_deref()
                    .is_none_or(|status| status == "active")
            })
            .filter_map(|user| {
                Some(User {
                    id: user.id?,
                    first_name: user.first_name.unwrap_or_default(),
                    last_name: user.last_name.unwrap_or_default(),
                    email: user.email.unwrap_or_default(),
                })
            })
            .collect(),
        containers: containers
            .into_iter()
            .filter(|row| row.is_active != Some(false))
            .filter_map(|row| Some(choice(row.id?, row.name.unwrap_or_default())))
            .collect(),
        fields: fields
            .into_iter()
            .filter(|field| field.is_active != Some(false))
            .filter_map(|field| {
                Some(Definition {
                    id: field.id?,
                    label: field.label.unwrap_or_default(),
                    required: field.is_required.unwrap_or(false),
                    kind: ValueKind::parse(field.data_type.as_deref()),
                })
            })
            .collect(),
    })
}

fn choice(id: u64, name: String) -> Choice {
    Choice {
        id: id.to_string(),
        name,
    }
}

fn permitted<T>(result: Result<Vec<T>, ApiError>) -> Result<Vec<T>, ApiError> {
    match result {
        Err(ApiError::MissingPermission { .. }) => Ok(Vec::new()),
        other => other,
    }
}

/// A certificate with its chain as PEM: `pem_all` by certificate id, which gives any certificate of an order;
/// where that is refused, the chain as JSON.
async fn chain(reads: &Reads, id: CertificateId) -> Result<String, ApiError> {
    let refused = match reads.pem(id).await {
        Ok(text) if text.contains("-----BEGIN") => return Ok(text),
        Ok(_) => None,
        Err(error) if error.is_transient() => return Err(error),
        Err(error) => Some(error),
    };
    let entries = match (reads.chain(id).await, refused) {
        (Ok(entries), _) => entries,
        (Err(_), Some(refused)) => return Err(refused),
        (Err(error), None) => return Err(error),
    };
    let pems: Vec<String> = entries.into_iter().filter_map(|entry| entry.pem).collect();
    Ok(pems.join("\n"))
}

/// What the account answered to a write.
pub fn accepted(answered: Answered) -> Accepted {
    match answered {
        Answered::Created(answer) => created(*answer),
        Answered::Revocation(request) => Accepted {
            requests: request.map(|request| request.id).into_iter().collect(),
            ..Accepted::default()
        },
        Answered::Done => Accepted::default(),
        Answered::Checked(checked) => Accepted {
            checked,
            ..Accepted::default()
        },
        Answered::Token(token) => Accepted {
            dcv_random_value: token,
            ..Accepted::default()
        },
    }
}

fn created(created: Created) -> Accepted {
    let order = created.order();
    let certificate = created.certificate();
    let first_of_two = created
        .requests
        .iter()
        .any(|request| request.status.as_deref() == Some("submitted"));
    let requests = created
        .requests
        .iter()
        .filter_map(|request| request.id)
        .map(RequestId)
        .collect();
    let pems: Vec<String> = created
        .certificate_chain
        .into_iter()
        .filter_map(|entry| entry.pem)
        .collect();
    Accepted {
        order,
        requests,
        first_of_two,
        certificate,
        chain: (!pems.is_empty()).then(|| pems.join("\n")),
        dcv_random_value: created.dcv_random_value,
        checked: Vec::new(),
    }
}
