//! Orders: the row of the list, the whole order, its certificates, and the people around it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::ids::{CertificateId, ContainerId, OrderId, OrganizationId, RequestId, UserId};
use super::names;
use super::product::{Platform, ProductRef};
use super::request::Request;
use super::status::{CertificateStatus, OrderStatus};
use super::terms::Terms;
use crate::domain::text::bytes;

/// The text of a CSR as it came from the account or was pasted. Its `Debug` tells the length only, so that no
/// CSR's key material reaches a log.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct CsrText(pub String);

impl fmt::Debug for CsrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CsrText({})", bytes(self.0.len()))
    }
}

/// One row of *list orders*, as it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderSummary {
    pub id: OrderId,
    /// Primary certificate; absent on some states.
    pub certificate_id: Option<CertificateId>,
    pub status: OrderStatus,
    /// Common name; empty on code signing.
    pub common_name: String,
    /// DNS names; include the common name in real data.
    pub dns_names: Vec<String>,
    /// Serial number of the primary, upper-case hex.
    pub serial: Option<String>,
    /// First day of the primary.
    pub valid_from: Option<Date>,
    /// Last day of the primary (end of day, UTC).
    pub valid_till: Option<Date>,
    /// Last day that the order covers; can be later than the certificate's.
    pub order_valid_till: Option<Date>,
    /// When it was placed.
    pub created: Option<Timestamp>,
    /// Whether another order renewed it.
    pub is_renewed: bool,
    pub product: ProductRef,
    /// Organisation; absent on DV.
    pub organization: Option<Organization>,
    pub container: Option<Container>,
    /// How many duplicates, where the account counts them; at least 1 where it only says that there are some.
    pub duplicates: u32,
    /// How many reissues, likewise.
    pub reissues: u32,
}

/// An organisation, as much as order lists tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Organization {
    pub id: Option<OrganizationId>,
    pub name: String,
    /// City, state and country, when told.
    pub place: Option<String>,
}

/// A container, called division in the console.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Container {
    pub id: Option<ContainerId>,
    pub name: String,
}

/// A person: requester, approver, owner.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Person {
    /// User number, when told.
    pub id: Option<UserId>,
    /// First and last name.
    pub name: String,
    pub email: String,
}

/// A note on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: Option<u64>,
    /// Text; empty where the account tells none.
    pub text: String,
    pub date: Option<Timestamp>,
    pub author: Option<Person>,
}

/// The value of a custom field on an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    pub metadata_id: u64,
    pub label: String,
    pub value: String,
}

/// *Order info*: the whole order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub status: OrderStatus,
    /// The primary, i.e. current, certificate.
    pub certificate: Certificate,
    pub product: ProductRef,
    pub organization: Option<Organization>,
    pub container: Option<Container>,
    pub created: Option<Timestamp>,
    /// When the last reissue was issued, on accounts that tell.
    pub last_reissued: Option<Timestamp>,
    /// Last day of coverage.
    pub order_valid_till: Option<Date>,
    /// Whether it is a plan of several certificates (`is_multi_year_plan`).
    pub is_plan: bool,
    pub renewal_of: Option<OrderId>,
    /// Whether another order renewed this one.
    pub is_renewed: bool,
    /// The order that renewed this one.
    pub renewed_by: Option<OrderId>,
    /// Whether the order allows duplicates; `None` when not told.
    pub allow_duplicates: Option<bool>,
    /// Auto-reissue setting, when told.
    pub auto_reissue: Option<bool>,
    /// Auto-renew setting, when told.
    pub auto_renew: Option<bool>,
    /// DCV method of a pending order.
    pub dcv_method: Option<String>,
    /// Code signing: how the certificate is delivered.
    pub provisioning: Option<String>,
    pub user: Option<Person>,
    pub approver: Option<Person>,
    /// History of approval requests.
    pub requests: Vec<Request>,
    pub notes: Vec<Note>,
    pub custom_fields: Vec<CustomField>,
    pub additional_emails: Vec<String>,
    /// What else it was placed with, for an order that renews it.
    pub terms: Terms,
}

impl Order {
    /// The names that are validated while it is pending: those of its certificate, or of the one that a reissue is to bring.
    /// `certificates` are the order's.
    pub fn validated_names(&self, certificates: &[Certificate]) -> Vec<String> {
        let is_reissue = self.status == OrderStatus::ReissuePending;
        let is_pending = |row: &&Certificate| {
            let is_duplicate = matches!(row.role, Role::Duplicate(_));
            let is_named = !row.common_name.is_empty() || !row.dns_names.is_empty();
            row.status == Some(CertificateStatus::Pending) && !is_duplicate && is_named
        };
        let pending = certificates.iter().find(is_pending);
        let row = pending.filter(|_| is_reissue).unwrap_or(&self.certificate);
        names::once(std::iter::once(&row.common_name).chain(&row.dns_names))
    }

