//! What must be so of all rows at every moment, proved on a database as it stands.
//!
//! Owns a list of invariants. Each is one statement in `sql/`, which finds the rows that are off, in words that
//! both databases understand; whose rows are whose is read out of the database's own keys ([`ownership`]).
//! `stoa check-invariants` proves them on a living shop, and so does every test, on what its story left behind.
//! Nothing is ever mended: a row that is off is a mistake in the code that wrote it.
//!
//! To add one, add a file to `sql/` and a line to [`INVARIANTS`]. The statement answers a row for each row of
//! the shop that is off, with three columns: `store_id` and `id`, which may be null, and `says`, a text with what
//! is wrong. It names the numbers that do not agree.

mod audit;
mod ownership;
mod promises;

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use uuid::Uuid;

use crate::kernel::settings::Settings;

/// Something that is so of all rows.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// Its number, as tests and documents name it: `I3`.
    pub number: &'static str,
    /// What is so.
    pub says: &'static str,
    proof: Proof,
}

#[derive(Debug, Clone, Copy)]
enum Proof {
    /// A statement that finds the rows that are off.
    Statement(&'static str),
    /// The signatures and seals of the audit logs.
    Audit,
    /// The foreign keys, looked up one by one.
    Ownership,
    /// What orders are promised, held against what they need.
    Promises,
}

/// A row that is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// The store that it belongs to.
    pub store: Option<Uuid>,
    /// Its id.
    pub id: Option<Uuid>,
    /// What is wrong.
    pub says: String,
}

impl std::fmt::Display for Off {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.says)?;
        for (what, id) in [("row", self.id), ("store", self.store)] {
            if let Some(id) = id {
                write!(f, ", {what} {id}")?;
            }
        }
        Ok(())
    }
}

macro_rules! statement {
    ($number:literal, $file:literal, $says:literal) => {
        Invariant {
            number: $number,
            says: $says,
            proof: Proof::Statement(include_str!(concat!("sql/", $file, ".sql"))),
        }
    };
}

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    statement!("I1", "i01_no_level_owes_unsaid", "on hand ≥ reserved ≥ 0, but for what was sold ahead"),
    statement!("I2", "i02_reserved_is_promised", "reserved is the sum of what is promised"),
    statement!("I3", "i03_movements_sum_up", "on hand and reserved are the sums of the movements"),
    statement!("I4", "i04_nothing_is_sold_twice", "each movement goes on from what the one before left"),
    statement!(
        "I5",
        "i05_orders_have_their_money",
        "an order has the money of its payments, and all money has its order"
    ),
    statement!(
        "I6",
        "i06_payments_fold",
        "what payments have come to is what happened, and refunds ≤ captured ≤ authorized"
    ),
    statement!(
        "I7",
        "i07_orders_add_up",
        "the amounts of an order are the sums of its lines, shipping, taxes and discounts"
    ),
    statement!(
        "I8",
        "i08_gift_cards_sum_up",
        "a gift card is worth the sum of its entries, which go on from one another"
    ),
    statement!(
        "I8",
        "i08_store_credit_sums_up",
        "store credit is the sum of its entries, which go on from one another"
    ),
    statement!(
        "I9",
        "i09_uses_are_of_living_orders",
        "codes and promotions are used by orders that are not called off"
    ),
    Invariant { number: "I10", says: "a row belongs to whom its parent belongs", proof: Proof::Ownership },
    statement!("I11", "i11_events_are_numbered", "the events of one thing are numbered without a gap"),
    Invariant { number: "I12", says: "the audit log says who did it, and is as it was written", proof: Proof::Audit },
    statement!("I13", "i13_keys_have_one_effect", "what is asked for twice under one key is done once"),
    statement!(
        "I14",
        "i14_orders_have_their_history",
        "an order stands where its history says, and is paid as it says"
    ),
    statement!(
        "I15",
        "i15_what_was_taken_is_paid",
        "what gift cards and store credit gave is what payments with them have"
    ),
    Invariant { number: "I16", says: "what is promised belongs to orders that stand", proof: Proof::Promises },
];

impl Invariant {
    /// The rows that are off. The settings have the keys that what is signed was signed with.
    ///
    /// # Errors
    /// What the database says.
    pub async fn off(&self, db: &impl ConnectionTrait, settings: &Settings) -> Result<Vec<Off>, DbErr> {
        match self.proof {
            Proof::Statement(sql) => find(db, sql).await,
            Proof::Audit => audit::off(db, settings).await,
            Proof::Ownership => ownership::off(db).await,
            Proof::Promises => promises::off(db).await,
        }
    }
}

/// Proves all of them, and answers every row that is off with the invariant that it breaks.
///
/// # Errors
/// What the database says.
pub async fn check(db: &impl ConnectionTrait, settings: &Settings) -> Result<Vec<(&'static Invariant, Off)>, DbErr> {
    let mut found = Vec::new();
    for invariant in INVARIANTS {
        found.extend(invariant.off(db, settings).await?.into_iter().map(|off| (invariant, off)));
    }
    Ok(found)
}

/// Runs a statement that answers `store_id`, `id` and `says`.
async fn find(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<Off>, DbErr> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Off, DbErr> {
    Ok(Off { store: row.try_get("", "store_id")?, id: row.try_get("", "id")?, says: row.try_get("", "says")? })
}
