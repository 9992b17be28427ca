//! `locationCreate`: a new location.

use async_graphql::InputObject;
use entity::inventory::locations::ActiveModel;
use rules::ids::LocationId;
use rules::stock::GeoPoint;
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::{LocationCreated, LocationSnapshot};
use super::super::store;
use super::super::types::Location;
use super::CoordinatesInput;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// A new location.
#[derive(InputObject, Clone, Default)]
pub struct LocationCreateInput {
    /// The name to show; at most 100 characters.
    pub name: String,
    /// The ISO 3166 code of the country that it lies in, such as `DE`.
    pub country: Option<String>,
    /// Whether stock goes here when no location is named; the former default steps back.
    #[graphql(default)]
    pub is_default: bool,
    /// Its place in the store's own order, 0 to 10,000: the lower number sends first, and of two the older one.
    #[graphql(default)]
    pub priority: i32,
    /// Where it is, for the strategy NEAREST.
    pub coordinates: Option<CoordinatesInput>,
}

/// Creates the location.
pub async fn run(ctx: &Ctx, input: LocationCreateInput) -> Result<Location> {
    let mut problems = Problems::new();
    let name = problems.keep(super::name(&input.name));
    let country = input.country.as_deref().map(|country| problems.keep(super::country(country)));
    let priority = problems.keep(super::priority(input.priority));
    let point = input.coordinates.and_then(|given| problems.keep(super::point(given)));
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::LocationCreate).await?;
    tx.hold_store().await?;
    if store::count(&tx).await? >= super::MAX_LOCATIONS {
        let message = format!("A store has {} locations at the most.", super::MAX_LOCATIONS);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let default = store::find_default(&tx).await?;
    let is_default = input.is_default || default.is_none();
    if is_default && let Some(default) = default {
        super::update::step_back(&mut tx, &default).await?;
    }
    let row = ActiveModel {
        id: Set(ctx.id::<LocationId>()),
        name: Set(name.unwrap_or_default()),
        country: Set(country.flatten()),
        is_default: Set(is_default),
        active: Set(true),
        priority: Set(priority.unwrap_or_default()),
        latitude: Set(point.map(GeoPoint::latitude)),
        longitude: Set(point.map(GeoPoint::longitude)),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let location = store::insert(&tx, row).await?;
    tx.emit(&LocationCreated { location: LocationSnapshot::from(&location) })?;
    tx.commit(Audit::created("location", location.id, &LocationSnapshot::from(&location))).await?;
    Ok(location.into())
}
