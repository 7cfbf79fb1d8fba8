//! Which fields a duplicate, a reissue, and an order take, by product and by what is chosen already, and which of them must
//! be given: the tables of the documentation pages *Reissue certificate* and *Duplicate certificate*, and of the order
//! pages. What is not taken here is neither asked for nor sent.
//!
//! What the pages leave open is decided like this: a CSR is optional on products for which nothing says that it is
//! required, since the account takes it later; those take a bare public key in its place.

use super::super::catalogue::Names;
use super::super::csr::KeyKind;
use super::super::order::Order;
use super::super::product::{Family, Product};
use super::contact::{Contact, ContactField, SOMEBODY};
use super::{FieldId, FormKind, ValidityForm, organization};

/// What a Secure Email product is for; each takes other fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecureEmail {
    /// `secure_email_mailbox`.
    Mailbox,
    /// `secure_email_sponsor`.
    Sponsor,
    /// `secure_email_organization`.
    Organization,
    /// `secure_email_individual`.
    Individual,
}

impl SecureEmail {
    /// The kind of an order; `None` for other products.
    pub fn of(order: &Order) -> Option<Self> {
        let rest = order.product.name_id.strip_prefix("secure_email_")?;
        [
            ("mailbox", Self::Mailbox),
            ("sponsor", Self::Sponsor),
            ("organization", Self::Organization),
            ("individual", Self::Individual),
        ]
        .into_iter()
        .find(|(name, _)| rest.starts_with(name))
        .map(|(_, kind)| kind)
    }

    /// Sources of the common name (`common_name_indicator`), each with words for it. The reissue page refers to the page
    /// *Order Secure Email certificate* for them; the values are those that the connector Keyfactor
    /// digicert-certcentral-caplugin documents. Which product takes which follows from what each may certify (S/MIME
    /// Baseline Requirements 7.1.4.2.2): it is not confirmed by the page itself.
    pub fn indicators(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Sponsor => &[
                ("email_address", "the first email address"),
                ("given_name_surname", "first and last name"),
                ("pseudonym", "a pseudonym"),
            ],
            Self::Organization => &[
                ("email_address", "the first email address"),
                ("organization_name", "the organization's name"),
            ],
            Self::Mailbox | Self::Individual => &[],
        }
    }
}

/// Values of `primary_usage`: the page *Order Secure Email certificate* names three uses, of which only `signing` could
/// be read there; the others are those that the connector Keyfactor digicert-certcentral-caplugin documents.
pub const PRIMARY_USAGES: &[(&str, &str)] = &[
    ("signing", "signing email"),
    ("key_management", "encrypting email"),
    ("dual_use", "signing and encrypting"),
];

/// Values of `profile_type`, each with words for it (page *Order Secure Email certificate*).
pub const PROFILE_TYPES: &[(&str, &str)] = &[
    ("", "product default"),
    ("strict", "strict"),
    ("multipurpose", "multipurpose"),
];

/// Values of `additional_usages` that the page *Order Secure Email certificate* shows; there are more.
pub const ADDITIONAL_USAGES: &[&str] = &["non_repudiation", "client_auth"];

/// Values of `cs_provisioning_method`, each with words for it.
pub const PROVISIONING: &[(&str, &str)] = &[
    ("ship_token", "token shipped by DigiCert"),
    ("client_app", "your own token"),
    ("email", "by email, for your own HSM"),
];

/// The choice of an order length in days.
pub const LENGTH_DAYS: &str = "days";
/// The choice of a last day for an order.
pub const LENGTH_UNTIL: &str = "until";

/// The choice of a profile of the account's own, by its name.
pub const OWN_PROFILE: &str = "own";

/// Whether a field must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
}

