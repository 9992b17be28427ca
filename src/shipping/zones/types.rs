//! How shipping zones look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::shipping::shipping_zones;
use rules::ids::ShippingZoneId;

use super::loaders::TerritoriesByShippingZone;
use crate::gate::directives::cost;
use crate::kernel::graph::{Load, object};
use crate::places::Territory;
use crate::shipping::profiles::{ShippingProfile, ShippingProfileById};
use crate::shipping::rates::{ShippingRate, ShippingRatesByZone};
use crate::{connection, payload};

/// Places that a profile's goods are shipped to alike.
#[derive(Clone)]
pub struct ShippingZone(pub Arc<shipping_zones::Model>);

impl From<shipping_zones::Model> for ShippingZone {
    fn from(row: shipping_zones::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Places that a profile's goods are shipped to alike. Of several zones of a profile that hold a place, the one that
/// describes it most closely counts: postal code before region, region before country, country before the rest of the world.
#[object]
impl ShippingZone {
    /// The shipping zone's id.
    fn id(&self) -> ShippingZoneId {
        self.0.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Where it is. At most 250.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn territories(&self) -> Load<TerritoriesByShippingZone, Vec<Territory>> {
        Load::<TerritoriesByShippingZone, _>::of(self.0.id, |territories| {
            territories.iter().cloned().map(Territory).collect()
        })
    }

    /// The profile whose goods are shipped there.
    fn profile(&self) -> Load<ShippingProfileById, Option<ShippingProfile>> {
        Load::<ShippingProfileById, _>::of(self.0.profile_id, |row| row.map(ShippingProfile))
    }

    /// The ways to ship there, the oldest first. At most 50.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn rates(&self) -> Load<ShippingRatesByZone, Vec<ShippingRate>> {
        Load::<ShippingRatesByZone, _>::of(self.0.id, |rates| rates.into_iter().map(ShippingRate).collect())
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

connection!(ShippingZoneConnection, ShippingZoneEdge, ShippingZone, "shipping zones");

payload! {
    /// The answer of `shippingZoneCreate`.
    ShippingZoneCreatePayload {
        /// The new shipping zone.
        shipping_zone: ShippingZone,
    }
}

payload! {
    /// The answer of `shippingZoneUpdate`.
    ShippingZoneUpdatePayload {
        /// The shipping zone as it is now.
        shipping_zone: ShippingZone,
    }
}

payload! {
    /// The answer of `shippingZoneDelete`.
    ShippingZoneDeletePayload {
        /// The id of the deleted shipping zone.
        deleted_shipping_zone_id: ShippingZoneId,
    }
}
