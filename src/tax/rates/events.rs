//! What is told of tax rates.

use entity::tax::tax_rates;
use rules::Decimal;
use rules::ids::{TaxCategoryId, TaxRateId, TaxZoneId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A tax rate as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaxRateSnapshot {
    /// The id.
    pub id: TaxRateId,
    /// The zone.
    pub zone_id: TaxZoneId,
    /// What it lies on.
    pub category_id: Option<TaxCategoryId>,
    /// The name.
    pub name: String,
    /// The number that the net is multiplied by.
    pub rate: Decimal,
    /// The version.
    pub version: i64,
}

impl From<&tax_rates::Model> for TaxRateSnapshot {
    fn from(row: &tax_rates::Model) -> Self {
        Self {
            id: row.id,
            zone_id: row.zone_id,
            category_id: row.category_id,
            name: row.name.clone(),
            rate: rules::tax::from_millionths(row.rate_millionths.unsigned_abs()),
            version: row.version,
        }
    }
}

macro_rules! tax_rate_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The tax rate after the change, or before it was deleted.
                pub tax_rate: TaxRateSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "tax_rate";

                fn aggregate_id(&self) -> String {
                    self.tax_rate.id.to_string()
                }
            }
        )+
    };
}

tax_rate_events! {
    /// A tax rate was created.
    TaxRateCreated = "tax_rate.created",
    /// A tax rate was changed.
    TaxRateUpdated = "tax_rate.updated",
    /// A tax rate was deleted.
    TaxRateDeleted = "tax_rate.deleted",
}
