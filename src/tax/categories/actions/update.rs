//! `taxCategoryUpdate`: a tax category gets another name, or is the default from now on.

use async_graphql::InputObject;
use entity::tax::tax_categories::{ActiveModel, Model};
use rules::ids::TaxCategoryId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxCategorySnapshot, TaxCategoryUpdated};
use super::super::store;
use super::super::types::TaxCategory;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input, text};

/// What changes of a tax category. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct TaxCategoryUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// True makes it the default, and the former one steps back. The default itself can't be unmade: make
    /// another one the default.
    pub is_default: Option<bool>,
}

/// Changes the tax category.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (TaxCategoryId, TaxCategoryUpdateInput, Option<i32>),
) -> Result<TaxCategory> {
    let mut row = ActiveModel::default();
    if let Some(name) = &input.name {
        let name = super::name(name)?;
        row.name_normalized = Set(text::fold(&name));
        row.name = Set(name);
    }

    let mut tx = ctx.begin_store(Action::TaxCategoryUpdate).await?;
    if input.is_default.is_some() {
        tx.hold_store().await?;
    }
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    match input.is_default {
        Some(false) if before.is_default => {
            let message = "Goods without a category need a default: make another tax category the default.";
            return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "isDefault", message)));
        }
        Some(true) if !before.is_default => {
            if let Some(default) = store::find_default(&tx).await? {
                step_back(&mut tx, &default).await?;
            }
            row.is_default = Set(true);
        }
        _ => {}
    }
    let category = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    let (old, new) = (TaxCategorySnapshot::from(&before), TaxCategorySnapshot::from(&category));
    let audit = Audit::updated("tax_category", id, &old, &new);
    tx.emit(&TaxCategoryUpdated { tax_category: new })?;
    tx.commit(audit).await?;
    Ok(category.into())
}

/// Lets a default be one among others. Whoever calls it holds the store.
pub(super) async fn step_back(tx: &mut Tx<StoreScope>, default: &Model) -> Result<()> {
    let row = ActiveModel { is_default: Set(false), ..Default::default() };
    let former = store::update(tx, default, row).await?.ok_or(Error::Retry)?;
    tx.emit(&TaxCategoryUpdated { tax_category: TaxCategorySnapshot::from(&former) })
}
