//! `certdeck metrics`: what is known of the account, for Prometheus' text file collector.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::args;
use super::context::Context;
use super::error::CliError;
use super::exit::Exit;
use super::orders::{Line, Wanted};
use super::print;
use super::session::{Session, came};
use crate::app::effect::Read;
use crate::domain::failure::Failure;
use crate::domain::text::sanitise;
use crate::runtime::files::{self, IfThere};

/// What is measured of each order: the name, what it says, and the value.
type OfOrder = (
    &'static str,
    &'static str,
    fn(&Line<'_>) -> Option<(String, i64)>,
);

const OF_ORDERS: &[OfOrder] = &[
    (
        "certdeck_order_expires_timestamp_seconds",
        "End of the last day of the primary certificate.",
        |line| Some((labels(line), end_of(line.row.valid_till()?)?)),
    ),
    (
        "certdeck_order_covered_until_timestamp_seconds",
        "End of the last day of the order's coverage.",
        |line| Some((labels(line), end_of(line.row.order_valid_till()?)?)),
    ),
    (
        "certdeck_order_status",
        "1 for the status that the order has.",
        |line| {
            let status = escaped(line.row.status().as_str());
            Some((format!("{},status=\"{status}\"", labels(line)), 1))
        },
    ),
];

/// What an order is told from others by.
fn labels(line: &Line<'_>) -> String {
    let name = escaped(line.row.display_name());
    format!("order=\"{}\",common_name=\"{name}\"", line.row.id)
}

/// The value of a label: backslashes, quotes and line ends escaped, nothing in it that a terminal obeys.
fn escaped(text: &str) -> String {
    sanitise(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// The first moment after a day, as the seconds that Prometheus counts.
fn end_of(day: Date) -> Option<i64> {
    let next = day.checked_add(1.day()).ok()?;
    let at = next.to_zoned(TimeZone::UTC).ok()?;
    Some(at.timestamp().as_second())
}

/// Puts the head of a metric down.
fn head(name: &str, help: &str, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
}

/// Puts a metric of one value down.
fn one(name: &str, help: &str, value: i64, out: &mut String) {
    head(name, help, out);
    let _ = writeln!(out, "{name} {value}");
}

/// What is known of all orders, as far as it is stored here.
fn of_orders(wanted: &Wanted<'_>, out: &mut String) -> Result<(), CliError> {
    for (name, help, value) in OF_ORDERS {
        head(name, help, out);
        wanted.each(|line| {
            if let Some((labels, value)) = value(line) {
                let _ = writeln!(out, "{name}{{{labels}}} {value}");
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// What is known of domains and requests, where the account tells it.
fn of_account(session: &mut Session<'_>, out: &mut String) -> Result<(), CliError> {
    session.read([Read::AccountDomains, Read::Requests]);
    let account = &session.script.engine.account;
    let domains = came(&account.domains.list)?;
    let name = "certdeck_domain_validated_until_timestamp_seconds";
    head(
        name,
        "Until when the validation of a domain can be reused.",
        out,
    );
    for domain in domains {
        let kinds = [
            ("dcv", domain.proved_until),
            ("ov", domain.ov_until),
            ("ev", domain.ev_until),
        ];
        for (kind, until) in kinds {
            if let Some(until) = until {
                let domain = escaped(&domain.name);
                let labels = format!("domain=\"{domain}\",kind=\"{kind}\"");
                let _ = writeln!(out, "{name}{{{labels}}} {}", until.as_second());
            }
        }
    }
    let waiting = came(&account.requests.waiting)?.len() as i64;
    one(
        "certdeck_requests_waiting",
        "Requests that are waiting for approval.",
        waiting,
        out,
    );
    Ok(())
}

/// Does what `certdeck metrics` says. Where the account cannot be read the metrics say so, and how old the rest is.
pub(super) fn run(context: &Context, arguments: &args::Metrics) -> Result<ExitCode, CliError> {
    let (mut session, mut synced) = if arguments.cached {
        (Session::stored(context)?, None)
    } else {
        match Session::connect(context) {
            Ok(mut session) => {
                let synced = session.sync();
                (session, Some(synced))
            }
            Err(error) => match Session::stored(context) {
                Ok(session) => (session, Some(Err(error))),
                Err(_) => return Err(error),
            },
        }
    };
    let mut of_now = String::new();
    if matches!(synced, Some(Ok(()))) {
        synced = Some(of_account(&mut session, &mut of_now));
    }
    let as_of = session.as_of()?;
    let mut out = String::new();
    if let Some(synced) = &synced {
        one(
            "certdeck_sync_success",
            "Whether the account could be read for this file.",
            synced.is_ok().into(),
            &mut out,
        );
    }
    if let Some(at) = as_of {
        one(
            "certdeck_data_timestamp_seconds",
            "When the list of orders was last up to date.",
            at.as_second(),
            &mut out,
        );
        one(
            "certdeck_data_age_seconds",
            "How long ago that was when this file was written.",
            Timestamp::now().as_second() - at.as_second(),
            &mut out,
        );
        of_orders(&Wanted::all(session), &mut out)?;
    }
    out.push_str(&of_now);
    if let Some(path) = arguments.output.as_deref() {
        files::write_file(path, out.as_bytes(), IfThere::Replace)
            .map_err(|error| CliError::Failure(Failure::local(error.to_string(), "")))?;
    } else {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(out.as_bytes())?;
        stdout.flush()?;
    }
    match synced {
        Some(Err(error)) => {
            print::err(&format!("certdeck: {error}"));
            Ok(error.code())
        }
        _ => Ok(Exit::Done.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_ends_where_it_ends() {
        assert_eq!(escaped("a\"b\\c\nd\u{1b}[2J"), "a\\\"b\\\\c d<U+001B>[2J");
    }

    #[test]
    fn a_day_ends_with_it() {
        assert_eq!(end_of(jiff::civil::date(1970, 1, 1)), Some(86_400));
    }
}
