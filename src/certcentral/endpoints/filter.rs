//! The filters and sort keys of lists, typed. Sources: "List orders", "List organizations" and "List domains" of the
//! Services API documentation.

use jiff::civil::Date;

use super::Query;
use crate::domain::ids::{CertificateId, ContainerId, OrderId, OrganizationId, UserId};
use crate::domain::status::OrderStatus;

/// A text to compare with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contained {
    /// The whole text.
    Exactly(String),
    /// Anywhere in the text; sent with a leading `%`.
    Within(String),
}

impl Contained {
    pub(super) fn value(&self) -> String {
        match self {
            Contained::Exactly(text) => text.clone(),
            Contained::Within(text) => format!("%{text}"),
        }
    }
}

/// Which page of which organizations or domains.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListQuery {
    /// Only active or only inactive ones.
    pub active: Option<bool>,
    /// Name; an organization's number as well.
    pub search: Option<Contained>,
    /// Of a container.
    pub container: Option<ContainerId>,
    /// Whether the validations come along.
    pub include_validation: bool,
    /// Rows of the page; `None` for as many as the server gives.
    pub limit: Option<u64>,
    /// Index of the first row.
    pub offset: u64,
}

impl ListQuery {
    pub(super) fn text(&self) -> String {
        let mut query = Query::default();
        let status = |active| if active { "active" } else { "inactive" };
        query.push_some("filters[status]", self.active.map(status));
        let search = self.search.as_ref().map(Contained::value);
        query.push_some("filters[search]", search);
        query.push_some("container_id", self.container);
        query.push_some(
            "include_validation",
            self.include_validation.then_some("true"),
        );
        query.push_some("limit", self.limit);
        query.push_some("offset", (self.offset > 0).then_some(self.offset));
        query.0
    }
}

/// A day or a stretch of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFilter {
    /// That day.
    On(Date),
    /// Later than that day.
    After(Date),
    /// Earlier than that day.
    Before(Date),
    /// From one day to another, both included.
    Between(Date, Date),
}

impl DateFilter {
    fn value(self) -> String {
        match self {
            DateFilter::On(day) => day.to_string(),
            DateFilter::After(day) => format!(">{day}"),
            DateFilter::Before(day) => format!("<{day}"),
            DateFilter::Between(from, to) => format!("{from}...{to}"),
        }
    }
}

/// Which orders to list. Each method adds a condition; conditions of different kinds have to hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderFilter {
    conditions: Vec<(String, String)>,
}

impl OrderFilter {
    /// All orders.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `filters[name]=value`, for a filter that has no method.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.conditions
            .push((format!("filters[{name}]"), value.into()));
        self
    }

    /// One order.
    pub fn id(self, id: OrderId) -> Self {
        self.with("id", id.to_string())
    }

    /// Any of these orders. Several values of one filter are what clients use and no page documents: rows still
    /// have to be looked at.
    pub fn ids(mut self, any_of: &[OrderId]) -> Self {
        match any_of {
            [one] => self.id(*one),
            several => {
                for (index, id) in several.iter().enumerate() {
                    let name = format!("filters[id][{index}]");
                    self.conditions.push((name, id.to_string()));
                }
                self
            }
        }
    }

    /// Any of these states. `issued` also finds expired orders; `needs_approval`, `processing` and `expired` are no
    /// filter values, and an unknown value may be ignored: rows still have to be looked at.
    pub fn status(mut self, any_of: &[OrderStatus]) -> Self {
        match any_of {
            [one] => self.with("status", one.as_str()),
            several => {
                for (index, status) in several.iter().enumerate() {
                    let name = format!("filters[status][{index}]");
                    self.conditions.push((name, status.as_str().to_owned()));
                }
                self
            }
        }
    }

    /// Of an organization.
    pub fn organization(self, id: OrganizationId) -> Self {
        self.with("organization_id", id.to_string())
    }

    /// Of a product, by identifier.
    pub fn product(self, name_id: &str) -> Self {
        self.with("product_name_id", name_id)
    }

    /// Whose primary certificate ends then.
    pub fn valid_till(self, when: DateFilter) -> Self {
        self.with("valid_till", when.value())
    }

    /// Placed by a user.
    pub fn user(self, id: UserId) -> Self {
        self.with("user_id", id.to_string())
    }

    /// Common name.
    pub fn common_name(self, name: &Contained) -> Self {
        self.with("common_name", name.value())
    }

    /// Common name or any DNS name.
    pub fn domain_name(self, name: &Contained) -> Self {
        self.with("domain_name", name.value())
    }

    /// Placed then.
    pub fn date_created(self, when: DateFilter) -> Self {
        self.with("date_created", when.value())
    }

    /// In a container.
    pub fn container(self, id: ContainerId) -> Self {
        self.with("container_id", id.to_string())
    }

    /// With a custom field.
    pub fn custom_field(self, metadata_id: u64) -> Self {
        self.with("metadata_id", metadata_id.to_string())
    }

    /// Renewed by another order, or not.
    pub fn renewed(self, yes: bool) -> Self {
        self.with("is_renewed", flag(yes))
    }

    /// With renewal notices switched off, or on.
    pub fn renewal_notices_disabled(self, yes: bool) -> Self {
        self.with("disable_renewal_notifications", flag(yes))
    }

    /// Client and Secure Email orders for an address.
    pub fn email(self, address: &str) -> Self {
        self.with("email", address)
    }

    /// The order that has this certificate.
    pub fn certificate(self, id: CertificateId) -> Self {
        self.with("certificate_id", id.to_string())
    }

    /// Orders made here (`false`) or brought from an older system (`true`).
    pub fn migrated(self, yes: bool) -> Self {
        self.with("origin", if yes { "migrated" } else { "certcentral" })
    }

    /// The order that has a certificate with this serial number, any of them.
    pub fn serial_number(self, serial: &str) -> Self {
        self.with("serial_number", crate::certcentral::convert::hex(serial))
    }

    /// E-mail address or common name.
    pub fn search(self, text: &Contained) -> Self {
        self.with("search", text.value())
    }

    pub(super) fn write(&self, query: &mut Query) {
        for (name, value) in &self.conditions {
            query.push(name, value);
        }
    }
}

