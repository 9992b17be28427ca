//! Offers of a membership, sent to e-mail addresses.

use chrono::{DateTime, Utc};
use rules::ids::{InvitationId, OrganizationId, RoleId, UserId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `invitations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// The organization that the row belongs to.
    pub organization_id: OrganizationId,
    /// The e-mail address as the inviter wrote it.
    pub email: String,
    /// The e-mail address folded for comparing; one open invitation each in an organization.
    pub email_normalized: String,
    /// The key of a built-in role; none where `role_id` is set.
    pub built_in_role: Option<String>,
    /// A role of the organization's own; none where `built_in_role` is set.
    pub role_id: Option<RoleId>,
    /// Whether the membership will reach every store.
    pub all_stores: bool,
    /// SHA-256 of the secret in the message.
    pub token_hash: Vec<u8>,
    /// Who invited.
    pub invited_by_user_id: UserId,
    /// Until when it can be accepted.
    pub expires_at: DateTime<Utc>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
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
        from = "Column::InvitedByUserId",
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
    /// Its rows of `invitation_stores`.
    #[sea_orm(has_many = "super::invitation_stores::Entity")]
    InvitationStores,
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

impl Related<super::invitation_stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::InvitationStores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
