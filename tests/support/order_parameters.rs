//! Every parameter of an order of a TLS product: those of the page *Order Secure Site SSL*, what newer order pages and the page
//! *Order DV SSL* add, and the structure of a new organisation (page *Create organization*), or why it is not sent.

use std::collections::BTreeSet;

use super::table::Step::{Choose, On, Text};
use super::table::{Case, PLAIN, Row, Sent, compare};

/// The forms.
pub const CASES: &[Case] = &[
    Case {
        name: "full",
        steps: &[
            Text("dns_names", "NAME2"),
            Text("custom_fields.FIELD1", "Invoice #00001"),
            Text("custom_fields.FIELD2", "ops@example.net"),
            Text("custom_renewal_message", "call the shop"),
            Text("additional_emails", "ops@example.net"),
            Text("organization_units", "Accounting department"),
            Choose("order_validity", "2 years"),
            Choose("signature_hash", "384"),
            Choose("server_platform", "apache"),
            Choose("ca_cert_id", "ICA-NAME"),
            Choose("cert_validity", "custom days"),
            Text("cert_validity.days", "90"),
            Choose("profile_option", "server auth"),
            Choose("dcv_method", "dns txt"),
            Choose("certificate_dcv_scope", "each"),
            Choose("locale", "english"),
            Choose("payment_method", "account bal"),
            On("auto_renew"),
            On("auto_reissue"),
            On("disable_renewal_notifications"),
            On("disable_issuance_email"),
            On("apply_cr_discount"),
            Text("serial_number", "0A1B"),
            On("disable_ct"),
            On("skip_approval"),
        ],
        ..PLAIN
    },
    Case {
        name: "days",
        steps: &[
            Choose("order_validity", "custom days"),
            Text("order_validity.days", "300"),
            Choose("payment_method", "credit"),
            Text("comments", "for the approver"),
        ],
        ..PLAIN
    },
    Case {
        name: "until",
        steps: &[
            Choose("order_validity", "custom date"),
            Text("order_validity.custom_expiration_date", "DAY+260"),
            Choose("cert_validity", "custom date"),
            Text("cert_validity.custom_expiration_date", "DAY+80"),
            Choose("profile_option", "one of the account's"),
            Text("profile_name", "Our web servers"),
            Choose("payment_method", "billing"),
        ],
        ..PLAIN
    },
    Case {
        name: "thumbprint",
        steps: &[
            Choose("renewal_of_order_id", "thumb"),
            Choose("cert_validity", "1 year"),
        ],
        ..PLAIN
    },
    Case {
        name: "older",
        older: true,
        steps: &[Choose("order_validity", "1 year")],
        ..PLAIN
    },
    Case {
        name: "older-days",
        older: true,
        steps: &[
            Choose("order_validity", "custom days"),
            Text("order_validity.days", "300"),
        ],
        ..PLAIN
    },
    Case {
        name: "older-until",
        older: true,
        steps: &[
            Choose("order_validity", "custom date"),
            Text("order_validity.custom_expiration_date", "DAY+260"),
        ],
        ..PLAIN
    },
    Case {
        name: "new",
        product: "ssl_securesite",
        steps: &[Choose("organization.id", "ORG-NAME")],
        ..PLAIN
    },
    Case {
        name: "ev",
        product: "ssl_ev_securesite",
        steps: &[
            Choose("organization.id", "ORG-NAME"),
            Choose(
                "organization.contacts.organization_contact.user_id",
                "USER-NAME",
            ),
            Choose("organization.contacts.technical_contact.user_id", "someone"),
            Text("organization.contacts.technical_contact.first_name", "Jill"),
            Text(
                "organization.contacts.technical_contact.last_name",
                "Valentine",
            ),
            Text(
                "organization.contacts.technical_contact.job_title",
                "Engineer",
            ),
            Text(
                "organization.contacts.technical_contact.telephone",
                "8017019600",
            ),
            Text(
                "organization.contacts.technical_contact.email",
                "jill@example.net",
            ),
            Choose("organization.contacts.verified_contact.user_id", "someone"),
            Text("organization.contacts.verified_contact.first_name", "Vera"),
            Text(
                "organization.contacts.verified_contact.last_name",
                "Example",
            ),
            Text(
                "organization.contacts.verified_contact.email",
                "vera@example.net",
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "founding",
        product: "ssl_securesite",
        steps: &[
            Choose("organization.id", "new org"),
            Choose("container.id", "CONTAINER-NAME"),
            Text("organization.name", "Founded Trading GmbH"),
            Text("organization.assumed_name", "Founded"),
            Text("organization.address", "1 Main Street"),
            Text("organization.address2", "Floor 2"),
            Text("organization.zip", "10115"),
            Text("organization.city", "Berlin"),
            Text("organization.state", "Berlin"),
            Text("organization.country", "de"),
            Text("organization.telephone", "+49 30 123456"),
            Choose(
                "organization.contacts.organization_contact.user_id",
                "someone",
            ),
            Text(
                "organization.contacts.organization_contact.first_name",
                "Fritz",
            ),
            Text(
                "organization.contacts.organization_contact.last_name",
                "Beispiel",
            ),
            Text(
                "organization.contacts.organization_contact.job_title",
                "Founder",
            ),
            Text(
                "organization.contacts.organization_contact.telephone",
                "+49 30 123457",
            ),
            Text(
                "organization.contacts.organization_contact.email",
                "fritz@founded.example",
            ),
            Choose(
                "organization.contacts.technical_contact.user_id",
                "USER-NAME",
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "founded-by-user",
        product: "ssl_securesite",
        steps: &[
            Choose("organization.id", "new org"),
            Text("organization.name", "Founded Trading GmbH"),
            Text("organization.address", "1 Main Street"),
            Text("organization.city", "Berlin"),
            Text("organization.state", "Berlin"),
            Text("organization.country", "de"),
            Text("organization.telephone", "+49 30 123456"),
            Choose(
                "organization.contacts.organization_contact.user_id",
                "USER-NAME",
            ),
        ],
        ..PLAIN
    },
    Case {
        name: "dv",
        product: "ssl_dv_geotrust_flex",
        steps: &[
            Choose("dcv_method", "dns txt"),
            Choose("locale", "german"),
            Choose("organization.contacts.technical_contact.user_id", "someone"),
            Text("organization.contacts.technical_contact.first_name", "Jill"),
            Text(
                "organization.contacts.technical_contact.last_name",
                "Valentine",
            ),
            Text(
                "organization.contacts.technical_contact.job_title",
                "Engineer",
            ),
            Text(
                "organization.contacts.technical_contact.telephone",
                "8017019600",
            ),
            Text(
                "organization.contacts.technical_contact.email",
                "jill@example.net",
            ),
            On("use_auth_key"),
            On("disable_ct"),
        ],
        ..PLAIN
    },
    Case {
        name: "dv-mail",
        product: "ssl_dv_geotrust_flex",
        steps: &[
            Choose("dcv_method", "email"),
            Text("dcv_emails", "admin@NAME1"),
        ],
        ..PLAIN
    },
];

/// What the page *Order DV SSL* has besides.
pub const DV: &[&str] = &[
    "dcv_emails[].dns_name",
    "dcv_emails[].email_domain",
    "dcv_emails[].email",
    "technical_contact.first_name",
    "technical_contact.last_name",
    "technical_contact.job_title",
    "technical_contact.telephone",
    "technical_contact.email",
];

/// The parameters of the page *Order Secure Site SSL*, in its order, without the objects they stand in.
pub const PAGE: &[&str] = &[
    "certificate.common_name",
    "certificate.dns_names",
    "certificate.csr",
    "certificate.signature_hash",
    "certificate.organization_units",
    "certificate.server_platform.id",
    "certificate.profile_option",
    "renewed_thumbprint",
    "validity_years",
    "custom_expiration_date",
    "comments",
    "apply_cr_discount",
    "serial_number",
    "auto_renew",
    "custom_renewal_message",
    "disable_renewal_notifications",
    "additional_emails",
    "locale",
    "renewal_of_order_id",
    "payment_method",
    "dcv_method",
    "skip_approval",
    "disable_ct",
    "organization.id",
    "container.id",
    "custom_fields[].metadata_id",
    "custom_fields[].value",
    // Named in the text as what may replace `validity_years`.
    "validity_days",
];

/// What newer order pages add.
pub const NEWER: &[&str] = &[
    "order_validity.years",
    "order_validity.days",
    "order_validity.custom_expiration_date",
    "certificate.cert_validity.years",
    "certificate.cert_validity.days",
    "certificate.cert_validity.custom_expiration_date",
    "certificate.ca_cert_id",
    "certificate_dcv_scope",
    "use_auth_key",
    "disable_issuance_email",
    "auto_reissue",
    "alternative_order_id",
    "organization.contacts[].contact_type",
    "organization.contacts[].user_id",
    "organization.contacts[].first_name",
    "organization.contacts[].last_name",
    "organization.contacts[].job_title",
    "organization.contacts[].telephone",
    "organization.contacts[].email",
    "product.type_hint",
];

/// A new organisation within an order.
pub const ORGANIZATION: &[&str] = &[
    "organization.name",
    "organization.assumed_name",
    "organization.address",
    "organization.address2",
    "organization.zip",
    "organization.city",
    "organization.state",
    "organization.country",
    "organization.telephone",
    "organization.container.id",
    "organization.organization_contact.first_name",
    "organization.organization_contact.last_name",
    "organization.organization_contact.job_title",
    "organization.organization_contact.telephone",
    "organization.organization_contact.email",
];

/// What the forms send.
pub const SENT: &[Row] = &[
    ("certificate.common_name", &["full=NAME1", "new=NAME1"]),
    ("certificate.dns_names", &[r#"full=["NAME2"]"#]),
    ("certificate.csr", &["full=CSR", "new=CSR"]),
    ("certificate.signature_hash", &["full=sha384"]),
    (
        "certificate.organization_units",
        &[r#"full=["Accounting department"]"#],
    ),
    ("certificate.server_platform.id", &["full=2"]),
    (
        "certificate.profile_option",
        &["full=server_auth_only_eku", "until=Our web servers"],
    ),
    ("certificate.ca_cert_id", &["full=ICA"]),
    ("certificate.cert_validity.years", &["thumbprint=1"]),
    ("certificate.cert_validity.days", &["full=90"]),
    (
        "certificate.cert_validity.custom_expiration_date",
        &["until=DAY+80"],
    ),
    ("renewal_of_order_id", &["full=ORDER"]),
    ("renewed_thumbprint", &["thumbprint=THUMBPRINT"]),
    ("validity_years", &["older=1"]),
    ("validity_days", &["older-days=300"]),
    ("custom_expiration_date", &["older-until=DAY+260"]),
    ("order_validity.years", &["full=2"]),
    ("order_validity.days", &["days=300"]),
    ("order_validity.custom_expiration_date", &["until=DAY+260"]),
    ("comments", &["days=for the approver"]),
    ("apply_cr_discount", &["full=true"]),
    ("serial_number", &["full=0A1B"]),
    ("auto_renew", &["full=1"]),
    ("auto_reissue", &["full=1"]),
    ("custom_renewal_message", &["full=call the shop"]),
    ("disable_renewal_notifications", &["full=true"]),
    ("disable_issuance_email", &["full=true"]),
    ("additional_emails", &[r#"full=["ops@example.net"]"#]),
    ("locale", &["full=en"]),
    (
        "payment_method",
        &["full=balance", "days=card", "until=profile"],
    ),
    ("dcv_method", &["full=dns-txt-token", "dv-mail=email"]),
    ("use_auth_key", &["dv=true"]),
    ("dcv_emails[].dns_name", &["dv-mail=NAME1"]),
    ("dcv_emails[].email_domain", &["dv-mail=NAME1"]),
    ("dcv_emails[].email", &["dv-mail=admin@NAME1"]),
    ("technical_contact.first_name", &["dv=Jill"]),
    ("technical_contact.last_name", &["dv=Valentine"]),
    ("technical_contact.job_title", &["dv=Engineer"]),
    ("technical_contact.telephone", &["dv=8017019600"]),
    ("technical_contact.email", &["dv=jill@example.net"]),
    ("certificate_dcv_scope", &["full=fqdn"]),
    ("skip_approval", &["full=true"]),
    ("disable_ct", &["full=true"]),
    ("organization.id", &["full=OWN-ORG-ID", "new=ORG-ID"]),
    (
        "container.id",
        &["full=OWN-CONTAINER-ID", "founding=CONTAINER-ID"],
    ),
    ("custom_fields[].metadata_id", &["full=FIELD1 FIELD2"]),
    (
        "custom_fields[].value",
        &["full=Invoice #00001 ops@example.net"],
    ),
    ("alternative_order_id", &["full=REFERENCE"]),
    (
        "organization.contacts[].contact_type",
        &[
            "ev=organization_contact technical_contact verified_contact",
            "founding=technical_contact",
        ],
    ),
    (
        "organization.contacts[].user_id",
        &["ev=USER-ID", "founding=USER-ID"],
    ),
    ("organization.contacts[].first_name", &["ev=Jill Vera"]),
    (
        "organization.contacts[].last_name",
        &["ev=Valentine Example"],
    ),
    ("organization.contacts[].job_title", &["ev=Engineer"]),
    ("organization.contacts[].telephone", &["ev=8017019600"]),
    (
        "organization.contacts[].email",
        &["ev=jill@example.net vera@example.net"],
    ),
    ("organization.name", &["founding=Founded Trading GmbH"]),
    ("organization.assumed_name", &["founding=Founded"]),
    ("organization.address", &["founding=1 Main Street"]),
    ("organization.address2", &["founding=Floor 2"]),
    ("organization.zip", &["founding=10115"]),
    ("organization.city", &["founding=Berlin"]),
    ("organization.state", &["founding=Berlin"]),
    ("organization.country", &["founding=de"]),
    ("organization.telephone", &["founding=+49 30 123456"]),
    ("organization.container.id", &["founding=CONTAINER-ID"]),
    (
        "organization.organization_contact.first_name",
        &["founding=Fritz", "founded-by-user=USER-FIRST"],
    ),
    (
        "organization.organization_contact.last_name",
        &["founding=Beispiel", "founded-by-user=USER-LAST"],
    ),
    (
        "organization.organization_contact.job_title",
        &["founding=Founder"],
    ),
    (
        "organization.organization_contact.telephone",
        &["founding=+49 30 123457"],
    ),
    (
        "organization.organization_contact.email",
        &[
            "founding=fritz@founded.example",
            "founded-by-user=USER-EMAIL",
        ],
    ),
];

/// Parameters that are never sent, with why.
pub const NOT_SENT: &[(&str, &str)] = &[(
    "product.type_hint",
    "it completes a generic product identifier such as ssl; products are named exactly",
)];

/// Compares what each form sent with the table, in which every documented parameter has its row.
pub fn compare_orders(sent: &Sent, meant: impl Fn(&str, &str) -> String) {
    compare(SENT, sent, &[], meant);
    let listed: BTreeSet<&str> = [PAGE, NEWER, DV, ORGANIZATION]
        .concat()
        .into_iter()
        .collect();
    let rows = SENT.iter().map(|(place, _)| *place);
    let rows: BTreeSet<&str> = rows
        .chain(NOT_SENT.iter().map(|(place, _)| *place))
        .collect();
    assert_eq!(listed, rows, "each documented parameter has its row");
}
