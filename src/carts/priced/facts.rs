//! All that is known of a cart at a moment, but for its taxes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::carts::{cart_lines, carts};
use futures::FutureExt;
use rules::basket::{Basket, Buyer, ShippingCharge};
use rules::cart::{self, Left};
use rules::ids::{ProductVariantId, ShippingProfileId, ShippingRateId};
use rules::place::Place;
use rules::promotion::{self, Evaluation, Offers};
use rules::totals::Totals;
use rules::{ErrorCode, Money, Problem};

use super::untaxed;
use crate::baskets::{self, Bought, Missing, Question, Wanted, WantedLine};
use crate::carts::store::Parts;
use crate::catalog::products::Viewer;
use crate::customers;
use crate::inventory::reservations::{self, Owner};
use crate::kernel::{Error, Result, StoreScope};
use crate::payments::stored::{self, Standing, Wanted as Means};
use crate::promotions::redemption::BuyerKey;
use crate::promotions::{Asked, offers};
use crate::shipping::{self, QuotedRate, ShippedLine};

/// Where carts are, for promotions that ask where something is sold.
const CHANNEL: &str = "web";

/// All that is known of a cart, and of what the store offers it, at one moment.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The cart as it is stored.
    pub parts: Parts,
    /// The lines that can be bought, with shipping where it is chosen for all that is shipped.
    pub basket: Basket,
    /// What is known of each line of the basket beside; its place is that among the lines of the cart.
    pub bought: Vec<Bought>,
    /// The places of the other lines of the cart, and what they lack.
    pub missing: Vec<(usize, Missing)>,
    /// How many of each variant this cart can have.
    pub left: Left,
    /// Whether the buyer pays no tax (rule T1).
    pub tax_exempt: bool,
    /// What the store offers.
    pub offers: Offers,
    /// What the offers do to the basket.
    pub evaluation: Evaluation,
    /// What is shipped apart; empty where nothing is shipped, and where nobody says where to.
    pub groups: Vec<DeliveryGroup>,
    /// Why some of the goods are not shipped there.
    pub refusal: Option<Problem>,
    /// What the gift cards of the cart and the customer's store credit could pay (rule P1).
    pub standing: Standing,
}

/// Goods of a cart that are shipped together.
#[derive(Debug, Clone)]
pub struct DeliveryGroup {
    /// The profile that they are shipped by.
    pub profile: ShippingProfileId,
    /// The places of their lines in the cart.
    pub lines: Vec<usize>,
    /// The rates that take them.
    pub rates: Vec<QuotedRate>,
    /// The rate that was chosen, where it is still among them.
    pub chosen: Option<ShippingRateId>,
}

impl DeliveryGroup {
    /// What the chosen rate costs.
    fn price(&self) -> Option<Money> {
        let chosen = self.chosen?;
        self.rates.iter().find(|rate| rate.id == chosen).map(|rate| rate.price)
    }
}

impl Facts {
    /// Gathers them. Takes as many statements however many lines there are, on a read as in a transaction.
    ///
    /// # Errors
    /// `Invalid` for sums beyond counting; what the database says.
    pub async fn gather(scope: &StoreScope, parts: Parts, at: DateTime<Utc>) -> Result<Self> {
        let gathered = async {
            let buyer = buyer(scope, &parts.cart).await?;
            baskets::gather(scope, wanted(&parts, buyer, at)).await
        };
        let variants: BTreeSet<ProductVariantId> = parts.lines.iter().map(|line| line.variant_id).collect();
        let variants: Vec<ProductVariantId> = variants.into_iter().collect();
        let owner = Owner::from(parts.cart.id);
        let (buyer, currency, means) = (buyer_key(&parts), parts.cart.currency, parts.means());
        let asked = Asked { at, currency, codes: &parts.codes, buyer: buyer.as_ref(), disabled: &[] };
        // Boxed: whoever waits for them together would carry the sizes of all of them.
        let (gathered, tax_exempt, left, offers, standing) = tokio::try_join!(
            gathered.boxed(),
            is_tax_exempt(scope, &parts.cart).boxed(),
            reservations::left(scope, Some(&owner), &variants, at).boxed(),
            offers(scope, &asked).boxed(),
            stored::standing(scope, &means, at).boxed(),
        )?;
        let mut basket = gathered.basket;
        let mut evaluation = promotion::evaluate(&basket, &offers, at)?;
        let mut delivery = Delivery::default();
        if let Some(place) = parts.shipping.as_ref().map(|address| &address.place) {
            let goods = Goods { basket: &basket, bought: &gathered.bought, evaluation: &evaluation };
            delivery = goods.delivery(scope, place, &parts.choices).await?;
            basket.shipping = delivery.charge(&basket)?;
            if basket.shipping.is_some() {
                // What is off shipping is decided once it has a price.
                basket.check()?;
                evaluation = promotion::evaluate(&basket, &offers, at)?;
            }
        }
        Ok(Self {
            at,
            basket,
            bought: gathered.bought,
            missing: gathered.missing,
            left,
            tax_exempt,
            offers,
            evaluation,
            groups: delivery.groups,
            refusal: delivery.refusal,
            standing,
            parts,
        })
    }

