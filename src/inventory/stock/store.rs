//! Every query and write of items, levels and movements.

use entity::catalog::product_variants;
use entity::inventory::{inventory_items, inventory_levels, inventory_movements, locations};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::page::Sort;
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db};

/// Which movements to list.
#[derive(Debug, Clone, Default)]
pub struct MovementFilter {
    pub variant: Option<ProductVariantId>,
    pub location: Option<LocationId>,
}

pub fn list_movements(scope: &StoreScope, filter: &MovementFilter) -> Select<inventory_movements::Entity> {
    use inventory_movements::Column;
    let mut select = scope.find::<inventory_movements::Entity>();
    if let Some(variant) = filter.variant {
        let items = scope
            .find::<inventory_items::Entity>()
            .filter(inventory_items::Column::VariantId.eq(variant))
            .select_only()
            .column(inventory_items::Column::Id);
        select = select.filter(Column::ItemId.in_subquery(items.into_query()));
    }
    if let Some(location) = filter.location {
        select = select.filter(Column::LocationId.eq(location));
    }
    select
}

/// The newest movement first.
pub fn sort_movements() -> Sort {
    let id = Expr::col((inventory_movements::Entity, inventory_movements::Column::Id));
    Sort { name: "inventory_movements:id", key: None, id, descending: true }
}

/// Whether the store has this variant, and it is not deleted.
pub async fn variant_lives(scope: &StoreScope, id: ProductVariantId) -> Result<bool> {
    let select = scope
        .find::<product_variants::Entity>()
        .filter(product_variants::Column::Id.eq(id))
        .filter(product_variants::Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?.is_some())
}

pub async fn items_by_ids(scope: &StoreScope, ids: &[InventoryItemId]) -> Result<Vec<inventory_items::Model>> {
    let ids = ids.iter().map(|id| id.0);
    let select =
        scope.find::<inventory_items::Entity>().filter(db::any_of(scope.conn(), inventory_items::Column::Id, ids));
    Ok(select.list(scope.conn()).await?)
}

pub async fn items_by_variants(
    scope: &StoreScope,
    variants: &[ProductVariantId],
) -> Result<Vec<inventory_items::Model>> {
    let variants = variants.iter().map(|id| id.0);
    let select = scope.find::<inventory_items::Entity>().filter(db::any_of(
        scope.conn(),
        inventory_items::Column::VariantId,
        variants,
    ));
    Ok(select.list(scope.conn()).await?)
}

pub async fn levels_by_ids(scope: &StoreScope, ids: &[InventoryLevelId]) -> Result<Vec<inventory_levels::Model>> {
    let ids = ids.iter().map(|id| id.0);
    let select = living_levels(scope).filter(db::any_of(scope.conn(), inventory_levels::Column::Id, ids));
    Ok(select.list(scope.conn()).await?)
}

/// The levels at locations that are not deleted; those that were hold nothing.
fn living_levels(scope: &StoreScope) -> Select<inventory_levels::Entity> {
    let living = scope.find::<locations::Entity>().filter(locations::Column::DeletedAt.is_null());
    let living = living.select_only().column(locations::Column::Id).into_query();
    scope.find::<inventory_levels::Entity>().filter(inventory_levels::Column::LocationId.in_subquery(living))
}

/// The levels of each item, the oldest first.
pub async fn levels_by_items(scope: &StoreScope, items: &[InventoryItemId]) -> Result<Vec<inventory_levels::Model>> {
    let items = items.iter().map(|id| id.0);
    let select = living_levels(scope)
        .filter(db::any_of(scope.conn(), inventory_levels::Column::ItemId, items))
        .order_by_asc(inventory_levels::Column::Id);
    Ok(select.list(scope.conn()).await?)
}

pub async fn movements_by_ids(
    scope: &StoreScope,
    ids: &[InventoryMovementId],
) -> Result<Vec<inventory_movements::Model>> {
    let ids = ids.iter().map(|id| id.0);
    let select = scope.find::<inventory_movements::Entity>();
    let select = select.filter(db::any_of(scope.conn(), inventory_movements::Column::Id, ids));
    Ok(select.list(scope.conn()).await?)
}

/// A variant's item as it is when nobody said otherwise: counted, and not sold beyond what is there.
pub fn new_item(tx: &Tx<StoreScope>, variant: ProductVariantId) -> inventory_items::Model {
    inventory_items::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        variant_id: variant,
        tracked: true,
        policy: InventoryPolicy::Deny,
        version: 1,
        created_at: tx.ctx().now(),
        updated_at: tx.ctx().now(),
    }
}

/// An empty level.
pub fn new_level(tx: &Tx<StoreScope>, item: InventoryItemId, location: LocationId) -> inventory_levels::Model {
    inventory_levels::Model {
        store_id: tx.id(),
        id: tx.ctx().id(),
        item_id: item,
        location_id: location,
        on_hand: 0,
        reserved: 0,
        created_at: tx.ctx().now(),
        updated_at: tx.ctx().now(),
    }
}

