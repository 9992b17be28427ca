//! Every query and write of reservations.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::inventory::inventory_items;
use entity::inventory::stock_reservations::{ActiveModel, Column, Entity, Model, Relation};
use entity::row::Row;
use rules::ids::{InventoryItemId, InventoryLevelId, LocationId, ProductVariantId, StockReservationId};
use rules::states::ReservationKind;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};

use super::Owner;
use crate::kernel::db::{List, Tuples};
use crate::kernel::page::Sort;
use crate::kernel::schedule::Waiting;
use crate::kernel::{Result, Scope, StoreScope, Tx, db, schedule};

/// Which reservations to list.
#[derive(Debug, Clone, Default)]
pub struct ReservationFilter {
    pub variant: Option<ProductVariantId>,
    pub location: Option<LocationId>,
    pub kind: Option<ReservationKind>,
    pub owner: Option<String>,
}

/// Those that count at a moment.
pub fn list(scope: &StoreScope, filter: &ReservationFilter, now: DateTime<Utc>) -> Select<Entity> {
    let mut select = scope.find::<Entity>().filter(counts(now));
    if let Some(variant) = filter.variant {
        use inventory_items::Column as Item;
        let items = scope.find::<inventory_items::Entity>().filter(Item::VariantId.eq(variant));
        let items = items.select_only().column(Item::Id).into_query();
        select = select.filter(Column::ItemId.in_subquery(items));
    }
    if let Some(location) = filter.location {
        select = select.filter(Column::LocationId.eq(location));
    }
    if let Some(kind) = filter.kind {
        select = select.filter(Column::Kind.eq(kind));
    }
    if let Some(owner) = &filter.owner {
        select = select.filter(Column::Owner.eq(owner));
    }
    select
}

/// The newest first.
pub fn sort() -> Sort {
    Sort { name: "stock_reservations:id", key: None, id: Expr::col((Entity, Column::Id)), descending: true }
}

/// A promise, or a hold that is not over.
fn counts(now: DateTime<Utc>) -> Condition {
    Condition::any().add(Column::ExpiresAt.is_null()).add(Column::ExpiresAt.gt(now))
}

/// The next moment at which a hold ends.
pub fn moments(scope: &StoreScope, now: DateTime<Utc>) -> Vec<SelectStatement> {
    vec![schedule::moments::<Entity>(scope, Column::ExpiresAt, now)]
}

/// The holds that are over.
pub fn over(now: DateTime<Utc>) -> Waiting {
    schedule::waiting::<Entity>(Condition::all().add(Column::ExpiresAt.lte(now)))
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[StockReservationId], now: DateTime<Utc>) -> Result<Vec<Model>> {
    let these = db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<Entity>().filter(these).filter(counts(now)).list(scope.conn()).await?)
}

/// The holds of some items that count at a moment, whosever they are.
///
/// # Errors
/// What the database says.
pub async fn live_holds(scope: &StoreScope, items: &[InventoryItemId], now: DateTime<Utc>) -> Result<Vec<Model>> {
    let these = db::any_of(scope.conn(), Column::ItemId, items.iter().map(|id| id.0));
    let select = scope.find::<Entity>().filter(these).filter(Column::ExpiresAt.gt(now));
    Ok(select.order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// How many units are held of a level; a row of a sum.
#[derive(Debug, Row)]
struct HeldOf {
    item_id: InventoryItemId,
    level_id: InventoryLevelId,
    units: i64,
}

/// Units that are held of each level.
pub type Held = HashMap<InventoryLevelId, i64>;

/// How many units of each item are held at a moment, by their level.
///
/// # Errors
/// What the database says.
pub async fn held_of(
    scope: &StoreScope,
    items: &[InventoryItemId],
    now: DateTime<Utc>,
) -> Result<HashMap<InventoryItemId, Held>> {
    let these = db::any_of(scope.conn(), Column::ItemId, items.iter().map(|id| id.0));
    let select = scope
        .find::<Entity>()
        .select_only()
        .columns([Column::ItemId, Column::LevelId])
        // A sum of whole numbers is a number of any length on PostgreSQL.
        .column_as(Column::Quantity.sum().cast_as("bigint"), "units")
        .filter(these)
        .filter(Column::ExpiresAt.gt(now))
        .group_by(Column::ItemId)
        .group_by(Column::LevelId);
    let mut held: HashMap<_, Held> = HashMap::new();
    for row in select.tuples::<HeldOf>(scope.conn()).await? {
        held.entry(row.item_id).or_default().insert(row.level_id, row.units);
    }
    Ok(held)
}

/// What is kept for an owner, of which variant.
#[derive(Debug, Clone, Row)]
pub struct KeptFor {
    pub id: StockReservationId,
    pub kind: ReservationKind,
    pub location_id: LocationId,
    pub quantity: i64,
    pub variant_id: ProductVariantId,
}

/// Everything that is kept for an owner, holds that are over too, in the order of variants and locations.
pub async fn of_owner(scope: &StoreScope, owner: &Owner) -> Result<Vec<KeptFor>> {
    let select = scope
        .find::<Entity>()
        .select_only()
        .columns([Column::Id, Column::Kind, Column::LocationId, Column::Quantity])
        .column(inventory_items::Column::VariantId)
        .join(JoinType::InnerJoin, Relation::InventoryItems.def())
        .filter(Column::Owner.eq(owner.as_str()))
        .order_by_asc(inventory_items::Column::VariantId)
        .order_by_asc(Column::LocationId);
    Ok(select.tuples(scope.conn()).await?)
}

pub async fn insert(tx: &Tx<StoreScope>, rows: Vec<Model>) -> Result<()> {
    let rows = rows.into_iter().map(ActiveModel::from).collect();
    Ok(tx.insert_many::<Entity>(rows).await?)
}

/// Takes away all holds of an owner, those that are over too.
pub async fn delete_holds(tx: &Tx<StoreScope>, owner: &Owner) -> Result<()> {
    let delete = tx.delete_many::<Entity>().filter(Column::Owner.eq(owner.as_str()));
    delete.filter(Column::Kind.eq(ReservationKind::Hold)).exec(tx.conn()).await?;
    Ok(())
}

/// Keeps another number of units than before, `left` of them; none where that is nothing. The item is held.
pub async fn keep(tx: &Tx<StoreScope>, id: StockReservationId, left: i64) -> Result<()> {
    if left == 0 {
        tx.delete_many::<Entity>().filter(Column::Id.eq(id)).exec(tx.conn()).await?;
        return Ok(());
    }
    let row = ActiveModel {
        quantity: sea_orm::ActiveValue::Set(left),
        updated_at: sea_orm::ActiveValue::Set(tx.ctx().now()),
        ..Default::default()
    };
    tx.update_many::<Entity>().set(row).filter(Column::Id.eq(id)).exec(tx.conn()).await?;
    Ok(())
}

/// Throws away so many holds that are over, and answers how many there were. One that somebody else throws
/// away right now is left to them: nobody waits for the broom.
pub async fn delete_expired(tx: &Tx<StoreScope>, now: DateTime<Utc>, most: u64) -> Result<u64> {
    let over = tx
        .find::<Entity>()
        .select_only()
        .column(Column::Id)
        .filter(Column::ExpiresAt.lte(now))
        .order_by_asc(Column::ExpiresAt)
        .limit(most)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .into_query();
    // Found once and for all, however the deletion is planned.
    let delete = tx.delete_many::<Entity>().filter(db::any_selected(tx.conn(), Column::Id, over));
    Ok(delete.exec(tx.conn()).await?.rows_affected)
}
