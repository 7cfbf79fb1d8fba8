//! One mistake costs one setting, whatever it is.

use std::path::Path;

use crate::config::read::parse;
use crate::config::{Config, ProfileName};
use rstest::rstest;

/// Settings of each kind around the place of the mistake; `@` is where it goes, on line 4.
const AROUND: &str = "# mine\nprofile = \"acme\"\nbell = true\n@\nnotify = false\n\n[csr]\ncountry = \"DE\"\n\n[profiles.acme]\nregion = \"eu\"\n";

fn read(text: &str) -> (Config, Vec<String>) {
    let config = parse(Path::new("c.toml"), text);
    let said = config.notices.iter().map(ToString::to_string).collect();
    (config, said)
}

/// Everything around the mistake is taken.
fn rest_is_taken(config: &Config, said: &[String]) {
    let name = ProfileName::parse("acme").unwrap();
    assert!(config.settings.bell, "{said:#?}");
    assert!(!config.settings.notify, "{said:#?}");
    assert_eq!(
        config.settings.csr.country.as_deref(),
        Some("DE"),
        "{said:#?}"
    );
    assert_eq!(config.default_profile.as_ref(), Some(&name), "{said:#?}");
    assert!(config.profiles.contains_key(&name), "{said:#?}");
}

#[rstest]
#[case::unquoted("clipboard = osc52")]
#[case::unquoted_path("log = ~/x.log")]
#[case::wrong_type("clipboard = 52")]
#[case::wrong_word("theme = \"darkish\"")]
#[case::wrong_list("copy_command = \"xclip\"")]
#[case::no_value("theme =")]
#[case::no_name("= \"dark\"")]
#[case::no_equals("theme \"dark\"")]
#[case::a_word("theme")]
#[case::two_equals("theme = \"dark\" = 1")]
#[case::two_values("theme = \"dark\" \"light\"")]
#[case::bad_escape("log = \"C:\\x\"")]
#[case::open_text("theme = \"dark")]
#[case::open_literal("theme = 'dark")]
#[case::open_long_text("log = \"\"\"dark")]
#[case::wrong_quotes("theme = \u{201c}dark\u{201d}")]
#[case::open_list("copy_command = [\"xclip\", \"-i\"")]
#[case::open_list_in_lines("copy_command = [\n  \"xclip\",\n  \"-i\"")]
#[case::open_inline("csr = { country = \"US\"")]
#[case::twice("bell = false")]
#[case::unknown("colour = 1")]
#[case::capital("True = TRUE")]
#[case::colon("theme: dark")]
#[case::semicolon("theme = \"dark\";")]
#[case::control("theme = \"da\u{7}rk\"")]
#[case::lone_cr("theme = \"dark\"\rmono = true")]
#[case::nul("\0")]
fn a_mistake_costs_its_setting_and_names_its_line(#[case] mistake: &str) {
    for ends in ["\n", "\r\n"] {
        let text = AROUND.replace('@', mistake).replace('\n', ends);
        let (config, said) = read(&text);
        rest_is_taken(&config, &said);
        assert_eq!(said.len(), 1, "{said:#?}");
        assert!(said[0].starts_with("c.toml:4: "), "{said:#?}");
    }
}

#[rstest]
#[case::unknown("[colours]\nx = 1", 1)]
#[case::unknown_below("[csr.more]\nx = 1", 1)]
#[case::not_closed("[keys.orders\n\"x\" = \"duplicate\"", 1)]
#[case::unreadable("[keys orders]\n\"x\" = \"duplicate\"", 1)]
#[case::empty("[]\nx = 1", 1)]
#[case::twice("[csr]\nstate = \"X\"", 1)]
#[case::twice_with_the_same("[csr]\ncountry = \"US\"", 2)]
#[case::list_of_tables("[[profiles]]\nregion = \"us\"", 1)]
#[case::value_and_table("[bell]\nx = 1", 1)]
fn a_header_with_a_mistake_costs_its_table(#[case] mistake: &str, #[case] count: usize) {
    let text = AROUND.replace("@\n", "") + mistake + "\n[profiles.b]\nregion = \"us\"\n";
    let (config, said) = read(&text);
    rest_is_taken(&config, &said);
    assert_eq!(said.len(), count, "{said:#?}");
    assert!(said[0].starts_with("c.toml:11: "), "{said:#?}");
    assert_eq!(config.profiles.len(), 2, "{said:#?}");
}

#[test]
fn several_mistakes_are_all_told() {
    let (config, said) =
        read(&AROUND.replace('@', "theme = dark\nlog = 5\nx = [\ntheme = \"mono\""));
    rest_is_taken(&config, &said);
    let lines: Vec<_> = said.iter().map(|said| &said[..8]).collect();
    assert_eq!(lines, ["c.toml:4", "c.toml:5", "c.toml:6"], "{said:#?}");
    assert_eq!(config.settings.theme, crate::config::Theme::Mono);
}

