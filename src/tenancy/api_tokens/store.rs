//! Every query and write of tokens.

use std::collections::HashMap;

use entity::tenancy::api_tokens::{ActiveModel, Column, Entity, Model};
use entity::tenancy::{api_token_networks, api_token_scopes};
use rules::ids::ApiTokenId;
use rules::permission::{Permission, PermissionSet};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, Select};

use crate::kernel::db::List;
use crate::kernel::page::{self, Sort};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

/// The store's tokens: those that were not revoked, or all.
pub fn list(scope: &StoreScope, include_revoked: bool) -> Select<Entity> {
    let select = scope.find::<Entity>();
    if include_revoked { select } else { select.filter(Column::RevokedAt.is_null()) }
}

pub fn sort() -> Sort {
    Sort { name: "api_tokens:id", key: None, id: Expr::col((Entity, Column::Id)), descending: true }
}

pub async fn find(scope: &StoreScope, id: ApiTokenId) -> Result<Option<Model>> {
    Ok(scope.find::<Entity>().filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[ApiTokenId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

pub async fn count_living(scope: &StoreScope) -> Result<u64> {
    page::count(scope, list(scope, false)).await
}

/// What tokens allow, by token.
pub async fn scopes(scope: &StoreScope, ids: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, PermissionSet>> {
    use api_token_scopes::{Column, Entity};
    let ids = ids.iter().map(|id| id.0);
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::ApiTokenId, ids));
    let mut found: HashMap<ApiTokenId, PermissionSet> = HashMap::new();
    for row in select.list(scope.conn()).await? {
        let set = found.entry(row.api_token_id).or_default();
        *set = *set | Permission::from_name(&row.permission).into_iter().collect();
    }
    Ok(found)
}

/// The networks that tokens may be used from, by token.
pub async fn networks(scope: &StoreScope, ids: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, Vec<String>>> {
    use api_token_networks::{Column, Entity};
    let ids = ids.iter().map(|id| id.0);
    let select =
        scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::ApiTokenId, ids)).order_by_asc(Column::Network);
    let mut found: HashMap<ApiTokenId, Vec<String>> = HashMap::new();
    for row in select.list(scope.conn()).await? {
        found.entry(row.api_token_id).or_default().push(row.network);
    }
    Ok(found)
}

pub async fn insert(
    tx: &Tx<StoreScope>,
    row: ActiveModel,
    scopes: PermissionSet,
    networks: &[String],
) -> Result<Model> {
    let token = tx.insert::<Entity>(row).await?;
    let rows = scopes.iter().map(|permission| api_token_scopes::ActiveModel {
        api_token_id: Set(token.id),
        permission: Set(permission.name().to_owned()),
        ..Default::default()
    });
    tx.insert_many::<api_token_scopes::Entity>(rows.collect()).await?;
    let rows = networks.iter().map(|network| api_token_networks::ActiveModel {
        api_token_id: Set(token.id),
        network: Set(network.clone()),
        ..Default::default()
    });
    tx.insert_many::<api_token_networks::Entity>(rows.collect()).await?;
    Ok(token)
}

/// Revokes a token; `None` where it was revoked before.
pub async fn revoke(tx: &Tx<StoreScope>, id: ApiTokenId) -> Result<Option<Model>> {
    let now = tx.ctx().now();
    let row = ActiveModel { revoked_at: Set(Some(now)), updated_at: Set(now), ..Default::default() };
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(id))
        .filter(Column::RevokedAt.is_null())
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}
