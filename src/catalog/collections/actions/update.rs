//! `collectionUpdate`: what is known of a collection changes, or whether it is shown.

use async_graphql::{InputObject, MaybeUndefined};
use chrono::{DateTime, Utc};
use entity::catalog::collections::ActiveModel;
use rules::Problems;
use rules::ids::CollectionId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CollectionSnapshot, CollectionUpdated};
use super::super::store;
use super::super::types::Collection;
use crate::catalog::rich_text;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// What changes of a collection. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct CollectionUpdateInput {
    /// The name to show.
    pub title: Option<String>,
    /// The name in addresses.
    pub slug: Option<String>,
    /// What the collection is about, as HTML; cleaned when it is stored.
    pub description_html: MaybeUndefined<String>,
    /// From when storefronts show it; null hides it.
    pub published_at: MaybeUndefined<DateTime<Utc>>,
}

/// Changes the collection.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (CollectionId, CollectionUpdateInput, Option<i32>),
) -> Result<Collection> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(title) = &input.title
        && let Some(title) = problems.keep(super::title(title))
    {
        row.sort_title = Set(text::sort_key(&title));
        row.title = Set(title);
    }
    if let Some(slug) = &input.slug
        && let Some(slug) = problems.keep(input::slug("slug", slug))
    {
        row.slug = Set(slug);
    }
    match &input.description_html {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.description_html = Set(None),
        MaybeUndefined::Value(html) => {
            if let Some(html) = problems.keep(rich_text::clean("descriptionHtml", html)) {
                row.description_html = Set(html);
            }
        }
    }
    match input.published_at {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.published_at = Set(None),
        MaybeUndefined::Value(time) => {
            if let Some(time) = problems.keep(input::moment("publishedAt", time)) {
                row.published_at = Set(Some(time));
            }
        }
    }
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::CollectionUpdate).await?;
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let collection = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&CollectionUpdated { collection: CollectionSnapshot::from(&collection) })?;
    tx.commit(Audit::updated(
        "collection",
        id,
        &CollectionSnapshot::from(&before),
        &CollectionSnapshot::from(&collection),
    ))
    .await?;
    Ok(collection.into())
}
