//! What the account does: pure functions over the model. They take the time, the caller and the authority's
//! intermediates as arguments, and change nothing but the account they are given.
//!
//! ```text
//! POST order ──needs approval──► needs_approval ──approve──► pending ──validated──► issued
//!      │                              └──reject──► rejected
//!      └──no approval──► pending | processing | issued
//! issued ──reissue──► reissue_pending ──issued──► issued         reissue_pending ──cancel, reject──► issued
//! pending | waiting_pickup ──cancel──► canceled
//! issued ──revoke order──► revoked                               issued ──time──► expired
//! ```

pub mod allowed;
pub mod cancel;
pub mod contents;
pub mod dcv;
pub mod duplicate;
pub mod issue;
pub mod limits;
pub mod material;
pub mod names;
pub mod place;
pub mod policy;
mod refusal;
pub mod reissue;
pub mod requests;
pub mod revoke;
pub mod status;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::ca::Ca;
use super::model::{KeyRole, Length, MailDetails, Order, Role};

pub use refusal::{INVENTED, Invented, Refusal};

/// Who asks, as what, and when.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    pub user_id: u64,
    pub role: Role,
    /// What narrows the key.
    pub key_role: KeyRole,
}

impl Actor {
    /// Whether this caller may see the order at all: limited users see their own.
    pub fn sees(&self, order: &Order) -> bool {
        self.role != Role::Limited || order.user_id == self.user_id
    }
}

/// What every rule needs besides the account.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    pub ca: &'a Ca,
    pub now: Timestamp,
    /// How long issuance takes where it is not immediate.
    pub issue_delay: SignedDuration,
    pub actor: Actor,
}

impl Context<'_> {
    /// Today, UTC.
    pub fn today(&self) -> Date {
        day(self.now)
    }
}

/// The UTC day of an instant.
pub fn day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// What a client asks a certificate to be; read from the body by the endpoints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub common_name: Option<String>,
    /// DNS names; `None` when the client did not name any.
    pub dns_names: Option<Vec<String>>,
    pub emails: Vec<String>,
    pub csr: Option<String>,
    pub signature_hash: Option<String>,
    pub server_platform: Option<i64>,
    pub ca_cert_id: Option<String>,
    pub profile_option: Option<String>,
    pub rsassa_pss: bool,
    /// Secure Email: subject and usage.
    pub mail: Option<Box<MailDetails>>,
    pub validity: Option<Length>,
}
