//! Every parameter of the documentation pages *Reissue certificate* and *Duplicate certificate*. `ICA` stands for the
//! issuing CA that was chosen.

use super::table::Step::{Choose, EcCsr, On, PublicKey, RsaCsr, Text};
use super::table::{Case, PLAIN, Row};

const SHOP: &[&str] = &["NAME1", "NAME2", "NAME3"];
const ALICE: &[&str] = &["alice@example.com"];

/// The reissues.
pub const REISSUES: &[Case] = &[
    Case {
        name: "tls",
        product: "ssl_securesite_multi_domain",
        names: SHOP,
        plan: true,
        steps: &[
            RsaCsr,
            Text("common_name", "new.example.net"),
            Text("dns_names", "NAME1"),
            Text("comments", "key lost"),
            Choose("signature_hash", "384"),
            Choose("server_platform", "apache"),
            Choose("ca_cert_id", "ecc"),
            Choose("cert_validity", "custom date"),
            Text("cert_validity.custom_expiration_date", "DAY+60"),
            Choose("profile_option", "server auth"),
            Choose("dcv_method", "dns txt"),
            Choose("certificate_dcv_scope", "each"),
            On("is_rsassa_pss"),
            On("skip_approval"),
            On("store_reissue_as_duplicate"),
        ],
        ..PLAIN
    },
    Case {
        name: "private",
        product: "private_ssl_multi_domain",
        names: SHOP,
        plan: true,
        steps: &[EcCsr, Choose("cert_validity", "1 year")],
        ..PLAIN
    },
    Case {
        name: "dv",
        product: "ssl_dv_geotrust",
        names: &["NAME1"],
        plan: true,
        steps: &[
            EcCsr,
            Choose("cert_validity", "custom days"),
            Text("cert_validity.days", "90"),
            On("use_auth_key"),
        ],
        ..PLAIN
    },
    Case {
        name: "signing-email",
        product: "code_signing",
        provisioning: Some("ship_token"),
        steps: &[
            Choose("cs_provisioning_method", "by email"),
            Text("comments", "key lost"),
            EcCsr,
        ],
        ..PLAIN
    },
    Case {
        name: "signing-own",
        product: "code_signing",
        provisioning: Some("email"),
        steps: &[
            Choose("cs_provisioning_method", "your own token"),
            Choose("server_platform", "fips"),
        ],
        ..PLAIN
    },
    Case {
        name: "signing-ship",
        product: "code_signing",
        provisioning: Some("email"),
        steps: &[
            Choose("cs_provisioning_method", "token shipped"),
            Choose("ship_info", "another"),
            Text("ship_info.name", "Alice Example"),
            Text("ship_info.addr1", "1 Main Street"),
            Text("ship_info.addr2", "Floor 2"),
            Text("ship_info.city", "Springfield"),
            Text("ship_info.state", "Utah"),
            Text("ship_info.zip", "84043"),
            Text("ship_info.country", "us"),
            Choose("ship_info.method", "expedited"),
        ],
        ..PLAIN
    },
    Case {
        name: "mailbox",
        product: "secure_email_mailbox",
        emails: ALICE,
        steps: &[
            PublicKey,
            Choose("usage_designation.primary_usage", "signing email"),
        ],
        ..PLAIN
    },
    Case {
        name: "individual",
        product: "secure_email_individual",
        emails: ALICE,
        steps: &[
            Choose("usage_designation.primary_usage", "signing email"),
            On("subject.include_email"),
        ],
        ..PLAIN
    },
    Case {
        name: "organization",
        product: "secure_email_organization",
        emails: ALICE,
        steps: &[
            Choose("usage_designation.primary_usage", "encrypting"),
            Choose("common_name_indicator", "organization"),
            On("subject.include_email"),
        ],
        ..PLAIN
    },
    Case {
        name: "pseudonym",
        product: "secure_email_sponsor",
        emails: ALICE,
        steps: &[
            Choose("usage_designation.primary_usage", "signing email"),
            Choose("common_name_indicator", "pseudonym"),
            Text("individual.pseudonym", "Ally"),
            On("subject.include_pseudonym"),
        ],
        ..PLAIN
    },
    Case {
        name: "sponsor",
        product: "secure_email_sponsor",
        emails: ALICE,
        steps: &[
            Choose("usage_designation.primary_usage", "signing and"),
            Choose("common_name_indicator", "first and last"),
            Text("emails", "alice@example.com\na@example.com"),
            Text("individual.first_name", "Alice"),
            Text("individual.last_name", "Example"),
            Text(
                "usage_designation.additional_usages",
                "non_repudiation, client_auth",
            ),
            Text("user_principle_name", "alice@corp.example"),
            Text("subject.serial_number", "4711"),
            Text("subject.job_title", "Clerk"),
            Text("subject.pseudonym", "Al"),
            On("subject.include_given_name_surname"),
            On("subject.include_email"),
        ],
        ..PLAIN
    },
    Case {
        name: "client",
        product: "client_authentication_plus",
        emails: ALICE,
        plan: true,
        steps: &[
            Text("common_name", "Alice Example"),
            Choose("cert_validity", "custom days"),
            Text("cert_validity.days", "90"),
        ],
        ..PLAIN
    },
    Case {
        name: "document",
        product: "document_signing_org_1",
        steps: &[EcCsr, Text("profile_option", "our_profile")],
        ..PLAIN
    },
    Case {
        name: "vmc",
        product: "vmc_basic",
        steps: &[Text("dns_names", "example.net")],
        ..PLAIN
    },
];

