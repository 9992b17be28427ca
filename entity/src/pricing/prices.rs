//! What one unit costs under some condition (rule M2 chooses among them).

use chrono::{DateTime, Utc};
use rules::currency::Currency;
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `prices`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "prices")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PriceId,
    /// The product.
    pub product_id: ProductId,
    /// The variant; none prices every variant of the product.
    pub variant_id: Option<ProductVariantId>,
    /// The segment of customers that it is for; none is everybody.
    pub segment_id: Option<SegmentId>,
    /// The currency of the amounts.
    pub currency: Currency,
    /// From how many units on it holds; at least 1.
    pub minimum_quantity: i32,
    /// The price of one unit in minor units.
    pub amount: i64,
    /// What it is compared with, in minor units.
    pub compare_at_amount: Option<i64>,
    /// From when it holds; [`ALWAYS`](super::ALWAYS) where it has no beginning.
    pub valid_from: DateTime<Utc>,
    /// Until when it holds, not included; none has no end.
    pub valid_to: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
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
    /// Its row of `product_variants`.
    #[sea_orm(
        belongs_to = "crate::catalog::product_variants::Entity",
        from = "(Column::StoreId, Column::ProductId, Column::VariantId)",
        to = "(crate::catalog::product_variants::Column::StoreId, crate::catalog::product_variants::Column::ProductId, crate::catalog::product_variants::Column::Id)"
    )]
    ProductVariants,
    /// Its row of `segments`.
    #[sea_orm(
        belongs_to = "crate::customers::segments::Entity",
        from = "(Column::StoreId, Column::SegmentId)",
        to = "(crate::customers::segments::Column::StoreId, crate::customers::segments::Column::Id)"
    )]
    Segments,
}

impl Related<crate::customers::segments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Segments.def()
    }
}

impl Related<crate::catalog::products::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Products.def()
    }
}

impl Related<crate::catalog::product_variants::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ProductVariants.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
