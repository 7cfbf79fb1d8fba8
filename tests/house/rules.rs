//! The rules: a rank for each room, and what the pure rooms and the specialists keep to themselves.

/// Ways to read or open a file.
const OPENING: [&[&str]; 8] = [
    &["fs", "read"],
    &["fs", "read_to_string"],
    &["File", "open"],
    &["File", "create"],
    &["File", "options"],
    &["OpenOptions", "new"],
    &["fs", "copy"],
    &["fs", "write"],
];

/// The modules that open files by themselves, and why. Everybody else reads through `files`, which takes no pipe, no
/// device, and nothing without an end.
const OPENERS: [(&str, &str); 10] = [
    ("files", "it is the way"),
    ("logging", "hands its options to it"),
    ("store::file", "its own file, looked at before"),
    ("store::owner", "its own files"),
    ("runtime::files", "the folder of what it wrote"),
    ("runtime::editor", "the file it made"),
    ("runtime::checks", "the terminal"),
    ("runtime::hangup", "the terminal"),
    ("runtime::terminal", "the null device"),
    ("sandbox", "stands alone"),
];

/// Whether `module` may open files as `path` does.
pub fn may_open(module: &[String], path: &[String]) -> bool {
    let opens = OPENING.iter().any(|way| {
        let end = path.len().saturating_sub(way.len());
        path.len() >= way.len() && path[end..].iter().zip(*way).all(|(a, b)| a == b)
    });
    let module = module.join("::");
    !opens
        || OPENERS.iter().any(|(opener, _)| {
            module == *opener
                || module
                    .strip_prefix(opener)
                    .is_some_and(|rest| rest.starts_with("::"))
        })
}

/// The rooms from top to bottom. A room may name those below it, so no two can name each other.
const RANKS: [(&str, u8); 14] = [
    ("main", 11),
    ("cli", 10),
    ("runtime", 9),
    ("ui", 8),
    ("app", 7),
    ("keys", 6),
    ("sync", 5),
    ("store", 4),
    ("certcentral", 4),
    ("probe", 4),
    ("domain", 3),
    ("config", 2),
    ("logging", 1),
    ("files", 0),
];

/// Stands alone: names no other room, and is named only by those that start it.
const SANDBOX: &str = "sandbox";

/// No clock, no I/O, no tasks.
const PURE: [&str; 4] = ["domain", "app", "ui", "keys"];

/// What a pure room may not name.
const IMPURE: [&[&str]; 12] = [
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
    &["std", "thread"],
    &["std", "time", "Instant"],
    &["std", "time", "SystemTime"],
    &["tokio"],
    &["jiff", "Timestamp", "now"],
    &["jiff", "Zoned", "now"],
    &["Timestamp", "now"],
    &["Zoned", "now"],
];

/// Values, not sockets.
const ADDRESSES: [&str; 3] = ["IpAddr", "Ipv4Addr", "Ipv6Addr"];

/// Crates that these rooms alone know.
const OWNED: [(&str, &[&str]); 4] = [
    // Two that speak HTTP and share no client: one's carries the key, the other fetches files of anybody's site.
    ("reqwest", &["certcentral", "probe"]),
    ("hickory_resolver", &["probe"]),
    ("rusqlite", &["store"]),
    ("axum", &["sandbox"]),
];

/// What speaks to strangers knows no settings, no log and no key: it may name these of the rooms below it.
const NARROW: [(&str, &[&str]); 1] = [("probe", &["domain", "files"])];

/// The room a module is in; `lib.rs` is the door, and in none.
pub fn room_of(module: &[String]) -> Option<&'static str> {
    let first = module.first()?;
    if first == SANDBOX {
        return Some(SANDBOX);
    }
    RANKS
        .iter()
        .map(|(room, _)| *room)
        .find(|room| room == first)
}

fn rank(room: &str) -> Option<u8> {
    RANKS
        .iter()
        .find(|(name, _)| *name == room)
        .map(|(_, rank)| *rank)
}

/// Whether `room` may name `path`, in the module `module`.
pub fn may(room: &str, module: &[String], path: &[String]) -> Result<(), String> {
    if PURE.contains(&room) {
        pure(room, path)?;
    }
    for (krate, owners) in OWNED {
        if path[0] == krate && !owners.contains(&room) {
            return Err(format!("only {} knows {krate}", owners.join(" and ")));
        }
    }
    match target(module, path) {
        Some(other) if other != room => down(room, other),
        _ => Ok(()),
    }
}

