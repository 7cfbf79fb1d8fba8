//! An order: what was bought, for whom, and every certificate that came of it.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Certificate, CertificateKind, Dcv, Seldom};
use crate::sandbox::tables::ProductRef;

/// The stored status. `expired` follows from the dates (see `rules::status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum OrderStatus {
    /// Exists only as a request.
    NeedsApproval,
    /// Approved; validation, CSR or payment is missing.
    Pending,
    /// Nothing is missing but time.
    Processing,
    /// The recipient has to collect or confirm.
    WaitingPickup,
    Issued,
    /// Issued, with a reissue under way.
    ReissuePending,
    /// Issued, and past its end.
    Expired,
    Revoked,
    /// Canceled by the customer.
    Canceled,
    /// Request or order refused.
    Rejected,
}

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 10] = [
        Self::NeedsApproval,
        Self::Pending,
        Self::Processing,
        Self::WaitingPickup,
        Self::Issued,
        Self::ReissuePending,
        Self::Expired,
        Self::Revoked,
        Self::Canceled,
        Self::Rejected,
    ];

    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::NeedsApproval => "needs_approval",
            Self::Pending => "pending",
            Self::Processing => "processing",
            Self::WaitingPickup => "waiting_pickup",
            Self::Issued => "issued",
            Self::ReissuePending => "reissue_pending",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Canceled => "canceled",
            Self::Rejected => "rejected",
        }
    }

    /// The status with this word.
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }
}

/// A length of time as clients ask for it: exactly one of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Length {
    Years(u32),
    Days(u32),
    /// Until this day.
    Until(Date),
}

/// A person to talk to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    pub telephone: String,
}

/// A note on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    pub id: u64,
    /// When it was written.
    pub date: Timestamp,
    /// Who wrote it (user id).
    pub user_id: u64,
    pub text: String,
}

/// The value of a custom field on an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Id of the value.
    pub id: u64,
    /// Id of the field.
    pub metadata_id: u64,
    pub value: String,
}

/// How a code signing key reaches the signer (glossary, `cs_provisioning_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProvisioningMethod {
    /// A token is sent by mail.
    ShipToken,
    ClientApp,
    /// An own HSM; the CSR comes from it.
    Email,
    /// Not a code signing order.
    None,
}

impl ProvisioningMethod {
    /// The API's word.
    pub fn id(self) -> &'static str {
        match self {
            Self::ShipToken => "ship_token",
            Self::ClientApp => "client_app",
            Self::Email => "email",
            Self::None => "none",
        }
    }

    /// The method with this word.
    pub fn parse(id: &str) -> Option<Self> {
        [Self::ShipToken, Self::ClientApp, Self::Email, Self::None]
            .into_iter()
            .find(|method| method.id() == id)
    }
}

/// Where a token is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShipInfo {
    pub name: String,
    pub addr1: String,
    pub addr2: Option<String>,
    pub city: String,
    pub state: String,
    pub zip: String,
    pub country: String,
    /// `STANDARD` or `EXPEDITED`.
    pub method: String,
}

/// What was asked for with an order and only shows up again in order info.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// `certificate.organization_units`
    pub organization_units: Vec<String>,
    /// `custom_renewal_message`
    pub custom_renewal_message: Option<String>,
    /// `locale`: the language of mails.
    pub locale: Option<String>,
    /// `apply_cr_discount`: a discount for the certificate of another CA.
    pub apply_cr_discount: bool,
    /// `serial_number` of that certificate.
    pub replaced_serial: Option<String>,
}

