//! What led buyers to their orders.

use rules::ids::{OrderId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `order_attributions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "order_attributions")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    /// Which site sent the buyer, as the link says.
    pub utm_source: Option<String>,
    /// By which medium.
    pub utm_medium: Option<String>,
    /// By which campaign.
    pub utm_campaign: Option<String>,
    /// For which words.
    pub utm_term: Option<String>,
    /// By which of several links.
    pub utm_content: Option<String>,
    /// The page that the buyer came from.
    pub referrer: Option<String>,
    /// The page that the buyer came to first.
    pub landing_page: Option<String>,
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
