//! Every query and write of products.

mod inside;
mod parts;
mod write;

use chrono::{DateTime, Utc};
use entity::catalog::products::{ActiveModel, Column, Entity, Model};
use entity::catalog::{
    brands, categories, collection_products, collections as collection_rows, product_tags, product_variants, tags,
};
use entity::pricing::product_price_ranges as ranges;
use rules::Currency;
use rules::ids::{BrandId, CategoryId, CollectionId, ProductId, ProductVariantId};
use rules::states::ProductStatus;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{
    CommonTableExpression, Expr, ExprTrait, LockType, Query, SelectStatement, UnionType, WithClause,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::types::ProductSort;
use crate::catalog::collections;
use crate::kernel::db::List;
use crate::kernel::error::{Violation, ViolationKind, taken};
use crate::kernel::page::{self, Among, KeyKind, Page, Slice, Sort, SortKey};
use crate::kernel::{Ctx, Error, Result, Scope, StoreScope, Tx, db, schedule, text};

pub use inside::{Parent, count_inside, fetch_inside};
pub use parts::{
    aggregate, find_or_create_tags, list_descriptions, list_media, list_option_values_by_ids, list_options,
    list_options_by_ids, list_variants,
};
pub use write::write;

/// Who looks at products.
#[derive(Debug, Clone, Copy)]
pub enum Viewer {
    /// Sees what is active and published by this moment.
    Visitor(DateTime<Utc>),
    /// Sees all that is not deleted.
    Staff,
}

impl Viewer {
    /// The caller of a request.
    pub fn of(ctx: &Ctx) -> Self {
        if ctx.may(rules::permission::Permission::ProductsRead) { Self::Staff } else { Self::Visitor(ctx.now()) }
    }

    /// Whether a product is shown. Deleted ones are shown to nobody here.
    pub fn sees(self, product: &Model) -> bool {
        let living = product.deleted_at.is_none();
        match self {
            Self::Staff => living,
            Self::Visitor(now) => {
                living && product.status == ProductStatus::Active && product.published_at.is_some_and(|at| at <= now)
            }
        }
    }

    /// The same as a filter of a query.
    pub fn filter(self) -> Condition {
        let living = Condition::all().add(Column::DeletedAt.is_null());
        match self {
            Self::Staff => living,
            Self::Visitor(now) => {
                // For plans that have to do for any values: nearly every product is active, as the table's statistics
                // know of a state that is written out; and nearly every one is published, so that a page that is
                // read by the index of that would take all of them and sort them. Asked for what is false, no index
                // is thought of, and two of three are counted on.
                let active = Column::Status.into_expr().eq(Expr::Constant(ProductStatus::Active.into()));
                let published = Column::PublishedAt.gt(now).is(Expr::Constant(false.into()));
                living.add(active).add(published)
            }
        }
    }
}

/// The next moment at which a product appears by itself.
pub fn moments(scope: &StoreScope, now: DateTime<Utc>) -> Vec<SelectStatement> {
    vec![schedule::moments::<Entity>(scope, Column::PublishedAt, now)]
}

/// Which products to list.
#[derive(Debug, Clone)]
pub struct ProductFilter {
    /// Who looks.
    pub viewer: Viewer,
    /// Whether collections count that are not published.
    pub hidden_collections: bool,
    /// The moment at which prices and publications are looked at.
    pub now: DateTime<Utc>,
    /// The currency that prices are compared in.
    pub currency: Currency,
    /// Only these.
    pub ids: Option<Vec<ProductId>>,
    /// Only those in this category, and whether those below it count.
    pub category: Option<(CategoryId, bool)>,
    /// Only those in this collection.
    pub collection: Option<CollectionId>,
    /// Whether they are to be sorted by their place in it.
    pub hand_made_order: bool,
    /// Only those of this brand.
    pub brand: Option<BrandId>,
    /// Only those with this tag.
    pub tag: Option<String>,
    /// Only those whose range of prices meets this one, in minor units.
    pub price: Option<(Option<i64>, Option<i64>)>,
    /// Only those with a price.
    pub priced: bool,
    /// Only those in this state.
    pub status: Option<ProductStatus>,
    /// Only those that storefronts show now, or only those that they don't.
    pub published: Option<bool>,
    /// The deleted ones instead of the living.
    pub deleted: bool,
    /// Only the one with this id in the merchant's other system.
    pub external_id: Option<String>,
}

impl ProductFilter {
    /// All that the caller of a request may see.
    ///
    /// # Errors
    /// `StoreRequired` where the request names no store.
    pub fn all(ctx: &Ctx) -> Result<Self> {
        Ok(Self {
            viewer: Viewer::of(ctx),
            hidden_collections: ctx.may(rules::permission::Permission::CollectionsRead),
            now: ctx.now(),
            currency: ctx.currency()?,
            ids: None,
            category: None,
            collection: None,
            hand_made_order: false,
            brand: None,
            tag: None,
            price: None,
            priced: false,
            status: None,
            published: None,
            deleted: false,
            external_id: None,
        })
    }
}

/// Starts a list of products.
pub fn list(scope: &StoreScope, filter: &ProductFilter) -> Select<Entity> {
    let all = match filter.collection {
        Some(collection) if filter.hand_made_order => collections::list_products(scope, collection),
        _ => scope.find::<Entity>(),
    };
    narrow(scope, all, filter)
}

/// Leaves of products those that fit the filter.
fn narrow(scope: &StoreScope, mut select: Select<Entity>, filter: &ProductFilter) -> Select<Entity> {
    select = match (filter.deleted, filter.viewer) {
        (true, Viewer::Staff) => select.filter(Column::DeletedAt.is_not_null()),
        (_, viewer) => select.filter(viewer.filter()),
    };
    if let Some(ids) = &filter.ids {
        select = select.filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    }
    if let Some((category, below)) = filter.category {
        let ids = Query::select().column("id").from_subquery(tree(scope, [category.0], below), "tree").to_owned();
        select = select.filter(db::any_selected(scope.conn(), Column::CategoryId, ids));
    }
    if let Some(collection) = filter.collection {
        select = select.filter(Column::Id.in_subquery(in_collection(scope, collection, filter)));
    }
    if let Some(brand) = filter.brand {
        let living = scope.find::<brands::Entity>().select_only().column(brands::Column::Id);
        let living = living.filter(brands::Column::Id.eq(brand)).filter(brands::Column::DeletedAt.is_null());
        select = select.filter(Column::BrandId.in_subquery(living.into_query()));
    }
    if let Some(tag) = &filter.tag {
        let marked = scope.find::<product_tags::Entity>().select_only().column(product_tags::Column::ProductId);
        let marked = marked.inner_join(tags::Entity).filter(tags::Column::NameNormalized.eq(text::fold(tag)));
        select = select.filter(Column::Id.in_subquery(marked.into_query()));
    }
    if filter.priced || filter.price.is_some() {
        // At one moment a product has one range in a currency, so that the join doubles nothing.
        let holds = Condition::any().add(ranges::Column::ValidTo.is_null()).add(ranges::Column::ValidTo.gt(filter.now));
        select = select
            .inner_join(ranges::Entity)
            .filter(ranges::Column::Currency.eq(filter.currency))
            .filter(ranges::Column::ValidFrom.lte(filter.now))
            .filter(holds);
    }
    if let Some((min, max)) = filter.price {
        select = select
            .filter(Condition::all().add_option(min.map(|min| ranges::Column::MaxAmount.gte(min))))
            .filter(Condition::all().add_option(max.map(|max| ranges::Column::MinAmount.lte(max))));
    }
    if let Some(status) = filter.status {
        select = select.filter(Column::Status.eq(status));
    }
    if let Some(published) = filter.published {
        let hidden = Condition::any()
            .add(Column::Status.ne(ProductStatus::Active))
            .add(Column::PublishedAt.is_null())
            .add(Column::PublishedAt.gt(filter.now));
        select = select.filter(if published { Viewer::Visitor(filter.now).filter() } else { hidden });
    }
    if let Some(external_id) = &filter.external_id {
        select = select.filter(Column::ExternalId.eq(external_id));
    }
    select
}

/// Reads a page of products.
///
/// # Errors
/// What the database says.
pub async fn fetch(
    ctx: &Ctx,
    scope: &StoreScope,
    filter: &ProductFilter,
    sort: &Sort,
    page: &Page,
) -> Result<Slice<Model>> {
    let Some((category, below)) = filter.category else {
        return page::fetch(ctx, scope, list(scope, filter), sort, page).await;
    };
    let others = ProductFilter { category: None, ..filter.clone() };
    let among = in_categories(scope, [category.0], below, filter);
    page::fetch_within(ctx, scope, list(scope, &others), among, sort, page).await
}

/// The lists of products that stand in categories.
fn in_categories(
    scope: &StoreScope,
    tops: impl IntoIterator<Item = Uuid>,
    below: bool,
    filter: &ProductFilter,
) -> Among {
    let list = match filter.priced {
        // What is sorted by price is read from the index of the ranges.
        true => Expr::col((ranges::Entity, ranges::Column::CategoryId)),
        false => Expr::col((Entity, Column::CategoryId)),
    };
    Among { lists: tree(scope, tops, below), list }
}

/// Whether a column's value is one of these. Of an array PostgreSQL believes that it has ten: one alone is asked for
/// as one.
fn one_of(scope: &StoreScope, column: categories::Column, ids: impl IntoIterator<Item = Uuid>) -> Expr {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    match ids[..] {
        [id] => column.eq(id),
        _ => db::any_of(scope.conn(), column, ids),
    }
}

/// Living categories and, where they count, the living ones below them: each in the column `id`, beside the one
/// that it was reached from in the column `top`.
fn tree(scope: &StoreScope, tops: impl IntoIterator<Item = Uuid>, below: bool) -> SelectStatement {
    let living = || scope.find::<categories::Entity>().select_only().filter(categories::Column::DeletedAt.is_null());
    let mut start = living()
        .column_as(categories::Column::Id, "top")
        .column_as(categories::Column::Id, "id")
        .filter(one_of(scope, categories::Column::Id, tops))
        .into_query();
    if !below {
        return start;
    }
    let mut children =
        living().column_as(Expr::col(("tree", "top")), "top").column_as(categories::Column::Id, "id").into_query();
    let parent = Expr::col((categories::Entity, categories::Column::ParentId));
    children.inner_join("tree", parent.equals(("tree", "id")));
    // Not `UNION ALL`: a circle, should there ever be one, then ends.
    start.union(UnionType::Distinct, children);
    let step = CommonTableExpression::new().table_name("tree").columns(["top", "id"]).query(start).to_owned();
    let with = WithClause::new().recursive(true).cte(step).to_owned();
    Query::select().columns([("tree", "top"), ("tree", "id")]).from("tree").with_cte(with).to_owned()
}

/// The ids of the products in a collection that the viewer may know of.
fn in_collection(scope: &StoreScope, collection: CollectionId, filter: &ProductFilter) -> SelectStatement {
    let ids = scope.find::<collection_products::Entity>().select_only();
    let mut ids = ids
        .column(collection_products::Column::ProductId)
        .inner_join(collection_rows::Entity)
        .filter(collection_products::Column::CollectionId.eq(collection))
        .filter(collection_rows::Column::DeletedAt.is_null());
    if !filter.hidden_collections {
        ids = ids.filter(collection_rows::Column::PublishedAt.lte(filter.now));
    }
    ids.into_query()
}

/// The order of a list. `PRICE` needs a filter that is `priced`.
pub fn sort(sort: ProductSort, currency: Currency) -> Sort {
    let id = Expr::col((Entity, Column::Id));
    let by_title = SortKey { expr: Expr::col((Entity, Column::SortTitle)), kind: KeyKind::Text };
    let by_price = SortKey { expr: Expr::col((ranges::Entity, ranges::Column::MinAmount)), kind: KeyKind::Integer };
    let priced_id = Expr::col((ranges::Entity, ranges::Column::ProductId));
    let (name, key, id, descending) = match sort {
        ProductSort::Newest => ("products:id", None, id, true),
        ProductSort::Oldest => ("products:id", None, id, false),
        ProductSort::Title => ("products:title", Some(by_title), id, false),
        ProductSort::TitleDesc => ("products:title", Some(by_title), id, true),
        ProductSort::Price => (price_sort(currency), Some(by_price), priced_id, false),
        ProductSort::Collection => return collections::hand_made_order(),
        ProductSort::PriceDesc => (price_sort(currency), Some(by_price), priced_id, true),
    };
    Sort { name, key, id, descending }
}

/// The name of the sort by price: one a currency, so that a cursor of one is refused in another.
fn price_sort(currency: Currency) -> &'static str {
    use std::collections::BTreeMap;
    use std::sync::LazyLock;
    static NAMES: LazyLock<BTreeMap<Currency, String>> = LazyLock::new(|| {
        Currency::all().into_iter().map(|currency| (currency, format!("products:price:{currency}"))).collect()
    });
    NAMES.get(&currency).map_or("products:price", String::as_str)
}

