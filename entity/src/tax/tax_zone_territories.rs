//! Where a tax zone is.

use rules::ids::{StoreId, TaxZoneId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `tax_zone_territories`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "tax_zone_territories")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub zone_id: TaxZoneId,
    /// The place among the zone's territories, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
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
    /// Its row of `tax_zones`.
    #[sea_orm(
        belongs_to = "super::tax_zones::Entity",
        from = "(Column::StoreId, Column::ZoneId)",
        to = "(super::tax_zones::Column::StoreId, super::tax_zones::Column::Id)"
    )]
    TaxZones,
}

impl Related<super::tax_zones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxZones.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
