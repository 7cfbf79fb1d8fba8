//! Domains of the account and their validation.

use super::common::{DcvToken, Named, PageInfo};
use super::organization::Validation;

wire! {
    /// *List domains*.
    pub struct DomainList {
        pub domains: Vec<Domain>,
        pub page: Option<PageInfo>,
    }

    /// A domain, from the list or in full.
    pub struct Domain {
        pub id: Option<u64>,
        pub name: Option<String>,
        /// Whether it is active.
        pub is_active: Option<bool>,
        pub date_created: Option<String>,
        /// Old state; `validations` is what counts.
        pub status: Option<String>,
        /// Whether a validation is under way.
        pub is_pending_validation: Option<bool>,
        pub last_submitted_datetime: Option<String>,
        pub dcv_approval_datetime: Option<String>,
        /// Domain control proof ends.
        pub dcv_expiration_datetime: Option<String>,
        /// Organization; its `is_active` is text here.
        pub organization: Option<Named>,
        /// Validations, when asked for.
        pub validations: Vec<Validation>,
        pub dcv_method: Option<String>,
        pub dcv_expiration: Option<DcvExpiration>,
        /// Token, when asked for.
        pub dcv_token: Option<DcvToken>,
        pub container: Option<Named>,
        /// Base domain, where told.
        pub base_domain: Option<String>,
        /// Older: method and mails, as one object; a list of them was seen too.
        pub dcv: Vec<DcvMails>,
    }

    /// Older: how control is proved, with the mails that were sent for it.
    pub struct DcvMails {
        pub method: Option<String>,
        /// One for each address.
        pub dcv_invitations: Vec<DcvInvitation>,
    }

    /// A mail that was sent to prove control.
    pub struct DcvInvitation {
        pub email: Option<String>,
    }

    /// *Domain emails*: the addresses that mails go to, by where they come from.
    pub struct DcvAddresses {
        /// The domain that they belong to.
        pub name_scope: Option<String>,
        /// `admin@` and the like.
        pub base_emails: Vec<String>,
        pub whois_emails: Vec<String>,
        /// From the domain's own DNS records.
        pub dns_txt_emails: Vec<String>,
    }

    /// When the proof of domain control ends, by kind of validation.
    pub struct DcvExpiration {
        pub ov: Option<String>,
        pub ev: Option<String>,
        /// When control was proved; with `include_validation_reuse_status`.
        pub dcv_approval_date: Option<String>,
    }

    /// *Expiring domains count*: all numbers come as text.
    pub struct DomainCounts {
        pub number_of_expired_domains: Option<u64>,
        pub number_of_domains_expiring_within_30_days: Option<u64>,
        pub number_of_domains_expiring_from_31_to_60_days: Option<u64>,
        pub number_of_domains_expiring_from_61_to_90_days: Option<u64>,
    }

    /// *Expiring orders and certificates*.
    pub struct ExpiringOrders {
        pub expiring_orders: Vec<ExpiringSpan>,
    }

    /// Orders that expire in one of the report's spans.
    pub struct ExpiringSpan {
        /// 90, 60, 30, or -7 for the last seven days.
        pub days_expiring: Option<i64>,
        /// How many orders.
        pub order_count: Option<u64>,
        /// The same where certificates are counted, too.
        pub count: Option<u64>,
    }

    /// Answer of *check* of a domain's token.
    pub struct DomainCheck {
        pub token: Option<String>,
        pub status: Option<String>,
    }
}
