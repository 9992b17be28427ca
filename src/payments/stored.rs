//! The doors through which a checkout pays with what a store keeps in its own books: gift cards and store credit.
//!
//! | door | what it does |
//! |---|---|
//! | [`standing`] | what each could pay now, and why one can't |
//! | [`hold`] | keeps what they pay, in their order, until a moment |
//! | [`take`] | takes what is kept: each is worth so much less |
//! | [`release`] | lets go of what is kept |
//! | [`pay`] | makes the payment of what was taken |
//!
//! All but the first work inside the transaction of whoever calls. What is kept ends by the clock. The payment of what
//! was taken is one like any other (rule P1): it is refunded by [`changes`](super::changes), which gives it back here.

use chrono::{DateTime, Utc};
use entity::payments::payments;
use rules::ids::{CartId, CustomerId, GiftCardId, OrderId, StoreCreditId};
use rules::states::{CaptureMode, PaymentEventKind, PaymentEventSource, PaymentStatus};
use rules::{Currency, Money, Problem, tender};
use serde::{Deserialize, Serialize};

use super::events::{PaymentSnapshot, PaymentStarted};
use super::record::{own_fact, record};
use super::{gift_cards, store, store_credits};
use crate::kernel::{Action, Audit, Error, Result, StoreScope, Tx};

/// What the store keeps in its own books for somebody to pay with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Means {
    /// A gift card.
    GiftCard(GiftCardId),
    /// A customer's store credit.
    StoreCredit(StoreCreditId),
}

/// So much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// What is paid with.
    pub means: Means,
    /// How much.
    pub amount: Money,
}

/// What somebody wants to pay with: the cards in their order, then the store credit.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The cart that is paid.
    pub cart: CartId,
    /// The cards.
    pub cards: &'a [GiftCardId],
    /// Whose store credit.
    pub credit: Option<CustomerId>,
    /// The currency of the cart.
    pub currency: Currency,
}

/// A card, and what could be paid with it.
#[derive(Debug, Clone)]
pub struct CardStanding {
    /// The card.
    pub id: GiftCardId,
    /// How its code ends.
    pub last_four: String,
    /// What could be paid with it, or why nothing can.
    pub available: Result<Money, Problem>,
}

/// What could be paid with.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The cards, in their order.
    pub cards: Vec<CardStanding>,
    /// The store credit, where it is wanted.
    pub credit: Option<Money>,
}

impl Standing {
    /// What of a total each card covers, in their order, then the store credit; and what is left to pay.
    pub fn cover(&self, total: Money) -> (Vec<Money>, Money) {
        let of_card = |card: &CardStanding| card.available.as_ref().copied().unwrap_or(Money::zero(total.currency()));
        let available: Vec<Money> = self.cards.iter().map(of_card).chain(self.credit).collect();
        tender::cover(total, &available)
    }

    /// Whether anything is wanted.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.credit.is_none()
    }
}

/// What could be paid with now. What the cart itself keeps is in nobody's way.
///
/// # Errors
/// What the database says.
pub async fn standing(scope: &StoreScope, wanted: &Wanted<'_>, now: DateTime<Utc>) -> Result<Standing> {
    let owner = wanted.cart.to_string();
    let credit = async {
        let Some(customer) = wanted.credit else { return Ok(None) };
        store_credits::available(scope, &owner, (customer, wanted.currency), now).await.map(Some)
    };
    let cards = gift_cards::standing(scope, &owner, wanted.cards, wanted.currency, now);
    let (cards, credit) = tokio::try_join!(cards, credit)?;
    Ok(Standing { cards, credit })
}

/// Keeps what they pay of a total for the cart, until a moment. What can't pay now pays nothing: whoever calls holds
/// what is kept against what the buyer was shown.
///
/// # Errors
/// What the database says.
pub async fn hold(tx: &Tx<StoreScope>, wanted: &Wanted<'_>, total: Money, until: DateTime<Utc>) -> Result<Vec<Part>> {
    let owner = wanted.cart.to_string();
    let mut kept = Vec::new();
    let mut left = total.minor();
    for (card, amount) in gift_cards::hold(tx, &owner, wanted.cards, total, until).await? {
        left -= amount.minor();
        kept.push(Part { means: Means::GiftCard(card), amount });
    }
    if let Some(customer) = wanted.credit.filter(|_| left > 0) {
        let most = Money::from_minor(left, total.currency());
        if let Some((credit, amount)) = store_credits::hold(tx, &owner, customer, most, until).await? {
            kept.push(Part { means: Means::StoreCredit(credit), amount });
        }
    }
    Ok(kept)
}

