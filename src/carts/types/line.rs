//! Lines of carts.

use std::sync::Arc;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use entity::carts::cart_lines;
use rules::Money;
use rules::ids::{CartLineId, ProductVariantId};
use serde::Serialize;

use super::pricing::CartDiscount;
use crate::baskets::Missing;
use crate::carts::attributes::{self, CartAttribute};
use crate::carts::loaders::PricedByCart;
use crate::carts::priced::Priced;
use crate::catalog::variants::ProductVariant;
use crate::gate::directives::cost;
use crate::kernel::graph::{Load, object};
use crate::kernel::{ById, Ctx, Error, Result};

/// Whether a line can be bought now.
#[derive(Enum, Serialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CartLineStatus {
    /// It can.
    Available,
    /// There are fewer than all lines of the variant want; `availableQuantity` says how many.
    OutOfStock,
    /// It has no price in the currency of the cart.
    NoPrice,
    /// The store does not sell it any more.
    Unavailable,
}

/// Some units of a variant in a cart.
#[derive(Clone)]
pub struct CartLine(pub Arc<cart_lines::Model>);

impl CartLine {
    /// What becomes of all that the cart comes to now.
    fn priced<T: 'static>(
        &self,
        show: impl FnOnce(&cart_lines::Model, &Priced) -> T + Send + 'static,
    ) -> Load<PricedByCart, T> {
        let line = Arc::clone(&self.0);
        Load::<PricedByCart, _>::try_of(line.cart_id, move |priced| Ok(show(&line, &*priced.ok_or(Error::NotFound)?)))
    }
}

/// What a line lacks, by its place among the lines of the cart.
fn missing(line: &cart_lines::Model, priced: &Priced) -> Option<Missing> {
    let place = priced.facts.parts.lines.iter().position(|other| other.id == line.id)?;
    priced.facts.missing(place)
}

/// Some units of a variant in a cart. What can't be bought now costs nothing and is not in the total.
#[object]
impl CartLine {
    /// The line's id.
    fn id(&self) -> CartLineId {
        self.0.id
    }

    /// The id of what is bought.
    fn variant_id(&self) -> ProductVariantId {
        self.0.variant_id
    }

    /// What is bought; null where it is not to be seen any more.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        ProductVariant::by_id(ctx, self.0.variant_id).await
    }

    /// How many.
    fn quantity(&self) -> i32 {
        self.0.quantity
    }

    /// What the buyer adds to it, such as an engraving. Lines of one variant with other attributes are other lines.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn attributes(&self) -> Result<Vec<CartAttribute>> {
        attributes::of(&self.0.attributes)
    }

    /// Whether it can be bought now.
    fn status(&self) -> Load<PricedByCart, CartLineStatus> {
        self.priced(|line, priced| match missing(line, priced) {
            Some(Missing::Variant) => CartLineStatus::Unavailable,
            Some(Missing::Price) => CartLineStatus::NoPrice,
            None if priced.facts.shortage(line).is_some() => CartLineStatus::OutOfStock,
            None => CartLineStatus::Available,
        })
    }

    /// How many units of the variant this cart can have altogether, where it has more; null where it has not.
    fn available_quantity(&self) -> Load<PricedByCart, Option<i32>> {
        self.priced(|line, priced| priced.facts.shortage(line).map(|units| i32::try_from(units).unwrap_or(i32::MAX)))
    }

    /// What one unit costs now, before discounts, for as many of the variant as are in the cart; null where it can't
    /// be bought.
    fn unit_price(&self) -> Load<PricedByCart, Option<Money>> {
        self.priced(|line, priced| priced.line(line.id).map(|total| total.unit_price))
    }

    /// What one unit cost when the line was added.
    fn added_unit_price(&self) -> Load<PricedByCart, Money> {
        self.priced(|line, priced| Money::from_minor(line.added_price, priced.facts.parts.cart.currency))
    }

    /// Whether one unit costs something else now than when the line was added.
    fn price_changed(&self) -> Load<PricedByCart, bool> {
        self.priced(|line, priced| {
            priced.line(line.id).is_some_and(|total| total.unit_price.minor() != line.added_price)
        })
    }

    /// What all units cost, before discounts.
    fn subtotal(&self) -> Load<PricedByCart, Option<Money>> {
        self.priced(|line, priced| priced.line(line.id).map(|total| total.price))
    }

    /// What is off, promotion by promotion.
    #[graphql(directive = cost::apply(1, Some(2)))]
    fn discounts(&self) -> Load<PricedByCart, Vec<CartDiscount>> {
        self.priced(|line, priced| {
            priced
                .line(line.id)
                .map(|total| total.discounts.iter().map(CartDiscount::from).collect())
                .unwrap_or_default()
        })
    }

    /// What is off together.
    fn discount(&self) -> Load<PricedByCart, Option<Money>> {
        self.priced(|line, priced| priced.line(line.id).map(|total| total.discount))
    }

    /// What is left, in the store's tax mode.
    fn total(&self) -> Load<PricedByCart, Option<Money>> {
        self.priced(|line, priced| priced.line(line.id).map(|total| total.amount))
    }

    /// When it was added.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}
