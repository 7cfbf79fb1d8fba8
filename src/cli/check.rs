//! `certdeck check`: one line for a monitoring system, as its plugins print it.

use std::process::ExitCode;

use super::args;
use super::context::Context;
use super::error::CliError;
use super::orders::Wanted;
use super::print;
use crate::app::account::Domains;
use crate::app::account::rows::Lookup;
use crate::domain::coverage::days_between;
use crate::domain::plan::Need;
use crate::domain::text::{counted, sanitise};

/// What monitoring systems take a plugin's exit code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ok = 0,
    Warning = 1,
    Critical = 2,
    Unknown = 3,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warning => "WARNING",
            Self::Critical => "CRITICAL",
            Self::Unknown => "UNKNOWN",
        }
    }
}

/// What was counted of the certificates that are in use and that no other order renewed.
#[derive(Debug, Default)]
struct Count {
    all: u32,
    expired: u32,
    critical: u32,
    warning: u32,
    /// The one that expires first: days until then, its name, and its order.
    first: Option<(i32, String)>,
}

impl Count {
    /// Takes one in that expires in so many days.
    fn take(&mut self, days: i32, limits: (i32, i32), name: impl FnOnce() -> String) {
        let (warn, crit) = limits;
        self.all += 1;
        if days < 0 {
            self.expired += 1;
        } else if days <= crit {
            self.critical += 1;
        } else if days <= warn {
            self.warning += 1;
        }
        if self.first.as_ref().is_none_or(|(first, _)| days < *first) {
            self.first = Some((days, name()));
        }
    }

    fn state(&self) -> State {
        match self {
            Self {
                expired: 0,
                critical: 0,
                warning: 0,
                ..
            } => State::Ok,
            Self {
                expired: 0,
                critical: 0,
                ..
            } => State::Warning,
            _ => State::Critical,
        }
    }

    /// The line, with what is measured behind it.
    fn line(&self, (warn, crit): (i32, i32)) -> String {
        let many = |count: u32| counted(count as usize, "certificate", "certificates");
        let mut parts = Vec::new();
        if self.expired > 0 {
            parts.push(format!("{} expired", many(self.expired)));
        }
        if self.critical > 0 {
            parts.push(format!("{} within {crit} d", many(self.critical)));
        }
        if self.warning > 0 {
            parts.push(format!("{} within {warn} d", many(self.warning)));
        }
        if parts.is_empty() {
            parts.push(format!(
                "no certificate of {} expires within {warn} d",
                self.all
            ));
        }
        let first = match &self.first {
            Some((days, name)) if *days < 0 => format!("; first: {name}, {} d ago", -days),
            Some((days, name)) => format!("; first: {name}, in {days} d"),
            None => String::new(),
        };
        let days = match &self.first {
            Some((days, _)) => format!(" days_left={days};{warn}:;{crit}:"),
            None => String::new(),
        };
        format!(
            "{}{first} | expired={};;0;0 critical={};;0;0 warning={};0;;0 certificates={};;;0{days}",
            parts.join(", "),
            self.expired,
            self.critical,
            self.warning,
            self.all,
        )
    }
}

/// Does what `certdeck check` says. What keeps it from an answer is an unknown state, and no error of its own.
pub(super) fn run(context: &Context, arguments: &args::Check) -> ExitCode {
    let (state, line) = match counted_all(context, arguments) {
        Ok(count) => (count.state(), count.line((arguments.warn, arguments.crit))),
        Err(error) => {
            // What stands behind a bar would be taken for a measure.
            let words = error.to_string().replace('|', "/");
            let first = words.lines().next().unwrap_or_default();
            (State::Unknown, first.to_owned())
        }
    };
    print::out(&format!("CERTDECK {}: {}", state.word(), sanitise(&line)));
    ExitCode::from(state as u8)
}

fn counted_all(context: &Context, arguments: &args::Check) -> Result<Count, CliError> {
    let limits = (arguments.warn, arguments.crit);
    if arguments.crit > arguments.warn {
        let why = "--crit must not be more days than --warn";
        return Err(CliError::Usage(why.to_owned()));
    }
    let wanted = Wanted::open(context, &arguments.query, arguments.cached)?;
    let mut count = Count::default();
    let domains = Domains::default();
    let unreadable = wanted.session.each(|engine, orders| {
        let today = engine.today();
        let lookup = Lookup::of(orders, &domains, today);
        let found = wanted.found(engine, orders);
        for row in found.places().filter_map(|place| orders.at(place)) {
            let need = lookup.standing(row, false).and_then(|of| of.need());
            let is_over = lookup.is_over(row) && !lookup.is_open(row);
            if let (Some(need), Some(day)) = (need, row.valid_till())
                && need != Need::Done
                && !is_over
            {
                count.take(days_between(today, day), limits, || {
                    format!("{} (order {})", row.title().replace('|', "/"), row.id)
                });
            }
        }
        Ok(())
    })?;
    if unreadable > 0 {
        let orders = counted(unreadable, "stored order", "stored orders");
        return Err(CliError::Usage(format!(
            "{orders} cannot be read; run the command without --cached"
        )));
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const LINES: &str = "\
OK no certificate of 1 expires within 30 d; first: 90.example, in 90 d | expired=0;;0;0 critical=0;;0;0 warning=0;0;;0 certificates=1;;;0 days_left=90;30:;7:
WARNING 1 certificate within 30 d; first: 30.example, in 30 d | expired=0;;0;0 critical=0;;0;0 warning=1;0;;0 certificates=2;;;0 days_left=30;30:;7:
CRITICAL 1 certificate within 7 d, 1 certificate within 30 d; first: 7.example, in 7 d | expired=0;;0;0 critical=1;;0;0 warning=1;0;;0 certificates=3;;;0 days_left=7;30:;7:
CRITICAL 1 certificate expired, 1 certificate within 7 d, 1 certificate within 30 d; first: -1.example, 1 d ago | expired=1;;0;0 critical=1;;0;0 warning=1;0;;0 certificates=4;;;0 days_left=-1;30:;7:
";

    #[test]
    fn the_worst_counts_and_the_first_is_named() {
        let limits = (30, 7);
        let mut told = String::new();
        let mut count = Count::default();
        for days in [90, 30, 7, -1] {
            count.take(days, limits, || format!("{days}.example"));
            let _ = writeln!(told, "{} {}", count.state().word(), count.line(limits));
        }
        assert_eq!(told, LINES);
        let none = Count::default();
        assert_eq!(none.state(), State::Ok);
        assert!(none.line(limits).starts_with("no certificate of 0 expires"));
    }
}
