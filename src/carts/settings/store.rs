//! Every query and write of cart settings.

use chrono::TimeDelta;
use entity::carts::cart_settings::{Column, Entity, Model};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter};

use super::Settings;
use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx};

/// How the store treats carts.
///
/// # Errors
/// What the database says.
pub async fn find(scope: &StoreScope) -> Result<Settings> {
    Ok(find_row(scope).await?.as_ref().map(settings).unwrap_or_default())
}

/// The stored row; none where nothing was ever set.
pub async fn find_row(scope: &StoreScope) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().first(scope.conn()).await?)
}

/// What a row says.
pub fn settings(row: &Model) -> Settings {
    Settings { abandoned_after: TimeDelta::minutes(i64::from(row.abandoned_after_minutes)), version: row.version }
}

/// Writes settings over those that were read. False where somebody else was faster.
pub async fn save(tx: &Tx<StoreScope>, before: Option<&Model>, settings: &Settings) -> Result<bool> {
    let now = tx.ctx().now();
    let row = Model {
        store_id: tx.id(),
        abandoned_after_minutes: i32::try_from(settings.abandoned_after.num_minutes()).map_err(Error::internal)?,
        version: settings.version,
        created_at: before.map_or(now, |before| before.created_at),
        updated_at: now,
    };
    let Some(before) = before else {
        return match tx.insert::<Entity>(row.into_active_model()).await {
            Ok(_) => Ok(true),
            Err(error) => match Violation::of(&error) {
                Some(violation) if violation.kind == ViolationKind::Unique => Err(Error::Retry),
                _ => Err(error.into()),
            },
        };
    };
    let mut row = row.into_active_model().reset_all();
    row.store_id = Set(tx.id());
    let update = tx.update_many::<Entity>().set(row).filter(Column::Version.eq(before.version));
    Ok(update.exec(tx.conn()).await?.rows_affected == 1)
}
