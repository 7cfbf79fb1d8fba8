//! Which source wins, and what is said when none does.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use secrecy::ExposeSecret;

use super::*;
use crate::config::{ProfileName, Region};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
        Self { folder }
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        path
    }

    fn env(&self) -> Env {
        Env::fixed([("CREDENTIALS_DIRECTORY", self.path_text())])
    }

    fn path_text(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }
}

fn profile() -> Profile {
    let mut profile = Profile::new(ProfileName::parse("acme").unwrap(), Region::Us.base_url());
    profile.key_store = Some(false);
    profile
}

fn found(env: Env, profile: Profile) -> (String, Source) {
    let key = KeySearch::new(env, Some(profile)).find().unwrap();
    (key.secret.expose_secret().to_owned(), key.source)
}

fn said(env: Env, profile: Option<Profile>) -> String {
    KeySearch::new(env, profile).find().unwrap_err().to_string()
}

fn argv(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[test]
fn the_first_source_that_has_a_key_wins() {
    let place = Place::new();
    let named = place.file("certdeck-acme", "FROMNAMED\n", 0o400);
    let plain = place.file("certdeck", "FROMPLAIN", 0o400);
    let mut profile = profile();
    profile.key_command = Some(argv(&["echo", "FROMCOMMAND"]));
    profile.key_file = Some(place.file("acme.key", "FROMFILE\n", 0o600));

    let everything = Env::fixed([
        ("CREDENTIALS_DIRECTORY", place.path_text()),
        ("CERTDECK_API_KEY", "FROMENV"),
    ]);
    assert_eq!(
        found(everything, profile.clone()),
        ("FROMENV".into(), Source::Environment)
    );
    assert_eq!(
        found(place.env(), profile.clone()),
        ("FROMCOMMAND".into(), Source::Command("echo".into()))
    );
    profile.key_command = None;
    assert_eq!(
        found(place.env(), profile.clone()),
        ("FROMNAMED".into(), Source::Credentials(named.clone()))
    );
    std::fs::remove_file(named).unwrap();
    assert_eq!(
        found(place.env(), profile.clone()),
        ("FROMPLAIN".into(), Source::Credentials(plain))
    );
    let file = profile.key_file.clone().unwrap();
    assert_eq!(
        found(Env::fixed([]), profile),
        ("FROMFILE".into(), Source::File(file))
    );
}

#[test]
fn a_command_that_fails_is_named_and_the_next_source_is_asked() {
    let place = Place::new();
    let mut profile = profile();
    profile.key_command = Some(argv(&["false"]));
    profile.key_file = Some(place.file("acme.key", "FROMFILE\n", 0o600));
    let mut search = KeySearch::new(Env::fixed([]), Some(profile));
    assert!(search.before_raw_mode().is_none());
    assert_eq!(
        search.tried[1],
        Tried {
            source: Source::Command("false".into()),
            why: "exited with exit status: 1".into()
        }
    );
    let key = search.after_first_paint().unwrap();
    assert_eq!(key.secret.expose_secret(), "FROMFILE");
}

#[test]
fn no_key_names_every_source_and_its_reason() {
    let place = Place::new();
    let mut profile = profile();
    profile.key_store = Some(true);
    profile.key_command = Some(argv(&["/no/such/program"]));
    profile.key_file = Some(PathBuf::from("/no/such/folder/acme.key"));
    let text = said(place.env(), Some(profile));
    let mut rest = text.as_str();
    for part in [
        "no API key for profile `acme`",
        "CERTDECK_API_KEY: is not set",
        "`/no/such/program`: could not be started",
        "/certdeck-acme: the file does not exist",
        "/certdeck: the file does not exist",
        "Secret Service): no session bus",
        "/no/such/folder/acme.key: the file does not exist",
        "certdeck key set",
    ] {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("`{part}` is not in order in:\n{text}"));
        rest = &rest[at..];
    }
}

#[test]
fn a_file_that_others_can_read_is_refused_with_the_way_to_mend_it() {
    let place = Place::new();
    let mut profile = profile();
    let path = place.file("acme.key", "FROMFILE\n", 0o640);
    profile.key_file = Some(path.clone());
    let text = said(Env::fixed([]), Some(profile.clone()));
    assert!(
        text.contains(&format!("chmod 600 {}", path.display())),
        "{text}"
    );

    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    std::fs::set_permissions(place.folder.path(), Permissions::from_mode(0o755)).unwrap();
    let text = said(Env::fixed([]), Some(profile.clone()));
    assert!(
        text.contains(&format!("chmod 700 {}", place.folder.path().display())),
        "{text}"
    );

    std::fs::set_permissions(place.folder.path(), Permissions::from_mode(0o700)).unwrap();
    assert_eq!(found(Env::fixed([]), profile).0, "FROMFILE");
}

#[test]
fn a_stored_key_is_not_sent_to_an_address_from_the_environment() {
    let place = Place::new();
    let mut profile = profile();
    profile.url_overridden = true;
    profile.key_command = Some(argv(&["touch", &format!("{}/ran", place.path_text())]));
    profile.key_file = Some(place.file("acme.key", "FROMFILE\n", 0o600));
    let text = said(Env::fixed([]), Some(profile.clone()));
    assert_eq!(text.matches("not used").count(), 2, "{text}");
    assert!(!Path::new(&format!("{}/ran", place.path_text())).exists());

    let env = Env::fixed([("CERTDECK_API_KEY", "FROMENV")]);
    assert_eq!(found(env, profile).0, "FROMENV");
}

#[test]
fn without_a_profile_only_the_environment_is_asked() {
    let text = said(Env::fixed([]), None);
    assert!(text.contains("no profile is configured"), "{text}");
    assert_eq!(text.matches("\n  ").count(), 1, "{text}");
}