/// What decides which fields are taken.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub order: &'a Order,
    /// The form of validity that is chosen.
    pub validity: ValidityForm,
    /// The provisioning method that is chosen; empty for the order's own.
    pub provisioning: &'a str,
    /// Whether a token is shipped to another address than the account's.
    pub ship_elsewhere: bool,
    /// The source of the common name that is chosen.
    pub indicator: &'a str,
    /// Whether the key that is given is an RSA key.
    pub rsa: bool,
    /// The length of the order that is chosen: years, or one of [`LENGTH_DAYS`] and [`LENGTH_UNTIL`].
    pub length: &'a str,
    /// Whether a discount for the certificate of another CA is asked for.
    pub discount: bool,
    /// Whether a profile of the account's own is chosen.
    pub own_profile: bool,
    /// Whether the order brings an organisation that the account does not have yet.
    pub new_organization: bool,
    /// The method of domain validation that is chosen; empty for the account's own.
    pub dcv: &'a str,
    /// Whether the account offers a choice of issuing CA.
    pub has_icas: bool,
    /// Whether the account lets orders of the product renew themselves; where it does not tell, they may.
    pub may_renew_itself: bool,
    /// Whether a contact is somebody who is no user of the account; in the order of [`Contact::ALL`].
    pub somebody: [bool; 3],
}

impl<'a> Facts<'a> {
    /// What the product, the key, and the texts of the fields decide.
    pub fn new(
        order: &'a Order,
        product: Option<&Product>,
        key: Option<&KeyKind>,
        text: impl Fn(FieldId) -> &'a str,
    ) -> Self {
        let who = |contact| text(FieldId::Contact(contact, ContactField::Who));
        Self {
            order,
            validity: ValidityForm::parse(text(FieldId::Validity)),
            provisioning: text(FieldId::Provisioning),
            ship_elsewhere: !text(FieldId::ShipTo).is_empty(),
            indicator: text(FieldId::CnIndicator),
            rsa: matches!(key, Some(KeyKind::Rsa { .. })),
            length: text(FieldId::OrderLength),
            discount: !text(FieldId::Discount).is_empty(),
            own_profile: text(FieldId::Profile) == OWN_PROFILE,
            new_organization: text(FieldId::Organization) == organization::NEW,
            dcv: text(FieldId::Dcv),
            has_icas: product.is_some_and(|product| !product.icas.is_empty()),
            may_renew_itself: product.and_then(|product| product.auto_renew) != Some(false),
            somebody: Contact::ALL.map(|contact| who(contact) == SOMEBODY),
        }
    }
}

impl Facts<'_> {
    /// The provisioning method that will be used, as far as anyone can know; empty when nobody told.
    pub fn provisioning(&self) -> &str {
        if self.provisioning.is_empty() {
            self.order.provisioning.as_deref().unwrap_or_default()
        } else {
            self.provisioning
        }
    }

    fn is_signing(&self) -> bool {
        is_signing(self.order.product.family())
    }

    fn is_sponsor(&self, indicators: &[&str]) -> bool {
        SecureEmail::of(self.order) == Some(SecureEmail::Sponsor)
            && (indicators.is_empty() || indicators.contains(&self.indicator))
    }
}

fn is_signing(family: Family) -> bool {
    matches!(family, Family::CodeSigning | Family::EvCodeSigning)
}

/// Whether the product's certificates hold DNS names.
pub(super) fn has_names(family: Family) -> bool {
    family.is_tls() || family == Family::VerifiedMark
}

/// Whether the product's certificates hold e-mail addresses.
pub(super) fn has_emails(family: Family) -> bool {
    matches!(family, Family::SecureEmail | Family::Client)
}

/// Whether a bare public key will do in place of a CSR.
pub fn takes_public_key(order: &Order) -> bool {
    matches!(
        order.product.family(),
        Family::SecureEmail | Family::Client | Family::DocumentSigning | Family::VerifiedMark
    )
}

/// Client certificates for S/MIME: their reissues omit the common name. These are the public ones that the page *Order
/// client certificate* marks as such; the others identify by name.
fn is_smime_client(name_id: &str) -> bool {
    [
        "client_premium",
        "client_email_security_plus",
        "client_digital_signature_plus",
        "class1_smime",
    ]
    .iter()
    .any(|known| name_id.starts_with(known))
}

/// Whether a request of the kind takes a field, and whether it must be given.
pub fn need(field: FieldId, kind: FormKind, facts: Facts<'_>) -> Option<Need> {
    match kind {
        FormKind::Duplicate => duplicate(field, facts.order),
        FormKind::Reissue => reissue(field, facts),
        FormKind::Renew => order(field, facts, true),
        FormKind::NewOrder => order(field, facts, false),
    }
}

