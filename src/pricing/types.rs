//! How prices look in the schema.

use std::sync::Arc;

use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};
use entity::pricing::{ALWAYS, prices};
use rules::ids::{PriceId, ProductId, ProductVariantId, SegmentId};
use rules::permission::Permission;
use rules::pricing::{PriceQuery, PriceRow, ladder, resolve};
use rules::{Currency, Money};

use super::draft;
use super::loaders::{PriceRangeByProduct, PricesByProduct, PricesInCurrency};
use super::rows::Rows;
use super::store::PriceFilter;
use crate::kernel::graph::{Load, object};
use crate::kernel::{Ctx, Error, Result};
use crate::{connection, payload};

/// One stored price: what a unit costs under some conditions. What a shopper pays is `ProductVariant.price`.
#[derive(Clone)]
pub struct Price(pub Arc<prices::Model>);

impl From<prices::Model> for Price {
    fn from(row: prices::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Price {
    /// Every price of a product, set on the product itself: for all variants that have none of their own.
    /// For `Product.prices`.
    pub fn of_product(product: ProductId) -> Load<PricesByProduct, Option<Vec<Self>>> {
        Self::of(product, None)
    }

    /// Every price of a variant, set on the variant itself. For `ProductVariant.prices`.
    pub fn of_variant(product: ProductId, variant: ProductVariantId) -> Load<PricesByProduct, Option<Vec<Self>>> {
        Self::of(product, Some(variant))
    }

    fn of(product: ProductId, variant: Option<ProductVariantId>) -> Load<PricesByProduct, Option<Vec<Self>>> {
        Load::<PricesByProduct, _>::of(product, move |prices| {
            Some(prices.get(&variant).into_iter().flatten().cloned().map(Self).collect())
        })
    }

    fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.0.currency)
    }
}

/// One stored price: what a unit costs under some conditions. What a shopper pays is `ProductVariant.price`.
#[object]
impl Price {
    /// The price's id.
    fn id(&self) -> PriceId {
        self.0.id
    }

    /// The id of the product.
    fn product_id(&self) -> ProductId {
        self.0.product_id
    }

    /// The id of the variant; null where the price is for every variant of the product.
    fn variant_id(&self) -> Option<ProductVariantId> {
        self.0.variant_id
    }

    /// The id of the segment of customers that it is for; null where it is for everybody.
    fn segment_id(&self) -> Option<SegmentId> {
        self.0.segment_id
    }

    /// From how many units on it holds; 1 is the ordinary price.
    fn minimum_quantity(&self) -> i32 {
        self.0.minimum_quantity
    }

    /// What one unit costs.
    fn amount(&self) -> Money {
        self.money(self.0.amount)
    }

    /// What one unit is said to have cost before.
    fn compare_at(&self) -> Option<Money> {
        self.0.compare_at_amount.map(|minor| self.money(minor))
    }

    /// From when it holds; null for always.
    fn valid_from(&self) -> Option<DateTime<Utc>> {
        Some(self.0.valid_from).filter(|from| *from != ALWAYS)
    }

    /// Until when it holds, not included; null for no end.
    fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.0.valid_to
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// What one unit of a variant costs, for this quantity, in the currency of the request.
#[object]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantPrice {
    /// What one unit costs.
    amount: Money,
    /// What one unit is said to have cost before, to show struck through.
    compare_at: Option<Money>,
    /// From how many units on it holds.
    minimum_quantity: i32,
    /// From when it holds; null for always.
    valid_from: Option<DateTime<Utc>>,
    /// When it ends at the latest; null for no end.
    valid_to: Option<DateTime<Utc>>,
}

