//! The stores that an offered membership will reach.

use rules::ids::{InvitationId, OrganizationId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `invitation_stores`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "invitation_stores")]
pub struct Model {
    /// The organization that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// The invitation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub invitation_id: InvitationId,
    /// A store that the membership will reach.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `invitations`.
    #[sea_orm(
        belongs_to = "super::invitations::Entity",
        from = "(Column::OrganizationId, Column::InvitationId)",
        to = "(super::invitations::Column::OrganizationId, super::invitations::Column::Id)"
    )]
    Invitations,
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "super::stores::Entity",
        from = "(Column::OrganizationId, Column::StoreId)",
        to = "(super::stores::Column::OrganizationId, super::stores::Column::Id)"
    )]
    Stores,
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
