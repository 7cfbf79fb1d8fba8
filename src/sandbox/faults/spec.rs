//! Reading the fault language.

use std::time::Duration;

use crate::sandbox::http::Endpoint;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The answer comes later.
    Latency(Duration),
    Hang,
    /// Connection reset before the work.
    Reset,
    /// Connection reset after the work.
    Lost,
    TooMany,
    /// A failure in place of the work.
    Fails(Failure),
    /// A failure after the work, as of a proxy that stopped waiting for it.
    FailsLate(Failure),
    /// Half of the JSON, as a whole body.
    Truncate,
    /// Half of the body, then the connection ends.
    Cut,
    SlowBody(Duration),
    /// Request info stays as it was.
    StaleRequests,
    /// The primary's PEM for other certificates.
    WrongPem,
    FilterIgnored,
    /// An empty list for no organization.
    EmptyOrganization,
}

/// How a server, or a proxy in front of it, says that it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// A 5xx with a JSON error.
    Json(u16),
    /// An HTML page with this status.
    Html(u16),
}

/// When it strikes, among the calls that match its endpoints.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    Always,
    /// From the first to the second number, both included; counted from 1.
    Calls(u64, u64),
    Chance(f64),
}

/// One fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub kind: Kind,
    /// Where; empty is everywhere.
    pub endpoints: Vec<Endpoint>,
    pub when: When,
}

/// A fault specification that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the fault {fault:?} cannot be read: {reason}")]
pub struct FaultSpecError {
    /// The part of the specification.
    pub fault: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a whole specification; an empty one has no faults.
pub fn parse(spec: &str) -> Result<Vec<Fault>, FaultSpecError> {
    spec.split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| {
            one(part).map_err(|reason| FaultSpecError {
                fault: part.to_owned(),
                reason,
            })
        })
        .collect()
}

fn one(text: &str) -> Result<Fault, String> {
    let end = text.find(['@', '#', ' ']).unwrap_or(text.len());
    let (head, mut rest) = text.split_at(end);
    let mut fault = Fault {
        kind: kind(head)?,
        endpoints: Vec::new(),
        when: When::Always,
    };
    while !rest.is_empty() {
        let mark = rest.chars().next().unwrap_or(' ');
        let tail = &rest[mark.len_utf8()..];
        let end = tail.find(['@', '#', ' ']).unwrap_or(tail.len());
        let (word, next) = tail.split_at(end);
        match (mark, word) {
            (_, "") => {}
            ('#', _) => fault.when = calls(word)?,
            (_, _) if word.starts_with("p=") => fault.when = chance(&word[2..])?,
            ('@', _) => fault.endpoints = endpoints(word)?,
            (_, _) => return Err(format!("{word:?} is neither @ENDPOINT, #N nor p=P")),
        }
        rest = next;
    }
    Ok(fault)
}

fn kind(head: &str) -> Result<Kind, String> {
    let (name, value) = head
        .split_once('=')
        .map_or((head, None), |(name, value)| (name, Some(value)));
    let lasting = |default: Duration| value.map_or(Ok(default), duration);
    Ok(match name {
        "latency" => Kind::Latency(lasting(Duration::from_millis(500))?),
        "slowbody" => Kind::SlowBody(lasting(Duration::from_secs(2))?),
        _ if value.is_some() => return Err(format!("{name} takes no value")),
        "hang" => Kind::Hang,
        "reset" => Kind::Reset,
        "lost" => Kind::Lost,
        "429" => Kind::TooMany,
        "truncate" => Kind::Truncate,
        "cut" => Kind::Cut,
        "stale-requests" => Kind::StaleRequests,
        "wrong-pem" => Kind::WrongPem,
        "filter-ignored" => Kind::FilterIgnored,
        "empty-organization" => Kind::EmptyOrganization,
        _ => {
            let fails = match name.strip_prefix("late") {
                Some(name) => failure(name).map(Kind::FailsLate),
                None => failure(name).map(Kind::Fails),
            };
            fails.ok_or_else(|| format!("there is no fault called {name:?}"))?
        }
    })
}

