//! Every parameter of the documentation pages *Reissue certificate* and *Duplicate certificate*, as data: the forms that
//! send it, with the value they send, and how each form is filled in. The forms' own tests fill them in alone; the flow
//! tests fill them in against an account and find the same in what it received.
//!
//! Values stand for what differs from test to test: `CSR` and `KEY` for a CSR and a bare public key, `ICA` for the issuing
//! CA that was chosen, `DAY+60` for the day in 60 days in the format of its place, `NAME1` for a name of the order.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

/// A parameter, and the forms that send it (`form=value`; several where one alone does not show everything).
pub type Row = (&'static str, &'static [&'static str]);

/// What is done in a form. Fields are named as a kept draft names them.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A CSR with an RSA key is pasted.
    RsaCsr,
    /// A CSR with an elliptic key is pasted.
    EcCsr,
    /// A bare public key is pasted.
    PublicKey,
    /// One of a list is found by typing.
    Choose(&'static str, &'static str),
    /// A text takes the place of what stands there.
    Text(&'static str, &'static str),
    /// A flag is turned on.
    On(&'static str),
}

/// A form that is filled in.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// How the parameters name it.
    pub name: &'static str,
    /// The product of the order.
    pub product: &'static str,
    /// The order's names, the common name first. One without a dot is no name of a host.
    pub names: &'static [&'static str],
    /// The order's e-mail addresses.
    pub emails: &'static [&'static str],
    /// Whether it is a plan.
    pub plan: bool,
    /// How a code signing certificate was delivered before.
    pub provisioning: Option<&'static str>,
    /// What is done.
    pub steps: &'static [Step],
}

const SHOP: &[&str] = &["NAME1", "NAME2", "NAME3"];
const FIRM: &[&str] = &["Example Trading GmbH"];
const ALICE: &[&str] = &["alice@example.com"];

const PLAIN: Case = Case {
    name: "",
    product: "",
    names: FIRM,
    emails: &[],
    plan: false,
    provisioning: None,
    steps: &[],
};

use Step::{Choose, EcCsr, On, PublicKey, RsaCsr, Text};

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
        &["tls=DAY+60"],
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

/// What a body holds, by place. A CSR or key is told by its kind.
pub fn leaves(body: &serde_json::Value) -> BTreeMap<String, String> {
    let mut into = BTreeMap::new();
    collect(body, "", &mut into);
    into
}

fn collect(value: &serde_json::Value, place: &str, into: &mut BTreeMap<String, String>) {
    if let Some(object) = value.as_object() {
        for (key, value) in object {
            let place = if place.is_empty() {
                key.clone()
            } else {
                format!("{place}.{key}")
            };
            collect(value, &place, into);
        }
        return;
    }
    let text = match value.as_str() {
        Some(text) if text.starts_with("-----BEGIN CERTIFICATE REQUEST") => "CSR".into(),
        Some(text) if text.starts_with("-----BEGIN PUBLIC KEY") => "KEY".into(),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    into.insert(place.to_owned(), text);
}

/// A text of the table, with what it stands for in one test.
pub fn meant(text: &str, place: &str, names: &[String], today: Date) -> String {
    let mut text = text.to_owned();
    for (at, name) in names.iter().enumerate() {
        text = text.replace(&format!("NAME{}", at + 1), name);
    }
    let Some(days) = text.strip_prefix("DAY+") else {
        return text;
    };
    let day = today.saturating_add(Span::new().days(days.parse::<i64>().unwrap()));
    match place {
        "certificate.cert_validity.custom_expiration_date" => {
            day.strftime("%d %b %Y").to_string().to_uppercase()
        }
        _ => day.to_string(),
    }
}

/// Compares what each form sent with the table: every parameter has its value, and nothing is sent that the table does
/// not have. `forms` are those that were tried.
pub fn compare(
    rows: &[Row],
    sent: &BTreeMap<&'static str, BTreeMap<String, String>>,
    meant: impl Fn(&str, &str, &str) -> String,
) {
    for (place, cases) in rows {
        for case in *cases {
            let (form, value) = case.split_once('=').unwrap();
            let Some(body) = sent.get(form) else { continue };
            let found = body.get(*place).map(String::as_str);
            let wanted = meant(form, place, value);
            assert_eq!(found, Some(wanted.as_str()), "{place} of {form}");
        }
    }
    for (form, body) in sent {
        for place in body.keys() {
            assert!(
                rows.iter().any(|(known, _)| known == place),
                "{form} sends {place}, which is not documented"
            );
        }
    }
}
