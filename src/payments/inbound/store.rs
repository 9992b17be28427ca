//! Every query and write of webhooks that came in.

use std::sync::Arc;

use entity::payments::inbound_webhooks;
use entity::row::Columns;
use rules::ids::{PaymentProviderId, StoreId};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, IntoActiveModel, QueryFilter, Statement};

use crate::kernel::db::{List, Mode, Role};
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::{Error, Result, Scope, StoreScope, System, Tx};

/// Whose provider it is: the one thing that is asked before the store is known. The platform's role sees no more of
/// it than that.
///
/// # Errors
/// `Busy` where no connection is free.
pub async fn store_of(system: &Arc<System>, id: PaymentProviderId) -> Result<Option<StoreId>> {
    let conn = system.db.begin(Mode::Read, Role::Platform, None, Arc::default()).await?;
    let sql = "SELECT store_id FROM payment_provider_configs WHERE id = $1";
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, [id.0.into()]);
    let found = conn.lines(statement, |line| line.column::<StoreId>(0, "store_id")).await;
    conn.rollback().await;
    Ok(found?.into_iter().next())
}

/// Whether an event was heard of before.
pub async fn is_known(scope: &StoreScope, provider: PaymentProviderId, event: &str) -> Result<bool> {
    use inbound_webhooks::Column;
    let select = scope.find::<inbound_webhooks::Entity>().filter(Column::ProviderId.eq(provider));
    Ok(select.filter(Column::EventId.eq(event)).first(scope.conn()).await?.is_some())
}

/// Keeps an event.
///
/// # Errors
/// `Retry` where the same event is kept at this moment.
pub async fn insert(tx: &Tx<StoreScope>, row: inbound_webhooks::Model) -> Result<inbound_webhooks::Model> {
    let written = tx.insert::<inbound_webhooks::Entity>(row.into_active_model().reset_all()).await;
    written.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}