impl From<&PriceRow> for VariantPrice {
    fn from(row: &PriceRow) -> Self {
        Self {
            amount: row.amount,
            compare_at: row.compare_at,
            minimum_quantity: row.minimum_quantity,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

impl VariantPrice {
    /// The price that holds (rule M2) in the currency of the request; none where there is none. For
    /// `ProductVariant.price`.
    ///
    /// # Errors
    /// `BadInput` for a quantity below 1, `Forbidden` where `at` is given without `PRICES_READ`.
    pub fn of(
        ctx: &Ctx,
        product: ProductId,
        variant: ProductVariantId,
        quantity: i32,
        at: Option<DateTime<Utc>>,
    ) -> Result<Load<PricesInCurrency, Option<Self>>> {
        if quantity < 1 {
            return Err(Error::BadInput("`quantity` takes 1 or more.".to_owned()));
        }
        let query = question(ctx, quantity, at)?;
        Ok(Load::<PricesInCurrency, _>::of(product, move |rows| {
            let query = PriceQuery { segments: rows.segments(), ..query };
            resolve(rows.of(variant), &query).map(Self::from)
        }))
    }
}

/// One step of the quantity breaks.
#[object]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceTier {
    /// From how many units on.
    minimum_quantity: i32,
    /// What each unit costs then.
    price: Money,
    /// What one unit is said to have cost before.
    compare_at: Option<Money>,
}

impl PriceTier {
    /// The table of quantity breaks in the currency of the request, by rising quantity. For
    /// `ProductVariant.priceLadder`.
    ///
    /// # Errors
    /// `Forbidden` where `at` is given without `PRICES_READ`.
    pub fn of(
        ctx: &Ctx,
        product: ProductId,
        variant: ProductVariantId,
        at: Option<DateTime<Utc>>,
    ) -> Result<Load<PricesInCurrency, Vec<Self>>> {
        let query = question(ctx, 1, at)?;
        let tiers = move |rows: Arc<Rows>| {
            let query = PriceQuery { segments: rows.segments(), ..query };
            let tiers = ladder(rows.of(variant), &query).into_iter().map(|tier| Self {
                minimum_quantity: tier.minimum_quantity,
                price: tier.row.amount,
                compare_at: tier.row.compare_at,
            });
            tiers.collect()
        };
        Ok(Load::<PricesInCurrency, _>::of(product, tiers))
    }
}

/// What is asked of the resolver. Another moment than the request's own shows prices that are not out
/// yet (rule M5), so it is for those who may see every price.
fn question(ctx: &Ctx, quantity: i32, at: Option<DateTime<Utc>>) -> Result<PriceQuery<'static>> {
    let at = match at {
        Some(_) if !ctx.may(Permission::PricesRead) => return Err(Error::Forbidden(Permission::PricesRead)),
        Some(at) => moment("at", at)?,
        None => ctx.now(),
    };
    Ok(PriceQuery { currency: ctx.currency()?, quantity, at, segments: &[] })
}

/// Holds a moment to those that prices can have.
fn moment(name: &str, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let refused = || Error::BadInput(format!("`{name}` takes a moment after 1970 and before the year 10000."));
    draft::is_reasonable(at).then_some(at).ok_or_else(refused)
}

/// What the cheapest and the dearest variant of a product cost now.
#[object]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRange {
    /// The price of the cheapest variant.
    min: Money,
    /// The price of the dearest variant.
    max: Money,
}

impl PriceRange {
    /// The range in the currency of the request; none where no variant has a price. For
    /// `Product.priceRange`.
    pub fn of(product: ProductId) -> Load<PriceRangeByProduct, Option<Self>> {
        Load::<PriceRangeByProduct, _>::of(product, |range| {
            range.map(|range| Self {
                min: Money::from_minor(range.min_amount, range.currency),
                max: Money::from_minor(range.max_amount, range.currency),
            })
        })
    }
}

/// Which prices to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct PriceFilterInput {
    /// Those of this product and its variants.
    product_id: Option<ProductId>,
    /// Those set on this variant.
    variant_id: Option<ProductVariantId>,
    /// Those for this segment of customers.
    segment_id: Option<SegmentId>,
    /// Those in this currency.
    currency: Option<Currency>,
    /// Those whose time this moment lies in.
    holds_at: Option<DateTime<Utc>>,
}

impl TryFrom<PriceFilterInput> for PriceFilter {
    type Error = Error;

    fn try_from(input: PriceFilterInput) -> Result<Self> {
        Ok(Self {
            product: input.product_id,
            variant: input.variant_id,
            segment: input.segment_id,
            currency: input.currency,
            holds_at: input.holds_at.map(|at| moment("holdsAt", at)).transpose()?,
        })
    }
}

/// In which order prices are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum PriceSort {
    /// The newest first.
    Newest,
    /// The oldest first.
    #[default]
    Oldest,
}

connection!(PriceConnection, PriceEdge, Price, "prices");

payload! {
    /// The answer of `pricesSet`.
    PricesSetPayload {
        /// The prices that the list named, as they are now, in its order.
        prices: Vec<Price>,
    }
}

payload! {
    /// The answer of `priceDelete`.
    PriceDeletePayload {
        /// The id of the deleted price.
        deleted_price_id: PriceId,
    }
}
