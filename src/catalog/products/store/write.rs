//! Writes what differs between two states of a product, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use entity::catalog::{
    product_descriptions, product_media, product_option_values, product_options, product_tags, product_variants,
    products, variant_option_values,
};
use rules::ids::ProductVariantId;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, IntoActiveModel, QueryFilter};

use super::super::aggregate::ProductAggregate;
use super::{slug_taken, tombstone, variant_taken};
use crate::kernel::error::{Violation, ViolationKind};
use crate::kernel::{Error, Result, Scope, StoreScope, Tx, db};

/// Writes the difference, in an order in which every key holds at every step. The product is locked, or
/// new where there is no `before`. The number of statements does not grow with the number of parts.
pub async fn write(tx: &Tx<StoreScope>, before: Option<&ProductAggregate>, after: &ProductAggregate) -> Result<()> {
    product(tx, before, after).await?;
    description(tx, before, after).await?;
    tags(tx, before, after).await?;
    let gone = options(tx, before, after).await?;
    let gone_media = media(tx, before, after).await?;
    variants(tx, before, after).await?;
    selections(tx, before, after, &gone).await?;
    gone.delete(tx).await?;
    if !gone_media.is_empty() {
        let these = db::any_of(tx.conn(), product_media::Column::Id, gone_media);
        tx.delete_many::<product_media::Entity>().filter(these).exec(tx.conn()).await?;
    }
    Ok(())
}

async fn product(tx: &Tx<StoreScope>, before: Option<&ProductAggregate>, after: &ProductAggregate) -> Result<()> {
    let row = after.product.clone().into_active_model();
    match before {
        None => drop(tx.insert::<products::Entity>(row).await.map_err(slug_taken)?),
        Some(before) if before.product != after.product => {
            drop(tx.update::<products::Entity>(row.reset_all()).await.map_err(slug_taken)?);
        }
        Some(_) => {}
    }
    Ok(())
}

async fn description(tx: &Tx<StoreScope>, before: Option<&ProductAggregate>, after: &ProductAggregate) -> Result<()> {
    let old = before.and_then(|before| before.description_html.as_ref());
    match &after.description_html {
        new if new.as_ref() == old => {}
        Some(html) => {
            let row = product_descriptions::Model {
                store_id: tx.id(),
                product_id: after.product.id,
                html: html.clone(),
                updated_at: tx.ctx().now(),
            };
            tx.save_many::<product_descriptions::Entity>(vec![row]).await?;
        }
        None => {
            let of_this = product_descriptions::Column::ProductId.eq(after.product.id);
            tx.delete_many::<product_descriptions::Entity>().filter(of_this).exec(tx.conn()).await?;
        }
    }
    Ok(())
}

async fn tags(tx: &Tx<StoreScope>, before: Option<&ProductAggregate>, after: &ProductAggregate) -> Result<()> {
    let old: BTreeSet<_> = before.iter().flat_map(|before| &before.tags).map(|tag| tag.id).collect();
    let new: BTreeSet<_> = after.tags.iter().map(|tag| tag.id).collect();
    let added: Vec<_> = new
        .difference(&old)
        .map(|tag| product_tags::ActiveModel {
            product_id: Set(after.product.id),
            tag_id: Set(*tag),
            ..Default::default()
        })
        .collect();
    if !added.is_empty() {
        // A tag that was deleted since it was read is made anew when the action runs again.
        tx.insert_many::<product_tags::Entity>(added).await.map_err(gone_since)?;
    }
    let removed: Vec<_> = old.difference(&new).map(|tag| tag.0).collect();
    if !removed.is_empty() {
        tx.delete_many::<product_tags::Entity>()
            .filter(product_tags::Column::ProductId.eq(after.product.id))
            .filter(db::any_of(tx.conn(), product_tags::Column::TagId, removed))
            .exec(tx.conn())
            .await?;
    }
    Ok(())
}

