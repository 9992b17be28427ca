//! Every query and write of organizations.

use entity::tenancy::memberships;
use entity::tenancy::organizations::{ActiveModel, Column, Entity, Model};
use rules::ids::{OrganizationId, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::error::taken;
use crate::kernel::page::Sort;
use crate::kernel::{AccountScope, Ctx, Error, OrganizationScope, PlatformScope, Result, Scope, Tx, db};

const TAKEN: &str = "Another organization has this handle: choose a different one.";

/// The living organizations that a person belongs to.
pub fn list_of_user(scope: &PlatformScope, account: &AccountScope) -> Select<Entity> {
    let own =
        account.find::<memberships::Entity>().select_only().column(memberships::Column::OrganizationId).into_query();
    scope.find::<Entity>().filter(Column::Id.in_subquery(own)).filter(Column::DeletedAt.is_null())
}

pub fn sort() -> Sort {
    Sort { name: "organizations:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn find_living(scope: &OrganizationScope) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::DeletedAt.is_null()).first(scope.conn()).await?)
}

/// The names of some organizations of the platform: enough to tell whether a database is empty.
///
/// # Errors
/// What the database says.
pub async fn list_names(ctx: &Ctx) -> Result<Vec<String>> {
    let scope = ctx.platform().await?;
    let names = scope.find::<Entity>().select_only().column(Column::Name).limit(100);
    let names: Vec<(String,)> = names.tuples(scope.conn()).await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

pub async fn list_by_ids(scope: &PlatformScope, ids: &[OrganizationId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Reads the organization and holds its row until the commit: of two who come here for the same
/// organization, the second waits, and then reads what the first wrote. The first step of every write
/// that touches rights.
pub async fn lock(tx: &Tx<OrganizationScope>) -> Result<Model> {
    let select = tx.find::<Entity>().filter(Column::DeletedAt.is_null()).lock(LockType::NoKeyUpdate);
    let row = select.first(tx.conn()).await?.ok_or(Error::NotFound)?;
    if row.suspended_at.is_some() {
        return Err(Error::Refused("This organization is suspended."));
    }
    Ok(row)
}

pub async fn insert(tx: &Tx<OrganizationScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(taken("handle", "handle", TAKEN))
}

/// The first member: the one who created the organization.
pub async fn insert_owner(
    tx: &Tx<OrganizationScope>,
    owner: UserId,
    mut row: memberships::ActiveModel,
) -> Result<memberships::Model> {
    row.user_id = Set(owner);
    Ok(tx.insert::<memberships::Entity>(row).await?)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<OrganizationScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(taken("handle", "handle", TAKEN))?;
    Ok(rows.into_iter().next())
}
