//! What a container's custom limits leave of a product: hashes, intermediates, lengths (API notes, "Product limits"). They bind
//! orders, reissues and duplicates alike.

use super::{Asked, Refusal};
use crate::sandbox::model::{Account, ContainerLimit, Length, Role};
use crate::sandbox::tables::{Product, SignatureHash};

/// The limit for users of this role; one for the role itself wins over one for everybody (role 0).
pub fn limit<'a>(
    account: &'a Account,
    container_id: u64,
    product: &Product,
    role: Role,
) -> Option<&'a ContainerLimit> {
    let of = |role_id| {
        account
            .container(container_id)?
            .limits
            .iter()
            .find(|limit| limit.product_name_id == product.name_id && limit.role_id == role_id)
    };
    of(role.id()).or_else(|| of(0))
}

/// Whether an intermediate is left.
pub fn intermediate(limit: Option<&ContainerLimit>, id: &str) -> bool {
    limit
        .and_then(|limit| limit.allowed_intermediates.as_ref())
        .is_none_or(|ids| ids.iter().any(|ok| ok.eq_ignore_ascii_case(id)))
}

/// Whether a hash is left.
pub fn hash(limit: Option<&ContainerLimit>, hash: SignatureHash) -> bool {
    limit
        .and_then(|limit| limit.allowed_hashes.as_ref())
        .is_none_or(|ids| ids.iter().any(|ok| ok.eq_ignore_ascii_case(hash.id())))
}

/// Refuses a certificate whose length in years is not left.
pub fn lifetime(limit: Option<&ContainerLimit>, asked: &Asked) -> Result<(), Refusal> {
    let years = limit.and_then(|limit| limit.allowed_lifetimes.as_ref());
    within(years, asked.validity, "certificate.cert_validity.years")
}

/// Refuses an order whose length in years is not left; `field` is what named it.
pub fn order_lifetime(
    limit: Option<&ContainerLimit>,
    length: Option<Length>,
    field: &str,
) -> Result<(), Refusal> {
    let years = limit.and_then(|limit| limit.allowed_order_lifetimes.as_ref());
    within(years, length, field)
}

fn within(left: Option<&Vec<u32>>, length: Option<Length>, field: &str) -> Result<(), Refusal> {
    match (left, length) {
        (Some(left), Some(Length::Years(years))) if !left.contains(&years) => {
            Err(Refusal::InvalidValue(field.to_owned()))
        }
        _ => Ok(()),
    }
}
