//! `shippingProfileProductsAssign`: products are shipped by another profile from now on.

use rules::ids::{ProductId, ShippingProfileId};
use rules::{ErrorCode, Problems};
use serde::Serialize;

use super::super::events::ShippingProfileProductsAssigned;
use super::super::store;
use super::super::types::ShippingProfile;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// What the audit log keeps.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assigned {
    shipping_profile_id: ShippingProfileId,
    product_ids: Vec<ProductId>,
}

/// Puts the products into the profile, out of those that they were in.
pub async fn run(ctx: &Ctx, (id, products): (ShippingProfileId, Vec<ProductId>)) -> Result<ShippingProfile> {
    let mut problems = Problems::new();
    if products.is_empty() {
        problems.add(ErrorCode::Required, "productIds", "Name one product at least.");
    }
    if products.len() > super::MAX_PRODUCTS {
        problems.add(ErrorCode::TooLong, "productIds", format!("Name {} at the most.", super::MAX_PRODUCTS));
    }
    problems.finish()?;

    let mut tx = ctx.begin_store(Action::ShippingProfileProductsAssign).await?;
    let profile = store::hold(&tx, id).await?.ok_or(Error::NotFound)?;
    let there = store::known_products(&tx, &products).await?;
    let mut problems = Problems::new();
    for (index, _) in products.iter().enumerate().filter(|(_, product)| !there.contains(product)) {
        problems.add(ErrorCode::NotFound, &format!("productIds.{index}"), "There is no such product here.");
    }
    problems.finish()?;
    // In one order everywhere, and each once.
    let products: Vec<ProductId> = there.into_iter().collect();
    store::remove_products(&tx, &products).await?;
    if !profile.is_default {
        store::insert_products(&tx, id, &products).await?;
    }
    let assigned = Assigned { shipping_profile_id: id, product_ids: products.clone() };
    tx.emit(&ShippingProfileProductsAssigned { shipping_profile_id: id, product_ids: products })?;
    tx.commit(Audit::done("shipping_profile", &assigned)).await?;
    Ok(profile.into())
}
