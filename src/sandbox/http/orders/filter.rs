//! The filters of list orders. A value that cannot be understood is ignored (gotchas 9: real accounts seem to do so).

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::call::Query;
use super::super::filters::{TextTest, TimeTest};
use crate::sandbox::model::{Account, Order, OrderStatus, Serial};
use crate::sandbox::rules::{Actor, status};

/// One condition.
enum Test {
    Ids(Vec<u64>),
    Status(Vec<OrderStatus>),
    Organization(Vec<u64>),
    Container(Vec<u64>),
    User(Vec<u64>),
    Certificate(Vec<u64>),
    Field(Vec<u64>),
    Product(Vec<String>),
    CommonName(Vec<TextTest>),
    DomainName(Vec<TextTest>),
    Email(Vec<TextTest>),
    Search(Vec<TextTest>),
    Serial(Vec<Serial>),
    ValidTill(TimeTest),
    Created(TimeTest),
    Renewed(bool),
    NoNotices(bool),
    Migrated(bool),
    Nothing,
}

/// All conditions of a query; an order must meet each.
pub struct OrderFilter {
    tests: Vec<Test>,
    actor: Actor,
    today: Date,
}

impl OrderFilter {
    /// Reads the query. `ignored` drops everything the client asked for.
    pub fn read(query: &Query, actor: Actor, today: Date, ignored: bool) -> Self {
        let tests = if ignored { Vec::new() } else { tests(query) };
        Self {
            tests,
            actor,
            today,
        }
    }

    /// Whether every order passes.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty() && self.actor.role != crate::sandbox::model::Role::Limited
    }

    /// Whether the order passes.
    pub fn passes(&self, order: &Order) -> bool {
        self.actor.sees(order)
            && self
                .tests
                .iter()
                .all(|test| passes(test, order, self.today))
    }

    /// Only the orders worth looking at, when a number names them.
    pub fn candidates(&self, account: &Account) -> Option<Vec<u64>> {
        self.tests.iter().find_map(|test| match test {
            Test::Ids(ids) => Some(ids.clone()),
            Test::Certificate(ids) => Some(
                ids.iter()
                    .filter_map(|id| account.order_of_certificate(*id))
                    .map(|order| order.id)
                    .collect(),
            ),
            Test::Serial(serials) => Some(
                serials
                    .iter()
                    .filter_map(|serial| account.find_serial(*serial))
                    .map(|(order, _)| order.id)
                    .collect(),
            ),
            _ => None,
        })
    }
}

