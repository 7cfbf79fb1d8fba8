//! The account's surroundings: more people, divisions, organizations, domains and fields than every account has.
//!
//! All made up: names under reserved domains, numbers from ranges kept for fiction.

use jiff::Timestamp;

use super::calendar::{Calendar, office_hours};
use super::dice::Dice;
use crate::sandbox::model::{
    Account, Approval, Contact, Container, CustomField, Dcv, DcvMethod, Domain, OrgValidation,
    Organization, Role, User, ValidationType,
};

/// Numbers of what is made here stay below this; the account counts on from it.
const NEXT_OTHER_ID: u64 = 10_000;
/// The division that is closed.
const CLOSED: u64 = 1008;

/// An organization of the table.
struct Org {
    name: &'static str,
    assumed: Option<&'static str>,
    street: &'static str,
    zip: &'static str,
    city: &'static str,
    state: &'static str,
    country: &'static str,
    phone: &'static str,
    state_of: Checks,
    container: u64,
    domains: &'static [(&'static str, Control)],
}

/// What an organization is validated for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Checks {
    All,
    /// OV and S/MIME; EV is pending.
    OvOnly,
    /// OV ends within the month, EV is over.
    Ending,
    Over,
    Pending,
}

/// How well a domain is controlled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    Active,
    /// Ends in so many days.
    Ends(i64),
    Expired,
    Pending,
}

use Control::{Active, Ends, Expired, Pending};

