//! What was done in a store and by whom; appended, never edited.

use chrono::{DateTime, Utc};
use rules::ids::{AuditLogId, StoreId};
use rules::states::ActorKind;
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `audit_logs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "audit_logs")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditLogId,
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
    /// Its row of `stores`.
    #[sea_orm(
        belongs_to = "crate::tenancy::stores::Entity",
        from = "Column::StoreId",
        to = "crate::tenancy::stores::Column::Id"
    )]
    Stores,
}

impl Related<crate::tenancy::stores::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Stores.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
