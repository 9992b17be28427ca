//! What is told of customers. Never a password or a token; names and addresses stay out of it as well, so that what
//! outlives a customer holds nothing of the person.

use entity::customers::customers;
use rules::ids::CustomerId;
use rules::states::{CustomerKind, CustomerState};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A customer as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSnapshot {
    /// The id.
    pub id: CustomerId,
    /// Whether there is an account.
    pub kind: CustomerKind,
    /// Whether the store lets the account in.
    pub state: CustomerState,
    /// Whether the mailbox was proven.
    pub email_verified: bool,
    /// The language chosen.
    pub locale: Option<String>,
    /// Whether news may be sent.
    pub accepts_marketing: bool,
    /// Whether no tax is charged.
    pub tax_exempt: bool,
    /// The version.
    pub version: i64,
}

impl From<&customers::Model> for CustomerSnapshot {
    fn from(row: &customers::Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            state: row.state,
            email_verified: row.email_verified_at.is_some(),
            locale: row.locale.clone(),
            accepts_marketing: row.accepts_marketing,
            tax_exempt: row.tax_exempt,
            version: row.version,
        }
    }
}

macro_rules! customer_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The customer after the change, or before it was deleted.
                pub customer: CustomerSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "customer";

                fn aggregate_id(&self) -> String {
                    self.customer.id.to_string()
                }
            }
        )+
    };
}

customer_events! {
    /// A customer was created, by signing up, by buying, or by the staff.
    CustomerCreated = "customer.created",
    /// A customer was changed.
    CustomerUpdated = "customer.updated",
    /// A customer was deleted.
    CustomerDeleted = "customer.deleted",
}

/// A guest became part of the account with the same mailbox, once its owner had proven it: what was the guest's, such
/// as orders, is the account's from now on.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAbsorbed {
    /// The account.
    pub customer_id: CustomerId,
    /// The guest, who is no more.
    pub guest_id: CustomerId,
}

impl Event for CustomerAbsorbed {
    const TOPIC: &'static str = "customer.absorbed";
    const AGGREGATE: &'static str = "customer";

    fn aggregate_id(&self) -> String {
        self.customer_id.to_string()
    }
}

/// The tags of a customer changed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerTagsChanged {
    /// The customer.
    pub customer_id: CustomerId,
    /// Those that were put on.
    pub added: Vec<String>,
    /// Those that were taken off.
    pub removed: Vec<String>,
}

impl Event for CustomerTagsChanged {
    const TOPIC: &'static str = "customer_tags.changed";
    const AGGREGATE: &'static str = "customer";

    fn aggregate_id(&self) -> String {
        self.customer_id.to_string()
    }
}
