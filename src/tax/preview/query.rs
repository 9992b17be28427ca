//! `taxPreview`.

use std::collections::HashMap;

use async_graphql::{Context, InputObject, Object};
use rules::Problems;
use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::ProductVariantId;
use rules::money::MoneyInput;
use rules::permission::Permission;
use rules::promotion::{self, Offers};
use rules::totals::Totals;

use super::types::TaxPreview;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};
use crate::places::PlaceInput;
use crate::pricing::{SaleLineInput, price_lines};
use crate::tax::sale::{Sale, taxation};
use crate::tax::{categories, settings};

/// A sale that is only thought of.
#[derive(InputObject)]
pub struct TaxPreviewInput {
    /// What is sold; one line at least.
    lines: Vec<SaleLineInput>,
    /// What shipping costs, in the store's tax mode; nothing is shipped where it is left out.
    shipping: Option<MoneyInput>,
    /// Where it is shipped to.
    shipping_to: Option<PlaceInput>,
    /// Where the buyer is; counts where it is shipped nowhere.
    billing_at: Option<PlaceInput>,
    /// Whether the buyer pays no tax.
    #[graphql(default)]
    exempt: bool,
}

/// Reads of what taxes would be.
#[derive(Default)]
pub struct TaxPreviewQuery;

#[Object]
impl TaxPreviewQuery {
    /// The taxes on a sale that is only thought of, in the currency of the request: worked out as those of a
    /// cart are, by the store's zones and rates or by its tax provider, without promotions.
    #[graphql(directive = requires::apply(Permission::TaxesRead))]
    async fn tax_preview(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What is sold, and where to.")] input: TaxPreviewInput,
    ) -> Result<Option<TaxPreview>> {
        let ctx = Ctx::of(gql)?;
        let mut problems = Problems::new();
        let mut place = |path: &str, place: &Option<PlaceInput>| {
            let read = place.as_ref().map(|place| place.read(path)).transpose();
            read.unwrap_or_else(|found| {
                found.into_iter().for_each(|problem| problems.push(problem));
                None
            })
        };
        let shipping_to = place("shippingTo", &input.shipping_to);
        let billing_at = place("billingAt", &input.billing_at);
        problems.finish()?;

        // Boxed: the engine holds a field's future inside that of every root around it.
        let (basket, codes) = Box::pin(basket(ctx, &input)).await?;
        // No offers: what is off is none of this question.
        let evaluation = promotion::evaluate(&basket, &Offers::default(), ctx.now())?;
        let sale = Sale {
            basket: &basket,
            evaluation: &evaluation,
            shipping: shipping_to.as_ref(),
            billing: billing_at.as_ref(),
            exempt: input.exempt,
            codes: &codes,
        };
        let worked_out = Box::pin(taxation(ctx, &sale)).await?;
        let totals = Totals::new(&basket, &evaluation, &worked_out.taxation)?;
        Ok(Some(TaxPreview::new(totals, &worked_out)))
    }
}

/// The basket of the input, with the codes that tax services know its variants by.
async fn basket(ctx: &Ctx, input: &TaxPreviewInput) -> Result<(Basket, HashMap<ProductVariantId, String>)> {
    let lines = price_lines(ctx, &input.lines).await?;
    let shipping = input.shipping.map(MoneyInput::to_money).transpose();
    let shipping = shipping.map_err(|problem| problem.under("shipping"))?;
    let scope = ctx.store().await?;
    let money = settings::money_of_store(&scope).await?;
    let default = categories::find_default(&scope).await?.map(|category| category.id);
    let codes = lines.iter().filter_map(|line| Some((line.variant.id, line.variant.tax_code.clone()?))).collect();
    let lines = lines.into_iter().map(|line| Line {
        variant: line.variant.id,
        product: line.product.id,
        brand: line.product.brand_id,
        categories: Vec::new(),
        collections: Vec::new(),
        tags: Vec::new(),
        tax_category: line.variant.tax_category_id.or(line.product.tax_category_id).or(default),
        untaxed: !line.variant.taxable,
        quantity: line.quantity,
        unit_price: line.unit_price,
    });
    let basket = Basket {
        currency: ctx.currency()?,
        tax_mode: money.tax_mode,
        rounding: money.rounding,
        lines: lines.collect(),
        shipping: shipping.map(|amount| ShippingCharge { rate: None, amount }),
        codes: Vec::new(),
        buyer: Buyer::default(),
        country: None,
        channel: None,
    };
    basket.check()?;
    Ok((basket, codes))
}
