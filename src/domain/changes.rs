//! What differs between two readings of an order, in words: whoever has something of it open is told.

use super::names;
use super::order::{Certificate, Order};
use super::text::counted;

/// What is another now, the weightiest first; empty where nothing is that decides anything.
pub fn changes(before: &Order, now: &Order) -> Vec<String> {
    let mut told = Vec::new();
    if before.status != now.status {
        let (was, is) = (before.status.label(), now.status.label());
        told.push(format!("the order is {is}, it was {was}"));
    }
    let names = |order: &Order| {
        let Certificate {
            common_name,
            dns_names,
            ..
        } = &order.certificate;
        names::set(common_name, dns_names)
    };
    let (had, has) = (names(before), names(now));
    let listed = |names: Vec<&String>| {
        let names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        names.join(", ")
    };
    let added: Vec<&String> = has.difference(&had).collect();
    if !added.is_empty() {
        told.push(format!("its names now include {}", listed(added)));
    }
    let removed: Vec<&String> = had.difference(&has).collect();
    if !removed.is_empty() {
        told.push(format!("its names no longer include {}", listed(removed)));
    }
    let (was, is) = (&before.certificate, &now.certificate);
    if was.id != is.id
        && let (Some(was), Some(is)) = (was.id, is.id)
    {
        told.push(format!("its certificate is {is}, it was {was}"));
    } else if was.valid_till != is.valid_till
        && let Some(end) = is.valid_till
    {
        told.push(format!("its certificate expires on {end}"));
    }
    if before.order_valid_till != now.order_valid_till
        && let Some(end) = now.order_valid_till
    {
        told.push(format!("the order expires on {end}"));
    }
    for request in &now.requests {
        let had = before.requests.iter().find(|had| had.id == request.id);
        match had {
            None if request.status.is_open() => told.push(format!(
                "request {} ({}) is waiting",
                request.id,
                request.kind.label()
            )),
            Some(had) if had.status != request.status => told.push(format!(
                "request {} is {}",
                request.id,
                request.status.label()
            )),
            None | Some(_) => {}
        }
    }
    if !before.is_renewed && now.is_renewed {
        told.push(match now.renewed_by {
            Some(by) => format!("order {by} renewed it"),
            None => "another order renewed it".into(),
        });
    }
    if before.allow_duplicates != now.allow_duplicates
        && let Some(allowed) = now.allow_duplicates
    {
        let word = if allowed { "allowed" } else { "forbidden" };
        told.push(format!("duplicates are {word}"));
    }
    if before.auto_reissue != now.auto_reissue
        && let Some(on) = now.auto_reissue
    {
        told.push(format!("auto-reissue is {}", if on { "on" } else { "off" }));
    }
    let notes = now.notes.len().saturating_sub(before.notes.len());
    if notes > 0 {
        told.push(format!(
            "{} added",
            counted(notes, "note was", "notes were")
        ));
    }
    told
}

/// The sentence for whoever opened something before; `None` where nothing is another.
pub fn since_opened(changes: &[String]) -> Option<String> {
    let all = changes.join("; ");
    (!all.is_empty()).then(|| format!("Changed since you opened this: {all}."))
}
