//! The parts of the desk (`src/app`), and a floor for each: a part names those that stand lower, so that no two can name
//! each other. What stands on one floor does not know each other.
//!
//! ```text
//!  update                                                         routes, applies, settles
//!  commands · order_actions · status_line · focus                 read the whole desk
//!  model                                                          owns the parts below
//!  popups   bulk_screen
//!  form  orders  requests  order  journal  plan  domains  endpoints  preview  late  download
//!  cx   advice                                                    what all of these go by
//!  engine                                                         from here on no screen is known
//!  bulk   names
//!  writes   outside   served   installs
//!  writes   outside   served   added
//!  drafts   account
//!  msg   turn
//!  effect
//!  remote · cursor · field · layout · look · …          plain data
//! ```
//!
//! [`PARTS`] says of each file of which part it is.
//!
//! Seen is what a file names, by whatever way the name came to it. A function that `impl Model` has anywhere is called
//! without its name: that is not seen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use super::source::{self, Source};

/// A module, as words.
type Path = Vec<String>;

/// A part: its name, its floor, and its modules below `app` with all that is in them. The longest that fits counts.
const PARTS: &[(&str, u8, &[&str])] = &[
    ("update", 17, &["update"]),
    ("commands", 15, &["commands"]),
    ("order_actions", 14, &["order_actions"]),
    ("status_line", 13, &["status_line", "notice"]),
    ("focus", 12, &["focus", "stance"]),
    ("model", 11, &["model"]),
    ("popups", 10, &["popups"]),
    ("bulk_screen", 10, &["bulk_screen"]),
    ("form", 9, &["form"]),
    ("orders", 9, &["orders"]),
    ("requests", 9, &["requests"]),
    ("order", 9, &["order"]),
    ("journal", 9, &["journal"]),
    ("plan", 9, &["plan"]),
    ("domains", 9, &["domains"]),
    ("endpoints", 9, &["endpoints"]),
    ("preview", 9, &["preview"]),
    ("late", 9, &["late"]),
    ("download", 9, &["download"]),
    ("cx", 8, &["cx"]),
    ("advice", 8, &["advice"]),
    ("engine", 7, &["engine"]),
    ("bulk", 6, &["bulk"]),
    ("names", 6, &["names"]),
    ("writes", 5, &["writes"]),
    ("account", 4, &["account"]),
    ("drafts", 4, &["drafts"]),
    ("outside", 5, &["outside"]),
    ("served", 5, &["served"]),
    ("installs", 5, &["installs"]),
    ("added", 5, &["added"]),
    ("msg", 3, &["msg"]),
    ("turn", 3, &["turn"]),
    ("effect", 2, &["effect"]),
    ("fields", 1, &["fields", "choice", "ring"]),
    ("key_guard", 1, &["key_guard"]),
    ("picker", 1, &["picker"]),
    ("yes", 1, &["yes"]),
    ("remote", 0, &["remote"]),
    ("cursor", 0, &["cursor"]),
    ("field", 0, &["field"]),
    ("layout", 0, &["layout"]),
    ("look", 0, &["look"]),
    ("query", 0, &["query"]),
    ("screen", 0, &["screen"]),
    ("secret", 0, &["secret"]),
    ("status", 0, &["status"]),
    ("subject", 0, &["subject"]),
];

/// The floor of the screens, and the only modules of it that the parts right above it may name.
const SCREENS: u8 = 9;
const SHARED: &[&str] = &["form::choice"];

fn part_of(module: &str) -> Option<(&'static str, u8)> {
    let parts = PARTS.iter().flat_map(|(part, floor, modules)| {
        modules.iter().map(move |prefix| (*prefix, *part, *floor))
    });
    let fits = parts.filter(|(prefix, ..)| is_in(module, prefix));
    fits.max_by_key(|(prefix, ..)| prefix.len())
        .map(|(_, part, floor)| (part, floor))
}

