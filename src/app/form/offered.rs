//! What the account has for the open form: products, limits of containers, what there is to order with, and how its order
//! stands. It is looked at whenever something of it may be another, and as a whole: what somebody typed or chose stays.

use super::missing::RELOADING;
use super::{Form, MissingOptions};
use crate::app::effect::Read;
use crate::app::engine::Engine;
use crate::app::remote::{Remote, Ticket};
use crate::app::status::{Status, Tone};
use crate::app::turn::Turn;
use crate::app::writes::names;
use crate::domain::draft::limits::Limit;
use crate::domain::failure::Failure;
use crate::domain::ids::ContainerId;
use crate::domain::product::Product;
use crate::domain::rules::newer::needed_approval;

/// The reads that brought what a form offers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The state of the account, and what was chosen then.
    whole: Option<(u64, Option<ContainerId>, String)>,
    pub(super) product: Option<(String, Ticket)>,
    offer: Ticket,
    order: [Ticket; 3],
}

impl Form {
    /// Offers what the account has by now; reads what was never asked for. Where what is read in the form is another
    /// because of that, it is said.
    pub fn refresh(&mut self, engine: &mut Engine, turn: &mut Turn) {
        self.read_offers(engine, turn);
        let name = self.order.product.name_id.clone();
        let now = (engine.account.revision(), self.container_of(engine), name);
        if self.seen.whole.as_ref() != Some(&now) {
            self.seen.whole = Some(now);
            self.look_at_offers(engine);
            self.look_at_order(engine, turn);
            // A product of which only its name was known is known by now.
            self.read_offers(engine, turn);
            self.set_missing(self.missing_now(engine));
            if !self.is_loading(engine) {
                let is_over = |status: &mut Status| RELOADING.contains(&&*status.words);
                let was_told = turn.status.take_if(is_over).is_some();
                if let Some(failure) = self.failure(engine).filter(|_| was_told) {
                    turn.set_status(Tone::Warn, format!("Not reloaded: {failure}"));
                }
            }
        }
        if let Some(outgoing) = self.reviewed_outgoing() {
            let notes = engine.writes.notes_on(outgoing, &engine.account);
            self.sent_before(notes);
        }
        if let Some(outgoing) = self.reviewed_outgoing() {
            let notes = engine.outside.caa_notes(&outgoing.names(), engine.now);
            self.caa(notes);
        }
        let served = engine
            .served
            .still_served(self.order.id, None, &engine.account);
        self.still_served(served);
    }

    /// Reads the offer of the product, and the limits of the container, that are chosen, once.
    fn read_offers(&self, engine: &mut Engine, turn: &mut Turn) {
        let account = &mut engine.account;
        if let Some(name) = self.wanted_product()
            && matches!(account.products.get(name), None | Some(Remote::Idle))
        {
            turn.push(account.read(Read::Product(name.to_owned())));
        }
        if let Some(id) = self.container_of(engine)
            && matches!(engine.account.limits.get(&id), None | Some(Remote::Idle))
        {
            turn.push(engine.account.read(Read::Limits(id)));
        }
    }

    fn look_at_offers(&mut self, engine: &Engine) {
        let account = &engine.account;
        if let Some(offer) = account.offer.value()
            && self.kind.makes_order()
            && self.seen.offer != account.offer.asked()
        {
            self.seen.offer = account.offer.asked();
            self.take_offer(offer);
        }
        let name = self.order.product.name_id.clone();
        if let Some(remote) = account.products.get(&name)
            && let Some(product) = remote.value()
        {
            let seen = Some((name, remote.asked()));
            if self.seen.product != seen {
                self.seen.product = seen;
                self.take_product(product);
            }
        }
        if let Some(id) = self.container_of(engine) {
            let limits = account.limits.get(&id).and_then(Remote::value);
            let session = account.session.value();
            let roles = session.map_or(&[][..], |session| session.roles.as_slice());
            self.take_limits(limits.cloned().unwrap_or_default(), roles);
        }
    }

