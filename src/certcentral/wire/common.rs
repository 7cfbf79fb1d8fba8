//! Parts that many answers share.

wire! {
    /// The paging object beside a list. Missing on lists that are not paged.
    pub struct PageInfo {
        /// Count of all matches.
        pub total: Option<u64>,
        /// Page size asked for; `0` means no limit.
        pub limit: Option<u64>,
        /// Index of the first row.
        pub offset: Option<u64>,
    }

    /// Anything that is an id and a name: organizations, containers, issuing CAs of a list.
    pub struct Named {
        pub id: Option<u64>,
        pub name: Option<String>,
        /// Name and assumed name (organizations).
        pub display_name: Option<String>,
        /// Whether it is active, where told.
        pub is_active: Option<bool>,
        /// City (organizations in order info).
        pub city: Option<String>,
        pub state: Option<String>,
        pub country: Option<String>,
    }

    /// An issuing CA: its id is text that looks like hex and must never be read as a number.
    pub struct CaCert {
        /// `ca_cert_id`.
        pub id: Option<String>,
        pub name: Option<String>,
        /// The chain in words (product list).
        pub chain_info: Option<String>,
    }

    /// A person: requester, approver, contact.
    pub struct Person {
        pub id: Option<u64>,
        pub first_name: Option<String>,
        pub last_name: Option<String>,
        pub email: Option<String>,
        pub job_title: Option<String>,
        pub telephone: Option<String>,
    }

    /// A server platform.
    pub struct Platform {
        /// Number; `-1` is OTHER.
        pub id: Option<i64>,
        pub name: Option<String>,
        /// Page about installing a certificate on it.
        pub install_url: Option<String>,
        /// Page about making a CSR on it.
        pub csr_url: Option<String>,
    }

    /// What a row says of its product.
    pub struct ProductRef {
        pub name_id: Option<String>,
        pub name: Option<String>,
        /// Type, e.g. `ssl_certificate`; a JSON key that is a keyword here.
        #[serde(rename = "type")]
        pub kind: Option<String>,
        /// `ov`, `ev`, `dv`; either case.
        pub validation_type: Option<String>,
        pub validation_name: Option<String>,
    }

    /// A length: exactly one of the three is set.
    pub struct Validity {
        pub years: Option<u64>,
        pub days: Option<u64>,
        /// End date as text.
        pub custom_expiration_date: Option<String>,
    }

    /// The value of a custom field on an order. `value` may be text, a number or a list.
    pub struct CustomField {
        /// Number of the value.
        pub id: Option<u64>,
        /// Number of the definition.
        pub metadata_id: Option<u64>,
        pub label: Option<String>,
        /// Values as text; one for everything but lists.
        pub value: Vec<String>,
    }

    /// A token for domain control validation.
    pub struct DcvToken {
        /// The random value or request token.
        pub token: Option<String>,
        /// State of the token.
        pub status: Option<String>,
        pub expiration_date: Option<String>,
        /// What has to be found.
        pub verification_value: Option<String>,
        /// Where the file has to be found, for the methods that want one.
        pub http_token_url: Option<String>,
    }
}
