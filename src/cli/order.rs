//! `certdeck order`: one order in full.

use std::process::ExitCode;

use jiff::Timestamp;
use jiff::civil::Date;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::output::{Field, Kind, Listed, Screen, Sheet, Value};
use super::session::{Session, came};
use crate::domain::coverage::coverage;
use crate::domain::ids::OrderId;
use crate::domain::order::{Order, Person};
use crate::domain::rules::place::is_renewed_here;

/// An order in full, as it is printed.
#[derive(Debug)]
pub(in crate::cli) struct OneOrder;

/// What there is to say of one.
pub(in crate::cli) struct Facts<'a> {
    order: &'a Order,
    today: Date,
    /// How many certificates it has, and how many requests wait for a decision.
    counts: (usize, usize),
}

fn person(person: Option<&Person>) -> Value<'_> {
    Value::maybe(person, |person| {
        Value::text(if person.name.is_empty() {
            &*person.email
        } else {
            &*person.name
        })
    })
}

impl Listed for OneOrder {
    type Row<'a> = Facts<'a>;
    const NAME: &'static str = "order";
    const FIELDS: &'static [Field<Self>] = &[
        Field::shown("order", Kind::Number, "the order number", |facts| {
            Value::number(facts.order.id.0)
        }),
        Field::shown(
            "common_name",
            Kind::Text,
            "the common name of the primary certificate",
            |facts| Value::text(&*facts.order.certificate.common_name),
        ),
        Field::shown("names", Kind::List, "its DNS names", |facts| {
            Value::list(facts.order.certificate.dns_names.iter().map(String::as_str))
        }),
        Field::shown("emails", Kind::List, "its email addresses", |facts| {
            let all = &facts.order.certificate.emails;
            if all.is_empty() {
                return Value::None;
            }
            Value::list(all.iter().map(String::as_str))
        }),
        Field::shown(
            "status",
            Kind::Text,
            "the status, as the API spells it",
            |facts| Value::text(facts.order.status.as_str()),
        ),
        Field::shown("product", Kind::Text, "the product", |facts| {
            Value::text(&*facts.order.product.name)
        }),
        Field::more(
            "product_id",
            Kind::Text,
            "the identifier of the product",
            |facts| Value::text(&*facts.order.product.name_id),
        ),
        Field::shown(
            "organization",
            Kind::Text,
            "the organization; none on DV",
            |facts| {
                Value::maybe(facts.order.organization.as_ref(), |one| {
                    Value::text(&*one.name)
                })
            },
        ),
        Field::shown("division", Kind::Text, "the division", |facts| {
            Value::maybe(facts.order.container.as_ref(), |one| {
                Value::text(&*one.name)
            })
        }),
        Field::shown(
            "ordered",
            Kind::Time,
            "when the order was placed",
            |facts| Value::maybe(facts.order.created, Value::Time),
        ),
        Field::shown(
            "valid_from",
            Kind::Day,
            "the first day of the primary certificate",
            |facts| Value::maybe(facts.order.certificate.valid_from, Value::Day),
        ),
        Field::shown("expires", Kind::Day, "its last day", |facts| {
            Value::maybe(facts.order.certificate.valid_till, Value::Day)
        }),
        Field::shown(
            "covered_until",
            Kind::Day,
            "the last day of the order's coverage",
            |facts| Value::maybe(facts.order.order_valid_till, Value::Day),
        ),
        Field::shown(
            "coverage",
            Kind::Text,
            "what the two dates mean, in words",
            |facts| {
                let order = facts.order;
                let found = coverage(
                    &order.status,
                    order.certificate.valid_till,
                    order.order_valid_till,
                    order.is_renewed,
                    facts.today,
                );
                Value::text(found.label(is_renewed_here(&order.product)))
            },
        ),
        Field::shown(
            "certificate",
            Kind::Number,
            "the number of the primary certificate",
            |facts| Value::maybe(facts.order.certificate.id, |id| Value::number(id.0)),
        ),
        Field::shown(
            "serial",
            Kind::Text,
            "its serial number, in hexadecimal digits",
            |facts| Value::maybe(facts.order.certificate.serial.as_deref(), Value::text),
        ),
        Field::shown("thumbprint", Kind::Text, "its SHA-1 thumbprint", |facts| {
            Value::maybe(facts.order.certificate.thumbprint.as_deref(), Value::text)
        }),
        Field::shown("issuing_ca", Kind::Text, "its issuing CA", |facts| {
            Value::maybe(facts.order.certificate.ca_name.as_deref(), Value::text)
        }),
        Field::shown(
            "key_size",
            Kind::Number,
            "the size of its key, in bits",
            |facts| {
                Value::maybe(facts.order.certificate.key_size, |bits| {
                    Value::Number(bits.into())
                })
            },
        ),
        Field::shown(
            "signature_hash",
            Kind::Text,
            "its signature hash",
            |facts| Value::maybe(facts.order.certificate.hash.as_deref(), Value::text),
        ),
        Field::shown(
            "certificates",
            Kind::Number,
            "how many certificates the order has",
            |facts| Value::number(facts.counts.0 as u64),
        ),
        Field::shown(
            "open_requests",
            Kind::Number,
            "how many of its requests are waiting for approval",
            |facts| Value::number(facts.counts.1 as u64),
        ),
        Field::more(
            "is_multi_year",
            Kind::Flag,
            "whether it is a Multi-year Plan",
            |facts| Value::Flag(facts.order.is_plan),
        ),
        Field::shown(
            "renewal_of",
            Kind::Number,
            "the order that it renews",
            |facts| Value::maybe(facts.order.renewal_of, |id| Value::number(id.0)),
        ),
        Field::shown(
            "renewed_by",
            Kind::Number,
            "the order that renewed it",
            |facts| Value::maybe(facts.order.renewed_by, |id| Value::number(id.0)),
        ),
        Field::more(
            "is_renewed",
            Kind::Flag,
            "whether another order renewed it",
            |facts| Value::Flag(facts.order.is_renewed),
        ),
        Field::more(
            "allows_duplicates",
            Kind::Flag,
            "whether it allows duplicates",
            |facts| Value::maybe(facts.order.allow_duplicates, Value::Flag),
        ),
        Field::shown(
            "auto_reissue",
            Kind::Flag,
            "the auto-reissue setting",
            |facts| Value::maybe(facts.order.auto_reissue, Value::Flag),
        ),
        Field::shown(
            "dcv_method",
            Kind::Text,
            "the DCV method of a pending order",
            |facts| Value::maybe(facts.order.dcv_method.as_deref(), Value::text),
        ),
        Field::shown("requester", Kind::Text, "who placed it", |facts| {
            person(facts.order.user.as_ref())
        }),
        Field::more("approver", Kind::Text, "who approved it", |facts| {
            person(facts.order.approver.as_ref())
        }),
        Field::more("notes", Kind::List, "its notes", |facts| {
            Value::list(facts.order.notes.iter().map(|note| note.text.as_str()))
        }),
        Field::more(
            "custom_fields",
            Kind::List,
            "its custom fields, as LABEL=VALUE",
            |facts| {
                let all = facts.order.custom_fields.iter();
                Value::list(all.map(|field| format!("{}={}", field.label, field.value)))
            },
        ),
    ];
}

/// Does what `certdeck order` says.
pub(super) fn run(
    context: &Context,
    order: OrderId,
    show: &args::Show,
) -> Result<ExitCode, CliError> {
    let screen = Screen::of(&context.env);
    let sheet = Sheet::<OneOrder>::new(show, screen, std::io::stdout())?;
    let mut sheet = sheet.of_one();
    let mut session = Session::connect(context)?;
    session.read_order(order)?;
    let engine = &session.script.engine;
    let data = engine.account.known.get(&order);
    let data = data.ok_or(CliError::NoAnswer)?;
    let order = came(&data.order)?;
    let waiting = order.requests.iter().filter(|one| one.status.is_open());
    sheet.begin(Some(Timestamp::now()))?;
    sheet.row(&Facts {
        order,
        today: engine.today(),
        counts: (data.certificates().len(), waiting.count()),
    })?;
    sheet.end()?;
    Ok(Exit::Done.into())
}
