//! What every sandbox account has before any order: staff with their keys, divisions, two organizations, some domains,
//! custom fields. The ids are fixed, so that scripts and foreign clients can name them.
//!
//! | division | approval |
//! | --- | --- |
//! | 1001 Main | none: no request is made |
//! | 1002 Web shop | one step |
//! | 1003 Trust office | two steps |
//! | 1004 Build farm | automatic: a request is made and approved at once |
//! | 1005 オンライン店舗 | none |
//! | 1006 Research & Development | one step |
//! | 1007 Finance | two steps |
//! | 1008 Old brand (closed) | closed: nothing can be ordered in it |
//!
//! | key | user | may |
//! | --- | --- | --- |
//! | `KEY` | 11, administrator | everything |
//! | `KEY-viewonly` | 11, key role View Only | read |
//! | `KEY-orders` | 11, key role Orders | orders, requests, certificates |
//! | `KEY-manager` | 12, manager | also approve, but not their own requests |
//! | `KEY-standard` | 13, standard user | order; neither approve nor skip approval |
//! | `KEY-limited` | 14, limited user | see and use own orders only |
//! | `KEY-finance` | 15, finance manager | as standard, and see money |
//! | `KEY-users` | 11, key role User Management | users and keys |
//!
//! | certificate profile (`profile_option`) | whose |
//! | --- | --- |
//! | `server_auth_only_eku`, `server_client_auth_eku`, `kdc_smart_card` | every account's |
//! | `our_profile`, `Our web servers` | this account's own |

use jiff::{Timestamp, ToSpan};

use super::model::{
    Account, ApiKey, Approval, Contact, Container, ContainerLimit, CustomField, Dcv, DcvMethod,
    Domain, KeyRole, OrgValidation, Organization, Role, User, ValidationType,
};

/// The account number.
pub const ACCOUNT_ID: u64 = 100_201;
/// The root container.
pub const MAIN: u64 = 1001;
/// One-step approval.
pub const WEB_SHOP: u64 = 1002;
/// Two-step approval.
pub const TRUST_OFFICE: u64 = 1003;
/// Automatic approval.
pub const BUILD_FARM: u64 = 1004;
/// The administrator.
pub const ADMINISTRATOR: u64 = 11;
/// The organization that is validated for everything.
pub const VALIDATED_ORGANIZATION: u64 = 2001;
/// Certificate profiles of the account's own (`profile_option`), beside those that every account has.
pub const PROFILES: [&str; 2] = ["our_profile", "Our web servers"];
/// The organization that is validated for nothing yet.
pub const NEW_ORGANIZATION: u64 = 2002;

/// An account with staff, divisions, organizations and domains, and no order.
pub fn account(seed: u64, key: &str, now: Timestamp) -> Account {
    let mut account = Account::empty(ACCOUNT_ID, seed);
    account.users = users(now);
    account.keys = keys(key, now);
    account.containers = containers();
    account.organizations = organizations(now);
    account.domains = domains(now);
    account.fields = fields();
    account.profile_options = PROFILES.map(str::to_owned).to_vec();
    account.balance_cents = 2_500_000;
    account
}

/// So many days ago.
fn ago(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub((days * 24).hours()).unwrap_or(now)
}

/// In so many days.
fn ahead(now: Timestamp, days: i64) -> Timestamp {
    now.checked_add((days * 24).hours()).unwrap_or(now)
}

fn users(now: Timestamp) -> Vec<User> {
    let user = |id, first: &str, last: &str, role, container_id, title: Option<&str>| User {
        id,
        username: format!("{}.{}", first.to_lowercase(), last.to_lowercase()),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: format!("{}@example.net", first.to_lowercase()),
        job_title: title.map(str::to_owned),
        telephone: title.map(|_| "+49 30 5550100".to_owned()),
        role,
        container_id,
        last_login: Some(ago(now, id.cast_signed() - 10)),
        api_only: false,
    };
    vec![
        user(
            ADMINISTRATOR,
            "Ada",
            "Example",
            Role::Administrator,
            MAIN,
            Some("Head of PKI"),
        ),
        user(
            12,
            "Grace",
            "Muster",
            Role::Manager,
            MAIN,
            Some("Team lead"),
        ),
        user(13, "Linus", "Beispiel", Role::Standard, WEB_SHOP, None),
        user(14, "Radia", "Ejemplo", Role::Limited, MAIN, None),
        user(
            15,
            "Edsger",
            "Voorbeeld",
            Role::Finance,
            MAIN,
            Some("Controller"),
        ),
    ]
}

fn keys(key: &str, now: Timestamp) -> Vec<ApiKey> {
    let made = |id, name: &str, suffix: &str, user_id, role| ApiKey {
        id,
        name: name.to_owned(),
        secret: format!("{key}{suffix}"),
        user_id,
        role,
        created: ago(now, 90),
        is_revoked: false,
    };
    vec![
        made(3001, "Administrator", "", ADMINISTRATOR, KeyRole::None),
        made(
            3002,
            "Monitoring",
            "-viewonly",
            ADMINISTRATOR,
            KeyRole::ViewOnly,
        ),
        made(
            3003,
            "Orders only",
            "-orders",
            ADMINISTRATOR,
            KeyRole::Orders,
        ),
        made(3004, "Manager", "-manager", 12, KeyRole::None),
        made(3005, "Standard user", "-standard", 13, KeyRole::None),
        made(3006, "Limited user", "-limited", 14, KeyRole::None),
        made(3007, "Finance", "-finance", 15, KeyRole::None),
        made(
            3008,
            "User management",
            "-users",
            ADMINISTRATOR,
            KeyRole::UserManagement,
        ),
    ]
}

