//! `checkoutPay`: a buyer pays for a cart (the first two steps of rule C5).

use async_graphql::InputObject;
use chrono::TimeDelta;
use entity::checkout::checkout_attempts;
use rules::ids::PaymentProviderId;
use rules::money::MoneyInput;
use rules::state::checkout::{CheckoutEffect, CheckoutEvent};
use rules::states::{CheckoutFate, CheckoutStatus};
use rules::stock::Destination;
use rules::{ErrorCode, Money, Problem};

use super::{Whose, told};
use crate::carts::{self, Priced};
use crate::checkout::events::{CheckoutCompleted, CheckoutPaying, CheckoutSnapshot};
use crate::checkout::follow::follow;
use crate::checkout::held::Held;
use crate::checkout::order::Agreed;
use crate::checkout::types::Checkout;
use crate::inventory::reservations::{self, Line, Outcome, Owner};
use crate::kernel::{Action, Audit, Ctx, Error, Result, StoreScope, Tx};
use crate::orders;
use crate::payments::gateway::Token;
use crate::payments::session::{self, Begin, Begun, How};
use crate::payments::stored::{self, Part};
use crate::promotions::redemption::{Redemption, redeem};

/// How long stock is held for a payment.
const HOLD: TimeDelta = TimeDelta::minutes(30);

/// How a cart is paid.
#[derive(InputObject, Clone)]
pub struct CheckoutPayInput {
    /// The total that the buyer was shown; refused as PRICE_CHANGED where it is another one by now.
    pub total: MoneyInput,
    /// What the buyer was shown to be left to pay, `pricing.amountDue`; needed where gift cards or store credit are used,
    /// and refused as PRICE_CHANGED where they cover another amount by now.
    pub amount_due: Option<MoneyInput>,
    /// How it is paid; not needed where nothing is to be paid.
    pub payment: Option<CheckoutPaymentInput>,
}

/// A payment with one of the store's `paymentMethods`.
#[derive(InputObject, Clone)]
pub struct CheckoutPaymentInput {
    /// The way to pay.
    pub provider_id: PaymentProviderId,
    /// What stands for the buyer's card or account, made by the provider's own script; never a card's number.
    pub token: Option<String>,
    /// Where the buyer comes back to, where the provider has to lead somewhere else.
    pub return_url: Option<String>,
}

/// Holds the stock, the codes and the budgets of the cart, has the provider make the payment, and makes the order where
/// it was made. Every reason against it is told at once, and nothing is held then. Whoever asks again once there is an
/// order gets the order.
pub async fn run(ctx: &Ctx, (whose, input): (Whose, CheckoutPayInput)) -> Result<Checkout> {
    let cart = whose.prove(ctx).await?;
    if cart.order_id.is_some() {
        return told(ctx, cart.id, None).await;
    }
    let priced = carts::checkout::priced(ctx, cart.id).await?;
    let total = priced.totals.total;
    let agreed_to = input.total.to_money().map_err(|problem| Error::Invalid(vec![problem.under("total")]))?;
    let mut problems = priced.obstacles();
    if agreed_to != total {
        let message = format!("The total is {total} now: look at the cart again.");
        problems.push(Problem::new(ErrorCode::PriceChanged, "total", message));
    }
    let due = due(&priced, &input, &mut problems);
    let how = input.payment.as_ref().map(|payment| how(payment, &priced)).transpose();
    let how = how.unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    if !due.is_zero() && input.payment.is_none() {
        problems.push(Problem::new(ErrorCode::Required, "payment", "Say how it is paid."));
    }
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let provider = input.payment.as_ref().map(|payment| payment.provider_id);
    match hold(ctx, &priced, due, provider).await? {
        Some(begun) => {
            let progress = session::carry_out(ctx, begun, how.unwrap_or_default()).await?;
            follow(ctx, cart.id).await?;
            told(ctx, cart.id, Some(progress)).await
        }
        None => told(ctx, cart.id, None).await,
    }
}

/// What is left to pay, as the buyer was shown it.
fn due(priced: &Priced, input: &CheckoutPayInput, problems: &mut Vec<Problem>) -> Money {
    let due = priced.covered().1;
    match input.amount_due.as_ref().map(|given| given.to_money().map_err(|problem| problem.under("amountDue"))) {
        Some(Ok(given)) if given == due => {}
        None if priced.facts.standing.is_empty() => {}
        None => {
            let message = "Say what the buyer was shown to be left to pay.";
            problems.push(Problem::new(ErrorCode::Required, "amountDue", message));
        }
        Some(Ok(_)) => problems.push(other_due(due)),
        Some(Err(problem)) => problems.push(problem),
    }
    due
}

fn other_due(due: Money) -> Problem {
    let message = format!("{due} is left to pay now: look at the cart again.");
    Problem::new(ErrorCode::PriceChanged, "amountDue", message)
}

fn how(payment: &CheckoutPaymentInput, priced: &Priced) -> Result<How, Problem> {
    let token = payment.token.as_deref().map(|token| {
        let message = "Send what the provider's script made of the card, never its number.";
        Token::new(token).ok_or_else(|| Problem::new(ErrorCode::Invalid, "payment.token", message))
    });
    Ok(How {
        token: token.transpose()?,
        return_url: payment.return_url.clone(),
        email: priced.facts.parts.cart.email.clone(),
        description: None,
    })
}

