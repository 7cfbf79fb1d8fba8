//! Each function asks for what the documentation says: method, path, query, body.

use certdeck::certcentral::endpoints::ListQuery;
use certdeck::certcentral::endpoints::{
    Contained, DateFilter, Format, OrderFilter, OrderQuery, OrderSort, RequestFilter, RequestQuery,
    StatusWindow,
};
use certdeck::domain::ids::{
    CertificateId, ContainerId, OrderId, OrganizationId, RequestId, UserId,
};
use certdeck::domain::status::{OrderStatus, RequestKind, RequestStatus};
use jiff::civil::date;

use crate::client_support::{Server, json};

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
async fn order_lists_take_every_documented_filter() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let reads = server.client().reads();
    let filter = OrderFilter::new()
        .id(ORDER)
        .status(&[OrderStatus::Issued])
        .organization(OrganizationId(5))
        .product("ssl_plus")
        .valid_till(DateFilter::Before(date(2026, 1, 2)))
        .user(UserId(14))
        .common_name(&Contained::Exactly("*.example.net".into()))
        .domain_name(&Contained::Within("example".into()))
        .date_created(DateFilter::Between(date(2026, 1, 2), date(2026, 1, 3)))
        .container(CONTAINER)
        .custom_field(11)
        .renewed(false)
        .renewal_notices_disabled(true)
        .email("ada@example.net")
        .certificate(CERTIFICATE)
        .migrated(false)
        .serial_number("0a:1b")
        .search(&Contained::Within("a b".into()));
    let query = OrderQuery {
        filter,
        sort: Some((OrderSort::Created, true)),
        limit: 5000,
        offset: 2000,
    };
    let asked = asked!(server, reads.list_orders(&query));
    let expected = "GET /order/certificate?filters[id]=123&filters[status]=issued&filters[organization_id]=5\
        &filters[product_name_id]=ssl_plus&filters[valid_till]=%3C2026-01-02&filters[user_id]=14\
        &filters[common_name]=%2A.example.net&filters[domain_name]=%25example\
        &filters[date_created]=2026-01-02...2026-01-03&filters[container_id]=77&filters[metadata_id]=11\
        &filters[is_renewed]=0&filters[disable_renewal_notifications]=1&filters[email]=ada%40example.net\
        &filters[certificate_id]=9&filters[origin]=certcentral&filters[serial_number]=0A1B\
        &filters[search]=%25a%20b&sort=-date_created&limit=1000&offset=2000";
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn reads_go_to_their_paths() {
    let server = Server::start(vec![json(200, r#"{"id": 14}"#)]).await;
    let r = server.client().reads();
    let cases = [
        (asked!(server, r.order(ORDER)), "/order/certificate/123"),
        (
            asked!(server, r.order_by_thumbprint("a1:b2")),
            "/order/certificate/A1B2",
        ),
        (
            asked!(server, r.order_by_serial("0a 1b")),
            "/order/certificate/0A1B",
        ),
        (
            asked!(server, r.order_caa(ORDER)),
            "/order/certificate/123?include_caa_status=true",
        ),
        (
            asked!(server, r.orders_by_reference("a/b?c")),
            "/order/alternate/a%2Fb%3Fc",
        ),
        (
            asked!(server, r.status_changes(StatusWindow::Minutes(10))),
            "/order/certificate/status-changes?minutes=10",
        ),
        (
            asked!(server, r.status_changes(StatusWindow::Seconds(30))),
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
            asked!(server, r.request_counts(Some(CONTAINER))),
            "/report/request?container_id=77",
        ),
        (
            asked!(server, r.waiting_requests()),
            "/request?filters[status][0]=submitted&filters[status][1]=pending&sort=-date&limit=1000",
        ),
        (
            asked!(server, r.download_for_platform(CERTIFICATE, None)),
            "/certificate/9/download/platform",
        ),
        (
            asked!(server, r.download_for_platform(CERTIFICATE, Some(29))),
            "/certificate/9/download/platform/29",
        ),
        (
            asked!(server, r.download_of_order(ORDER, None)),
            "/certificate/download/order/123",
        ),
        (
            asked!(server, r.download_of_order(ORDER, Some(&Format::P7b))),
            "/certificate/download/order/123/format/p7b",
        ),
        (asked!(server, r.chain(CERTIFICATE)), "/certificate/9/chain"),
        (
            asked!(server, r.intermediates()),
            "/certificate/intermediates",
        ),
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
            asked!(server, r.organization(OrganizationId(5))),
            "/organization/5",
        ),
        (
            asked!(server, r.organization_validations(OrganizationId(5))),
            "/organization/5/validation",
        ),
        (asked!(server, r.containers()), "/container"),
        (asked!(server, r.container(CONTAINER)), "/container/77"),
        (
            asked!(server, r.order_organizations(CONTAINER)),
            "/container/77/order/organization",
        ),
        (
            asked!(server, r.domain(7)),
            "/domain/7?include_dcv=true&include_validation=true",
        ),
        (asked!(server, r.dcv_methods()), "/domain/dcv/method"),
        (asked!(server, r.me()), "/user/me"),
        (asked!(server, r.session()), "/account"),
        (asked!(server, r.balance(None)), "/finance/balance"),
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
async fn every_format_has_its_path() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let reads = server.client().reads();
    for format in Format::DOCUMENTED {
        let asked = asked!(server, reads.download(CERTIFICATE, &format));
        let path = format!("GET /certificate/9/download/format/{}", format.as_str());
        assert_eq!(asked, path);
    }
    let odd = Format::Other("pem chain".into());
    let asked = asked!(server, reads.download(CERTIFICATE, &odd));
    assert_eq!(asked, "GET /certificate/9/download/format/pem%20chain");
}

#[tokio::test]
async fn lists_with_conditions() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let r = server.client().reads();
    let requests = RequestQuery {
        filter: RequestFilter {
            status: vec![RequestStatus::Pending],
            kind: Some(RequestKind::Duplicate),
            container: Some(CONTAINER),
            search: Some(Contained::Within("shop".into())),
            custom_field: Some((11, "x y".into())),
        },
        limit: Some(25),
        offset: 50,
        newest_first: true,
    };
    let asked = asked!(server, r.list_requests(&requests));
    let expected = "GET /request?filters[status]=pending&filters[type]=duplicate&filters[container_id]=77\
        &filters[search]=%25shop&filters[metadata_id]=11&filters[metadata_value]=x%20y&sort=-date&limit=25&offset=50";
    assert_eq!(asked, expected);
    let organizations = ListQuery {
        active: Some(true),
        search: Some(Contained::Within("Exa".into())),
        container: Some(CONTAINER),
        include_validation: true,
        ..ListQuery::default()
    };
    let asked = asked!(server, r.list_organizations(&organizations));
    let expected = "GET /organization?filters[status]=active&filters[search]=%25Exa&container_id=77&include_validation=true";
    assert_eq!(asked, expected);
    let domains = ListQuery {
        active: Some(false),
        limit: Some(10),
        ..ListQuery::default()
    };
    let asked = asked!(server, r.list_domains(&domains));
    assert_eq!(asked, "GET /domain?filters[status]=inactive&limit=10");
}

#[tokio::test]
async fn writes_go_to_their_paths_with_what_they_were_given() {
    let server = Server::start(vec![json(200, "{}")]).await;
    let w = server.client().writes();
    let body = r#"{"a":1}"#;
    let cases = [
        (
            asked!(server, w.place_order("ssl_plus", body)),
            "POST /order/certificate/ssl_plus",
        ),
        (
            asked!(server, w.duplicate(ORDER, body)),
            "POST /order/certificate/123/duplicate",
        ),
        (
            asked!(server, w.reissue(ORDER, body)),
            "POST /order/certificate/123/reissue",
        ),
        (
            asked!(server, w.update_request(RequestId(5), body)),
            "PUT /request/5/status",
        ),
        (
            asked!(server, w.update_order_status(ORDER, body)),
            "PUT /order/certificate/123/status",
        ),
        (
            asked!(server, w.revoke_certificate(CERTIFICATE, body)),
            "PUT /certificate/9/revoke",
        ),
        (
            asked!(server, w.revoke_order(ORDER, body)),
            "PUT /order/certificate/123/revoke",
        ),
        (
            asked!(server, w.add_note(ORDER, body)),
            "POST /order/certificate/123/note",
        ),
        (
            asked!(server, w.add_csr(ORDER, body)),
            "POST /order/certificate/123/csr",
        ),
        (
            asked!(server, w.set_custom_field(ORDER, body)),
            "POST /order/certificate/123/custom-field",
        ),
        (
            asked!(server, w.set_auto_reissue(ORDER, body)),
            "PUT /order/certificate/123/auto-reissue",
        ),
        (
            asked!(server, w.check_order_dcv(ORDER, body)),
            "PUT /order/certificate/123/check-dcv",
        ),
        (
            asked!(server, w.change_order_dcv_method(ORDER, body)),
            "PUT /order/certificate/123/dcv-method",
        ),
        (
            asked!(server, w.change_domain_dcv_method(7, body)),
            "PUT /domain/7/dcv/method",
        ),
    ];
    for (asked, line) in cases {
        assert_eq!(asked, format!("{line} {body}"));
    }
    let cases = [
        (
            asked!(server, w.archive(CERTIFICATE)),
            "PUT /certificate/9/archive",
        ),
        (
            asked!(server, w.check_order_dcv(ORDER, "")),
            "PUT /order/certificate/123/check-dcv",
        ),
        (
            asked!(server, w.new_domain_token(7)),
            "POST /domain/7/dcv/token",
        ),
        (
            asked!(server, w.check_domain(7)),
            "PUT /domain/7/dcv/validate-token",
        ),
    ];
    for (asked, line) in cases {
        assert_eq!(asked, line);
    }
}

#[tokio::test]
async fn a_revocation_is_a_request_or_done_at_once() {
    let made = r#"{ "id": 5501, "date": "2026-03-01T10:00:00+00:00", "type": "revoke", "status": "pending",
        "requester": {"id": 14, "first_name": "Ada", "last_name": "Example", "email": "ada@example.net"}, "comments": "Key lost" }"#;
    let server = Server::start(vec![json(201, made), json(204, "")]).await;
    let writes = server.client().writes();
    let request = writes.revoke_certificate(CERTIFICATE, "{}").await.unwrap();
    let request = request.unwrap();
    assert_eq!(request.id, RequestId(5501));
    assert_eq!(request.kind, RequestKind::Revoke);
    let done = writes.revoke_certificate(CERTIFICATE, "{}").await.unwrap();
    assert_eq!(done, None);
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
