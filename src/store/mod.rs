//! SQLite: the orders as last seen, drafts, the journal.
