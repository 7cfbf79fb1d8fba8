//! A certificate for an endpoint: what it serves, what it gets by the rule and what else could be done, and what has to hold.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::advice::{self, Asked};
use crate::app::model::Model;
use crate::app::popups::request::Requested;
use crate::domain::ids::OrderId;
use crate::domain::rules::newer::Met;
use crate::domain::served::{ServedCertificate, is_digicert};
use crate::domain::text::sanitise;
use crate::ui::text::wrap;
use crate::ui::theme::Theme;
use crate::ui::when;
use crate::ui::widgets::sheet::Sheet;

/// Columns at most.
const MOST: u16 = 76;

/// Its rows.
pub(super) fn sheet<'a>(
    model: &Model,
    requested: &Requested,
    theme: &Theme,
    area: Rect,
) -> Sheet<'a> {
    let (asked, advice) = (&requested.asked, &requested.advice);
    let title = format!("Request a certificate for {}", asked.target.words());
    let mut sheet = Sheet::new(title, area, MOST);
    let room = sheet.room();
    let lines = |style: Style, lead: &str, words: &str| -> Vec<Line<'a>> {
        let words = sanitise(words).into_owned();
        let wrapped = wrap(&words, room.saturating_sub(2)).into_iter().enumerate();
        let lines = wrapped.map(|(at, line)| {
            let lead = if at == 0 { lead } else { "  " };
            Line::styled(format!("{lead}{line}"), style)
        });
        lines.collect()
    };
    let engine = &model.engine;
    let seen = engine.served.last(&asked.target, asked.owner);
    let certificate = seen.and_then(|(_, seen)| seen.served.certificate());
    let said = serves(model, asked, seen.is_some(), certificate);
    let names = match advice.names.as_slice() {
        [] => "Its names are not known: look at it again, or fill them in.".to_owned(),
        names => format!("Names: {}", names.join(", ")),
    };
    for words in [said, names] {
        for line in lines(theme.dim, "  ", &words) {
            sheet.row(line);
        }
    }
    sheet.row(Line::default());
    let steps = requested.steps();
    let chosen = requested.picker.at(&steps);
    for (at, (step, why)) in advice.choices.iter().enumerate() {
        let (mark, style) = if at == chosen {
            ("▸ ", theme.accent)
        } else {
            ("  ", theme.text)
        };
        let mut words = step.words();
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let loads = advice.unread.filter(|_| at == 0);
        let loads = loads.map(|order| loading(model, order));
        let why = loads.as_deref().unwrap_or(why);
        let rows = lines(style, mark, &words).into_iter();
        let rows: Vec<Line<'_>> = rows.chain(lines(theme.dim, "  ", why)).collect();
        sheet.choice(at == chosen, rows);
    }
    let conditions = steps
        .get(chosen)
        .map(|step| advice::conditions(engine, *step));
    let conditions = conditions.unwrap_or_default();
    if !conditions.is_empty() {
        sheet.row(Line::default());
    }
    for condition in conditions {
        let (style, mark) = match condition.met {
            Met::Yes => (theme.good, "✓ "),
            Met::Perhaps => (theme.warn, "! "),
            Met::No => (theme.bad, "✗ "),
        };
        for line in lines(style, mark, &condition.words) {
            sheet.row(line);
        }
    }
    sheet
}

/// Why what is decided may be another once it is known by which order one was renewed.
fn loading(model: &Model, order: OrderId) -> String {
    let data = model.engine.account.known.get(&order);
    match data.and_then(|data| data.order.failure()) {
        Some(failure) => format!("by which order {order} was renewed is not known: {failure}"),
        None => format!("loading by which order {order} was renewed…"),
    }
}

/// What the endpoint serves, in a sentence.
fn serves(
    model: &Model,
    asked: &Asked,
    is_seen: bool,
    certificate: Option<&ServedCertificate>,
) -> String {
    let Some(certificate) = certificate else {
        return if is_seen {
            "It serves no certificate yet.".into()
        } else {
            "Nobody looked yet what it serves.".into()
        };
    };
    let ends = when::day(when::date_of(certificate.expires), model.today());
    match asked.of {
        Some(order) => format!("It serves a certificate of order {order}, which expires {ends}."),
        None if is_digicert(&certificate.issuer) => format!(
            "It serves a certificate of no order that is known ({}), which expires {ends}.",
            certificate.issuer
        ),
        None => format!(
            "Switch to DigiCert: it serves a certificate of {}, which expires {ends}.",
            certificate.issuer
        ),
    }
}
