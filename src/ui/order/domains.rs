//! The names of an order and what is known of their domain validation; what is not known is said to be so.

use ratatui::text::Line;

use super::reading;
use crate::app::model::Model;
use crate::app::order::OrderData;
use crate::domain::ids::OrderId;
use crate::domain::status::OrderStatus;
use crate::ui::theme::Theme;
use crate::ui::widgets::facts::Facts;

/// The lines of the tab.
pub(super) fn lines(
    model: &Model,
    id: OrderId,
    data: &OrderData,
    theme: &Theme,
    columns: u16,
) -> Vec<Line<'static>> {
    let mut facts = Facts::new(theme, columns);
    let Some(order) = data.order.value() else {
        for words in reading(data) {
            facts.words(&words, theme.dim);
        }
        return facts.done();
    };
    if !order.product.family().is_tls() {
        facts.words("This product secures no domain names.", theme.text);
        return facts.done();
    }
    match order.dcv_method.as_deref() {
        Some(method) => facts.fact("Domain check", method),
        None => facts.styled(
            "Domain check",
            "the account tells no method for this order",
            theme.dim,
        ),
    }
    let tokens = model
        .watches
        .iter()
        .filter(|watch| watch.order == Some(id))
        .filter_map(|watch| watch.token.as_deref());
    for token in tokens {
        facts.styled("Random value", token, theme.accent);
    }
    let certificate = &order.certificate;
    let mut names: Vec<&str> = Vec::new();
    let own = std::iter::once(certificate.common_name.as_str());
    for name in own.chain(certificate.dns_names.iter().map(String::as_str)) {
        if !name.is_empty() && !names.iter().any(|have| have.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    let issued = matches!(
        order.status,
        OrderStatus::Issued | OrderStatus::ReissuePending
    );
    let on = certificate
        .valid_from
        .map_or_else(String::new, |from| format!(" of {from}"));
    let words = if issued {
        format!(
            "The account had checked these names when it issued the certificate{on}. Whether each check still holds for a reissue is not known here."
        )
    } else {
        "Nothing is issued: the account has to check these names first. How far it is, is not known here.".into()
    };
    facts.gap();
    facts.words(&words, theme.dim);
    facts.heading(&match names.len() {
        1 => "Name".to_string(),
        some => format!("{some} names"),
    });
    for name in names {
        facts.inset(name, theme.text);
    }
    facts.done()
}
