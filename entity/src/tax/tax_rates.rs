//! What taxes lie on goods in a zone.

use chrono::{DateTime, Utc};
use rules::ids::{StoreId, TaxCategoryId, TaxRateId, TaxZoneId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `tax_rates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "tax_rates")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TaxRateId,
    /// Where it is raised.
    pub zone_id: TaxZoneId,
    /// What it lies on; none is all that the zone has no rate of their own for.
    pub category_id: Option<TaxCategoryId>,
    /// What it is called on an invoice; unique in the zone and category.
    pub name: String,
    /// The millionths of the net that it is: 190000 is 19 per cent.
    pub rate_millionths: i64,
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
    /// Its row of `tax_zones`.
    #[sea_orm(
        belongs_to = "super::tax_zones::Entity",
        from = "(Column::StoreId, Column::ZoneId)",
        to = "(super::tax_zones::Column::StoreId, super::tax_zones::Column::Id)"
    )]
    TaxZones,
    /// Its row of `tax_categories`.
    #[sea_orm(
        belongs_to = "super::tax_categories::Entity",
        from = "(Column::StoreId, Column::CategoryId)",
        to = "(super::tax_categories::Column::StoreId, super::tax_categories::Column::Id)"
    )]
    TaxCategories,
}

impl Related<super::tax_zones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxZones.def()
    }
}

impl Related<super::tax_categories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxCategories.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
