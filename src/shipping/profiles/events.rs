//! What is told of shipping profiles.

use entity::shipping::shipping_profiles;
use rules::ids::{ProductId, ShippingProfileId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A shipping profile as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingProfileSnapshot {
    /// The id.
    pub id: ShippingProfileId,
    /// The name.
    pub name: String,
    /// Whether goods that are put into no other belong to it.
    pub is_default: bool,
    /// The version.
    pub version: i64,
}

impl From<&shipping_profiles::Model> for ShippingProfileSnapshot {
    fn from(row: &shipping_profiles::Model) -> Self {
        Self { id: row.id, name: row.name.clone(), is_default: row.is_default, version: row.version }
    }
}

macro_rules! shipping_profile_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The shipping profile after the change, or before it was deleted.
                pub shipping_profile: ShippingProfileSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "shipping_profile";

                fn aggregate_id(&self) -> String {
                    self.shipping_profile.id.to_string()
                }
            }
        )+
    };
}

shipping_profile_events! {
    /// A shipping profile was created.
    ShippingProfileCreated = "shipping_profile.created",
    /// A shipping profile was changed.
    ShippingProfileUpdated = "shipping_profile.updated",
    /// A shipping profile was deleted.
    ShippingProfileDeleted = "shipping_profile.deleted",
}

/// Products were put into a shipping profile, out of those that they were in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingProfileProductsAssigned {
    /// The profile.
    pub shipping_profile_id: ShippingProfileId,
    /// The products.
    pub product_ids: Vec<ProductId>,
}

impl Event for ShippingProfileProductsAssigned {
    const TOPIC: &'static str = "shipping_profile_products.assigned";
    const AGGREGATE: &'static str = "shipping_profile";

    fn aggregate_id(&self) -> String {
        self.shipping_profile_id.to_string()
    }
}
