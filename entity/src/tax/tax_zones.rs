//! Places whose taxes are the same.

use chrono::{DateTime, Utc};
use rules::ids::{StoreId, TaxZoneId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `tax_zones`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "tax_zones")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaxZoneId,
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
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
    /// Its rows of `tax_zone_territories`.
    #[sea_orm(has_many = "super::tax_zone_territories::Entity")]
    TaxZoneTerritories,
    /// Its rows of `tax_rates`.
    #[sea_orm(has_many = "super::tax_rates::Entity")]
    TaxRates,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::tax_zone_territories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxZoneTerritories.def()
    }
}

impl Related<super::tax_rates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxRates.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
