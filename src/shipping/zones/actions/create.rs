//! `shippingZoneCreate`: places that are shipped to alike.

use async_graphql::InputObject;
use entity::shipping::shipping_zones::ActiveModel;
use rules::ids::{ShippingProfileId, ShippingZoneId};
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{ShippingZoneCreated, ShippingZoneSnapshot};
use super::super::store;
use super::super::types::ShippingZone;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input};
use crate::places::{TerritoryInput, read_territories};
use crate::shipping::profiles;

/// A new shipping zone.
#[derive(InputObject, Clone)]
pub struct ShippingZoneCreateInput {
    /// The profile whose goods are shipped there.
    pub profile_id: ShippingProfileId,
    /// The name to show, such as `European Union`; at most 100 characters.
    pub name: String,
    /// Where it is: one territory at least, 250 with their ranges of postal codes at the most.
    pub territories: Vec<TerritoryInput>,
}

/// Creates the shipping zone.
pub async fn run(ctx: &Ctx, input: ShippingZoneCreateInput) -> Result<ShippingZone> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name)).unwrap_or_default();
    let territories = match read_territories(&input.territories) {
        Ok(territories) => territories,
        Err(found) => {
            found.into_iter().for_each(|problem| problems.push(problem));
            Vec::new()
        }
    };
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::ShippingZoneCreate).await?;
    let profile = input.profile_id;
    if profiles::hold(&tx, profile).await?.is_none() {
        return Err(input::not_found("profileId", "shipping profile"));
    }
    if store::count(&tx, profile).await? >= super::MAX_ZONES {
        let message = format!("A profile has {} shipping zones at the most.", super::MAX_ZONES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    super::expect_free(&tx, (profile, None), &territories).await?;
    let row = ActiveModel {
        id: Set(ctx.id::<ShippingZoneId>()),
        profile_id: Set(profile),
        name: Set(name),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let zone = store::insert(&tx, row).await?;
    store::insert_territories(&tx, &zone, &territories).await?;
    let snapshot = ShippingZoneSnapshot::of(&zone, territories);
    let audit = Audit::created("shipping_zone", zone.id, &snapshot);
    tx.emit(&ShippingZoneCreated { shipping_zone: snapshot })?;
    tx.commit(audit).await?;
    Ok(zone.into())
}
