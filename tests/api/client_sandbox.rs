//! The client against the sandbox: two readings of the same documents, which share no type.

use certdeck::certcentral::endpoints::{Answered, ListQuery, OrderQuery, RequestQuery};
use certdeck::certcentral::retry::RetryPolicy;
use certdeck::certcentral::wire::created::Created;
use certdeck::certcentral::{ApiError, Client, ClientOptions, Fate};
use certdeck::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId};
use certdeck::domain::order::{Order, OrderSummary};
use certdeck::domain::status::{OrderStatus, RequestStatus};
use certdeck::domain::write::{Method, WriteKind};
use certdeck::sandbox::{Sandbox, SandboxOptions};
use secrecy::SecretString;

use crate::client_support::{client as scripted, duplicate, write};

async fn sandbox() -> Sandbox {
    let address = "127.0.0.1:0".parse().unwrap();
    Sandbox::start(address, SandboxOptions::default())
        .await
        .unwrap()
}

/// A client without windows and without waiting between tries.
fn client(sandbox: &Sandbox) -> Client {
    let options = ClientOptions {
        windows: Vec::new(),
        retry: RetryPolicy {
            base: std::time::Duration::from_millis(1),
            rate_limit_base: std::time::Duration::from_millis(1),
            ..RetryPolicy::default()
        },
        ..ClientOptions::default()
    };
    Client::with_options(&sandbox.url(), &SecretString::from(sandbox.key()), options).unwrap()
}

fn created(answered: Answered) -> Created {
    match answered {
        Answered::Created(created) => *created,
        other => panic!("{other:?}"),
    }
}

async fn all_orders(client: &Client, limit: u64) -> Vec<OrderSummary> {
    let mut query = OrderQuery {
        limit,
        ..OrderQuery::default()
    };
    let mut rows = Vec::new();
    loop {
        let page = client.reads().list_orders(&query).await.unwrap();
        rows.extend(page.rows.iter().map(|row| row.summary()));
        query.offset = rows.len() as u64;
        if Some(query.offset) == page.total {
            return rows;
        }
    }
}

/// An issued TLS order that allows duplicates.
async fn duplicable(client: &Client) -> Order {
    for row in all_orders(client, 1000).await {
        if row.status == OrderStatus::Issued && row.product.name_id == "ssl_plus" {
            let order = client.reads().order(row.id).await.unwrap();
            if order.allow_duplicates == Some(true) {
                return order;
            }
        }
    }
    panic!("the account has no order that allows duplicates");
}

fn csr(name: &str) -> String {
    let key = rcgen::KeyPair::generate().unwrap();
    let parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
    let csr = parameters.serialize_request(&key).unwrap();
    csr.pem().unwrap()
}

fn body(order: &Order, csr: &str) -> String {
    serde_json::json!({ "certificate": {
        "common_name": order.certificate.common_name,
        "csr": csr,
        "signature_hash": "sha256",
    } })
    .to_string()
}

#[tokio::test]
async fn every_order_is_listed_once_whatever_the_page() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let whole = all_orders(&client, 1000).await;
    assert_eq!(whole.len(), 250);
    let paged = all_orders(&client, 33).await;
    assert_eq!(paged, whole);
    let known = |row: &OrderSummary| !matches!(row.status, OrderStatus::Other(_));
    assert!(whole.iter().all(known));
    assert!(whole.iter().all(|row| row.created.is_some()));
    assert!(whole.iter().all(|row| !row.product.kind.is_empty()));
}

#[tokio::test]
async fn the_list_and_the_order_say_the_same() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    for row in all_orders(&client, 1000).await.iter().step_by(3) {
        let order = client.reads().order(row.id).await.unwrap();
        assert_eq!(order.id, row.id);
        assert_eq!(order.status, row.status, "{}", row.id);
        assert_eq!(order.certificate.common_name, row.common_name);
        assert_eq!(order.certificate.serial, row.serial, "{}", row.id);
        assert_eq!(order.certificate.valid_till, row.valid_till);
        assert_eq!(order.order_valid_till, row.order_valid_till);
        assert_eq!(order.product.name_id, row.product.name_id);
        let ids = |o: &Option<certdeck::domain::order::Organization>| o.as_ref().and_then(|o| o.id);
        assert_eq!(ids(&order.organization), ids(&row.organization));
    }
}