    fn look_at_order(&mut self, engine: &mut Engine, turn: &mut Turn) {
        let id = self.order.id;
        let Some(data) = engine.account.known.get(&id) else {
            return;
        };
        self.age = engine.account.age(id, self.opened);
        let approved = needed_approval(data.requests());
        if self.approved != approved {
            self.take_approval(approved);
        }
        let Some(order) = data.order.value() else {
            return;
        };
        if let Some(domains) = data.domains.value() {
            let unproven = names::unproven(order, domains, engine.account_now());
            if self.unproven != unproven {
                self.take_unproven(unproven);
            }
        }
        let lists = [&data.duplicates, &data.reissues].map(Remote::asked);
        let seen = [data.order.asked(), lists[0], lists[1]];
        if std::mem::replace(&mut self.seen.order, seen) == seen {
            return;
        }
        if let Some(told) = self.take_order(order, data.certificates()) {
            turn.changed = true;
            if self.reviewed_outgoing().is_some() {
                self.review_opened(engine);
            }
            turn.set_status(Tone::Warn, told);
        }
    }

    /// Whether anything of what the form offers is on its way.
    pub fn is_loading(&self, engine: &Engine) -> bool {
        let (product, limits) = self.chosen(engine);
        engine.account.offer.is_loading()
            || product.is_some_and(Remote::is_loading)
            || limits.is_some_and(Remote::is_loading)
    }

    /// What is known of the product, and of what may be ordered in the container, that are chosen.
    fn chosen<'a>(
        &self,
        engine: &'a Engine,
    ) -> (Option<&'a Remote<Product>>, Option<&'a Remote<Vec<Limit>>>) {
        let account = &engine.account;
        let container = self.container_of(engine);
        (
            account.products.get(&self.order.product.name_id),
            container.and_then(|id| account.limits.get(&id)),
        )
    }

    /// Why something of what the form offers did not come, though an earlier answer may still be there.
    pub fn failure<'a>(&self, engine: &'a Engine) -> Option<&'a Failure> {
        let offer = Some(&engine.account.offer).filter(|_| self.kind.makes_order());
        let (product, limits) = self.chosen(engine);
        offer
            .and_then(Remote::failure)
            .or_else(|| product?.failure())
            .or_else(|| limits?.failure())
    }

    /// What is missing of what the form offers: on its way, or not to be had.
    fn missing_now(&self, engine: &Engine) -> Vec<MissingOptions> {
        fn missing<T>(what: String, remote: Option<&Remote<T>>) -> Option<MissingOptions> {
            let remote = remote.filter(|remote| remote.value().is_none())?;
            let failure = remote.failure().cloned();
            let missing = remote.is_loading() || failure.is_some();
            missing.then_some(MissingOptions { what, failure })
        }
        let account = &engine.account;
        let product = &self.order.product;
        let of_account = missing(
            "Organizations, divisions, custom fields, and products of the account".into(),
            Some(&account.offer).filter(|_| self.kind.makes_order()),
        );
        let of_product = missing(
            format!("What {} offers", product.name),
            account.products.get(&product.name_id),
        );
        let of_container = self.container_of(engine).and_then(|id| {
            let what = format!("What can be ordered in division {id}");
            missing(what, account.limits.get(&id))
        });
        let all = of_account.into_iter().chain(of_product).chain(of_container);
        // The lists of other forms have their usual values at once: only that the account's own did not come matters.
        let matters = |one: &MissingOptions| self.kind.makes_order() || one.failure.is_some();
        all.filter(matters).collect()
    }

    /// The container that the form's order is in, or will be.
    fn container_of(&self, engine: &Engine) -> Option<ContainerId> {
        if !self.kind.makes_order() {
            return self.order.container.as_ref()?.id;
        }
        let session = engine.account.session.value();
        let own = session.and_then(|session| session.container);
        self.container().or(own)
    }

    /// Reads again what did not come of what the form offers; all of it where nothing is missing, for somebody may have
    /// changed it since.
    pub(super) fn ask_anew(&self, engine: &mut Engine, turn: &mut Turn) {
        let name = self.order.product.name_id.clone();
        let makes_order = self.kind.makes_order();
        let container = self.container_of(engine);
        let account = &mut engine.account;
        let lacks_offer = makes_order && account.offer.is_missing();
        let product = account.products.get(&name);
        let lacks_product = product.is_none_or(Remote::is_missing);
        let limits = |id| account.limits.get(&id).is_none_or(Remote::is_missing);
        let lacks_limits = container.is_some_and(limits);
        let all = !(lacks_offer || lacks_product || lacks_limits);
        if lacks_offer || (all && makes_order) {
            turn.push(account.read(Read::Offer));
        }
        if lacks_product || all {
            turn.push(account.read(Read::Product(name)));
        }
        if let Some(id) = container.filter(|_| lacks_limits || all) {
            turn.push(account.read(Read::Limits(id)));
        }
    }
}
