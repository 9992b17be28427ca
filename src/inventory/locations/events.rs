//! What is told of locations.

use entity::inventory::locations;
use rules::ids::LocationId;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A location as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationSnapshot {
    /// The id.
    pub id: LocationId,
    /// The name.
    pub name: String,
    /// The country.
    pub country: Option<String>,
    /// Whether it is the default.
    pub is_default: bool,
    /// Whether stock is kept there.
    pub active: bool,
    /// Its place in the store's own order.
    pub priority: i32,
    /// Millionths of a degree north of the equator.
    pub latitude: Option<i64>,
    /// Millionths of a degree east of Greenwich.
    pub longitude: Option<i64>,
    /// The version.
    pub version: i64,
}

impl From<&locations::Model> for LocationSnapshot {
    fn from(row: &locations::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            country: row.country.clone(),
            is_default: row.is_default,
            active: row.active,
            priority: row.priority,
            latitude: row.latitude,
            longitude: row.longitude,
            version: row.version,
        }
    }
}

macro_rules! location_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The location after the change.
                pub location: LocationSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "location";

                fn aggregate_id(&self) -> String {
                    self.location.id.to_string()
                }
            }
        )+
    };
}

location_events! {
    /// A location was created.
    LocationCreated = "location.created",
    /// A location was changed.
    LocationUpdated = "location.updated",
    /// Nothing is kept at a location any more, for now.
    LocationDeactivated = "location.deactivated",
    /// Stock is kept at a location again.
    LocationActivated = "location.activated",
    /// A location was deleted.
    LocationDeleted = "location.deleted",
}
