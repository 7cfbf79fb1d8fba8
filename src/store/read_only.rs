//! A file that can be read and not written: a read-only disk, another user's file, a full disk. What the last session
//! left in it is shown all the same.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::schema;

/// Opens what is there to be read; `None` where nothing is, or not in the form that is known here.
pub(super) fn open(path: &Path) -> Option<Connection> {
    if !path.is_file() {
        return None;
    }
    as_it_is(path).or_else(|| alone(path))
}

/// Beside others, who may write it.
fn as_it_is(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    ready(Connection::open_with_flags(path, flags).ok()?)
}

/// Without the files beside it, which SQLite otherwise wants to make: nobody can be writing where nobody can write.
fn alone(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let name = path.to_str()?;
    let name = name
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23");
    ready(Connection::open_with_flags(format!("file:{name}?immutable=1"), flags).ok()?)
}

fn ready(conn: Connection) -> Option<Connection> {
    let version = schema::version(&conn).ok()?;
    let readable = schema::READABLE..=schema::KNOWN;
    (readable.contains(&version) && schema::settle(&conn).is_ok()).then_some(conn)
}
