//! What the account offers to the open form: products, organisations, limits of containers, and how its order stands.
//! Handed over when it is known, read when it is not, and told in the form when it does not come.

use super::effect::{Effect, Read};
use super::form::Supply;
use super::model::Model;
use super::remote::Remote;
use super::writes::names;
use crate::domain::ids::{ContainerId, OrderId};
use crate::domain::rules::newer::needed_approval;

/// Tells the open form how the validation of its order's names stands, as far as it is known.
pub(super) fn domains_came(model: &mut Model, id: OrderId) {
    let now = model.account_now();
    let unproven = model.engine.account.known.get(&id).and_then(|data| {
        let domains = data.domains.value()?;
        let order = data.order.value()?;
        Some(names::unproven(order, domains, now))
    });
    if let (Some(unproven), Some(form)) = (unproven, &mut model.form)
        && form.order.id == id
    {
        form.validation_arrived(unproven);
    }
}

/// A request of the open form's order came: it may show that there is an approval step.
pub(super) fn requests_of_form(model: &mut Model) {
    let Some(form) = model.form.as_mut().filter(|form| form.order.id.0 != 0) else {
        return;
    };
    if let Some(data) = model.engine.account.known.get(&form.order.id) {
        form.approval_needed(needed_approval(data.requests()));
    }
}

/// Tells the open form what is missing of what it offers: on its way, or not to be had.
pub(super) fn tell_supplies(model: &mut Model) {
    fn lack<T>(what: String, remote: Option<&Remote<T>>) -> Option<Supply> {
        let remote = remote.filter(|remote| remote.value().is_none())?;
        let failure = remote.failure().cloned();
        (remote.is_loading() || failure.is_some()).then_some(Supply { what, failure })
    }
    let Some(form) = &model.form else { return };
    let product = &form.order.product;
    let of_product = lack(
        format!("What {} offers", product.name),
        model.engine.account.products.get(&product.name_id),
    );
    let of_account = lack(
        "Organizations, divisions, custom fields, and products of the account".into(),
        Some(&model.engine.account.offer).filter(|_| form.kind.makes_order()),
    );
    let of_container = container_of_form(model).and_then(|id| {
        lack(
            format!("What can be ordered in division {id}"),
            model.engine.account.limits.get(&id),
        )
    });
    let Some(form) = &mut model.form else { return };
    // The lists of other forms have their usual values at once: only that the account's own did not come matters.
    let matters = |supply: &Supply| form.kind.makes_order() || supply.failure.is_some();
    let lacking = of_account.into_iter().chain(of_product).chain(of_container);
    let lacking = lacking.filter(matters).collect();
    form.lacks(lacking);
}

/// The container that the form's order is in, or will be.
fn container_of_form(model: &Model) -> Option<ContainerId> {
    let form = model.form.as_ref()?;
    if !form.kind.makes_order() {
        return form.order.container.as_ref()?.id;
    }
    let own = model
        .engine
        .account
        .session
        .value()
        .and_then(|session| session.container);
    form.container().or(own)
}

/// The limits of the container that is chosen in the form: handed over, or read.
pub(super) fn limits_of_form(model: &mut Model) -> Vec<Effect> {
    let Some(id) = container_of_form(model) else {
        return Vec::new();
    };
    match model.engine.account.limits.get(&id) {
        None | Some(Remote::Idle) => {
            let effects = vec![model.engine.account.read(Read::Limits(id))];
            tell_supplies(model);
            effects
        }
        Some(known) => {
            let limits = known.value().cloned().unwrap_or_default();
            let roles = model
                .engine
                .account
                .session
                .value()
                .map(|session| session.roles.clone());
            let roles = roles.unwrap_or_default();
            if let Some(form) = &mut model.form {
                form.limits_arrived(limits, &roles);
            }
            Vec::new()
        }
    }
}

/// Reads again what did not come of what the open form offers.
pub(super) fn read_offers_again(model: &mut Model) -> Vec<Effect> {
    let Some(form) = &model.form else {
        return Vec::new();
    };
    let name = form.order.product.name_id.clone();
    let makes_order = form.kind.makes_order();
    let container = container_of_form(model);
    let lacks_offer = makes_order && model.engine.account.offer.is_missing();
    let lacks_product = model
        .engine
        .account
        .products
        .get(&name)
        .is_none_or(Remote::is_missing);
    let lacks_limits = container.is_some_and(|id| {
        model
            .engine
            .account
            .limits
            .get(&id)
            .is_none_or(Remote::is_missing)
    });
    // Nothing is missing: then all of it, which somebody may have changed since.
    let all = !(lacks_offer || lacks_product || lacks_limits);
    let mut effects = Vec::new();
    if lacks_offer || (all && makes_order) {
        effects.push(model.engine.account.read(Read::Offer));
    }
    if lacks_product || all {
        effects.push(model.engine.account.read(Read::Product(name)));
    }
    if let Some(id) = container.filter(|_| lacks_limits || all) {
        effects.push(model.engine.account.read(Read::Limits(id)));
    }
    tell_supplies(model);
    effects
}

/// The offer of the product that is chosen in the form, for new orders: handed over, or read.
pub(super) fn product_of_form(model: &mut Model) -> Vec<Effect> {
    let Some(form) = &mut model.form else {
        return Vec::new();
    };
    let Some(name) = form.wanted_product().map(str::to_owned) else {
        return Vec::new();
    };
    match model.engine.account.products.get(&name) {
        Some(Remote::Ready { value, .. }) if !value.platforms.is_empty() => {
            form.product_arrived(value);
            Vec::new()
        }
        Some(Remote::Loading { .. } | Remote::Ready { .. } | Remote::Failed { .. }) => Vec::new(),
        Some(Remote::Idle) | None => {
            let effects = vec![model.engine.account.read(Read::Product(name))];
            tell_supplies(model);
            effects
        }
    }
}
