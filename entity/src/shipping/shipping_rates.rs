//! Ways to ship to a zone.

use chrono::{DateTime, Utc};
use rules::ids::{LocationId, ShippingRateId, ShippingZoneId, StoreId};
use rules::states::ShippingPricing;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `shipping_rates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "shipping_rates")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShippingRateId,
    /// The zone.
    pub zone_id: ShippingZoneId,
    /// What buyers see it called; unique in the zone.
    pub name: String,
    /// What its prices go by.
    pub pricing: ShippingPricing,
    /// The least that the goods weigh; none is nothing.
    pub min_grams: Option<i64>,
    /// The most that the goods weigh; none is no end.
    pub max_grams: Option<i64>,
    /// Where the buyer fetches the goods; none where they are sent.
    pub pickup_location_id: Option<LocationId>,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `shipping_zones`.
    #[sea_orm(
        belongs_to = "super::shipping_zones::Entity",
        from = "(Column::StoreId, Column::ZoneId)",
        to = "(super::shipping_zones::Column::StoreId, super::shipping_zones::Column::Id)"
    )]
    ShippingZones,
    /// Its row of `locations`.
    #[sea_orm(
        belongs_to = "crate::inventory::locations::Entity",
        from = "(Column::StoreId, Column::PickupLocationId)",
        to = "(crate::inventory::locations::Column::StoreId, crate::inventory::locations::Column::Id)"
    )]
    Locations,
    /// Its rows of `shipping_rate_prices`.
    #[sea_orm(has_many = "super::shipping_rate_prices::Entity")]
    ShippingRatePrices,
    /// Its rows of `shipping_rate_free_from`.
    #[sea_orm(has_many = "super::shipping_rate_free_from::Entity")]
    ShippingRateFreeFrom,
}

impl Related<super::shipping_zones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingZones.def()
    }
}

impl Related<crate::inventory::locations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Locations.def()
    }
}

impl Related<super::shipping_rate_prices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingRatePrices.def()
    }
}

impl Related<super::shipping_rate_free_from::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingRateFreeFrom.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
