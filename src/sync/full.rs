//! The whole list, page by page, with the next pages on their way while one is handled.

use std::collections::VecDeque;

use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::listing::Listing;
use super::named::{self, Progress};
use super::plan::PAGE;
use super::source::{Listed, Source};
use super::{Known, Stop, SyncEvent};
use crate::certcentral::ApiError;
use crate::domain::ids::OrderId;

/// Pages on their way at once: one that the server makes while another is read here.
const AHEAD: usize = 2;

/// Calls at most for orders whose rows could not be read. More are no odd rows, but another list.
const SINGLE: usize = 50;

type Call = AbortOnDropHandle<Result<Listed, ApiError>>;

/// Reads the list to its end, and the orders whose rows in it could not be read by their numbers. Returns those of the
/// known orders that are gone, too.
pub(super) async fn read<S: Source>(
    source: &S,
    known: &Known,
    events: &mpsc::Sender<SyncEvent>,
) -> Result<(Listing, Vec<OrderId>), Stop> {
    let mut listing = pages(source, events).await?;
    let doubtful = listing.doubtful(&known.orders);
    if !doubtful.is_empty() {
        let mut progress = Progress {
            done: listing.done(),
            total: listing.total(),
        };
        let answer = named::read(source, doubtful, SINGLE, events, &mut progress).await?;
        listing.settle(&answer);
    }
    let removed = listing.removed(&known.orders);
    Ok((listing, removed))
}

async fn pages<S: Source>(source: &S, events: &mpsc::Sender<SyncEvent>) -> Result<Listing, Stop> {
    let mut listing = Listing::new(PAGE);
    let mut calls: VecDeque<(u64, Call)> = VecDeque::new();
    loop {
        send_for(source, &listing, &mut calls);
        let Some((offset, call)) = calls.pop_front() else {
            return Ok(listing);
        };
        let rows = listing.take(offset, answer(call).await?);
        // Before the rows are handed over, which may wait for whoever handles them.
        send_for(source, &listing, &mut calls);
        if !rows.is_empty() {
            let (done, total) = (listing.done(), listing.total());
            events.send(SyncEvent::Page { rows, done, total }).await?;
        }
        if listing.ended() {
            return Ok(listing);
        }
    }
}

// Calls for pages that are not wanted any more are dropped, and with that aborted.
fn send_for<S: Source>(source: &S, listing: &Listing, calls: &mut VecDeque<(u64, Call)>) {
    let wanted = listing.upcoming(AHEAD);
    let agree = calls
        .iter()
        .zip(&wanted)
        .take_while(|((offset, _), wanted)| offset == *wanted)
        .count();
    calls.truncate(agree);
    for &offset in &wanted[agree..] {
        let (source, limit) = (source.clone(), listing.limit());
        let call = tokio::spawn(async move { source.page(offset, limit).await });
        calls.push_back((offset, AbortOnDropHandle::new(call)));
    }
}

async fn answer(call: Call) -> Result<Listed, Stop> {
    match call.await {
        Ok(answer) => Ok(answer?),
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Aborted: the runtime is ending, and so is whoever listens.
            Err(_) => Err(Stop::Unheard),
        },
    }
}
