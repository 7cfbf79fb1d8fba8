//! No answer is not "nothing": what lacks the marks of what was asked for is an error, for every read, in every dress
//! that such an answer was met in or can be thought of.

use certdeck::app::effect::Read;
use certdeck::app::msg::Data;
use certdeck::certcentral::endpoints::{OrderPage, OrderQuery};
use certdeck::certcentral::{ApiError, Reads};
use certdeck::domain::ids::{
    CertificateId, ContainerId, DomainId, OrderId, OrganizationId, RequestId,
};
use certdeck::domain::request::Wanted;
use certdeck::runtime::reading;

use crate::client_odd::{SAYS, odd, once};
use crate::client_support::{Reply, Seen, Server, answer, client, json};

/// A good answer to each call, by a part of its path; the longest that fits counts.
const GOOD: &[(&str, &str)] = &[
    ("/user/me", r#"{"id": 1, "username": "ada"}"#),
    (
        "/account",
        r#"{"id": 9, "primary_organization_name": "Example"}"#,
    ),
    (
        "/account/metadata",
        r#"{"metadata": [{"id": 3, "label": "Cost"}]}"#,
    ),
    (
        "/user?",
        r#"{"users": [{"id": 1}], "page": {"total": 1, "limit": 1000, "offset": 0}}"#,
    ),
    ("/product", r#"{"products": [{"name_id": "ssl_plus"}]}"#),
    ("/product/ssl_plus", r#"{"name_id": "ssl_plus"}"#),
    (
        "/container",
        r#"{"containers": [{"id": 7, "name": "Main"}]}"#,
    ),
    ("/container/7/product-limits", r#"{"is_limited": false}"#),
    (
        "/organization?",
        r#"{"organizations": [{"id": 5}], "page": {"total": 1, "limit": 0, "offset": 0}}"#,
    ),
    (
        "/organization/5/validation",
        r#"{"validations": [{"type": "ov", "status": "active"}]}"#,
    ),
    (
        "/domain?",
        r#"{"domains": [{"id": 4, "name": "example.net"}], "page": {"total": 1, "limit": 0, "offset": 0}}"#,
    ),
    ("/domain/4?", r#"{"id": 4, "name": "example.net"}"#),
    (
        "/domain/expiration-count",
        r#"{"number_of_expired_domains": "0", "number_of_expiry_soon_domains": "3"}"#,
    ),
    (
        "/report/order/expiring?",
        r#"{"expiring_orders": [{"days_expiring": 30, "count": 4}]}"#,
    ),
    (
        "/order/certificate?",
        r#"{"orders": [{"id": 123}], "page": {"total": 1, "limit": 1000, "offset": 0}}"#,
    ),
    (
        "/order/certificate/123",
        r#"{"id": 123, "status": "issued", "certificate": {}}"#,
    ),
    (
        "/order/certificate/123/duplicate",
        r#"{"certificates": [{"id": 8}]}"#,
    ),
    (
        "/order/certificate/123/reissue",
        r#"{"certificates": [{"id": 8}]}"#,
    ),
    (
        "/order/certificate/status-changes",
        r#"{"orders": [{"order_id": 123, "status": "issued"}]}"#,
    ),
    (
        "/order/alternate/mine",
        r#"{"orders": [{"order_id": 123}]}"#,
    ),
    (
        "/request?",
        r#"{"requests": [{"id": 6, "status": "pending"}], "page": {"total": 1, "limit": 1000, "offset": 0}}"#,
    ),
    ("/request/6", r#"{"id": 6, "status": "pending"}"#),
    (
        "/certificate/8/chain",
        r#"{"intermediates": [{"pem": "-----BEGIN CERTIFICATE-----"}]}"#,
    ),
];

fn good(seen: &Seen) -> &'static str {
    let path = seen.target.strip_prefix("/services/v2").unwrap();
    let fits = GOOD.iter().filter(|(part, _)| path.starts_with(part));
    fits.max_by_key(|(part, _)| part.len())
        .unwrap_or_else(|| panic!("no answer for {path}"))
        .1
}

/// Everything that the desk reads, but for the whole list of orders.
fn reads() -> Vec<Read> {
    let order = OrderId(123);
    vec![
        Read::Session,
        Read::Order(order),
        Read::Duplicates(order),
        Read::Reissues(order),
        Read::Requests,
        Read::RequestPage(Wanted::default(), 0),
        Read::Request(RequestId(6)),
        Read::Product("ssl_plus".into()),
        Read::Domains(order, vec!["www.example.net".into()]),
        Read::AccountDomains,
        Read::Domain(DomainId(4)),
        Read::Expiring,
        Read::Organizations,
        Read::Changes(60),
        Read::Listed(vec![order]),
        Read::Organization(OrganizationId(5)),
        Read::OrdersByReference("mine".into()),
        Read::Limits(ContainerId(7)),
        Read::Offer,
        Read::Chain(CertificateId(8)),
    ]
}

/// The calls that a read is made of, each by a part of its path.
fn calls(read: &Read) -> Vec<&'static str> {
    match read {
        Read::Session => vec!["/user/me", "/account"],
        Read::Order(_) => vec!["/order/certificate/123"],
        Read::Duplicates(_) => vec!["/duplicate"],
        Read::Reissues(_) => vec!["/reissue"],
        Read::Requests | Read::RequestPage(..) => vec!["/request?"],
        Read::Request(_) => vec!["/request/6"],
        Read::Product(_) => vec!["/product/ssl_plus"],
        Read::Domains(..) => vec!["/domain?", "/domain/4?"],
        Read::AccountDomains => vec!["/domain?"],
        Read::Domain(_) => vec!["/domain/4?"],
        Read::Expiring => vec!["/domain/expiration-count", "/report/order/expiring?"],
        Read::Organizations => vec!["/organization?"],
        Read::Changes(_) => vec!["/status-changes"],
        Read::Listed(_) => vec!["/order/certificate?"],
        Read::Organization(_) => vec!["/validation"],
        Read::OrdersByReference(_) => vec!["/order/alternate/mine"],
        Read::Limits(_) => vec!["/product-limits"],
        Read::Offer => vec![
            "/product",
            "/organization?",
            "/container",
            "/account/metadata",
            "/user?",
        ],
        // The file is not there as a file; then the JSON has to be one.
        Read::Chain(_) => vec!["/chain"],
    }
}

/// Whether `{}` is documented for a call, for "there is none".
fn is_none_documented(call: &str) -> bool {
    matches!(
        call,
        "/duplicate"
            | "/reissue"
            | "/status-changes"
            | "/account/metadata"
            | "/product-limits"
            | "/validation"
            | "/chain"
    )
}

/// Does one read, with one of its calls answered as told and everything else well.
async fn read(read: &Read, call: &'static str, reply: Reply) -> Result<Data, ApiError> {
    let server = Server::answering(move |seen| {
        let path = seen.target.strip_prefix("/services/v2").unwrap();
        let bare = path.split('?').next().unwrap();
        let exact = bare.ends_with(call) || (call.ends_with('?') && path.contains(call));
        if exact {
            reply.clone()
        } else if path.contains("/download/") {
            json(404, r#"{"errors": [{"code": "not_found|certificate"}]}"#)
        } else {
            json(200, good(seen))
        }
    })
    .await;
    let reads: Reads = client(&server.url(), once()).reads();
    reading::read(&reads, read).await
}

#[tokio::test]
async fn a_good_answer_is_taken_in_every_dress_that_good_ones_come_in() {
    for wanted in reads() {
        for call in calls(&wanted) {
            let target = format!(
                "/services/v2{}",
                GOOD.iter()
                    .map(|(part, _)| *part)
                    .filter(|part| part.ends_with(call))
                    .max_by_key(|part| part.len())
                    .unwrap()
            );
            let body = good(&Seen {
                target,
                ..Seen::default()
            });
            let more = body.trim_end_matches('}').to_owned();
            for body in [
                body.to_owned(),
                format!("\u{feff}{body}"),
                format!("\n  {body}\r\n"),
                format!(
                    "{more}{}, \"errors\": [], \"error\": null, \"message\": \"fine\"}}",
                    &body[more.len()..body.len() - 1]
                ),
            ] {
                let result = read(&wanted, call, json(200, &body)).await;
                assert!(result.is_ok(), "{wanted:?}: {call}: {body}: {result:?}");
            }
        }
    }
}

#[tokio::test]
async fn no_read_takes_an_answer_without_its_marks_for_there_is_nothing() {
    for wanted in reads() {
        for call in calls(&wanted) {
            for (name, reply) in odd() {
                let result = read(&wanted, call, reply).await;
                let error = match result {
                    Err(error) => error,
                    Ok(data) => panic!("{wanted:?}: {call}: {name} is taken for {data:?}"),
                };
                // Of a chain the refusal of the file is told, which was asked for first.
                if name.contains(SAYS) && call != "/chain" {
                    assert!(error.to_string().contains(SAYS), "{call}: {name}: {error}");
                }
            }
            let none = read(&wanted, call, json(200, "{}")).await;
            assert_eq!(none.is_ok(), is_none_documented(call), "{call}: {none:?}");
        }
    }
}

#[tokio::test]
async fn a_read_is_answered_with_200_and_with_no_other_success() {
    for wanted in reads() {
        for call in calls(&wanted) {
            let body = GOOD
                .iter()
                .filter(|(part, _)| part.ends_with(call))
                .max_by_key(|(part, _)| part.len())
                .unwrap()
                .1;
            for status in [201, 202, 203, 206, 226, 299] {
                let result = read(&wanted, call, json(status, body)).await;
                assert!(result.is_err(), "{call}: {status}: {result:?}");
            }
            let empty =
                Reply::Bytes(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec());
            assert!(read(&wanted, call, empty).await.is_err(), "{call}: 204");
        }
    }
}

#[tokio::test]
async fn an_answer_about_another_thing_is_not_the_one_that_was_asked_for() {
    let order = OrderId(123);
    for (wanted, call, body) in [
        (
            Read::Order(order),
            "/order/certificate/123",
            r#"{"id": 124, "status": "issued"}"#,
        ),
        (
            Read::Order(order),
            "/order/certificate/123",
            r#"{"id": "x", "status": "issued"}"#,
        ),
        (
            Read::Order(order),
            "/order/certificate/123",
            r#"{"id": 18446744073709551615}"#,
        ),
        (
            Read::Request(RequestId(6)),
            "/request/6",
            r#"{"id": 7, "status": "pending"}"#,
        ),
        (
            Read::Request(RequestId(6)),
            "/request/6",
            r#"{"id": -6, "status": "pending"}"#,
        ),
        (
            Read::Product("ssl_plus".into()),
            "/product/ssl_plus",
            r#"{"name_id": "ssl_ev_plus"}"#,
        ),
        (
            Read::Domains(order, vec!["example.net".into()]),
            "/domain/4?",
            r#"{"id": 5, "name": "example.net"}"#,
        ),
        (
            Read::Changes(60),
            "/status-changes",
            r#"{"orders": [{"status": "issued"}]}"#,
        ),
        (
            Read::Changes(60),
            "/status-changes",
            r#"{"orders": [{"order_id": 123}, null]}"#,
        ),
        (
            Read::Duplicates(order),
            "/duplicate",
            r#"{"certificates": [{"id": 8}, null]}"#,
        ),
        (
            Read::OrdersByReference("mine".into()),
            "/order/alternate/mine",
            r#"{"orders": [{"certificate_id": 1}]}"#,
        ),
    ] {
        let result = read(&wanted, call, json(200, body)).await;
        assert!(result.is_err(), "{wanted:?}: {body}: {result:?}");
    }
}

#[tokio::test]
async fn not_there_is_only_what_the_api_itself_says_is_not() {
    let wanted = Read::OrdersByReference("mine".into());
    let call = "/order/alternate/mine";
    let missing = json(
        404,
        r#"{"errors": [{"code": "not_found|order", "message": "No."}]}"#,
    );
    let found = read(&wanted, call, missing).await.unwrap();
    assert_eq!(found, Data::Placed(Vec::new()));
    for reply in [
        json(404, ""),
        json(404, "{}"),
        json(404, r#"{"message": "no Route matched with those values"}"#),
        json(
            404,
            r#"{"errors": [{"code": "not_found|route", "message": "No."}]}"#,
        ),
        answer(404, "text/html", "<html>404</html>"),
        json(
            410,
            r#"{"errors": [{"code": "not_found", "message": "No."}]}"#,
        ),
    ] {
        let result = read(&wanted, call, reply.clone()).await;
        assert!(result.is_err(), "{reply:?}: {result:?}");
    }
}

async fn page_of(body: &str, offset: u64) -> Result<OrderPage, ApiError> {
    let server = Server::start(vec![json(200, body)]).await;
    let query = OrderQuery {
        offset,
        ..OrderQuery::default()
    };
    let reads = client(&server.url(), once()).reads();
    reads.list_orders(&query).await
}

#[tokio::test]
async fn a_page_that_contradicts_itself_is_no_page() {
    for (body, offset) in [
        (r#"{"page": {"total": 5, "limit": 1000, "offset": 0}}"#, 0),
        (
            r#"{"orders": null, "page": {"total": 5, "limit": 1000, "offset": 0}}"#,
            0,
        ),
        (
            r#"{"orders": {}, "page": {"total": 5, "limit": 1000, "offset": 0}}"#,
            0,
        ),
        (r#"{"orders": [], "page": {"total": 1, "offset": 0}}"#, 0),
        (r#"{"orders": [], "page": {"limit": 1000, "offset": 0}}"#, 0),
        (r#"{"orders": []}"#, 0),
        (r#"{"orders": [null, 7, "x"], "page": {"total": 3}}"#, 0),
        (
            r#"{"orders": [{"id": 1}, {"id": 2}], "page": {"total": 1, "offset": 0}}"#,
            0,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 0, "offset": 0}}"#,
            0,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 2000, "offset": 1000}}"#,
            0,
        ),
        (
            r#"{"page": {"total": 0, "limit": 1000, "offset": 1000}}"#,
            0,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 5000, "offset": 2000}}"#,
            1000,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 18446744073709551615, "offset": 0}}"#,
            0,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 1e30, "offset": 1}}"#,
            0,
        ),
        (r#"{"page": {"total": -1}}"#, 0),
        (r#"{"page": {"total": 0.5}}"#, 0),
        (
            r#"{"requests": [{"id": 1}], "page": {"total": 1, "offset": 0}}"#,
            0,
        ),
    ] {
        let page = page_of(body, offset).await;
        assert!(page.is_err(), "{body} from {offset} on: {page:?}");
    }
    for (body, offset, rows) in [
        (
            r#"{"page": {"total": 0, "limit": 1000, "offset": 0}}"#,
            0,
            0,
        ),
        (r#"{"orders": [], "page": {"total": "0"}}"#, 0, 0),
        (
            r#"{"orders": {}, "page": {"total": 0, "limit": 0, "offset": 0}}"#,
            0,
            0,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 1, "limit": 0, "offset": 0}}"#,
            0,
            1,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 1001, "offset": 0}}"#,
            1000,
            1,
        ),
        (
            r#"{"orders": [{"id": 1}], "page": {"total": 1001, "offset": 1000}}"#,
            1000,
            1,
        ),
        (
            r#"{"page": {"total": 900, "limit": 1000, "offset": 1000}}"#,
            1000,
            0,
        ),
        (r#"{"orders": [{"id": 1}]}"#, 0, 1),
    ] {
        let page = page_of(body, offset).await.unwrap();
        assert_eq!(page.rows.len(), rows, "{body}");
    }
}

#[tokio::test]
async fn a_list_whose_pages_bring_nothing_new_is_not_read_for_ever() {
    let again = r#"{"requests": [{"id": 1, "status": "pending"}], "page": {"total": 90000, "limit": 1, "offset": 0}}"#;
    let server = Server::start(vec![json(200, again)]).await;
    let reads = client(&server.url(), once()).reads();
    let error = reads.waiting_requests().await.unwrap_err();
    assert!(matches!(error, ApiError::Unexpected { .. }), "{error}");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_row_with_a_spot_costs_itself_and_not_the_page() {
    let rows = |odd: &str| {
        format!(
            r#"{{"orders": [{{"id": 1, "status": "issued"}}, {odd}, {{"id": 3, "status": "issued"}}], "page": {{"total": 3}}}}"#
        )
    };
    let page = |odd: &str| {
        let body = rows(odd);
        async move {
            page_of(&body, 0)
                .await
                .unwrap_or_else(|error| panic!("{body}: {error}"))
        }
    };
    // What contradicts itself is told by its number, where that is clear, and never taken for what stands first or last.
    for (odd, id) in [
        (
            r#"{"id": 2, "status": "issued", "status": "revoked"}"#,
            Some(2),
        ),
        (
            r#"{"id": 2, "certificate": {"id": 5, "dns_names": ["a.example.net"], "id": 6}}"#,
            Some(2),
        ),
        (
            r#"{"id": 2, "product": {"name_id": "a", "name_id": "b"}}"#,
            Some(2),
        ),
        (r#"{"id": 2, "id": 4}"#, None),
        (r#"{"id": 0, "status": "issued"}"#, None),
        (r#"{"status": "issued"}"#, None),
    ] {
        let page = page(odd).await;
        let ids: Vec<u64> = page.rows.iter().map(|row| row.id.0).collect();
        assert_eq!(ids, [1, 3], "{odd}");
        assert_eq!((page.returned(), page.total), (3, Some(3)), "{odd}");
        let unread: Vec<_> = page.unread.iter().map(|row| (row.at, row.id)).collect();
        assert_eq!(unread, [(1, id)], "{odd}");
    }
    // What is said twice and alike, or cannot be written in JSON, costs a letter at most, and what the list does not show
    // nothing.
    for (odd, name) in [
        (
            r#"{"id": 2, "certificate": {"common_name": "a"}, "custom_fields": [{"label": "a", "label": "b"}]}"#,
            "a",
        ),
        (
            r#"{"id": 2, "id": 2, "certificate": {"common_name": "a"}}"#,
            "a",
        ),
        (
            r#"{"id": 2, "certificate": {"common_name": "a\ud800b"}}"#,
            "a\u{fffd}b",
        ),
        (
            "{\"id\": 2, \"certificate\": {\"common_name\": \"a\tb\"}}",
            "a\tb",
        ),
        (
            r#"{"id": 2, "validity_years": 1e999, "certificate": {"common_name": "a\xb"}}"#,
            "a\u{fffd}xb",
        ),
    ] {
        let page = page(odd).await;
        assert_eq!(page.unread, [], "{odd}");
        let read = page.rows.iter().nth(1).unwrap();
        assert_eq!(read.common_name, name, "{odd}");
    }
    // Nothing that breaks off is mended.
    let cut = rows(r#"{"id": 2, "certificate": {"common_name": "a\ud800"#);
    let cut = &cut[..cut.len() - 60];
    assert!(page_of(cut, 0).await.is_err());
}
