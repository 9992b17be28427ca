//! The terms of a promotion on their way between its row and the rules.
//!
//! Owns how they are written down: as the rules' own JSON, with the version of the rules that wrote it. Never reads
//! the database.

use entity::promotions::promotions;
use rules::promotion::{self, Action, Caps, Condition, Promotion, Spent, Stacking};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::kernel::{Error, Result};

/// The version of the rules that terms are written by.
pub const VERSION: i64 = promotion::VERSION as i64;

/// Writes one of the terms.
///
/// # Errors
/// `Internal` where it can't be written as JSON.
pub fn write(term: &impl Serialize) -> Result<String> {
    serde_json::to_string(term).map_err(Error::internal)
}

fn read<T: DeserializeOwned>(row: &promotions::Model, text: &str) -> Result<T> {
    if row.rules_version > VERSION {
        let (id, version) = (row.id, row.rules_version);
        return Err(Error::internal(format!("the terms of {id} are of version {version}, and this is {VERSION}")));
    }
    serde_json::from_str(text).map_err(Error::internal)
}

/// What must be so.
///
/// # Errors
/// `Internal` where the row holds what newer rules wrote, or no terms at all; so do the others here.
pub fn condition(row: &promotions::Model) -> Result<Condition> {
    read(row, &row.condition)
}

/// What the buyer gets.
pub fn action(row: &promotions::Model) -> Result<Action> {
    read(row, &row.action)
}

/// How much of it there is.
pub fn caps(row: &promotions::Model) -> Result<Caps> {
    read(row, &row.caps)
}

/// What it may stand beside.
pub fn stacking(row: &promotions::Model) -> Result<Stacking> {
    read(row, &row.stacking)
}

/// The promotion as the rules want it, with nothing used of it.
pub fn promotion(row: &promotions::Model) -> Result<Promotion> {
    Ok(Promotion {
        id: row.id,
        name: row.name.clone(),
        created_at: row.created_at,
        priority: priority(row),
        valid_from: row.valid_from,
        valid_to: row.valid_to,
        condition: condition(row)?,
        action: action(row)?,
        caps: caps(row)?,
        stacking: stacking(row)?,
        spent: Spent::default(),
    })
}

/// The place inside the phase; what is written fits.
pub fn priority(row: &promotions::Model) -> i32 {
    i32::try_from(row.priority).unwrap_or(if row.priority < 0 { i32::MIN } else { i32::MAX })
}