/// Whether a reissue takes a field, and whether it must be given.
pub fn reissue(field: FieldId, facts: Facts<'_>) -> Option<Need> {
    let family = facts.order.product.family();
    if family == Family::Other {
        return None;
    }
    let optional = |taken: bool| taken.then_some(Need::Optional);
    let required = |taken: bool| taken.then_some(Need::Required);
    let elsewhere =
        facts.is_signing() && facts.provisioning() == "ship_token" && facts.ship_elsewhere;
    match field {
        FieldId::Csr => csr(facts, family),
        FieldId::CommonName => required(
            family.is_tls()
                || (family == Family::Client && !is_smime_client(&facts.order.product.name_id)),
        ),
        FieldId::Names => optional(has_names(family)),
        FieldId::Emails => required(has_emails(family)),
        FieldId::Upn | FieldId::SubjectSerial | FieldId::JobTitle => {
            optional(facts.is_sponsor(&[]))
        }
        FieldId::CnIndicator => {
            required(SecureEmail::of(facts.order).is_some_and(|kind| !kind.indicators().is_empty()))
        }
        FieldId::FirstName | FieldId::LastName => {
            required(facts.is_sponsor(&["given_name_surname"]))
                .or(optional(facts.is_sponsor(&["email_address"])))
        }
        FieldId::Pseudonym => required(facts.is_sponsor(&["pseudonym"]))
            .or(optional(facts.is_sponsor(&["email_address"]))),
        FieldId::PrimaryUsage => required(family == Family::SecureEmail),
        FieldId::AdditionalUsages => optional(family == Family::SecureEmail),
        FieldId::RsassaPss => optional(facts.rsa && csr(facts, family).is_some()),
        FieldId::Platform => optional(family.is_tls()).or(required(
            facts.is_signing() && facts.provisioning() == "client_app",
        )),
        FieldId::Hash => Some(Need::Required),
        FieldId::Ica | FieldId::Profile | FieldId::Comments | FieldId::SkipApproval => {
            Some(Need::Optional)
        }
        FieldId::Validity => optional(facts.order.is_plan),
        FieldId::Days => required(facts.order.is_plan && facts.validity == ValidityForm::Days),
        FieldId::Until => required(facts.order.is_plan && facts.validity == ValidityForm::Until),
        FieldId::Dcv | FieldId::DcvScope => optional(family.is_tls()),
        FieldId::UseAuthKey => optional(family == Family::PublicTls && facts.order.product.is_dv()),
        FieldId::Provisioning => optional(facts.is_signing()),
        FieldId::ShipTo => optional(facts.is_signing() && facts.provisioning() == "ship_token"),
        FieldId::ShipAddress2 => optional(elsewhere),
        FieldId::ShipName
        | FieldId::ShipAddress
        | FieldId::ShipCity
        | FieldId::ShipState
        | FieldId::ShipZip
        | FieldId::ShipCountry
        | FieldId::ShipMethod => required(elsewhere),
        FieldId::SubjectPseudonym => {
            optional(facts.is_sponsor(&[]) && facts.indicator != "pseudonym")
        }
        FieldId::IncludePseudonym => optional(facts.is_sponsor(&["pseudonym", "email_address"])),
        FieldId::IncludeName => {
            optional(facts.is_sponsor(&["given_name_surname", "email_address"]))
        }
        FieldId::IncludeEmail => {
            optional(SecureEmail::of(facts.order).is_some_and(|kind| kind != SecureEmail::Mailbox))
        }
        FieldId::StoreAsDuplicate => optional(family == Family::PublicTls),
        _ => None,
    }
}

/// Whether an order takes a field, and whether it must be given. Of products that are not TLS only renewals are made here.
pub fn order(field: FieldId, facts: Facts<'_>, renews: bool) -> Option<Need> {
    if facts.order.product.family().is_tls() {
        tls_order(field, facts, renews)
    } else {
        other_order(field, facts)
    }
}

