//! Where the files of a certificate go: a path with placeholders, the same for many certificates.
//!
//! ```text
//! certificates/{name}/{date}/{part}.pem --> certificates/shop.example.net/2026-12-01/{cert,chain,fullchain,privkey}.pem
//!                                           certificates/shop.example.net/latest -> 2026-12-01
//! ```

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::chain::Chain;
use super::ids::OrderId;

/// What is written of a certificate, by the names that certbot gave these files.
const PARTS: [&str; 4] = ["cert", "chain", "fullchain", "privkey"];

/// The name of the full chain's file, and what stands for the others' in a pattern without `{part}`.
const FULL_CHAIN: &str = "fullchain";

/// What a link to the newest folder is called.
const LATEST: &str = "latest";

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PatternError {
    #[error("Enter where the files go, such as {}", Pattern::FIRST)]
    Empty,
    #[error("{{{0}}} is not known here: use {{name}}, {{order}}, {{date}}, {{time}}, and {{part}}")]
    Unknown(String),
    #[error("A {{ has no }} in it")]
    Open,
    #[error("It ends with a folder: name a file, such as {{part}}.pem")]
    Folder,
    #[error("Every certificate would go into the same files: add {{name}} or {{order}}")]
    Same,
    #[error("A link to the newest needs a folder named by {{date}} or {{time}}")]
    NoDatedFolder,
}

/// A path with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

/// Whose files they are, for the placeholders.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The common name.
    pub name: &'a str,
    pub order: OrderId,
    /// When they are made, UTC.
    pub at: DateTime,
    /// Whether files of this day are there already: the date then goes on with the time.
    pub again: bool,
}

/// The files of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSet {
    pub certificate: String,
    /// The intermediates.
    pub chain: String,
    /// The certificate and its intermediates.
    pub full_chain: String,
    /// The private key.
    pub key: String,
    /// The link to the newest of several folders, and what it leads to, seen from its own folder.
    pub latest: Option<(String, String)>,
}

impl FileSet {
    /// The files of a certificate with what is in them, the full chain first; a chain without intermediates has none.
    pub fn texts(&self, chain: &Chain) -> Vec<(String, String)> {
        let mut all = vec![
            (self.full_chain.clone(), chain.full_chain_pem()),
            (self.certificate.clone(), chain.certificate_pem()),
        ];
        if !chain.intermediates.is_empty() {
            all.push((self.chain.clone(), chain.chain_pem()));
        }
        all
    }
}

impl Pattern {
    /// The pattern that is offered first.
    pub const FIRST: &'static str = "certificates/{name}/{date}/{part}.pem";

    /// Reads a pattern; with `latest` one that a link to the newest folder can be made of.
    pub fn parse(text: &str, latest: bool) -> Result<Self, PatternError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PatternError::Empty);
        }
        let mut rest = text;
        while let Some((_, behind)) = rest.split_once('{') {
            let (word, after) = behind.split_once('}').ok_or(PatternError::Open)?;
            if !["name", "order", "date", "time", "part"].contains(&word) {
                return Err(PatternError::Unknown(word.to_owned()));
            }
            rest = after;
        }
        if text.ends_with('/') {
            return Err(PatternError::Folder);
        }
        if !text.contains("{name}") && !text.contains("{order}") {
            return Err(PatternError::Same);
        }
        let pattern = Self(text.to_owned());
        if latest && pattern.dated_folder().is_none() {
            return Err(PatternError::NoDatedFolder);
        }
        Ok(pattern)
    }

    /// Whether the number of the order is among its placeholders.
    pub fn names_orders(&self) -> bool {
        self.0.contains("{order}")
    }

    /// The files of a certificate. Nothing that a placeholder brings leads out of its folder.
    pub fn files(&self, named: Named<'_>, latest: bool) -> FileSet {
        let [certificate, chain, full_chain, key] =
            PARTS.map(|part| fill(&self.of_part(part), named));
        let latest = self
            .dated_folder()
            .filter(|_| latest)
            .map(|(before, folder)| {
                // What tells certificates apart stays in the name of the link.
                let is_shared = !folder.contains("{name}") && !folder.contains("{order}");
                let link = if is_shared {
                    LATEST.to_owned()
                } else {
                    folder.replace("{date}", LATEST).replace("{time}", LATEST)
                };
                // A plain name would be one in the download folder of the settings.
                let before = if before.is_empty() { "./" } else { before };
                (fill(&format!("{before}{link}"), named), fill(folder, named))
            });
        FileSet {
            certificate,
            chain,
            full_chain,
            key,
            latest,
        }
    }

    /// The path of one part. A pattern that names one file names the full chain's; the others stand beside it.
    fn of_part(&self, part: &str) -> String {
        if self.0.contains("{part}") {
            return self.0.replace("{part}", part);
        }
        let at = self.0.rfind('/').map_or(0, |at| at + 1);
        let (folder, file) = self.0.split_at(at);
        if file.contains(FULL_CHAIN) {
            return format!("{folder}{}", file.replace(FULL_CHAIN, part));
        }
        if part == FULL_CHAIN {
            return self.0.clone();
        }
        match file.rsplit_once('.') {
            Some((stem, ending)) => format!("{folder}{stem}-{part}.{ending}"),
            None => format!("{folder}{file}-{part}"),
        }
    }

    /// The last folder that is named by a date or a time, and what stands before it.
    fn dated_folder(&self) -> Option<(&str, &str)> {
        let (folders, _) = self.0.rsplit_once('/')?;
        let mut end = folders.len();
        loop {
            let start = folders[..end].rfind('/').map_or(0, |at| at + 1);
            let folder = &folders[start..end];
            let is_dated = folder.contains("{date}") || folder.contains("{time}");
            if is_dated && !folder.contains("{part}") {
                return Some((&self.0[..start], folder));
            }
            end = start.checked_sub(1)?;
        }
    }
}

