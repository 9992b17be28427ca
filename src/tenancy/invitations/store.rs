//! Every query and write of invitations.

use std::collections::{BTreeSet, HashMap};

use entity::tenancy::invitation_stores;
use entity::tenancy::invitations::{ActiveModel, Column, Entity, Model};
use rules::ids::{InvitationId, OrganizationId, StoreId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, Select};

use crate::identity::secret::Hash;
use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page::{self, Sort};
use crate::kernel::{OrganizationRows, OrganizationScope, PlatformScope, Result, Scope, Tx, db};

/// The organization's invitations: those that can still be accepted, or all.
pub fn list(scope: &OrganizationScope, open_at: Option<chrono::DateTime<chrono::Utc>>) -> Select<Entity> {
    let select = scope.find::<Entity>();
    match open_at {
        None => select,
        Some(now) => select
            .filter(Column::AcceptedAt.is_null())
            .filter(Column::RevokedAt.is_null())
            .filter(Column::ExpiresAt.gt(now)),
    }
}

pub fn sort() -> Sort {
    Sort { name: "invitations:id", key: None, id: Expr::col((Entity, Column::Id)), descending: true }
}

pub async fn find(scope: &OrganizationScope, id: InvitationId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &PlatformScope, ids: &[InvitationId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// Which organization an invitation belongs to.
pub async fn organization_of(scope: &PlatformScope, id: InvitationId) -> Result<Option<OrganizationId>> {
    let row = scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?;
    Ok(row.map(|row| row.organization_id))
}

pub async fn find_by_hash(scope: &PlatformScope, hash: &Hash) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::TokenHash.eq(hash.to_vec())).first(scope.conn()).await?)
}

pub async fn count_open(tx: &Tx<OrganizationScope>) -> Result<u64> {
    page::count(&**tx, list(tx, Some(tx.ctx().now()))).await
}

/// The stores that are offered, by invitation.
pub async fn reach(
    scope: &impl OrganizationRows,
    ids: &[InvitationId],
) -> Result<HashMap<InvitationId, BTreeSet<StoreId>>> {
    use invitation_stores::{Column, Entity};
    let ids = ids.iter().map(|id| id.0);
    let select = scope.rows::<Entity>().filter(db::any_of(scope.conn(), Column::InvitationId, ids));
    let mut found: HashMap<InvitationId, BTreeSet<StoreId>> = HashMap::new();
    for row in select.list(scope.conn()).await? {
        found.entry(row.invitation_id).or_default().insert(row.store_id);
    }
    Ok(found)
}

/// Closes what was offered to an address and ran out, so that it can be invited again.
pub async fn close_expired(tx: &Tx<OrganizationScope>, email_key: &str) -> Result<()> {
    let now = tx.ctx().now();
    let row = ActiveModel { revoked_at: Set(Some(now)), updated_at: Set(now), ..Default::default() };
    tx.update_many::<Entity>()
        .set(row)
        .filter(Column::EmailNormalized.eq(email_key))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::RevokedAt.is_null())
        .filter(Column::ExpiresAt.lte(now))
        .exec(tx.conn())
        .await?;
    Ok(())
}

pub async fn insert(tx: &Tx<OrganizationScope>, row: ActiveModel, stores: &BTreeSet<StoreId>) -> Result<Model> {
    let taken = taken("email_normalized", "email", "An invitation to this address is open: revoke it first.");
    let invitation = tx.insert::<Entity>(row).await.map_err(taken)?;
    let rows = stores.iter().map(|store| invitation_stores::ActiveModel {
        invitation_id: Set(invitation.id),
        store_id: Set(*store),
        ..Default::default()
    });
    tx.insert_many::<invitation_stores::Entity>(rows.collect()).await?;
    Ok(invitation)
}

/// Writes the outcome of an invitation that has none yet and has not run out, where that matters. `None`
/// where another was faster: of two who try at once, one gets it.
pub async fn close(
    tx: &Tx<OrganizationScope>,
    id: InvitationId,
    mut row: ActiveModel,
    only_in_time: bool,
) -> Result<Option<Model>> {
    let now = tx.ctx().now();
    row.updated_at = Set(now);
    let mut update = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(id))
        .filter(Column::AcceptedAt.is_null())
        .filter(Column::RevokedAt.is_null());
    if only_in_time {
        update = update.filter(Column::ExpiresAt.gt(now));
    }
    Ok(update.exec_with_returning(tx.conn()).await?.into_iter().next())
}
