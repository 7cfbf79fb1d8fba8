//! Files, modes, versions, full and read-only disks, several at once.

use std::fs;
use std::path::{Path, PathBuf};

use super::{order, time};
use crate::domain::ids::OrderId;
use crate::domain::packed::Rows;
use crate::domain::testing::fixtures::intent;
use crate::domain::write::{Answer, Found, Intent, Record, WriteId};
use crate::store::{
    Cursor, Draft, DraftKey, Store, StoreError, schema, settings_warnings, warnings,
};

fn draft(json: String) -> Draft {
    Draft {
        key: DraftKey {
            kind: "new".into(),
            order: None,
        },
        json,
        refusal: None,
        updated: time(0),
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/certdeck/default.sqlite3");
    let mut store = Store::open(&path).unwrap();
    store.save_draft(&draft("{}".into())).unwrap();
    let home = path.parent().unwrap();
    assert_eq!(mode(home), 0o700);
    let mut seen = 0;
    for entry in fs::read_dir(home).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.file_name());
        seen += 1;
    }
    assert!(seen >= 2, "the file and its log");
    drop(store);

    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    drop(Store::open(&path).unwrap());
    assert_eq!(
        mode(&path),
        0o600,
        "a file that others could read is closed"
    );
}

#[test]
fn a_place_that_cannot_be_written_says_which_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let path = file.join("default.sqlite3");
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error:?}");
    assert!(error.is_disk());
    let words = error.to_string();
    assert!(
        words.contains("a-file") && words.contains("XDG_DATA_HOME"),
        "{words}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn what_is_no_file_is_no_store_and_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.sqlite");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let link = folder.path().join("link.sqlite");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    for path in [pipe, link, folder.path().to_owned()] {
        let error = Store::open(&path).unwrap_err();
        let words = error.to_string();
        for part in ["and not a file", "Move it away"] {
            assert!(words.contains(part), "{words}");
        }
        assert!(error.is_disk());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_stands_in_place_of_the_files_beside_it_is_named() {
    for end in ["-journal", "-wal", "-shm"] {
        for kind in ["a symbolic link", "a pipe", "a folder"] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("acme.sqlite");
            drop(Store::open(&path).unwrap());
            let other = folder.path().join(format!("acme.sqlite{end}"));
            match kind {
                "a pipe" => {
                    rustix::fs::mkfifoat(rustix::fs::CWD, &other, rustix::fs::Mode::RUSR).unwrap();
                }
                "a folder" => fs::create_dir(&other).unwrap(),
                _ => std::os::unix::fs::symlink("elsewhere", &other).unwrap(),
            }
            let error = Store::open_to_write(&path).unwrap_err().to_string();
            for part in [end, kind, "Move it away"] {
                assert!(error.contains(part), "{end} {kind}: {error}");
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_open_folder_and_a_link_are_told_and_a_link_is_not_followed_to_change_modes() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (real, link) = (
        folder.path().join("real"),
        folder.path().join("acme.sqlite"),
    );
    drop(Store::open(&real).unwrap());
    fs::set_permissions(&real, fs::Permissions::from_mode(0o644)).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    assert_eq!(warnings(&real), Vec::<String>::new());
    drop(Store::open(&link).unwrap());
    let mode = fs::metadata(&real).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644, "a link was followed");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let told = warnings(&link).join("\n");
    for part in ["mode 777", "chmod 700", "is a link", "chmod 600"] {
        assert!(told.contains(part), "{told}");
    }
}

/// Whoever may rename a folder above, or write to the settings, has a word in what is kept and run.
#[cfg(target_os = "linux")]
#[test]
fn what_everybody_may_write_to_is_told_wherever_it_stands() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let root = tempfile::tempdir().unwrap();
    let own = root.path().join("share/certdeck");
    fs::create_dir_all(&own).unwrap();
    mode(&own, 0o700);
    let file = own.join("config.toml");
    fs::write(&file, "").unwrap();
    mode(&file, 0o600);
    let told = || {
        (
            warnings(&file).join(" "),
            settings_warnings(&file).join(" "),
        )
    };
    assert_eq!(told(), (String::new(), String::new()));
    mode(&file, 0o666);
    assert!(told().1.contains("config.toml"), "{:?}", told());
    mode(&file, 0o600);
    let above = root.path().join("share");
    mode(&above, 0o777);
    for words in [told().0, told().1] {
        assert!(
            words.contains(&format!("chmod o-w {}`", above.display())),
            "{words}"
        );
    }
    // As in `/tmp`, each may rename only his own.
    mode(&above, 0o1777);
    assert_eq!(told(), (String::new(), String::new()));
}

#[cfg(target_os = "linux")]
#[test]
fn a_read_only_folder_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    // Modes do not bind root, but even root makes no file in /sys.
    let place = if fs::write(folder.path().join("probe"), "").is_ok() {
        PathBuf::from("/sys/default.sqlite3")
    } else {
        folder.path().join("default.sqlite3")
    };
    let error = Store::open(&place).unwrap_err();
    assert!(
        matches!(&error, StoreError::Folder { path, .. } if *path == place),
        "{error:?}"
    );
}

