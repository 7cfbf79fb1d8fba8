//! What help says of a command below its options: examples, which a test runs, and the fields that it prints.

use std::fmt::Write as _;

use crate::cli::output::described;
use crate::cli::{certs, journal, order, orders};

/// Examples of each command that reads: the command, and lines as they are typed with what each is for. They hold on the
/// sample account.
pub const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "orders",
        &[
            (
                "certdeck orders 'status:issued expires<30d' --sort expires",
                "what expires within 30 days, the next first",
            ),
            (
                "certdeck orders --csv --columns order,common_name,expires",
                "for a spreadsheet",
            ),
        ],
    ),
    (
        "order",
        &[
            ("certdeck order 100000016", "everything about one order"),
            (
                "certdeck order 100000016 --json --columns status,expires,names",
                "for a program",
            ),
        ],
    ),
    (
        "certs",
        &[
            ("certdeck certs 100000016", "its certificates"),
            (
                "certdeck certs 100000016 --json --columns certificate,serial,expires",
                "for a program",
            ),
        ],
    ),
    (
        "journal",
        &[
            ("certdeck journal --unfinished", "what is still open"),
            (
                "certdeck journal --json --columns sent,order,outcome",
                "for a program",
            ),
        ],
    ),
];

/// The fields that a command prints.
fn fields(command: &str) -> Option<String> {
    Some(match command {
        "orders" => described::<orders::OrderList>(),
        "order" => described::<order::OneOrder>(),
        "certs" => described::<certs::Certificates>(),
        "journal" => described::<journal::Sent>(),
        _ => return None,
    })
}

/// The whole command line, with examples and fields behind the help of each command.
pub(super) fn with_examples(mut command: clap::Command) -> clap::Command {
    for (name, examples) in EXAMPLES {
        let mut text = "Examples:\n".to_owned();
        for (line, about) in *examples {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  # {about}\n  {line}");
        }
        if let Some(fields) = fields(name) {
            let _ = write!(
                text,
                "\nFields (* in a table unless --columns says otherwise):\n{fields}"
            );
        }
        command = command.mut_subcommand(name, |one| one.after_help(text.trim_end().to_owned()));
    }
    command
}
