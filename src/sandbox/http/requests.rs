//! Requests: list, info, decision.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::call::Call;
use super::csv::Csv;
use super::dates::{day, stamp};
use super::desk::Desk;
use super::error::ApiError;
use super::filters::{TextTest, TimeTest};
use super::orders::info::order_object;
use super::paging::{Page, sort_keys};
use super::reply::{Object, Reply};
use super::views;
use crate::sandbox::model::{Account, Order, Request, RequestKind, RequestStatus};
use crate::sandbox::rules::{Refusal, dcv, requests};

/// `GET /request`
pub fn list(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let page = Page::read(&call.query)?;
    let account = desk.read();
    let key = format!(
        "requests|{}|{}|{}",
        call.actor.user_id,
        call.quirks.filter_ignored,
        call.query.fingerprint()
    );
    let found = desk.remembered(&account, key, |account| search(account, call));
    let all = account.requests();
    let requests = page
        .of(&found)
        .iter()
        .filter_map(|at| all.get(*at as usize));
    if call.csv {
        let mut csv = Csv::new(&[
            "Request ID",
            "Date",
            "Type",
            "Status",
            "Requester",
            "Order ID",
            "Common Name",
        ]);
        for request in requests {
            csv.line(csv_cells(&account, request));
        }
        return Ok(Reply::csv(csv.text()));
    }
    let rows = requests.map(|request| row(&account, request)).collect();
    Ok(Reply::ok(
        Object::new()
            .list("requests", rows)
            .with("page", page.object_or_zero(found.len())),
    ))
}

fn search(account: &Account, call: &Call) -> Vec<u32> {
    let empty = super::call::Query::default();
    let query = if call.quirks.filter_ignored {
        &empty
    } else {
        &call.query
    };
    let words = |name: &str| {
        query
            .filter(name)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let kinds = words("type");
    let mut states: Vec<RequestStatus> = query
        .filter("status")
        .into_iter()
        .filter_map(RequestStatus::parse)
        .collect();
    states.extend(query.get("status").and_then(RequestStatus::parse));
    let containers: Vec<u64> = query
        .filter("container_id")
        .into_iter()
        .chain(query.get("container_id"))
        .map(|id| id.parse().unwrap_or(0))
        .collect();
    let fields: Vec<u64> = query
        .filter("metadata_id")
        .into_iter()
        .map(|id| id.parse().unwrap_or(0))
        .collect();
    let values = words("metadata_value");
    let searches: Vec<TextTest> = query
        .filter("search")
        .into_iter()
        .map(TextTest::read)
        .collect();
    let dates = query
        .filter("date")
        .first()
        .and_then(|value| TimeTest::read(value, &TimeZone::UTC));
    let all = account.requests();
    let mut found: Vec<u32> = (0..all.len())
        .filter(|at| {
            let request = &all[*at];
            let Some(order) = account.order(request.order_id) else {
                return false;
            };
            let name = subject(order, request)
                .common_name
                .as_deref()
                .unwrap_or_default();
            call.actor.sees(order)
                && (kinds.is_empty() || kinds.iter().any(|kind| kind == request.kind.id()))
                && (states.is_empty() || states.contains(&request.status))
                && (containers.is_empty() || containers.contains(&order.container_id))
                && (fields.is_empty()
                    || order
                        .custom_fields
                        .iter()
                        .any(|f| fields.contains(&f.metadata_id)))
                && (values.is_empty()
                    || order
                        .custom_fields
                        .iter()
                        .any(|f| values.contains(&f.value)))
                && (searches.is_empty() || searches.iter().any(|test| test.passes(name)))
                && dates.is_none_or(|test| test.passes(request.date))
        })
        .map(|at| at as u32)
        .collect();
    for (name, down) in sort_keys(&call.query).iter().rev() {
        found.sort_by(|a, b| {
            let (a, b) = (&all[*a as usize], &all[*b as usize]);
            let order = match name.as_str() {
                "date" | "date_created" => a.date.cmp(&b.date),
                "id" | "request_id" => a.id.cmp(&b.id),
                "status" => a.status.id().cmp(b.status.id()),
                "type" => a.kind.id().cmp(b.kind.id()),
                "order_id" => a.order_id.cmp(&b.order_id),
                _ => std::cmp::Ordering::Equal,
            };
            if *down { order.reverse() } else { order }
        });
    }
    found
}

fn row(account: &Account, request: &Request) -> Value {
    let order = account.order(request.order_id).map(|order| {
        let name = subject(order, request).common_name.clone();
        Object::new()
            .with("id", order.id)
            .with("certificate", Object::new().maybe("common_name", name))
            .maybe(
                "organization",
                views::organization_name(account, order.organization_id),
            )
            .maybe(
                "container",
                account
                    .container(order.container_id)
                    .map(|c| json!({ "id": c.id, "name": c.name })),
            )
            .with("product", views::product(&order.product))
    });
    Object::new()
        .with("id", request.id)
        .with("date", stamp(request.date))
        .with("type", request.kind.id())
        .with("status", request.status.id())
        .maybe("requester", views::user(account, request.requester))
        .maybe(
            "processor",
            request.processor.and_then(|id| views::user(account, id)),
        )
        .maybe("order", order)
        .into()
}

fn csv_cells(account: &Account, request: &Request) -> Vec<String> {
    let name = account
        .order(request.order_id)
        .and_then(|order| order.primary().common_name.clone())
        .unwrap_or_default();
    let requester = account
        .user(request.requester)
        .map(|user| user.email.clone())
        .unwrap_or_default();
    vec![
        request.id.to_string(),
        stamp(request.date),
        request.kind.id().to_owned(),
        request.status.id().to_owned(),
        requester,
        request.order_id.to_string(),
        name,
    ]
}

/// The certificate that a request is about: the one asked for, or the order's.
fn subject<'a>(order: &'a Order, request: &Request) -> &'a crate::sandbox::model::Certificate {
    request
        .certificate_id
        .and_then(|id| order.certificate(id))
        .unwrap_or_else(|| order.primary())
}

