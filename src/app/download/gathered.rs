//! Certificates of several marked orders: each is fetched and checked by itself; they are copied one after the other once all are
//! there, or each is written to a file of its own as it comes.

use std::collections::BTreeMap;

use crate::app::effect::Effect;
use crate::app::msg::FileProblem;
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::domain::ids::OrderId;
use crate::domain::text::{counted, sanitise};
use crate::keys::Action;

/// What they are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// This part of each, to the clipboard.
    Copy(Action),
    /// Files in this folder.
    Write(String),
}

/// Certificates of several orders on their way.
#[derive(Debug)]
pub(super) struct Gathering {
    pub(super) purpose: Purpose,
    orders: Vec<OrderId>,
    /// What came of each, or why nothing did.
    came: BTreeMap<OrderId, Result<Came, String>>,
}

/// What came of an order.
#[derive(Debug)]
pub(super) struct Came {
    /// Its PEM, or the path of its file.
    pub(super) text: String,
    /// What a server or its clients would stumble over.
    pub(super) caveat: Option<String>,
}

impl Gathering {
    pub(super) fn new(purpose: Purpose, orders: Vec<OrderId>) -> Self {
        Self {
            purpose,
            orders,
            came: BTreeMap::new(),
        }
    }

    /// Something came of an order. Whether that was the last one; what came of all is said and done then.
    pub(super) fn put(
        &mut self,
        order: OrderId,
        result: Result<Came, String>,
        turn: &mut Turn,
    ) -> bool {
        if !self.orders.contains(&order) {
            return false;
        }
        self.came.insert(order, result);
        let (came, all) = (self.came.len(), self.orders.len());
        if came < all {
            turn.set_status(Tone::Info, format!("Loading {came} of {all}…"));
            return false;
        }
        self.finish(turn);
        true
    }

    fn finish(&self, turn: &mut Turn) {
        let (mut good, mut bad, mut caveats) = (Vec::new(), Vec::new(), Vec::new());
        for order in &self.orders {
            match self.came.get(order) {
                Some(Ok(part)) => {
                    good.push(part.text.as_str());
                    let caveat = part.caveat.as_ref();
                    caveats.extend(caveat.map(|words| format!("order {order}: {words}")));
                }
                Some(Err(why)) => bad.push(format!("order {order}: {}", sanitise(why))),
                None => {}
            }
        }
        let mut failed = match bad.as_slice() {
            [] => String::new(),
            [one] => format!("1 not: {one}"),
            [first, ..] => format!("{} not, among them {first}", bad.len()),
        };
        if let Some(first) = caveats.first() {
            let more = match caveats.len() - 1 {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let comma = if failed.is_empty() { "" } else { "; " };
            failed = format!("{failed}{comma}check {first}{more}");
        }
        match &self.purpose {
            Purpose::Copy(_) if good.is_empty() => {
                turn.set_status(Tone::Bad, format!("Nothing was copied: {failed}"));
            }
            Purpose::Copy(action) => {
                let what = match action {
                    Action::CopyCertificate => counted(good.len(), "certificate", "certificates"),
                    _ => counted(good.len(), "full chain", "full chains"),
                };
                let what = if failed.is_empty() {
                    what
                } else {
                    format!("{what} ({failed})")
                };
                turn.push(Effect::Copy {
                    text: good.concat(),
                    what,
                    force: false,
                });
            }
            Purpose::Write(_) => {
                let words = counted(good.len(), "file", "files");
                let words = format!("{words} written");
                let (tone, words) = match (bad.is_empty(), failed.is_empty()) {
                    (true, true) => (Tone::Good, format!("{words}.")),
                    (true, false) => (Tone::Warn, format!("{words}; {failed}")),
                    (false, _) => (Tone::Bad, format!("{words}, {failed}")),
                };
                turn.set_status(tone, words);
            }
        }
    }
}

/// What came of a file.
pub(super) fn saved(
    path: String,
    caveat: Option<String>,
    result: Result<(), FileProblem>,
) -> Result<Came, String> {
    match result {
        Ok(()) => Ok(Came { text: path, caveat }),
        Err(FileProblem::Exists) => Err(format!("{path} already exists; it was not replaced")),
        Err(FileProblem::Failed(failure)) => Err(failure.to_string()),
    }
}
