//! A desk whose account answers oddly: what it holds is not forgotten, and nothing is asked for again and again.

use certdeck::app::account::SyncState;
use certdeck::app::model::Model;
use certdeck::app::msg::Msg;
use certdeck::sandbox::model::Approval;
use tempfile::TempDir;

use crate::account::Server;
use crate::between::Between;
use crate::desk::Desk;
use crate::draw;

/// Status, more header lines, body.
type Answer = (u16, String, String);

const ANSWERS: usize = 300;

fn body(text: &str) -> (u16, String, String) {
    (200, String::new(), text.to_owned())
}

fn header(desk: &Desk<'_>) -> String {
    let text = draw::text(&desk.model);
    text.lines().next().unwrap_or_default().to_owned()
}

fn count(model: &Model) -> usize {
    model.engine.account.orders.len()
}

/// Answers that say nothing of orders.
fn nothing() -> Vec<(u16, String, String)> {
    let mut answers: Vec<_> = [
        "",
        "null",
        "[]",
        "{}",
        r#"{"orders": null}"#,
        r#"{"orders": []}"#,
        r#"{"orders": [null]}"#,
        r#"{"page": {"total": 0, "limit": 1000, "offset": 5000}}"#,
        r#"{"page": {"total": 250, "limit": 1000, "offset": 0}}"#,
        r#"{"errors": [{"code": "backend", "message": "The backend is away."}]}"#,
        r#"{"message": "The backend is away."}"#,
        "<html><title>Sign in</title></html>",
        r#"{"orders": [{"id": 7"#,
        // Something like a list, of which nothing can be told apart.
        r#"{"orders": [{"status": "issued"}], "page": {"total": 1, "limit": 1000, "offset": 0}}"#,
        // One order only, which is not all that it counts.
        r#"{"orders": [{"id": 7}, {"id": 7}], "page": {"total": 2, "limit": 1000, "offset": 0}}"#,
    ]
    .into_iter()
    .map(body)
    .collect();
    answers.push((204, String::new(), String::new()));
    answers.push((
        202,
        String::new(),
        r#"{"page": {"total": 0, "offset": 0}}"#.to_owned(),
    ));
    answers
}

