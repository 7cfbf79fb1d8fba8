//! The fields of a form, and where the API's documents keep each of them in a request.

use std::borrow::Cow;

use super::contact::{Contact, Part};

/// A field of a form. The name is its key in a kept draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldId {
    /// `certificate.csr`.
    Csr,
    /// `certificate.common_name`.
    CommonName,
    /// `certificate.dns_names`.
    Names,
    /// `certificate.emails`.
    Emails,
    /// `certificate.user_principle_name`.
    Upn,
    /// `certificate.common_name_indicator`.
    CnIndicator,
    /// `certificate.individual.first_name`.
    FirstName,
    /// `certificate.individual.last_name`.
    LastName,
    /// `certificate.individual.pseudonym`.
    Pseudonym,
    /// `certificate.usage_designation.primary_usage`.
    PrimaryUsage,
    /// `certificate.usage_designation.additional_usages`.
    AdditionalUsages,
    /// `certificate.is_rsassa_pss`.
    RsassaPss,
    /// `certificate.server_platform.id`.
    Platform,
    /// `certificate.signature_hash`.
    Hash,
    /// `certificate.ca_cert_id`.
    Ica,
    /// `custom_expiration_date` of a duplicate.
    EndDate,
    /// Which form of `certificate.cert_validity` is sent.
    Validity,
    /// `certificate.cert_validity.days`.
    Days,
    /// `certificate.cert_validity.custom_expiration_date`.
    Until,
    /// `certificate.profile_option`.
    Profile,
    /// `dcv_method`.
    Dcv,
    /// `certificate_dcv_scope`.
    DcvScope,
    /// `use_auth_key`.
    UseAuthKey,
    /// `cs_provisioning_method`.
    Provisioning,
    /// Whether `ship_info` is sent.
    ShipTo,
    /// `ship_info.name`.
    ShipName,
    /// `ship_info.addr1`.
    ShipAddress,
    /// `ship_info.addr2`.
    ShipAddress2,
    /// `ship_info.city`.
    ShipCity,
    /// `ship_info.state`.
    ShipState,
    /// `ship_info.zip`.
    ShipZip,
    /// `ship_info.country`.
    ShipCountry,
    /// `ship_info.method`.
    ShipMethod,
    /// `subject.serial_number`.
    SubjectSerial,
    /// `subject.pseudonym`.
    SubjectPseudonym,
    /// `subject.job_title`.
    JobTitle,
    /// `subject.include_pseudonym`.
    IncludePseudonym,
    /// `subject.include_email`.
    IncludeEmail,
    /// `subject.include_given_name_surname`.
    IncludeName,
    /// `comments`.
    Comments,
    /// `skip_approval`.
    SkipApproval,
    /// The product of a new order: the end of its path.
    Product,
    /// `organization.id`.
    Organization,
    /// `container.id`.
    Container,
    /// `order_validity`, or `validity_years` on older accounts.
    OrderLength,
    /// `order_validity.days`.
    OrderDays,
    /// `order_validity.custom_expiration_date`.
    OrderUntil,
    /// `certificate.organization_units`.
    Units,
    /// What names the order that is renewed: `renewal_of_order_id` or `renewed_thumbprint`.
    RenewedBy,
    /// `auto_renew`.
    AutoRenew,
    /// `auto_reissue`.
    AutoReissue,
    /// `custom_renewal_message`.
    RenewalMessage,
    /// `disable_renewal_notifications`.
    NoNotices,
    /// `disable_issuance_email`.
    NoIssuanceMail,
    /// `additional_emails`.
    MoreEmails,
    /// `locale`.
    Locale,
    /// `payment_method`.
    Payment,
    /// `apply_cr_discount`.
    Discount,
    /// `serial_number` of the certificate of another CA that is replaced.
    ForeignSerial,
    /// `disable_ct`.
    DisableCt,
    /// The account's own profile of keys: `certificate.profile_option` by its name.
    ProfileName,
    /// `organization.name` of a new organisation.
    OrgName,
    /// `organization.assumed_name` of a new organisation.
    OrgAssumedName,
    /// `organization.address` of a new organisation.
    OrgAddress,
    /// `organization.address2` of a new organisation.
    OrgAddress2,
    /// `organization.zip` of a new organisation.
    OrgZip,
    /// `organization.city` of a new organisation.
    OrgCity,
    /// `organization.state` of a new organisation.
    OrgState,
    /// `organization.country` of a new organisation.
    OrgCountry,
    /// `organization.telephone` of a new organisation.
    OrgPhone,
    /// A part of a contact.
    Contact(Contact, Part),
    /// A custom field, by the number of its definition (`metadata_id`).
    Custom(u64),
    /// `store_reissue_as_duplicate`.
    StoreAsDuplicate,
}