/// Of a TLS product: the table of the API notes, *Order or renew any other product*, 2, with what the page of Secure Site SSL
/// has for OV and EV. What is not documented for a product is not offered: of DV and private orders the fields that stand on
/// no page of theirs; of private ones also how domains are validated, since whether they are is not told; a choice of issuing
/// CA on DV where the account offers none.
fn tls_order(field: FieldId, facts: Facts<'_>, renews: bool) -> Option<Need> {
    let optional = |taken: bool| taken.then_some(Need::Optional);
    let required = |taken: bool| taken.then_some(Need::Required);
    let product = &facts.order.product;
    let is_dv = product.has_no_organization();
    let is_public = product.family() == Family::PublicTls;
    // OV and EV, whose page the others have parts of.
    let is_full = is_public && !is_dv;
    let founds = !is_dv && facts.new_organization;
    match field {
        FieldId::Csr | FieldId::CommonName | FieldId::OrderLength => Some(Need::Required),
        FieldId::Hash => required(!is_dv).or(Some(Need::Optional)),
        FieldId::Organization => required(!is_dv),
        FieldId::Product => required(!renews),
        FieldId::RenewedBy => required(renews),
        FieldId::OrderDays => required(facts.length == LENGTH_DAYS),
        FieldId::OrderUntil => required(facts.length == LENGTH_UNTIL),
        FieldId::Days => required(facts.validity == ValidityForm::Days),
        FieldId::Until => required(facts.validity == ValidityForm::Until),
        FieldId::OrgName
        | FieldId::OrgAddress
        | FieldId::OrgCity
        | FieldId::OrgState
        | FieldId::OrgCountry
        | FieldId::OrgPhone => required(founds),
        FieldId::OrgAssumedName | FieldId::OrgAddress2 | FieldId::OrgZip => optional(founds),
        FieldId::Contact(contact, part) => people(contact, part, facts),
        FieldId::Ica => optional(!is_dv || product.names() == Names::Flex || facts.has_icas),
        FieldId::ProfileName => required(is_full && facts.own_profile),
        FieldId::ForeignSerial => optional(is_full && facts.discount),
        FieldId::Profile
        | FieldId::DcvScope
        | FieldId::Units
        | FieldId::NoIssuanceMail
        | FieldId::Discount => optional(is_full),
        FieldId::Dcv | FieldId::Locale | FieldId::DisableCt => optional(is_public),
        FieldId::DcvEmails => optional(is_dv && facts.dcv == "email"),
        FieldId::UseAuthKey => optional(is_dv),
        FieldId::AutoRenew => optional(facts.may_renew_itself),
        FieldId::Names
        | FieldId::Platform
        | FieldId::Validity
        | FieldId::Comments
        | FieldId::SkipApproval
        | FieldId::Container
        | FieldId::AutoReissue
        | FieldId::RenewalMessage
        | FieldId::NoNotices
        | FieldId::MoreEmails
        | FieldId::Payment => Some(Need::Optional),
        _ => None,
    }
}

/// Of a product that is not TLS: the same notes, 2.4 to 2.7. Of how the key is delivered, of the subject, and of what the key
/// is for the rules are those of a reissue, as far as the order pages have the same fields.
fn other_order(field: FieldId, facts: Facts<'_>) -> Option<Need> {
    let optional = |taken: bool| taken.then_some(Need::Optional);
    let required = |taken: bool| taken.then_some(Need::Required);
    let product = &facts.order.product;
    let family = product.family();
    let has_organization = !product.has_no_organization();
    let founds = has_organization && facts.new_organization;
    let is_mark = family == Family::VerifiedMark;
    let is_document = family == Family::DocumentSigning;
    match field {
        FieldId::Organization => required(has_organization),
        FieldId::OrderLength | FieldId::RenewedBy | FieldId::Hash => Some(Need::Required),
        FieldId::OrderDays => required(facts.length == LENGTH_DAYS),
        FieldId::OrderUntil => required(facts.length == LENGTH_UNTIL),
        FieldId::OrgName
        | FieldId::OrgAddress
        | FieldId::OrgCity
        | FieldId::OrgState
        | FieldId::OrgCountry
        | FieldId::OrgPhone => required(founds),
        FieldId::OrgAssumedName | FieldId::OrgAddress2 | FieldId::OrgZip => optional(founds),
        FieldId::Contact(contact, part) => people(contact, part, facts),
        // A mark has no key of the operator's (no CSR stands on its pages).
        FieldId::Csr if is_mark => None,
        FieldId::Csr | FieldId::Provisioning if is_document => match field {
            FieldId::Csr => delivered_csr(facts),
            _ => Some(Need::Optional),
        },
        FieldId::Platform if is_document => Some(Need::Optional),
        FieldId::Names | FieldId::MarkLogo | FieldId::MarkHosting => optional(is_mark),
        FieldId::Dcv => optional(
            is_mark
                || matches!(
                    SecureEmail::of(facts.order),
                    Some(SecureEmail::Sponsor | SecureEmail::Organization)
                ),
        ),
        FieldId::Ica => optional(has_emails(family) || facts.has_icas),
        FieldId::ProfileType => optional(has_emails(family)),
        // Where nothing but an address is validated, it is the common name.
        FieldId::CommonName if !has_organization => None,
        FieldId::Csr
        | FieldId::CommonName
        | FieldId::Emails
        | FieldId::CnIndicator
        | FieldId::FirstName
        | FieldId::LastName
        | FieldId::Pseudonym
        | FieldId::PrimaryUsage
        | FieldId::AdditionalUsages
        | FieldId::IncludePseudonym
        | FieldId::IncludeName
        | FieldId::IncludeEmail
        | FieldId::Platform
        | FieldId::Provisioning
        | FieldId::ShipTo
        | FieldId::ShipName
        | FieldId::ShipAddress
        | FieldId::ShipAddress2
        | FieldId::ShipCity
        | FieldId::ShipState
        | FieldId::ShipZip
        | FieldId::ShipCountry
        | FieldId::ShipMethod => reissue(field, facts),
        FieldId::Comments
        | FieldId::SkipApproval
        | FieldId::Container
        | FieldId::RenewalMessage
        | FieldId::NoNotices
        | FieldId::MoreEmails
        | FieldId::Payment => Some(Need::Optional),
        _ => None,
    }
}

