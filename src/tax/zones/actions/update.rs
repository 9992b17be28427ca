//! `taxZoneUpdate`: a tax zone gets another name, or lies elsewhere from now on.

use async_graphql::{InputObject, MaybeUndefined};
use entity::tax::tax_zones::ActiveModel;
use rules::Problems;
use rules::ids::TaxZoneId;
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxZoneSnapshot, TaxZoneUpdated};
use super::super::store;
use super::super::types::TaxZone;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::places::{TerritoryInput, read_territories};

/// What changes of a tax zone. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct TaxZoneUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// Where it is from now on, all of it; null is refused.
    pub territories: MaybeUndefined<Vec<TerritoryInput>>,
}

/// Changes the tax zone.
pub async fn run(ctx: &Ctx, (id, input, expected): (TaxZoneId, TaxZoneUpdateInput, Option<i32>)) -> Result<TaxZone> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = input.name.as_deref().and_then(|raw| problems.keep(super::name(raw))) {
        row.name = Set(name);
    }
    let territories = match &input.territories {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => {
            problems.push(input::null_list("territories"));
            None
        }
        MaybeUndefined::Value(territories) => match read_territories(territories) {
            Ok(territories) => Some(territories),
            Err(found) => {
                found.into_iter().for_each(|problem| problems.push(problem));
                None
            }
        },
    };
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::TaxZoneUpdate).await?;
    tx.hold_store().await?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let was = store::list_territories(&tx, &[id]).await?.remove(&id).unwrap_or_default();
    let zone = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    if let Some(territories) = &territories {
        super::expect_free(&tx, Some(id), territories).await?;
        store::replace_territories(&tx, id, territories).await?;
    }
    let new = TaxZoneSnapshot::of(&zone, territories.unwrap_or_else(|| was.clone()));
    let audit = Audit::updated("tax_zone", id, &TaxZoneSnapshot::of(&before, was), &new);
    tx.emit(&TaxZoneUpdated { tax_zone: new })?;
    tx.commit(audit).await?;
    Ok(zone.into())
}
