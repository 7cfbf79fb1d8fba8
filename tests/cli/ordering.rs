//! New orders and renewals: through the forms of the desk, shown before, and bought once.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use certdeck::sandbox::model::Approval;
use rstest::rstest;
use serde_json::{Value, json};

use crate::desk::{DESK, Desk, state, told};
use crate::support::{Ran, ran};

/// The only row of a command.
fn row(ran: &Ran) -> Value {
    let json: Value = serde_json::from_str(&ran.out)
        .unwrap_or_else(|_| panic!("{}: {}{}", ran.code, ran.out, ran.err));
    assert_eq!(json["rows"].as_array().unwrap().len(), 1, "{}", ran.out);
    json["rows"][0].clone()
}

/// The request of the only row.
fn request(ran: &Ran) -> Value {
    let (code, rows) = told(ran);
    assert_eq!(
        (code, &*rows[0][0]),
        (0, "dry_run"),
        "{}{}",
        ran.out,
        ran.err
    );
    serde_json::from_str(&rows[0][2]).unwrap()
}

fn placed(desk: &Desk) -> u64 {
    desk.server.sandbox().calls_of("place")
}

#[test]
fn what_a_new_order_lacks_is_told_at_once_with_the_option_that_gives_it() {
    let desk = Desk::start();
    for (line, code, words) in [
        (
            "order ssl_basic --dry-run",
            1,
            &["--csr", "--new-key", "--common-name", "--organization"][..],
        ),
        // A new organization is typed in full: some of it by its path.
        (
            "order ssl_basic --csr server.csr --common-name shop.example.net --organization new --dry-run",
            1,
            &["--set organization.name=", "--organization-contact"],
        ),
        (
            "order nosuch --csr server.csr --dry-run",
            2,
            &["ssl_basic (Basic OV)"],
        ),
        (
            "order ssl_basic --csr server.csr --organization 'No such Ltd' --dry-run",
            2,
            &["not offered", "2001 (Example Trading GmbH)"],
        ),
        ("order ssl_basic --as-duplicate", 2, &["--as-duplicate"]),
        (
            "order ssl_basic --new-key p256 --out certs/{order}/{part}.pem --yes",
            2,
            &["{name}"],
        ),
        // A number is an order to show.
        ("order 100000016 --yes", 2, &["certdeck renew"]),
        ("renew 100000046 --csr server.csr", 2, &["--yes"]),
    ] {
        let ran = desk.run(line);
        assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
        for word in words {
            assert!(ran.err.contains(word), "{line}: no {word} in {}", ran.err);
        }
    }
    assert_eq!(placed(&desk), 0);
}

#[test]
fn a_product_is_ordered_once_with_a_csr_and_its_number_is_told() {
    let desk = Desk::start();
    let line = "order ssl_basic --csr server.csr --common-name shop.example.com --dns-name www.shop.example.com \
                --organization 'example trading gmbh' --order-years 2 --payment-method balance --auto-renew \
                --notify ops@example.com --set dcv_method=dns-txt-token";
    let asked = request(&desk.run(&format!("{line} --dry-run --json")));
    assert_eq!(placed(&desk), 0);
    for (path, value) in [
        ("/certificate/common_name", json!("shop.example.com")),
        ("/certificate/dns_names", json!(["www.shop.example.com"])),
        ("/organization/id", json!(2001)),
        ("/order_validity/years", json!(2)),
        ("/payment_method", json!("balance")),
        ("/auto_renew", json!(1)),
        ("/additional_emails", json!(["ops@example.com"])),
        ("/dcv_method", json!("dns-txt-token")),
    ] {
        assert_eq!(asked.pointer(path), Some(&value), "{path} in {asked:#}");
    }

    let sent = row(&desk.run(&format!("{line} --yes --json")));
    assert_eq!(placed(&desk), 1);
    let number = sent["order"].as_u64().unwrap();
    desk.server.sandbox().with_account(|account| {
        let order = account.order(number).expect("the order of the row");
        let name = order.primary().common_name.as_deref();
        assert_eq!(name, Some("shop.example.com"));
    });
    // The same CSR is bought once.
    let again = desk.run(&format!("{line} --yes --json"));
    assert_eq!(state(&again), (3, "already".to_owned()));
    assert_eq!(placed(&desk), 1);
}

