//! Each function asks for what the documentation says: method, path, query, body.

use certdeck::certcentral::endpoints::{Answered, ListQuery, OrderQuery, OrderSort, RequestQuery};
use certdeck::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId, RequestId};
use certdeck::domain::status::{RequestKind, RequestStatus};
use certdeck::domain::write::{Method, WriteKind};

use crate::client_support::{Server, json, write};

const ORDER: OrderId = OrderId(123);
const CERTIFICATE: CertificateId = CertificateId(9);
const CONTAINER: ContainerId = ContainerId(77);

/// Makes one call and gives `METHOD target body` as the server saw it, brackets decoded.
macro_rules! asked {
    ($server:ident, $call:expr) => {{
        let _ = $call.await;
        let seen = $server.seen();
        let last = seen.last().unwrap();
        let target = last.target.replace("%5B", "[").replace("%5D", "]");
        let target = target.strip_prefix("/services/v2").unwrap();
        format!("{} {target} {}", last.method, last.body)
            .trim_end()
            .to_owned()
    }};
}

#[tokio::test]
async fn orders_are_listed_by_number_all_or_those_that_are_named() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let reads = server.client().reads();
    let (number, newest) = (OrderSort::Number, OrderSort::Newest);
    for (ids, filter, sort, key) in [
        (vec![], "", number, "order_id"),
        (vec![], "", newest, "-date_created"),
        (vec![ORDER], "filters[id]=123&", number, "order_id"),
        (
            vec![ORDER, OrderId(7)],
            "filters[id][0]=123&filters[id][1]=7&",
            number,
            "order_id",
        ),
    ] {
        let query = OrderQuery {
            ids,
            sort,
            limit: 5000,
            offset: 2000,
        };
        let asked = asked!(server, reads.list_orders(&query));
        let expected = format!("GET /order/certificate?{filter}sort={key}&limit=1000&offset=2000");
        assert_eq!(asked, expected);
    }
}

