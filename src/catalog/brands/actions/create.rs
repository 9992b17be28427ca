//! `brandCreate`: a new brand.

use async_graphql::InputObject;
use entity::catalog::brands::{ActiveModel, Model};
use rules::ids::BrandId;
use rules::{ErrorCode, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{BrandCreated, BrandSnapshot};
use super::super::store;
use super::super::types::Brand;
use crate::catalog::rich_text;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, text};

/// A new brand.
#[derive(InputObject, Clone, Default)]
pub struct BrandCreateInput {
    /// The name to show; at most 200 characters.
    pub name: String,
    /// The name in addresses; made from the name where it is left out.
    pub slug: Option<String>,
    /// What the brand is about, as HTML; cleaned when it is stored.
    pub description_html: Option<String>,
}

/// Creates the brand.
pub async fn run(ctx: &Ctx, input: BrandCreateInput) -> Result<Brand> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let slug = problems.keep(super::slug(input.slug.as_deref(), &input.name));
    let description =
        problems.keep(rich_text::clean("descriptionHtml", input.description_html.as_deref().unwrap_or("")));
    problems.finish()?;
    let (name, slug) = (name.unwrap_or_default(), slug.unwrap_or_default());

    let mut tx = ctx.begin_store(Action::BrandCreate).await?;
    let brand = insert(&mut tx, name, slug, description.flatten()).await?;
    tx.commit(Audit::created("brand", brand.id, &BrandSnapshot::from(&brand))).await?;
    Ok(brand.into())
}

/// The living brand whose slug is made of this name, made where there is none: the door for imports. Works
/// inside their transaction, and leaves an audit entry of its own there.
///
/// # Errors
/// The problems of the name; `Retry` where another transaction makes the same brand.
pub async fn find_or_create(tx: &mut Tx<StoreScope>, name: &str) -> Result<Model> {
    let name = super::name(name)?;
    let slug = super::slug(None, &name)?;
    if let Some(brand) = store::find_by_slug(tx, &slug).await? {
        return Ok(brand);
    }
    let brand = match insert(tx, name, slug, None).await {
        Err(Error::Conflict(problem)) if problem.code == ErrorCode::Taken => return Err(Error::Retry),
        brand => brand?,
    };
    tx.audit(Action::BrandCreate, Audit::created("brand", brand.id, &BrandSnapshot::from(&brand))).await?;
    Ok(brand)
}

async fn insert(tx: &mut Tx<StoreScope>, name: String, slug: String, description: Option<String>) -> Result<Model> {
    let ctx = tx.ctx();
    let row = ActiveModel {
        id: Set(ctx.id::<BrandId>()),
        sort_name: Set(text::sort_key(&name)),
        name: Set(name),
        slug: Set(slug),
        description_html: Set(description),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let brand = store::insert(tx, row).await?;
    tx.emit(&BrandCreated { brand: BrandSnapshot::from(&brand) })?;
    Ok(brand)
}
