//! Every query and write of prices and of the ranges made from them.

use chrono::{DateTime, Utc};
use entity::catalog::{product_variants, products};
use entity::pricing::{prices, product_price_ranges};
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId};
use rules::pricing::PriceRow;
use rules::{Currency, Money};
use sea_orm::sea_query::{Expr, LockType, SelectStatement};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, Select};

use super::rows::{self, Placed};
use super::types::PriceSort;
use crate::kernel::db::{List, Tuples};
use crate::kernel::page::Sort;
use crate::kernel::{Result, Scope, StoreScope, Tx, db, schedule};

/// Which prices to list.
#[derive(Debug, Clone, Default)]
pub struct PriceFilter {
    pub product: Option<ProductId>,
    pub variant: Option<ProductVariantId>,
    pub segment: Option<SegmentId>,
    pub currency: Option<Currency>,
    pub holds_at: Option<DateTime<Utc>>,
}

pub fn list(scope: &StoreScope, filter: &PriceFilter) -> Select<prices::Entity> {
    use prices::Column;
    let mut select = scope.find::<prices::Entity>();
    if let Some(product) = filter.product {
        select = select.filter(Column::ProductId.eq(product));
    }
    if let Some(variant) = filter.variant {
        select = select.filter(Column::VariantId.eq(variant));
    }
    if let Some(segment) = filter.segment {
        select = select.filter(Column::SegmentId.eq(segment));
    }
    if let Some(currency) = filter.currency {
        select = select.filter(Column::Currency.eq(currency));
    }
    if let Some(at) = filter.holds_at {
        select = select.filter(window(Column::ValidFrom, Column::ValidTo, at));
    }
    select
}

/// Whether a row's window holds the moment.
fn window(from: impl ColumnTrait, to: impl ColumnTrait, at: DateTime<Utc>) -> Condition {
    Condition::all().add(from.lte(at)).add(Condition::any().add(to.is_null()).add(to.gt(at)))
}

/// The next moments at which a price begins or ends. Those of the ranges made from prices are among them.
pub fn moments(scope: &StoreScope, now: DateTime<Utc>) -> Vec<SelectStatement> {
    use prices::{Column, Entity};
    [Column::ValidFrom, Column::ValidTo].map(|column| schedule::moments::<Entity>(scope, column, now)).into()
}

pub fn sort(sort: PriceSort) -> Sort {
    let descending = match sort {
        PriceSort::Newest => true,
        PriceSort::Oldest => false,
    };
    Sort { name: "prices:id", key: None, id: Expr::col((prices::Entity, prices::Column::Id)), descending }
}

pub async fn find(scope: &StoreScope, id: PriceId) -> Result<Option<prices::Model>> {
    Ok(scope.find::<prices::Entity>().filter(prices::Column::Id.eq(id)).first(scope.conn()).await?)
}

pub async fn list_by_ids(scope: &StoreScope, ids: &[PriceId]) -> Result<Vec<prices::Model>> {
    let ids = db::any_of(scope.conn(), prices::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<prices::Entity>().filter(ids).list(scope.conn()).await?)
}

/// Every price of the products and of their variants; those of one currency where it is given.
pub async fn list_by_products(
    scope: &StoreScope,
    products: &[ProductId],
    currency: Option<Currency>,
) -> Result<Vec<prices::Model>> {
    use prices::Column;
    let of_products = db::any_of(scope.conn(), Column::ProductId, products.iter().map(|id| id.0));
    let mut select = scope.find::<prices::Entity>().filter(of_products).order_by_asc(Column::Id);
    if let Some(currency) = currency {
        select = select.filter(Column::Currency.eq(currency));
    }
    Ok(select.list(scope.conn()).await?)
}