fn pure(room: &str, path: &[String]) -> Result<(), String> {
    let is_address =
        path.len() > 2 && path[..2] == ["std", "net"] && ADDRESSES.contains(&path[2].as_str());
    let impure = IMPURE
        .iter()
        .any(|bad| path.len() >= bad.len() && path.iter().zip(*bad).all(|(a, b)| a == b));
    if impure && !is_address {
        Err(format!("{room} is pure"))
    } else {
        Ok(())
    }
}

/// The room that a path leads to, if it leads to one.
fn target<'p>(module: &[String], path: &'p [String]) -> Option<&'p str> {
    let supers = path.iter().take_while(|part| *part == "super").count();
    let rest = match path[0].as_str() {
        "crate" | "certdeck" => &path[1..],
        // Enough steps up to stand at the crate's root.
        "super" if supers >= module.len() => &path[supers..],
        _ => return None,
    };
    let first = rest.first()?;
    (first == SANDBOX || rank(first).is_some()).then_some(first.as_str())
}

fn down(room: &str, other: &str) -> Result<(), String> {
    if room == SANDBOX {
        return Err("the sandbox stands alone".to_owned());
    }
    if let Some((_, few)) = NARROW.iter().find(|(narrow, _)| *narrow == room)
        && !few.contains(&other)
    {
        return Err(format!("{room} names only {}", few.join(" and ")));
    }
    let above = rank(room).unwrap_or_default();
    if other == SANDBOX {
        return if matches!(room, "main" | "cli" | "runtime") {
            Ok(())
        } else {
            Err("only what starts the sandbox names it".to_owned())
        };
    }
    if rank(other).is_some_and(|below| below < above) {
        Ok(())
    } else {
        Err(format!("imports point down: {room} does not name {other}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn words(path: &str) -> Vec<String> {
        path.split("::").map(str::to_owned).collect()
    }

    #[rstest]
    #[case("runtime::trust", "std::fs::read_to_string", false)]
    #[case("config::read", "fs::read", false)]
    #[case("runtime::keystore::file", "File::open", false)]
    #[case("runtime::files", "std::fs::File::open", true)]
    #[case("runtime::filesystem", "std::fs::File::open", false)]
    #[case("config::read", "files::read", true)]
    #[case("config::read", "std::fs::metadata", true)]
    fn files_are_opened_in_one_way(
        #[case] module: &str,
        #[case] path: &str,
        #[case] allowed: bool,
    ) {
        assert_eq!(may_open(&words(module), &words(path)), allowed);
    }

    #[rstest]
    #[case("ui", "crate::app::Model", true)]
    #[case("app", "crate::ui::view", false)]
    #[case("app::orders", "super::super::ui::view", false)]
    #[case("app::orders", "super::ui::view", true)]
    #[case("store", "crate::certcentral::Client", false)]
    #[case("certcentral", "crate::store::Store", false)]
    #[case("sync", "crate::store::Store", true)]
    #[case("sandbox::http", "crate::domain::Order", false)]
    #[case("sandbox::http", "crate::sandbox::model::Order", true)]
    #[case("domain", "crate::sandbox::model::Order", false)]
    #[case("runtime", "crate::sandbox::Sandbox", true)]
    #[case("runtime", "crate::cli::run", false)]
    #[case("domain", "std::time::Instant", false)]
    #[case("domain", "std::time::Duration", true)]
    #[case("domain", "std::net::IpAddr", true)]
    #[case("domain", "std::net::TcpStream", false)]
    #[case("app", "Timestamp::now", false)]
    #[case("runtime", "Timestamp::now", true)]
    #[case("ui", "tokio::spawn", false)]
    #[case("runtime", "reqwest::Client", false)]
    #[case("probe", "reqwest::Client", true)]
    #[case("probe", "hickory_resolver::proto::rr::Name", true)]
    #[case("certcentral", "hickory_resolver::proto::rr::Name", false)]
    #[case("probe", "crate::domain::dcv::Placement", true)]
    #[case("probe", "crate::config::Settings", false)]
    #[case("probe", "crate::certcentral::Client", false)]
    #[case("certcentral", "crate::probe::Probe", false)]
    #[case("runtime", "crate::probe::Probe", true)]
    fn rules(#[case] module: &str, #[case] path: &str, #[case] allowed: bool) {
        let module = words(module);
        let room = room_of(&module).unwrap();
        assert_eq!(may(room, &module, &words(path)).is_ok(), allowed);
    }
}
