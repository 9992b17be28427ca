//! The lowest and highest price of a product over a time, to filter and sort by.

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{CategoryId, ProductId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `product_price_ranges`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "product_price_ranges")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The product.
    #[sea_orm(primary_key, auto_increment = false)]
    pub product_id: ProductId,
    /// The currency of the amounts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: Currency,
    /// From when it holds; [`ALWAYS`](super::ALWAYS) where it has no beginning.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: DateTime<Utc>,
    /// Until when it holds, not included; none has no end.
    pub valid_to: Option<DateTime<Utc>>,
    /// The price of the cheapest variant in minor units.
    pub min_amount: i64,
    /// The price of the dearest variant in minor units.
    pub max_amount: i64,
    /// The product's category: what pages of a category by price are read by.
    pub category_id: Option<CategoryId>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `products`.
    #[sea_orm(
        belongs_to = "crate::catalog::products::Entity",
        from = "(Column::StoreId, Column::ProductId)",
        to = "(crate::catalog::products::Column::StoreId, crate::catalog::products::Column::Id)"
    )]
    Products,
}

impl Related<crate::catalog::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
