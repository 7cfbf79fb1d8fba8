//! Status change list: orders whose status changed in a window of at most seven days.

use jiff::civil::time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::super::call::Call;
use super::super::desk::Desk;
use super::super::error::ApiError;
use super::super::filters::TimeTest;
use super::super::reply::{Object, Reply};
use crate::sandbox::model::{Order, OrderStatus};
use crate::sandbox::rules::{Refusal, status};

const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// `GET /order/certificate/status-changes`
pub fn status_changes(desk: &Desk, call: &Call) -> Result<Reply, ApiError> {
    let (from, until) = window(call)?;
    let today = desk.context(call).today();
    let account = desk.read();
    let orders = account
        .orders()
        .iter()
        .filter(|order| call.actor.sees(order))
        .filter_map(|order| {
            let shown = status::shown(order, today);
            let changed = changed(order, shown);
            (changed >= from && changed <= until).then(|| {
                json!({ "order_id": order.id, "certificate_id": order.primary().id, "status": shown.id() })
            })
        })
        .collect();
    Ok(Reply::ok(Object::new().list("orders", orders)))
}

/// When the status that is shown began; an order expires by itself at the end of its last day.
fn changed(order: &Order, shown: OrderStatus) -> Timestamp {
    match (shown, status::order_end(order)) {
        (OrderStatus::Expired, Some(end)) => end
            .to_datetime(time(23, 59, 59, 0))
            .to_zoned(TimeZone::UTC)
            .map_or(order.status_changed, |z| z.timestamp()),
        _ => order.status_changed,
    }
}

fn window(call: &Call) -> Result<(Timestamp, Timestamp), ApiError> {
    let minutes = call.query.number("minutes")?;
    let seconds = call.query.number("seconds")?;
    if minutes.is_some() || seconds.is_some() {
        let total = minutes
            .unwrap_or(0)
            .saturating_mul(60)
            .saturating_add(seconds.unwrap_or(0));
        let total = SignedDuration::from_secs(i64::try_from(total).unwrap_or(i64::MAX));
        if total > WEEK {
            return Err(Refusal::TimeFrameTooLong.into());
        }
        return Ok((
            call.now.checked_sub(total).unwrap_or(Timestamp::MIN),
            call.now,
        ));
    }
    let Some(&value) = call.query.filter("status_last_updated").first() else {
        return Err(Refusal::Required(vec!["minutes".to_owned()]).into());
    };
    let invalid = || Refusal::InvalidValue("filters[status_last_updated]".to_owned());
    // Documented in US Mountain time, unlike everything else.
    let zone = TimeZone::get("America/Denver").unwrap_or(TimeZone::UTC);
    let (from, until) = TimeTest::read(value, &zone).ok_or_else(invalid)?.ends();
    let from = from.ok_or_else(invalid)?;
    let until = until.unwrap_or(call.now);
    if until.duration_since(from) > WEEK {
        return Err(Refusal::TimeFrameTooLong.into());
    }
    Ok((from, until))
}