    /// What a line lacks to be bought; none where it lacks nothing but perhaps stock.
    pub fn missing(&self, place: usize) -> Option<Missing> {
        self.missing.iter().find(|(missing, _)| *missing == place).map(|(_, lacks)| *lacks)
    }

    /// How many units of the line's variant there are, where the cart has more of it on all its lines.
    pub fn shortage(&self, line: &cart_lines::Model) -> Option<u32> {
        let available = cart::available(&self.left, line.variant_id);
        let of_variant = self.parts.lines.iter().filter(|other| other.variant_id == line.variant_id);
        let wanted: i64 = of_variant.map(|line| i64::from(line.quantity)).sum();
        (wanted > i64::from(available)).then_some(available)
    }

    /// Whether something in the cart has to be shipped.
    pub fn requires_shipping(&self) -> bool {
        self.bought.iter().any(|bought| bought.requires_shipping)
    }

    /// The choices whose rate takes the goods still, with the profile of each.
    pub fn choices(&self) -> Vec<(ShippingProfileId, ShippingRateId)> {
        self.groups.iter().filter_map(|group| Some((group.profile, group.chosen?))).collect()
    }
}

impl Parts {
    /// What the cart is to be paid with beside money.
    pub fn means(&self) -> Means<'_> {
        let credit = self.cart.customer_id.filter(|_| self.cart.store_credit);
        Means { cart: self.cart.id, cards: &self.gift_cards, credit, currency: self.cart.currency }
    }
}

/// What is wanted; `buyer` is who is known to buy.
fn wanted(parts: &Parts, buyer: Buyer, at: DateTime<Utc>) -> Wanted {
    Wanted {
        lines: parts.lines.iter().map(wanted_line).collect(),
        currency: parts.cart.currency,
        at,
        viewer: Viewer::Visitor(at),
        shipping: None,
        codes: parts.codes.clone(),
        buyer,
        country: parts.shipping.as_ref().map(|address| address.place.country.clone()),
        channel: Some(CHANNEL.to_owned()),
    }
}

/// What one unit of each line costs in a cart, or what it lacks to be bought, in the order of the lines; fewer
/// statements than the facts take.
///
/// # Errors
/// `Invalid` with `OUT_OF_RANGE` for sums beyond counting; what the database says.
pub async fn unit_prices(
    scope: &StoreScope,
    cart: &carts::Model,
    lines: &[WantedLine],
    at: DateTime<Utc>,
) -> Result<Vec<Result<Money, Missing>>> {
    let segments = match cart.customer_id {
        Some(customer) => customers::list_segments_of(scope, &[customer]).await?.remove(&customer).unwrap_or_default(),
        None => Vec::new(),
    };
    let question = Question { currency: cart.currency, at, viewer: Viewer::Visitor(at), segments: &segments };
    baskets::unit_prices(scope, lines, &question).await
}

