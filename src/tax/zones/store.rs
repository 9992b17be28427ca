//! Every query and write of tax zones and of where they are.

use std::collections::HashMap;

use entity::tax::tax_zone_territories as territories;
use entity::tax::tax_zones::{ActiveModel, Column, Entity, Model};
use rules::ids::TaxZoneId;
use rules::place::Territory;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::kernel::db::{List, Tuples};
use crate::kernel::error::{Error, Violation, ViolationKind};
use crate::kernel::page::{self, Sort};
use crate::kernel::{Result, Scope, StoreScope, Tx, db};
use crate::places;

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>()
}

/// In the order in which they were created.
pub fn sort() -> Sort {
    Sort { name: "tax_zones:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn find(scope: &StoreScope, id: TaxZoneId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// A zone that stays until the end of the transaction: for those who put a rate into it.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &Tx<StoreScope>, id: TaxZoneId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// A zone that nobody else holds, nor may until the end of the transaction.
pub async fn hold_against_all(tx: &Tx<StoreScope>, id: TaxZoneId) -> Result<Option<Model>> {
    Ok(list(tx).filter(Column::Id.eq(id)).lock(LockType::Update).first(tx.conn()).await?)
}

pub async fn count(scope: &StoreScope) -> Result<u64> {
    page::count(scope, list(scope)).await
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[TaxZoneId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    Ok(tx.insert::<Entity>(row).await?)
}

/// Writes the set columns, if the row still has the version that was read. `None` where it has moved on.
pub async fn update(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Option<Model>> {
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await?;
    Ok(rows.into_iter().next())
}

/// Deletes a zone; its territories go with it.
pub async fn delete(tx: &Tx<StoreScope>, id: TaxZoneId) -> Result<()> {
    tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}

// --- where they are ----------------------------------------------------------------------------

fn gather(rows: Vec<territories::Model>) -> HashMap<TaxZoneId, Vec<Territory>> {
    let mut zones: HashMap<TaxZoneId, Vec<_>> = HashMap::new();
    for row in rows {
        zones.entry(row.zone_id).or_default().push((row.country, row.region, row.postal_from.zip(row.postal_to)));
    }
    zones.into_iter().map(|(zone, rows)| (zone, places::gather(rows))).collect()
}

/// The territories of zones, in their order.
pub async fn list_territories(scope: &StoreScope, zones: &[TaxZoneId]) -> Result<HashMap<TaxZoneId, Vec<Territory>>> {
    use territories::Column;
    let of_zones = db::any_of(scope.conn(), Column::ZoneId, zones.iter().map(|id| id.0));
    let select = scope.find::<territories::Entity>().filter(of_zones);
    let select = select.order_by_asc(Column::ZoneId).order_by_asc(Column::Position);
    Ok(gather(select.list(scope.conn()).await?))
}

/// The zones that have something of a country, or the rest of the world: those of their territories that a
/// place in the country can lie in.
///
/// # Errors
/// What the database says.
pub async fn list_of_country(scope: &StoreScope, country: &str) -> Result<HashMap<TaxZoneId, Vec<Territory>>> {
    use territories::Column;
    let there = Condition::any().add(Column::Country.eq(country)).add(Column::Country.is_null());
    let select = scope.find::<territories::Entity>().filter(there);
    let select = select.order_by_asc(Column::ZoneId).order_by_asc(Column::Position);
    Ok(gather(select.list(scope.conn()).await?))
}

/// Those of the claims that another zone has.
pub async fn list_taken(scope: &StoreScope, own: Option<TaxZoneId>, claims: &[String]) -> Result<Vec<String>> {
    use territories::Column;
    let mut select = scope.find::<territories::Entity>().filter(Column::Claim.is_in(claims));
    if let Some(own) = own {
        select = select.filter(Column::ZoneId.ne(own));
    }
    let claims: Vec<(String,)> = select.select_only().column(Column::Claim).tuples(scope.conn()).await?;
    Ok(claims.into_iter().map(|(claim,)| claim).collect())
}

/// A territory that somebody else took at the same moment sends the action round again.
pub async fn insert_territories(tx: &Tx<StoreScope>, zone: TaxZoneId, list: &[Territory]) -> Result<()> {
    let rows = places::rows(list).map(|row| {
        let (postal_from, postal_to) = row.postal_codes.unzip();
        territories::ActiveModel {
            zone_id: Set(zone),
            position: Set(row.position),
            country: Set(row.country),
            region: Set(row.region),
            postal_from: Set(postal_from),
            postal_to: Set(postal_to),
            claim: Set(row.claim),
            ..Default::default()
        }
    });
    tx.insert_many::<territories::Entity>(rows.collect()).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

pub async fn replace_territories(tx: &Tx<StoreScope>, zone: TaxZoneId, list: &[Territory]) -> Result<()> {
    let of_zone = territories::Column::ZoneId.eq(zone);
    tx.delete_many::<territories::Entity>().filter(of_zone).exec(tx.conn()).await?;
    insert_territories(tx, zone, list).await
}
