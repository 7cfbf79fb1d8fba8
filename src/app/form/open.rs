//! Opens a form: on what is known of its order, with what was typed before. What it offers is read where it may be another
//! by now.

use super::Form;
use crate::app::effect::Read;
use crate::app::engine::Engine;
use crate::app::remote::{Opened, Remote};
use crate::app::status::Tone;
use crate::app::turn::Turn;
use crate::app::writes::names;
use crate::domain::catalogue;
use crate::domain::draft::{FormKind, is_as_reissue};
use crate::domain::failure::Failure;
use crate::domain::ids::OrderId;
use crate::domain::order::Order;
use crate::domain::product::ProductRef;

impl Form {
    /// Opens a form of an order whose info is known; `None` where it is not.
    pub fn of_order(
        kind: FormKind,
        id: OrderId,
        opened: Opened,
        engine: &mut Engine,
        turn: &mut Turn,
    ) -> Option<Self> {
        let today = engine.today();
        let data = engine.account.known.get(&id)?;
        let order = data.order.value()?;
        let name = order.product.name_id.clone();
        let product = engine.account.products.get(&name).and_then(Remote::value);
        let key = kind.draft_key(id);
        let draft = engine.drafts.get(&key);
        let mut form = Self::open(kind, order, product, data.certificates(), today, draft);
        form.opened = opened;
        // A duplicate was refused for what a reissue can put right, and the operator goes on to the reissue.
        let duplicate = engine.drafts.refusal(&FormKind::Duplicate.draft_key(id));
        if kind == FormKind::Reissue && duplicate.is_some_and(Failure::calls_for_reissue) {
            form.set_as_reissue();
        }
        // A refusal may come of what was changed on the account since this was read.
        let is_old = engine.drafts.refusal(&key).is_some();
        let known = engine.account.products.get(&name);
        if is_old || known.is_none_or(Remote::is_missing) {
            turn.push(engine.account.read(Read::Product(name)));
        }
        // A duplicate needs validation that is current.
        if kind == FormKind::Duplicate {
            let reads = names::read(&mut engine.account, &engine.writes, id, false);
            turn.extend(reads);
        }
        form.begin(engine, turn);
        Some(form)
    }

    /// Opens the form of a new order.
    pub fn of_new_order(engine: &mut Engine, turn: &mut Turn) -> Self {
        let kind = FormKind::NewOrder;
        let blank = Order::blank(ProductRef::from(&catalogue::PRODUCTS[0]));
        let draft = engine.drafts.get(&kind.draft_key(OrderId(0)));
        let mut form = Self::open(kind, &blank, None, &[], engine.today(), draft);
        form.begin(engine, turn);
        form
    }

    /// Makes this reissue one that is stored as a duplicate, in place of a duplicate. What was typed for that goes along,
    /// unless a reissue was begun before.
    pub(in crate::app) fn go_on_from(
        &mut self,
        duplicate: &Self,
        engine: &Engine,
        turn: &mut Turn,
    ) {
        let begun = engine.drafts.get(&self.draft_key());
        let other = begun.is_some_and(|kept| !is_as_reissue(kept));
        if other {
            turn.set_status(
                Tone::Warn,
                "You began a reissue of this order before: this is what you typed for it. What you typed for the \
                    duplicate stays there.",
            );
        } else {
            self.take_over(&duplicate.draft_json());
        }
        self.set_as_reissue();
    }

    /// What every form begins with: what the account said of it, what is offered, and a look for what was sent from it
    /// before and not found.
    fn begin(&mut self, engine: &mut Engine, turn: &mut Turn) {
        let key = self.draft_key();
        if self.kind.makes_order() {
            self.refer_as(format!("certdeck-{}", engine.writes.next_id().0));
        }
        if let Some(failure) = engine.drafts.refusal(&key) {
            self.refused(failure);
        }
        // What is known is offered meanwhile; what came or went since is taken over.
        if self.kind.makes_order() && !engine.account.offer.is_loading() {
            turn.push(engine.account.read(Read::Offer));
        }
        let now = engine.now;
        engine.writes.look_before_form(&key, &engine.drafts, now);
        self.refresh(engine, turn);
    }
}
