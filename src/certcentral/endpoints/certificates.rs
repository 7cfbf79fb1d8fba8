//! Reads of certificates: the lists of an order, the file, the chain.

use crate::certcentral::convert;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::certificate::{CertificateList, Chain, ChainEntry};
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Certificate, Role};

impl Reads {
    /// *List duplicates*. Each certificate once; the primary can be among them.
    pub async fn duplicates(
        &self,
        order: OrderId,
        show_archived: bool,
    ) -> Result<Vec<Certificate>, ApiError> {
        self.rows(order, "duplicate", Role::Duplicate(None), show_archived)
            .await
    }

    /// *List reissues*. Each certificate once; the primary can be among them.
    pub async fn reissues(
        &self,
        order: OrderId,
        show_archived: bool,
    ) -> Result<Vec<Certificate>, ApiError> {
        self.rows(order, "reissue", Role::Reissue, show_archived)
            .await
    }

    async fn rows(
        &self,
        order: OrderId,
        list: &str,
        role: Role,
        show_archived: bool,
    ) -> Result<Vec<Certificate>, ApiError> {
        let path = format!("/order/certificate/{order}/{list}");
        let mut call = Call::get(path, format!("the {list}s of order {order}"));
        if show_archived {
            call.query.push_str("show_archived=true");
        }
        let list: CertificateList = self.json(&call, Marks::RowsOrNone("certificates")).await?;
        Ok(convert::certificate_rows(list, &role))
    }

    /// A certificate with its chain as one PEM text (`pem_all`), with the line ends that the server sends.
    pub async fn pem(&self, certificate: CertificateId) -> Result<String, ApiError> {
        let path = format!("/certificate/{certificate}/download/format/pem_all");
        let mut call = Call::get(path, format!("certificate {certificate}"));
        call.file = true;
        let answer = self.file(&call).await?;
        String::from_utf8(answer.body.into())
            .map_err(|_| super::unexpected(&call.what, "the file is not PEM text"))
    }

    /// The chain, end-entity first; empty for certificates that are delivered another way.
    pub async fn chain(&self, certificate: CertificateId) -> Result<Vec<ChainEntry>, ApiError> {
        let path = format!("/certificate/{certificate}/chain");
        let call = Call::get(path, format!("the chain of certificate {certificate}"));
        let chain: Chain = self.json(&call, Marks::RowsOrNone("intermediates")).await?;
        Ok(chain.intermediates)
    }
}
