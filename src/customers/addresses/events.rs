//! What is told of addresses: that they changed, not where they are.

use entity::customers::customer_addresses;
use rules::ids::{CustomerAddressId, CustomerId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// An address as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AddressSnapshot {
    /// The id.
    pub id: CustomerAddressId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The country.
    pub country: String,
    /// Whether things are sent there unless told otherwise.
    pub is_default_shipping: bool,
    /// Whether bills go there unless told otherwise.
    pub is_default_billing: bool,
    /// The version.
    pub version: i64,
}

impl From<&customer_addresses::Model> for AddressSnapshot {
    fn from(row: &customer_addresses::Model) -> Self {
        Self {
            id: row.id,
            customer_id: row.customer_id,
            country: row.country.clone(),
            is_default_shipping: row.is_default_shipping,
            is_default_billing: row.is_default_billing,
            version: row.version,
        }
    }
}

macro_rules! address_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The address after the change, or before it was deleted.
                pub address: AddressSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "customer";

                fn aggregate_id(&self) -> String {
                    self.address.customer_id.to_string()
                }
            }
        )+
    };
}

address_events! {
    /// An address was created.
    CustomerAddressCreated = "customer_address.created",
    /// An address was changed.
    CustomerAddressUpdated = "customer_address.updated",
    /// An address was deleted.
    CustomerAddressDeleted = "customer_address.deleted",
}
