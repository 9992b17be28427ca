//! The goods of a profile. A product that has no row belongs to the default one.

use chrono::{DateTime, Utc};
use rules::ids::{ProductId, ShippingProfileId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `shipping_profile_products`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "shipping_profile_products")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// The profile.
    pub profile_id: ShippingProfileId,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
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
    /// Its row of `products`.
    #[sea_orm(
        belongs_to = "crate::catalog::products::Entity",
        from = "(Column::StoreId, Column::ProductId)",
        to = "(crate::catalog::products::Column::StoreId, crate::catalog::products::Column::Id)"
    )]
    Products,
}

impl Related<super::shipping_profiles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingProfiles.def()
    }
}

impl Related<crate::catalog::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
