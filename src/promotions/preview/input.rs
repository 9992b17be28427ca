//! The basket to try, as it is sent.

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use rules::basket::{Buyer, ShippingCharge};
use rules::ids::{CustomerId, ProductVariantId, PromotionId};
use rules::permission::Permission;
use rules::{Currency, Decimal, ErrorCode, Money, Problem, Problems};

use crate::baskets::{Wanted, WantedLine};
use crate::catalog::products::Viewer;
use crate::customers;
use crate::kernel::{Ctx, Error, Result, input};

/// Lines of a basket at the most.
const MAX_LINES: usize = 100;

/// Codes of a basket at the most.
const MAX_CODES: usize = 20;

/// Units of a line at the most.
const MAX_QUANTITY: i32 = 1_000_000;

/// A basket to try.
#[derive(InputObject, Clone)]
pub struct PromotionPreviewInput {
    /// What is bought; 100 lines at the most.
    pub lines: Vec<PromotionPreviewLineInput>,
    /// Discount codes, as a buyer would type them; 20 at the most.
    #[graphql(default)]
    pub codes: Vec<String>,
    /// The currency; that of the request where it is left out.
    pub currency: Option<Currency>,
    /// The country that it goes to, two letters.
    pub country: Option<String>,
    /// Where it is sold, such as `web`.
    pub channel: Option<String>,
    /// What shipping costs before promotions; no way to ship is chosen where it is left out.
    pub shipping_price: Option<Decimal>,
    /// Who buys; nobody in particular where it is left out.
    #[graphql(default)]
    pub buyer: PromotionPreviewBuyerInput,
    /// The moment to look at; now where it is left out. Needs PRICES_READ, since it shows prices that are not out yet.
    pub at: Option<DateTime<Utc>>,
    /// Promotions that are disabled and shall count all the same, to try them before they go live; 20 at the most.
    #[graphql(default)]
    pub disabled_promotion_ids: Vec<PromotionId>,
}

/// A line of a basket to try.
#[derive(InputObject, Clone, Copy)]
pub struct PromotionPreviewLineInput {
    /// The variant.
    pub variant_id: ProductVariantId,
    /// How many; 1 to 1,000,000.
    #[graphql(default = 1)]
    pub quantity: i32,
}

/// Who buys.
#[derive(InputObject, Clone, Copy, Default)]
pub struct PromotionPreviewBuyerInput {
    /// A customer, with the segments and orders of this moment. Needs CUSTOMERS_READ.
    pub customer_id: Option<CustomerId>,
    /// Whether nothing was bought before; for a customer it is known.
    #[graphql(default)]
    pub first_order: bool,
}

impl PromotionPreviewBuyerInput {
    /// Who buys, as the rules have it.
    ///
    /// # Errors
    /// `Forbidden` where a customer is named without `CUSTOMERS_READ`; `NOT_FOUND` for one that is not there.
    pub async fn read(&self, ctx: &Ctx) -> Result<Buyer> {
        let Some(customer) = self.customer_id else {
            return Ok(Buyer { customer: None, segments: Vec::new(), first_order: self.first_order });
        };
        ctx.require(Permission::CustomersRead)?;
        let scope = ctx.store().await?;
        if customers::find_living(&scope, customer).await?.is_none() {
            return Err(Error::Conflict(Problem::new(
                ErrorCode::NotFound,
                "buyer.customerId",
                "There is no such customer here.",
            )));
        }
        customers::buyer(&scope, customer).await
    }
}

impl PromotionPreviewInput {
    /// The moment to look at.
    ///
    /// # Errors
    /// `Forbidden` where it is given without `PRICES_READ`; `Invalid` where it is out of reach.
    pub fn moment(&self, ctx: &Ctx) -> Result<DateTime<Utc>> {
        match self.at {
            None => Ok(ctx.now()),
            Some(at) => {
                ctx.require(Permission::PricesRead)?;
                Ok(input::moment("at", at)?)
            }
        }
    }

    /// What is wanted.
    ///
    /// # Errors
    /// `Invalid` with everything that is wrong with it.
    pub fn wanted(&self, ctx: &Ctx, at: DateTime<Utc>, buyer: Buyer) -> Result<Wanted> {
        let mut problems = Problems::new();
        let currencies = &ctx.store_context()?.currencies;
        let currency = self.currency.map_or_else(|| ctx.currency(), Ok)?;
        if !currencies.contains(&currency) {
            let message = format!("This store does not sell in {currency}.");
            problems.add(ErrorCode::CurrencyNotEnabled, "currency", message);
        }
        for (field, given, most) in [
            ("lines", self.lines.len(), MAX_LINES),
            ("codes", self.codes.len(), MAX_CODES),
            ("disabledPromotionIds", self.disabled_promotion_ids.len(), MAX_CODES),
        ] {
            if given > most {
                problems.add(ErrorCode::TooLong, field, format!("Give at most {most}."));
            }
        }
        let mut lines = Vec::with_capacity(self.lines.len().min(MAX_LINES));
        for (place, line) in self.lines.iter().take(MAX_LINES).enumerate() {
            lines.extend(problems.keep(line.wanted().map_err(|problem| problem.under(&format!("lines.{place}")))));
        }
        let shipping = self.shipping_price.and_then(|price| problems.keep(charge(price, currency)));
        let country = self.country.as_deref().and_then(|code| problems.keep(input::country("country", code)));
        problems.finish().map_err(Error::Invalid)?;
        Ok(Wanted {
            lines,
            currency,
            at,
            viewer: Viewer::of(ctx),
            shipping,
            codes: self.codes.clone(),
            buyer,
            country,
            channel: self.channel.as_deref().map(|channel| channel.trim().to_owned()),
        })
    }
}

impl PromotionPreviewLineInput {
    fn wanted(self) -> Result<WantedLine, Problem> {
        u32::try_from(self.quantity)
            .ok()
            .filter(|_| (1..=MAX_QUANTITY).contains(&self.quantity))
            .map(|quantity| WantedLine { variant: self.variant_id, quantity })
            .ok_or_else(|| Problem::new(ErrorCode::OutOfRange, "quantity", format!("Give 1 to {MAX_QUANTITY}.")))
    }
}

/// What shipping costs.
fn charge(price: Decimal, currency: Currency) -> Result<ShippingCharge, Problem> {
    let amount = Money::try_from_decimal(price, currency).map_err(|problem| problem.under("shippingPrice"))?;
    if amount.is_negative() {
        return Err(Problem::new(ErrorCode::OutOfRange, "shippingPrice", "Give 0 or more."));
    }
    Ok(ShippingCharge { rate: None, amount })
}
