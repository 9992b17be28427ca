//! Reads of a product's parts, and of the whole.

use std::collections::{BTreeMap, HashMap};

use entity::catalog::{
    product_descriptions, product_media, product_option_values, product_options, product_variants, products,
    tags as tag_rows, variant_option_values,
};
use rules::ids::{ProductId, ProductOptionId, ProductOptionValueId, TagId};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::super::aggregate::{OptionState, ProductAggregate, VariantState};
use crate::catalog::tags;
use crate::kernel::db::List;
use crate::kernel::{Ctx, Result, Scope, StoreScope, Tx, db, text};

fn uuids(ids: &[ProductId]) -> impl Iterator<Item = uuid::Uuid> {
    ids.iter().map(|id| id.0)
}

pub async fn list_descriptions(scope: &StoreScope, ids: &[ProductId]) -> Result<Vec<product_descriptions::Model>> {
    let of_these = db::any_of(scope.conn(), product_descriptions::Column::ProductId, uuids(ids));
    Ok(scope.find::<product_descriptions::Entity>().filter(of_these).list(scope.conn()).await?)
}

/// The options of products with their values, by product.
pub type Options = HashMap<ProductId, Vec<OptionState>>;

pub async fn list_options(scope: &StoreScope, ids: &[ProductId]) -> Result<Options> {
    use product_option_values::Column as Value;
    use product_options::Column as Choice;
    let rows = scope
        .find::<product_options::Entity>()
        .filter(db::any_of(scope.conn(), Choice::ProductId, uuids(ids)))
        .order_by_asc(Choice::Position)
        .order_by_asc(Choice::Id)
        .list(scope.conn())
        .await?;
    let values = scope
        .find::<product_option_values::Entity>()
        .filter(db::any_of(scope.conn(), Value::ProductId, uuids(ids)))
        .order_by_asc(Value::Position)
        .order_by_asc(Value::Id)
        .list(scope.conn())
        .await?;
    let mut by_option: HashMap<ProductOptionId, Vec<product_option_values::Model>> = HashMap::new();
    for value in values {
        by_option.entry(value.option_id).or_default().push(value);
    }
    let mut options = Options::new();
    for row in rows {
        let values = by_option.remove(&row.id).unwrap_or_default();
        options.entry(row.product_id).or_default().push(OptionState { row, values });
    }
    Ok(options)
}

pub async fn list_options_by_ids(scope: &StoreScope, ids: &[ProductOptionId]) -> Result<Vec<product_options::Model>> {
    let of_these = db::any_of(scope.conn(), product_options::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<product_options::Entity>().filter(of_these).list(scope.conn()).await?)
}

pub async fn list_option_values_by_ids(
    scope: &StoreScope,
    ids: &[ProductOptionValueId],
) -> Result<Vec<product_option_values::Model>> {
    let of_these = db::any_of(scope.conn(), product_option_values::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<product_option_values::Entity>().filter(of_these).list(scope.conn()).await?)
}

/// The media of products, in their order.
///
/// # Errors
/// What the database says.
pub async fn list_media(scope: &StoreScope, ids: &[ProductId]) -> Result<Vec<product_media::Model>> {
    use product_media::Column;
    let of_these = db::any_of(scope.conn(), Column::ProductId, uuids(ids));
    let select = scope.find::<product_media::Entity>().filter(of_these);
    Ok(select.order_by_asc(Column::Position).order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// The living variants of products, in their order.
///
/// # Errors
/// What the database says.
pub async fn list_variants(scope: &StoreScope, ids: &[ProductId]) -> Result<Vec<product_variants::Model>> {
    use product_variants::Column;
    let of_these = db::any_of(scope.conn(), Column::ProductId, uuids(ids));
    let select = scope.find::<product_variants::Entity>().filter(of_these).filter(Column::DeletedAt.is_null());
    Ok(select.order_by_asc(Column::Position).order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// A product with all its parts that live, as it is in this transaction.
pub async fn aggregate(scope: &StoreScope, product: products::Model) -> Result<ProductAggregate> {
    let id = [product.id];
    let description = list_descriptions(scope, &id).await?.into_iter().next();
    let tags = tags::list_by_products(scope, &id).await?.into_iter().map(|(_, tag)| tag).collect();
    let options = list_options(scope, &id).await?.remove(&product.id).unwrap_or_default();
    let media = list_media(scope, &id).await?;
    let rows = list_variants(scope, &id).await?;
    let selected = scope
        .find::<variant_option_values::Entity>()
        .inner_join(product_variants::Entity)
        .filter(product_variants::Column::ProductId.eq(product.id))
        .filter(product_variants::Column::DeletedAt.is_null())
        .list(scope.conn())
        .await?;
    let mut by_variant: HashMap<_, BTreeMap<_, _>> = HashMap::new();
    for row in selected {
        by_variant.entry(row.variant_id).or_default().insert(row.option_id, row.option_value_id);
    }
    let variants = rows.into_iter().map(|row| {
        let selected = by_variant.remove(&row.id).unwrap_or_default();
        VariantState { row, selected }
    });
    Ok(ProductAggregate {
        description_html: description.map(|row| row.html),
        tags,
        options,
        media,
        variants: variants.collect(),
        product,
    })
}

/// The rows of tags by their names, made where they are missing. Two transactions that make the same one
/// get the same row.
pub async fn find_or_create_tags(tx: &Tx<StoreScope>, ctx: &Ctx, names: &[String]) -> Result<Vec<tag_rows::Model>> {
    let keys: Vec<String> = names.iter().map(|name| text::fold(name)).collect();
    let there = list_tags_named(tx, &keys).await?;
    // In one order everywhere, so that two transactions don't wait for each other.
    let mut missing: BTreeMap<&String, &String> = keys.iter().zip(names).collect();
    missing.retain(|key, _| there.iter().all(|tag| tag.name_normalized != **key));
    if missing.is_empty() {
        return Ok(there);
    }
    let rows = missing.into_iter().map(|(key, name)| tag_rows::ActiveModel {
        id: Set(ctx.id::<TagId>()),
        name: Set(name.clone()),
        name_normalized: Set(key.clone()),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    });
    let key = [tag_rows::Column::StoreId, tag_rows::Column::NameNormalized];
    tx.insert_missing::<tag_rows::Entity>(&key, rows.collect()).await?;
    list_tags_named(tx, &keys).await
}

async fn list_tags_named(scope: &StoreScope, keys: &[String]) -> Result<Vec<tag_rows::Model>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let named = tag_rows::Column::NameNormalized.is_in(keys.iter().map(String::as_str));
    Ok(scope.find::<tag_rows::Entity>().filter(named).list(scope.conn()).await?)
}
