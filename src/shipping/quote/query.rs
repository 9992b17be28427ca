//! `shippingQuote`.

use async_graphql::{Context, InputObject, Object};
use rules::permission::Permission;

use super::types::ShippingQuote;
use super::{ShippedLine, quote};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};
use crate::places::PlaceInput;
use crate::pricing::{PricedLine, SaleLineInput, price_lines};

/// Goods that are only thought of, and where to.
#[derive(InputObject)]
pub struct ShippingQuoteInput {
    /// What is shipped; one line at least.
    lines: Vec<SaleLineInput>,
    /// Where it is shipped to.
    shipping_to: PlaceInput,
}

/// Reads of what shipping would cost.
#[derive(Default)]
pub struct ShippingQuoteQuery;

#[Object]
impl ShippingQuoteQuery {
    /// The ways to ship goods to a place, and what each costs in the currency of the request: worked out as those
    /// of a cart are, without promotions.
    #[graphql(directive = requires::apply(Permission::ShippingRead))]
    async fn shipping_quote(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What is shipped, and where to.")] input: ShippingQuoteInput,
    ) -> Result<Option<ShippingQuote>> {
        let ctx = Ctx::of(gql)?;
        let place = input.shipping_to.read("shippingTo")?;
        let lines = price_lines(ctx, &input.lines).await?;
        let shipped = lines.iter().filter(|line| line.variant.requires_shipping).map(shipped);
        let shipped = shipped.collect::<Result<Vec<ShippedLine>>>()?;
        let quote = quote(&ctx.store().await?, &shipped, &place, ctx.currency()?).await?;
        let variants = lines.iter().filter(|line| line.variant.requires_shipping).map(|line| line.variant.id);
        Ok(Some(ShippingQuote::new(quote, variants.collect())))
    }
}

fn shipped(line: &PricedLine) -> Result<ShippedLine> {
    let amount = line.unit_price.times(i64::from(line.quantity)).map_err(rules::Problem::from)?;
    let each = line.variant.weight_grams.unwrap_or(0).unsigned_abs();
    Ok(ShippedLine { product: line.product.id, grams: each.saturating_mul(u64::from(line.quantity)), amount })
}
