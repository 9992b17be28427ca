//! Stories of what stands before the domains: documents, headers, limits, sockets and refusals.

mod documents;
mod kinds;
mod limits;
mod sockets;
mod telling;
mod transport;

use serde_json::Value;

use crate::harness::{Actor, Answer, Shop, json};

/// A shop as the world reaches it: the schema is not told.
async fn in_public(db: crate::harness::Database) -> Shop {
    Shop::open_with(db, |config| config.introspection = false).await
}

/// Asks without variables.
async fn ask(who: &Actor, document: &str) -> Answer {
    who.query(document, json!({})).await
}

/// Holds that it was refused before anything ran: errors with codes, and no data.
#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    let errors = answer.body["errors"].as_array().unwrap_or_else(|| panic!("{what} was not refused: {answer}"));
    assert!(answer.body.get("data").is_none_or(Value::is_null), "{what} gave data: {answer}");
    assert!((400..500).contains(&answer.status), "{what}: {answer}");
    for error in errors {
        assert!(error["extensions"]["code"].as_str().is_some_and(|code| !code.is_empty()), "{what}: {answer}");
    }
}
