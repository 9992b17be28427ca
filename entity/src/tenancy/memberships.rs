//! Users' places in organizations.

use chrono::{DateTime, Utc};
use rules::ids::{MembershipId, OrganizationId, RoleId, UserId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `memberships`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "memberships")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MembershipId,
    /// The organization that the row belongs to.
    pub organization_id: OrganizationId,
    /// The member.
    pub user_id: UserId,
    /// The key of a built-in role; none where `role_id` is set.
    pub built_in_role: Option<String>,
    /// A role of the organization's own; none where `built_in_role` is set.
    pub role_id: Option<RoleId>,
    /// Whether the membership reaches every store, also those to come.
    pub all_stores: bool,
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
    /// Its row of `organizations`.
    #[sea_orm(
        belongs_to = "super::organizations::Entity",
        from = "Column::OrganizationId",
        to = "super::organizations::Column::Id"
    )]
    Organizations,
    /// Its row of `users`.
    #[sea_orm(
        belongs_to = "crate::identity::users::Entity",
        from = "Column::UserId",
        to = "crate::identity::users::Column::Id"
    )]
    Users,
    /// Its row of `roles`.
    #[sea_orm(
        belongs_to = "super::roles::Entity",
        from = "(Column::OrganizationId, Column::RoleId)",
        to = "(super::roles::Column::OrganizationId, super::roles::Column::Id)"
    )]
    Roles,
    /// Its rows of `membership_stores`.
    #[sea_orm(has_many = "super::membership_stores::Entity")]
    MembershipStores,
    /// Its rows of `membership_permissions`.
    #[sea_orm(has_many = "super::membership_permissions::Entity")]
    MembershipPermissions,
}

impl Related<super::organizations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organizations.def()
    }
}

impl Related<crate::identity::users::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Users.def()
    }
}

impl Related<super::roles::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Roles.def()
    }
}

impl Related<super::membership_stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MembershipStores.def()
    }
}

impl Related<super::membership_permissions::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::MembershipPermissions.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
