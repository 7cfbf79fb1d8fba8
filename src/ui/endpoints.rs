//! The endpoints: what each serves, of which order that is, when it expires, and when it was seen; below it the same in words.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::served;
use super::theme::Theme;
use super::when;
use super::widgets::facts::Facts;
use super::widgets::listing::{self, Listing};
use super::widgets::table::{Column, Focus, Value};
use crate::app::added::EndpointId;
use crate::app::endpoints::Shown;
use crate::app::layout;
use crate::app::model::Model;
use crate::domain::coverage::{ATTENTION_DAYS, days_between};
use crate::domain::ids::OrderId;
use crate::domain::served::{ServedCertificate, Standing};
use crate::keys::{Action, Place};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Col {
    Endpoint,
    Served,
    Order,
    Expires,
    Issuer,
    From,
    Seen,
}

const COLUMNS: &[Column<Col>] = &[
    Column::elastic(Col::Endpoint, "ENDPOINT", 18, 52, 0).first(),
    Column::fixed(Col::Served, "SERVES", 6, 0),
    Column::fixed(Col::Order, "ORDER", 10, 1),
    Column::fixed(Col::Expires, "EXPIRES", 10, 2),
    Column::elastic(Col::Issuer, "ISSUER", 10, 28, 6),
    Column::fixed(Col::From, "FROM", 8, 5),
    Column::fixed(Col::Seen, "SEEN", 10, 3),
];

/// Draws the list.
pub(super) fn draw(model: &Model, theme: &Theme, focus: Focus, area: Rect, buf: &mut Buffer) {
    let list = Endpoints { model, theme };
    listing::draw(&list, model.endpoints.cursor, focus, theme, area, buf);
}

struct Endpoints<'a> {
    model: &'a Model,
    theme: &'a Theme,
}

impl<'a> Endpoints<'a> {
    fn row(&self, at: usize) -> Option<Shown<'a>> {
        self.model.endpoints.row(&self.model.engine, at)
    }

    /// How a standing is drawn, and what comes of it where the order was renewed.
    fn style(&self, row: &Shown<'_>) -> Style {
        match row.known {
            Some(known) if known.is_renewed => self.theme.warn,
            Some(known) => served::style(known.standing, self.theme),
            None => self.theme.dim,
        }
    }

    /// How urgent the end of a certificate is.
    fn urgency(&self, at: Timestamp) -> Style {
        let model = self.model;
        match days_between(model.today(), when::date_of(at)) {
            _ if at < model.account_now() => self.theme.bad,
            left if left <= ATTENTION_DAYS => self.theme.warn,
            _ => self.theme.text,
        }
    }

    /// "order 7 (shop.example.net, Example GmbH)".
    fn order(&self, order: OrderId) -> String {
        let row = self.model.engine.account.orders.get(order);
        row.map_or_else(
            || format!("order {order}"),
            |row| format!("order {order} ({})", row.title()),
        )
    }
}

fn certificate<'a>(row: &Shown<'a>) -> Option<&'a ServedCertificate> {
    row.seen?.served.certificate()
}

