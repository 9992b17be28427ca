//! Places that a profile's goods are shipped to alike.

use chrono::{DateTime, Utc};
use rules::ids::{ShippingProfileId, ShippingZoneId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `shipping_zones`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "shipping_zones")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShippingZoneId,
    /// The profile.
    pub profile_id: ShippingProfileId,
    /// The name to show.
    pub name: String,
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
    /// Its row of `shipping_profiles`.
    #[sea_orm(
        belongs_to = "super::shipping_profiles::Entity",
        from = "(Column::StoreId, Column::ProfileId)",
        to = "(super::shipping_profiles::Column::StoreId, super::shipping_profiles::Column::Id)"
    )]
    ShippingProfiles,
    /// Its rows of `shipping_zone_territories`.
    #[sea_orm(has_many = "super::shipping_zone_territories::Entity")]
    ShippingZoneTerritories,
    /// Its rows of `shipping_rates`.
    #[sea_orm(has_many = "super::shipping_rates::Entity")]
    ShippingRates,
}

impl Related<super::shipping_profiles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingProfiles.def()
    }
}

impl Related<super::shipping_zone_territories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingZoneTerritories.def()
    }
}

impl Related<super::shipping_rates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingRates.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
