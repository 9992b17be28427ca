//! What a buyer agrees to, and how it becomes an order.

use rules::ids::{CartId, OrderId, PaymentId, ShippingProfileId, ShippingRateId};
use rules::state::payment::Payment;
use rules::totals::Terms;
use rules::{ErrorCode, Money, Problem};
use serde::{Deserialize, Serialize};

use crate::carts::{Parts, Priced};
use crate::identity::email::{self, Email};
use crate::kernel::{Error, Result, StoreScope, Tx};
use crate::orders::{Attribution, Delivery, OrderAttribute, PlacedLine, Placement, Source};
use crate::payments::folded;
use crate::payments::stored::{self, Part};

/// What a buyer agrees to by paying, kept with the payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agreed {
    /// All that the total is worked out from.
    pub terms: Terms,
    /// How each group of goods is shipped.
    pub deliveries: Vec<AgreedDelivery>,
    /// What is paid with gift cards and store credit.
    pub stored: Vec<Part>,
    /// The language that the buyer asked in.
    pub locale: String,
}

/// How one group of goods is shipped, as the buyer agreed to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgreedDelivery {
    profile: ShippingProfileId,
    rate: ShippingRateId,
    title: String,
    price: Money,
}

impl Agreed {
    /// What a cart comes to at this moment.
    ///
    /// # Errors
    /// `Conflict` with `TAX_UNAVAILABLE` where its taxes are not known.
    pub fn to(priced: &Priced, locale: String) -> Result<Self> {
        let terms = priced.terms().ok_or_else(|| {
            let message = "The taxes can't be worked out now: try again in a moment.";
            Error::Conflict(Problem::new(ErrorCode::TaxUnavailable, "", message))
        })?;
        let deliveries = priced.facts.groups.iter().filter_map(|group| {
            let rate = group.rates.iter().find(|rate| Some(rate.id) == group.chosen)?;
            let (title, price) = (rate.name.clone(), rate.price);
            Some(AgreedDelivery { profile: group.profile, rate: rate.id, title, price })
        });
        let deliveries = deliveries.collect();
        Ok(Self { terms: terms.frozen(&priced.facts.evaluation), deliveries, stored: Vec::new(), locale })
    }

    /// Takes what was agreed to be paid with gift cards and store credit, and makes the payments of it.
    ///
    /// # Errors
    /// `Conflict` where it is not there any more; the caller drops the transaction.
    pub async fn take(
        &self,
        tx: &mut Tx<StoreScope>,
        cart: CartId,
        order: OrderId,
    ) -> Result<Vec<(PaymentId, Payment)>> {
        let taken = stored::take(tx, cart).await?;
        if taken.len() != self.stored.len() || !self.stored.iter().all(|part| taken.contains(part)) {
            let message = "What was to be paid with gift cards or store credit is not there any more.";
            return Err(Error::Conflict(Problem::new(ErrorCode::PriceChanged, "amountDue", message)));
        }
        let mut payments = Vec::with_capacity(taken.len());
        for part in &taken {
            let payment = stored::pay(tx, part, cart, order).await?;
            payments.push((payment.id, folded(&payment)));
        }
        Ok(payments)
    }

    /// The order that a cart becomes, which is as it was when this was agreed to: it was held from then on.
    ///
    /// # Errors
    /// `Internal` for a cart that no agreement fits.
    pub fn placement(
        self,
        id: OrderId,
        parts: Parts,
        bought: &[usize],
        payments: Vec<(PaymentId, Payment)>,
    ) -> Result<Placement> {
        let Parts { cart, lines, shipping, billing, .. } = parts;
        let lines = bought.iter().map(|place| {
            let line = lines.get(*place).ok_or_else(|| Error::internal("a line that the cart does not have"))?;
            Ok(PlacedLine { custom: None, attributes: attributes(&line.attributes)? })
        });
        let deliveries = self.deliveries.into_iter().map(|delivery| Delivery {
            profile: Some(delivery.profile),
            rate: Some(delivery.rate),
            title: delivery.title,
            price: delivery.price,
        });
        Ok(Placement {
            id: Some(id),
            source: Source::Cart(cart.id),
            terms: self.terms,
            lines: lines.collect::<Result<Vec<_>>>()?,
            deliveries: deliveries.collect(),
            own_discount: None,
            customer: cart.customer_id,
            email: cart.email.as_deref().map(email_of).transpose()?,
            shipping_address: shipping,
            billing_address: billing,
            locale: self.locale,
            note: cart.note,
            attributes: attributes(&cart.attributes)?,
            tags: Vec::new(),
            purchase_order_number: None,
            organization_name: None,
            vat_number: None,
            attribution: Some(Attribution {
                utm_source: cart.utm_source,
                utm_medium: cart.utm_medium,
                utm_campaign: cart.utm_campaign,
                utm_term: cart.utm_term,
                utm_content: cart.utm_content,
                referrer: cart.referrer,
                landing_page: None,
            }),
            payments,
        })
    }
}

/// The attributes of a cart, as an order keeps them.
fn attributes(stored: &serde_json::Value) -> Result<Vec<OrderAttribute>> {
    serde_json::from_value(stored.clone()).map_err(Error::internal)
}

fn email_of(stored: &str) -> Result<Email> {
    email::read("email", stored).map_err(Error::Conflict)
}
