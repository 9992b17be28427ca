//! What a rate costs, step by step in each currency.

use rules::currency::Currency;
use rules::ids::{ShippingRateId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `shipping_rate_prices`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "shipping_rate_prices")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The rate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rate_id: ShippingRateId,
    /// The currency of the amounts.
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: Currency,
    /// Where the step is: the most grams, the least amount in minor units, or 0 where it always costs the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub threshold: i64,
    /// What it costs, in minor units.
    pub amount: i64,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `shipping_rates`.
    #[sea_orm(
        belongs_to = "super::shipping_rates::Entity",
        from = "(Column::StoreId, Column::RateId)",
        to = "(super::shipping_rates::Column::StoreId, super::shipping_rates::Column::Id)"
    )]
    ShippingRates,
}

impl Related<super::shipping_rates::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ShippingRates.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