/// The prices of the products and of their variants in one currency that are for everybody or for one of the
/// segments, as the resolver takes them, in no order. Of the rows of a listing these are the most, so that only what
/// counts is read.
pub async fn list_in_currency(
    scope: &StoreScope,
    products: &[ProductId],
    currency: Currency,
    segments: &[SegmentId],
) -> Result<Vec<(ProductId, Option<ProductVariantId>, PriceRow)>> {
    use prices::Column;
    type Row = (
        PriceId,
        ProductId,
        Option<ProductVariantId>,
        i32,
        i64,
        Option<i64>,
        DateTime<Utc>,
        Option<DateTime<Utc>>,
        Option<SegmentId>,
    );
    let select = scope.find::<prices::Entity>().select_only().columns([
        Column::Id,
        Column::ProductId,
        Column::VariantId,
        Column::MinimumQuantity,
        Column::Amount,
        Column::CompareAtAmount,
        Column::ValidFrom,
        Column::ValidTo,
        Column::SegmentId,
    ]);
    let mut open = Condition::any().add(Column::SegmentId.is_null());
    if !segments.is_empty() {
        open = open.add(db::any_of(scope.conn(), Column::SegmentId, segments.iter().map(|id| id.0)));
    }
    let select = select
        .filter(db::any_of(scope.conn(), Column::ProductId, products.iter().map(|id| id.0)))
        .filter(Column::Currency.eq(currency))
        .filter(open);
    let found: Vec<Row> = select.tuples(scope.conn()).await?;
    let money = |minor| Money::from_minor(minor, currency);
    let rows = found.into_iter().map(
        |(id, product, variant, minimum_quantity, amount, compare_at, from, valid_to, segment)| {
            let row = PriceRow {
                id,
                level: rows::level(variant),
                segment,
                minimum_quantity,
                amount: money(amount),
                compare_at: compare_at.map(money),
                valid_from: rows::beginning(from),
                valid_to,
            };
            (product, variant, row)
        },
    );
    Ok(rows.collect())
}

/// Keeps everybody else from changing these products and their prices until the transaction ends, and
/// gives those that live with their categories. They are locked in the order of their ids, so that no two callers wait for
/// each other.
pub async fn lock_living_products(tx: &Tx<StoreScope>, products: &[ProductId]) -> Result<Vec<Placed>> {
    use products::Column;
    let select = tx
        .find::<products::Entity>()
        .select_only()
        .column(Column::Id)
        .column(Column::CategoryId)
        .filter(db::any_of(tx.conn(), Column::Id, products.iter().map(|id| id.0)))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate);
    Ok(select.tuples(tx.conn()).await?)
}

/// The variants of the products that are not deleted.
pub async fn list_living_variants(
    scope: &StoreScope,
    products: &[ProductId],
) -> Result<Vec<(ProductId, ProductVariantId)>> {
    use product_variants::Column;
    let select = scope
        .find::<product_variants::Entity>()
        .select_only()
        .column(Column::ProductId)
        .column(Column::Id)
        .filter(db::any_of(scope.conn(), Column::ProductId, products.iter().map(|id| id.0)))
        .filter(Column::DeletedAt.is_null());
    Ok(select.tuples(scope.conn()).await?)
}

/// Writes prices, new ones and changed ones.
pub async fn save(tx: &Tx<StoreScope>, rows: Vec<prices::Model>) -> Result<()> {
    Ok(tx.save_many::<prices::Entity>(rows).await?)
}

pub async fn delete(tx: &Tx<StoreScope>, ids: &[PriceId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let ids = db::any_of(tx.conn(), prices::Column::Id, ids.iter().map(|id| id.0));
    tx.delete_many::<prices::Entity>().filter(ids).exec(tx.conn()).await?;
    Ok(())
}

/// Every stored range of the products, over all times and currencies, in the order of their keys.
pub async fn list_ranges(scope: &StoreScope, products: &[ProductId]) -> Result<Vec<product_price_ranges::Model>> {
    use product_price_ranges::Column;
    let select = scope
        .find::<product_price_ranges::Entity>()
        .filter(db::any_of(scope.conn(), Column::ProductId, products.iter().map(|id| id.0)))
        .order_by_asc(Column::ProductId)
        .order_by_asc(Column::Currency)
        .order_by_asc(Column::ValidFrom);
    Ok(select.list(scope.conn()).await?)
}

/// The range of each product in one currency at one moment.
pub async fn list_ranges_at(
    scope: &StoreScope,
    products: &[ProductId],
    currency: Currency,
    at: DateTime<Utc>,
) -> Result<Vec<product_price_ranges::Model>> {
    use product_price_ranges::Column;
    let select = scope
        .find::<product_price_ranges::Entity>()
        .filter(db::any_of(scope.conn(), Column::ProductId, products.iter().map(|id| id.0)))
        .filter(Column::Currency.eq(currency))
        .filter(window(Column::ValidFrom, Column::ValidTo, at));
    Ok(select.list(scope.conn()).await?)
}

/// Puts these ranges in the place of all that the products had.
pub async fn replace_ranges(
    tx: &Tx<StoreScope>,
    products: &[ProductId],
    rows: Vec<product_price_ranges::Model>,
) -> Result<()> {
    use product_price_ranges::Column;
    if products.is_empty() {
        return Ok(());
    }
    let of_products = db::any_of(tx.conn(), Column::ProductId, products.iter().map(|id| id.0));
    tx.delete_many::<product_price_ranges::Entity>().filter(of_products).exec(tx.conn()).await?;
    Ok(tx.save_many::<product_price_ranges::Entity>(rows).await?)
}
