//! How tax zones look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::tax::tax_zones;
use rules::ids::TaxZoneId;

use super::loaders::TerritoriesByTaxZone;
use crate::gate::directives::cost;
use crate::kernel::graph::{Load, object};
use crate::places::Territory;
use crate::tax::rates::{TaxRate, TaxRatesByZone};
use crate::{connection, payload};

/// Places whose taxes are the same.
#[derive(Clone)]
pub struct TaxZone(pub Arc<tax_zones::Model>);

impl From<tax_zones::Model> for TaxZone {
    fn from(row: tax_zones::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Places whose taxes are the same. Of several zones that hold a place, the one that describes it most closely
/// counts: postal code before region, region before country, country before the rest of the world.
#[object]
impl TaxZone {
    /// The tax zone's id.
    fn id(&self) -> TaxZoneId {
        self.0.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it is. At most 250.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn territories(&self) -> Load<TerritoriesByTaxZone, Vec<Territory>> {
        Load::<TerritoriesByTaxZone, _>::of(self.0.id, |territories| {
            territories.iter().cloned().map(Territory).collect()
        })
    }

    /// What lies on goods there, the oldest first. At most 100.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn rates(&self) -> Load<TaxRatesByZone, Vec<TaxRate>> {
        Load::<TaxRatesByZone, _>::of(self.0.id, |rates| rates.into_iter().map(TaxRate).collect())
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

connection!(TaxZoneConnection, TaxZoneEdge, TaxZone, "tax zones");

payload! {
    /// The answer of `taxZoneCreate`.
    TaxZoneCreatePayload {
        /// The new tax zone.
        tax_zone: TaxZone,
    }
}

payload! {
    /// The answer of `taxZoneUpdate`.
    TaxZoneUpdatePayload {
        /// The tax zone as it is now.
        tax_zone: TaxZone,
    }
}

payload! {
    /// The answer of `taxZoneDelete`.
    TaxZoneDeletePayload {
        /// The id of the deleted tax zone.
        deleted_tax_zone_id: TaxZoneId,
    }
}
