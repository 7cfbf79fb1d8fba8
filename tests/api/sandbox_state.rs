//! `--state FILE`: what a client was told is there again, whenever the sandbox came to its end.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use certdeck::sandbox::{Sandbox, SandboxOptions};
use reqwest::Method;
use serde_json::{Value, json};

use super::sandbox_support::{Api, MAIN, ONE_STEP, TWO_STEP, csr, duplicate, tls_order};

fn options(file: &Path) -> SandboxOptions {
    SandboxOptions {
        orders: 40,
        state_file: Some(file.to_owned()),
        issue_delay: Duration::ZERO,
        ..SandboxOptions::default()
    }
}

/// Both files as they are now, which is what a kill leaves behind.
fn left_behind(file: &Path, to: &str) -> PathBuf {
    let folder = file.parent().unwrap().join(to);
    std::fs::create_dir(&folder).unwrap();
    for name in ["state", "state.journal"] {
        std::fs::copy(file.with_file_name(name), folder.join(name)).unwrap();
    }
    folder.join("state")
}

/// One of each change that the API knows; gives the paths where they are seen.
async fn change_everything(api: &Api) -> Vec<String> {
    let (order, certificate) = api.issued(&["shop.example.net"]).await;
    let info = format!("order/certificate/{order}");
    let copies = format!("{info}/duplicate");
    let body = duplicate(&["shop.example.net"]);
    api.post(&copies, &body).await.expect(201);
    api.post(&format!("{info}/reissue"), &body)
        .await
        .expect(201);
    api.post(&format!("{info}/note"), &json!({ "text": "Called" }))
        .await
        .expect(201);
    api.post(
        &format!("{info}/custom-field"),
        &json!({ "metadata_id": 12, "value": "17" }),
    )
    .await
    .expect(204);
    let approved = api.place(ONE_STEP, &["a.example.net"]).await;
    let rejected = api.place(TWO_STEP, &["b.example.net"]).await;
    for (placed, status) in [(&approved, "approved"), (&rejected, "rejected")] {
        let path = format!("request/{}/status", placed["requests"][0]["id"]);
        let body = json!({ "status": status, "processor_comment": "Seen" });
        api.put(&path, &body).await.expect(204);
    }
    let mut with_token = tls_order(MAIN, &["new.somewhere.example"]);
    with_token["dcv_method"] = json!("dns-txt-token");
    let waiting = api
        .post("order/certificate/ssl_multi_domain", &with_token)
        .await
        .expect(201);
    let check = format!("order/certificate/{}/check-dcv", waiting["id"]);
    api.put(&check, &Value::Null).await.expect(200);
    api.put(&check, &Value::Null).await.expect(200);
    let later = api
        .post(
            "order/certificate/client_premium",
            &json!({
                "certificate": { "common_name": "Ada", "emails": ["ada@example.net"], "signature_hash": "sha256" },
                "organization": { "id": 2001 },
                "order_validity": { "years": 1 },
            }),
        )
        .await
        .expect(201);
    api.post(
        &format!("order/certificate/{}/csr", later["id"]),
        &json!({ "csr": csr() }),
    )
    .await
    .expect(204);
    api.put(
        &format!("certificate/{certificate}/revoke"),
        &json!({ "skip_approval": true }),
    )
    .await
    .expect(204);
    api.post("domain", &json!({ "name": "added.example", "organization": { "id": 2001 }, "validations": [{ "type": "ov" }] }))
        .await
        .expect(201);
    api.put("domain/4001/dcv/method", &json!({ "dcv_method": "email" }))
        .await
        .expect(200);
    api.put("organization/2002/deactivate", &Value::Null)
        .await
        .expect(204);
    api.post("user", &json!({ "username": "robot", "is_api_only": true }))
        .await
        .expect(201);
    api.post("account/metadata", &json!({ "label": "Ticket" }))
        .await
        .expect(201);
    api.post("container/1001/children", &json!({ "name": "Below" }))
        .await
        .expect(201);
    // What a reader makes counts too: keys and signatures of a made-up account come to be when they are looked at.
    let made_up = api
        .get("order/certificate?filters[status]=issued&sort=order_id&limit=3")
        .await
        .expect(200);
    let mut seen: Vec<String> = made_up["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("order/certificate/{}", row["id"]))
        .collect();
    let pending = api
        .get("order/certificate?filters[status]=pending&limit=3")
        .await
        .expect(200);
    seen.push(format!("order/certificate/{}", pending["orders"][0]["id"]));
    for order in [&approved, &rejected, &waiting, &later] {
        seen.push(format!("order/certificate/{}", order["id"]));
    }
    let request = &rejected["requests"][0]["id"];
    seen.extend([
        info.clone(),
        copies,
        format!("{info}/reissue"),
        format!("certificate/{certificate}/download/format/pem_all"),
        format!("request/{request}"),
        "order/certificate?sort=order_id&limit=1000".to_owned(),
        "request".to_owned(),
        "domain?include_validation=true".to_owned(),
        "organization?include_validation=true".to_owned(),
        "container".to_owned(),
        "user".to_owned(),
        "key".to_owned(),
        "account/metadata".to_owned(),
    ]);
    seen
}

async fn look(api: &Api, paths: &[String]) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for path in paths {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        seen.push((path.clone(), answer.text()));
    }
    seen
}