/// A living product by its name in addresses.
///
/// # Errors
/// What the database says.
pub async fn find_by_slug(scope: &StoreScope, slug: &str) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::Slug.eq(slug)).filter(Column::DeletedAt.is_null());
    Ok(select.first(scope.conn()).await?)
}

pub async fn find_by_external_id(scope: &StoreScope, external_id: &str) -> Result<Option<Model>> {
    let select = scope.find::<Entity>().filter(Column::ExternalId.eq(external_id));
    let select = select.filter(Column::DeletedAt.is_null()).order_by_asc(Column::Id);
    Ok(select.first(scope.conn()).await?)
}

/// Products by id, hidden and deleted ones too: whoever shows them asks [`Viewer`].
///
/// # Errors
/// What the database says.
pub async fn list_by_ids(scope: &StoreScope, ids: &[ProductId]) -> Result<Vec<Model>> {
    let select = scope.find::<Entity>().filter(db::any_of(scope.conn(), Column::Id, ids.iter().map(|id| id.0)));
    Ok(select.list(scope.conn()).await?)
}

/// A product that others must leave alone until this transaction ends, deleted or not.
pub async fn lock(tx: &Tx<StoreScope>, id: ProductId) -> Result<Option<Model>> {
    Ok(tx.find::<Entity>().filter(Column::Id.eq(id)).lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// The same for a living product, by its name in addresses.
pub async fn lock_by_slug(tx: &Tx<StoreScope>, slug: &str) -> Result<Option<Model>> {
    let select = tx.find::<Entity>().filter(Column::Slug.eq(slug)).filter(Column::DeletedAt.is_null());
    Ok(select.lock(LockType::NoKeyUpdate).first(tx.conn()).await?)
}

/// Those of some SKUs that living variants of other products have.
pub async fn list_foreign_skus(scope: &StoreScope, own: Option<ProductId>, skus: &[String]) -> Result<Vec<String>> {
    use product_variants::Column as Variant;
    let mut select = scope
        .find::<product_variants::Entity>()
        .filter(Variant::SkuNormalized.is_in(skus.iter().map(String::as_str)))
        .filter(Variant::DeletedAt.is_null());
    if let Some(own) = own {
        select = select.filter(Variant::ProductId.ne(own));
    }
    let rows = select.list(scope.conn()).await?;
    Ok(rows.into_iter().filter_map(|row| row.sku_normalized).collect())
}

/// Deletes a product and its living variants, at one moment.
pub async fn delete(tx: &Tx<StoreScope>, before: &Model) -> Result<Model> {
    let now = tx.ctx().now();
    tx.update_many::<product_variants::Entity>()
        .col_expr(product_variants::Column::DeletedAt, Expr::value(now))
        .filter(product_variants::Column::ProductId.eq(before.id))
        .filter(product_variants::Column::DeletedAt.is_null())
        .exec(tx.conn())
        .await?;
    set(tx, before, ActiveModel { deleted_at: Set(Some(now)), ..Default::default() }).await
}

/// Brings a product back, and the variants that went with it.
pub async fn restore(tx: &Tx<StoreScope>, before: &Model) -> Result<Model> {
    let product = set(tx, before, ActiveModel { deleted_at: Set(None), ..Default::default() }).await?;
    let gone = tx
        .find::<product_variants::Entity>()
        .filter(product_variants::Column::ProductId.eq(before.id))
        .filter(product_variants::Column::DeletedAt.eq(before.deleted_at))
        .list(tx.conn())
        .await?;
    // A variant that was deleted for itself, perhaps at the same moment, stays deleted.
    let back = gone.into_iter().filter(|row| row.option_key != tombstone(row.id)).map(|row| row.id.0);
    tx.update_many::<product_variants::Entity>()
        .col_expr(product_variants::Column::DeletedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(db::any_of(tx.conn(), product_variants::Column::Id, back))
        .exec(tx.conn())
        .await
        .map_err(variant_taken)?;
    Ok(product)
}

/// Writes the set columns of a locked product.
pub async fn set(tx: &Tx<StoreScope>, before: &Model, mut row: ActiveModel) -> Result<Model> {
    row.id = Set(before.id);
    row.version = Set(before.version + 1);
    row.updated_at = Set(tx.ctx().now());
    let rows = tx
        .update_many::<Entity>()
        .set(row)
        .filter(Column::Id.eq(before.id))
        .filter(Column::Version.eq(before.version))
        .exec_with_returning(tx.conn())
        .await
        .map_err(slug_taken)?;
    rows.into_iter().next().ok_or(Error::Retry)
}

/// The key of a variant that was deleted for itself: no combination of values is ever named so.
fn tombstone(id: ProductVariantId) -> String {
    id.to_string()
}

fn slug_taken(error: sea_orm::DbErr) -> Error {
    taken("slug", "slug", "Another product has this slug: choose a different one.")(error)
}

/// The path of a SKU that is taken, where it is not known whose it is.
pub const ANY_SKU: &str = "sku";

fn variant_taken(error: sea_orm::DbErr) -> Error {
    match Violation::of(&error) {
        // The product is locked, so that only a writer who did not lock it can stand here.
        Some(violation) if violation.kind == ViolationKind::Unique && violation.mentions("option_key") => Error::Retry,
        _ => taken("sku_normalized", ANY_SKU, "Another variant of the store has this SKU: choose a different one.")(
            error,
        ),
    }
}
