//! The fields of a form, and where the API's documents keep each of them in a request.

use std::borrow::Cow;

use super::draft::contact::{Contact, ContactField};

/// Makes the fields out of the table of their paths.
macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $path:literal $(or $other:literal)?;)+) => {
        /// A field of a form, in the order in which what is wrong is told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FieldId {
            $($(#[$doc])* #[doc = concat!("`", $path, "`.")] $variant,)+
            /// A part of a contact.
            Contact(Contact, ContactField),
            /// A custom field, by the number of its definition (`metadata_id`).
            Custom(u64),
        }

        impl FieldId {
            /// Every field but the custom ones, which an account defines.
            pub fn all() -> impl Iterator<Item = Self> {
                let parts = || [ContactField::Who].into_iter().chain(ContactField::TYPED);
                let contact = move |contact| parts().map(move |part| Self::Contact(contact, part));
                let contacts = Contact::ALL.into_iter().flat_map(contact);
                [$(Self::$variant),+].into_iter().chain(contacts)
            }

            /// Where the request has it, from the top of its body; what stands in a list below its type or number.
            pub fn path(self) -> Cow<'static, str> {
                match self {
                    $(Self::$variant => Cow::Borrowed($path),)+
                    Self::Contact(contact, part) => {
                        let (contact, part) = (contact.id(), part.id());
                        Cow::Owned(format!("organization.contacts.{contact}.{part}"))
                    }
                    Self::Custom(id) => Cow::Owned(format!("custom_fields.{id}")),
                }
            }

            /// Where some requests have it instead: those of older accounts, of a renewal by thumbprint, of a new
            /// organization, whose contact is its own, and of a DV product, which has none.
            pub fn other_path(self) -> Option<Cow<'static, str>> {
                match self {
                    $($(Self::$variant => Some(Cow::Borrowed($other)),)?)+
                    Self::Contact(Contact::Organization, part) => {
                        Some(Cow::Owned(format!("organization.organization_contact.{}", part.id())))
                    }
                    Self::Contact(contact @ Contact::Technical, part) => {
                        Some(Cow::Owned(format!("{}.{}", contact.id(), part.id())))
                    }
                    _ => None,
                }
            }
        }
    };
}

