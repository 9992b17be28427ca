//! Goods that are shipped alike.

use chrono::{DateTime, Utc};
use rules::ids::{ShippingProfileId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `shipping_profiles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "shipping_profiles")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShippingProfileId,
    /// The name to show.
    pub name: String,
    /// The name folded for comparing; unique in the store.
    pub name_normalized: String,
    /// Whether goods that are put into no other belong to it.
    pub is_default: bool,
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
    /// Its rows of `shipping_zones`.
    #[sea_orm(has_many = "super::shipping_zones::Entity")]
    ShippingZones,
    /// Its rows of `shipping_profile_products`.
    #[sea_orm(has_many = "super::shipping_profile_products::Entity")]
    ShippingProfileProducts,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::shipping_zones::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingZones.def()
    }
}

impl Related<super::shipping_profile_products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingProfileProducts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