/// An order. `certificates` holds every certificate in the order they were asked for; `primary` is the index of the
/// one that order info shows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    pub id: u64,
    /// Stored status; never `Expired`.
    pub status: OrderStatus,
    /// When the status last changed.
    pub status_changed: Timestamp,
    pub product: ProductRef,
    pub container_id: u64,
    /// Organization id; `None` for DV.
    pub organization_id: Option<u64>,
    /// Who placed it (user id).
    pub user_id: u64,
    /// Who approved it (user id).
    pub approver_id: Option<u64>,
    /// When it was placed.
    pub date_created: Timestamp,
    /// Length of the order (plan).
    pub order_validity: Length,
    /// Last day the order covers, once issued.
    pub order_valid_till: Option<Date>,
    /// Plan over several years: flag `"1"` in answers.
    pub is_multi_year_plan: bool,
    /// Certificates, oldest first; never empty.
    pub certificates: Vec<Certificate>,
    /// Index of the primary certificate.
    pub primary: usize,
    /// Ids of this order's requests, oldest first.
    pub requests: Vec<u64>,
    /// The order this one renews.
    pub renewal_of: Option<u64>,
    /// The order that renewed this one.
    pub renewed_by: Option<u64>,
    /// Marked `renewed` (migrated orders), or renewed by another order.
    pub is_renewed: bool,
    /// Came from another console; only these may be marked renewed.
    pub is_migrated: bool,
    pub notes: Seldom<Note>,
    pub custom_fields: Seldom<FieldValue>,
    /// Addresses that get mail too.
    pub additional_emails: Seldom<String>,
    /// Own reference of the client.
    pub alternative_order_id: Option<String>,
    pub disable_renewal_notifications: bool,
    pub disable_issuance_email: bool,
    pub disable_ct: bool,
    /// 0 or 1.
    pub auto_renew: u8,
    /// Reissue by itself 30 days before the end.
    pub auto_reissue: bool,
    pub price_cents: u64,
    /// `balance`, `card`, `profile`, …
    pub payment_method: Cow<'static, str>,
    /// Proof of control for pending orders, one a name that was not validated: `(name, proof)`.
    pub dcv: Seldom<(String, Dcv)>,
    /// DCV method asked for.
    pub dcv_method: super::DcvMethod,
    pub organization_contact: Option<Arc<Contact>>,
    /// Contacts that came with the order, each with its `contact_type`.
    #[serde(default)]
    pub contacts: Seldom<(String, Contact)>,
    /// Code signing: how the key reaches the signer.
    pub provisioning: ProvisioningMethod,
    /// Code signing: where the token is sent.
    pub ship_info: Option<Box<ShipInfo>>,
    /// When a reissue was last issued.
    pub last_reissued: Option<Timestamp>,
    /// Issuance takes a moment even when everything is validated.
    pub is_slow: bool,
    /// Documented quirk of some accounts: list duplicates and reissues contain the primary certificate too.
    pub lists_primary: bool,
    /// What only shows up again.
    #[serde(default)]
    pub wishes: Option<Box<Wishes>>,
    /// Certificates (by id) that are revoked by themselves, and when: a reissue has removed or changed names.
    #[serde(default)]
    pub revocations: Seldom<(u64, Timestamp)>,
}

impl Order {
    /// What only shows up again, and that nothing was asked for.
    pub fn wishes(&self) -> &Wishes {
        static NONE: Wishes = Wishes {
            organization_units: Vec::new(),
            custom_renewal_message: None,
            locale: None,
            apply_cr_discount: false,
            replaced_serial: None,
        };
        self.wishes.as_deref().unwrap_or(&NONE)
    }

    /// Gives back room that nothing stands in: an account may have a million orders, and a list that grew has room for four.
    pub fn shrink_to_fit(&mut self) {
        self.certificates.shrink_to_fit();
        for certificate in &mut self.certificates {
            certificate.dns_names.shrink_to_fit();
            certificate.emails.shrink_to_fit();
        }
        self.requests.shrink_to_fit();
        self.notes.shrink_to_fit();
        self.custom_fields.shrink_to_fit();
        self.additional_emails.shrink_to_fit();
        self.dcv.shrink_to_fit();
        self.contacts.shrink_to_fit();
        self.revocations.shrink_to_fit();
    }

    /// The certificate that order info shows.
    pub fn primary(&self) -> &Certificate {
        &self.certificates[self.primary]
    }

    /// The certificate with this id.
    pub fn certificate(&self, id: u64) -> Option<&Certificate> {
        self.certificates
            .iter()
            .find(|certificate| certificate.id == id)
    }

    /// The certificate with this id, to change it.
    pub fn certificate_mut(&mut self, id: u64) -> Option<&mut Certificate> {
        self.certificates
            .iter_mut()
            .find(|certificate| certificate.id == id)
    }

    /// Duplicates, oldest first.
    pub fn duplicates(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates
            .iter()
            .filter(|c| matches!(c.kind, CertificateKind::Duplicate(_)))
    }

    /// Reissues, oldest first.
    pub fn reissues(&self) -> impl Iterator<Item = &Certificate> {
        self.certificates
            .iter()
            .filter(|c| c.kind == CertificateKind::Reissue)
    }
}
