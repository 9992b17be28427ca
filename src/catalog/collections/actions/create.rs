//! `collectionCreate`: a new collection.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::catalog::collections::ActiveModel;
use rules::Problems;
use rules::ids::CollectionId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CollectionCreated, CollectionSnapshot};
use super::super::store;
use super::super::types::Collection;
use crate::catalog::rich_text;
use crate::kernel::{Action, Audit, Ctx, Result, input, text};

/// A new collection.
#[derive(InputObject, Clone, Default)]
pub struct CollectionCreateInput {
    /// The name to show; at most 200 characters.
    pub title: String,
    /// The name in addresses; made from the title where it is left out.
    pub slug: Option<String>,
    /// What the collection is about, as HTML; cleaned when it is stored.
    pub description_html: Option<String>,
    /// From when storefronts show it; hidden where it is left out.
    pub published_at: Option<DateTime<Utc>>,
}

/// Creates the collection.
pub async fn run(ctx: &Ctx, input: CollectionCreateInput) -> Result<Collection> {
    let mut problems = Problems::new();
    let title = problems.keep(super::title(&input.title));
    let slug = problems.keep(super::slug(input.slug.as_deref(), &input.title));
    let description =
        problems.keep(rich_text::clean("descriptionHtml", input.description_html.as_deref().unwrap_or("")));
    let published_at = input.published_at.map(|time| problems.keep(input::moment("publishedAt", time)));
    problems.finish()?;
    let (title, slug) = (title.unwrap_or_default(), slug.unwrap_or_default());

    let mut tx = ctx.begin_store(Action::CollectionCreate).await?;
    let row = ActiveModel {
        id: Set(ctx.id::<CollectionId>()),
        sort_title: Set(text::sort_key(&title)),
        title: Set(title),
        slug: Set(slug),
        description_html: Set(description.flatten()),
        published_at: Set(published_at.flatten()),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let collection = store::insert(&tx, row).await?;
    tx.emit(&CollectionCreated { collection: CollectionSnapshot::from(&collection) })?;
    tx.commit(Audit::created("collection", collection.id, &CollectionSnapshot::from(&collection))).await?;
    Ok(collection.into())
}