/// A line of a cart, as it is wanted.
pub fn wanted_line(line: &cart_lines::Model) -> WantedLine {
    WantedLine { variant: line.variant_id, quantity: line.quantity.unsigned_abs() }
}

/// Who buys, as prices and promotions ask: the customer with the segments of the moment, or a guest by the e-mail
/// address. Nobody in particular has bought before.
///
/// # Errors
/// What the database says.
async fn buyer(scope: &StoreScope, cart: &carts::Model) -> Result<Buyer> {
    match (cart.customer_id, &cart.email_normalized) {
        (Some(customer), _) => customers::buyer(scope, customer).await,
        (None, Some(email)) => {
            let first_order = !customers::has_ordered(scope, email).await?;
            Ok(Buyer { customer: None, segments: Vec::new(), first_order })
        }
        (None, None) => Ok(Buyer::default()),
    }
}

async fn is_tax_exempt(scope: &StoreScope, cart: &carts::Model) -> Result<bool> {
    let Some(customer) = cart.customer_id else { return Ok(false) };
    Ok(customers::find_living(scope, customer).await?.is_some_and(|row| row.tax_exempt))
}

/// Who buys, as limits per buyer count.
pub fn buyer_key(parts: &Parts) -> Option<BuyerKey> {
    let guest = || parts.cart.email.as_deref().map(BuyerKey::guest);
    parts.cart.customer_id.map(BuyerKey::Customer).or_else(guest)
}

/// What is shipped apart, and why something is not.
#[derive(Default)]
struct Delivery {
    groups: Vec<DeliveryGroup>,
    refusal: Option<Problem>,
}

impl Delivery {
    /// What shipping costs, once it is chosen for everything.
    fn charge(&self, basket: &Basket) -> Result<Option<ShippingCharge>> {
        let prices: Option<Vec<Money>> = self.groups.iter().map(DeliveryGroup::price).collect();
        let Some(prices) = prices.filter(|prices| !prices.is_empty() && self.refusal.is_none()) else {
            return Ok(None);
        };
        let amount = Money::sum(basket.currency, prices).map_err(Problem::from)?;
        // Several rates at once are no one rate that a promotion could be for.
        let rate = if let [group] = self.groups.as_slice() { group.chosen } else { None };
        Ok(Some(ShippingCharge { rate, amount }))
    }
}

/// What may have to be shipped.
struct Goods<'a> {
    basket: &'a Basket,
    bought: &'a [Bought],
    evaluation: &'a Evaluation,
}

impl Goods<'_> {
    /// The ways to ship them to a place.
    async fn delivery(
        &self,
        scope: &StoreScope,
        place: &Place,
        choices: &[(ShippingProfileId, ShippingRateId)],
    ) -> Result<Delivery> {
        let totals = Totals::new(self.basket, self.evaluation, &untaxed())?;
        let (mut shipped, mut places) = (Vec::new(), Vec::new());
        for ((bought, line), total) in self.bought.iter().zip(&self.basket.lines).zip(&totals.lines) {
            if bought.requires_shipping {
                let grams = bought.grams.saturating_mul(u64::from(line.quantity));
                shipped.push(ShippedLine { product: line.product, grams, amount: total.amount });
                places.push(bought.place);
            }
        }
        let quote = match shipping::quote(scope, &shipped, place, self.basket.currency).await {
            Ok(quote) => quote,
            Err(Error::Conflict(problem)) if problem.code == ErrorCode::NotAllowed => {
                return Ok(Delivery { groups: Vec::new(), refusal: Some(problem) });
            }
            Err(error) => return Err(error),
        };
        let groups = quote.groups.into_iter().map(|group| {
            let chosen = choices.iter().find(|(profile, _)| *profile == group.profile).map(|(_, rate)| *rate);
            let chosen = chosen.filter(|chosen| group.rates.iter().any(|rate| rate.id == *chosen));
            let lines = group.lines.iter().filter_map(|line| places.get(*line).copied()).collect();
            DeliveryGroup { profile: group.profile, lines, rates: group.rates, chosen }
        });
        Ok(Delivery { groups: groups.collect(), refusal: quote.options.err() })
    }
}
