//! `categoryCreate`: a new category.

use async_graphql::InputObject;
use entity::catalog::categories::ActiveModel;
use rules::Problems;
use rules::ids::CategoryId;
use sea_orm::ActiveValue::Set;

use super::super::events::{CategoryCreated, CategorySnapshot};
use super::super::types::Category;
use super::super::{store, tree};
use crate::catalog::rich_text;
use crate::kernel::{Action, Audit, Ctx, Result, text};

/// A new category.
#[derive(InputObject, Clone, Default)]
pub struct CategoryCreateInput {
    /// The name to show; at most 200 characters.
    pub name: String,
    /// The name in addresses; made from the name where it is left out.
    pub slug: Option<String>,
    /// What the category is about, as HTML; cleaned when it is stored.
    pub description_html: Option<String>,
    /// The category above; at the top of the tree where it is left out.
    pub parent_id: Option<CategoryId>,
    /// The place among the categories under the same parent, from 0; behind the last where it is left out.
    pub position: Option<i32>,
}

/// Creates the category.
pub async fn run(ctx: &Ctx, input: CategoryCreateInput) -> Result<Category> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let slug = problems.keep(super::slug(input.slug.as_deref(), &input.name));
    let description =
        problems.keep(rich_text::clean("descriptionHtml", input.description_html.as_deref().unwrap_or("")));
    let position = problems.keep(super::position(input.position));
    problems.finish()?;
    let (name, slug) = (name.unwrap_or_default(), slug.unwrap_or_default());

    let mut tx = ctx.begin_store(Action::CategoryCreate).await?;
    tx.hold_store().await?;
    let place = tree::make_room(&tx, "parentId", input.parent_id, 0, position.flatten(), None).await?;
    let row = ActiveModel {
        id: Set(ctx.id::<CategoryId>()),
        parent_id: Set(place.parent),
        position: Set(place.position),
        depth: Set(place.depth),
        sort_name: Set(text::sort_key(&name)),
        name: Set(name),
        slug: Set(slug),
        description_html: Set(description.flatten()),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let category = store::insert(&tx, row).await?;
    tx.emit(&CategoryCreated { category: CategorySnapshot::from(&category) })?;
    tx.commit(Audit::created("category", category.id, &CategorySnapshot::from(&category))).await?;
    Ok(category.into())
}
