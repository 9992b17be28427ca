//! `taxCategoryCreate`: a new kind of goods.

use async_graphql::InputObject;
use entity::tax::tax_categories::ActiveModel;
use rules::ids::TaxCategoryId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxCategoryCreated, TaxCategorySnapshot};
use super::super::store;
use super::super::types::TaxCategory;
use crate::kernel::{Action, Audit, Ctx, Error, Result, text};

/// A new tax category.
#[derive(InputObject, Clone, Default)]
pub struct TaxCategoryCreateInput {
    /// The name to show, such as `Books`; at most 100 characters.
    pub name: String,
    /// Whether goods that name none belong to it; the former default steps back. The first one of a store is
    /// the default anyhow.
    #[graphql(default)]
    pub is_default: bool,
}

/// Creates the tax category.
pub async fn run(ctx: &Ctx, input: TaxCategoryCreateInput) -> Result<TaxCategory> {
    let name = super::name(&input.name)?;

    let mut tx = ctx.begin_store(Action::TaxCategoryCreate).await?;
    tx.hold_store().await?;
    if store::count(&tx).await? >= super::MAX_CATEGORIES {
        let message = format!("A store has {} tax categories at the most.", super::MAX_CATEGORIES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let default = store::find_default(&tx).await?;
    let is_default = input.is_default || default.is_none();
    if is_default && let Some(default) = default {
        super::update::step_back(&mut tx, &default).await?;
    }
    let row = ActiveModel {
        id: Set(ctx.id::<TaxCategoryId>()),
        name_normalized: Set(text::fold(&name)),
        name: Set(name),
        is_default: Set(is_default),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let category = store::insert(&tx, row).await?;
    tx.emit(&TaxCategoryCreated { tax_category: TaxCategorySnapshot::from(&category) })?;
    tx.commit(Audit::created("tax_category", category.id, &TaxCategorySnapshot::from(&category))).await?;
    Ok(category.into())
}
