//! What a cart costs: three variants, one code, one tax.

use rules::basket::{Basket, Buyer, Line, ShippingCharge};
use rules::ids::{ProductId, PromotionId};
use rules::place::{Place, Territory};
use rules::promotion::{Action, Caps, Change, Condition, DiscountCode, Offers, Phase, Promotion, Spent, Stacking};
use rules::tax::{Places, ShippingTax, StoreTaxes, TaxRate, TaxRules, TaxZone, Taxation};
use rules::totals::{Reckoning, Terms};
use rules::{Currency, Money, Percent, Rounding, TaxMode};
use uuid::Uuid;

use super::{CODE_LIMIT, Shop, variant};
use crate::world::Sabotage;

fn eur(minor: i64) -> Money {
    Money::from_minor(minor, Currency::EUR)
}

impl Shop {
    /// What a cart costs now. The code counts its uses and what others hold of them.
    pub(super) fn reckon(&self, cart: usize) -> Reckoning {
        let row = &self.carts[cart];
        let others = self.code_holds.iter().filter(|(holder, until)| *holder != cart && self.at < *until).count();
        let used = if self.is(Sabotage::ForgetCodeHolds) { 0 } else { self.code_uses() + others as u64 };
        let line = |(index, quantity): (&usize, &u32)| Line {
            variant: variant(*index),
            product: ProductId(Uuid::from_u128(*index as u128)),
            brand: None,
            categories: Vec::new(),
            collections: Vec::new(),
            tags: Vec::new(),
            tax_category: None,
            untaxed: false,
            quantity: *quantity,
            unit_price: eur(999 + 500 * *index as i64),
        };
        let basket = Basket {
            currency: Currency::EUR,
            tax_mode: TaxMode::Net,
            rounding: Rounding::default(),
            lines: row.lines.iter().map(line).collect(),
            shipping: (!self.generous).then(|| ShippingCharge { rate: None, amount: eur(490) }),
            codes: if row.has_code { vec!["lucky".to_owned()] } else { Vec::new() },
            buyer: Buyer::default(),
            country: None,
            channel: None,
        };
        let id = PromotionId(Uuid::from_u128(1));
        let off = Percent::try_new(if self.generous { 100_i64 } else { 15 }.into()).expect("a percentage");
        let promotion = Promotion {
            id,
            name: "Lucky".to_owned(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            priority: 0,
            valid_from: None,
            valid_to: None,
            condition: Condition::CodeGiven,
            action: Action::Order(Change::Percent(off)),
            caps: Caps::default(),
            stacking: Stacking { combines_with: vec![Phase::Order], exclusive_group: None },
            spent: Spent::default(),
        };
        let code = DiscountCode {
            code: "LUCKY".to_owned(),
            promotion: id,
            customer: None,
            valid_from: None,
            valid_to: None,
            limit: Some(CODE_LIMIT),
            limit_per_buyer: None,
            used,
            used_by_buyer: 0,
        };
        let offers = Offers { promotions: vec![promotion], codes: vec![code], gifts: Vec::new() };
        let rate = TaxRate { name: "VAT".to_owned(), rate: "0.19".parse().expect("a rate"), category: None };
        let world = Territory { country: None, region: None, postal_codes: Vec::new() };
        let zone = TaxZone { id: Uuid::from_u128(1).into(), territories: vec![world], rates: vec![rate] };
        let taxation = Taxation::Rules(Box::new(StoreTaxes {
            rules: TaxRules { zones: vec![zone], shipping: ShippingTax::ByLines },
            places: Places { shipping: None, billing: None, store: Place::country("DE") },
            exempt: false,
        }));
        Terms::new(self.at, basket, offers, taxation).work_out().expect("a reckoning")
    }
}

pub(super) fn uses_code(reckoning: &Reckoning) -> bool {
    reckoning.evaluation.applied().any(|(verdict, _)| verdict.code.is_some())
}