impl Listing for Endpoints<'_> {
    type Col = Col;
    const COLUMNS: &'static [Column<Col>] = COLUMNS;
    const BELOW: u16 = layout::BELOW_ENDPOINTS;

    fn len(&self) -> usize {
        self.model.endpoints.len()
    }

    fn none(&self) -> (String, Vec<String>) {
        let screen = &self.model.endpoints;
        let key = |place, action| {
            let key = self.model.keymap.key_of(&[place], action);
            key.unwrap_or_default()
        };
        if !screen.is_made() {
            return ("Loading the endpoints…".into(), Vec::new());
        }
        if screen.is_filtered() {
            let back = key(Place::Everywhere, Action::Back);
            let advice = vec![
                format!("Press {back} to clear it. Words search hosts and names, terms one field:"),
                " served:old  served:unseen  expires<30d  issuer:encrypt  order:7  is:added".into(),
            ];
            return ("No endpoints match the filter.".into(), advice);
        }
        let add = key(Place::Endpoints, Action::AddEndpoints);
        let advice = vec![
            "Listed are the names of issued orders and the endpoints of the settings ([served])."
                .into(),
            format!("Press {add} to add others: host:port, or a range of addresses."),
        ];
        ("There are no endpoints to look at.".into(), advice)
    }

    fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
        let row = self.row(at)?;
        if row.is_marked {
            return Some(("●", self.theme.accent));
        }
        if certificate(&row).is_some_and(|one| one.expires < self.model.account_now()) {
            return Some(("✗", self.theme.bad));
        }
        let style = self.style(&row);
        (style == self.theme.warn).then_some(("!", style))
    }

    fn value(&self, at: usize, column: Col, _: u16) -> Value<'_> {
        let theme = self.theme;
        let Some(row) = self.row(at) else {
            return ("".into(), theme.text);
        };
        match column {
            Col::Endpoint => (row.target.words().into(), theme.text),
            Col::Served if row.is_looking => ("…".into(), theme.dim),
            Col::Served => {
                let word = row.known.map_or("·", |known| known.standing.word());
                (word.into(), self.style(&row))
            }
            Col::Order => match (row.known.and_then(|known| known.of), row.owner) {
                (Some(of), _) => (of.to_string().into(), theme.text),
                // What it serves is not that order's, or not known.
                (None, Some(owner)) if row.known.is_none() => (owner.to_string().into(), theme.dim),
                _ => ("".into(), theme.dim),
            },
            Col::Expires => match certificate(&row) {
                Some(one) => (
                    when::date_of(one.expires).to_string().into(),
                    self.urgency(one.expires),
                ),
                None => ("".into(), theme.dim),
            },
            Col::Issuer => {
                let issuer = certificate(&row).map_or("", |one| one.issuer.as_str());
                (issuer.to_owned().into(), theme.dim)
            }
            Col::From => {
                let from = match row.id {
                    EndpointId::Settings(..) => "settings",
                    EndpointId::Added(_) => "added",
                    EndpointId::Name(..) => "order",
                };
                (from.into(), theme.dim)
            }
            Col::Seen => {
                let today = self.model.today();
                let at = row.known.map(|known| when::short(known.at, today));
                (at.unwrap_or_default().into(), theme.dim)
            }
        }
    }

    fn title(&self, at: usize) -> Option<String> {
        Some(self.row(at)?.target.words())
    }

    fn details(&self, at: usize, facts: &mut Facts<'_>) {
        let Some(row) = self.row(at) else {
            return;
        };
        let (theme, today) = (self.theme, self.model.today());
        match (row.known, row.seen) {
            (Some(known), Some(seen)) => {
                let words = match (certificate(&row), known.of) {
                    (None, _) => known.standing.words(&seen.served, when::moment),
                    (Some(one), None) => format!("another certificate, issued by {}", one.issuer),
                    (Some(_), Some(of)) => {
                        format!("{} of {}", which(known.standing), self.order(of))
                    }
                };
                facts.styled("Serves", &words, self.style(&row));
                if known.is_renewed {
                    facts.styled("", "that order was renewed by a newer one", theme.warn);
                }
                if let Some(one) = certificate(&row) {
                    let ends = when::day(when::date_of(one.expires), today);
                    facts.styled("Expires", &ends, self.urgency(one.expires));
                    if one.names.is_empty() {
                        facts.fact("Name", &one.name);
                    } else {
                        facts.fact("Names", &one.names.join(", "));
                    }
                    let is_bad = one.chain.is_bad();
                    let style = if is_bad { theme.warn } else { theme.text };
                    facts.styled("Chain", &one.chain.words(), style);
                }
                let at = when::moment_ago(known.at, today);
                facts.fact("Seen", &format!("{at}, from here"));
            }
            _ if row.is_looking => facts.styled("Serves", "looking…", theme.dim),
            _ => {
                let key = self
                    .model
                    .keymap
                    .key_of(&[Place::Endpoints], Action::LookServed);
                let words = format!(
                    "not looked at yet; press {} to look",
                    key.unwrap_or_default()
                );
                facts.styled("Serves", &words, theme.dim);
            }
        }
        if let Some(owner) = row.owner {
            facts.fact("Name of", &self.order(owner));
        }
        if let Some(auto) = self.model.auto.of(&row.target).filter(|_| row.is_auto) {
            let when = match auto.expires {
                _ if auto.is_due(today) => "due now".to_owned(),
                Some(_) => format!("due {ATTENTION_DAYS} d before it expires"),
                None => "due once it is seen to expire".to_owned(),
            };
            let key = self
                .model
                .keymap
                .key_of(&[Place::Endpoints], Action::RequestCertificate);
            let words = match auto.unread {
                Some(_) => auto.words(),
                None => format!(
                    "{} ({when}; {} opens it): {}",
                    auto.words(),
                    key.unwrap_or_default(),
                    auto.why
                ),
            };
            facts.styled("By the rule", &words, theme.accent);
        }
        let from = match row.id {
            EndpointId::Settings(..) => "named in the settings ([served])",
            EndpointId::Added(_) => "added here",
            EndpointId::Name(..) => return,
        };
        facts.fact("Listed", from);
    }
}

