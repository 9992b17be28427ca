//! What buyers have put together and not yet ordered.

use chrono::{DateTime, Utc};
use rules::Currency;
use rules::ids::{CartId, CustomerId, OrderId, StoreId};
use rules::states::CartState;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `carts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "carts")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CartId,
    /// Whether it can still be edited.
    pub state: CartState,
    /// Whose it is; none is a guest's, whom only a secret proves.
    pub customer_id: Option<CustomerId>,
    /// The one currency of all its amounts.
    pub currency: Currency,
    /// The buyer's e-mail address, as it was typed.
    pub email: Option<String>,
    /// The address as it is compared; set where `email` is.
    pub email_normalized: Option<String>,
    /// What the buyer wants the store to know.
    pub note: Option<String>,
    /// What the storefront keeps with it: a list of pairs of texts.
    #[sea_orm(column_type = "JsonBinary")]
    pub attributes: Json,
    /// Whether the customer's store credit is to be used.
    pub store_credit: bool,
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
    /// The order that it became; none before.
    pub order_id: Option<OrderId>,
    /// Since when it is being paid; none while it is not.
    pub locked_at: Option<DateTime<Utc>>,
    /// When it was first being paid: from then on there may be money on it, and it is kept.
    pub payment_started_at: Option<DateTime<Utc>>,
    /// When it was last edited.
    pub active_at: DateTime<Utc>,
    /// Since when it counts as left; none while it does not.
    pub abandoned_at: Option<DateTime<Utc>>,
    /// The first moment at which it is gone.
    pub expires_at: DateTime<Utc>,
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
    /// Its row of `customers`.
    #[sea_orm(
        belongs_to = "crate::customers::customers::Entity",
        from = "(Column::StoreId, Column::CustomerId)",
        to = "(crate::customers::customers::Column::StoreId, crate::customers::customers::Column::Id)"
    )]
    Customers,
    /// Its rows of `cart_lines`.
    #[sea_orm(has_many = "super::cart_lines::Entity")]
    CartLines,
    /// Its rows of `cart_tokens`.
    #[sea_orm(has_many = "super::cart_tokens::Entity")]
    CartTokens,
    /// Its rows of `cart_codes`.
    #[sea_orm(has_many = "super::cart_codes::Entity")]
    CartCodes,
    /// Its rows of `cart_gift_cards`.
    #[sea_orm(has_many = "super::cart_gift_cards::Entity")]
    CartGiftCards,
    /// Its rows of `cart_addresses`.
    #[sea_orm(has_many = "super::cart_addresses::Entity")]
    CartAddresses,
    /// Its rows of `cart_shipping_choices`.
    #[sea_orm(has_many = "super::cart_shipping_choices::Entity")]
    CartShippingChoices,
    /// Its rows of `cart_abandonments`.
    #[sea_orm(has_many = "super::cart_abandonments::Entity")]
    CartAbandonments,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<crate::customers::customers::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Customers.def()
    }
}

impl Related<super::cart_lines::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartLines.def()
    }
}

impl Related<super::cart_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartTokens.def()
    }
}

impl Related<super::cart_codes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartCodes.def()
    }
}

impl Related<super::cart_gift_cards::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartGiftCards.def()
    }
}

impl Related<super::cart_addresses::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartAddresses.def()
    }
}

impl Related<super::cart_shipping_choices::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartShippingChoices.def()
    }
}

impl Related<super::cart_abandonments::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CartAbandonments.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
