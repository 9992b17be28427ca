//! What a role allows.

use rules::ids::{OrganizationId, RoleId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `role_permissions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "role_permissions")]
pub struct Model {
    /// The organization that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// The role.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: RoleId,
    /// The permission's name, such as `PRODUCTS_MANAGE`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub permission: String,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `roles`.
    #[sea_orm(
        belongs_to = "super::roles::Entity",
        from = "(Column::OrganizationId, Column::RoleId)",
        to = "(super::roles::Column::OrganizationId, super::roles::Column::Id)"
    )]
    Roles,
}

impl Related<super::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Roles.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
