//! `taxPreview`.

use std::collections::HashMap;

use async_graphql::{Context, InputObject, Object};
use futures::future::try_join_all;
use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::{ProductId, ProductVariantId};
use rules::money::MoneyInput;
use rules::permission::Permission;
use rules::pricing::{PriceQuery, resolve};
use rules::promotion::{self, Offers};
use rules::totals::Totals;
use rules::{ErrorCode, Money, Problem, Problems};

use super::types::TaxPreview;
use crate::catalog::products::ProductById;
use crate::catalog::variants::VariantById;
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Error, Result};
use crate::places::PlaceInput;
use crate::pricing::PricesInCurrency;
use crate::tax::sale::{Sale, taxation};
use crate::tax::{categories, settings};

/// Units of one line at the most.
const MAX_QUANTITY: u32 = 1_000_000;

/// A sale that is only thought of.
#[derive(InputObject)]
pub struct TaxPreviewInput {
    /// What is sold; one line at least.
    lines: Vec<TaxPreviewLineInput>,
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

/// Some units of a variant.
#[derive(InputObject)]
struct TaxPreviewLineInput {
    /// Which variant.
    variant_id: ProductVariantId,
    /// How many units; 1 to 1,000,000.
    quantity: i32,
    /// What one unit costs, in the store's tax mode; its price in the currency of the request where it is left
    /// out.
    unit_price: Option<MoneyInput>,
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
        if input.lines.is_empty() {
            problems.add(ErrorCode::Required, "lines", "Name one variant at least.");
        }
        problems.finish()?;

        let (basket, codes) = basket(ctx, &input).await?;
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
        let worked_out = taxation(ctx, &sale).await?;
        let totals = Totals::new(&basket, &evaluation, &worked_out.taxation)?;
        Ok(Some(TaxPreview::new(totals, &worked_out)))
    }
}

/// The basket of the input, with the codes that tax services know its variants by.
async fn basket(ctx: &Ctx, input: &TaxPreviewInput) -> Result<(Basket, HashMap<ProductVariantId, String>)> {
    let scope = ctx.store().await?;
    let money = settings::money_of_store(&scope).await?;
    let default = categories::find_default(&scope).await?.map(|category| category.id);
    drop(scope);

    let ids = || input.lines.iter().map(|line| line.variant_id);
    let variants = try_join_all(ids().map(|id| ctx.load::<VariantById>(id))).await?;
    let products = variants.iter().map(|variant| async {
        match variant {
            Some(variant) => ctx.load::<ProductById>(variant.product_id).await,
            None => Ok(None),
        }
    });
    let products = try_join_all(products).await?;

    let mut problems = Problems::new();
    let (mut lines, mut codes) = (Vec::new(), HashMap::new());
    for (index, ((input, variant), product)) in input.lines.iter().zip(variants).zip(products).enumerate() {
        let at = |field: &str| format!("lines.{index}.{field}");
        let quantity = u32::try_from(input.quantity).ok().filter(|quantity| (1..=MAX_QUANTITY).contains(quantity));
        if quantity.is_none() {
            problems.add(ErrorCode::OutOfRange, &at("quantity"), format!("Give 1 to {MAX_QUANTITY}."));
        }
        let unit_price = input.unit_price.map(MoneyInput::to_money).transpose();
        let unit_price = problems.keep(unit_price.map_err(|problem| problem.under(&at("unitPrice")))).flatten();
        let living = variant.filter(|variant| variant.deleted_at.is_none());
        let living = living.zip(product.filter(|product| product.deleted_at.is_none()));
        let Some((variant, product)) = living else {
            problems.add(ErrorCode::NotFound, &at("variantId"), "There is no such variant here.");
            continue;
        };
        if let Some(code) = &variant.tax_code {
            codes.insert(variant.id, code.clone());
        }
        lines.push((index, quantity.unwrap_or(1), unit_price, variant, product));
    }
    problems.finish()?;

    let currency = ctx.currency()?;
    let mut units: HashMap<ProductVariantId, u32> = HashMap::new();
    for (_, quantity, _, variant, _) in &lines {
        let sum = units.entry(variant.id).or_default();
        *sum = sum.saturating_add(*quantity);
    }
    let prices = |product: ProductId| ctx.load::<PricesInCurrency>(product);
    let rows = try_join_all(lines.iter().map(|(.., product)| prices(product.id))).await?;
    let mut problems = Problems::new();
    let mut basket_lines = Vec::new();
    for ((index, quantity, unit_price, variant, product), rows) in lines.into_iter().zip(rows) {
        // All lines of a variant count together (rule M2).
        let all = units.get(&variant.id).copied().unwrap_or(quantity);
        let query =
            PriceQuery { currency, quantity: i32::try_from(all).unwrap_or(i32::MAX), at: ctx.now(), segments: &[] };
        let listed = || resolve(rows.of(variant.id), &query).map(|row| row.amount);
        let Some(unit_price) = unit_price.or_else(listed) else {
            let message = format!("The variant has no price in {currency}: give one.");
            problems.add(ErrorCode::NoPrice, &format!("lines.{index}"), message);
            continue;
        };
        basket_lines.push(Line {
            variant: variant.id,
            product: product.id,
            brand: product.brand_id,
            categories: Vec::new(),
            collections: Vec::new(),
            tags: Vec::new(),
            tax_category: variant.tax_category_id.or(product.tax_category_id).or(default),
            untaxed: !variant.taxable,
            quantity,
            unit_price,
        });
    }
    let shipping = input.shipping.map(MoneyInput::to_money).transpose();
    let shipping = problems.keep(shipping.map_err(|problem| problem.under("shipping"))).flatten();
    problems.finish()?;
    let basket = Basket {
        currency,
        tax_mode: money.tax_mode,
        rounding: money.rounding,
        lines: basket_lines,
        shipping: shipping.map(|amount: Money| ShippingCharge { rate: None, amount }),
        codes: Vec::new(),
        buyer: Buyer::default(),
        country: None,
        channel: None,
    };
    basket.check().map_err(|problem: Problem| Error::from(problem))?;
    Ok((basket, codes))
}
