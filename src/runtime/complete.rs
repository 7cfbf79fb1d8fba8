//! How a path that is typed goes on: what its folder holds that begins so.

use std::path::Path;

use crate::app::msg::Completion;
use crate::domain::failure::Failure;

/// Names of a folder that are looked at.
const MOST_READ: usize = 10_000;

/// Ways on that are offered.
const MOST_OFFERED: usize = 24;

/// Goes on with a path as far as there is one way. `home` makes a folder of what is typed of one. Blocks for the disk.
pub(super) fn complete(typed: &str, home: impl Fn(&str) -> String) -> Result<Completion, Failure> {
    if typed == "~" {
        return Ok(Completion {
            text: "~/".into(),
            offers: Vec::new(),
        });
    }
    let (folder, begun) = typed.rsplit_once('/').map_or(("", typed), |(_, begun)| {
        typed.split_at(typed.len() - begun.len())
    });
    let place = match folder {
        "" => ".".into(),
        folder => home(folder),
    };
    let told = |error: std::io::Error| {
        Failure::local(format!("Could not read the folder {place}: {error}."), "")
    };
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(Path::new(&place))
        .map_err(told)?
        .take(MOST_READ)
    {
        let entry = entry.map_err(told)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let is_hidden = name.starts_with('.') && !begun.starts_with('.');
        if is_hidden || !name.starts_with(begun) {
            continue;
        }
        // Behind a link as well, as a shell has it.
        let is_folder = std::fs::metadata(entry.path()).is_ok_and(|about| about.is_dir());
        names.push(if is_folder { format!("{name}/") } else { name });
    }
    names.sort();
    let Some(first) = names.first() else {
        return Err(Failure::local(
            format!("Nothing in {place} begins with {begun}."),
            "",
        ));
    };
    let common = names.iter().fold(first.as_str(), |common, name| {
        let same = common.chars().zip(name.chars()).take_while(|(a, b)| a == b);
        &common[..same.map(|(c, _)| c.len_utf8()).sum::<usize>()]
    });
    let text = format!("{folder}{common}");
    if names.len() == 1 {
        names.clear();
    } else if names.len() > MOST_OFFERED {
        let more = names.len() - MOST_OFFERED;
        names.truncate(MOST_OFFERED);
        names.push(format!("and {more} more"));
    }
    Ok(Completion {
        text,
        offers: names,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_on_as_far_as_there_is_one_way() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_str().unwrap().to_owned();
        for name in [
            "shop.csr",
            "shop-2.csr",
            ".hidden",
            "bücher.csr",
            "bühne.csr",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("keys")).unwrap();
        let home = |path: &str| path.replacen('~', &root, 1);
        let ask = |typed: &str| complete(typed, home);
        let text = |typed: &str| ask(typed).unwrap().text;
        assert_eq!(text("~"), "~/");
        assert_eq!(text("~/sh"), "~/shop");
        assert_eq!(ask("~/sh").unwrap().offers, ["shop-2.csr", "shop.csr"]);
        assert_eq!(text("~/shop."), "~/shop.csr");
        assert!(ask("~/shop.").unwrap().offers.is_empty());
        assert_eq!(text("~/ke"), "~/keys/");
        assert_eq!(text("~/b"), "~/bü");
        assert_eq!(text("~/.h"), "~/.hidden");
        assert_eq!(ask("~/").unwrap().offers.len(), 5);
        assert_eq!(text(&format!("{root}/ke")), format!("{root}/keys/"));
        assert!(ask("~/none").is_err());
        assert!(ask("~/shop.csr/x").is_err());
        assert!(ask("~/keys/").is_err());
    }
}