/// The duplicates.
pub const DUPLICATES: &[Case] = &[
    Case {
        name: "tls",
        product: "ssl_securesite_multi_domain",
        names: SHOP,
        plan: true,
        steps: &[
            EcCsr,
            Choose("common_name", "NAME3"),
            Choose("signature_hash", "384"),
            Choose("server_platform", "apache"),
            Choose("ca_cert_id", "ecc"),
            Text("custom_expiration_date", "DAY+15"),
        ],
        ..PLAIN
    },
    Case {
        name: "signing",
        product: "code_signing",
        steps: &[EcCsr, Choose("server_platform", "fips")],
        ..PLAIN
    },
];

/// What a reissue takes.
pub const REISSUE: &[Row] = &[
    (
        "certificate.csr",
        &[
            "tls=CSR",
            "signing-email=CSR",
            "mailbox=KEY",
            "document=CSR",
        ],
    ),
    (
        "certificate.common_name",
        &[
            "tls=new.example.net",
            "private=NAME1",
            "client=Alice Example",
        ],
    ),
    (
        "certificate.dns_names",
        &[r#"tls=["NAME1"]"#, r#"vmc=["example.net"]"#],
    ),
    (
        "certificate.emails",
        &[
            r#"sponsor=["alice@example.com","a@example.com"]"#,
            r#"client=["alice@example.com"]"#,
            r#"mailbox=["alice@example.com"]"#,
        ],
    ),
    (
        "certificate.user_principle_name",
        &[r#"sponsor=["alice@corp.example"]"#],
    ),
    (
        "certificate.common_name_indicator",
        &[
            "sponsor=given_name_surname",
            "pseudonym=pseudonym",
            "organization=organization_name",
        ],
    ),
    ("certificate.individual.first_name", &["sponsor=Alice"]),
    ("certificate.individual.last_name", &["sponsor=Example"]),
    ("certificate.individual.pseudonym", &["pseudonym=Ally"]),
    (
        "certificate.usage_designation.primary_usage",
        &[
            "sponsor=dual_use",
            "mailbox=signing",
            "organization=key_management",
        ],
    ),
    (
        "certificate.usage_designation.additional_usages",
        &[r#"sponsor=["non_repudiation","client_auth"]"#],
    ),
    ("certificate.is_rsassa_pss", &["tls=true"]),
    (
        "certificate.server_platform.id",
        &["tls=2", "signing-own=58"],
    ),
    ("certificate.cert_validity.years", &["private=1"]),
    ("certificate.cert_validity.days", &["client=90", "dv=90"]),
    (
        "certificate.cert_validity.custom_expiration_date",
        &["tls=DMY+60"],
    ),
    (
        "certificate.signature_hash",
        &["tls=sha384", "signing-email=sha256"],
    ),
    (
        "certificate.profile_option",
        &["tls=server_auth_only_eku", "document=our_profile"],
    ),
    ("certificate.ca_cert_id", &["tls=ICA"]),
    ("dcv_method", &["tls=dns-txt-token"]),
    ("comments", &["tls=key lost", "signing-email=key lost"]),
    ("skip_approval", &["tls=true"]),
    ("certificate_dcv_scope", &["tls=fqdn"]),
    ("use_auth_key", &["dv=true"]),
    (
        "cs_provisioning_method",
        &[
            "signing-email=email",
            "signing-own=client_app",
            "signing-ship=ship_token",
        ],
    ),
    ("ship_info.name", &["signing-ship=Alice Example"]),
    ("ship_info.addr1", &["signing-ship=1 Main Street"]),
    ("ship_info.addr2", &["signing-ship=Floor 2"]),
    ("ship_info.city", &["signing-ship=Springfield"]),
    ("ship_info.state", &["signing-ship=Utah"]),
    ("ship_info.zip", &["signing-ship=84043"]),
    ("ship_info.country", &["signing-ship=us"]),
    ("ship_info.method", &["signing-ship=EXPEDITED"]),
    ("subject.serial_number", &["sponsor=4711"]),
    ("subject.pseudonym", &["sponsor=Al"]),
    ("subject.job_title", &["sponsor=Clerk"]),
    ("subject.include_pseudonym", &["pseudonym=true"]),
    (
        "subject.include_email",
        &["sponsor=true", "organization=true", "individual=true"],
    ),
    ("subject.include_given_name_surname", &["sponsor=true"]),
    ("store_reissue_as_duplicate", &["tls=true"]),
];

/// What a duplicate takes.
pub const DUPLICATE: &[Row] = &[
    (
        "certificate.common_name",
        &["tls=NAME3", "signing=Example Trading GmbH"],
    ),
    ("certificate.dns_names", &[r#"tls=["NAME1","NAME2"]"#]),
    ("certificate.csr", &["tls=CSR", "signing=CSR"]),
    ("certificate.server_platform.id", &["tls=2", "signing=58"]),
    ("certificate.signature_hash", &["tls=sha384"]),
    ("certificate.ca_cert_id", &["tls=ICA"]),
    ("custom_expiration_date", &["tls=DAY+15"]),
];

/// Fields that clients are seen to send with a duplicate and that its page does not have, with why they are not sent.
pub const NOT_SENT_WITH_A_DUPLICATE: &[(&str, &str)] = &[
    (
        "skip_approval",
        "not documented for this endpoint; a request that waits is shown as one",
    ),
    ("order_id", "repeats the number that is in the path"),
];