#[tokio::test]
async fn an_order_is_found_by_its_number() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let reads = client.reads();
    let order = duplicable(&client).await;
    let (first, other) = (order.id, all_orders(&client, 1000).await[0].id);
    for ids in [vec![first], vec![first, other]] {
        let query = OrderQuery {
            ids,
            ..OrderQuery::default()
        };
        let page = reads.list_orders(&query).await.unwrap();
        let found = page.rows.iter().any(|row| row.id == order.id);
        assert!(found, "{query:?}");
        assert!(page.rows.len() < 250, "{query:?}");
    }
}

#[tokio::test]
async fn every_read_is_understood() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let r = client.reads();
    let session = r.session().await.unwrap();
    assert!(session.user_id.is_some() && session.account_id.is_some());
    assert!(session.roles.iter().any(|role| role == "Administrator"));
    let products = r.products().await.unwrap();
    assert!(products.iter().any(|p| p.product.name_id == "ssl_plus"));
    let product = r.product("ssl_plus", None).await.unwrap();
    assert_eq!(product.duplicates_allowed, Some(true));
    assert!(!product.platforms.is_empty() && !product.icas.is_empty());
    assert!(!product.hashes.is_empty());
    let containers = r.containers().await.unwrap();
    let container = ContainerId(containers[0].id.unwrap());
    r.product_limits(container).await.unwrap();
    let query = ListQuery::default();
    let organizations = r.list_organizations(&query).await.unwrap().rows;
    let mut validated = false;
    for organization in &organizations {
        let id = OrganizationId(organization.id.unwrap());
        validated |= !r.validations_of(id).await.unwrap().is_empty();
    }
    assert!(validated);
    let domains = r.list_domains(&query).await.unwrap().rows;
    let domain = r.domain(domains[0].id.unwrap()).await.unwrap();
    assert_eq!(domain.name, domains[0].name);
    r.custom_field_definitions().await.unwrap();
    r.status_changes(604_800).await.unwrap();
    let requests = r.list_requests(&RequestQuery::default()).await.unwrap();
    let known = |status: &RequestStatus| !matches!(status, RequestStatus::Other(_));
    assert!(requests.rows.iter().all(|request| known(&request.status)));
    let waiting = r.waiting_requests().await.unwrap();
    assert!(!waiting.is_empty());
    let request = r.request(waiting[0].id).await.unwrap();
    assert_eq!(request.order, waiting[0].order);
}

#[tokio::test]
async fn a_duplicate_is_made_approved_found_by_its_csr_and_downloaded() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let (reads, writes) = (client.reads(), client.writes());
    let order = duplicable(&client).await;
    let csr = csr(&order.certificate.common_name);
    let outgoing = duplicate(order.id, &body(&order, &csr));
    let created = created(writes.answer(&outgoing).await.unwrap());
    assert_eq!(created.order(), Some(order.id));
    if let Some(request) = created.request() {
        let approve = r#"{"status": "approved"}"#;
        let path = format!("/request/{request}/status");
        let approve = write(WriteKind::Approve, Method::Put, &path, approve);
        writes.answer(&approve).await.unwrap();
    }
    sandbox.advance(std::time::Duration::from_mins(1));
    let words = |text: &str| text.split_whitespace().collect::<String>();
    let duplicates = reads.duplicates(order.id, true).await.unwrap();
    let mut ours = duplicates.iter().filter(|row| {
        row.csr
            .as_ref()
            .is_some_and(|text| words(&text.0) == words(&csr))
    });
    let ours = ours.next().expect("the duplicate is listed with its CSR");
    assert!(ours.status.as_ref().unwrap().is_issued());
    let id = ours.id.unwrap();
    let chain = reads.chain(id).await.unwrap();
    assert!(chain.len() >= 2);
    let pem = reads.pem(id).await.unwrap();
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
}

