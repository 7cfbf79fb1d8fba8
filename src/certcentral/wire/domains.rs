//! Domains of the account and their validation.

use super::common::{DcvToken, Named, PageInfo};
use super::organization::Validation;

wire! {
    /// *List domains*.
    pub struct DomainList {
        /// Domains.
        pub domains: Vec<Domain>,
        /// Paging.
        pub page: Option<PageInfo>,
    }

    /// A domain, from the list or in full.
    pub struct Domain {
        /// Number.
        pub id: Option<u64>,
        /// Name.
        pub name: Option<String>,
        /// Whether it is active.
        pub is_active: Option<bool>,
        /// Added.
        pub date_created: Option<String>,
        /// Old state; `validations` is what counts.
        pub status: Option<String>,
        /// Whether a validation is under way.
        pub is_pending_validation: Option<bool>,
        /// Last submitted.
        pub last_submitted_datetime: Option<String>,
        /// Domain control proved.
        pub dcv_approval_datetime: Option<String>,
        /// Domain control proof ends.
        pub dcv_expiration_datetime: Option<String>,
        /// Organization; its `is_active` is text here.
        pub organization: Option<Named>,
        /// Validations, when asked for.
        pub validations: Vec<Validation>,
        /// Method.
        pub dcv_method: Option<String>,
        /// Ends by kind.
        pub dcv_expiration: Option<DcvExpiration>,
        /// Token, when asked for.
        pub dcv_token: Option<DcvToken>,
        /// Container.
        pub container: Option<Named>,
        /// Base domain, where told.
        pub base_domain: Option<String>,
        /// Older: method and mails, as one object; a list of them was seen too.
        pub dcv: Vec<DcvMails>,
    }

    /// Older: how control is proved, with the mails that were sent for it.
    pub struct DcvMails {
        /// Method.
        pub method: Option<String>,
        /// One for each address.
        pub dcv_invitations: Vec<DcvInvitation>,
    }

    /// A mail that was sent to prove control.
    pub struct DcvInvitation {
        /// Address.
        pub email: Option<String>,
    }

    /// *Domain emails*: the addresses that mails go to, by where they come from.
    pub struct DcvAddresses {
        /// The domain that they belong to.
        pub name_scope: Option<String>,
        /// `admin@` and the like.
        pub base_emails: Vec<String>,
        /// From the registry.
        pub whois_emails: Vec<String>,
        /// From the domain's own DNS records.
        pub dns_txt_emails: Vec<String>,
    }

    /// When the proof of domain control ends, by kind of validation.
    pub struct DcvExpiration {
        /// For OV.
        pub ov: Option<String>,
        /// For EV.
        pub ev: Option<String>,
    }

    /// Answer of *check* of a domain's token.
    pub struct DomainCheck {
        /// Token.
        pub token: Option<String>,
        /// State.
        pub status: Option<String>,
    }
}
