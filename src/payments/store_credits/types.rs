//! How store credit looks in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::payments::{store_credit_entries, store_credits};
use rules::ids::{CustomerId, StoreCreditEntryId, StoreCreditId};
use rules::permission::Permission;
use rules::states::StoreCreditEntryKind;
use rules::{Currency, Money};

use crate::customers::profiles::Customer;
use crate::gate::directives::requires;
use crate::kernel::graph::object;
use crate::kernel::{ById, Ctx, Result};
use crate::{connection, payload};

/// What a customer has at the store to pay with, in one currency.
#[derive(Clone)]
pub struct StoreCredit(pub Arc<store_credits::Model>);

impl From<store_credits::Model> for StoreCredit {
    fn from(row: store_credits::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// What a customer has at the store to pay with, in one currency.
#[object]
impl StoreCredit {
    /// Its id.
    fn id(&self) -> StoreCreditId {
        self.0.id
    }

    /// The id of the customer.
    fn customer_id(&self) -> CustomerId {
        self.0.customer_id
    }

    /// The customer; null where it is not yours to see.
    async fn customer(&self, ctx: &Ctx) -> Result<Option<Customer>> {
        Customer::by_id(ctx, self.0.customer_id).await
    }

    /// How much there is.
    fn balance(&self) -> Money {
        Money::from_minor(self.0.balance, self.0.currency)
    }

    /// Goes up with each change.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When the first was given.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// One change of a customer's store credit.
#[derive(Clone)]
pub struct StoreCreditEntry(pub Arc<store_credit_entries::Model>, pub Currency);

/// One change of a customer's store credit.
#[object]
impl StoreCreditEntry {
    /// The entry's id.
    fn id(&self) -> StoreCreditEntryId {
        self.0.id
    }

    /// Why it changed.
    fn kind(&self) -> StoreCreditEntryKind {
        self.0.kind
    }

    /// By how much; below nothing where there is less.
    fn amount(&self) -> Money {
        Money::from_minor(self.0.amount, self.1)
    }

    /// How much there was then.
    fn balance(&self) -> Money {
        Money::from_minor(self.0.balance, self.1)
    }

    /// What was paid with it: the id of a cart or of an order.
    fn owner(&self) -> Option<&str> {
        self.0.owner.as_deref()
    }

    /// What the store wrote down of it.
    #[graphql(directive = requires::apply(Permission::StoreCreditRead))]
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it changed.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(StoreCreditEntryConnection, StoreCreditEntryEdge, StoreCreditEntry, "entries of store credit");

payload! {
    /// The answer of `storeCreditIssue`.
    StoreCreditIssuePayload {
        /// The customer's store credit as it is now.
        store_credit: StoreCredit,
    }
}

payload! {
    /// The answer of `storeCreditDebit`.
    StoreCreditDebitPayload {
        /// The customer's store credit as it is now.
        store_credit: StoreCredit,
    }
}
