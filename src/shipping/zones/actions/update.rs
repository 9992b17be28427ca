//! `shippingZoneUpdate`: a shipping zone gets another name, or lies elsewhere from now on.

use async_graphql::{InputObject, MaybeUndefined};
use entity::shipping::shipping_zones::ActiveModel;
use rules::Problems;
use rules::ids::ShippingZoneId;
use sea_orm::ActiveValue::Set;

use super::super::events::{ShippingZoneSnapshot, ShippingZoneUpdated};
use super::super::store;
use super::super::types::ShippingZone;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::places::{TerritoryInput, read_territories};
use crate::shipping::profiles;

/// What changes of a shipping zone. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct ShippingZoneUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// Where it is from now on, all of it; null is refused.
    pub territories: MaybeUndefined<Vec<TerritoryInput>>,
}

/// Changes the shipping zone.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (ShippingZoneId, ShippingZoneUpdateInput, Option<i32>),
) -> Result<ShippingZone> {
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

    let mut tx = ctx.begin_store(Action::ShippingZoneUpdate).await?;
    let profile = store::find(&tx, id).await?.ok_or(Error::NotFound)?.profile_id;
    // Whoever changes another zone of the profile waits.
    profiles::hold(&tx, profile).await?.ok_or(Error::NotFound)?;
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    let was = store::list_territories(&tx, &[id]).await?.remove(&id).unwrap_or_default();
    let zone = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    if let Some(territories) = &territories {
        super::expect_free(&tx, (profile, Some(id)), territories).await?;
        store::replace_territories(&tx, &zone, territories).await?;
    }
    let new = ShippingZoneSnapshot::of(&zone, territories.unwrap_or_else(|| was.clone()));
    let audit = Audit::updated("shipping_zone", id, &ShippingZoneSnapshot::of(&before, was), &new);
    tx.emit(&ShippingZoneUpdated { shipping_zone: new })?;
    tx.commit(audit).await?;
    Ok(zone.into())
}
