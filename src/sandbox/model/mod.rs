//! The account as plain data: orders with their certificates, requests, organizations, domains, divisions, users.
//!
//! Nothing here decides anything: the rules (`sandbox::rules`) read and change it, the endpoints (`sandbox::http`)
//! write it out, the generator (`sandbox::generate`) fills it, and the state file stores it as it is.

mod account;
mod certificate;
mod changes;
mod container;
mod domain;
mod index;
mod lazy;
mod mail;
mod order;
mod organization;
mod request;
mod seldom;
mod serial;
mod user;

pub use account::{Account, CustomField, Ids};
pub use certificate::{
    Certificate, CertificateKind, CertificateState, CsrSource, KeyKind, Material, SignedCertificate,
};
pub use changes::{Changes, Held, ReadChanges};
pub use container::{Approval, Container, ContainerLimit};
pub use domain::{Dcv, DcvMethod, Domain, Locking};
pub use lazy::Lazy;
pub use mail::{MailDetails, NameSource, PrimaryUsage};
pub use order::{
    Contact, FieldValue, Length, Note, Order, OrderStatus, ProvisioningMethod, ShipInfo, Wishes,
};
pub use organization::{OrgValidation, Organization, ValidationStatus, ValidationType};
pub use request::{Request, RequestKind, RequestStatus};
pub use seldom::Seldom;
pub use serial::Serial;
pub use user::{ApiKey, KeyRole, Role, User};