fn failure(name: &str) -> Option<Failure> {
    match name {
        "500" | "502" | "503" | "504" => name.parse().ok().map(Failure::Json),
        "html" => Some(Failure::Html(502)),
        _ => match name.strip_prefix("html")?.parse() {
            Ok(status @ 200..=599) => Some(Failure::Html(status)),
            Ok(_) | Err(_) => None,
        },
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let bad = || format!("{text:?} is no duration such as 200ms or 3s");
    let (number, unit) = text.split_at(
        text.find(|c: char| c.is_ascii_alphabetic())
            .ok_or_else(bad)?,
    );
    let number: f64 = number.parse().map_err(|_| bad())?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "s" => number,
        "m" => number * 60.0,
        _ => return Err(bad()),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| bad())
}

fn calls(text: &str) -> Result<When, String> {
    let number = |text: &str| {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|number| is_number && *number > 0)
    };
    let from = text.strip_suffix('+').map(|from| (from, None));
    let to = || text.split_once('-').map(|(from, to)| (from, Some(to)));
    let (from, to) = from.or_else(to).unwrap_or((text, Some(text)));
    let to = to.map_or(Some(u64::MAX), number);
    match (number(from), to) {
        (Some(from), Some(to)) if from <= to => Ok(When::Calls(from, to)),
        _ => Err(format!(
            "{text:?} is no call such as 3, 2-5 or 4+; the first is 1"
        )),
    }
}

fn chance(text: &str) -> Result<When, String> {
    match text.parse() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(When::Chance(p)),
        _ => Err(format!("{text:?} is no probability between 0 and 1")),
    }
}

fn endpoints(text: &str) -> Result<Vec<Endpoint>, String> {
    if matches!(text, "*" | "any") {
        return Ok(Vec::new());
    }
    text.split('|')
        .map(|name| {
            Endpoint::named(name).ok_or_else(|| {
                let all: Vec<&str> = Endpoint::ALL
                    .iter()
                    .map(|endpoint| endpoint.name())
                    .collect();
                format!(
                    "there is no endpoint called {name:?}; there are {}",
                    all.join(", ")
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_help_are_read() {
        let faults =
            parse("latency=200ms,429@p=0.1,reset@duplicate#2,lost@reissue#1,html502@orders p=0.05")
                .unwrap();
        assert_eq!(faults[0].kind, Kind::Latency(Duration::from_millis(200)));
        assert_eq!(faults[0].when, When::Always);
        assert_eq!(
            (faults[1].kind, faults[1].when),
            (Kind::TooMany, When::Chance(0.1))
        );
        assert_eq!(faults[2].endpoints, [Endpoint::Duplicate]);
        assert_eq!(faults[2].when, When::Calls(2, 2));
        assert_eq!(faults[3].kind, Kind::Lost);
        assert_eq!(
            (faults[4].kind, faults[4].when),
            (Kind::Fails(Failure::Html(502)), When::Chance(0.05))
        );
        let examples = super::super::FAULTS_HELP.split("Examples:").nth(1).unwrap();
        for line in examples
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            assert!(!parse(line).unwrap().is_empty(), "{line}");
        }
    }

    #[test]
    fn a_failure_comes_in_place_of_the_work_or_after_it() {
        let kinds: Vec<Kind> = parse("500,late500,html,latehtml504")
            .unwrap()
            .into_iter()
            .map(|fault| fault.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                Kind::Fails(Failure::Json(500)),
                Kind::FailsLate(Failure::Json(500)),
                Kind::Fails(Failure::Html(502)),
                Kind::FailsLate(Failure::Html(504)),
            ]
        );
    }

    #[test]
    fn ranges_and_several_endpoints() {
        let faults = parse("cut@orders|order#3+; html@me#2-4").unwrap();
        assert_eq!(faults[0].endpoints, [Endpoint::Orders, Endpoint::Order]);
        assert_eq!(faults[0].when, When::Calls(3, u64::MAX));
        assert_eq!(faults[1].when, When::Calls(2, 4));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for bad in [
            "flood",
            "latency=fast",
            "reset@nowhere",
            "429 p=2",
            "reset#x",
            "reset#0",
            "reset#+5",
            "reset#0+",
            "reset#4-2",
            "reset=1s",
            "late429",
            "lateness",
            "html600",
        ] {
            let error = parse(bad).unwrap_err();
            assert!(
                error.to_string().contains(bad.split(' ').next().unwrap()),
                "{error}"
            );
        }
    }
}
