//! What must be so after every step, and when a world has come to rest. The numbers are those of the
//! invariants that the database is checked for, too.

use rules::state::checkout::Fate;
use rules::states::CheckoutStatus;

use crate::provider::Charge;
use crate::shop::{CODE_LIMIT, Reserved, VARIANTS, index_of};
use crate::world::World;

fn hold(name: &str, holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{name} is broken: {}", what())) }
}

/// After every step.
pub fn always(world: &World) -> Result<(), String> {
    stock(world)?;
    money(world)
}

fn stock(world: &World) -> Result<(), String> {
    let shop = &world.shop;
    let orders = || shop.carts.iter().filter_map(|cart| cart.order.as_ref());
    for ((index, place), row) in &shop.stock {
        let at = || format!("variant {index} at {place}: {} on hand, {} reserved", row.on_hand, row.reserved);
        hold("I1 (on hand ≥ reserved ≥ 0)", row.on_hand >= row.reserved && row.reserved >= 0, at)?;
        let reservations = orders().flat_map(|order| &order.reservations);
        let active =
            reservations.filter(|(pick, state)| index_of(pick) == (*index, *place) && *state == Reserved::Active);
        let active: i64 = active.map(|(pick, _)| pick.units).sum();
        hold("I2 (reserved is the sum of reservations)", row.reserved == active, || {
            format!("{}, {active} active", at())
        })?;
        let moved = row.initial + row.movements.iter().sum::<i64>();
        hold("I3 (on hand is the sum of movements)", row.on_hand == moved, || format!("{}, {moved} moved", at()))?;
        let live =
            shop.holds.iter().filter(|held| shop.at < held.expires_at && index_of(&held.pick) == (*index, *place));
        let held: i64 = live.map(|held| held.pick.units).sum();
        hold("I1 (what is held is there)", row.on_hand - row.reserved >= held, || format!("{}, {held} held", at()))?;
    }
    for index in 0..VARIANTS {
        let rows = || shop.stock.iter().filter(|((of, _), _)| *of == index).map(|(_, row)| row);
        let came_in: i64 =
            rows().map(|row| row.initial + row.movements.iter().filter(|by| **by > 0).sum::<i64>()).sum();
        let sold = orders().filter(|order| !order.canceled).flat_map(|order| &order.reservations);
        let sold: i64 = sold.filter(|(pick, _)| index_of(pick).0 == index).map(|(pick, _)| pick.units).sum();
        hold("I4 (never more is sold than ever came in)", sold <= came_in, || {
            format!("{sold} of {came_in} of {index}")
        })?;
    }
    let uses = shop.code_uses();
    hold("I9 (the code is used as often as it may be)", uses <= CODE_LIMIT, || format!("{uses} times"))
}

fn money(world: &World) -> Result<(), String> {
    let shop = &world.shop;
    for (number, cart) in shop.carts.iter().enumerate() {
        if let Some(order) = &cart.order {
            let totals = &order.reckoning.totals;
            hold("I7 (totals add up)", totals.check().is_ok() && totals.total.minor() >= 0, || {
                format!("order {number}")
            })?;
            let kept: Vec<u32> = cart
                .checkout
                .attempts
                .iter()
                .filter(|(_, attempt)| attempt.fate == Fate::Kept)
                .map(|(attempt, _)| *attempt)
                .collect();
            hold("I5 (an order has one payment)", kept == order.attempt.into_iter().collect::<Vec<_>>(), || {
                format!("order {number} has {kept:?}")
            })?;
            let is_paid = order.attempt.is_some() || totals.total.is_zero();
            hold("C6 (what costs something is paid)", is_paid, || format!("order {number} costs {}", totals.total))?;
            for attempt in kept {
                let captured = shop.payment((number, attempt)).captured;
                hold("I5 (an order is paid to the cent)", captured == totals.total, || {
                    format!("order {number} costs {} and has {captured}", totals.total)
                })?;
            }
        }
        for attempt in cart.events.keys() {
            let payment = shop.payment((number, *attempt));
            let (authorized, captured) = (payment.authorized.minor(), payment.captured.minor());
            let refunded = payment.refunded.minor() + payment.refunding.minor();
            hold("I6 (refunds ≤ captures ≤ promises)", refunded <= captured && captured <= authorized, || {
                format!("payment {number}-{attempt}: {payment:?}")
            })?;
        }
    }
    for (key, account) in &world.provider.accounts {
        let balance = account.balance();
        hold("I6 (nobody gets back more than was paid)", balance >= 0, || format!("{key:?}: {balance}"))?;
    }
    Ok(())
}

/// When nothing is on its way any more.
pub fn at_rest(world: &World) -> Result<(), String> {
    let shop = &world.shop;
    for (number, cart) in shop.carts.iter().enumerate() {
        hold("rest (nobody waits)", cart.checkout.status() != CheckoutStatus::Paying, || format!("cart {number}"))?;
        hold("rest (nothing is due)", cart.checkout.due(shop.at).is_empty(), || format!("cart {number}"))?;
    }
    for ((cart, attempt), account) in &world.provider.accounts {
        let order = shop.carts[*cart].order.as_ref().filter(|order| order.attempt == Some(*attempt));
        let ledger = shop.payment((*cart, *attempt));
        let ours = ledger.captured.minor() - ledger.refunded.minor();
        hold("rest (both ledgers agree)", ours == account.balance(), || {
            format!("payment {cart}-{attempt}: ours {ours}, the provider's {}", account.balance())
        })?;
        match order {
            None => hold("rest (no money without an order)", account.balance() == 0, || {
                format!("payment {cart}-{attempt}: {}", account.balance())
            })?,
            Some(order) if order.canceled => {
                hold("rest (a canceled order keeps no money)", account.balance() == 0, || {
                    format!("order {cart}: {}", account.balance())
                })?
            }
            Some(_) => {
                hold("rest (no order without money)", account.charge == Charge::Made, || format!("order {cart}"))?
            }
        }
    }
    Ok(())
}
