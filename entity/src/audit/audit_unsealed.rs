//! The lines of the audit log of a store that wait for their seal.

use rules::ids::{AuditLogId, StoreId};
use sea_orm::entity::prelude::*;

use crate::row::Row;

/// One row of `audit_unsealed`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Row)]
#[sea_orm(table_name = "audit_unsealed")]
pub struct Model {
    /// The store that the row belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub store_id: StoreId,
    /// The line.
    #[sea_orm(primary_key, auto_increment = false)]
    pub audit_log_id: AuditLogId,
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
