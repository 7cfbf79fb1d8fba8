//! What help says of a command below its options: examples, which a test runs, and the fields that it prints.

use std::fmt::Write as _;

use crate::cli::output::described;
use crate::cli::send::changes::Changes;
use crate::cli::{certs, chain, csr, domains, journal, order, orders, plan, requests, served};

/// Examples of each command: the command, and lines as they are typed with what each is for. They hold on the
/// sample account.
pub const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    #[cfg(feature = "sandbox")]
    (
        "demo",
        &[
            ("certdeck demo", "a sample account of 250 orders"),
            (
                "certdeck demo --orders 5000 --seed 2",
                "another, with more orders",
            ),
        ],
    ),
    #[cfg(feature = "sandbox")]
    (
        "sandbox",
        &[
            (
                "certdeck sandbox --key made-up",
                "a CertCentral for your scripts, at a free port",
            ),
            (
                "certdeck sandbox --key made-up --orders 20 --faults 429@orders#1-2",
                "one that refuses the first two lists of orders",
            ),
        ],
    ),
    (
        "profile",
        &[
            ("certdeck profile add lab --region eu", "another account"),
            (
                "certdeck profile edit lab --key-command pass show lab",
                "a command that prints its key",
            ),
            (
                "certdeck profile use acme",
                "the account where none is named",
            ),
            ("certdeck profile list", "all accounts"),
        ],
    ),
    (
        "key",
        &[
            (
                "certdeck key set --keep file",
                "store the key that is typed, or read from standard input",
            ),
            (
                "certdeck key test",
                "where the key comes from, and whether it works",
            ),
        ],
    ),
    (
        "doctor",
        &[
            ("certdeck doctor", "what works here"),
            (
                "certdeck doctor --log doctor.log",
                "the same, with a log of it",
            ),
        ],
    ),
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
            (
                "certdeck order ssl_basic --csr server.csr --common-name shop.example.net --organization 2001 --dry-run",
                "what would be ordered; with --yes it is",
            ),
            (
                "certdeck order ssl_basic --new-key p256 --out certs --common-name shop.example.net --organization 2001 --dry-run",
                "the same with a new key",
            ),
        ],
    ),
    (
        "renew",
        &[
            (
                "certdeck renew 100000048 --csr server.csr --dry-run",
                "what would be sent; with --yes it is",
            ),
            (
                "certdeck renew 100000048 --new-key p256 --out certs --order-years 1 --dry-run --json",
                "with a new key, for a program",
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
        "requests",
        &[
            ("certdeck requests", "what is waiting for approval"),
            ("certdeck requests -q", "only the numbers, for a loop"),
        ],
    ),
    (
        "domains",
        &[
            (
                "certdeck domains --sort validated_until",
                "which validation expires first",
            ),
            (
                "certdeck domains --csv --columns name,status,ov_until",
                "for a spreadsheet",
            ),
        ],
    ),
    (
        "plan",
        &[
            ("certdeck plan", "the weeks ahead"),
            (
                "certdeck plan --limits",
                "how often the coming limits call for a reissue",
            ),
        ],
    ),
    (
        "csr",
        &[
            (
                "certdeck csr server.csr",
                "what it contains, and every warning",
            ),
            (
                "certdeck csr server.csr --order 100000016",
                "how it differs from an order",
            ),
        ],
    ),
    (
        "chain",
        &[
            (
                "certdeck chain fullchain.pem",
                "whether it is complete and in order",
            ),
            (
                "certdeck chain fullchain.pem --key privkey.pem",
                "whether this is its private key",
            ),
        ],
    ),
    (
        "served",
        &[
            (
                "certdeck served 100000018",
                "what servers send for one order",
            ),
            (
                "certdeck served 'domain:kestrel.example status:issued' --json",
                "what they send for the names of a domain",
            ),
        ],
    ),
    (
        "get",
        &[
            (
                "certdeck get 100000018 -o fullchain.pem --force",
                "the primary certificate with its intermediates",
            ),
            (
                "certdeck get 100000018 --cert latest --part cert",
                "the certificate issued last",
            ),
        ],
    ),
    (
        "metrics",
        &[
            ("certdeck metrics", "what a textfile collector reads"),
            (
                "certdeck metrics -o certdeck.prom",
                "from cron, for the collector of node_exporter",
            ),
        ],
    ),
    (
        "check",
        &[
            (
                "certdeck check --warn 30d --crit 7d status:revoked",
                "exit 0 OK, 1 warning, 2 critical, 3 unknown",
            ),
            (
                "certdeck check --cached 'domain:kestrel.example status:canceled'",
                "by what is stored, for one domain",
            ),
        ],
    ),
    (
        "completions",
        &[
            (
                "certdeck completions bash",
                "in ~/.bashrc: source <(certdeck completions bash)",
            ),
            (
                "certdeck completions fish",
                "in config.fish: certdeck completions fish | source",
            ),
        ],
    ),
    (
        "man",
        &[
            ("certdeck man .", "into this folder"),
            (
                "certdeck man . --quiet",
                "the same from a script, without a word",
            ),
        ],
    ),
    (
        "reissue",
        &[
            (
                "certdeck reissue 100000018 --csr server.csr --common-name '*.beispiel.example' --dry-run",
                "what would be sent, and what it does to other certificates",
            ),
            (
                "certdeck reissue --due --within 30d --new-key p256 --out certs --dry-run",
                "what a weekly job would send; with --yes in place of --dry-run it does",
            ),
        ],
    ),
    (
        "duplicate",
        &[
            (
                "certdeck duplicate 100000059 --csr server.csr --dry-run",
                "what would be sent; with --yes it is, once",
            ),
            (
                "certdeck duplicate 100000059 --new-key p256 --out certs --dry-run",
                "with a key of its own, and files beside it",
            ),
        ],
    ),
    (
        "approve",
        &[
            (
                "certdeck approve 30000190 --dry-run",
                "what would be approved; with --yes it is",
            ),
            (
                "certdeck approve 30000190 30000185 --comment 'as agreed' --dry-run",
                "several, with a comment",
            ),
        ],
    ),
    (
        "reject",
        &[
            (
                "certdeck reject 30000190 --dry-run",
                "what would be rejected; with --yes it is",
            ),
            (
                "certdeck reject 30000190 --comment 'wrong name' --dry-run",
                "with a comment for the requester",
            ),
        ],
    ),
    (
        "note",
        &[
            (
                "certdeck note 100000018 'moved to the new hosts' --dry-run",
                "what would be sent; with --yes it is",
            ),
            (
                "certdeck note 100000018 'rotated by cron' --dry-run --json",
                "for a program",
            ),
        ],
    ),
    (
        "cancel",
        &[
            (
                "certdeck cancel 100000211 --reason 'ordered twice' --dry-run",
                "an order that is not issued yet",
            ),
            (
                "certdeck cancel 100000031 --reason 'wrong CSR' --dry-run",
                "the pending reissue of an order",
            ),
        ],
    ),
    (
        "revoke",
        &[
            (
                "certdeck revoke 100000018 --reason keyCompromise --dry-run",
                "every certificate of the order; sending needs --confirm 100000018",
            ),
            (
                "certdeck revoke 100000018 --cert 200000084 --reason superseded --dry-run",
                "one certificate",
            ),
        ],
    ),
    (
        "archive",
        &[
            (
                "certdeck archive 100000059 --cert 200000082 --dry-run",
                "a duplicate; with --yes it is archived",
            ),
            (
                "certdeck archive 100000059 --cert 200000082 --dry-run --json",
                "for a program",
            ),
        ],
    ),
    (
        "auto-reissue",
        &[
            (
                "certdeck auto-reissue 100000018 on --dry-run",
                "what would be sent; with --yes it is",
            ),
            (
                "certdeck auto-reissue 100000018 on --dry-run --json",
                "for a program",
            ),
        ],
    ),
    (
        "domain",
        &[
            (
                "certdeck domain check launch.example 4005 --dry-run",
                "look for the random values now, by name or number",
            ),
            (
                "certdeck domain token expired.example --dry-run",
                "a new random value; with --yes it is made, and the record printed",
            ),
            (
                "certdeck domain method expired.example dns-cname-token --dry-run",
                "another DCV method",
            ),
        ],
    ),
    (
        "dcv",
        &[
            (
                "certdeck dcv check 100000247 --dry-run",
                "look for the random value of its names now",
            ),
            (
                "certdeck dcv random-value 100000224 --dry-run",
                "the random value; with --yes it is requested, and the records printed",
            ),
            (
                "certdeck dcv method 100000247 dns-cname-token --dry-run",
                "another DCV method",
            ),
        ],
    ),
    (
        "resume",
        &[
            (
                "certdeck resume",
                "what became of what was sent; nothing is sent again",
            ),
            (
                "certdeck resume --wait=30m --json",
                "wait for approvals and issuance, for a program",
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
        "requests" => described::<requests::Requests>(),
        "domains" => described::<domains::Domains>(),
        "plan" => described::<plan::Weeks>(),
        "csr" => described::<csr::OneCsr>(),
        "chain" => described::<chain::OneChain>(),
        "served" => described::<served::Looks>(),
        "journal" => described::<journal::Sent>(),
        "reissue" | "duplicate" | "renew" | "approve" | "reject" | "note" | "cancel" | "revoke"
        | "archive" | "auto-reissue" | "domain" | "dcv" | "resume" => described::<Changes>(),
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
        command = command.mut_subcommand(name, |one| {
            if let Some(more) = one.get_after_help() {
                let _ = write!(text, "\n{more}");
            }
            one.after_help(text.trim_end().to_owned())
        });
    }
    command
}

#[cfg(test)]
mod tests {
    use super::{EXAMPLES, fields};

    /// Scripts read these names. A field may come beside them; one that goes or means something else is a new version of its
    /// schema.
    const NAMES: &[(&str, &str)] = &[
        (
            "orders",
            "order common_name product status expires expires_in covered_until coverage due names product_id organization division certificate serial valid_from ordered is_renewed duplicates reissues served",
        ),
        (
            "order",
            "order common_name names emails status product product_id organization division ordered valid_from expires covered_until coverage certificate serial thumbprint issuing_ca key_size signature_hash certificates open_requests is_multi_year renewal_of renewed_by is_renewed allows_duplicates auto_reissue dcv_method requester approver notes custom_fields",
        ),
        (
            "certs",
            "certificate role common_name status valid_from expires request serial thumbprint names created issued key_size signature_hash is_archived",
        ),
        (
            "requests",
            "request type common_name order requester created approval status organization product comments",
        ),
        (
            "domains",
            "domain name status method validated_until ov_until ev_until validated is_active organization",
        ),
        (
            "plan",
            "when from until expire reissue renew waiting done blocked",
        ),
        (
            "csr",
            "subject names other_names key signature is_signature_valid sha256 warnings notes problem",
        ),
        (
            "chain",
            "certificate names serial thumbprint sha256 key valid_from expires issuers chain is_complete is_in_order extra leftovers unreadable outdated is_key",
        ),
        (
            "served",
            "order name endpoint served expires chain reason is_chain_bad certificate_name issuer serial thumbprint seen",
        ),
        (
            "reissue",
            "order common_name state detail certificate file key_file entry action request_number record request",
        ),
        (
            "journal",
            "entry sent action outcome kind order certificate result_order is_open mismatches profile request",
        ),
    ];

    #[test]
    fn every_command_has_examples() {
        let command = crate::cli::args::command();
        let shown = command.get_subcommands().filter(|one| !one.is_hide_set());
        let without: Vec<&str> = shown
            .map(clap::Command::get_name)
            .filter(|name| EXAMPLES.iter().all(|(known, _)| known != name))
            .collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn a_field_keeps_its_name() {
        for (command, names) in NAMES {
            let told = fields(command).unwrap_or_default();
            let told = told.lines().map(|line| line[4..].split(' ').next());
            let told: Vec<&str> = told.flatten().collect();
            assert_eq!(told.join(" "), *names, "{command}");
        }
    }
}
