//! Where a shipping zone is.

use rules::ids::{ShippingProfileId, ShippingZoneId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `shipping_zone_territories`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "shipping_zone_territories")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub zone_id: ShippingZoneId,
    /// The place among the zone's territories, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// The zone's profile.
    pub profile_id: ShippingProfileId,
    /// The ISO 3166 code of the country; none is the rest of the world.
    pub country: Option<String>,
    /// The region inside the country, as ISO 3166-2 has it behind the hyphen; none is all of it.
    pub region: Option<String>,
    /// The first postal code, letters and digits only; none is all of them.
    pub postal_from: Option<String>,
    /// The last postal code; set where `postal_from` is.
    pub postal_to: Option<String>,
    /// All of it in one text, by which no two zones have the same.
    pub claim: String,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `shipping_zones`.
    #[sea_orm(
        belongs_to = "super::shipping_zones::Entity",
        from = "(Column::StoreId, Column::ProfileId, Column::ZoneId)",
        to = "(super::shipping_zones::Column::StoreId, super::shipping_zones::Column::ProfileId, super::shipping_zones::Column::Id)"
    )]
    ShippingZones,
}

impl Related<super::shipping_zones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingZones.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