/// Takes what is kept for the cart.
///
/// # Errors
/// `Conflict` as for [`gift_cards`] and [`store_credits`] where it is not there any more; then nothing is taken.
pub async fn take(tx: &mut Tx<StoreScope>, cart: CartId) -> Result<Vec<Part>> {
    let owner = cart.to_string();
    let cards = gift_cards::take(tx, &owner).await?;
    let credits = store_credits::take(tx, &owner).await?;
    let cards = cards.into_iter().map(|(card, amount)| Part { means: Means::GiftCard(card), amount });
    let credits = credits.into_iter().map(|(credit, amount)| Part { means: Means::StoreCredit(credit), amount });
    Ok(cards.chain(credits).collect())
}

/// Lets go of what is kept for the cart. What was taken stays taken.
///
/// # Errors
/// What the database says.
pub async fn release(tx: &Tx<StoreScope>, cart: CartId) -> Result<()> {
    let owner = cart.to_string();
    gift_cards::release(tx, &owner).await?;
    store_credits::release(tx, &owner).await
}

/// Makes the payment of what was just taken for a cart: it is paid from the start.
///
/// # Errors
/// What the database says.
pub async fn pay(tx: &mut Tx<StoreScope>, part: &Part, cart: CartId, order: OrderId) -> Result<payments::Model> {
    let ctx = tx.ctx().clone();
    let (gift_card_id, store_credit_id, of) = match part.means {
        Means::GiftCard(card) => (Some(card), None, card.to_string()),
        Means::StoreCredit(credit) => (None, Some(credit), credit.to_string()),
    };
    let row = payments::Model {
        store_id: tx.id(),
        id: ctx.id(),
        provider_id: None,
        gift_card_id,
        store_credit_id,
        cart_id: Some(cart),
        order_id: Some(order),
        idempotency_key: format!("{cart} {of}"),
        currency: part.amount.currency(),
        amount: part.amount.minor(),
        capture_mode: CaptureMode::Automatic,
        status: PaymentStatus::Pending,
        authorized: 0,
        captured: 0,
        voided: 0,
        refunded: 0,
        refunding: 0,
        reference: None,
        review: None,
        followed: true,
        version: 1,
        created_at: ctx.now(),
        updated_at: ctx.now(),
    };
    let payment = store::insert(tx, row).await?;
    tx.emit(&PaymentStarted { payment: PaymentSnapshot::from(&payment), amount: part.amount })?;
    tx.audit(Action::PaymentStart, Audit::created("payment", payment.id, &PaymentSnapshot::from(&payment))).await?;
    let fact = |kind| own_fact(&ctx, kind, payment.id, part.amount);
    let facts = [fact(PaymentEventKind::Authorized), fact(PaymentEventKind::Captured)];
    Ok(record(tx, payment, PaymentEventSource::Ledger, &facts).await?.payment)
}

/// Gives so much of a payment back to where it was taken from, and tells whether it was taken here. That no more is given
/// back than was taken, whoever holds the payment has seen to.
///
/// # Errors
/// `Internal` for a payment of no cart.
pub(super) async fn give_back(tx: &mut Tx<StoreScope>, payment: &payments::Model, amount: Money) -> Result<bool> {
    let owner = || payment.cart_id.ok_or_else(|| Error::internal("a gift card or store credit paid for no cart"));
    match (payment.gift_card_id, payment.store_credit_id) {
        (Some(card), _) => gift_cards::give_back(tx, &owner()?.to_string(), card, amount).await?,
        (None, Some(credit)) => store_credits::give_back(tx, &owner()?.to_string(), credit, amount).await?,
        (None, None) => return Ok(false),
    }
    Ok(true)
}
