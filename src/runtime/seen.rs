//! What was seen at endpoints, and the endpoints that were added: kept in the store, and read from files that the operator
//! names.

use std::path::Path;

use tokio::sync::mpsc::UnboundedSender;

use super::effects::{Event, not_kept};
use super::storing::Storing;
use crate::app::msg::Msg;
use crate::domain::endpoint::Target;
use crate::domain::failure::Failure;
use crate::files;
use crate::store::{KeptServed, Store, StoreError};

/// Keeps something of an account, where the store lasts.
fn keep(
    storing: &Storing,
    tx: UnboundedSender<Event>,
    what: &'static str,
    change: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static,
) {
    storing.go(move |store| {
        let kept = store.is_lasting().then(|| change(store));
        if let Some(Err(error)) = kept {
            not_kept(&tx, what, &error);
        }
    });
}

/// Keeps what was seen to be served.
pub(super) fn keep_served(
    storing: &Storing,
    account: String,
    all: Vec<KeptServed>,
    tx: UnboundedSender<Event>,
) {
    keep(storing, tx, "What is served", move |store| {
        store.keep_served(&account, &all)
    });
}

/// Keeps endpoints that were added, and forgets those that were removed.
pub(super) fn keep_endpoints(
    storing: &Storing,
    account: String,
    added: Vec<Target>,
    removed: Vec<Target>,
    tx: UnboundedSender<Event>,
) {
    keep(storing, tx, "The list of endpoints", move |store| {
        store.remove_endpoints(&account, &removed)?;
        store.add_endpoints(&account, &added)
    });
}

/// Reads a file that lists endpoints, typed as `path`. Blocks for the disk.
pub(super) fn read_list(file: &str, path: String) -> Msg {
    let result = files::read_text(Path::new(file), files::LARGEST).map_err(|why| {
        let what = format!("Could not read {file}: {why}.");
        Failure::local(what, "")
    });
    Msg::EndpointsRead { path, result }
}