#[test]
fn the_list_is_forgotten_only_on_the_word_of_a_whole_one() {
    let server = Server::start();
    let between = Between::to(&server.sandbox().url());
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("store.db");
    let mut desk = Desk::through(&server, &between.url(), Some(store.clone()));
    let all = count(&desk.model);
    assert!(all > 200, "{all}");
    for answer in nothing() {
        let told = answer.2.clone();
        between.answer(move |method, path| {
            (method == "GET" && path.starts_with("/order/certificate?")).then(|| answer.clone())
        });
        desk.press("R");
        desk.settle();
        assert!(
            count(&desk.model) >= all,
            "{told}: {} of {all}",
            count(&desk.model)
        );
        assert!(
            matches!(desk.model.engine.account.sync, SyncState::Failed(_)),
            "{told}"
        );
        assert!(
            header(&desk).contains("stale since"),
            "{told}: {}",
            header(&desk)
        );
    }
    // Old on every screen, and across a restart; then the list comes, and is fresh.
    for key in ["2", "3", "1", "enter"] {
        desk.press(key);
        desk.settle();
        assert!(
            header(&desk).contains("stale since"),
            "{key}: {}",
            header(&desk)
        );
    }
    drop(desk);
    let mut desk = Desk::through(&server, &between.url(), Some(store.clone()));
    desk.cached();
    assert!(count(&desk.model) >= all, "{} of {all}", count(&desk.model));
    assert!(header(&desk).contains("stale since"), "{}", header(&desk));
    between.answer(|_, _| None);
    desk.press("R");
    desk.settle();
    assert!(!header(&desk).contains("stale"), "{}", header(&desk));
    // A whole list that is empty is one.
    between.answer(|_, path| {
        path.starts_with("/order/certificate?")
            .then(|| body(r#"{"page": {"total": 0, "limit": 1000, "offset": 0}}"#))
    });
    desk.press("R");
    desk.settle();
    assert!(matches!(desk.model.engine.account.sync, SyncState::Done(_)));
    drop(desk);
    let mut desk = Desk::through(&server, &between.url(), Some(store));
    desk.cached();
    assert_eq!(count(&desk.model), 0);
}

#[test]
fn what_the_account_says_went_wrong_can_be_read() {
    let server = Server::start();
    let between = Between::to(&server.sandbox().url());
    let mut desk = Desk::through(&server, &between.url(), None);
    let said = "Maintenance until 18:00 UTC.";
    for answer in [
        (
            200,
            format!(r#"{{"errors": [{{"code": "down", "message": "{said}"}}]}}"#),
        ),
        (
            503,
            format!(r#"{{"errors": [{{"code": "down", "message": "{said}"}}]}}"#),
        ),
        (503, said.to_owned()),
        (
            503,
            "<html><head><title>Sorry</title></head><body><h1>Maintenance</h1> until <b>18:00 UTC</b>.</body></html>"
                .to_owned(),
        ),
        (
            503,
            format!("<?xml version=\"1.0\"?><error><message>{said}</message></error>"),
        ),
    ] {
        between.answer(move |_, path| {
            let (status, body) = answer.clone();
            path.starts_with("/order/certificate?")
                .then(|| (status, "retry-after: 7200\r\n".to_owned(), body))
        });
        desk.press("R");
        desk.settle();
        let SyncState::Failed(failure) = &desk.model.engine.account.sync else {
            panic!("{:?}", desk.model.engine.account.sync);
        };
        let text = failure.what.replace("Maintenance until 18:00 UTC .", said);
        assert!(text.contains("Maintenance until 18:00 UTC"), "{text}");
        if failure.status == Some(503) && !text.contains("web page") {
            assert!(text.contains("asks to wait 2 h"), "{text}");
        }
    }
}

/// Each call that a desk makes while it is looked around in, by a part of its path, with answers that are well-formed
/// and of the kind, but not what is expected; and some that are not.
fn odd() -> Vec<(&'static str, Vec<Answer>)> {
    let failing = || vec![body("{}"), (500, String::new(), String::new())];
    let with = |bodies: &[&str]| {
        let mut all = failing();
        all.extend(bodies.iter().map(|text| body(text)));
        all
    };
    vec![
        (
            "/user/me",
            with(&[r#"{"id": 1}"#, r#"{"id": 1, "container": {"id": 99999}}"#]),
        ),
        ("/account", with(&[r#"{"id": 1}"#])),
        (
            "/order/certificate?",
            with(&[
                r#"{"orders": [{"id": 7}], "page": {"total": 90000000, "limit": 1, "offset": 0}}"#,
                r#"{"orders": [{"id": 7}]}"#,
            ]),
        ),
        (
            "/request?",
            with(&[
                r#"{"requests": [{"id": 7, "status": "pending"}], "page": {"total": 900000, "limit": 1, "offset": 0}}"#,
                r#"{"requests": [{"id": 7, "status": "pending", "order": {"id": 8}}], "page": {"total": 1, "limit": 1, "offset": 0}}"#,
            ]),
        ),
        (
            "/request/",
            with(&[
                r#"{"id": 1}"#,
                r#"{"id": 1, "status": "approved", "order": {"id": 5}}"#,
                "SAME approved",
                "SAME nonsense",
                "SAME",
            ]),
        ),
        (
            "/order/certificate/",
            with(&[
                r#"{"id": 1, "status": "issued"}"#,
                "SAME issued",
                "SAME nonsense",
                "SAME WITH REQUESTS",
            ]),
        ),
        (
            "/duplicate",
            with(&[
                r#"{"certificates": [{"id": 1}, {"id": 1}]}"#,
                r#"{"certificates": [{}]}"#,
            ]),
        ),
        ("/reissue", with(&[r#"{"certificates": [{"id": 1}]}"#])),
        (
            "/validation",
            with(&[
                r#"{"validations": [{"type": "ov"}]}"#,
                r#"{"validations": []}"#,
            ]),
        ),
        (
            "/domain",
            with(&[
                r#"{"domains": [{"id": 7, "name": "example.org"}], "page": {"total": 1}}"#,
                r#"{"id": 1, "name": "example.org"}"#,
                r#"{"domains": [{"id": 7, "name": "example.org"}], "page": {"total": 90000, "offset": 0}}"#,
            ]),
        ),
        ("/product/", with(&[r#"{"name_id": "other"}"#])),
        (
            "/status-changes",
            with(&[r#"{"orders": [{"order_id": 7}]}"#]),
        ),
        (
            "/organization?",
            with(&[r#"{"organizations": [{"id": 1}], "page": {"total": 90000, "offset": 0}}"#]),
        ),
        ("/container", with(&[r#"{"containers": [{"id": 1}]}"#])),
        (
            "/user?",
            with(&[r#"{"users": [{"id": 1}], "page": {"total": 90000}}"#]),
        ),
    ]
}

/// A body that is about the thing that was asked for.
fn same(text: &str, path: &str) -> String {
    let Some(rest) = text.strip_prefix("SAME") else {
        return text.to_owned();
    };
    let path = path.split('?').next().unwrap_or(path);
    let id = path.rsplit('/').next().unwrap_or_default();
    match rest.trim() {
        "" => format!(r#"{{"id": {id}}}"#),
        "WITH REQUESTS" => format!(
            r#"{{"id": {id}, "status": "needs_approval", "requests": [{{"id": 77, "status": "pending"}}, {{"id": 78, "status": "odd"}}]}}"#
        ),
        status => format!(r#"{{"id": {id}, "status": "{status}"}}"#),
    }
}

#[test]
fn a_desk_that_nobody_touches_asks_for_nothing_however_odd_the_answers_are() {
    let server = Server::start();
    let between = Between::to(&server.sandbox().url());
    let order = server.pick(Approval::OneStep).id;
    for (call, answers) in odd() {
        for (status, headers, text) in answers {
            let case = format!("{call}: {status} {text}");
            println!("{case}");
            between.answer(|_, _| None);
            let mut desk = Desk::through(&server, &between.url(), None);
            between.answer(move |method, path| {
                let exact = match call {
                    "/order/certificate/" | "/request/" | "/product/" => path
                        .strip_prefix(call)
                        .is_some_and(|rest| !rest.contains('/')),
                    "/account" | "/user/me" | "/container" => path == call,
                    _ => path.contains(call),
                };
                (method == "GET" && exact).then(|| (status, headers.clone(), same(&text, path)))
            });
            // Everything is read anew: lists, an order with all its tabs, the requests, a form.
            desk.press("R");
            desk.settle_within(ANSWERS, &case);
            desk.press("/");
            desk.type_text(&order.to_string());
            desk.press("enter enter");
            desk.settle_within(ANSWERS, &case);
            for _ in 0..5 {
                desk.press("o");
                desk.settle_within(ANSWERS, &case);
            }
            for key in [
                "d", "esc", "esc", "esc", "2", "enter", "R", "esc", "N", "esc",
            ] {
                desk.press(key);
                desk.settle_within(ANSWERS, &case);
            }
            // It rests: what is still due passes, and then nothing more is asked for.
            for _ in 0..3 {
                if desk.model.next_deadline().is_some() {
                    desk.wait_for_the_deadline_within(ANSWERS, &case);
                }
            }
            let before = between.calls().len();
            for (width, height) in [(80, 24), (120, 40), (200, 50)] {
                desk.tell(Msg::Resize(width, height));
                desk.settle_within(ANSWERS, &case);
                for _ in 0..5 {
                    if desk.model.next_deadline().is_some() {
                        desk.wait_for_the_deadline_within(ANSWERS, &case);
                    }
                    desk.tell(Msg::Deadline);
                    desk.settle_within(ANSWERS, &case);
                }
            }
            let asked = between.calls().split_off(before);
            // A wider screen may show an order beside the list that was not shown before: once each.
            assert!(asked.len() <= 12, "{case}: {asked:#?}");
            let mut each = asked.clone();
            each.sort();
            each.dedup();
            assert!(asked.len() < each.len() * 2 + 1, "{case}: {asked:#?}");
        }
    }
}