#[tokio::test]
async fn a_reissue_is_asked_for() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let order = duplicable(&client).await;
    let csr = csr(&order.certificate.common_name);
    let body = body(&order, &csr);
    let path = format!("/order/certificate/{}/reissue", order.id);
    let reissue = write(WriteKind::Reissue, Method::Post, &path, &body);
    let created = created(client.writes().answer(&reissue).await.unwrap());
    assert_eq!(created.order(), Some(order.id));
    assert!(created.request().is_some() || created.certificate().is_some());
    let after = client.reads().order(order.id).await.unwrap();
    assert!(after.requests.len() >= order.requests.len());
}

#[tokio::test]
async fn refusals_say_why() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let missing = client.reads().order(OrderId(1)).await.unwrap_err();
    assert!(matches!(missing, ApiError::NotFound { .. }), "{missing}");
    assert!(missing.has_code("not_found"), "{missing}");
    let order = duplicable(&client).await;
    let writes = client.writes();
    let garbage = duplicate(order.id, &body(&order, "garbage"));
    let refused = writes.answer(&garbage).await.unwrap_err();
    assert!(refused.has_code("csr_invalid_cannot_parse"), "{refused}");
    assert_eq!(refused.fate(), Fate::Refused);
    let refused = writes.answer(&duplicate(order.id, "{")).await.unwrap_err();
    assert!(refused.has_code("bad_request_format"), "{refused}");
    let stranger = scripted(&sandbox.url(), ClientOptions::default());
    let refused = stranger.reads().me().await.unwrap_err();
    assert!(matches!(refused, ApiError::InvalidKey { .. }), "{refused}");
    let gone = client.reads().pem(CertificateId(1)).await.unwrap_err();
    assert!(!gone.errors().is_empty(), "{gone}");
}

#[tokio::test]
async fn reads_get_through_bad_weather() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let order = duplicable(&client).await;
    for fault in ["500", "reset", "429", "truncate", "html502", "cut", "503"] {
        sandbox.set_faults(&format!("{fault}@order#1-2")).unwrap();
        let read = client.reads().order(order.id).await;
        assert_eq!(read.unwrap().id, order.id, "{fault}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_told_as_unknown_and_the_work_was_done_once() {
    let sandbox = sandbox().await;
    let client = client(&sandbox);
    let order = duplicable(&client).await;
    for (fault, fate, done) in [
        ("lost", Fate::Unknown, true),
        ("truncate", Fate::Unknown, true),
        ("cut", Fate::Unknown, true),
        ("reset", Fate::Unknown, false),
        ("500", Fate::Unknown, false),
        ("html502", Fate::Unknown, false),
        ("429", Fate::Refused, false),
    ] {
        let before = client.reads().order(order.id).await.unwrap().requests.len()
            + client
                .reads()
                .duplicates(order.id, true)
                .await
                .unwrap()
                .len();
        let calls = sandbox.calls_of("duplicate");
        sandbox.set_faults(&format!("{fault}@duplicate#1")).unwrap();
        let csr = csr(&order.certificate.common_name);
        let body = body(&order, &csr);
        let sent = client.writes().answer(&duplicate(order.id, &body)).await;
        let error = sent.unwrap_err();
        assert_eq!(error.fate(), fate, "{fault}: {error}");
        assert_eq!(sandbox.calls_of("duplicate"), calls + 1, "{fault}");
        sandbox.set_faults("").unwrap();
        let after = client.reads().order(order.id).await.unwrap().requests.len()
            + client
                .reads()
                .duplicates(order.id, true)
                .await
                .unwrap()
                .len();
        // One effect shows as a request, as a certificate, or as both.
        assert_eq!(after > before, done, "{fault}");
    }
}
