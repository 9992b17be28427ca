//! By which rate the goods of each profile in a cart are shipped.

use chrono::{DateTime, Utc};
use rules::ids::{CartId, ShippingProfileId, ShippingRateId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `cart_shipping_choices`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "cart_shipping_choices")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The cart.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cart_id: CartId,
    /// The profile.
    #[sea_orm(primary_key, auto_increment = false)]
    pub profile_id: ShippingProfileId,
    /// The rate; it may be gone since.
    pub rate_id: ShippingRateId,
    /// When it was chosen.
    pub created_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `carts`.
    #[sea_orm(
        belongs_to = "super::carts::Entity",
        from = "(Column::StoreId, Column::CartId)",
        to = "(super::carts::Column::StoreId, super::carts::Column::Id)"
    )]
    Carts,
}

impl Related<super::carts::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Carts.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
