//! One row of list orders, written straight from the account: a page of 1000 copies no order.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::super::dates::{day, length, stamp};
use super::super::views;
use super::info::{counted, custom_fields};
use crate::sandbox::ca::Ca;
use crate::sandbox::model::{Account, Length, Order};
use crate::sandbox::rules::{material, status};
use crate::sandbox::tables::Validation;

/// A list of rows, serialised one after another.
pub struct Rows<'a> {
    pub account: &'a Account,
    pub ca: &'a Ca,
    /// The orders of the page.
    pub orders: Vec<&'a Order>,
    pub today: Date,
    /// Whether prices are shown.
    pub prices: bool,
    /// Whether a DV order has the empty list for an organization.
    pub empty_organization: bool,
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.orders.iter().map(|order| row(self, order)))
    }
}

#[derive(Serialize)]
struct Row<'a> {
    id: u64,
    certificate: RowCertificate<'a>,
    status: &'static str,
    is_renewed: bool,
    date_created: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<RowOrganization<'a>>,
    validity_years: u32,
    order_validity: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_valid_till: Option<String>,
    disable_renewal_notifications: bool,
    auto_renew: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<RowContainer<'a>>,
    product: RowProduct,
    has_duplicates: bool,
    duplicates_count: usize,
    has_reissues: bool,
    reissues_count: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Value>,
    product_name_id: &'static str,
    number_of_sans: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_multi_year_plan: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_fields: Vec<Value>,
}

#[derive(Serialize)]
struct RowCertificate<'a> {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    dns_names: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    emails: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_till: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_remaining: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cert_validity: Option<Value>,
    signature_hash: &'static str,
}

/// The documentation has no organization in the row of a DV order; one client met the empty list there, as some languages write an
/// empty map (the fault `empty-organization`).
#[derive(Serialize)]
#[serde(untagged)]
enum RowOrganization<'a> {
    Named(Named<'a>),
    Empty([u8; 0]),
}

#[derive(Serialize)]
struct Named<'a> {
    id: u64,
    name: &'a str,
}

#[derive(Serialize)]
struct RowContainer<'a> {
    id: u64,
    name: &'a str,
    is_active: bool,
}

#[derive(Serialize)]
struct RowProduct {
    name_id: &'static str,
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

fn row<'a>(rows: &Rows<'a>, order: &'a Order) -> Row<'a> {
    let certificate = order.primary();
    let issued = certificate.state.was_issued();
    let duplicates_count = counted(order.duplicates());
    let reissues_count = counted(order.reissues());
    let product = order.product.0;
    Row {
        id: order.id,
        certificate: RowCertificate {
            id: certificate.id,
            serial_number: issued.then(|| certificate.serial.to_string()),
            common_name: certificate.common_name.as_deref(),
            dns_names: &certificate.dns_names,
            emails: &certificate.emails,
            valid_from: certificate.valid_from.filter(|_| issued).map(day),
            valid_till: certificate.valid_till.filter(|_| issued).map(day),
            days_remaining: certificate.days_remaining(rows.today).filter(|_| issued),
            cert_validity: certificate.validity.map(length),
            signature_hash: material::shown_hash(rows.ca, certificate).id(),
        },
        status: status::shown(order, rows.today).id(),
        is_renewed: order.is_renewed,
        date_created: stamp(order.date_created),
        organization: order
            .organization_id
            .and_then(|id| rows.account.organization(id))
            .map(|organization| {
                RowOrganization::Named(Named {
                    id: organization.id,
                    name: &organization.name,
                })
            })
            .or_else(|| {
                let is_empty = rows.empty_organization && product.validation == Validation::Dv;
                is_empty.then_some(RowOrganization::Empty([]))
            }),
        validity_years: years(order.order_validity),
        order_validity: length(order.order_validity),
        order_valid_till: order.order_valid_till.filter(|_| issued).map(day),
        disable_renewal_notifications: order.disable_renewal_notifications,
        auto_renew: order.auto_renew,
        container: rows
            .account
            .container(order.container_id)
            .map(|container| RowContainer {
                id: container.id,
                name: &container.name,
                is_active: container.is_active,
            }),
        product: RowProduct {
            name_id: product.name_id,
            name: product.name,
            kind: product.kind,
        },
        has_duplicates: duplicates_count > 0,
        duplicates_count,
        has_reissues: reissues_count > 0,
        reissues_count,
        price: rows.prices.then(|| views::price(order.price_cents)),
        product_name_id: product.name_id,
        number_of_sans: certificate.dns_names.len(),
        is_multi_year_plan: order.is_multi_year_plan.then_some("1"),
        custom_fields: if order.custom_fields.is_empty() {
            Vec::new()
        } else {
            custom_fields(rows.account, order)
        },
    }
}

/// `validity_years` of an order whose length may be in days.
pub fn years(length: Length) -> u32 {
    match length {
        Length::Years(years) => years,
        Length::Days(_) | Length::Until(_) => 1,
    }
}

/// The cells of the CSV row, in the order of [`CSV_HEADER`].
pub fn csv_cells(account: &Account, order: &Order, today: Date) -> Vec<String> {
    let certificate = order.primary();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let organization = order
        .organization_id
        .and_then(|id| account.organization(id));
    vec![
        order.id.to_string(),
        text(certificate.common_name.as_deref()),
        certificate.dns_names.join(" "),
        status::shown(order, today).id().to_owned(),
        order.product.name.to_owned(),
        text(organization.map(|o| o.name.as_str())),
        text(
            account
                .container(order.container_id)
                .map(|c| c.name.as_str()),
        ),
        stamp(order.date_created),
        certificate.valid_from.map(day).unwrap_or_default(),
        certificate.valid_till.map(day).unwrap_or_default(),
        order.order_valid_till.map(day).unwrap_or_default(),
        if certificate.state.was_issued() {
            certificate.serial.to_string()
        } else {
            String::new()
        },
    ]
}

/// The columns of the CSV.
pub const CSV_HEADER: [&str; 12] = [
    "Order ID",
    "Common Name",
    "SANs",
    "Status",
    "Product",
    "Organization",
    "Division",
    "Date Ordered",
    "Valid From",
    "Valid Till",
    "Order Valid Till",
    "Serial Number",
];

/// The text that a sort by name compares.
pub fn sort_name(order: &Order) -> Cow<'_, str> {
    let name = order.primary().common_name.as_deref().unwrap_or_default();
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}
