//! Reads of the account: one call, or the few that make up one answer.

use crate::app::effect::Read;
use crate::app::msg::{Accepted, Data};
use crate::certcentral::endpoints::{Format, RequestFilter, RequestQuery};
use crate::certcentral::wire::created::Created;
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{CertificateId, RequestId};
use crate::domain::request::Request;
use crate::domain::status::RequestStatus;

/// Rows of a page of requests; the most that the API gives.
const PAGE: u64 = 1000;

/// Does a read.
pub async fn read(reads: &Reads, read: &Read) -> Result<Data, ApiError> {
    Ok(match read {
        Read::Session => Data::Session(reads.session().await?),
        Read::Order(id) => Data::Order(Box::new(reads.order(*id).await?)),
        Read::Duplicates(id) => Data::Certificates(reads.duplicates(*id, true).await?),
        Read::Reissues(id) => Data::Certificates(reads.reissues(*id, true).await?),
        Read::Requests => Data::Requests(waiting(reads).await?),
        Read::Request(id) => Data::Request(Box::new(reads.request(*id).await?)),
        Read::Product(name) => Data::Product(Box::new(reads.product(name, None).await?)),
        Read::Chain(id) => Data::Chain(chain(reads, *id).await?),
    })
}

/// Every request that waits for a decision. The server may ignore the filter, so that it is applied again here.
async fn waiting(reads: &Reads) -> Result<Vec<Request>, ApiError> {
    let mut all: Vec<Request> = Vec::new();
    for status in [RequestStatus::Pending, RequestStatus::Submitted] {
        let mut offset = 0;
        loop {
            let query = RequestQuery {
                filter: RequestFilter {
                    status: vec![status.clone()],
                    ..RequestFilter::default()
                },
                limit: Some(PAGE),
                offset,
            };
            let page = reads.list_requests(&query).await?;
            let next = page.next_offset();
            for request in page.rows {
                if request.status.is_open() && all.iter().all(|have| have.id != request.id) {
                    all.push(request);
                }
            }
            match next {
                Some(next) if next > offset => offset = next,
                _ => break,
            }
        }
    }
    all.sort_by_key(|request| std::cmp::Reverse((request.date, request.id)));
    Ok(all)
}

/// A certificate with its chain as PEM: `pem_all` by certificate id, which gives any certificate of an order;
/// where that is refused, the chain as JSON.
async fn chain(reads: &Reads, id: CertificateId) -> Result<String, ApiError> {
    let download = reads.download(id, &Format::PemAll).await;
    let refused = match download {
        Ok(file) => {
            let text = String::from_utf8_lossy(&file.bytes).into_owned();
            if text.contains("-----BEGIN") {
                return Ok(text);
            }
            None
        }
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
pub fn accepted(created: Created) -> Accepted {
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
    }
}
