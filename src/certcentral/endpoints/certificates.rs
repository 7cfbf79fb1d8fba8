//! Reads of certificates: the lists of an order, files in every format, chains, intermediates.

use bytes::Bytes;

use crate::certcentral::convert;
use crate::certcentral::shape::Marks;
use crate::certcentral::transport::Call;
use crate::certcentral::wire::certificate::{
    CertificateList, Chain, ChainEntry, Intermediate, IntermediateList,
};
use crate::certcentral::{ApiError, Reads};
use crate::domain::ids::{CertificateId, OrderId};
use crate::domain::order::{Certificate, Role};

/// A file format of a download. Source: "Certificate formats" of the API's glossary.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Format {
    /// ZIP with root, intermediate and end-entity as `.crt`.
    Default,
    /// ZIP with the same as `.cer`.
    DefaultCer,
    /// ZIP with the same as PEM.
    DefaultPem,
    /// ZIP with intermediate and end-entity.
    Apache,
    /// One P7B named `.cer`.
    Cer,
    /// One P7B.
    P7b,
    /// PEM: end-entity, intermediates, root.
    PemAll,
    /// PEM: end-entity and intermediates.
    PemNoRoot,
    /// PEM: end-entity only.
    PemNoIntermediate,
    /// Another name; some clients know of more.
    Other(String),
}

impl Format {
    /// Every documented format.
    pub const DOCUMENTED: [Self; 9] = [
        Self::Default,
        Self::DefaultCer,
        Self::DefaultPem,
        Self::Apache,
        Self::Cer,
        Self::P7b,
        Self::PemAll,
        Self::PemNoRoot,
        Self::PemNoIntermediate,
    ];

    /// The API's name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Default => "default",
            Self::DefaultCer => "default_cer",
            Self::DefaultPem => "default_pem",
            Self::Apache => "apache",
            Self::Cer => "cer",
            Self::P7b => "p7b",
            Self::PemAll => "pem_all",
            Self::PemNoRoot => "pem_noroot",
            Self::PemNoIntermediate => "pem_nointermediate",
            Self::Other(name) => name,
        }
    }
}

/// A file as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// What the server says it is; decides, not the format that was asked for.
    pub content_type: String,
    /// The file.
    pub bytes: Bytes,
}

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

    /// A certificate in a format.
    pub async fn download(
        &self,
        certificate: CertificateId,
        format: &Format,
    ) -> Result<Download, ApiError> {
        let name = super::encoded(format.as_str());
        let path = format!("/certificate/{certificate}/download/format/{name}");
        self.fetch(path, format!("certificate {certificate}")).await
    }

    /// A certificate with its chain as one PEM text (`pem_all`), with the line ends that the server sends.
    pub async fn pem(&self, certificate: CertificateId) -> Result<String, ApiError> {
        let download = self.download(certificate, &Format::PemAll).await?;
        String::from_utf8(download.bytes.into()).map_err(|_| {
            super::unexpected(
                &format!("certificate {certificate}"),
                "the file is no PEM text",
            )
        })
    }

    /// A certificate for a server platform, by number; without one, for the order's.
    pub async fn download_for_platform(
        &self,
        certificate: CertificateId,
        platform: Option<i64>,
    ) -> Result<Download, ApiError> {
        let mut path = format!("/certificate/{certificate}/download/platform");
        if let Some(platform) = platform {
            path = format!("{path}/{platform}");
        }
        self.fetch(path, format!("certificate {certificate}")).await
    }

    /// The order's active primary certificate, in a format or for the order's platform. Never a duplicate.
    pub async fn download_of_order(
        &self,
        order: OrderId,
        format: Option<&Format>,
    ) -> Result<Download, ApiError> {
        let mut path = format!("/certificate/download/order/{order}");
        if let Some(format) = format {
            path = format!("{path}/format/{}", super::encoded(format.as_str()));
        }
        self.fetch(path, format!("the certificate of order {order}"))
            .await
    }

    async fn fetch(&self, path: String, what: String) -> Result<Download, ApiError> {
        let mut call = Call::get(path, what);
        call.file = true;
        let answer = self.file(&call).await?;
        Ok(Download {
            content_type: answer.content_type,
            bytes: answer.body,
        })
    }

    /// The chain, end-entity first; empty for certificates that are delivered another way.
    pub async fn chain(&self, certificate: CertificateId) -> Result<Vec<ChainEntry>, ApiError> {
        let path = format!("/certificate/{certificate}/chain");
        let call = Call::get(path, format!("the chain of certificate {certificate}"));
        let chain: Chain = self.json(&call, Marks::RowsOrNone("intermediates")).await?;
        Ok(chain.intermediates)
    }

    /// The intermediates of the account.
    pub async fn intermediates(&self) -> Result<Vec<Intermediate>, ApiError> {
        let call = Call::get("/certificate/intermediates", "the list of intermediates");
        let list: IntermediateList = self.json(&call, Marks::Rows("intermediates")).await?;
        Ok(list.intermediates)
    }
}
