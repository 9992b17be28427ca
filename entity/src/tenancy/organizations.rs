//! Owners of stores.

use chrono::{DateTime, Utc};
use rules::ids::OrganizationId;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `organizations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "organizations")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// The name to show.
    pub name: String,
    /// The short name in addresses; unique among organizations that are not deleted.
    pub handle: String,
    /// Since when the platform keeps the organization out.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Goes up by one with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// When the row last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; none while it lives.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its rows of `roles`.
    #[sea_orm(has_many = "super::roles::Entity")]
    Roles,
    /// Its rows of `memberships`.
    #[sea_orm(has_many = "super::memberships::Entity")]
    Memberships,
    /// Its rows of `invitations`.
    #[sea_orm(has_many = "super::invitations::Entity")]
    Invitations,
    /// Its rows of `stores`.
    #[sea_orm(has_many = "super::stores::Entity")]
    Stores,
}

impl Related<super::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Roles.def()
    }
}

impl Related<super::memberships::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Memberships.def()
    }
}

impl Related<super::invitations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Invitations.def()
    }
}

impl Related<super::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