/// Names in other scripts stand as A-labels: bücher, ölmühlen, 例え, café, العربية, пример, ตัวอย่าง, דוגמה, δοκιμή, 한국.
const ORGANIZATIONS: &[Org] = &[
    Org {
        name: "Sandbox Logistics Ltd",
        assumed: Some("Parcels"),
        street: "2 Sample Street",
        zip: "M1 1AA",
        city: "Manchester",
        state: "Greater Manchester",
        country: "gb",
        phone: "+44 161 496 0000",
        state_of: Checks::All,
        container: 1001,
        domains: &[
            ("sandbox-logistics.example", Active),
            ("parcels.test", Active),
            ("track.example", Ends(6)),
            ("old-brand.test", Expired),
        ],
    },
    Org {
        name: "株式会社サンドボックス",
        assumed: None,
        street: "千代田区見本町1-2-3",
        zip: "100-0000",
        city: "東京",
        state: "東京都",
        country: "jp",
        phone: "+81 3 0000 0000",
        state_of: Checks::All,
        container: 1005,
        domains: &[
            ("xn--r8jz45g.example", Active),
            ("sandbox-kk.example", Active),
            ("xn--r8jz45g.test", Pending),
        ],
    },
    Org {
        name: "Cafe\u{301} Exemplaire S.A.",
        assumed: Some("Cafe\u{301}"),
        street: "3 rue de l'Exemple",
        zip: "75000",
        city: "Paris",
        state: "I\u{302}le-de-France",
        country: "fr",
        phone: "+33 1 99 00 00 00",
        state_of: Checks::OvOnly,
        container: 1002,
        domains: &[
            ("xn--caf-dma.example", Active),
            ("cafe-exemplaire.example", Active),
        ],
    },
    Org {
        name: "شركة المثال التجارية",
        assumed: None,
        street: "شارع النموذج ١",
        zip: "00000",
        city: "دبي",
        state: "دبي",
        country: "ae",
        phone: "+971 4 000 0000",
        state_of: Checks::All,
        container: 1001,
        domains: &[
            ("xn--mgbcd4a2b0d2b.example", Active),
            ("almithal.example", Active),
        ],
    },
    Org {
        name: "Beispiel & Söhne Ölmühlen AG",
        assumed: None,
        street: "Mühlgasse 4",
        zip: "1010",
        city: "Wien",
        state: "Wien",
        country: "at",
        phone: "+43 1 000000",
        state_of: Checks::All,
        container: 1002,
        domains: &[
            ("xn--bcher-kva.example", Active),
            ("xn--lmhlen-vxa4c.example", Active),
            ("beispiel.example", Ends(25)),
        ],
    },
    Org {
        name: "Пример Северни Системи ООД",
        assumed: None,
        street: "ул. Образец 5",
        zip: "1000",
        city: "София",
        state: "София",
        country: "bg",
        phone: "+359 2 000 0000",
        state_of: Checks::All,
        container: 1006,
        domains: &[
            ("xn--e1afmkfd.example", Active),
            ("xn--e1afmkfd.test", Active),
        ],
    },
    Org {
        name: "Testing Grounds, Inc.",
        assumed: Some("TGI Demo"),
        street: "600 Placeholder Ave",
        zip: "84000",
        city: "Sampleton",
        state: "Utah",
        country: "us",
        phone: "+1 801 555 0100",
        state_of: Checks::All,
        container: 1001,
        domains: &[
            ("testing-grounds.example", Active),
            ("staging.test", Active),
            ("launch.example", Pending),
            ("kestrel.example", Active),
            ("juniper.example", Ends(15)),
        ],
    },
    Org {
        name: "Voorbeeld Verzekeringen N.V.",
        assumed: None,
        street: "Voorbeeldgracht 7",
        zip: "1000 AA",
        city: "Amsterdam",
        state: "Noord-Holland",
        country: "nl",
        phone: "+31 20 000 0000",
        state_of: Checks::Ending,
        container: 1003,
        domains: &[
            ("voorbeeld.example", Active),
            ("polis.test", Active),
            ("schade.example", Active),
        ],
    },
    Org {
        name: "Imaginary Institute for the Study of Extremely Long Names e.V.",
        assumed: None,
        street: "Allee der unendlich langen und niemals endenden Strassennamen 88",
        zip: "53000",
        city: "Bonn",
        state: "Nordrhein-Westfalen",
        country: "de",
        phone: "+49 228 0000000",
        state_of: Checks::All,
        container: 1006,
        domains: &[
            (
                "institute-for-the-study-of-extremely-long-names.example",
                Active,
            ),
            ("iislnev.example", Active),
        ],
    },
    Org {
        name: "Pending Paperwork Oy",
        assumed: None,
        street: "Esimerkkikatu 9",
        zip: "00100",
        city: "Helsinki",
        state: "Uusimaa",
        country: "fi",
        phone: "+358 9 0000000",
        state_of: Checks::Pending,
        container: 1001,
        domains: &[
            ("pending-paperwork.example", Pending),
            ("paperwork.test", Active),
        ],
    },
    Org {
        name: "Expired Evidence Ltd",
        assumed: None,
        street: "10 Specimen Quay",
        zip: "D01 0000",
        city: "Dublin",
        state: "Dublin",
        country: "ie",
        phone: "+353 1 000 0000",
        state_of: Checks::Over,
        container: 1001,
        domains: &[("expired-evidence.example", Expired)],
    },
    Org {
        name: "บริษัท ตัวอย่าง จำกัด",
        assumed: None,
        street: "11 ถนนตัวอย่าง",
        zip: "10000",
        city: "กรุงเทพฯ",
        state: "กรุงเทพมหานคร",
        country: "th",
        phone: "+66 2 000 0000",
        state_of: Checks::All,
        container: 1005,
        domains: &[("xn--72c1a1bt4awk9o.example", Active)],
    },
    Org {
        name: "הדוגמה הטובה בע״מ",
        assumed: None,
        street: "רחוב הדוגמה 12",
        zip: "0000000",
        city: "תל אביב",
        state: "תל אביב",
        country: "il",
        phone: "+972 3 000 0000",
        state_of: Checks::All,
        container: 1001,
        domains: &[("xn--6dbbec0c.example", Active)],
    },
    Org {
        name: "Δοκιμή Ναυτιλιακή Α.Ε.",
        assumed: None,
        street: "Οδός Δείγματος 13",
        zip: "185 00",
        city: "Πειραιάς",
        state: "Αττική",
        country: "gr",
        phone: "+30 210 0000000",
        state_of: Checks::All,
        container: 1006,
        domains: &[
            ("xn--jxalpdlp.example", Active),
            ("xn--3e0b707e.example", Active),
        ],
    },
];