#[tokio::test]
async fn reads_go_to_their_paths() {
    let server = Server::start(vec![json(200, r#"{"id": 14}"#)]).await;
    let r = server.client().reads();
    let cases = [
        (asked!(server, r.order(ORDER)), "/order/certificate/123"),
        (
            asked!(server, r.orders_by_reference("a/b?c")),
            "/order/alternate/a%2Fb%3Fc",
        ),
        (
            asked!(server, r.status_changes(30)),
            "/order/certificate/status-changes?seconds=30",
        ),
        (
            asked!(server, r.duplicates(ORDER, true)),
            "/order/certificate/123/duplicate?show_archived=true",
        ),
        (
            asked!(server, r.reissues(ORDER, false)),
            "/order/certificate/123/reissue",
        ),
        (asked!(server, r.request(RequestId(5))), "/request/5"),
        (
            asked!(server, r.waiting_requests()),
            "/request?filters[status][0]=submitted&filters[status][1]=pending&sort=-date&limit=1000",
        ),
        (
            asked!(server, r.pem(CERTIFICATE)),
            "/certificate/9/download/format/pem_all",
        ),
        (asked!(server, r.chain(CERTIFICATE)), "/certificate/9/chain"),
        (asked!(server, r.products()), "/product"),
        (
            asked!(server, r.product("ssl_plus", Some(CONTAINER))),
            "/product/ssl_plus?container_id=77",
        ),
        (
            asked!(server, r.product_limits(CONTAINER)),
            "/container/77/product-limits",
        ),
        (
            asked!(server, r.organization_validations(OrganizationId(5))),
            "/organization/5/validation",
        ),
        (asked!(server, r.containers()), "/container"),
        (
            asked!(server, r.domain(7)),
            "/domain/7?include_dcv=true&include_validation=true",
        ),
        (asked!(server, r.me()), "/user/me"),
        (asked!(server, r.session()), "/account"),
        (
            asked!(server, r.custom_field_definitions()),
            "/account/metadata",
        ),
    ];
    for (asked, path) in cases {
        assert_eq!(asked, format!("GET {path}"));
    }
}

#[tokio::test]
async fn lists_with_conditions() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let r = server.client().reads();
    let requests = RequestQuery {
        status: vec![RequestStatus::Pending],
        kind: Some(RequestKind::Duplicate),
        search: Some("shop&co".into()),
        limit: Some(25),
        offset: 50,
        newest_first: true,
    };
    let asked = asked!(server, r.list_requests(&requests));
    let expected = "GET /request?filters[status]=pending&filters[type]=duplicate\
        &filters[search]=%25shop%26co&sort=-date&limit=25&offset=50";
    assert_eq!(asked, expected);
    let organizations = ListQuery {
        active: Some(true),
        search: Some("Exa".into()),
        ..ListQuery::default()
    };
    let asked = asked!(server, r.list_organizations(&organizations));
    let expected =
        "GET /organization?filters[status]=active&filters[search]=%25Exa&include_validation=true";
    assert_eq!(asked, expected);
    let domains = ListQuery {
        active: Some(false),
        offset: 10,
        ..ListQuery::default()
    };
    let asked = asked!(server, r.list_domains(&domains));
    let expected = "GET /domain?filters[status]=inactive&offset=10&include_dcv_expiration_time=true\
        &filters[include_validation_reuse_status]=true&limit=1000";
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn a_revocation_is_a_request_or_done_at_once() {
    let made = r#"{ "id": 5501, "date": "2026-03-01T10:00:00+00:00", "type": "revoke", "status": "pending",
        "requester": {"id": 14, "first_name": "Ada", "last_name": "Example", "email": "ada@example.net"}, "comments": "Key lost" }"#;
    let server = Server::start(vec![json(201, made), json(204, "")]).await;
    let writes = server.client().writes();
    let path = "/certificate/9/revoke";
    let revoke = write(WriteKind::RevokeCertificate, Method::Put, path, "{}");
    let Answered::Revocation(Some(request)) = writes.answer(&revoke).await.unwrap() else {
        panic!("a request was made");
    };
    assert_eq!(request.id, RequestId(5501));
    assert_eq!(request.kind, RequestKind::Revoke);
    let done = writes.answer(&revoke).await.unwrap();
    assert_eq!(done, Answered::Revocation(None));
}

#[tokio::test]
async fn all_waiting_requests_are_read_page_by_page_even_if_the_filter_is_ignored() {
    let first = r#"{"requests": [{"id": 1, "type": "reissue", "status": "pending"}, {"id": 2, "status": "approved"}],
        "page": {"total": 3, "limit": 2, "offset": 0}}"#;
    let second = r#"{"requests": [{"id": 3, "type": "revoke", "status": "submitted"}], "page": {"total": 3, "limit": 2, "offset": 2}}"#;
    let server = Server::start(vec![json(200, first), json(200, second)]).await;
    let waiting = server.client().reads().waiting_requests().await.unwrap();
    let ids: Vec<u64> = waiting.iter().map(|request| request.id.0).collect();
    assert_eq!(ids, [1, 3]);
    assert!(server.seen()[1].target.ends_with("&offset=2"));
}

#[tokio::test]
async fn a_reference_that_is_not_known_is_no_error() {
    let server = Server::start(vec![json(404, r#"{"errors":[{"code":"not_found"}]}"#)]).await;
    let reads = server.client().reads();
    assert_eq!(reads.orders_by_reference("x").await.unwrap(), []);
}

#[tokio::test]
async fn a_key_that_may_not_read_the_account_still_has_a_user() {
    let me = r#"{"id": 14, "first_name": "Ada", "last_name": "Example"}"#;
    let denied = r#"{"errors":[{"code":"access_denied|missing_permission","message":"No."}]}"#;
    let server = Server::start(vec![json(200, me), json(403, denied)]).await;
    let session = server.client().reads().session().await.unwrap();
    assert_eq!(session.user, "Ada Example");
}

#[tokio::test]
async fn of_many_domains_the_whole_list_is_read_once_and_those_that_are_not_proved_in_full() {
    let rows: Vec<String> = (0..30)
        .map(|n| {
            let proved = if n < 10 {
                r#", "dcv_approval_datetime": "2026-06-01T08:00:00+00:00""#
            } else {
                ""
            };
            format!(r#"{{"id": 1{n:02}, "name": "n{n}.example"{proved}}}"#)
        })
        .collect();
    let list = format!(
        r#"{{"domains": [{}], "page": {{"total": 30, "limit": 1000, "offset": 0}}}}"#,
        rows.join(",")
    );
    let server = Server::answering(move |seen| {
        let path = seen.target.split('?').next().unwrap();
        match path.rsplit_once("/domain/") {
            Some((_, id)) => json(
                200,
                &format!(
                    r#"{{"id": {id}, "name": "n{}.example", "dcv_token": {{"token": "abc"}}}}"#,
                    &id[1..]
                ),
            ),
            None => json(200, &list),
        }
    })
    .await;
    let names: Vec<String> = (0..30).map(|n| format!("www.n{n}.example")).collect();
    let found = server.client().reads().domains_of(&names).await.unwrap();
    assert_eq!(found.len(), 30, "how control stands is known of each");
    let seen = server.seen();
    assert_eq!(seen.len(), 26, "one list, and 25 in full");
    assert!(!seen[0].target.contains("search"), "{}", seen[0].target);
    let in_full: Vec<&str> = seen[1..].iter().map(|seen| seen.target.as_str()).collect();
    for n in 10..30 {
        let path = format!("/domain/1{n:02}?");
        assert!(
            in_full.iter().any(|target| target.contains(&path)),
            "{n}: {in_full:?}"
        );
    }
    let few = server.client().reads().domains_of(&names[..2]).await;
    few.unwrap();
    let searches = server.seen().split_off(26);
    assert!(
        searches[0].target.contains("search"),
        "{}",
        searches[0].target
    );
}