#[test]
fn a_new_key_is_on_the_disk_and_its_certificate_beside_it() {
    let desk = Desk::start();
    let line = "order ssl_basic --new-key p256 --common-name shop.example.com --organization 2001 --out certs";
    let shown = desk.run(&format!("{line} --dry-run --json"));
    let csr = request(&shown)["certificate"]["csr"].clone();
    assert!(csr.as_str().unwrap().starts_with("(of the key"), "{csr}");
    assert!(!desk.home.path("certs").exists());

    let ran = desk.run(&format!("{line} --wait=1m --yes --json"));
    let row = row(&ran);
    assert_eq!((ran.code, &row["state"]), (0, &json!("issued")), "{row}");
    let key = Path::new(row["key_file"].as_str().unwrap());
    let mode = std::fs::metadata(key).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let file = desk.home.path("").join(row["file"].as_str().unwrap());
    assert_eq!(key.parent(), file.parent());
    let part = desk.run(&format!("get {} --part fullchain -o got.pem", row["order"]));
    assert_eq!(part.code, 0, "{}", part.err);
    let got = std::fs::read_to_string(desk.home.path("got.pem")).unwrap();
    assert_eq!(std::fs::read_to_string(file).unwrap(), got);
}

#[test]
fn an_order_is_renewed_once_as_it_was() {
    let desk = Desk::start();
    let old = desk.server.pick_to_renew(Approval::OneStep).id;
    let line = format!("renew {old} --csr server.csr");
    let asked = request(&desk.run(&format!("{line} --dry-run --json")));
    assert_eq!(asked["renewal_of_order_id"], json!(old));
    let (organization, name) = desk.server.sandbox().with_account(|account| {
        let order = account.order(old).unwrap();
        (order.organization_id, order.primary().common_name.clone())
    });
    assert_eq!(asked["organization"]["id"], json!(organization));
    assert_eq!(asked["certificate"]["common_name"], json!(name));

    let sent = desk.run(&format!("{line} --yes --json"));
    assert_eq!(state(&sent), (4, "waiting_for_approval".to_owned()));
    assert_ne!(row(&sent)["order"], json!(old), "the number of the new one");
    assert_eq!(placed(&desk), 1);
    for again in [&line, &format!("renew {old} --new-key p256 --out certs")] {
        let again = desk.run(&format!("{again} --yes --json"));
        assert_eq!(state(&again), (3, "already".to_owned()), "{}", again.err);
    }
    assert_eq!(placed(&desk), 1);
    assert!(!desk.home.path("certs").exists(), "no key for nothing");
}

#[test]
fn an_order_that_waits_is_taken_up_and_not_bought_again() {
    let desk = Desk::start();
    let division = desk.server.sandbox().with_account(|account| {
        let mut all = account.containers.iter();
        let asks = all.find(|one| one.approval == Approval::OneStep && one.is_active);
        asks.unwrap().id
    });
    let line = format!(
        "order ssl_basic --new-key p256 --common-name shop.example.com --organization 2001 --division {division} \
         --out certs --yes --json"
    );
    let first = desk.run(&line);
    let waits = (4, "waiting_for_approval".to_owned());
    assert_eq!(state(&first), waits, "{}", first.err);
    let number = row(&first)["order"].clone();
    let key = row(&first)["key_file"].clone();
    // A key made anew does not make it another order while that waits.
    assert_eq!(state(&desk.run(&line)), (3, "skipped".to_owned()));
    assert_eq!(placed(&desk), 1);

    let request = desk.server.requests(number.as_u64().unwrap())[0].id;
    let approved = desk.run(&format!("approve {request} --yes --json"));
    assert_eq!(state(&approved), (0, "done".to_owned()));
    let resumed = desk.run("resume --out certs --json --wait=1m");
    let resumed = row(&resumed);
    assert_eq!(
        (&resumed["order"], &resumed["state"], &resumed["key_file"]),
        (&number, &json!("issued"), &key)
    );
    let file = desk.home.path("").join(resumed["file"].as_str().unwrap());
    assert_eq!(Path::new(key.as_str().unwrap()).parent(), file.parent());
    assert_eq!(placed(&desk), 1);
}

