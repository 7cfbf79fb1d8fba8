//! Why something is refused: status, code, and a sentence. Codes that the API notes do not know are listed in [`INVENTED`].

use crate::sandbox::ca::CaError;

/// A refusal. Its text is the error's `message`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such thing, or not the caller's.
    #[error("The specified {0} was not found.")]
    NotFound(&'static str),
    /// Role or key too small.
    #[error("You do not have permission to perform this action.")]
    MissingPermission,
    /// The caller may not approve this request.
    #[error("You are not allowed to approve or reject this request.")]
    InvalidApprover,
    /// Fields are missing; one error each.
    #[error("{} is a required parameter.", .0.join(", "))]
    Required(Vec<String>),
    /// A certificate that would outlive its order.
    #[error("The validity of the certificate exceeds the validity of the order.")]
    LongerThanOrder,
    /// A value outside what is allowed.
    #[error("{0} contains an invalid value.")]
    InvalidValue(String),
    /// A generic product and its hint do not lead to one product.
    #[error("The product cannot be determined from the request.")]
    AmbiguousProduct,
    /// The body is not a JSON object.
    #[error("The request body is not well-formed JSON.")]
    BadFormat,
    /// The CSR cannot be read.
    #[error("The CSR could not be parsed: {0}")]
    CsrUnreadable(String),
    /// The key is too small for the product.
    #[error("The key of the CSR is too small: {bits} bits, at least {least} are needed.")]
    KeyTooSmall {
        /// Bits of the key.
        bits: u32,
        /// Bits the product needs.
        least: u32,
    },
    /// The order's status forbids it.
    #[error("This cannot be done while the order is {0}.")]
    OrderStatus(&'static str),
    /// The product has no duplicates.
    #[error("Duplicates are not allowed for this order.")]
    DuplicatesNotAllowed,
    /// A duplicate would have other names.
    #[error("A duplicate must have the names of the original certificate: {0}")]
    DuplicateNames(String),
    /// A duplicate needs current validation.
    #[error("Validation is not current for {0}; reissue with store_reissue_as_duplicate instead.")]
    ValidationNotCurrent(String),
    /// A reissue is under way.
    #[error("A reissue of this order is pending; cancel it or wait.")]
    ReissuePending,
    /// The order is revoked already.
    #[error("The order is already revoked.")]
    OrderAlreadyRevoked,
    /// The certificate is revoked already.
    #[error("The certificate is already revoked.")]
    CertificateAlreadyRevoked,
    /// There is nothing issued to revoke or download.
    #[error("The certificate has not been issued.")]
    CertificateNotIssued,
    /// The primary certificate stays.
    #[error("Primary certificate cannot be archived")]
    ArchivePrimary,
    /// The order to renew does not allow it.
    #[error("The order is not eligible for renewal.")]
    NotEligibleForRenewal,
    /// The order to renew was renewed.
    #[error("The order has already been renewed.")]
    RenewedAlready,
    /// The request was decided before.
    #[error("The request has already been {0}.")]
    RequestDecided(&'static str),
    /// Status changes over more than 7 days.
    #[error("The time frame may not exceed 7 days.")]
    TimeFrameTooLong,
    /// The account has the domain already.
    #[error("The domain {0} already exists in this account.")]
    DomainExists(String),
    /// The token is not on the site.
    #[error("The random value was not found at the expected location.")]
    FileValueNotFound,
    /// The value is in no TXT record.
    #[error("Unable to find a valid TXT record.")]
    InvalidDnsTxt,
    /// The method of the domain needs no token (documentation page "Generate domain DCV random value").
    #[error("The DCV method of the domain does not use a random value.")]
    NoToken,
    /// A file proves no wildcard (documentation page "File-based domain control validation").
    #[error("Wildcard names cannot be validated by a file.")]
    WildcardByFile,
    /// A custom field's value has the wrong type.
    #[error("The value is not valid for the custom field {0}.")]
    CustomField(String),
    /// The CSR is there already.
    #[error("The order has a CSR already.")]
    CsrPresent,
    /// The sandbox itself failed.
    #[error("An internal error occurred: {0}")]
    Internal(String),
}

/// A code that no public documentation or client names; the sandbox made it up where the rule itself is documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invented {
    /// HTTP status.
    pub status: u16,
    pub code: &'static str,
    /// When it is sent.
    pub when: &'static str,
}

/// Every invented code.
pub const INVENTED: &[Invented] = &[
    Invented {
        status: 401,
        code: "access_denied|missing_key",
        when: "no X-DC-DEVKEY header, or an empty one",
    },
    Invented {
        status: 404,
        code: "not_found|request, |certificate, |organization, |container, |domain, |user, |key, |metadata, |platform, |format",
        when: "as not_found|order, for other things",
    },
    Invented {
        status: 400,
        code: "csr_invalid_key_size",
        when: "RSA below 2048 bits (code signing: 3072), EC below 256",
    },
    Invented {
        status: 400,
        code: "invalid_order_status",
        when: "the order's status forbids the action",
    },
    Invented {
        status: 400,
        code: "duplicates_not_allowed",
        when: "the product has no duplicates",
    },
    Invented {
        status: 400,
        code: "duplicate_names_differ",
        when: "a duplicate would have other names than the original",
    },
    Invented {
        status: 400,
        code: "validation_not_current",
        when: "a duplicate while validation has expired",
    },
    Invented {
        status: 400,
        code: "reissue_pending",
        when: "reissue, duplicate or revoke while a reissue is pending",
    },
    Invented {
        status: 400,
        code: "certificate_already_revoked",
        when: "revoke of a revoked certificate, also where its whole order is revoked; revoking that order again is order_already_revoked",
    },
    Invented {
        status: 404,
        code: "certificate_not_issued",
        when: "download, chain or revoke before issuance",
    },
    Invented {
        status: 400,
        code: "request_already_processed",
        when: "approve or reject of a decided request",
    },
    Invented {
        status: 400,
        code: "domain_already_exists",
        when: "a domain added that the account has; the client that expects it reads only the words",
    },
    Invented {
        status: 400,
        code: "csr_already_submitted",
        when: "CSR added to an order that has one",
    },
    Invented {
        status: 406,
        code: "not_acceptable",
        when: "Accept names what the route cannot produce",
    },
    Invented {
        status: 408,
        code: "request_timeout",
        when: "a body that is not whole after 30 seconds",
    },
    Invented {
        status: 413,
        code: "request_too_large",
        when: "a body over 4 MiB",
    },
    Invented {
        status: 500,
        code: "internal_error",
        when: "the sandbox failed, or a fault was requested",
    },
];

impl From<CaError> for Refusal {
    fn from(error: CaError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl Refusal {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotFound(_) | Self::CertificateNotIssued => 404,
            Self::MissingPermission | Self::InvalidApprover => 403,
            Self::Internal(_) => 500,
            Self::Required(_)
            | Self::InvalidValue(_)
            | Self::BadFormat
            | Self::AmbiguousProduct
            | Self::LongerThanOrder
            | Self::CsrUnreadable(_)
            | Self::KeyTooSmall { .. }
            | Self::OrderStatus(_)
            | Self::DuplicatesNotAllowed
            | Self::DuplicateNames(_)
            | Self::ValidationNotCurrent(_)
            | Self::ReissuePending
            | Self::OrderAlreadyRevoked
            | Self::CertificateAlreadyRevoked
            | Self::ArchivePrimary
            | Self::NotEligibleForRenewal
            | Self::RenewedAlready
            | Self::RequestDecided(_)
            | Self::TimeFrameTooLong
            | Self::DomainExists(_)
            | Self::FileValueNotFound
            | Self::InvalidDnsTxt
            | Self::NoToken
            | Self::WildcardByFile
            | Self::CustomField(_)
            | Self::CsrPresent => 400,
        }
    }

    /// Codes and messages, as they go into `errors`.
    pub fn errors(&self) -> Vec<(String, String)> {
        if let Self::Required(paths) = self {
            return paths
                .iter()
                .map(|path| {
                    (
                        format!("required_param:{path}"),
                        format!("{path} is a required parameter."),
                    )
                })
                .collect();
        }
        vec![(self.code(), self.to_string())]
    }

    fn code(&self) -> String {
        match self {
            Self::NotFound(what) => format!("not_found|{what}"),
            Self::MissingPermission => "access_denied|missing_permission".to_owned(),
            Self::InvalidApprover => "access_denied|invalid_approver".to_owned(),
            Self::Required(paths) => format!("required_param:{}", paths.join(",")),
            Self::InvalidValue(field) => format!("invalid_value:{field}"),
            Self::AmbiguousProduct => "ambiguous_product".to_owned(),
            Self::LongerThanOrder => "cert_validity_exceeds_order_validity".to_owned(),
            Self::BadFormat => "bad_request_format".to_owned(),
            Self::CsrUnreadable(_) => "csr_invalid_cannot_parse".to_owned(),
            Self::KeyTooSmall { .. } => "csr_invalid_key_size".to_owned(),
            Self::OrderStatus(_) => "invalid_order_status".to_owned(),
            Self::DuplicatesNotAllowed => "duplicates_not_allowed".to_owned(),
            Self::DuplicateNames(_) => "duplicate_names_differ".to_owned(),
            Self::ValidationNotCurrent(_) => "validation_not_current".to_owned(),
            Self::ReissuePending => "reissue_pending".to_owned(),
            Self::OrderAlreadyRevoked => "order_already_revoked".to_owned(),
            Self::CertificateAlreadyRevoked => "certificate_already_revoked".to_owned(),
            Self::CertificateNotIssued => "certificate_not_issued".to_owned(),
            Self::ArchivePrimary => "cannot_archive_primary_certificate".to_owned(),
            Self::NotEligibleForRenewal => "order_not_eligible_for_renewal".to_owned(),
            Self::RenewedAlready => "order_renewed_already".to_owned(),
            Self::RequestDecided(_) => "request_already_processed".to_owned(),
            Self::TimeFrameTooLong => "time_frame_too_long".to_owned(),
            Self::DomainExists(_) => "domain_already_exists".to_owned(),
            Self::FileValueNotFound => "file_random_value_not_found".to_owned(),
            Self::InvalidDnsTxt => "invalid_dns_txt".to_owned(),
            Self::NoToken => "invalid_dcv_method".to_owned(),
            Self::WildcardByFile => "invalid_wildcard_dcv_method".to_owned(),
            Self::CustomField(_) => "invalid_custom_field_value".to_owned(),
            Self::CsrPresent => "csr_already_submitted".to_owned(),
            Self::Internal(_) => "internal_error".to_owned(),
        }
    }
}
