//! What was done in an organization and by whom; appended, never edited.

use chrono::{DateTime, Utc};
use rules::ids::{AuditLogId, OrganizationId};
use rules::states::ActorKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `organization_audit_logs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "organization_audit_logs")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditLogId,
    /// The organization that the row belongs to.
    pub organization_id: OrganizationId,
    /// What kind of caller did it.
    pub actor_kind: ActorKind,
    /// The typed id of the caller, where it has one.
    pub actor_id: Option<String>,
    /// What was done, such as `PRODUCT_UPDATE`.
    pub action: String,
    /// What kind of thing it was done to, such as `product`.
    pub subject_type: String,
    /// The typed id of that thing, where there is one.
    pub subject_id: Option<String>,
    /// What was changed, as it stood before.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub before: Option<Json>,
    /// What was changed, as it stood afterwards.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub after: Option<Json>,
    /// The request that did it.
    pub request_id: String,
    /// When the row was made.
    pub created_at: DateTime<Utc>,
    /// Which key signed it.
    pub key_id: Vec<u8>,
    /// What the server signed it with: all the other columns.
    pub signature: Vec<u8>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `organizations`.
    #[sea_orm(
        belongs_to = "crate::tenancy::organizations::Entity",
        from = "Column::OrganizationId",
        to = "crate::tenancy::organizations::Column::Id"
    )]
    Organizations,
}

impl Related<crate::tenancy::organizations::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Organizations.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
