//! What was ordered, as it was then.

use rules::ids::{OrderId, OrderLineId, ProductId, ProductVariantId, PromotionId, StoreId};
use rules::states::OrderLineKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_lines`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderLineId,
    /// The order.
    pub order_id: OrderId,
    /// Its place, from 0.
    pub position: i32,
    /// Where it comes from.
    pub kind: OrderLineKind,
    /// The variant; it may be gone by now. None for what staff made up.
    pub variant_id: Option<ProductVariantId>,
    /// The product of the variant.
    pub product_id: Option<ProductId>,
    /// The promotion that gives it; none for what was bought.
    pub promotion_id: Option<PromotionId>,
    /// What it was called.
    pub title: String,
    /// Which version of it.
    pub variant_title: Option<String>,
    /// Its stock number.
    pub sku: Option<String>,
    /// Its options: a list of names with their values.
    #[sea_orm(column_type = "JsonBinary")]
    pub options: Json,
    /// Its picture.
    pub image_url: Option<String>,
    /// Whether it is shipped.
    pub requires_shipping: bool,
    /// How many.
    pub quantity: i64,
    /// What one costs before discounts, in minor units.
    pub unit_price: i64,
    /// What all cost before discounts, in minor units of the order's currency, as every amount here.
    pub price: i64,
    /// What is off.
    pub discount: i64,
    /// What is left, in the order's tax mode.
    pub amount: i64,
    /// The same without tax.
    pub net: i64,
    /// All taxes on it.
    pub tax: i64,
    /// Net and tax.
    pub gross: i64,
    /// The tax that was inside the price and is taken off for who pays none.
    pub tax_exempted: i64,
    /// Each tax on it, as the rules write it.
    #[sea_orm(column_type = "JsonBinary")]
    pub taxes: Json,
    /// A list of pairs of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
    /// How many were sent.
    pub fulfilled: i64,
    /// How many of these came back.
    pub returned: i64,
    /// How many are on their way back, or asked to be.
    pub returning: i64,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `orders`.
    #[sea_orm(
        belongs_to = "super::orders::Entity",
        from = "(Column::StoreId, Column::OrderId)",
        to = "(super::orders::Column::StoreId, super::orders::Column::Id)"
    )]
    Orders,
}

impl Related<super::orders::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Orders.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
