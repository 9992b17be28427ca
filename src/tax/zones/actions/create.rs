//! `taxZoneCreate`: places that are taxed alike.

use async_graphql::InputObject;
use entity::tax::tax_zones::ActiveModel;
use rules::ids::TaxZoneId;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{TaxZoneCreated, TaxZoneSnapshot};
use super::super::store;
use super::super::types::TaxZone;
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::places::{TerritoryInput, read_territories};

/// A new tax zone.
#[derive(InputObject, Clone, Default)]
pub struct TaxZoneCreateInput {
    /// The name to show, such as `European Union`; at most 100 characters.
    pub name: String,
    /// Where it is: one territory at least, 250 with their ranges of postal codes at the most.
    pub territories: Vec<TerritoryInput>,
}

/// Creates the tax zone.
pub async fn run(ctx: &Ctx, input: TaxZoneCreateInput) -> Result<TaxZone> {
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

    let mut tx = ctx.begin_store(Action::TaxZoneCreate).await?;
    tx.hold_store().await?;
    if store::count(&tx).await? >= super::MAX_ZONES {
        let message = format!("A store has {} tax zones at the most.", super::MAX_ZONES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    super::expect_free(&tx, None, &territories).await?;
    let row = ActiveModel {
        id: Set(ctx.id::<TaxZoneId>()),
        name: Set(name),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let zone = store::insert(&tx, row).await?;
    store::insert_territories(&tx, zone.id, &territories).await?;
    let snapshot = TaxZoneSnapshot::of(&zone, territories);
    let audit = Audit::created("tax_zone", zone.id, &snapshot);
    tx.emit(&TaxZoneCreated { tax_zone: snapshot })?;
    tx.commit(audit).await?;
    Ok(zone.into())
}
