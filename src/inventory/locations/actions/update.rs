//! `locationUpdate`: what is known of a location changes, or stock goes there by default from now on.

use async_graphql::{InputObject, MaybeUndefined};
use entity::inventory::locations::{ActiveModel, Model};
use rules::ids::LocationId;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{LocationSnapshot, LocationUpdated};
use super::super::store;
use super::super::types::Location;
use super::CoordinatesInput;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input};

/// What changes of a location. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct LocationUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// The ISO 3166 code of the country that it lies in.
    pub country: MaybeUndefined<String>,
    /// True makes it the default, and the former one steps back. The default itself can't be unmade:
    /// make another one the default.
    pub is_default: Option<bool>,
    /// Its place in the store's own order, 0 to 10,000: the lower number sends first.
    pub priority: Option<i32>,
    /// Where it is, for the strategy NEAREST.
    pub coordinates: MaybeUndefined<CoordinatesInput>,
}

/// Changes the location.
pub async fn run(ctx: &Ctx, (id, input, expected): (LocationId, LocationUpdateInput, Option<i32>)) -> Result<Location> {
    let mut row = ActiveModel::default();
    let mut problems = Problems::new();
    if let Some(name) = &input.name
        && let Some(name) = problems.keep(super::name(name))
    {
        row.name = Set(name);
    }
    match &input.country {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => row.country = Set(None),
        MaybeUndefined::Value(country) => {
            if let Some(country) = problems.keep(super::country(country)) {
                row.country = Set(Some(country));
            }
        }
    }
    if let Some(priority) = input.priority.and_then(|given| problems.keep(super::priority(given))) {
        row.priority = Set(priority);
    }
    match input.coordinates {
        MaybeUndefined::Undefined => {}
        MaybeUndefined::Null => (row.latitude, row.longitude) = (Set(None), Set(None)),
        MaybeUndefined::Value(given) => {
            if let Some(point) = problems.keep(super::point(given)) {
                (row.latitude, row.longitude) = (Set(Some(point.latitude())), Set(Some(point.longitude())));
            }
        }
    }
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::LocationUpdate).await?;
    if input.is_default.is_some() {
        tx.hold_store().await?;
    }
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    match input.is_default {
        Some(false) if before.is_default => {
            let message = "Stock needs a place to go to: make another location the default.";
            return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "isDefault", message)));
        }
        Some(true) if !before.active => {
            let message = "Nothing is kept at this location: activate it first.";
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
    let location = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    tx.emit(&LocationUpdated { location: LocationSnapshot::from(&location) })?;
    tx.commit(Audit::updated("location", id, &LocationSnapshot::from(&before), &LocationSnapshot::from(&location)))
        .await?;
    Ok(location.into())
}

/// Lets a default location be one among others. Whoever calls it holds the store.
pub(super) async fn step_back(tx: &mut Tx<StoreScope>, default: &Model) -> Result<()> {
    let row = ActiveModel { is_default: Set(false), ..Default::default() };
    let former = store::update(tx, default, row).await?.ok_or(Error::Retry)?;
    tx.emit(&LocationUpdated { location: LocationSnapshot::from(&former) })
}
