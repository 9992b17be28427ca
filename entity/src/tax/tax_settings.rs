//! How a store is taxed beside its zones and rates. A store without a row has the defaults.

use chrono::{DateTime, Utc};
use rules::ids::{StoreId, TaxCategoryId};
use rules::states::{ShippingTaxKind, TaxFailurePolicy};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `tax_settings`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "tax_settings")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The ISO 3166 code of the country that the store is in; none is the one that it sells from.
    pub origin_country: Option<String>,
    /// The region that it is in.
    pub origin_region: Option<String>,
    /// The postal code that it is at.
    pub origin_postal_code: Option<String>,
    /// By what shipping is taxed.
    pub shipping_tax: ShippingTaxKind,
    /// The category that shipping is taxed by; none is the ordinary one.
    pub shipping_category_id: Option<TaxCategoryId>,
    /// Who works the taxes out; none is the store's own rates.
    pub provider: Option<String>,
    /// What becomes of a sale while the provider gives no taxes.
    pub on_provider_failure: TaxFailurePolicy,
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
    /// Its row of `tax_categories`.
    #[sea_orm(
        belongs_to = "super::tax_categories::Entity",
        from = "(Column::StoreId, Column::ShippingCategoryId)",
        to = "(super::tax_categories::Column::StoreId, super::tax_categories::Column::Id)"
    )]
    TaxCategories,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<super::tax_categories::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::TaxCategories.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