/// `GET /request/{request_id}`. The order in it is as it was when the request was made (gotchas 5).
pub fn info(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let account = desk.read();
    let request = account
        .request(call.id(0, "request")?)
        .ok_or(Refusal::NotFound("request"))?;
    let order = account
        .order(request.order_id)
        .filter(|order| call.actor.sees(order))
        .ok_or(Refusal::NotFound("request"))?;
    let stale = call.quirks.stale_requests;
    let status = match (stale, request.two_step) {
        (true, true) => RequestStatus::Submitted,
        (true, false) => RequestStatus::Pending,
        (false, _) => request.status,
    };
    let certificate = subject(order, request);
    let nested = order_object(
        desk,
        &account,
        call,
        order,
        certificate,
        request.order_status,
    )?
    .and(unsubmitted(&account, call, order, request))
    .maybe("renewal_of_order_valid_till", renewed_till(&account, order));
    let object = Object::new()
        .with("id", request.id)
        .with("date", stamp(request.date))
        .with("type", request.kind.id())
        .with("status", status.id())
        .maybe(
            "date_processed",
            request.date_processed.filter(|_| !stale).map(stamp),
        )
        .maybe("requester", views::user(&account, request.requester))
        .maybe(
            "reviewer",
            request
                .reviewer
                .filter(|_| !stale)
                .and_then(|id| views::user(&account, id)),
        )
        .maybe(
            "processor",
            request
                .processor
                .filter(|_| !stale)
                .and_then(|id| views::user(&account, id)),
        )
        .with("order", nested)
        .maybe("comments", request.comments.clone())
        .maybe(
            "processor_comment",
            request.processor_comment.clone().filter(|_| !stale),
        );
    Ok(Reply::ok(object))
}

/// Names sent with the request that are neither validated nor in the account.
fn unsubmitted(account: &Account, call: &Call, order: &Order, request: &Request) -> Object {
    if request.kind == RequestKind::Revoke || !order.product.is_tls() {
        return Object::new();
    }
    let names = dcv::unproven(account, order, subject(order, request), call.now);
    Object::new().with("unsubmitted_domains", names)
}

fn renewed_till(account: &Account, order: &Order) -> Option<String> {
    account.order(order.renewal_of?)?.order_valid_till.map(day)
}

/// `PUT /request/{request_id}/status`
pub fn decide(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let body = call.json()?;
    let request_id = call.id(0, "request")?;
    let visible = {
        let account = desk.read();
        account
            .request(request_id)
            .and_then(|request| account.order(request.order_id))
            .is_some_and(|order| call.actor.sees(order))
    };
    if !visible {
        return Err(Refusal::NotFound("request").into());
    }
    let wanted = body.must("status", body.word("status", RequestStatus::parse)?)?;
    let comment = body.text("processor_comment")?;
    let mut account = desk.write();
    requests::decide(
        &mut account,
        &desk.context(call),
        request_id,
        wanted,
        comment,
    )?;
    Ok(Reply::no_content())
}

/// How many requests of a kind wait, in a container or everywhere.
pub fn open_of(account: &Account, kind: RequestKind, container: Option<u64>) -> usize {
    account
        .requests()
        .iter()
        .filter(|request| request.kind == kind && request.status.is_open())
        .filter(|request| {
            container.is_none_or(|id| {
                account
                    .order(request.order_id)
                    .is_some_and(|order| order.container_id == id)
            })
        })
        .count()
}