#[test]
fn a_file_that_may_not_be_written_is_told_and_can_still_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("p.sqlite3")).unwrap();
    store
        .upsert_orders("a", &Rows::from_iter(&[order(1)]))
        .unwrap();
    store.conn.pragma_update(None, "query_only", true).unwrap();
    let errors = [
        store.save_draft(&draft("{}".into())).unwrap_err(),
        store
            .upsert_orders("a", &Rows::from_iter(&[order(2)]))
            .unwrap_err(),
        store
            .move_cursor("a", Cursor::default(), Cursor::default())
            .unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
        assert!(error.to_string().contains("p.sqlite3"));
    }
    assert_eq!(store.count_orders("a").unwrap(), 1);
}

#[test]
fn a_full_disk_is_told_and_loses_nothing_that_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("p.sqlite3")).unwrap();
    let kept = draft("{}".into());
    store.save_draft(&kept).unwrap();
    let pages: i64 = store
        .conn
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    store
        .conn
        .pragma_update(None, "max_page_count", pages)
        .unwrap();

    let path = store.path().to_owned();
    let full = StoreError::Full { path };
    let large = draft("x".repeat(50_000));
    assert_eq!(store.save_draft(&large), Err(full.clone()));
    let intent = Intent {
        body: "x".repeat(50_000),
        ..intent("1")
    };
    assert_eq!(store.begin(&intent), Err(full), "so that nothing is sent");
    let orders: Vec<_> = (1..=1000).map(order).collect();
    assert!(matches!(
        store.upsert_orders("a", &Rows::from_iter(&orders)),
        Err(StoreError::Full { .. })
    ));

    assert_eq!(store.list_drafts().unwrap(), [kept]);
    assert_eq!(store.list(10).unwrap(), []);
    assert_eq!(store.count_orders("a").unwrap(), 0);
    store
        .conn
        .pragma_update(None, "max_page_count", 1_000_000)
        .unwrap();
    store.begin(&intent).unwrap();
}

#[test]
fn an_outcome_that_the_disk_did_not_take_is_stored_once_there_is_room() {
    let mut store = Store::in_memory().unwrap();
    let op = WriteId("1".into());
    let intent = intent(&op.0);
    let outcome = Answer::Unknown { why: "lost".into() };
    store.begin(&intent).unwrap();
    store.conn.pragma_update(None, "query_only", true).unwrap();
    assert!(store.finish(&op, &outcome, time(1)).is_err());
    store.catch_up();
    assert_eq!(store.entry(&op).unwrap().unwrap().outcome, None);
    store.conn.pragma_update(None, "query_only", false).unwrap();
    // What came of it can be stored only after that.
    store.resolve(&op, &Found::NotArrived, time(2)).unwrap();
    let entry = store.entry(&op).unwrap().unwrap();
    assert_eq!(entry.outcome, Some(outcome));
    assert_eq!(entry.finished, Some(time(1)));
}

#[test]
fn what_a_newer_version_made_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let store = Store::open(&path).unwrap();
    let newer = schema::KNOWN + 1;
    store
        .conn
        .pragma_update(None, "user_version", newer)
        .unwrap();
    drop(store);
    let before = fs::read(&path).unwrap();
    let error = Store::open(&path).unwrap_err();
    assert_eq!(
        error,
        StoreError::Newer {
            path: path.clone(),
            found: newer,
            known: schema::KNOWN
        }
    );
    assert!(error.to_string().contains("Update certdeck"));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn a_file_of_something_else_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let letter = "Dear colleague, this is no database. ".repeat(100);
    fs::write(&path, &letter).unwrap();
    assert!(matches!(
        Store::open(&path),
        Err(StoreError::Damaged { .. })
    ));
    assert_eq!(fs::read_to_string(&path).unwrap(), letter);
}

/// A file as the first format had it, with rows of every kind.
#[test]
fn a_file_of_the_first_format_is_brought_up_to_date_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(schema::STEPS[0]).unwrap();
    conn.pragma_update(None, "user_version", 1).unwrap();
    conn.execute_batch(
        r#"INSERT INTO draft VALUES ('duplicate', 7, '{"typed":1}', '2026-11-20T10:00:00Z');
        INSERT INTO journal (op, kind, method, path, body, profile, started, owner, pid, outcome, detail, dismissed)
        VALUES ('issued', 'duplicate', 'POST', '/', '{}', 'p', '', '', 1, 'accepted', '{"status":201,"certificate":5}', 0),
               ('waits', 'duplicate', 'POST', '/', '{}', 'p', '', '', 1, 'accepted', '{"status":201,"requests":[6]}', 0),
               ('lost', 'duplicate', 'POST', '/', '{}', 'p', '', '', 1, NULL, NULL, 0);"#,
    )
    .unwrap();
    drop(conn);
    let store = Store::open(&path).unwrap();
    let names = |entries: Vec<Record>| -> Vec<String> {
        entries.into_iter().map(|entry| entry.intent.op.0).collect()
    };
    assert_eq!(names(store.list(10).unwrap()), ["lost", "waits", "issued"]);
    // What was checked by the program of that time is not checked anew.
    assert_eq!(names(store.awaited().unwrap()), ["waits"]);
    assert_eq!(names(store.open_ops().unwrap()), ["lost"]);
    let drafts = store.list_drafts().unwrap();
    assert_eq!(drafts[0].json, r#"{"typed":1}"#);
    assert_eq!(drafts[0].refusal, None);
}

