//! What of the journal keeps something from being sent by itself: unfinished, or unknown.

use crate::app::journal::JournalRow;
use crate::cli::error::CliError;
use crate::cli::session::Session;
use crate::domain::draft::FormKind;
use crate::domain::ids::OrderId;
use crate::domain::write::{Outgoing, WriteKind};

/// Something that was sent and has no end.
pub(super) struct Unfinished {
    order: Option<OrderId>,
    /// What it was; `None` where a later certdeck sent it.
    sent: Option<Outgoing>,
    words: String,
}

/// All that is unfinished.
pub(super) fn unfinished(session: &Session<'_>) -> Result<Vec<Unfinished>, CliError> {
    let all = session.script.ask(|store| store.unsettled());
    let all = all.transpose()?.unwrap_or_default().into_iter();
    let all = all.filter(|entry| !entry.dismissed).map(|entry| {
        let (order, sent) = (entry.intent.order, entry.intent.unread());
        let row = JournalRow::of(entry);
        let outcome = row.outcome;
        let outcome = outcome.unwrap_or_else(|| "its outcome is unknown".to_owned());
        let (what, op) = (row.what, row.op.0);
        Unfinished {
            order,
            sent,
            words: format!("{what} is unfinished: {outcome} (journal {op})"),
        }
    });
    Ok(all.collect())
}

impl Unfinished {
    /// Whether it may be the same as a request of this kind for this order; of a new order, for a product and a common name.
    fn is_like(&self, kind: FormKind, order: OrderId, product: &str, name: &str) -> bool {
        let Some(sent) = &self.sent else {
            return self.order == Some(order);
        };
        match kind {
            FormKind::NewOrder => {
                sent.kind == WriteKind::NewOrder
                    && sent.product() == Some(product)
                    && sent.common_name().as_deref() == Some(name)
            }
            FormKind::Renew => sent.kind == WriteKind::Renew && self.order == Some(order),
            FormKind::Duplicate | FormKind::Reissue => {
                let is_kind = sent.kind.makes_certificate() && !sent.kind.makes_order();
                is_kind && self.order == Some(order)
            }
        }
    }
}

/// The first that may be the same, in words.
pub(super) fn like(
    all: &[Unfinished],
    kind: FormKind,
    order: OrderId,
    product: &str,
    name: &str,
) -> Option<String> {
    let mut all = all.iter();
    let found = all.find(|one| one.is_like(kind, order, product, name));
    found.map(|one| one.words.clone())
}