impl FieldId {
    /// Every field but the custom ones, which an account defines.
    pub const ALL: &'static [Self] = &[
        Self::Csr,
        Self::CommonName,
        Self::Names,
        Self::Emails,
        Self::Upn,
        Self::CnIndicator,
        Self::FirstName,
        Self::LastName,
        Self::Pseudonym,
        Self::PrimaryUsage,
        Self::AdditionalUsages,
        Self::RsassaPss,
        Self::Platform,
        Self::Hash,
        Self::Ica,
        Self::EndDate,
        Self::Validity,
        Self::Days,
        Self::Until,
        Self::Profile,
        Self::Dcv,
        Self::DcvScope,
        Self::UseAuthKey,
        Self::Provisioning,
        Self::ShipTo,
        Self::ShipName,
        Self::ShipAddress,
        Self::ShipAddress2,
        Self::ShipCity,
        Self::ShipState,
        Self::ShipZip,
        Self::ShipCountry,
        Self::ShipMethod,
        Self::SubjectSerial,
        Self::SubjectPseudonym,
        Self::JobTitle,
        Self::IncludePseudonym,
        Self::IncludeEmail,
        Self::IncludeName,
        Self::Comments,
        Self::SkipApproval,
        Self::Product,
        Self::Organization,
        Self::Container,
        Self::OrderLength,
        Self::OrderDays,
        Self::OrderUntil,
        Self::Units,
        Self::RenewedBy,
        Self::AutoRenew,
        Self::AutoReissue,
        Self::RenewalMessage,
        Self::NoNotices,
        Self::NoIssuanceMail,
        Self::MoreEmails,
        Self::Locale,
        Self::Payment,
        Self::Discount,
        Self::ForeignSerial,
        Self::DisableCt,
        Self::ProfileName,
        Self::OrgName,
        Self::OrgAssumedName,
        Self::OrgAddress,
        Self::OrgAddress2,
        Self::OrgZip,
        Self::OrgCity,
        Self::OrgState,
        Self::OrgCountry,
        Self::OrgPhone,
        Self::Contact(Contact::Organization, Part::Who),
        Self::Contact(Contact::Organization, Part::FirstName),
        Self::Contact(Contact::Organization, Part::LastName),
        Self::Contact(Contact::Organization, Part::JobTitle),
        Self::Contact(Contact::Organization, Part::Telephone),
        Self::Contact(Contact::Organization, Part::Email),
        Self::Contact(Contact::Technical, Part::Who),
        Self::Contact(Contact::Technical, Part::FirstName),
        Self::Contact(Contact::Technical, Part::LastName),
        Self::Contact(Contact::Technical, Part::JobTitle),
        Self::Contact(Contact::Technical, Part::Telephone),
        Self::Contact(Contact::Technical, Part::Email),
        Self::Contact(Contact::Verified, Part::Who),
        Self::Contact(Contact::Verified, Part::FirstName),
        Self::Contact(Contact::Verified, Part::LastName),
        Self::Contact(Contact::Verified, Part::JobTitle),
        Self::Contact(Contact::Verified, Part::Telephone),
        Self::Contact(Contact::Verified, Part::Email),
        Self::StoreAsDuplicate,
    ];

    /// Whether a draft has a place of its own for it; the others are kept as text by field.
    pub fn is_common(self) -> bool {
        matches!(
            self,
            Self::Csr
                | Self::CommonName
                | Self::Names
                | Self::Platform
                | Self::Hash
                | Self::Ica
                | Self::EndDate
                | Self::Validity
                | Self::Days
                | Self::Until
                | Self::Profile
                | Self::Dcv
                | Self::DcvScope
                | Self::Comments
                | Self::SkipApproval
                | Self::StoreAsDuplicate
        )
    }

    /// Where the request has it, from the top of its body; a contact's part below its type.
    pub fn path(self) -> Cow<'static, str> {
        let fixed = match self {
            Self::Custom(id) => return Cow::Owned(format!("custom_fields.{id}")),
            Self::Contact(contact, part) => {
                let (contact, part) = (contact.id(), part.id());
                return Cow::Owned(format!("organization.contacts.{contact}.{part}"));
            }
            Self::Csr => "certificate.csr",
            Self::CommonName => "certificate.common_name",
            Self::Names => "certificate.dns_names",
            Self::Emails => "certificate.emails",
            Self::Upn => "certificate.user_principle_name",
            Self::CnIndicator => "certificate.common_name_indicator",
            Self::FirstName => "certificate.individual.first_name",
            Self::LastName => "certificate.individual.last_name",
            Self::Pseudonym => "certificate.individual.pseudonym",
            Self::PrimaryUsage => "certificate.usage_designation.primary_usage",
            Self::AdditionalUsages => "certificate.usage_designation.additional_usages",
            Self::RsassaPss => "certificate.is_rsassa_pss",
            Self::Platform => "certificate.server_platform.id",
            Self::Hash => "certificate.signature_hash",
            Self::Ica => "certificate.ca_cert_id",
            Self::EndDate => "custom_expiration_date",
            Self::Validity => "certificate.cert_validity",
            Self::Days => "certificate.cert_validity.days",
            Self::Until => "certificate.cert_validity.custom_expiration_date",
            Self::Profile => "certificate.profile_option",
            Self::Dcv => "dcv_method",
            Self::DcvScope => "certificate_dcv_scope",
            Self::UseAuthKey => "use_auth_key",
            Self::Provisioning => "cs_provisioning_method",
            Self::ShipTo => "ship_info",
            Self::ShipName => "ship_info.name",
            Self::ShipAddress => "ship_info.addr1",
            Self::ShipAddress2 => "ship_info.addr2",
            Self::ShipCity => "ship_info.city",
            Self::ShipState => "ship_info.state",
            Self::ShipZip => "ship_info.zip",
            Self::ShipCountry => "ship_info.country",
            Self::ShipMethod => "ship_info.method",
            Self::SubjectSerial => "subject.serial_number",
            Self::SubjectPseudonym => "subject.pseudonym",
            Self::JobTitle => "subject.job_title",
            Self::IncludePseudonym => "subject.include_pseudonym",
            Self::IncludeEmail => "subject.include_email",
            Self::IncludeName => "subject.include_given_name_surname",
            Self::Comments => "comments",
            Self::SkipApproval => "skip_approval",
            Self::Product => "product",
            Self::Organization => "organization.id",
            Self::Container => "container.id",
            Self::OrderLength => "order_validity",
            Self::OrderDays => "order_validity.days",
            Self::OrderUntil => "order_validity.custom_expiration_date",
            Self::Units => "certificate.organization_units",
            Self::RenewedBy => "renewal_of_order_id",
            Self::AutoRenew => "auto_renew",
            Self::AutoReissue => "auto_reissue",
            Self::RenewalMessage => "custom_renewal_message",
            Self::NoNotices => "disable_renewal_notifications",
            Self::NoIssuanceMail => "disable_issuance_email",
            Self::MoreEmails => "additional_emails",
            Self::Locale => "locale",
            Self::Payment => "payment_method",
            Self::Discount => "apply_cr_discount",
            Self::ForeignSerial => "serial_number",
            Self::DisableCt => "disable_ct",
            Self::ProfileName => "certificate.profile_option",
            Self::OrgName => "organization.name",
            Self::OrgAssumedName => "organization.assumed_name",
            Self::OrgAddress => "organization.address",
            Self::OrgAddress2 => "organization.address2",
            Self::OrgZip => "organization.zip",
            Self::OrgCity => "organization.city",
            Self::OrgState => "organization.state",
            Self::OrgCountry => "organization.country",
            Self::OrgPhone => "organization.telephone",
            Self::StoreAsDuplicate => "store_reissue_as_duplicate",
        };
        Cow::Borrowed(fixed)
    }

    /// Its key in a kept draft: its place in the request without the object that everything is in.
    pub fn key(self) -> Cow<'static, str> {
        match self {
            Self::Platform => Cow::Borrowed("server_platform"),
            Self::ProfileName => Cow::Borrowed("profile_name"),
            _ => match self.path() {
                Cow::Borrowed(path) => Cow::Borrowed(below(path)),
                Cow::Owned(path) => Cow::Owned(path),
            },
        }
    }

    /// Whether an error that names this place in a request means the field. Accounts name places in full or by their
    /// last part.
    pub fn is_at(self, place: &str) -> bool {
        let place = below(place.trim());
        let path = self.path();
        let last = path.rsplit('.').next().unwrap_or(&path);
        let named = match self {
            // The parts of different people are called the same, and numbers say nothing.
            Self::Contact(..) | Self::Custom(_) => false,
            _ => place == last && last != "id",
        };
        place == self.key() || place == below(&path) || named
    }
}

/// A place without the object that everything is in.
fn below(path: &str) -> &str {
    path.strip_prefix("certificate.").unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_field_is_listed_once_and_has_a_key_of_its_own() {
        let keys: BTreeSet<_> = FieldId::ALL.iter().map(|id| id.key()).collect();
        assert_eq!(keys.len(), FieldId::ALL.len());
        assert!(!keys.contains(&FieldId::Custom(1).key()));
        assert_eq!(FieldId::ALL.last(), Some(&FieldId::StoreAsDuplicate));
    }

    #[test]
    fn a_place_in_a_request_is_found_in_full_and_by_its_last_part() {
        for place in ["certificate.signature_hash", "signature_hash"] {
            assert!(FieldId::Hash.is_at(place), "{place}");
        }
        for place in ["certificate.server_platform.id", "server_platform"] {
            assert!(FieldId::Platform.is_at(place), "{place}");
        }
        assert!(!FieldId::Platform.is_at("id"));
        assert!(FieldId::ShipAddress.is_at("ship_info.addr1"));
        assert!(!FieldId::SubjectPseudonym.is_at("certificate.individual.pseudonym"));
    }
}