/// Which certificate of an order is served.
fn which(standing: Standing) -> &'static str {
    match standing {
        Standing::This => "the primary certificate",
        Standing::Duplicate => "a duplicate",
        Standing::Earlier => "an earlier certificate",
        Standing::Other | Standing::None => "another certificate than that",
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::app::look::Look;
    use crate::app::msg::{Connection, Msg};
    use crate::app::testing::summary;
    use crate::app::update;
    use crate::domain::order::OrderSummary;
    use crate::domain::packed::Rows;
    use crate::keys::KeyMap;
    use crossterm::event::KeyCode;

    const AREA: Rect = Rect::new(0, 0, 120, 36);

    /// The list, with how often something of a row is asked for.
    struct Counted<'a> {
        list: Endpoints<'a>,
        asked: Cell<usize>,
    }

    impl Counted<'_> {
        fn ask(&self) -> &Self {
            self.asked.set(self.asked.get() + 1);
            self
        }
    }

    impl Listing for Counted<'_> {
        type Col = Col;
        const COLUMNS: &'static [Column<Col>] = COLUMNS;
        const BELOW: u16 = layout::BELOW_ENDPOINTS;

        fn len(&self) -> usize {
            self.list.len()
        }

        fn none(&self) -> (String, Vec<String>) {
            self.list.none()
        }

        fn mark(&self, at: usize) -> Option<(&'static str, Style)> {
            self.ask().list.mark(at)
        }

        fn value(&self, at: usize, column: Col, width: u16) -> Value<'_> {
            self.ask().list.value(at, column, width)
        }

        fn title(&self, at: usize) -> Option<String> {
            self.ask().list.title(at)
        }

        fn details(&self, at: usize, facts: &mut Facts<'_>) {
            self.ask().list.details(at, facts);
        }
    }

    /// How much of the rows is asked for in a frame at so many orders.
    fn asked(orders: u64) -> usize {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let (keys, look) = (KeyMap::default(), Look::default());
        let mut model = Model::new((AREA.width, AREA.height), keys, look, "test".into(), now);
        model.engine.account.connection = Some(Connection {
            profile: "test".into(),
            account: "test".into(),
            url: "http://127.0.0.1:1/services/v2".into(),
            sandbox: false,
            key: Ok("the test".into()),
        });
        let row = |id: u64| OrderSummary {
            dns_names: vec![
                format!("host-{id}.example.net"),
                format!("www-{id}.example.net"),
            ],
            ..summary(id, &format!("host-{id}.example.net"))
        };
        let rows: Vec<OrderSummary> = (1..=orders).map(row).collect();
        for rows in [Rows::from_iter(rows), Rows::default()] {
            let (account, rows) = ("test".into(), rows.into());
            update(&mut model, Msg::Cached { account, rows }, now);
        }
        update(&mut model, Msg::Key(KeyCode::Char('6').into()), now);
        while model.has_more() {
            update(&mut model, Msg::GoOn, now);
        }
        assert_eq!(model.endpoints.len() as u64, orders * 2);
        let theme = Theme::for_look(model.look);
        let list = Counted {
            list: Endpoints {
                model: &model,
                theme: &theme,
            },
            asked: Cell::default(),
        };
        let mut buf = Buffer::empty(AREA);
        listing::draw(
            &list,
            model.endpoints.cursor,
            Focus::Here,
            &theme,
            AREA,
            &mut buf,
        );
        list.asked.get()
    }

    #[test]
    fn a_frame_asks_for_what_is_seen_whatever_is_listed() {
        let few = asked(50);
        assert!(few > 0);
        // So many that they are not listed in one turn.
        assert_eq!(asked(20_000), few);
    }
}
