//! Baskets and promotions for tests.

pub use chrono::{DateTime, Utc};
pub use uuid::Uuid;

pub use crate::basket::{Basket, Buyer, Line, ShippingCharge};
pub use crate::currency::Currency;
pub use crate::ids::{ProductId, TagId};
use crate::ids::{ProductVariantId, PromotionId};
pub use crate::money::{Money, Rounding, TaxMode};
pub use crate::percent::Percent;
use crate::promotion::*;

pub fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

pub fn percent(text: &str) -> Percent {
    Percent::try_new(text.parse().expect("a decimal")).expect("a percentage")
}

pub fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
}

pub fn tag(number: u128) -> TagId {
    TagId(Uuid::from_u128(number))
}

/// A line of the product with the tag of the same number.
pub fn line(number: u128, quantity: u32, minor: i64) -> Line {
    Line {
        variant: ProductVariantId(Uuid::from_u128(number)),
        product: ProductId(Uuid::from_u128(number)),
        brand: None,
        categories: Vec::new(),
        collections: Vec::new(),
        tags: vec![tag(number)],
        tax_category: None,
        untaxed: false,
        quantity,
        unit_price: eur(minor),
    }
}

/// Lines of different products, and shipping for 4.90 EUR.
pub fn basket(lines: &[(u32, i64)]) -> Basket {
    let line = |(index, (quantity, minor)): (usize, &(u32, i64))| line(index as u128, *quantity, *minor);
    Basket {
        currency: Currency::EUR,
        tax_mode: TaxMode::Gross,
        rounding: Rounding::default(),
        lines: lines.iter().enumerate().map(line).collect(),
        shipping: Some(ShippingCharge { rate: None, amount: eur(490) }),
        codes: Vec::new(),
        buyer: Buyer::default(),
        country: Some("DE".to_owned()),
        channel: None,
    }
}

/// A promotion for everybody that combines with all.
pub fn promotion(id: u128, action: Action) -> Promotion {
    Promotion {
        id: PromotionId(Uuid::from_u128(id)),
        name: format!("Promotion {id}"),
        created_at: DateTime::UNIX_EPOCH,
        priority: 0,
        valid_from: None,
        valid_to: None,
        condition: Condition::always(),
        action,
        caps: Caps::default(),
        stacking: Stacking { combines_with: vec![Phase::Line, Phase::Order, Phase::Shipping], exclusive_group: None },
        spent: Spent::default(),
    }
}

pub fn offers(promotions: Vec<Promotion>) -> Offers {
    Offers { promotions, ..Offers::default() }
}

pub fn code(text: &str, promotion: u128) -> DiscountCode {
    DiscountCode {
        code: text.to_owned(),
        promotion: PromotionId(Uuid::from_u128(promotion)),
        customer: None,
        valid_from: None,
        valid_to: None,
        limit: None,
        limit_per_buyer: None,
        used: 0,
        used_by_buyer: 0,
    }
}

pub fn off_order(minor: i64) -> Action {
    Action::Order(Change::Amount(eur(minor).into()))
}

/// Off all lines together.
pub fn off_units(minor: i64) -> Action {
    Action::Units { of: Selector::everything(), change: Change::Amount(eur(minor).into()), spread: Spread::Across }
}

pub fn off_shipping(minor: i64) -> Action {
    Action::Shipping { change: Change::Amount(eur(minor).into()), rates: Vec::new() }
}
