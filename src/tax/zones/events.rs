//! What is told of tax zones.

use entity::tax::tax_zones;
use rules::ids::TaxZoneId;
use rules::place::Territory;
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A tax zone as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxZoneSnapshot {
    /// The id.
    pub id: TaxZoneId,
    /// The name.
    pub name: String,
    /// Where it is.
    pub territories: Vec<Territory>,
    /// The version.
    pub version: i64,
}

impl TaxZoneSnapshot {
    /// A zone with where it is.
    pub fn of(row: &tax_zones::Model, territories: Vec<Territory>) -> Self {
        Self { id: row.id, name: row.name.clone(), territories, version: row.version }
    }
}

macro_rules! tax_zone_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The tax zone after the change, or before it was deleted.
                pub tax_zone: TaxZoneSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "tax_zone";

                fn aggregate_id(&self) -> String {
                    self.tax_zone.id.to_string()
                }
            }
        )+
    };
}

tax_zone_events! {
    /// A tax zone was created.
    TaxZoneCreated = "tax_zone.created",
    /// A tax zone was changed.
    TaxZoneUpdated = "tax_zone.updated",
    /// A tax zone was deleted.
    TaxZoneDeleted = "tax_zone.deleted",
}