/// Makes those of the items whose variant has none yet.
pub async fn insert_missing_items(tx: &Tx<StoreScope>, rows: Vec<inventory_items::Model>) -> Result<()> {
    use inventory_items::Column;
    let rows = rows.into_iter().map(inventory_items::ActiveModel::from).collect();
    Ok(tx.insert_missing::<inventory_items::Entity>(&[Column::StoreId, Column::VariantId], rows).await?)
}

/// Makes levels. One that another transaction made at the same moment sends the action round again.
pub async fn insert_levels(tx: &Tx<StoreScope>, rows: Vec<inventory_levels::Model>) -> Result<()> {
    let rows = rows.into_iter().map(inventory_levels::ActiveModel::from).collect();
    tx.insert_many::<inventory_levels::Entity>(rows).await.map_err(|error| match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::Unique => Error::Retry,
        _ => error.into(),
    })
}

/// The variant's item, made where there is none yet, held until the end of the transaction.
pub async fn hold_item(tx: &Tx<StoreScope>, variant: ProductVariantId) -> Result<inventory_items::Model> {
    let find = || {
        let select = tx.find::<inventory_items::Entity>();
        select.filter(inventory_items::Column::VariantId.eq(variant)).lock(LockType::NoKeyUpdate).first(tx.conn())
    };
    if let Some(item) = find().await? {
        return Ok(item);
    }
    insert_missing_items(tx, vec![new_item(tx, variant)]).await?;
    find().await?.ok_or(Error::Retry)
}

/// The levels of these items at one location, held until the end of the transaction, in the order of
/// the items, so that two transactions that want the same ones wait and do not lock each other out.
pub async fn hold_levels(
    tx: &Tx<StoreScope>,
    items: &[InventoryItemId],
    location: LocationId,
) -> Result<Vec<inventory_levels::Model>> {
    let items = items.iter().map(|id| id.0);
    let select = tx
        .find::<inventory_levels::Entity>()
        .filter(inventory_levels::Column::LocationId.eq(location))
        .filter(db::any_of(tx.conn(), inventory_levels::Column::ItemId, items))
        .order_by_asc(inventory_levels::Column::ItemId)
        .lock(LockType::NoKeyUpdate);
    Ok(select.list(tx.conn()).await?)
}

/// Changes what is on hand, if it still is what the change starts from (rules I2, I4). `None` where it is
/// not.
pub async fn change_level(
    tx: &Tx<StoreScope>,
    level: InventoryLevelId,
    from: i64,
    to: i64,
) -> Result<Option<inventory_levels::Model>> {
    use inventory_levels::{ActiveModel, Column, Entity};
    let row = ActiveModel { on_hand: Set(to), updated_at: Set(tx.ctx().now()), ..Default::default() };
    let update = tx.update_many::<Entity>().set(row).filter(Column::Id.eq(level)).filter(Column::OnHand.eq(from));
    Ok(update.exec_with_returning(tx.conn()).await?.into_iter().next())
}

/// A change of a level, on its way into the log.
#[derive(Debug, Clone)]
pub struct Movement {
    /// The level after the change.
    pub level: inventory_levels::Model,
    /// What was on hand before.
    pub before: i64,
    pub reason: MovementReason,
    pub reference: Option<String>,
}

impl Movement {
    pub fn delta(&self) -> i64 {
        self.level.on_hand - self.before
    }
}

pub async fn insert_movements(tx: &Tx<StoreScope>, movements: &[Movement]) -> Result<()> {
    let (kind, actor) = tx.ctx().actor().label();
    let actor = actor.unwrap_or_else(|| kind.name().to_owned());
    let rows = movements.iter().map(|movement| inventory_movements::ActiveModel {
        id: Set(tx.ctx().id::<InventoryMovementId>()),
        level_id: Set(movement.level.id),
        item_id: Set(movement.level.item_id),
        location_id: Set(movement.level.location_id),
        delta: Set(movement.delta()),
        on_hand_after: Set(movement.level.on_hand),
        reason: Set(movement.reason),
        reference: Set(movement.reference.clone()),
        actor: Set(actor.clone()),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    Ok(tx.insert_many::<inventory_movements::Entity>(rows.collect()).await?)
}

/// Writes the set columns of an item that is held.
pub async fn update_item(
    tx: &Tx<StoreScope>,
    before: &inventory_items::Model,
    mut row: inventory_items::ActiveModel,
) -> Result<Option<inventory_items::Model>> {
    use inventory_items::{Column, Entity};
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let update = tx.update_many::<Entity>().set(row).filter(Column::Id.eq(before.id));
    let update = update.filter(Column::Version.eq(before.version));
    Ok(update.exec_with_returning(tx.conn()).await?.into_iter().next())
}
