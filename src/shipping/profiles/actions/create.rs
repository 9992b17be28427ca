//! `shippingProfileCreate`: goods that are shipped alike.

use async_graphql::InputObject;
use entity::shipping::shipping_profiles::ActiveModel;
use rules::ids::ShippingProfileId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{ShippingProfileCreated, ShippingProfileSnapshot};
use super::super::store;
use super::super::types::ShippingProfile;
use crate::kernel::{Action, Audit, Ctx, Error, Result, text};

/// A new shipping profile.
#[derive(InputObject, Clone, Default)]
pub struct ShippingProfileCreateInput {
    /// The name to show, such as `Bulky goods`; at most 100 characters.
    pub name: String,
    /// Whether goods that are put into none belong to it; the former default steps back. The first one of a store is
    /// the default anyhow.
    #[graphql(default)]
    pub is_default: bool,
}

/// Creates the shipping profile.
pub async fn run(ctx: &Ctx, input: ShippingProfileCreateInput) -> Result<ShippingProfile> {
    let name = super::name(&input.name)?;

    let mut tx = ctx.begin_store(Action::ShippingProfileCreate).await?;
    tx.hold_store().await?;
    if store::count(&tx).await? >= super::MAX_PROFILES {
        let message = format!("A store has {} shipping profiles at the most.", super::MAX_PROFILES);
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    let default = store::find_default(&tx).await?;
    let is_default = input.is_default || default.is_none();
    if is_default && let Some(default) = default {
        super::update::step_back(&mut tx, &default).await?;
    }
    let row = ActiveModel {
        id: Set(ctx.id::<ShippingProfileId>()),
        name_normalized: Set(text::fold(&name)),
        name: Set(name),
        is_default: Set(is_default),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let profile = store::insert(&tx, row).await?;
    tx.emit(&ShippingProfileCreated { shipping_profile: ShippingProfileSnapshot::from(&profile) })?;
    tx.commit(Audit::created("shipping_profile", profile.id, &ShippingProfileSnapshot::from(&profile))).await?;
    Ok(profile.into())
}