#[rstest]
#[case("country = DE", "csr.country")]
#[case("country = \"D", "csr.country")]
#[case("country = \"\"\"DE", "csr.country")]
#[case("country = '''DE", "csr.country")]
#[case("country = 5", "csr.country")]
#[case("country = [\"DE\"", "csr.country")]
#[case("\"country\" = DE", "csr.country")]
#[case("colour = 1", "csr.colour")]
#[case("more.colour = 1", "csr.more")]
#[case("state = \"A\"\nstate = \"B\"", "csr.state")]
#[case("state = \"A\"\nstate.x = \"B\"", "csr.state.x")]
fn a_setting_of_a_table_is_told_with_the_table(#[case] mistake: &str, #[case] name: &str) {
    let text = format!("bell = true\n[csr]\n{mistake}\nlocality = \"Bonn\"\n");
    let (config, said) = read(&text);
    let line = if mistake.contains('\n') { 4 } else { 3 };
    assert_eq!(said.len(), 1, "{said:#?}");
    let told = format!("c.toml:{line}: {name}: ");
    assert!(said[0].starts_with(&told), "{said:#?}");
    assert_eq!(config.settings.csr.locality.as_deref(), Some("Bonn"));
}

/// What was not closed ends where the next setting begins, also where something further down would close it.
#[rstest]
#[case("log = \"\"\"dark", "copy_command = [\"sh\", \"\"\"\nx\n\"\"\"]")]
#[case("log = '''dark", "copy_command = ['sh', '''\nx\n''']")]
#[case("copy_command = [\"sh\",", "download_dir = \"a]\"")]
#[case("copy_command = [\n  \"sh\",\n  \"-c\",", "log = \"b\"")]
#[case("log = \"\"\"\n\n# dark", "download_dir = \"\"\"a\"\"\"")]
fn what_is_not_closed_swallows_no_setting(#[case] open: &str, #[case] later: &str) {
    let text = AROUND
        .replace('@', open)
        .replace("\n\n[csr]", &format!("\n{later}\n\n[csr]"));
    let (config, said) = read(&text);
    rest_is_taken(&config, &said);
    assert!(said[0].starts_with("c.toml:4: "), "{said:#?}");
    assert_eq!(said.len(), 1, "{said:#?}");
    let taken = (
        config.settings.copy_command.is_some(),
        config.settings.download_dir.is_some(),
        config.settings.log.is_some(),
    );
    assert_ne!(taken, (false, false, false), "{said:#?}");
}

#[test]
fn a_value_is_never_repeated() {
    let (_, said) = read(
        "[profiles.acme]\nregion = \"us\"\napi_key = hunter2hunter2\nkey = \"hunter2hunter2\n",
    );
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(!said.concat().contains("hunter2"), "{said:#?}");
}

#[test]
fn other_encodings_cost_nothing_or_what_they_spoil() {
    let plain = AROUND.replace('@', "theme = \"dark\"");
    let marked = [b"\xef\xbb\xbf", plain.as_bytes()].concat();
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let comment = AROUND
        .replace('@', "theme = \"dark\" # f\u{fc}r mich")
        .replace('\u{fc}', "@");
    let latin = |text: &str| -> Vec<u8> {
        text.bytes()
            .map(|byte| if byte == b'@' { 0xfc } else { byte })
            .collect()
    };
    let value = AROUND.replace('@', "log = \"f@r\"");
    for (bytes, count) in [
        (marked, 0),
        (wide, 1),
        (latin(&comment), 0),
        (latin(&value), 1),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        std::fs::write(&path, bytes).unwrap();
        let config = Config::load(&path);
        let said: Vec<String> = config.notices.iter().map(ToString::to_string).collect();
        rest_is_taken(&config, &said);
        assert_eq!(said.len(), count, "{said:#?}");
        assert_eq!(config.settings.log, None);
    }
}

#[test]
fn a_mark_in_the_middle_costs_nothing() {
    let (config, said) = read(&AROUND.replace('@', "\u{feff}"));
    rest_is_taken(&config, &said);
    assert!(said.is_empty(), "{said:#?}");
}

proptest::proptest! {
    #[test]
    fn any_line_in_the_middle_costs_the_rest_nothing(line in "[^\n\"'\\[\\]={}]{0,30}") {
        proptest::prop_assume!(!line.starts_with(['#']));
        let (config, said) = read(&AROUND.replace('@', &line));
        rest_is_taken(&config, &said);
    }
}