fn gone_since(error: DbErr) -> Error {
    match Violation::of(&error) {
        Some(violation) if violation.kind == ViolationKind::ForeignKey => Error::Retry,
        _ => error.into(),
    }
}

/// Options and values that go once nothing names them any more.
struct GoneOptions {
    options: Vec<uuid::Uuid>,
    values: Vec<uuid::Uuid>,
}

impl GoneOptions {
    async fn delete(self, tx: &Tx<StoreScope>) -> Result<()> {
        if !self.values.is_empty() {
            let these = db::any_of(tx.conn(), product_option_values::Column::Id, self.values);
            tx.delete_many::<product_option_values::Entity>().filter(these).exec(tx.conn()).await?;
        }
        if !self.options.is_empty() {
            let these = db::any_of(tx.conn(), product_options::Column::Id, self.options);
            tx.delete_many::<product_options::Entity>().filter(these).exec(tx.conn()).await?;
        }
        Ok(())
    }
}

async fn options(
    tx: &Tx<StoreScope>,
    before: Option<&ProductAggregate>,
    after: &ProductAggregate,
) -> Result<GoneOptions> {
    let old = before.map_or(&[][..], |before| &before.options);
    let old_rows: BTreeMap<_, _> = old.iter().map(|option| (option.row.id, &option.row)).collect();
    let old_values: BTreeMap<_, _> = old.iter().flat_map(|option| &option.values).map(|row| (row.id, row)).collect();

    let rows = after.options.iter().map(|option| &option.row);
    let changed: Vec<_> = rows.filter(|row| old_rows.get(&row.id) != Some(row)).cloned().collect();
    if !changed.is_empty() {
        tx.save_many::<product_options::Entity>(changed).await?;
    }
    let values = after.options.iter().flat_map(|option| &option.values);
    let changed: Vec<_> = values.filter(|row| old_values.get(&row.id) != Some(row)).cloned().collect();
    if !changed.is_empty() {
        tx.save_many::<product_option_values::Entity>(changed).await?;
    }

    let left: BTreeSet<_> = after.options.iter().map(|option| option.row.id).collect();
    let left_values: BTreeSet<_> = after.options.iter().flat_map(|option| &option.values).map(|row| row.id).collect();
    Ok(GoneOptions {
        options: old_rows.keys().filter(|id| !left.contains(id)).map(|id| id.0).collect(),
        values: old_values.keys().filter(|id| !left_values.contains(id)).map(|id| id.0).collect(),
    })
}

/// Writes the media, and gives those that go once no variant names them any more.
async fn media(
    tx: &Tx<StoreScope>,
    before: Option<&ProductAggregate>,
    after: &ProductAggregate,
) -> Result<Vec<uuid::Uuid>> {
    let old: BTreeMap<_, _> = before.iter().flat_map(|before| &before.media).map(|row| (row.id, row)).collect();
    let changed: Vec<_> = after.media.iter().filter(|row| old.get(&row.id) != Some(row)).cloned().collect();
    if !changed.is_empty() {
        tx.save_many::<product_media::Entity>(changed).await?;
    }
    let left: BTreeSet<_> = after.media.iter().map(|row| row.id).collect();
    Ok(old.keys().filter(|id| !left.contains(id)).map(|id| id.0).collect())
}