    /// An order that is not placed yet, of a product.
    pub fn blank(product: ProductRef) -> Self {
        Self {
            id: OrderId(0),
            status: OrderStatus::Pending,
            certificate: Certificate::empty(Role::Primary),
            product,
            organization: None,
            container: None,
            created: None,
            last_reissued: None,
            order_valid_till: None,
            is_plan: false,
            renewal_of: None,
            is_renewed: false,
            renewed_by: None,
            allow_duplicates: None,
            auto_reissue: None,
            auto_renew: None,
            dcv_method: None,
            provisioning: None,
            user: None,
            approver: None,
            requests: Vec::new(),
            notes: Vec::new(),
            custom_fields: Vec::new(),
            additional_emails: Vec::new(),
            terms: Terms::default(),
        }
    }

    /// As much as the list tells of it: the rules answer from that as far as they can.
    pub fn of_row(row: &OrderSummary) -> Self {
        let mut order = Self::blank(row.product.clone());
        order.id = row.id;
        order.status = row.status.clone();
        order.certificate.id = row.certificate_id;
        order.certificate.common_name.clone_from(&row.common_name);
        order.certificate.dns_names.clone_from(&row.dns_names);
        order.certificate.serial.clone_from(&row.serial);
        order.certificate.valid_from = row.valid_from;
        order.certificate.valid_till = row.valid_till;
        order.organization.clone_from(&row.organization);
        order.order_valid_till = row.order_valid_till;
        order.created = row.created;
        order.is_renewed = row.is_renewed;
        order
    }

    /// What it is called: its common name; on products without one its organisation, else the first address.
    pub fn title(&self) -> &str {
        let own = self.certificate.common_name.as_str();
        let organization = self.organization.as_ref().map(|known| known.name.as_str());
        let address = self.certificate.emails.first().map(String::as_str);
        [Some(own), organization, address]
            .into_iter()
            .flatten()
            .find(|name| !name.trim().is_empty())
            .unwrap_or_default()
    }
}

/// Where a certificate stands in its order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The order's current certificate.
    Primary,
    /// A reissue, earlier or pending.
    Reissue,
    /// A duplicate with its number on the order, e.g. `001`.
    Duplicate(Option<String>),
}

impl Role {
    /// Words for a person.
    pub fn label(&self) -> String {
        match self {
            Self::Primary => "primary".into(),
            Self::Reissue => "reissue".into(),
            Self::Duplicate(None) => "duplicate".into(),
            Self::Duplicate(Some(number)) => format!("duplicate {number}"),
        }
    }
}

/// One certificate of an order, from order info, list reissues or list duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Number; absent while the order needs approval.
    pub id: Option<CertificateId>,
    /// Where it stands in its order.
    pub role: Role,
    /// State; order info tells it rarely.
    pub status: Option<CertificateStatus>,
    pub common_name: String,
    /// DNS names, blanks removed; include the common name in real data.
    pub dns_names: Vec<String>,
    /// E-mail addresses (client and Secure Email).
    pub emails: Vec<String>,
    /// Upper-case hex.
    pub serial: Option<String>,
    /// SHA-1, 40 upper-case hex digits.
    pub thumbprint: Option<String>,
    pub created: Option<Timestamp>,
    pub issued: Option<Timestamp>,
    /// First day.
    pub valid_from: Option<Date>,
    /// Last day, end of day UTC.
    pub valid_till: Option<Date>,
    /// The CSR; the only reliable link from what was asked to what came.
    pub csr: Option<CsrText>,
    /// Key size in bits.
    pub key_size: Option<u32>,
    /// Signature hash, lower case.
    pub hash: Option<String>,
    pub platform: Option<Platform>,
    /// Issuing CA's id (`ca_cert_id`).
    pub ca_id: Option<String>,
    /// Issuing CA's name; only order info tells.
    pub ca_name: Option<String>,
    /// Archived: hidden from lists unless asked for.
    pub archived: bool,
    /// Who asked for it.
    pub requester: Option<Person>,
    pub profile_option: Option<String>,
    /// The request that made it, where it could be told by certificate id or CSR.
    pub request: Option<RequestId>,
}

impl Certificate {
    /// Whether it was issued, by what is told of it then and not before: some accounts leave one or the other out.
    pub fn was_issued(&self) -> bool {
        self.serial.is_some()
            || self.thumbprint.is_some()
            || self.issued.is_some()
            || self.valid_till.is_some()
    }

    /// Whether nobody can use it any more on this day: it expired, or it was revoked.
    pub fn is_over(&self, today: Date) -> bool {
        let ended = [CertificateStatus::Revoked, CertificateStatus::Expired];
        self.status
            .as_ref()
            .is_some_and(|status| ended.contains(status))
            || self.valid_till.is_some_and(|till| till < today)
    }

    /// An empty record in a role; the readers of the API fill it.
    pub fn empty(role: Role) -> Self {
        Self {
            id: None,
            role,
            status: None,
            common_name: String::new(),
            dns_names: Vec::new(),
            emails: Vec::new(),
            serial: None,
            thumbprint: None,
            created: None,
            issued: None,
            valid_from: None,
            valid_till: None,
            csr: None,
            key_size: None,
            hash: None,
            platform: None,
            ca_id: None,
            ca_name: None,
            archived: false,
            requester: None,
            profile_option: None,
            request: None,
        }
    }
}