/// Adds people, divisions, organizations, domains and fields.
pub(super) fn add(account: &mut Account, calendar: &Calendar, dice: &mut Dice) {
    add_people(account, calendar, dice);
    add_containers(account);
    add_fields(account);
    let mut domain_id = 4006;
    for (number, org) in ORGANIZATIONS.iter().enumerate() {
        let id = 2003 + number as u64;
        account.organizations.push(organization(id, org, calendar));
        for (name, control) in org.domains {
            let proof = dcv(*control, calendar, dice);
            account.domains.push(domain(
                domain_id,
                name,
                Some(id),
                org.container,
                proof,
                calendar,
            ));
            domain_id += 1;
        }
    }
    account.organizations.push(dormant(calendar));
    // Domains of no organization, for domain validation alone; and one that may not be used.
    for (name, control) in [
        ("landing.test", Active),
        ("blog.example", Active),
        ("pets.example", Active),
        ("new-brand.test", Pending),
    ] {
        let proof = dcv(control, calendar, dice);
        account
            .domains
            .push(domain(domain_id, name, None, 1002, proof, calendar));
        domain_id += 1;
    }
    let proof = dcv(Expired, calendar, dice);
    let mut retired = domain(domain_id, "retired.example", None, CLOSED, proof, calendar);
    retired.is_active = false;
    account.domains.push(retired);
    account.ids.other = account.ids.other.max(NEXT_OTHER_ID);
}

fn add_people(account: &mut Account, calendar: &Calendar, dice: &mut Dice) {
    let people: [(&str, &str, &str, Role, u64); 7] = [
        ("Zoë", "Ñandú", "zoe", Role::Manager, 1002),
        ("太郎", "見本", "taro", Role::Standard, 1005),
        ("Мария", "Примерова", "maria", Role::Manager, 1006),
        ("ليلى", "مثال", "layla", Role::Standard, 1001),
        (
            "Bartholomäus-Maximilian",
            "von und zu Beispielhausen-Mustermann",
            "bart",
            Role::Standard,
            1002,
        ),
        ("Jo", "O'Sample", "jo", Role::Limited, 1001),
        ("Build", "Robot", "robot", Role::Standard, 1004),
    ];
    for (number, (first, last, login, role, container_id)) in people.into_iter().enumerate() {
        account.users.push(User {
            id: 16 + number as u64,
            username: format!("{login}.sandbox"),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            email: format!("{login}@example.org"),
            job_title: (number % 2 == 0).then(|| "Engineer".to_owned()),
            telephone: (number % 3 == 0).then(|| "+1 801 555 0199".to_owned()),
            role,
            container_id,
            last_login: (number != 5)
                .then(|| calendar.at(-dice.between(1, 60), office_hours(dice))),
            api_only: login == "robot",
        });
    }
}

fn add_containers(account: &mut Account) {
    let divisions: [(u64, &str, &str, Approval, bool); 4] = [
        (
            1005,
            "オンライン店舗",
            "アジアの店舗とポータル",
            Approval::Off,
            true,
        ),
        (
            1006,
            "Research & Development",
            "Laboratories, test benches, prototypes",
            Approval::OneStep,
            true,
        ),
        (
            1007,
            "Finance",
            "Payment and accounting",
            Approval::TwoStep,
            true,
        ),
        (
            CLOSED,
            "Old brand (closed)",
            "Nothing new is ordered here",
            Approval::OneStep,
            false,
        ),
    ];
    for (id, name, description, approval, is_active) in divisions {
        account.containers.push(Container {
            id,
            parent_id: account.containers.first().map_or(0, |root| root.id),
            name: name.to_owned(),
            description: description.to_owned(),
            is_active,
            approval,
            limits: Vec::new(),
        });
    }
}

fn add_fields(account: &mut Account) {
    for (id, label, kind, is_active) in [
        (14, "Ticket", Some("text"), true),
        (15, "Notify also", Some("email_list"), true),
        (16, "Data center", None, true),
        (17, "Old inventory number", Some("text"), false),
    ] {
        account.fields.push(CustomField {
            id,
            label: label.to_owned(),
            is_required: false,
            is_active,
            data_type: kind.map(str::to_owned),
            description: None,
        });
    }
}

