//! Every query and write of items, levels and movements.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::catalog::product_variants;
use entity::inventory::{inventory_items, inventory_levels, inventory_movements, locations};
use rules::ids::{InventoryItemId, InventoryLevelId, InventoryMovementId, LocationId, ProductVariantId};
use rules::states::{InventoryPolicy, MovementReason};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, LockType, SelectStatement};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::page::Sort;
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db, schedule};

/// Which movements to list.
#[derive(Debug, Clone, Default)]
pub struct MovementFilter {
    pub variant: Option<ProductVariantId>,
    pub location: Option<LocationId>,
    pub reasons: Vec<MovementReason>,
    pub reference: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
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
    if !filter.reasons.is_empty() {
        select = select.filter(Column::Reason.is_in(filter.reasons.iter().copied()));
    }
    if let Some(reference) = &filter.reference {
        select = select.filter(Column::Reference.eq(reference));
    }
    if let Some(from) = filter.from {
        select = select.filter(Column::CreatedAt.gte(from));
    }
    if let Some(to) = filter.to {
        select = select.filter(Column::CreatedAt.lt(to));
    }
    select
}

/// The next moment from which more is expected no longer.
pub fn moments(scope: &StoreScope, now: DateTime<Utc>) -> Vec<SelectStatement> {
    use inventory_items::{Column, Entity};
    vec![schedule::moments::<Entity>(scope, Column::ExpectedAt, now)]
}

/// The newest movement first.
pub fn sort_movements() -> Sort {
    let id = Expr::col((inventory_movements::Entity, inventory_movements::Column::Id));
    Sort { name: "inventory_movements:id", key: None, id, descending: true }
}

/// Those of some variants that the store has, and that are not deleted.
pub async fn living_variants(
    scope: &StoreScope,
    ids: impl IntoIterator<Item = ProductVariantId>,
) -> Result<BTreeSet<ProductVariantId>> {
    use product_variants::Column;
    let these = db::any_of(scope.conn(), Column::Id, ids.into_iter().map(|id| id.0));
    let select = scope.find::<product_variants::Entity>().filter(these).filter(Column::DeletedAt.is_null());
    Ok(select.list(scope.conn()).await?.into_iter().map(|variant| variant.id).collect())
}

pub async fn items_by_ids(scope: &StoreScope, ids: &[InventoryItemId]) -> Result<Vec<inventory_items::Model>> {
    let ids = ids.iter().map(|id| id.0);
    let select =
        scope.find::<inventory_items::Entity>().filter(db::any_of(scope.conn(), inventory_items::Column::Id, ids));
    Ok(select.list(scope.conn()).await?)
}

/// The items of some variants.
///
/// # Errors
/// What the database says.
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
///
/// # Errors
/// What the database says.
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
        backorder_limit: None,
        expected_at: None,
        safety_stock: 0,
        reorder_level: None,
        is_low: false,
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
        owes: false,
        sequence: 0,
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

/// The items of some variants, held until the end of the transaction: whoever changes anything of their
/// stock holds them first. In the order of the variants, so that two transactions that want the same ones
/// wait for each other and never in a circle.
pub async fn hold_items(
    tx: &Tx<StoreScope>,
    variants: &BTreeSet<ProductVariantId>,
) -> Result<Vec<inventory_items::Model>> {
    use inventory_items::{Column, Entity};
    let these = db::any_of(tx.conn(), Column::VariantId, variants.iter().map(|id| id.0));
    let select = tx.find::<Entity>().filter(these).order_by_asc(Column::VariantId).lock(LockType::NoKeyUpdate);
    Ok(select.list(tx.conn()).await?)
}

/// Writes what a level holds now, if nobody else has changed it since (rule I2). False where somebody has.
pub async fn update_level(tx: &Tx<StoreScope>, stored: i64, level: &inventory_levels::Model) -> Result<bool> {
    use inventory_levels::{ActiveModel, Column, Entity};
    let row = ActiveModel {
        on_hand: Set(level.on_hand),
        reserved: Set(level.reserved),
        owes: Set(level.owes),
        sequence: Set(level.sequence),
        updated_at: Set(level.updated_at),
        ..Default::default()
    };
    let update = tx.update_many::<Entity>().set(row).filter(Column::Id.eq(level.id));
    Ok(update.filter(Column::Sequence.eq(stored)).exec(tx.conn()).await?.rows_affected == 1)
}

/// A change of a level, on its way into the log.
#[derive(Debug, Clone)]
pub struct Movement {
    /// The level after the change.
    pub level: inventory_levels::Model,
    /// Units more that are there.
    pub delta: i64,
    /// Units more that are promised.
    pub reserved_delta: i64,
    pub reason: MovementReason,
    pub reference: Option<String>,
}

pub async fn insert_movements<'a>(
    tx: &Tx<StoreScope>,
    movements: impl IntoIterator<Item = &'a Movement>,
) -> Result<()> {
    let (kind, actor) = tx.ctx().actor().label();
    let actor = actor.unwrap_or_else(|| kind.name().to_owned());
    let rows = movements.into_iter().map(|movement| inventory_movements::ActiveModel {
        id: Set(tx.ctx().id::<InventoryMovementId>()),
        level_id: Set(movement.level.id),
        item_id: Set(movement.level.item_id),
        location_id: Set(movement.level.location_id),
        sequence: Set(movement.level.sequence),
        delta: Set(movement.delta),
        on_hand_after: Set(movement.level.on_hand),
        reserved_delta: Set(movement.reserved_delta),
        reserved_after: Set(movement.level.reserved),
        reason: Set(movement.reason),
        reference: Set(movement.reference.clone()),
        actor: Set(actor.clone()),
        created_at: Set(tx.ctx().now()),
        ..Default::default()
    });
    Ok(tx.insert_many::<inventory_movements::Entity>(rows.collect()).await?)
}

/// Units of each item that went out for a paper, such as an order, and did not come back.
///
/// # Errors
/// What the database says.
pub async fn sent(tx: &Tx<StoreScope>, reference: &str) -> Result<HashMap<InventoryItemId, i64>> {
    use inventory_movements::{Column, Entity};
    let reasons = [MovementReason::Fulfilled, MovementReason::Returned];
    let select = tx.find::<Entity>().filter(Column::Reference.eq(reference)).filter(Column::Reason.is_in(reasons));
    let mut sent = HashMap::new();
    for movement in select.list(tx.conn()).await? {
        *sent.entry(movement.item_id).or_default() -= movement.delta;
    }
    Ok(sent)
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

/// Notes that an item that is held is low, or is no longer: nothing that a merchant edits.
pub async fn note_low(tx: &Tx<StoreScope>, item: InventoryItemId, is_low: bool) -> Result<()> {
    use inventory_items::{ActiveModel, Column, Entity};
    let row = ActiveModel { is_low: Set(is_low), ..Default::default() };
    tx.update_many::<Entity>().set(row).filter(Column::Id.eq(item)).exec(tx.conn()).await?;
    Ok(())
}
