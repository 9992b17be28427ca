//! `brandUpdate`: what is known of a brand changes.

use async_graphql::{InputObject, MaybeUndefined};
use entity::catalog::brands::ActiveModel;
use rules::Problems;
use rules::ids::BrandId;
use sea_orm::ActiveValue::Set;

use super::super::events::{BrandSnapshot, BrandUpdated};
use super::super::store;
use super::super::types::Brand;
use crate::catalog::rich_text;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// What changes of a brand. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct BrandUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// The name in addresses.
    pub slug: Option<String>,
    /// What the brand is about, as HTML; cleaned when it is stored.
    pub description_html: MaybeUndefined<String>,
}

/// Changes the brand.
pub async fn run(ctx: &Ctx, (id, input, expected): (BrandId, BrandUpdateInput, Option<i32>)) -> Result<Brand> {
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
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::BrandUpdate).await?;
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let brand = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&BrandUpdated { brand: BrandSnapshot::from(&brand) })?;
    tx.commit(Audit::updated("brand", id, &BrandSnapshot::from(&before), &BrandSnapshot::from(&brand))).await?;
    Ok(brand.into())
}