/// A new organisation has no contact yet; those who verify are for EV. Without an organisation there is nobody but whoever
/// gets the certificate.
fn people(contact: Contact, part: ContactField, facts: Facts<'_>) -> Option<Need> {
    let product = &facts.order.product;
    let family = product.family();
    // The pages of Secure Email, client, and document signing orders of organizations have no list of contacts.
    let lists = family.is_tls() || is_signing(family) || family == Family::VerifiedMark;
    let taken = match contact {
        Contact::Organization => {
            !product.has_no_organization() && (lists || facts.new_organization)
        }
        Contact::Technical => lists,
        Contact::Verified => lists && (product.is_ev() || !family.is_tls()),
    };
    if !taken {
        return None;
    }
    let need = |required: bool| {
        Some(if required {
            Need::Required
        } else {
            Need::Optional
        })
    };
    if part == ContactField::Who {
        // Somebody has to confirm a mark (examples of its page).
        let confirms = contact == Contact::Verified && family == Family::VerifiedMark;
        return need(confirms || (contact == Contact::Organization && facts.new_organization));
    }
    let typed = Contact::ALL
        .into_iter()
        .zip(facts.somebody)
        .any(|(known, somebody)| known == contact && somebody);
    if typed { need(part.is_needed()) } else { None }
}

fn csr(facts: Facts<'_>, family: Family) -> Option<Need> {
    match family {
        Family::PublicTls | Family::PrivateTls => Some(Need::Required),
        Family::CodeSigning | Family::EvCodeSigning => delivered_csr(facts),
        _ => Some(Need::Optional),
    }
}

/// The CSR where it depends on how the certificate is delivered.
fn delivered_csr(facts: Facts<'_>) -> Option<Need> {
    match facts.provisioning() {
        "email" => Some(Need::Required),
        "ship_token" | "client_app" => None,
        // Nobody told how the certificate is delivered, or it is a way that is not documented here: whether a CSR is
        // wanted is the operator's to know.
        _ => Some(Need::Optional),
    }
}

/// Whether a duplicate takes a field, and whether it must be given.
pub fn duplicate(field: FieldId, order: &Order) -> Option<Need> {
    let family = order.product.family();
    match field {
        FieldId::Csr | FieldId::Hash => Some(Need::Required),
        // Products without one have nothing to give here; what the account has is sent as it stands.
        FieldId::CommonName if order.certificate.common_name.trim().is_empty() => None,
        FieldId::CommonName => Some(Need::Required),
        FieldId::Names if has_names(family) => Some(Need::Optional),
        FieldId::Platform if is_signing(family) => Some(Need::Required),
        FieldId::Platform | FieldId::Ica | FieldId::EndDate => Some(Need::Optional),
        _ => None,
    }
}