#[tokio::test]
async fn a_sandbox_that_was_killed_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let api = Api::with(options(&file)).await;
    api.sandbox
        .change_account(|account| account.ignores_chosen_ca = true);
    let paths = change_everything(&api).await;
    let before = look(&api, &paths).await;

    let copy = left_behind(&file, "killed");
    let again = Api::with(options(&copy)).await;
    for (before, after) in before.iter().zip(look(&again, &paths).await) {
        assert_eq!(*before, after);
    }
    again
        .sandbox
        .with_account(|account| assert!(account.ignores_chosen_ca));
    let next = again.place(MAIN, &["next.example.net"]).await;
    let taken = |(_, text): &(String, String)| text.contains(&next["id"].to_string());
    assert!(!before.iter().any(taken), "numbers are not given twice");
    let found = format!("order/certificate/{}", next["id"]);

    // And once more, from a journal that was gone on with.
    let copy = left_behind(&copy, "killed again");
    let third = Api::with(options(&copy)).await;
    third.get(&found).await.expect(200);
    assert_eq!(look(&third, &paths[..1]).await, before[..1]);
}

#[tokio::test]
async fn half_a_line_and_an_older_journal_are_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let api = Api::with(options(&file)).await;
    let first = api.place(ONE_STEP, &["a.example.net"]).await["id"].clone();
    let second = api.place(ONE_STEP, &["b.example.net"]).await["id"].clone();
    let path = |id: &Value| format!("order/certificate/{id}");

    let copy = left_behind(&file, "torn");
    let beside = copy.with_file_name("state.journal");
    let text = std::fs::read(&beside).unwrap();
    std::fs::write(&beside, &text[..text.len() - 7]).unwrap();
    let torn = Api::with(options(&copy)).await;
    torn.get(&path(&first)).await.expect(200);
    torn.get(&path(&second))
        .await
        .refused(404, "not_found|order");
    let request = torn.get("request").await.expect(200)["requests"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|request| request["order"]["id"] == second)
        .count();
    assert_eq!(request, 0, "a call is there as a whole or not at all");
    let instead = torn.place(ONE_STEP, &["c.example.net"]).await["id"].clone();
    assert_eq!(instead, second);

    let copy = left_behind(&file, "older");
    let note = json!({ "text": "Afterwards" });
    api.post(&format!("{}/note", path(&first)), &note)
        .await
        .expect(201);
    api.sandbox.stop().await.unwrap();
    assert!(
        !file.with_file_name("state.journal").exists(),
        "one file is left when it was stopped"
    );
    // Killed between the new file and its new journal.
    std::fs::copy(&file, &copy).unwrap();
    let older = Api::with(options(&copy)).await;
    let notes = older.get(&path(&first)).await.expect(200)["notes"].clone();
    assert_eq!(notes[0]["text"], "Afterwards");
    older.place(ONE_STEP, &["d.example.net"]).await;
    let copy = left_behind(&copy, "older, killed");
    let again = Api::with(options(&copy)).await;
    let notes = again.get(&path(&first)).await.expect(200)["notes"].clone();
    assert_eq!(notes[0]["text"], "Afterwards");
}

#[tokio::test]
async fn two_sandboxes_do_not_write_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let api = Api::with(options(&file)).await;
    let error = Sandbox::start("127.0.0.1:0".parse().unwrap(), options(&file))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("another sandbox"), "{error}");
    api.get("user/me").await.expect(200);
}

/// The program itself on this file, and its base URL.
fn start(file: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_certdeck"))
        .args(["sandbox", "--listen", "127.0.0.1:0", "--orders", "5"])
        .args(["--key", "made-up", "--no-limits", "--state"])
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .trim()
        .strip_prefix("listening on ")
        .unwrap()
        .to_owned();
    (child, url)
}

#[tokio::test]
async fn the_program_may_be_killed_right_after_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let call = |method: Method, url: &str, path: &str| {
        http.request(method, format!("{url}/{path}"))
            .header("X-DC-DEVKEY", "made-up")
    };
    let mut placed = Vec::new();
    for turn in 0..3 {
        let (mut child, url) = start(&file);
        for id in &placed {
            let path = format!("order/certificate/{id}");
            let answer = call(Method::GET, &url, &path).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{id}");
        }
        let body = tls_order(ONE_STEP, &[&format!("host-{turn}.example.net")]);
        let answer = call(Method::POST, &url, "order/certificate/ssl_multi_domain")
            .json(&body)
            .send()
            .await
            .unwrap();
        let answer: Value = answer.json().await.unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        placed.push(answer["id"].as_u64().unwrap());
    }
    assert_eq!(placed[0] + 2, placed[2]);
}
