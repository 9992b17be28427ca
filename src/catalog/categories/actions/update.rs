//! `categoryUpdate`: what is known of a category changes, or where it stands.

use async_graphql::{InputObject, MaybeUndefined};
use entity::catalog::categories::ActiveModel;
use rules::Problems;
use rules::ids::CategoryId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CategorySnapshot, CategoryUpdated};
use super::super::types::Category;
use super::super::{store, tree};
use crate::catalog::rich_text;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// What changes of a category. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct CategoryUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// The name in addresses.
    pub slug: Option<String>,
    /// What the category is about, as HTML; cleaned when it is stored.
    pub description_html: MaybeUndefined<String>,
    /// The category above; null for the top of the tree.
    pub parent_id: MaybeUndefined<CategoryId>,
    /// The place among the categories under the same parent, from 0. Behind the last where only the
    /// parent changes.
    pub position: Option<i32>,
}

/// Changes the category.
pub async fn run(ctx: &Ctx, (id, input, expected): (CategoryId, CategoryUpdateInput, Option<i32>)) -> Result<Category> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = &input.name
        && let Some(name) = problems.keep(super::name(name))
    {
        row.sort_name = Set(text::sort_key(&name));
        row.name = Set(name);
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
    let position = problems.keep(super::position(input.position));
    problems.finish()?;
    let moves = !input.parent_id.is_undefined() || input.position.is_some();

    let mut tx = ctx.begin_store(Action::CategoryUpdate).await?;
    if moves {
        tx.hold_store().await?;
    }
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    if moves {
        let parent = match input.parent_id {
            MaybeUndefined::Undefined => before.parent_id,
            MaybeUndefined::Null => None,
            MaybeUndefined::Value(parent) => Some(parent),
        };
        let place = tree::relocate(&tx, &before, parent, position.flatten()).await?;
        row.parent_id = Set(place.parent);
        row.depth = Set(place.depth);
        row.position = Set(place.position);
    }
    let category = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&CategoryUpdated { category: CategorySnapshot::from(&category) })?;
    tx.commit(Audit::updated("category", id, &CategorySnapshot::from(&before), &CategorySnapshot::from(&category)))
        .await?;
    Ok(category.into())
}