/// The first transaction. None where there is an order at its end, because nothing was to be paid.
async fn hold(ctx: &Ctx, priced: &Priced, due: Money, provider: Option<PaymentProviderId>) -> Result<Option<Begun>> {
    let cart = &priced.facts.parts.cart;
    let mut agreed = Agreed::to(priced, ctx.caller().locale.clone())?;
    let mut tx = ctx.begin_store(Action::CheckoutPay).await?;
    let mut held = Held::lock(&tx, cart.id).await?;
    let before = CheckoutSnapshot::from(&held.row);
    if held.status() == CheckoutStatus::Completed {
        return Ok(None);
    }
    let ask_from = ctx.now() + ctx.settings().payments.ask_after;
    let order_id = ctx.id();
    agreed.stored = hold_stored(&tx, priced, due).await?;
    let event = CheckoutEvent::Pay { total: due, refusals: Vec::new(), ask_from };
    let mut begun = None;
    let mut order = None;
    for effect in held.step(event)? {
        match effect {
            CheckoutEffect::Charge { attempt, amount } => {
                hold_stock(&mut tx, priced).await?;
                let locked = carts::checkout::lock(&tx, cart.id, cart.version).await?;
                let buyer = carts::checkout::buyer_key(&priced.facts.parts);
                let (evaluation, at) = (&priced.facts.evaluation, ctx.now());
                redeem(&tx, &Redemption { order: order_id, buyer: buyer.as_ref(), evaluation, at }).await?;
                let payment = begin(&mut tx, &held, provider, (attempt, amount)).await?;
                held.add(checkout_attempts::Model {
                    store_id: tx.id(),
                    checkout_id: held.row.id,
                    number: i32::try_from(attempt).map_err(Error::internal)?,
                    payment_id: payment.payment,
                    order_id,
                    fate: CheckoutFate::Waiting,
                    was_made: false,
                    ask_from,
                    cart_version: locked.version,
                    terms: serde_json::to_value(&agreed).map_err(Error::internal)?,
                    created_at: ctx.now(),
                    updated_at: ctx.now(),
                });
                begun = Some(payment);
            }
            CheckoutEffect::CreateOrder => {
                let parts = priced.facts.parts.clone();
                let bought: Vec<usize> = priced.facts.bought.iter().map(|bought| bought.place).collect();
                let made = agreed.take(&mut tx, cart.id, order_id).await?;
                let placement = agreed.clone().placement(order_id, parts, &bought, made)?;
                let placed = orders::place(&mut tx, placement).await?;
                carts::checkout::complete(&mut tx, cart.id, cart.version, placed.order.id).await?;
                order = Some(placed.order.id);
            }
            CheckoutEffect::Ask { .. } | CheckoutEffect::Undo { .. } | CheckoutEffect::ReleaseHolds => {}
        }
    }
    let held = held.save(&tx, order, ctx.now()).await?;
    let after = CheckoutSnapshot::from(&held.row);
    let checkout = after.clone();
    match held.status() {
        CheckoutStatus::Completed => tx.emit(&CheckoutCompleted { checkout })?,
        CheckoutStatus::Open | CheckoutStatus::Paying => tx.emit(&CheckoutPaying { checkout })?,
    }
    tx.commit(Audit::updated("checkout", after.id, &before, &after)).await?;
    Ok(begun)
}

/// Keeps what gift cards and store credit cover, first of all: whoever takes it later holds it before the stock, too.
async fn hold_stored(tx: &Tx<StoreScope>, priced: &Priced, due: Money) -> Result<Vec<Part>> {
    let total = priced.totals.total;
    let kept = stored::hold(tx, &priced.facts.parts.means(), total, tx.ctx().now() + HOLD).await?;
    let covered = Money::sum(total.currency(), kept.iter().map(|part| part.amount)).map_err(Problem::from)?;
    let left = total.checked_sub(covered).map_err(Problem::from)?;
    // Somebody else pays with them at this moment, or has.
    if left == due { Ok(kept) } else { Err(Error::Conflict(other_due(left))) }
}

/// Holds what is bought and what is given away.
async fn hold_stock(tx: &mut Tx<StoreScope>, priced: &Priced) -> Result<()> {
    let lines = priced.totals.lines.iter().map(|line| Line { variant: line.variant, units: line.quantity });
    let lines: Vec<Line> = lines.collect();
    let parts = &priced.facts.parts;
    let country = parts.shipping.as_ref().map(|address| address.place.country.clone());
    let to = Destination { country, point: None };
    let until = tx.ctx().now() + HOLD;
    match reservations::hold(tx, &Owner::from(parts.cart.id), &lines, &to, until).await? {
        Outcome::Kept(_) => Ok(()),
        Outcome::Short(short) => Err(Error::Invalid(
            short
                .iter()
                .map(|short| {
                    let place = parts.lines.iter().position(|line| line.variant_id == short.variant);
                    let path = place.map_or_else(String::new, |place| format!("lines.{place}"));
                    let left = u32::try_from(short.available.max(0)).unwrap_or(u32::MAX);
                    let message = format!("Only {left} are left: take fewer, or remove it.");
                    Problem::new(ErrorCode::OutOfStock, &path, message).with_available(left)
                })
                .collect(),
        )),
    }
}

async fn begin(
    tx: &mut Tx<StoreScope>,
    held: &Held,
    provider: Option<PaymentProviderId>,
    (attempt, amount): (u32, Money),
) -> Result<Begun> {
    let provider = provider.ok_or_else(|| Error::invalid(ErrorCode::Required, "payment", "Say how it is paid."))?;
    let cart = Some(held.row.cart_id);
    let begin = Begin { provider, cart, order: None, amount, key: format!("{} {attempt}", held.row.id) };
    session::begin(tx, &begin).await
}
