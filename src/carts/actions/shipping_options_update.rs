//! `cartShippingOptionsUpdate`: by which ways the goods of a cart are shipped.

use async_graphql::InputObject;
use rules::ids::{ShippingProfileId, ShippingRateId};
use rules::{ErrorCode, Problems};

use crate::carts::access::CartRef;
use crate::carts::edit::{self, Edited};
use crate::carts::store;
use crate::kernel::{Action, Ctx, Error, Result};

/// Groups that are chosen for at once at the most: as many as a cart has lines.
const MAX_CHOICES: usize = rules::cart::MAX_LINES;

/// The way to ship one group of goods.
#[derive(InputObject, Clone, Copy)]
pub struct CartShippingChoiceInput {
    /// The group, by its `deliveryGroupId`.
    pub delivery_group_id: ShippingProfileId,
    /// One of its options; null takes the choice back.
    pub shipping_rate_id: Option<ShippingRateId>,
}

/// Makes the choices. Groups that are not named keep theirs.
pub async fn run(ctx: &Ctx, (cart, choices): (CartRef, Vec<CartShippingChoiceInput>)) -> Result<Edited> {
    if choices.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "options", "Choose for one group at least."));
    }
    if choices.len() > MAX_CHOICES {
        return Err(Error::invalid(ErrorCode::TooLong, "options", format!("Give at most {MAX_CHOICES}.")));
    }
    let mut edit = edit::begin(ctx, &cart, Action::CartShippingOptionsUpdate).await?;
    if edit.parts.shipping.is_none() {
        let message = "Say where it goes to first: set a shipping address.";
        return Err(Error::invalid(ErrorCode::Required, "shippingAddress", message));
    }
    let facts = edit.facts().await?;
    let mut problems = Problems::new();
    let mut kept = edit.parts.choices.clone();
    for (place, choice) in choices.iter().enumerate() {
        let at = |field: &str| format!("options.{place}.{field}");
        let Some(group) = facts.groups.iter().find(|group| group.profile == choice.delivery_group_id) else {
            problems.add(ErrorCode::NotFound, &at("deliveryGroupId"), "There is no such group in the cart.");
            continue;
        };
        if choices[..place].iter().any(|other| other.delivery_group_id == choice.delivery_group_id) {
            problems.add(ErrorCode::Duplicate, &at("deliveryGroupId"), "This group stands twice.");
        }
        kept.retain(|(profile, _)| *profile != group.profile);
        match choice.shipping_rate_id {
            None => {}
            Some(rate) if group.rates.iter().any(|offered| offered.id == rate) => kept.push((group.profile, rate)),
            Some(_) => {
                let message = "These goods are not shipped so: choose one of the group's options.";
                problems.add(ErrorCode::NotFound, &at("shippingRateId"), message);
            }
        }
    }
    problems.finish()?;
    kept.sort_unstable();
    if kept == edit.parts.choices {
        return Ok(edit.unchanged());
    }
    store::save_choices(&edit.tx, edit.parts.cart.id, &kept).await?;
    edit.parts.choices = kept;
    edit.finish(Default::default()).await
}
