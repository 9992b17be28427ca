//! What one member may or may not do, beside the role.

use rules::ids::{MembershipId, OrganizationId};
use rules::states::PermissionEffect;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `membership_permissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "membership_permissions")]
pub struct Model {
    /// The organization that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// The membership.
    #[sea_orm(primary_key, auto_increment = false)]
    pub membership_id: MembershipId,
    /// The permission's name, such as `PRODUCTS_MANAGE`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub permission: String,
    /// Whether it is given or taken.
    pub effect: PermissionEffect,
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
}

impl Related<super::memberships::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Memberships.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