/// Starts a test of this file as another user, whom modes bind: they do not bind the one that tests often run as.
#[cfg(unix)]
fn as_somebody(test: &str, path: &std::path::Path) -> std::process::Output {
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command
        .args([&format!("store::tests::disk::{test}"), "--exact"])
        .env("CERTDECK_TEST_STORE", path);
    if fs::metadata("/proc/self").is_ok_and(|about| {
        use std::os::unix::fs::MetadataExt;
        about.uid() == 0
    }) {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().unwrap()
}

// The other user's part: started by the test below, and as a test of its own it has nothing to do.
#[cfg(unix)]
#[test]
fn reader() {
    let Ok(path) = std::env::var("CERTDECK_TEST_STORE") else {
        return;
    };
    let mut store = Store::open(&PathBuf::from(path)).unwrap();
    let trouble = store.trouble().expect("it cannot be written").clone();
    assert!(trouble.is_disk(), "{trouble:?}");
    assert!(!store.is_lasting());
    assert_eq!(
        store
            .load_all("a", |_| std::ops::ControlFlow::Continue(()))
            .unwrap()
            .rows,
        [OrderId(1)]
    );
    assert_eq!(store.list_drafts().unwrap().len(), 1);
    assert!(store.save_draft(&draft("{}".into())).is_err());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_shown_all_the_same() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    for left_open in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.sqlite3");
        let mut store = Store::open(&path).unwrap();
        store
            .upsert_orders("a", &Rows::from_iter(&[order(1)]))
            .unwrap();
        store.save_draft(&draft("{}".into())).unwrap();
        // With the files beside it, as after a kill, and without, as after an end.
        let store = left_open.then_some(store);
        for entry in fs::read_dir(folder.path()).unwrap() {
            mode(&entry.unwrap().path(), 0o444);
        }
        mode(folder.path(), 0o555);
        let seen = as_somebody("reader", &path);
        mode(folder.path(), 0o755);
        let said = String::from_utf8_lossy(&seen.stdout);
        assert!(seen.status.success(), "left open: {left_open}\n{said}");
        assert!(said.contains("1 passed"), "{said}");
        drop(store);
    }
}

#[test]
fn an_empty_file_gets_its_tables_and_the_next_start_keeps_what_is_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    fs::write(&path, "").unwrap();
    let mut store = Store::open(&path).unwrap();
    store.save_draft(&draft("{}".into())).unwrap();
    drop(store);
    let store = Store::open(&path).unwrap();
    let version: i64 = store
        .conn
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    assert_eq!(version, schema::KNOWN);
    assert_eq!(store.list_drafts().unwrap().len(), 1);
}

#[test]
fn many_may_start_on_a_new_file_at_once_and_all_their_rows_arrive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    std::thread::scope(|scope| {
        for writer in 0..6_u64 {
            let path = &path;
            scope.spawn(move || {
                let mut store = Store::open(path).unwrap();
                for page in 0..5 {
                    let first = writer * 1000 + page * 10;
                    let orders: Vec<_> = (first..first + 10).map(order).collect();
                    store.upsert_orders("a", &Rows::from_iter(&orders)).unwrap();
                }
            });
        }
    });
    let store = Store::open(&path).unwrap();
    assert_eq!(store.count_orders("a").unwrap(), 300);
}

#[test]
fn one_sees_what_the_other_committed_while_both_are_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.sqlite3");
    let mut one = Store::open(&path).unwrap();
    let mut other = Store::open(&path).unwrap();
    one.upsert_orders("a", &Rows::from_iter(&[order(1)]))
        .unwrap();
    other
        .upsert_orders("a", &Rows::from_iter(&[order(2)]))
        .unwrap();
    one.save_draft(&draft("{}".into())).unwrap();
    assert_eq!(one.count_orders("a").unwrap(), 2);
    assert_eq!(other.list_drafts().unwrap().len(), 1);
}

#[test]
fn journal_and_drafts_are_synced_even_after_the_cache_was_written() {
    let mut store = Store::in_memory().unwrap();
    store
        .upsert_orders("a", &Rows::from_iter(&[order(1)]))
        .unwrap();
    store.conn.pragma_update(None, "query_only", true).unwrap();
    assert!(
        store
            .upsert_orders("a", &Rows::from_iter(&[order(2)]))
            .is_err()
    );
    let level: i64 = store
        .conn
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .unwrap();
    assert_eq!(level, 2, "FULL, also after a cache write that failed");
}
