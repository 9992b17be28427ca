//! The stores that a membership reaches, where it does not reach them all.

use rules::ids::{MembershipId, OrganizationId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `membership_stores`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "membership_stores")]
pub struct Model {
    /// The organization that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// The membership.
    #[sea_orm(primary_key, auto_increment = false)]
    pub membership_id: MembershipId,
    /// A store that it reaches.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `memberships`.
    #[sea_orm(
        belongs_to = "super::memberships::Entity",
        from = "(Column::OrganizationId, Column::MembershipId)",
        to = "(super::memberships::Column::OrganizationId, super::memberships::Column::Id)"
    )]
    Memberships,
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "super::stores::Entity",
        from = "(Column::OrganizationId, Column::StoreId)",
        to = "(super::stores::Column::OrganizationId, super::stores::Column::Id)"
    )]
    Stores,
}

impl Related<super::memberships::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Memberships.def()
    }
}

impl Related<super::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