fields! {
    CommonName = "certificate.common_name";
    Names = "certificate.dns_names";
    Csr = "certificate.csr";
    Hash = "certificate.signature_hash";
    Ica = "certificate.ca_cert_id";
    Platform = "certificate.server_platform.id";
    Emails = "certificate.emails";
    Upn = "certificate.user_principle_name";
    CnIndicator = "certificate.common_name_indicator";
    FirstName = "certificate.individual.first_name";
    LastName = "certificate.individual.last_name";
    Pseudonym = "certificate.individual.pseudonym";
    PrimaryUsage = "certificate.usage_designation.primary_usage";
    AdditionalUsages = "certificate.usage_designation.additional_usages";
    /// Which profile a certificate for email follows.
    ProfileType = "certificate.profile_type";
    RsassaPss = "certificate.is_rsassa_pss";
    /// Of a duplicate.
    EndDate = "custom_expiration_date";
    /// Which form of validity is sent: none, a year, days, or a last day.
    Validity = "certificate.cert_validity.years";
    Days = "certificate.cert_validity.days";
    Until = "certificate.cert_validity.custom_expiration_date";
    Profile = "certificate.profile_option";
    Dcv = "dcv_method";
    DcvScope = "certificate_dcv_scope";
    UseAuthKey = "use_auth_key";
    /// Addresses, of which each name gets an entry.
    DcvEmails = "dcv_emails";
    Provisioning = "cs_provisioning_method";
    /// Whether another address than the account's is sent.
    ShipTo = "ship_info";
    ShipName = "ship_info.name";
    ShipAddress = "ship_info.addr1";
    ShipAddress2 = "ship_info.addr2";
    ShipCity = "ship_info.city";
    ShipState = "ship_info.state";
    ShipZip = "ship_info.zip";
    ShipCountry = "ship_info.country";
    ShipMethod = "ship_info.method";
    SubjectSerial = "subject.serial_number";
    SubjectPseudonym = "subject.pseudonym";
    JobTitle = "subject.job_title";
    IncludePseudonym = "subject.include_pseudonym";
    IncludeEmail = "subject.include_email";
    IncludeName = "subject.include_given_name_surname";
    Comments = "comments";
    SkipApproval = "skip_approval";
    /// The product of a new order: the end of the path that the request goes to.
    Product = "product";
    Organization = "organization.id";
    Container = "container.id";
    /// Years, or which other form of length is sent.
    OrderLength = "order_validity.years" or "validity_years";
    OrderDays = "order_validity.days" or "validity_days";
    OrderUntil = "order_validity.custom_expiration_date" or "custom_expiration_date";
    Units = "certificate.organization_units";
    /// What names the order that is renewed.
    RenewedBy = "renewal_of_order_id" or "renewed_thumbprint";
    AutoRenew = "auto_renew";
    AutoReissue = "auto_reissue";
    RenewalMessage = "custom_renewal_message";
    NoNotices = "disable_renewal_notifications";
    NoIssuanceMail = "disable_issuance_email";
    MoreEmails = "additional_emails";
    Locale = "locale";
    Payment = "payment_method";
    Discount = "apply_cr_discount";
    /// Of the certificate of another CA that is replaced.
    ForeignSerial = "serial_number";
    DisableCt = "disable_ct";
    /// The account's own profile of keys, by its name.
    ProfileName = "certificate.profile_option";
    OrgName = "organization.name";
    OrgAssumedName = "organization.assumed_name";
    OrgAddress = "organization.address";
    OrgAddress2 = "organization.address2";
    OrgZip = "organization.zip";
    OrgCity = "organization.city";
    OrgState = "organization.state";
    OrgCountry = "organization.country";
    OrgPhone = "organization.telephone";
    StoreAsDuplicate = "store_reissue_as_duplicate";
    /// Of a mark: SVG, compressed by gzip, in base64.
    MarkLogo = "vmc.logo";
    /// Whether DigiCert hosts the logo and the certificate of a mark.
    MarkHosting = "vmc.enable_hosting";
}

impl FieldId {
    /// Its key in a kept draft: its place in the request without the object that everything is in.
    pub fn key(self) -> Cow<'static, str> {
        match self {
            Self::Platform => Cow::Borrowed("server_platform"),
            Self::Validity => Cow::Borrowed("cert_validity"),
            Self::OrderLength => Cow::Borrowed("order_validity"),
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
        place == self.key()
            || place == below(&path)
            || self.other_path().is_some_and(|other| place == other)
            || named
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
        let keys: BTreeSet<_> = FieldId::all().map(FieldId::key).collect();
        assert_eq!(keys.len(), FieldId::all().count());
        assert!(!keys.contains(&FieldId::Custom(1).key()));
    }

    #[test]
    fn a_place_in_a_request_is_found_in_full_and_by_its_last_part() {
        for place in ["certificate.signature_hash", "signature_hash"] {
            assert!(FieldId::Hash.is_at(place), "{place}");
        }
        for place in ["certificate.server_platform.id", "server_platform"] {
            assert!(FieldId::Platform.is_at(place), "{place}");
        }
        for place in ["order_validity", "order_validity.years", "validity_years"] {
            assert!(FieldId::OrderLength.is_at(place), "{place}");
        }
        for place in ["certificate.cert_validity", "cert_validity.years"] {
            assert!(FieldId::Validity.is_at(place), "{place}");
        }
        let email = FieldId::Contact(Contact::Organization, ContactField::Email);
        for place in [
            "organization.contacts.organization_contact.email",
            "organization.organization_contact.email",
        ] {
            assert!(email.is_at(place) && !email.is_at("email"), "{place}");
        }
        assert!(FieldId::RenewedBy.is_at("renewed_thumbprint"));
        assert!(!FieldId::Platform.is_at("id"));
        assert!(FieldId::ShipAddress.is_at("ship_info.addr1"));
        assert!(!FieldId::SubjectPseudonym.is_at("certificate.individual.pseudonym"));
    }
}