fn fill(text: &str, named: Named<'_>) -> String {
    let name = for_file_name(&named.name.replace("*.", "wildcard."));
    let name = if name.is_empty() { "unnamed" } else { &name };
    let date = if named.again {
        "%Y-%m-%d-%H%M%S"
    } else {
        "%Y-%m-%d"
    };
    text.replace("{name}", name)
        .replace("{order}", &named.order.to_string())
        .replace("{date}", &named.at.strftime(date).to_string())
        .replace("{time}", &named.at.strftime("%H%M%S").to_string())
}

/// A name without what a shell or a file system would take amiss.
pub fn for_file_name(name: &str) -> String {
    let name = name.trim_start_matches(['.', '-']);
    name.replace(
        |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')),
        "_",
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    fn files(pattern: &str, name: &str) -> FileSet {
        let named = Named {
            name,
            order: OrderId(7),
            at: datetime(2026, 12, 1, 8, 9, 10, 0),
            again: false,
        };
        Pattern::parse(pattern, false).unwrap().files(named, true)
    }

    #[test]
    fn each_part_has_a_file_of_its_own() {
        for (pattern, expected) in [
            (
                Pattern::FIRST,
                [
                    "certificates/a.example/2026-12-01/cert.pem",
                    "certificates/a.example/2026-12-01/chain.pem",
                    "certificates/a.example/2026-12-01/fullchain.pem",
                    "certificates/a.example/2026-12-01/privkey.pem",
                ],
            ),
            (
                "{name}/{date}/fullchain.pem",
                [
                    "a.example/2026-12-01/cert.pem",
                    "a.example/2026-12-01/chain.pem",
                    "a.example/2026-12-01/fullchain.pem",
                    "a.example/2026-12-01/privkey.pem",
                ],
            ),
            (
                "/etc/ssl/{name}-{order}.pem",
                [
                    "/etc/ssl/a.example-7-cert.pem",
                    "/etc/ssl/a.example-7-chain.pem",
                    "/etc/ssl/a.example-7.pem",
                    "/etc/ssl/a.example-7-privkey.pem",
                ],
            ),
            ("{order}", ["7-cert", "7-chain", "7", "7-privkey"]),
        ] {
            let files = files(pattern, "a.example");
            let all = [files.certificate, files.chain, files.full_chain, files.key];
            assert_eq!(all, expected, "{pattern}");
        }
    }

    #[test]
    fn no_name_leads_out_of_its_folder_or_hides() {
        for (name, folder) in [
            ("*.example.net", "wildcard.example.net"),
            ("../../etc/x y", "_.._etc_x_y"),
            (".hidden", "hidden"),
            ("-rf", "rf"),
            ("a/b", "a_b"),
            ("a\n{order}", "a__order_"),
            ("..", "unnamed"),
            ("", "unnamed"),
            ("bücher.example", "bücher.example"),
        ] {
            assert_eq!(
                files("{name}/{part}.pem", name).chain,
                format!("{folder}/chain.pem"),
                "{name:?}"
            );
        }
    }

    #[test]
    fn the_newest_is_linked_to_where_a_folder_has_a_date() {
        for (pattern, link) in [
            (
                Pattern::FIRST,
                Some(("certificates/a/latest", "2026-12-01")),
            ),
            ("{date}/{name}.pem", Some(("./latest", "2026-12-01"))),
            (
                "/x/{name}-{date}/k/{part}",
                Some(("/x/a-latest", "a-2026-12-01")),
            ),
            (
                "{name}/{date}-{time}/{part}",
                Some(("a/latest", "2026-12-01-080910")),
            ),
            ("{name}/{date}.pem", None),
            ("{name}/{date}-{part}/x.pem", None),
        ] {
            let told = files(pattern, "a").latest;
            let expected = link.map(|(link, to)| (link.to_owned(), to.to_owned()));
            assert_eq!(told, expected, "{pattern}");
            let usable = Pattern::parse(pattern, true).is_ok();
            assert_eq!(usable, link.is_some(), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_cannot_be_used_says_what_to_do() {
        for (pattern, error) in [
            (" ", PatternError::Empty),
            (
                "{name}/{serial}.pem",
                PatternError::Unknown("serial".into()),
            ),
            ("{name", PatternError::Open),
            ("{name}/", PatternError::Folder),
            ("certificates/{part}.pem", PatternError::Same),
        ] {
            assert_eq!(Pattern::parse(pattern, false), Err(error), "{pattern}");
        }
    }
}
