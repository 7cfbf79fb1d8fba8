//! Which certificates were seen to be served for an order, in lines among its facts.

use jiff::Timestamp;
use ratatui::style::Style;

use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use crate::app::model::Model;
use crate::domain::coverage::days_between;
use crate::domain::ids::OrderId;
use crate::domain::served::Standing;
use crate::domain::text::counted;

/// Places that are told one by one; of more only how many there are.
const FEW: usize = 8;

/// What each place serves, what counts for most first, and when that was seen. Nothing where nobody looked.
pub(super) fn lines(model: &Model, order: OrderId, theme: &Theme, facts: &mut Facts<'_>) {
    let (looks, account) = (&model.engine.served, &model.engine.account);
    let seen = looks.seen(order, account);
    let is_looking = looks.is_looking(order);
    if seen.is_empty() && !is_looking {
        return;
    }
    facts.gap();
    let today = model.today();
    let expires = |at: Timestamp| {
        let days = days_between(today, when::date_of(at));
        let word = if days < 0 { "expired" } else { "expires" };
        format!("{word} {}", when::days(days))
    };
    for (target, standing, one) in seen.iter().take(FEW) {
        let mut words = format!(
            "{}: {}",
            target.words(),
            standing.words(&one.served, expires)
        );
        let mut style = style(*standing, theme);
        if let Some(certificate) = one.served.certificate() {
            words.push_str("; ");
            words.push_str(&certificate.chain.words());
            if certificate.chain.is_bad() {
                style = style.patch(theme.warn);
            }
        }
        facts.styled("Served", &words, style);
    }
    if let Some(more) = seen.len().checked_sub(FEW).filter(|more| *more > 0) {
        let words = format!("and at {}", counted(more, "more place", "more places"));
        facts.styled("", &words, theme.dim);
    }
    for name in looks.places(order, account).wildcards {
        let words = format!("{name}: not looked at; it is no host, and the settings name none");
        facts.styled("Served", &words, theme.dim);
    }
    if let Some(at) = seen.iter().map(|(_, _, one)| one.at).min() {
        facts.fact("Seen", &format!("{}, from here", when::moment(at)));
    }
    if is_looking {
        facts.styled("Served", "looking…", theme.dim);
    }
    facts.gap();
}

/// How a standing is drawn.
pub(super) fn style(standing: Standing, theme: &Theme) -> Style {
    match standing {
        Standing::This | Standing::Duplicate => theme.good,
        Standing::Earlier | Standing::Other => theme.warn,
        Standing::None => theme.dim,
    }
}
