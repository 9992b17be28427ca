//! Lines of a sale that is only thought of, with their prices.
//!
//! Owns how previews name variants and get their prices, by the same resolver as listings (rule M2). Never
//! knows what a preview is about.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::InputObject;
use entity::catalog::{product_variants, products};
use futures::future::try_join_all;
use rules::ids::ProductVariantId;
use rules::money::MoneyInput;
use rules::pricing::{PriceQuery, resolve};
use rules::{ErrorCode, Money, Problems};

use super::loaders::PricesInCurrency;
use crate::catalog::products::ProductById;
use crate::catalog::variants::VariantById;
use crate::kernel::{Ctx, Result};

/// Units of one line at the most.
const MAX_QUANTITY: u32 = 1_000_000;

/// Some units of a variant.
#[derive(InputObject)]
pub struct SaleLineInput {
    /// Which variant.
    pub variant_id: ProductVariantId,
    /// How many units; 1 to 1,000,000.
    pub quantity: i32,
    /// What one unit costs, in the store's tax mode; its price in the currency of the request where it is left
    /// out.
    pub unit_price: Option<MoneyInput>,
}

/// Some units of a variant that is there, and what one costs.
#[derive(Debug, Clone)]
pub struct PricedLine {
    /// The variant.
    pub variant: Arc<product_variants::Model>,
    /// The product that it is a version of.
    pub product: Arc<products::Model>,
    /// How many units.
    pub quantity: u32,
    /// What one of them costs.
    pub unit_price: Money,
}

/// Reads the lines, in their order. Takes as many statements for many lines as for one.
///
/// # Errors
/// Every problem, at the paths of `lines`: `REQUIRED` where there is none, `OUT_OF_RANGE`, `NOT_FOUND` for a
/// variant that is not there, `NO_PRICE` for one that has none in the currency of the request.
pub async fn price_lines(ctx: &Ctx, lines: &[SaleLineInput]) -> Result<Vec<PricedLine>> {
    let mut problems = Problems::new();
    if lines.is_empty() {
        problems.add(ErrorCode::Required, "lines", "Name one variant at least.");
    }
    let variants = try_join_all(lines.iter().map(|line| ctx.load::<VariantById>(line.variant_id))).await?;
    let products = variants.iter().map(|variant| async {
        match variant {
            Some(variant) => ctx.load::<ProductById>(variant.product_id).await,
            None => Ok(None),
        }
    });
    let products = try_join_all(products).await?;

    let mut there = Vec::with_capacity(lines.len());
    for (index, ((input, variant), product)) in lines.iter().zip(variants).zip(products).enumerate() {
        let at = |field: &str| format!("lines.{index}.{field}");
        let quantity = u32::try_from(input.quantity).ok().filter(|quantity| (1..=MAX_QUANTITY).contains(quantity));
        if quantity.is_none() {
            problems.add(ErrorCode::OutOfRange, &at("quantity"), format!("Give 1 to {MAX_QUANTITY}."));
        }
        let unit_price = input.unit_price.map(MoneyInput::to_money).transpose();
        let unit_price = problems.keep(unit_price.map_err(|problem| problem.under(&at("unitPrice")))).flatten();
        let living = variant.filter(|variant| variant.deleted_at.is_none());
        match living.zip(product.filter(|product| product.deleted_at.is_none())) {
            Some((variant, product)) => there.push((quantity.unwrap_or(1), unit_price, variant, product)),
            None => problems.add(ErrorCode::NotFound, &at("variantId"), "There is no such variant here."),
        }
    }
    problems.finish()?;

    let currency = ctx.currency()?;
    // All lines of a variant count together (rule M2).
    let mut units: HashMap<ProductVariantId, u32> = HashMap::new();
    for (quantity, _, variant, _) in &there {
        let sum = units.entry(variant.id).or_default();
        *sum = sum.saturating_add(*quantity);
    }
    let rows = try_join_all(there.iter().map(|(.., product)| ctx.load::<PricesInCurrency>(product.id))).await?;
    let (mut problems, mut priced) = (Problems::new(), Vec::with_capacity(there.len()));
    for (index, ((quantity, unit_price, variant, product), rows)) in there.into_iter().zip(rows).enumerate() {
        let all = units.get(&variant.id).copied().unwrap_or(quantity);
        let all = i32::try_from(all).unwrap_or(i32::MAX);
        let query = PriceQuery { currency, quantity: all, at: ctx.now(), segments: rows.segments() };
        let listed = || resolve(rows.of(variant.id), &query).map(|row| row.amount);
        let at = format!("lines.{index}.unitPrice");
        match unit_price.or_else(listed) {
            Some(unit_price) if unit_price.currency() != currency => {
                problems.add(ErrorCode::Invalid, &at, format!("Give it in {currency}, the currency of the request."));
            }
            Some(unit_price) if unit_price.is_negative() => {
                problems.add(ErrorCode::OutOfRange, &at, format!("{unit_price} is below nothing."));
            }
            Some(unit_price) => priced.push(PricedLine { variant, product, quantity, unit_price }),
            None => {
                let message = format!("The variant has no price in {currency}: give one.");
                problems.add(ErrorCode::NoPrice, &format!("lines.{index}"), message);
            }
        }
    }
    problems.finish()?;
    Ok(priced)
}
