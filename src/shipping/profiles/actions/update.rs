//! `shippingProfileUpdate`: a shipping profile gets another name, or is the default from now on.

use async_graphql::InputObject;
use entity::shipping::shipping_profiles::{ActiveModel, Model};
use rules::ids::ShippingProfileId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{ShippingProfileSnapshot, ShippingProfileUpdated};
use super::super::store;
use super::super::types::ShippingProfile;
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx, input, text};

/// What changes of a shipping profile. What is left out stays as it is.
#[derive(InputObject, Clone, Default)]
pub struct ShippingProfileUpdateInput {
    /// The name to show.
    pub name: Option<String>,
    /// True makes it the default, and the former one steps back. The default itself can't be unmade: make
    /// another one the default.
    pub is_default: Option<bool>,
}

/// Changes the shipping profile.
pub async fn run(
    ctx: &Ctx,
    (id, input, expected): (ShippingProfileId, ShippingProfileUpdateInput, Option<i32>),
) -> Result<ShippingProfile> {
    let mut row = ActiveModel::default();
    if let Some(name) = &input.name {
        let name = super::name(name)?;
        row.name_normalized = Set(text::fold(&name));
        row.name = Set(name);
    }

    let mut tx = ctx.begin_store(Action::ShippingProfileUpdate).await?;
    if input.is_default.is_some() {
        tx.hold_store().await?;
    }
    let before = store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    input::expect_version(expected, before.version)?;
    match input.is_default {
        Some(false) if before.is_default => {
            let message = "Goods without a profile need a default: make another shipping profile the default.";
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
    let profile = store::update(&tx, &before, row).await?.ok_or_else(input::stale)?;
    let (old, new) = (ShippingProfileSnapshot::from(&before), ShippingProfileSnapshot::from(&profile));
    let audit = Audit::updated("shipping_profile", id, &old, &new);
    tx.emit(&ShippingProfileUpdated { shipping_profile: new })?;
    tx.commit(audit).await?;
    Ok(profile.into())
}

/// Lets a default be one among others. Whoever calls it holds the store.
pub(super) async fn step_back(tx: &mut Tx<StoreScope>, default: &Model) -> Result<()> {
    let row = ActiveModel { is_default: Set(false), ..Default::default() };
    let former = store::update(tx, default, row).await?.ok_or(Error::Retry)?;
    tx.emit(&ShippingProfileUpdated { shipping_profile: ShippingProfileSnapshot::from(&former) })
}
