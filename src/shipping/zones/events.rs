//! What is told of shipping zones.

use entity::shipping::shipping_zones;
use rules::ids::{ShippingProfileId, ShippingZoneId};
use rules::place::Territory;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A shipping zone as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShippingZoneSnapshot {
    /// The id.
    pub id: ShippingZoneId,
    /// The profile.
    pub profile_id: ShippingProfileId,
    /// The name.
    pub name: String,
    /// Where it is.
    pub territories: Vec<Territory>,
    /// The version.
    pub version: i64,
}

impl ShippingZoneSnapshot {
    /// A zone with where it is.
    pub fn of(row: &shipping_zones::Model, territories: Vec<Territory>) -> Self {
        Self { id: row.id, profile_id: row.profile_id, name: row.name.clone(), territories, version: row.version }
    }
}

macro_rules! shipping_zone_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The shipping zone after the change, or before it was deleted.
                pub shipping_zone: ShippingZoneSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "shipping_zone";

                fn aggregate_id(&self) -> String {
                    self.shipping_zone.id.to_string()
                }
            }
        )+
    };
}

shipping_zone_events! {
    /// A shipping zone was created.
    ShippingZoneCreated = "shipping_zone.created",
    /// A shipping zone was changed.
    ShippingZoneUpdated = "shipping_zone.updated",
    /// A shipping zone was deleted.
    ShippingZoneDeleted = "shipping_zone.deleted",
}