fn is_in(module: &str, prefix: &str) -> bool {
    let rest = module.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Whether the module `from` may name the module `to`, both below `app`.
fn may(from: &str, to: &str) -> bool {
    let (Some((part, floor)), Some((other, below))) = (part_of(from), part_of(to)) else {
        return false;
    };
    let is_shared = || SHARED.iter().any(|shared| is_in(to, shared));
    let are_screens = floor == SCREENS + 1 && below == SCREENS;
    part == other || (below < floor && (!are_screens || is_shared()))
}

/// The sources of the desk: each module with the names that it imports, and the paths that its code names.
struct Desk {
    modules: BTreeMap<Path, (HashMap<String, Path>, Vec<Path>)>,
}

impl Desk {
    fn read(files: Vec<(PathBuf, String)>) -> Self {
        let modules = files.into_iter().filter_map(|(path, text)| {
            let module = source::module_of(&path).filter(|module| !source::is_test(module))?;
            let source = Source::new(&text);
            let names = source.imports().into_iter().collect();
            Some((module, (names, source.paths())))
        });
        Self {
            modules: modules.collect(),
        }
    }

    /// The module that `path` leads to from `module`, if it is one of the desk; names that were imported, and names that
    /// are handed on, are followed to where they come from.
    fn target(&self, module: &[String], path: &[String], steps: usize) -> Option<Path> {
        let supers = path.iter().take_while(|word| *word == "super").count();
        let whole: Path = match path.first()?.as_str() {
            "crate" => path[1..].to_vec(),
            "self" => [module, &path[1..]].concat(),
            "super" => [
                &module[..module.len().checked_sub(supers)?],
                &path[supers..],
            ]
            .concat(),
            first => {
                let child = [module, &path[..1]].concat();
                if self.modules.contains_key(&child) {
                    [module, path].concat()
                } else {
                    let imported = self.modules.get(module)?.0.get(first)?;
                    if steps == 0 || imported.first() == path.first() {
                        return None;
                    }
                    let path = [&imported[..], &path[1..]].concat();
                    return self.target(module, &path, steps - 1);
                }
            }
        };
        let len = (1..=whole.len())
            .rev()
            .find(|len| self.modules.contains_key(&whole[..*len]))?;
        let (found, rest) = whole.split_at(len);
        let handed_on = rest.first().and_then(|name| {
            let from = self.modules[found].0.get(name)?;
            let path = [&from[..], &rest[1..]].concat();
            (steps > 0).then(|| self.target(found, &path, steps - 1))?
        });
        Some(handed_on.unwrap_or_else(|| found.to_vec()))
    }

    /// Every module, and the modules that it names.
    fn arrows(&self) -> BTreeSet<(String, String)> {
        let mut arrows = BTreeSet::new();
        for (module, (_, paths)) in &self.modules {
            for path in paths {
                let target = self.target(module, path, 8);
                if let Some(target) = target.filter(|target| target.len() > 1 && module.len() > 1) {
                    arrows.insert((module[1..].join("::"), target[1..].join("::")));
                }
            }
        }
        arrows
    }
}

/// What is wrong with the parts of the desk whose files these are.
pub fn complaints(files: Vec<(PathBuf, String)>) -> Vec<String> {
    let desk = Desk::read(files);
    let arrows = desk.arrows();
    assert!(
        arrows.len() > 200,
        "only {} imports were read",
        arrows.len()
    );
    let homeless = desk.modules.keys().filter(|module| module.len() > 1);
    let homeless = homeless.map(|module| module[1..].join("::"));
    let homeless = homeless.filter(|module| part_of(module).is_none());
    let mut complaints: Vec<String> = homeless
        .map(|module| format!("app::{module}: is of no part"))
        .collect();
    let upward: BTreeSet<String> = arrows
        .iter()
        .filter(|(from, to)| !may(from, to))
        .filter_map(|(from, to)| Some(format!("{from} -> {}", part_of(to)?.0)))
        .collect();
    complaints.extend(
        upward
            .into_iter()
            .map(|line| format!("points up or across: {line}")),
    );
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("update", "model", true)]
    #[case("model", "update", false)]
    #[case("model", "popups", true)]
    #[case("popups::prompts", "model", false)]
    #[case("form::review", "form::csr_field", true)]
    #[case("form", "orders", false)]
    #[case("form", "account", true)]
    #[case("popups::copy", "names", true)]
    #[case("popups::copy", "form::choice", true)]
    #[case("popups::copy", "form", false)]
    #[case("bulk_screen::keys", "bulk::run", true)]
    #[case("bulk::run", "bulk_screen::keys", false)]
    #[case("writes::poll", "account", true)]
    #[case("account::cache", "writes::watch", false)]
    #[case("account::rows", "orders", false)]
    #[case("writes::batch", "popups::operations", false)]
    #[case("msg", "effect", true)]
    #[case("ordersome", "msg", false)]
    fn floors(#[case] from: &str, #[case] to: &str, #[case] allowed: bool) {
        assert_eq!(may(from, to), allowed);
    }

    #[test]
    fn what_a_file_names_is_followed_to_where_it_stands() {
        let files = [
            (
                "src/app/bulk/mod.rs",
                "mod run; pub use run::{go as start, Run};",
            ),
            (
                "src/app/bulk/run.rs",
                "use super::super::model::{self as desk}; fn f() { desk::g() }",
            ),
            (
                "src/app/model.rs",
                "use crate::app::bulk; fn g(run: bulk::Run) { super::secret::wipe() }",
            ),
            (
                "src/app/secret.rs",
                "use crate::domain::text; pub use crate::keys::Action;",
            ),
            (
                "src/app/update.rs",
                "use super::{bulk::start, secret::Action}; fn f() { start::<u8>() }",
            ),
            ("src/app/run_tests.rs", "use super::update;"),
        ];
        let files = files.map(|(path, text)| (path.into(), text.to_owned()));
        let arrows = Desk::read(files.into()).arrows();
        let found: Vec<String> = arrows
            .into_iter()
            .map(|(a, b)| format!("{a} {b}"))
            .collect();
        assert_eq!(
            found,
            [
                "bulk bulk::run",
                "bulk::run model",
                "model bulk",
                "model bulk::run",
                "model secret",
                "update bulk::run",
                "update secret",
            ]
        );
    }
}