#[test]
fn what_is_asked_for_and_what_is_shown_before() {
    let told = DESK.transcript(&[
        "certdeck order ssl_basic --dry-run --columns state,detail",
        "certdeck order ssl_basic --new-key p256 --out certs --common-name shop.example.net --organization 2001 --dry-run --columns common_name,state",
        "certdeck renew 100000048 --new-key p256 --out certs --dry-run --csv --columns order,common_name,state,action",
        "certdeck renew 100000049 --csr server.csr --dry-run --json --columns order,state,detail",
        "certdeck domain token expired.example example.org --dry-run",
        "certdeck domain method expired.example dns-cname-token --dry-run --json --columns common_name,state,request",
        "certdeck domain check nosuch.example --dry-run",
    ]);
    // Our own reference is another with each try.
    let lines = told
        .lines()
        .map(|line| match line.split_once("\"certdeck-") {
            Some((before, _)) => format!("{before}\"REFERENCE\""),
            None => line.to_owned(),
        });
    let lines: Vec<String> = lines.collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// Of a DV order the domains are validated anew: what has to stand where is told with the order.
#[test]
fn a_dv_order_says_what_has_to_stand_where() {
    let desk = Desk::start();
    let line = "order ssl_dv_geotrust --csr server.csr --common-name shop.elsewhere.example --dcv-method dns-txt-token";
    let ran = desk.run(&format!("{line} --yes --json"));
    assert_eq!(state(&ran), (4, "waiting_for_certificate".to_owned()));
    let record = row(&ran)["record"].clone();
    let record = record.as_str().unwrap();
    assert!(record.contains(". IN TXT \""), "{record}");
    assert_eq!(row(&desk.run("resume --json"))["record"], json!(record));
}

#[test]
fn an_order_whose_answer_is_lost_is_found_and_not_bought_again() {
    let desk = Desk::start();
    desk.server.sandbox().set_faults("lost@place").unwrap();
    let old = desk.server.pick_to_renew(Approval::OneStep).id;
    for line in [
        "order ssl_basic --csr server.csr --common-name shop.example.com --organization 2001"
            .to_owned(),
        format!("renew {old} --new-key p256 --out certs"),
    ] {
        let before = placed(&desk);
        for _ in 0..2 {
            let ran = desk.run(&format!("{line} --yes --json"));
            let (code, state) = state(&ran);
            assert!([1, 3, 4].contains(&code), "{code} {state}: {}", ran.err);
            assert_eq!(placed(&desk), before + 1, "{line}: {state}");
        }
    }
    let resumed = desk.run("resume --json");
    assert_eq!(resumed.code, 4, "{}{}", resumed.out, resumed.err);
    assert_eq!(placed(&desk), 2);
}

/// What is printed of one request is the same request again, without another option.
#[test]
fn a_request_that_was_printed_fills_the_form_in() {
    let desk = Desk::start();
    let id = desk.server.pick(Approval::OneStep).id;
    let old = desk.server.pick_to_renew(Approval::OneStep).id;
    desk.server.sandbox().change_account(|account| {
        account.order_mut(old).unwrap().auto_renew = 1;
        account.order_mut(id).unwrap().is_multi_year_plan = true;
    });
    let organization = [
        ("name", "Example Works Ltd"),
        ("address", "1 Example Street"),
        ("city", "Exampleton"),
        ("state", "Exampleshire"),
        ("country", "gb"),
        ("telephone", "+44 20 0000 0000"),
        ("contacts.organization_contact.first_name", "Robin"),
        ("contacts.organization_contact.last_name", "Example"),
        ("contacts.organization_contact.job_title", "Director"),
        (
            "contacts.organization_contact.telephone",
            "+44 20 0000 0001",
        ),
        ("contacts.organization_contact.email", "robin@example.com"),
    ];
    let organization =
        organization.map(|(path, text)| format!("--set 'organization.{path}={text}'"));
    let organization = organization.join(" ");
    let same = |body: &Value| {
        let mut body = body.clone();
        // Our own reference is another with each try.
        body.as_object_mut().unwrap().remove("alternative_order_id");
        body
    };
    for (command, options) in [
        (
            format!("duplicate {id}"),
            "--csr server.csr --set custom_expiration_date=2027-01-01".to_owned(),
        ),
        (
            format!("reissue {id}"),
            "--csr server.csr --valid-days 30 --comments 'as agreed' --signature-hash sha384".to_owned(),
        ),
        (
            "order ssl_basic".to_owned(),
            format!(
                "--csr server.csr --common-name shop.example.com --custom-field ticket=77 {organization}"
            ),
        ),
        (
            "order ssl_dv_geotrust".to_owned(),
            "--csr server.csr --common-name shop.example.com --dcv-method email --set dcv_emails=admin@example.com"
                .to_owned(),
        ),
        (
            format!("renew {old}"),
            "--csr server.csr --order-days 200 --set auto_renew=false --set payment_method=".to_owned(),
        ),
    ] {
        let first = desk.run(&format!("{command} {options} --dry-run --json"));
        let asked = request(&first);
        // The whole output, and the body alone.
        for text in [first.out, asked.to_string()] {
            std::fs::write(desk.home.path("asked.json"), text).unwrap();
            let again = desk.run(&format!("{command} --from asked.json --dry-run --json"));
            assert_eq!(same(&request(&again)), same(&asked), "{command}");
        }
        let other = desk.run(&format!(
            "{command} --from asked.json --new-key p256 --out certs --dry-run --json"
        ));
        let mut other = same(&request(&other));
        assert_ne!(other["certificate"]["csr"], asked["certificate"]["csr"]);
        other["certificate"]["csr"] = asked["certificate"]["csr"].clone();
        assert_eq!(other, same(&asked), "{command}: all but what was given besides");
    }
    // A draft is as the form begins where nothing was typed.
    let draft = json!({"fields": {"comments": "from a draft", "cert_validity": "days", "cert_validity.days": "20"}});
    std::fs::write(desk.home.path("draft.json"), draft.to_string()).unwrap();
    let line = format!("reissue {id} --from draft.json --csr server.csr --dry-run --json");
    let asked = request(&desk.run(&line));
    assert_eq!(asked["comments"], "from a draft");
    assert_eq!(asked["certificate"]["cert_validity"], json!({"days": 20}));
    let asked = request(&desk.run(&format!(
        "{line} --comments other --set cert_validity.years=1"
    )));
    assert_eq!(asked["comments"], "other");
    assert_eq!(asked["certificate"]["cert_validity"], json!({"years": 1}));

    for (text, code, word) in [
        (
            r#"{"certificate": {"colour": "red"}}"#,
            2,
            "certificate.colour",
        ),
        (r#"{"fields": {"colour": "red"}}"#, 2, "colour"),
        (r#"{"auto_renew": 1}"#, 1, "auto_renew"),
        ("nothing", 2, "no JSON"),
    ] {
        std::fs::write(desk.home.path("wrong.json"), text).unwrap();
        let ran = desk.run(&format!(
            "reissue {id} --from wrong.json --csr server.csr --dry-run"
        ));
        assert_eq!(ran.code, code, "{text}: {}{}", ran.out, ran.err);
        assert!((ran.err + &ran.out).contains(word), "{text}");
    }
    let ran = desk.run("order ssl_basic --csr - --from - --dry-run");
    assert_eq!(ran.code, 2, "{}", ran.err);
    let ran = desk.run("order ssl_basic --csr server.csr --custom-field nosuch=1 --dry-run");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(
        ran.err.contains("nosuch") && ran.err.contains("14 (Ticket)"),
        "{}",
        ran.err
    );
    let sandbox = desk.server.sandbox();
    let calls = ["place", "reissue", "duplicate"].map(|name| sandbox.calls_of(name));
    assert_eq!(calls, [0, 0, 0]);
}

/// What cannot be meant is refused before anything is asked.
#[rstest]
#[case::twice(&["--common-name", "a.example.net", "--set", "certificate.common_name=b.example.net"], "certificate.common_name is given twice")]
#[case::custom_twice(&["--custom-field", "ticket=1", "--custom-field", "ticket=2"], "ticket is given twice")]
#[case::own(&["--set", "alternative_order_id=mine"], "fills in alternative_order_id itself")]
#[case::csr(&["--set", "certificate.csr=abc"], "--csr")]
#[case::no_folder(&["--out", ""], "--out is empty")]
fn what_cannot_be_meant_is_refused(#[case] options: &[&str], #[case] why: &str) {
    let mut command = DESK.command(&["order", "ssl_basic", "--csr", "server.csr", "--yes"]);
    let before = DESK.server.sandbox().calls_of("place");
    let ran = ran(command.args(options));
    assert_eq!(ran.code, 2, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(why), "{}", ran.err);
    assert_eq!(DESK.server.sandbox().calls_of("place"), before);
}

/// Of several that order or renew the same at once one does.
#[rstest]
#[case::order(&["order", "ssl_basic", "--common-name", "at-once.example.net", "--organization", "2001", "--order-years", "1"])]
#[case::renewal(&["renew", "ORDER", "--order-years", "1"])]
fn of_several_at_once_one_buys(#[case] words: &[&str]) {
    let desk = Desk::start();
    let sandbox = desk.server.sandbox();
    let order = desk.server.pick_to_renew(Approval::Off).id.to_string();
    let words = words
        .iter()
        .map(|word| if *word == "ORDER" { &*order } else { word });
    let words: Vec<&str> = words.collect();
    let before = sandbox.with_account(|account| account.orders().len());
    sandbox.set_faults("latency=8s@place").unwrap();
    let mut running = Vec::new();
    for folder in ["one", "two", "three"] {
        let mut command = desk.command(&words);
        command.args(["--new-key", "p256", "--out", folder, "--yes", "--json"]);
        let piped = std::process::Stdio::piped;
        running.push(command.stdout(piped()).stderr(piped()).spawn().unwrap());
    }
    let ended = running
        .into_iter()
        .map(|one| one.wait_with_output().unwrap());
    let mut codes: Vec<Option<i32>> = ended.map(|output| output.status.code()).collect();
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(3), Some(3)]);
    let after = sandbox.with_account(|account| account.orders().len());
    assert_eq!(after, before + 1);
}
