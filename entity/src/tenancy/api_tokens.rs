//! Tokens of partners' integrations and of storefronts.

use chrono::{DateTime, Utc};
use rules::ids::{ApiTokenId, OrganizationId, StoreId, UserId};
use rules::states::TokenKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `api_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiTokenId,
    /// The organization that the row belongs to.
    pub organization_id: OrganizationId,
    /// The store that the row belongs to.
    pub store_id: StoreId,
    /// What it is for.
    pub kind: TokenKind,
    /// The name to show.
    pub name: String,
    /// How the secret begins, up to the part that is random.
    pub prefix: String,
    /// How the secret ends, to know it by.
    pub last_four: String,
    /// SHA-256 of the secret.
    pub token_hash: Vec<u8>,
    /// Who made it; none where it was made from the shell.
    pub created_by_user_id: Option<UserId>,
    /// Until when it is good; none for always.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last seen, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was taken away.
    pub revoked_at: Option<DateTime<Utc>>,
    /// The database transaction of its last write, which a replica must have seen.
    pub last_write_xid: Option<i64>,
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
        belongs_to = "super::stores::Entity",
        from = "(Column::OrganizationId, Column::StoreId)",
        to = "(super::stores::Column::OrganizationId, super::stores::Column::Id)"
    )]
    Stores,
    /// Its row of `users`.
    #[sea_orm(
        belongs_to = "crate::identity::users::Entity",
        from = "Column::CreatedByUserId",
        to = "crate::identity::users::Column::Id"
    )]
    Users,
    /// Its rows of `api_token_scopes`.
    #[sea_orm(has_many = "super::api_token_scopes::Entity")]
    ApiTokenScopes,
    /// Its rows of `api_token_networks`.
    #[sea_orm(has_many = "super::api_token_networks::Entity")]
    ApiTokenNetworks,
}

impl Related<super::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl Related<crate::identity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Users.def()
    }
}

impl Related<super::api_token_scopes::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApiTokenScopes.def()
    }
}

impl Related<super::api_token_networks::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::ApiTokenNetworks.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
