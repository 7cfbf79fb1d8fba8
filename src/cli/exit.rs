//! The exit codes of every command, in one table.

use std::fmt::Write as _;
use std::process::ExitCode;

use crate::domain::failure::{Failure, FailureKind};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// What was asked for is done, or there was nothing to do.
    Done = 0,
    /// It is not done; standard error says why.
    Failed = 1,
    /// It was started in a way that cannot work.
    Usage = 2,
    /// The same was sent before; what came of it is on standard output.
    Already = 3,
    /// It was sent, and waits for somebody.
    Waits = 4,
    /// Some of it is done.
    Partly = 5,
    /// CertCentral refused it; nothing changed there.
    Refused = 6,
    /// CertCentral could not be reached, or gave no response.
    NoConnection = 7,
    /// There is no API key, or CertCentral does not accept it.
    NoKey = 8,
}

impl Exit {
    /// Every code, with what it means to a script.
    pub const TABLE: &'static [(Self, &'static str)] = &[
        (Self::Done, "done, or nothing to do"),
        (Self::Failed, "failed; standard error says why"),
        (Self::Usage, "wrong usage; nothing was done"),
        (Self::Already, "already done or in progress; not sent again"),
        (
            Self::Waits,
            "sent; waiting for approval, validation, or the CA",
        ),
        (Self::Partly, "partly done"),
        (Self::Refused, "refused by CertCentral"),
        (Self::NoConnection, "no connection to CertCentral"),
        (Self::NoKey, "no API key, or an invalid one"),
    ];

    /// The table as help shows it, a code a line.
    pub fn table() -> String {
        let mut text = String::new();
        for (exit, words) in Self::TABLE {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {}  {words}", *exit as u8);
        }
        text
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<&Failure> for Exit {
    fn from(failure: &Failure) -> Self {
        match failure.kind {
            FailureKind::NoKey | FailureKind::InvalidKey => Self::NoKey,
            FailureKind::Network | FailureKind::Timeout | FailureKind::Proxy => Self::NoConnection,
            FailureKind::Permission | FailureKind::RateLimited => Self::Refused,
            FailureKind::Twin => Self::Already,
            // Without a code of the API whoever answered may be somebody else.
            FailureKind::Refused if failure.has_codes() => Self::Refused,
            FailureKind::Refused
            | FailureKind::NotFound
            | FailureKind::Server
            | FailureKind::Local
            | FailureKind::Other => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_api_itself_refuses() {
        let mut failure = Failure::of(FailureKind::Refused, "no");
        assert_eq!(Exit::from(&failure), Exit::Failed);
        failure.codes.push("invalid_value".into());
        assert_eq!(Exit::from(&failure), Exit::Refused);
    }

    /// Scripts rely on these numbers: none ever gets another meaning.
    #[test]
    fn each_code_stands_in_the_table_once_and_keeps_its_number() {
        let numbers: Vec<u8> = Exit::TABLE.iter().map(|(exit, _)| *exit as u8).collect();
        assert_eq!(numbers, (0..=8).collect::<Vec<u8>>());
        let told = Exit::table();
        for line in [
            "  0  done, or nothing to do\n",
            "  3  already done or in progress; not sent again\n",
            "  6  refused by CertCentral\n",
            "  8  no API key, or an invalid one\n",
        ] {
            assert!(told.contains(line), "{told}");
        }
    }
}