fn containers() -> Vec<Container> {
    let container = |id, parent_id, name: &str, description: &str, approval| Container {
        id,
        parent_id,
        name: name.to_owned(),
        description: description.to_owned(),
        is_active: true,
        approval,
        limits: Vec::new(),
    };
    vec![
        container(
            MAIN,
            0,
            "Main",
            "Everything that has no division of its own",
            Approval::Off,
        ),
        Container {
            limits: vec![ContainerLimit {
                product_name_id: "ssl_plus".to_owned(),
                role_id: 0,
                allowed_hashes: Some(vec!["sha256".to_owned()]),
                allowed_intermediates: None,
                allowed_lifetimes: Some(vec![1]),
                allowed_order_lifetimes: Some(vec![1, 2]),
            }],
            ..container(
                WEB_SHOP,
                MAIN,
                "Web shop",
                "Shops and landing pages",
                Approval::OneStep,
            )
        },
        container(
            TRUST_OFFICE,
            MAIN,
            "Trust office",
            "Code signing and EV",
            Approval::TwoStep,
        ),
        container(
            BUILD_FARM,
            MAIN,
            "Build farm",
            "Machines that order by themselves",
            Approval::Automatic,
        ),
    ]
}

fn organizations(now: Timestamp) -> Vec<Organization> {
    let contact = Contact {
        first_name: "Ada".to_owned(),
        last_name: "Example".to_owned(),
        email: "ada@example.net".to_owned(),
        job_title: "Head of PKI".to_owned(),
        telephone: "+49 30 5550100".to_owned(),
    };
    let valid = |kind| OrgValidation {
        kind,
        date_created: ago(now, 60),
        validated_until: Some(ahead(now, 337)),
    };
    vec![
        Organization {
            id: VALIDATED_ORGANIZATION,
            name: "Example Trading GmbH".to_owned(),
            assumed_name: None,
            address: "Musterstrasse 1".to_owned(),
            address2: None,
            zip: "10115".to_owned(),
            city: "Berlin".to_owned(),
            state: "Berlin".to_owned(),
            country: "de".to_owned(),
            telephone: "+49 30 5550100".to_owned(),
            is_active: true,
            container_id: MAIN,
            contact: contact.clone(),
            validations: ValidationType::ALL.into_iter().map(valid).collect(),
        },
        Organization {
            id: NEW_ORGANIZATION,
            name: "Example Labs Ltd".to_owned(),
            assumed_name: Some("Labs".to_owned()),
            address: "1 Sample Street".to_owned(),
            address2: Some("Floor 2".to_owned()),
            zip: "EC1A 1AA".to_owned(),
            city: "London".to_owned(),
            state: "Greater London".to_owned(),
            country: "gb".to_owned(),
            telephone: "+44 20 55501000".to_owned(),
            is_active: true,
            container_id: MAIN,
            contact,
            validations: vec![OrgValidation {
                kind: ValidationType::Ov,
                date_created: ago(now, 2),
                validated_until: None,
            }],
        },
    ]
}

fn domains(now: Timestamp) -> Vec<Domain> {
    let domain = |id, name: &str, approved: Option<i64>, method| Domain {
        id,
        name: name.to_owned(),
        is_active: true,
        date_created: ago(now, 120),
        organization_id: Some(VALIDATED_ORGANIZATION),
        container_id: MAIN,
        validation_types: vec![ValidationType::Ov, ValidationType::Ev],
        dcv: Dcv {
            method,
            token: format!("{id:04}made0up0token0of0the0sandbox0{id:04}"),
            token_date: ago(now, 20),
            checks: 0,
            approved: approved.map(|days| ago(now, days)),
            expires: approved.map(|days| ahead(now, 199 - days)),
        },
        locking: None,
    };
    vec![
        domain(4001, "example.net", Some(30), DcvMethod::DnsTxtToken),
        domain(4002, "example.com", Some(30), DcvMethod::DnsCnameToken),
        domain(4003, "example.org", Some(30), DcvMethod::Email),
        domain(4004, "expired.example", Some(260), DcvMethod::DnsTxtToken),
        domain(4005, "pending.example", None, DcvMethod::HttpToken),
    ]
}

fn fields() -> Vec<CustomField> {
    let field = |id, label: &str, data_type: Option<&str>, description: Option<&str>| CustomField {
        id,
        label: label.to_owned(),
        is_required: false,
        is_active: true,
        data_type: data_type.map(str::to_owned),
        description: description.map(str::to_owned),
    };
    vec![
        field(11, "Invoice", None, Some("Number of the invoice")),
        field(12, "Cost center", Some("int"), None),
        field(
            13,
            "Owner",
            Some("email_address"),
            Some("Who is responsible when it expires"),
        ),
    ]
}