fn tests(query: &Query) -> Vec<Test> {
    let mut tests = Vec::new();
    let ids = |name: &str| numbers(&query.filter(name));
    let bare = |name: &str| {
        query
            .get(name)
            .map(|value| numbers(&[value]))
            .unwrap_or_default()
    };
    let texts = |name: &str| {
        query
            .filter(name)
            .into_iter()
            .map(TextTest::read)
            .collect::<Vec<_>>()
    };
    let flag = |name: &str| match query.filter(name).first() {
        Some(&("1" | "true")) => Some(true),
        Some(&("0" | "false")) => Some(false),
        Some(_) | None => None,
    };
    let time = |name: &str| {
        query
            .filter(name)
            .first()
            .and_then(|value| TimeTest::read(value, &TimeZone::UTC))
    };
    let mut id_test =
        |wanted: Option<Vec<u64>>, make: fn(Vec<u64>) -> Test| tests.extend(wanted.map(make));
    id_test(some(ids("id")), Test::Ids);
    id_test(
        some(ids("organization_id")).or(some(bare("organization_id"))),
        Test::Organization,
    );
    id_test(
        some(ids("container_id")).or(some(bare("container_id"))),
        Test::Container,
    );
    id_test(some(ids("user_id")).or(some(bare("user_id"))), Test::User);
    id_test(some(ids("certificate_id")), Test::Certificate);
    id_test(some(ids("metadata_id")), Test::Field);
    let states: Vec<OrderStatus> = query
        .filter("status")
        .into_iter()
        .filter_map(OrderStatus::parse)
        .collect();
    tests.extend(some(states).map(Test::Status));
    let products: Vec<String> = query
        .filter("product_name_id")
        .into_iter()
        .map(str::to_owned)
        .collect();
    tests.extend(some(products).map(Test::Product));
    tests.extend(some(texts("common_name")).map(Test::CommonName));
    tests.extend(some(texts("domain_name")).map(Test::DomainName));
    tests.extend(some(texts("email")).map(Test::Email));
    tests.extend(some(texts("search")).map(Test::Search));
    let serials = query.filter("serial_number");
    if !serials.is_empty() {
        let known: Vec<Serial> = serials
            .into_iter()
            .filter_map(|text| text.parse().ok())
            .collect();
        tests.push(if known.is_empty() {
            Test::Nothing
        } else {
            Test::Serial(known)
        });
    }
    tests.extend(time("valid_till").map(Test::ValidTill));
    tests.extend(time("date_created").map(Test::Created));
    tests.extend(flag("is_renewed").map(Test::Renewed));
    tests.extend(flag("disable_renewal_notifications").map(Test::NoNotices));
    tests.extend(match query.filter("origin").first() {
        Some(&"migrated") => Some(Test::Migrated(true)),
        Some(&"certcentral") => Some(Test::Migrated(false)),
        Some(_) | None => None,
    });
    tests
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// Numbers; what is none becomes 0, which no id is, so that it finds nothing.
fn numbers(values: &[&str]) -> Vec<u64> {
    values
        .iter()
        .flat_map(|value| value.split(','))
        .map(|value| value.trim().parse().unwrap_or(0))
        .collect()
}

fn passes(test: &Test, order: &Order, today: Date) -> bool {
    let certificate = order.primary();
    let any = |tests: &[TextTest], text: Option<&str>| {
        text.is_some_and(|text| tests.iter().any(|t| t.passes(text)))
    };
    match test {
        Test::Ids(ids) => ids.contains(&order.id),
        Test::Status(states) => states
            .iter()
            .any(|wanted| status::matches(order, *wanted, today)),
        Test::Organization(ids) => order.organization_id.is_some_and(|id| ids.contains(&id)),
        Test::Container(ids) => ids.contains(&order.container_id),
        Test::User(ids) => ids.contains(&order.user_id),
        Test::Certificate(ids) => order.certificates.iter().any(|c| ids.contains(&c.id)),
        Test::Field(ids) => order
            .custom_fields
            .iter()
            .any(|value| ids.contains(&value.metadata_id)),
        Test::Product(products) => products
            .iter()
            .any(|name_id| name_id == order.product.name_id),
        Test::CommonName(tests) => any(tests, certificate.common_name.as_deref()),
        Test::DomainName(tests) => {
            any(tests, certificate.common_name.as_deref())
                || certificate
                    .dns_names
                    .iter()
                    .any(|name| any(tests, Some(name)))
        }
        Test::Email(tests) => certificate.emails.iter().any(|mail| any(tests, Some(mail))),
        Test::Search(tests) => {
            any(tests, certificate.common_name.as_deref())
                || certificate.emails.iter().any(|mail| any(tests, Some(mail)))
        }
        Test::Serial(serials) => order
            .certificates
            .iter()
            .any(|c| c.state.was_issued() && serials.contains(&c.serial)),
        Test::ValidTill(test) => {
            certificate.state.was_issued()
                && certificate
                    .valid_till
                    .is_some_and(|day| test.passes_day(day))
        }
        Test::Created(test) => test.passes(order.date_created),
        Test::Renewed(wanted) => order.is_renewed == *wanted,
        Test::NoNotices(wanted) => order.disable_renewal_notifications == *wanted,
        Test::Migrated(wanted) => order.is_migrated == *wanted,
        Test::Nothing => false,
    }
}
