//! The networks that a token may be used from; any, where it has none.

use rules::ids::{ApiTokenId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `api_token_networks`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "api_token_networks")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub api_token_id: ApiTokenId,
    /// The network in CIDR form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub network: String,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `api_tokens`.
    #[sea_orm(
        belongs_to = "super::api_tokens::Entity",
        from = "(Column::StoreId, Column::ApiTokenId)",
        to = "(super::api_tokens::Column::StoreId, super::api_tokens::Column::Id)"
    )]
    ApiTokens,
}

impl Related<super::api_tokens::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApiTokens.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
