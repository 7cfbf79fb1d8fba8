//! Certificates of an order: list duplicates, list reissues, the chain.

use super::common::Platform;
use crate::domain::order::CsrText;

wire! {
    /// *List duplicates* and *list reissues*; `{}` when there are none.
    pub struct CertificateList {
        /// Certificates; the primary can be among them, and more than once.
        pub certificates: Vec<CertificateRow>,
    }

    /// One certificate of either list. Each list leaves out what the other has.
    pub struct CertificateRow {
        pub id: Option<u64>,
        /// SHA-1; absent while pending.
        pub thumbprint: Option<String>,
        /// Serial number; absent while pending.
        pub serial_number: Option<String>,
        pub common_name: Option<String>,
        pub dns_names: Vec<String>,
        pub emails: Vec<String>,
        /// State; issued duplicates usually show `approved`.
        pub status: Option<String>,
        pub date_created: Option<String>,
        pub date_issued: Option<String>,
        /// First day (duplicates).
        pub valid_from: Option<String>,
        /// Last day.
        pub valid_till: Option<String>,
        /// CSR: the only reliable link from what was asked for.
        pub csr: Option<CsrText>,
        pub server_platform: Option<Platform>,
        pub signature_hash: Option<String>,
        /// Key size in bits.
        pub key_size: Option<u64>,
        pub ca_cert_id: Option<String>,
        /// Number of the duplicate on the order, `"001"`.
        pub sub_id: Option<String>,
        /// Archived: text in one list, a number in the other.
        pub archived: Option<bool>,
        pub user_id: Option<u64>,
        /// Their first name, without an underscore in these two lists.
        pub firstname: Option<String>,
        pub lastname: Option<String>,
        pub email: Option<String>,
        /// Receipt, if charged (reissues).
        pub receipt_id: Option<u64>,
        /// How many added names were charged (reissues).
        pub purchased_dns_names: Option<u64>,
        /// How many added wildcards were charged (reissues).
        pub purchased_wildcard_names: Option<u64>,
    }

    /// *Chain*: the end-entity certificate comes first in spite of the name.
    pub struct Chain {
        pub intermediates: Vec<ChainEntry>,
    }

    /// One certificate of a chain.
    pub struct ChainEntry {
        /// Common name of its subject.
        pub subject_common_name: Option<String>,
        /// PEM with CRLF line ends.
        pub pem: Option<String>,
    }
}
