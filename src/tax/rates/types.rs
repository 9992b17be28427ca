//! How tax rates look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tax::tax_rates;
use rules::Decimal;
use rules::ids::TaxRateId;
use rules::tax::from_millionths;

use crate::kernel::graph::{Load, object};
use crate::tax::categories::{TaxCategory, TaxCategoryById};
use crate::tax::zones::{TaxZone, TaxZoneById};
use crate::{connection, payload};

/// One tax at one rate, in one zone.
#[derive(Clone)]
pub struct TaxRate(pub Arc<tax_rates::Model>);

impl From<tax_rates::Model> for TaxRate {
    fn from(row: tax_rates::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One tax at one rate, in one zone. Several on the same category all lie on it, each on the net.
#[object]
impl TaxRate {
    /// The tax rate's id.
    fn id(&self) -> TaxRateId {
        self.0.id
    }

    /// What it is called on an invoice; unique in the zone and category.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The number that the net is multiplied by: `0.19` for 19 per cent.
    fn rate(&self) -> Decimal {
        from_millionths(self.0.rate_millionths.unsigned_abs())
    }

    /// The zone in which it is raised.
    fn zone(&self) -> Load<TaxZoneById, Option<TaxZone>> {
        Load::<TaxZoneById, _>::of(self.0.zone_id, |row| row.map(TaxZone))
    }

    /// What it lies on; null is all that the zone has no rate of their own for.
    fn category(&self) -> Load<TaxCategoryById, Option<TaxCategory>> {
        TaxCategory::of(self.0.category_id)
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

connection!(TaxRateConnection, TaxRateEdge, TaxRate, "tax rates");

payload! {
    /// The answer of `taxRateCreate`.
    TaxRateCreatePayload {
        /// The new tax rate.
        tax_rate: TaxRate,
    }
}

payload! {
    /// The answer of `taxRateUpdate`.
    TaxRateUpdatePayload {
        /// The tax rate as it is now.
        tax_rate: TaxRate,
    }
}

payload! {
    /// The answer of `taxRateDelete`.
    TaxRateDeletePayload {
        /// The id of the deleted tax rate.
        deleted_tax_rate_id: TaxRateId,
    }
}
