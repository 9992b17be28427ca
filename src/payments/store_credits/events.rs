//! What is told of store credit.

use entity::payments::store_credits;
use rules::Money;
use rules::ids::{CustomerId, StoreCreditId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A customer's store credit as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StoreCreditSnapshot {
    /// The id.
    pub id: StoreCreditId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// How much there is.
    pub balance: Money,
    /// The version.
    pub version: i64,
}

impl From<&store_credits::Model> for StoreCreditSnapshot {
    fn from(row: &store_credits::Model) -> Self {
        let balance = Money::from_minor(row.balance, row.currency);
        Self { id: row.id, customer_id: row.customer_id, balance, version: row.version }
    }
}

macro_rules! store_credit_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal $({ $(#[$field_doc:meta])* $field:ident: $type:ty })?,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The store credit after it.
                pub store_credit: StoreCreditSnapshot,
                /// How much.
                pub amount: Money,
                $($(#[$field_doc])* pub $field: $type,)?
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "store_credit";

                fn aggregate_id(&self) -> String {
                    self.store_credit.id.to_string()
                }
            }
        )+
    };
}

store_credit_events! {
    /// The store gave a customer credit.
    StoreCreditIssued = "store_credit.issued",
    /// The store took credit away.
    StoreCreditDebited = "store_credit.debited",
    /// The customer paid with it.
    StoreCreditTaken = "store_credit.taken" {
        /// What was paid with it.
        owner: String
    },
    /// What was paid with it was given back.
    StoreCreditGivenBack = "store_credit.given_back" {
        /// What had been paid with it.
        owner: String
    },
}
