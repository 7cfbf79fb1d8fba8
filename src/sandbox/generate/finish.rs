//! Ids, in the order of time, and the way into the account.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::order::Draft;
use crate::sandbox::model::{Account, Request};

/// Gives everything its id and puts it into the account.
pub(super) fn finish(account: &mut Account, mut drafts: Vec<Draft>, mut requests: Vec<Request>) {
    // Stable: what the cast has first stays first on the same second.
    drafts.sort_by_cached_key(|draft| draft.order.date_created);
    number_certificates(account, &mut drafts);
    number_orders(account, &mut drafts);
    link_renewals(&mut drafts);

    for draft in &mut drafts {
        let order = &mut draft.order;
        for note in &mut order.notes {
            note.id = account.next_other_id();
        }
        for field in &mut order.custom_fields {
            field.id = account.next_other_id();
        }
        for request in &mut requests[draft.requests.clone()] {
            request.order_id = order.id;
            request.certificate_id = request
                .certificate_id
                .and_then(|place| order.certificates.get(place as usize))
                .map(|certificate| certificate.id);
        }
        if let Some(when) = draft.look_again {
            account.look_again(when, order.id);
        }
    }
    requests.sort_by_cached_key(|request| (request.date, request.order_id));
    requests.shrink_to_fit();
    for request in &mut requests {
        request.id = account.next_request_id();
    }
    // The orders stay where the drafts are, and give back what is left.
    let orders = drafts.into_iter().map(|draft| draft.order).collect();
    account.begin_with(orders, requests);
}

fn number_certificates(account: &mut Account, drafts: &mut [Draft]) {
    let mut places: Vec<(Timestamp, u32, u32)> = Vec::with_capacity(drafts.len() * 2);
    for (at, draft) in drafts.iter().enumerate() {
        for (place, certificate) in draft.order.certificates.iter().enumerate() {
            places.push((certificate.date_created, at as u32, place as u32));
        }
    }
    places.sort_unstable();
    for (_, at, place) in places {
        drafts[at as usize].order.certificates[place as usize].id = account.next_certificate_id();
    }
}

fn number_orders(account: &mut Account, drafts: &mut [Draft]) {
    for draft in drafts {
        draft.order.id = account.next_order_id();
    }
}

/// A renewed by B, B by C: each names the other.
fn link_renewals(drafts: &mut [Draft]) {
    let places: BTreeMap<(u32, u8), usize> = drafts
        .iter()
        .enumerate()
        .filter_map(|(at, d)| Some((d.chain?, at)))
        .collect();
    for ((chain, place), at) in &places {
        if let Some(next) = places.get(&(*chain, place + 1)) {
            let (older, newer) = (drafts[*at].order.id, drafts[*next].order.id);
            drafts[*at].order.renewed_by = Some(newer);
            drafts[*at].order.is_renewed = true;
            drafts[*next].order.renewal_of = Some(older);
        }
    }
}
