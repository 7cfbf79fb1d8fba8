//! What the organisation of an order is validated for, until when, and what the order waits for because of it.

use ratatui::style::Style;

use crate::app::account::OrderData;
use crate::app::model::Model;
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
    let Some(remote) = model.engine.account.organizations.get(&id) else {
        return;
    };
    let Some(all) = remote.value() else {
        if let Remote::Failed { error, .. } = remote {
            facts.styled(
                "Validated",
                &format!("not loaded: {}", error.what),
                theme.dim,
            );
        }
        return;
    };
    let needed = needed(&order.product);
    if let Some(kind) = needed {
        let stands = standing(all, kind, model.account_now());
        let words = format!("{} {}", label(kind), words(stands, model));
        facts.styled("Validated", &words, style(stands, theme));
        if let Some(meaning) = meaning(stands, kind, &order.status) {
            facts.styled("Effect", &meaning, style(stands, theme));
        }
    }
    let others = all.iter().filter(|one| Some(one.kind.as_str()) != needed);
    let heading = if needed.is_some() {
        "Also"
    } else {
        "Validated"
    };
    facts.fact(heading, &grouped(others, model));
}

/// Those that stand alike are told together: most end on one day.
fn grouped<'a>(all: impl Iterator<Item = &'a Validation>, model: &Model) -> String {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for one in all {
        let words = words(one.standing(model.account_now()), model);
        match groups.iter_mut().find(|(have, _)| *have == words) {
            Some((_, kinds)) => kinds.push(one.label()),
            None => groups.push((words, vec![one.label()])),
        }
    }
    let told = groups
        .into_iter()
        .map(|(words, kinds)| format!("{} {words}", kinds.join(", ")));
    told.collect::<Vec<_>>().join("; ")
}

fn words(stands: Standing, model: &Model) -> String {
    let day = |at| when::day(when::date_of(at), model.today());
    match stands {
        Standing::Valid(Some(until)) | Standing::EndsSoon(until) => {
            format!("until {}", day(until))
        }
        Standing::Valid(None) => "valid; end date not reported".into(),
        Standing::Expired(Some(at)) => format!("expired {}", day(at)),
        Standing::Expired(None) => "expired".into(),
        Standing::Pending => "pending".into(),
        Standing::Missing => "never requested".into(),
    }
}

fn style(stands: Standing, theme: &Theme) -> Style {
    match stands {
        Standing::Valid(_) => theme.good,
        Standing::EndsSoon(_) | Standing::Pending => theme.warn,
        Standing::Expired(_) | Standing::Missing => theme.bad,
    }
}
