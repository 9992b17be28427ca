//! Every query and write of shipping rates and of their prices.

use std::collections::HashMap;

use entity::inventory::locations;
use entity::shipping::shipping_rates::{ActiveModel, Column, Entity, Model};
use entity::shipping::{shipping_rate_free_from as free_from, shipping_rate_prices as prices};
use rules::ids::{ShippingRateId, ShippingZoneId};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, Select};

use super::prices::Prices;
use crate::kernel::db::List;
use crate::kernel::error::taken;
use crate::kernel::page::Sort;
use crate::kernel::{Result, Scope, StoreScope, Tx, db};

const TAKEN: &str = "The zone has a rate of this name already: choose a different one.";

pub fn list(scope: &StoreScope) -> Select<Entity> {
    scope.find::<Entity>()
}

/// In the order in which they were created.
pub fn sort() -> Sort {
    Sort { name: "shipping_rates:id", key: None, id: Expr::col((Entity, Column::Id)), descending: false }
}

pub async fn find(scope: &StoreScope, id: ShippingRateId) -> Result<Option<Model>> {
    Ok(list(scope).filter(Column::Id.eq(id)).first(scope.conn()).await?)
}

/// Rates by id.
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[ShippingRateId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// The rates of zones, the oldest first.
pub async fn list_by_zones(scope: &StoreScope, zones: &[ShippingZoneId]) -> Result<Vec<Model>> {
    let select = list(scope).filter(db::any_of(scope.conn(), Column::ZoneId, zones.iter().map(|id| id.0)));
    Ok(select.order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// The rates of zones that buyers can choose now, the oldest first, with their prices: those at a location that
/// is closed are left out.
///
/// # Errors
/// What the database says.
pub async fn list_offered(scope: &StoreScope, zones: &[ShippingZoneId]) -> Result<Vec<(Model, Prices)>> {
    let is_open = Condition::all().add(locations::Column::DeletedAt.is_null()).add(locations::Column::Active.eq(true));
    let open = Condition::any().add(Column::PickupLocationId.is_null()).add(is_open);
    let select = list(scope).left_join(locations::Entity).filter(open);
    let select = select.filter(db::any_of(scope.conn(), Column::ZoneId, zones.iter().map(|id| id.0)));
    let rates = select.order_by_asc(Column::Id).list(scope.conn()).await?;
    let mut prices = list_prices(scope, &rates).await?;
    Ok(rates.into_iter().filter_map(|rate| Some((prices.remove(&rate.id)?, rate))).map(|(p, rate)| (rate, p)).collect())
}

pub async fn insert(tx: &Tx<StoreScope>, row: ActiveModel) -> Result<Model> {
    tx.insert::<Entity>(row).await.map_err(taken("name", "name", TAKEN))
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
        .await
        .map_err(taken("name", "name", TAKEN))?;
    Ok(rows.into_iter().next())
}

/// Deletes a rate, if it still has the version that was read; its prices go with it.
pub async fn delete(tx: &Tx<StoreScope>, before: &Model) -> Result<bool> {
    let this = tx.delete_many::<Entity>().filter(Column::Id.eq(before.id)).filter(Column::Version.eq(before.version));
    Ok(this.exec(tx.conn()).await?.rows_affected == 1)
}

pub async fn delete_of_zones(tx: &Tx<StoreScope>, zones: &[ShippingZoneId]) -> Result<()> {
    let of_zones = db::any_of(tx.conn(), Column::ZoneId, zones.iter().map(|id| id.0));
    tx.delete_many::<Entity>().filter(of_zones).exec(tx.conn()).await?;
    Ok(())
}

// --- what they cost ----------------------------------------------------------------------------

/// What rates cost.
pub async fn list_prices(scope: &StoreScope, rates: &[Model]) -> Result<HashMap<ShippingRateId, Prices>> {
    if rates.is_empty() {
        return Ok(HashMap::new());
    }
    let ids = || rates.iter().map(|rate| rate.id.0);
    let of_rates = db::any_of(scope.conn(), prices::Column::RateId, ids());
    let mut steps: HashMap<ShippingRateId, Vec<prices::Model>> = HashMap::new();
    for row in scope.find::<prices::Entity>().filter(of_rates).list(scope.conn()).await? {
        steps.entry(row.rate_id).or_default().push(row);
    }
    let of_rates = db::any_of(scope.conn(), free_from::Column::RateId, ids());
    let mut free: HashMap<ShippingRateId, Vec<free_from::Model>> = HashMap::new();
    for row in scope.find::<free_from::Entity>().filter(of_rates).list(scope.conn()).await? {
        free.entry(row.rate_id).or_default().push(row);
    }
    let mut of = |rate: &Model| {
        let (steps, free) = (steps.remove(&rate.id).unwrap_or_default(), free.remove(&rate.id).unwrap_or_default());
        (rate.id, Prices::of_rows(rate.pricing, &steps, &free))
    };
    Ok(rates.iter().map(&mut of).collect())
}

pub async fn insert_prices(tx: &Tx<StoreScope>, rate: ShippingRateId, of: &Prices) -> Result<()> {
    tx.insert_many::<prices::Entity>(of.price_rows(rate)).await?;
    let free = of.free_from_rows(rate);
    if !free.is_empty() {
        tx.insert_many::<free_from::Entity>(free).await?;
    }
    Ok(())
}

pub async fn replace_prices(tx: &Tx<StoreScope>, rate: ShippingRateId, of: &Prices) -> Result<()> {
    tx.delete_many::<prices::Entity>().filter(prices::Column::RateId.eq(rate)).exec(tx.conn()).await?;
    tx.delete_many::<free_from::Entity>().filter(free_from::Column::RateId.eq(rate)).exec(tx.conn()).await?;
    insert_prices(tx, rate, of).await
}
