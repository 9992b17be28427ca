//! What must be so of all rows after every story, whatever it was about.

use std::sync::atomic::Ordering;

use super::Database;

/// Proves every invariant on what the story left behind. One that takes the database apart on purpose says so with
/// [`Database::is_taken_apart`].
pub async fn prove(database: &Database) {
    if database.taken_apart.load(Ordering::Relaxed) {
        return;
    }
    let db = database.connect().await;
    let found = stoa::invariants::check(&db, &super::node::config(database).settings).await;
    let found = found.unwrap_or_else(|error| panic!("the invariants can't be proved: {error}"));
    let found: Vec<String> = found.iter().map(|(invariant, off)| format!("{}: {off}", invariant.number)).collect();
    db.close().await.expect("closed");
    assert!(found.is_empty(), "the story left rows that are off:\n{}", found.join("\n"));
}

impl Database {
    /// Says that the story breaks rows behind the product's back, or takes tables away: what it leaves behind
    /// proves nothing.
    pub fn is_taken_apart(&self) {
        self.taken_apart.store(true, Ordering::Relaxed);
    }
}
