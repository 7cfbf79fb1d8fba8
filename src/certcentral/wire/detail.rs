//! *Order info*: everything about one order. Also the shape of the order inside a request.

use std::collections::BTreeMap;

use super::common::{CaCert, CustomField, Named, Person, Platform, ProductRef, Validity};
use super::request::Request;
use crate::domain::order::CsrText;

wire! {
    /// One whole order. Only `id`, `status` and `certificate` are always there.
    pub struct OrderDetail {
        pub id: Option<u64>,
        pub certificate: Option<DetailCertificate>,
        pub status: Option<String>,
        /// Whether this order renews another.
        pub is_renewal: Option<bool>,
        /// Whether another renewed this one.
        pub is_renewed: Option<bool>,
        /// The order that renewed this one; `0` for none.
        pub renewed_order_id: Option<u64>,
        /// The order that this one renews.
        pub renewal_of_order_id: Option<u64>,
        /// `"1"` on a plan.
        pub is_multi_year_plan: Option<bool>,
        /// Length of the order.
        pub order_validity: Option<Validity>,
        /// Last day that the order covers.
        pub order_valid_till: Option<String>,
        /// Older name of the length.
        pub validity_years: Option<u64>,
        pub date_created: Option<String>,
        /// When the last reissue was issued.
        pub last_reissued_date: Option<String>,
        pub organization: Option<Named>,
        /// Whether no renewal notices are sent.
        pub disable_renewal_notifications: Option<bool>,
        /// Whether no mail is sent when a certificate is issued.
        pub disable_issuance_email: Option<bool>,
        /// Whether certificates are kept out of CT logs.
        pub disable_ct: Option<bool>,
        /// Auto-renew; once a number of days.
        pub auto_renew: Option<bool>,
        pub auto_reissue: Option<bool>,
        pub container: Option<Named>,
        pub product: Option<ProductRef>,
        /// The product's identifier once more.
        pub product_name_id: Option<String>,
        /// Contact of the organization.
        pub organization_contact: Option<Person>,
        pub technical_contact: Option<Person>,
        /// Who confirms an EV order.
        pub verified_contacts: Vec<Person>,
        pub user: Option<Person>,
        pub approver: Option<Person>,
        pub additional_emails: Vec<String>,
        /// Approval requests of the order.
        pub requests: Vec<Request>,
        pub notes: Vec<Note>,
        pub custom_fields: Vec<CustomField>,
        /// Whether a duplicate may be requested.
        pub allow_duplicates: Option<bool>,
        /// DCV method of a pending order.
        pub dcv_method: Option<String>,
        /// How a code signing certificate is delivered; `none` on old TLS orders.
        pub cs_provisioning_method: Option<String>,
        /// Initialisation code of a hardware token.
        pub hardware_init_code: Option<String>,
        /// Where a token is shipped.
        pub ship_info: Option<ShipInfo>,
        /// Own reference given when ordering.
        pub alternative_order_id: Option<String>,
        /// Validation steps and their states.
        pub verification: BTreeMap<String, String>,
        /// CAA state by domain, when asked for.
        pub caa_status_message: BTreeMap<String, String>,
        /// How it was paid.
        pub payment_method: Option<String>,
        /// Names of a request that are not validated yet.
        pub unsubmitted_domains: Vec<String>,
        /// Renewals: last day of the order that is renewed.
        pub renewal_of_order_valid_till: Option<String>,
    }

    /// The primary certificate in order info.
    pub struct DetailCertificate {
        /// Certificate number; absent while the order needs approval.
        pub id: Option<u64>,
        /// SHA-1.
        pub thumbprint: Option<String>,
        pub serial_number: Option<String>,
        pub common_name: Option<String>,
        pub cert_validity: Option<Validity>,
        pub emails: Vec<String>,
        /// DNS names; once an array with one blank.
        pub dns_names: Vec<String>,
        pub date_created: Option<String>,
        /// Issued; absent until the first issuance.
        pub date_issued: Option<String>,
        /// First day.
        pub valid_from: Option<String>,
        /// Last day.
        pub valid_till: Option<String>,
        /// CSR as PEM.
        pub csr: Option<CsrText>,
        pub server_platform: Option<Platform>,
        pub signature_hash: Option<String>,
        /// Key size in bits.
        pub key_size: Option<u64>,
        pub ca_cert: Option<CaCert>,
        /// Its older, removed spelling.
        pub ca_cert_id: Option<String>,
        pub status: Option<String>,
        /// Who asked for it.
        pub user_id: Option<u64>,
        pub profile_option: Option<String>,
    }

    /// A note on an order.
    pub struct Note {
        pub id: Option<u64>,
        pub text: Option<String>,
        /// When, in the spelling of most objects.
        pub date_created: Option<String>,
        /// When, in the spelling of requests.
        pub date: Option<String>,
        pub user: Option<Person>,
    }

    /// Where a token is shipped.
    pub struct ShipInfo {
        pub name: Option<String>,
        pub addr1: Option<String>,
        pub addr2: Option<String>,
        pub city: Option<String>,
        pub state: Option<String>,
        /// Postal code; a number on some orders.
        pub zip: Option<String>,
        pub country: Option<String>,
        /// `STANDARD` or `EXPEDITED`.
        pub method: Option<String>,
    }
}