fn organization(id: u64, org: &Org, calendar: &Calendar) -> Organization {
    Organization {
        id,
        name: org.name.to_owned(),
        assumed_name: org.assumed.map(str::to_owned),
        address: org.street.to_owned(),
        address2: None,
        zip: org.zip.to_owned(),
        city: org.city.to_owned(),
        state: org.state.to_owned(),
        country: org.country.to_owned(),
        telephone: org.phone.to_owned(),
        is_active: true,
        container_id: org.container,
        contact: Contact {
            first_name: "Robin".to_owned(),
            last_name: "Example".to_owned(),
            email: org
                .domains
                .first()
                .map_or_else(String::new, |(d, _)| format!("pki@{d}")),
            job_title: "Responsible for certificates".to_owned(),
            telephone: org.phone.to_owned(),
        },
        validations: validations(org.state_of, calendar),
    }
}

fn validations(checks: Checks, calendar: &Calendar) -> Vec<OrgValidation> {
    let done = |kind, until: i64| OrgValidation {
        kind,
        date_created: calendar.at(until - 397, 10 * 3600),
        validated_until: Some(calendar.ahead(until, 10 * 3600)),
    };
    let waits = |kind| OrgValidation {
        kind,
        date_created: calendar.at(-3, 11 * 3600),
        validated_until: None,
    };
    match checks {
        Checks::All => ValidationType::ALL
            .into_iter()
            .map(|kind| done(kind, 300))
            .collect(),
        Checks::OvOnly => vec![
            done(ValidationType::Ov, 210),
            waits(ValidationType::Ev),
            done(ValidationType::Smime, 210),
        ],
        Checks::Ending => vec![
            done(ValidationType::Ov, 12),
            done(ValidationType::Ev, -20),
            done(ValidationType::Cs, 200),
        ],
        Checks::Over => {
            vec![done(ValidationType::Ov, -40), done(ValidationType::Ev, -40)]
        }
        Checks::Pending => vec![waits(ValidationType::Ov), waits(ValidationType::Ev)],
    }
}

/// An organization that may not be used any more.
fn dormant(calendar: &Calendar) -> Organization {
    Organization {
        id: 2003 + ORGANIZATIONS.len() as u64,
        name: "Dormant Holdings plc".to_owned(),
        assumed_name: None,
        address: "14 Stillstand Road".to_owned(),
        address2: None,
        zip: "EH1 1AA".to_owned(),
        city: "Edinburgh".to_owned(),
        state: "Scotland".to_owned(),
        country: "gb".to_owned(),
        telephone: "+44 131 496 0000".to_owned(),
        is_active: false,
        container_id: CLOSED,
        contact: Contact::default(),
        validations: validations(Checks::Over, calendar),
    }
}

fn dcv(control: Control, calendar: &Calendar, dice: &mut Dice) -> Dcv {
    let moment = |day| -> Timestamp { calendar.ahead(day, 9 * 3600) };
    let (approved, expires) = match control {
        Control::Active => {
            let ago = dice.between(5, 120);
            (Some(-ago), Some(199 - ago))
        }
        Control::Ends(days) => (Some(days - 199), Some(days)),
        Control::Expired => (Some(-260), Some(-61)),
        Control::Pending => (None, None),
    };
    Dcv {
        method: *dice.weighted(&[
            (50, DcvMethod::DnsTxtToken),
            (30, DcvMethod::DnsCnameToken),
            (20, DcvMethod::Email),
        ]),
        token: dice.token(),
        token_date: moment(approved.unwrap_or(-2) - 1),
        checks: 0,
        approved: approved.map(moment),
        expires: expires.map(moment),
    }
}

fn domain(
    id: u64,
    name: &str,
    organization_id: Option<u64>,
    container_id: u64,
    dcv: Dcv,
    calendar: &Calendar,
) -> Domain {
    Domain {
        id,
        name: name.to_owned(),
        is_active: true,
        date_created: calendar.ahead(-400 - id.cast_signed() % 300, 8 * 3600),
        organization_id,
        container_id,
        validation_types: vec![ValidationType::Ov, ValidationType::Ev],
        dcv,
        locking: None,
    }
}