fn flag(yes: bool) -> &'static str {
    if yes { "1" } else { "0" }
}

/// A sort key of list orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderSort {
    /// Order number.
    Id,
    /// When it was placed.
    Created,
    /// Common name.
    CommonName,
    /// State.
    Status,
    /// End of the primary certificate.
    ValidTill,
    /// Product.
    Product,
}

impl OrderSort {
    /// The API's word with its sign. An explicit `+` is sent where a client found that the key needs one.
    pub(super) fn value(self, descending: bool) -> String {
        let (name, plus) = match self {
            OrderSort::Id => ("order_id", ""),
            OrderSort::Created => ("date_created", ""),
            OrderSort::CommonName => ("common_name", ""),
            OrderSort::Status => ("status", "+"),
            OrderSort::ValidTill => ("valid_till", ""),
            OrderSort::Product => ("product_name", ""),
        };
        format!("{}{name}", if descending { "-" } else { plus })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn written(filter: &OrderFilter) -> String {
        let mut query = Query::default();
        filter.write(&mut query);
        query.0
    }

    #[test]
    fn several_states_are_numbered() {
        let filter = OrderFilter::new().status(&[OrderStatus::Issued, OrderStatus::Pending]);
        assert_eq!(
            written(&filter),
            "filters%5Bstatus%5D%5B0%5D=issued&filters%5Bstatus%5D%5B1%5D=pending"
        );
    }

    #[test]
    fn a_part_of_a_text_gets_an_encoded_percent_sign() {
        let filter = OrderFilter::new().search(&Contained::Within("shop&co".into()));
        assert_eq!(written(&filter), "filters%5Bsearch%5D=%25shop%26co");
    }

    #[test]
    fn dates_are_ranges_or_comparisons() {
        let day = date(2026, 1, 2);
        let cases = [
            (DateFilter::On(day), "2026-01-02"),
            (DateFilter::After(day), "%3E2026-01-02"),
            (DateFilter::Before(day), "%3C2026-01-02"),
            (
                DateFilter::Between(day, date(2026, 3, 4)),
                "2026-01-02...2026-03-04",
            ),
        ];
        for (when, value) in cases {
            let query = written(&OrderFilter::new().valid_till(when));
            assert_eq!(query, format!("filters%5Bvalid_till%5D={value}"));
        }
    }

    #[test]
    fn states_are_sorted_with_a_sign() {
        assert_eq!(OrderSort::Status.value(false), "+status");
        assert_eq!(OrderSort::Created.value(true), "-date_created");
        assert_eq!(OrderSort::Id.value(false), "order_id");
    }
}
