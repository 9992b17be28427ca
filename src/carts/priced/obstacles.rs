//! What stands between a cart and an order (rule C6): all of it, so that a buyer mends it in one go.

use rules::{ErrorCode, Problem};

use super::{Priced, TaxStatus};
use crate::baskets::Missing;

/// Why a cart can't be ordered as it is.
pub type Obstacle = Problem;

impl Priced {
    /// Everything that has to be mended before the cart can be ordered; empty where nothing has. The fields are
    /// those of the cart: `lines.0`, `email`, `shippingAddress`, `deliveryGroups.0`,
    /// `giftCards.0`.
    pub fn obstacles(&self) -> Vec<Obstacle> {
        let mut found = Vec::new();
        let facts = &self.facts;
        if facts.parts.lines.is_empty() {
            found.push(Problem::new(ErrorCode::CartEmpty, "lines", "There is nothing in the cart: add something."));
        }
        for (place, line) in facts.parts.lines.iter().enumerate() {
            let path = format!("lines.{place}");
            if let Some(missing) = facts.missing(place) {
                found.push(unavailable(missing, &path));
            } else if let Some(available) = facts.shortage(line) {
                let message = format!("Only {available} are left: take fewer, or remove it.");
                found.push(Problem::new(ErrorCode::OutOfStock, &path, message).with_available(available));
            }
        }
        let required = |path: &str, message: &str| Problem::new(ErrorCode::Required, path, message);
        if facts.parts.cart.email.is_none() {
            found.push(required("email", "Say where the confirmation is sent to."));
        }
        self.push_of_delivery(&mut found, required);
        if facts.parts.billing.is_none() && facts.parts.shipping.is_none() {
            // Without a place the taxes can't be known either: that is mended with it.
            found.push(required("billingAddress", "Say who pays."));
        } else if self.tax_status() == TaxStatus::Unavailable {
            let message = "The taxes can't be worked out now: try again in a moment.";
            found.push(Problem::new(ErrorCode::TaxUnavailable, "", message));
        }
        found.extend(facts.standing.cards.iter().filter_map(|card| card.available.clone().err()));
        found
    }

    fn push_of_delivery(&self, found: &mut Vec<Obstacle>, required: impl Fn(&str, &str) -> Problem) {
        let facts = &self.facts;
        if !facts.requires_shipping() {
            return;
        }
        if facts.parts.shipping.is_none() {
            found.push(required("shippingAddress", "Say where it goes to."));
        } else if let Some(refusal) = &facts.refusal {
            found.push(Problem::new(ErrorCode::NotAllowed, "shippingAddress", refusal.message.clone()));
        } else {
            for (place, group) in facts.groups.iter().enumerate() {
                if group.chosen.is_none() {
                    found.push(required(&format!("deliveryGroups.{place}"), "Choose how it is shipped."));
                }
            }
        }
    }
}

fn unavailable(missing: Missing, path: &str) -> Problem {
    match missing {
        Missing::Variant => Problem::new(ErrorCode::LineUnavailable, path, "This can't be bought any more: remove it."),
        Missing::Price => {
            Problem::new(ErrorCode::NoPrice, path, "This has no price in the currency of the cart: remove it.")
        }
    }
}
