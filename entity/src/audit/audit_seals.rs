//! What closes the audit log of a store, line by line; appended, never edited.

use rules::ids::{AuditLogId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `audit_seals`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "audit_seals")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The place in the chain, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i64,
    /// The line that is sealed.
    pub audit_log_id: AuditLogId,
    /// Which key sealed it.
    pub key_id: Vec<u8>,
    /// What was signed: the place, the line, and the seal before it.
    pub seal: Vec<u8>,
}

/// Where its foreign keys lead, and from where they come.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Its row of `audit_logs`.
    #[sea_orm(
        belongs_to = "super::audit_logs::Entity",
        from = "(Column::StoreId, Column::AuditLogId)",
        to = "(super::audit_logs::Column::StoreId, super::audit_logs::Column::Id)"
    )]
    AuditLogs,
}

impl Related<super::audit_logs::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AuditLogs.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
