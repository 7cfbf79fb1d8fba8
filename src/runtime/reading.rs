//! Reads of the account: one call, or the few that make up one answer.

use crate::app::effect::Read;
use crate::app::msg::{Accepted, Data};
use crate::certcentral::endpoints::Answered;
use crate::certcentral::wire::created::Created;
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{CertificateId, RequestId};

/// Does a read.
pub async fn read(reads: &Reads, read: &Read) -> Result<Data, ApiError> {
    Ok(match read {
        Read::Session => Data::Session(reads.session().await?),
        Read::Order(id) => Data::Order(Box::new(reads.order(*id).await?)),
        Read::Duplicates(id) => Data::Certificates(reads.duplicates(*id, true).await?),
        Read::Reissues(id) => Data::Certificates(reads.reissues(*id, true).await?),
        Read::Requests => {
            let mut requests = reads.waiting_requests().await?;
            requests.sort_by_key(|request| std::cmp::Reverse((request.date, request.id)));
            Data::Requests(requests)
        }
        Read::Request(id) => Data::Request(Box::new(reads.request(*id).await?)),
        Read::Product(name) => Data::Product(Box::new(reads.product(name, None).await?)),
        Read::Domains(_, names) => Data::Domains(reads.domains_of(names).await?),
        Read::Chain(id) => Data::Chain(chain(reads, *id).await?),
    })
}

/// A certificate with its chain as PEM: `pem_all` by certificate id, which gives any certificate of an order;
/// where that is refused, the chain as JSON.
async fn chain(reads: &Reads, id: CertificateId) -> Result<String, ApiError> {
    let refused = match reads.pem(id).await {
        Ok(text) if text.contains("-----BEGIN") => return Ok(text),
        Ok(_) => None,
        Err(error) if error.is_transient() || error.is_offline() => return Err(error),
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
        certificate,
        chain: (!pems.is_empty()).then(|| pems.join("\n")),
        dcv_random_value: created.dcv_random_value,
        checked: Vec::new(),
    }
}