async fn variants(tx: &Tx<StoreScope>, before: Option<&ProductAggregate>, after: &ProductAggregate) -> Result<()> {
    let now = tx.ctx().now();
    let old: BTreeMap<ProductVariantId, &product_variants::Model> =
        before.iter().flat_map(|before| &before.variants).map(|variant| (variant.row.id, &variant.row)).collect();
    let left: BTreeSet<_> = after.variants.iter().map(|variant| variant.row.id).collect();

    let gone = old.values().filter(|row| !left.contains(&row.id)).map(|row| product_variants::Model {
        option_key: tombstone(row.id),
        media_id: None,
        version: row.version + 1,
        updated_at: now,
        deleted_at: Some(now),
        ..(*row).clone()
    });
    // Those that go stand first: what follows may take their SKU.
    let mut changed: Vec<product_variants::Model> = gone.collect();
    let rows = after.variants.iter().map(|variant| &variant.row);
    changed.extend(rows.filter(|row| old.get(&row.id) != Some(row)).cloned());
    if changed.is_empty() {
        return Ok(());
    }
    if trade_places(&old, &changed) {
        // Each row is checked when it is written, so that two rows that swap a key would stand in each
        // other's way: the old keys go first.
        let ids = changed.iter().filter(|row| old.contains_key(&row.id)).map(|row| row.id.0);
        tx.update_many::<product_variants::Entity>()
            .col_expr(product_variants::Column::Sku, Expr::value(None::<String>))
            .col_expr(product_variants::Column::SkuNormalized, Expr::value(None::<String>))
            .col_expr(
                product_variants::Column::OptionKey,
                Expr::col(product_variants::Column::OptionKey)
                    .binary(sea_orm::sea_query::BinOper::Custom("||"), Expr::value("~")),
            )
            .filter(db::any_of(tx.conn(), product_variants::Column::Id, ids))
            .exec(tx.conn())
            .await?;
    }
    tx.save_many::<product_variants::Entity>(changed).await.map_err(variant_taken)
}

/// Whether a variant takes a key that another one of the product had until now.
fn trade_places(
    old: &BTreeMap<ProductVariantId, &product_variants::Model>,
    changed: &[product_variants::Model],
) -> bool {
    let keys: BTreeMap<&str, ProductVariantId> = old.values().map(|row| (row.option_key.as_str(), row.id)).collect();
    let skus: BTreeMap<&str, ProductVariantId> =
        old.values().filter_map(|row| Some((row.sku_normalized.as_deref()?, row.id))).collect();
    let had_by_another = |owner: Option<&ProductVariantId>, row: &product_variants::Model| {
        owner.is_some_and(|owner| {
            *owner != row.id && changed.iter().any(|other| other.id == *owner && other.deleted_at.is_none())
        })
    };
    changed.iter().any(|row| {
        had_by_another(keys.get(row.option_key.as_str()), row)
            || had_by_another(row.sku_normalized.as_deref().and_then(|sku| skus.get(sku)), row)
    })
}

async fn selections(
    tx: &Tx<StoreScope>,
    before: Option<&ProductAggregate>,
    after: &ProductAggregate,
    gone: &GoneOptions,
) -> Result<()> {
    let old: BTreeMap<_, _> =
        before.iter().flat_map(|before| &before.variants).map(|variant| (variant.row.id, &variant.selected)).collect();
    let mut changed = Vec::new();
    for variant in &after.variants {
        let had = old.get(&variant.row.id);
        for (option, value) in &variant.selected {
            if had.and_then(|had| had.get(option)) != Some(value) {
                changed.push(variant_option_values::Model {
                    store_id: tx.id(),
                    variant_id: variant.row.id,
                    option_id: *option,
                    option_value_id: *value,
                });
            }
        }
    }
    if !changed.is_empty() {
        tx.save_many::<variant_option_values::Entity>(changed).await?;
    }
    let left: BTreeSet<_> = after.variants.iter().map(|variant| variant.row.id).collect();
    let of_gone_variants: Vec<_> = old.keys().filter(|id| !left.contains(id)).map(|id| id.0).collect();
    if !of_gone_variants.is_empty() {
        let these = db::any_of(tx.conn(), variant_option_values::Column::VariantId, of_gone_variants);
        tx.delete_many::<variant_option_values::Entity>().filter(these).exec(tx.conn()).await?;
    }
    if !gone.options.is_empty() {
        let these = db::any_of(tx.conn(), variant_option_values::Column::OptionId, gone.options.iter().copied());
        tx.delete_many::<variant_option_values::Entity>().filter(these).exec(tx.conn()).await?;
    }
    Ok(())
}
