//! What the organisation of an order is validated for, until when, and what the order waits for because of it.

use ratatui::style::Style;

use crate::app::model::Model;
use crate::app::order::OrderData;
use crate::app::remote::Remote;
use crate::domain::order::Order;
use crate::domain::organization::{Standing, Validation, label, meaning, needed, standing};
use crate::ui::theme::Theme;
use crate::ui::when;
use crate::ui::widgets::facts::Facts;

/// Tells it of the order that is known.
pub(super) fn of(model: &Model, data: &OrderData, theme: &Theme, facts: &mut Facts<'_>) {
    if let Some(order) = data.order.value() {
        validated(model, order, theme, facts);
    }
}

/// The validation that the order needs first, then the others; and what it means where it is not in order.
pub(super) fn validated(model: &Model, order: &Order, theme: &Theme, facts: &mut Facts<'_>) {
    let Some(id) = order.organization.as_ref().and_then(|known| known.id) else {
        return;
    };
    let Some(remote) = model.organizations.get(&id) else {
        return;
    };
    let Some(all) = remote.value() else {
        if let Remote::Failed { error, .. } = remote {
            facts.styled("Validated", &format!("not read: {}", error.what), theme.dim);
        }
        return;
    };
    let needed = needed(&order.product);
    if let Some(kind) = needed {
        let stands = standing(all, kind, model.now);
        let words = words(kind, stands, model);
        facts.styled("Validated", &words, style(stands, theme));
        if let Some(meaning) = meaning(stands, kind, &order.status) {
            facts.styled("That means", &meaning, style(stands, theme));
        }
    }
    let mut others: Vec<&Validation> = all.iter().collect();
    others.retain(|one| Some(one.kind.as_str()) != needed);
    let others: Vec<String> = others
        .into_iter()
        .map(|one| words(&one.kind, one.standing(model.now), model))
        .collect();
    let heading = if needed.is_some() {
        "Also"
    } else {
        "Validated"
    };
    facts.fact(heading, &others.join("; "));
}

fn words(kind: &str, stands: Standing, model: &Model) -> String {
    let kind = label(kind);
    let day = |at| when::day(when::date_of(at), model.today());
    match stands {
        Standing::Valid(Some(until)) | Standing::EndsSoon(until) => {
            format!("{kind} until {}", day(until))
        }
        Standing::Valid(None) => format!("{kind}, end not told"),
        Standing::Expired(Some(at)) => format!("{kind} ended {}", day(at)),
        Standing::Expired(None) => format!("{kind} ended"),
        Standing::Pending => format!("{kind} pending"),
        Standing::Missing => format!("not for {kind}"),
    }
}

fn style(stands: Standing, theme: &Theme) -> Style {
    match stands {
        Standing::Valid(_) => theme.good,
        Standing::EndsSoon(_) | Standing::Pending => theme.warn,
        Standing::Expired(_) | Standing::Missing => theme.bad,
    }
}
