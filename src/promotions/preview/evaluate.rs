//! From a basket to what promotions do to it.

use chrono::{DateTime, Utc};
use rules::basket::Basket;
use rules::ids::PromotionId;
use rules::place::Place;
use rules::promotion::{self, Evaluation};
use rules::tax::{Places, StoreTaxes, TaxRules, Taxation};
use rules::totals::Totals;

use crate::baskets::{self, Wanted};
use crate::kernel::{Result, StoreScope};
use crate::promotions::offers::{Asked, offers};

/// What came of it.
pub struct Worked {
    /// What came of each promotion and of each code.
    pub evaluation: Evaluation,
    /// What each line comes to; without taxes.
    pub totals: Totals,
}

/// Works out what the store's promotions do to what is wanted, at a moment.
///
/// # Errors
/// As [`baskets::assemble`] and [`offers`].
pub async fn evaluate(
    scope: &StoreScope,
    wanted: Wanted,
    at: DateTime<Utc>,
    disabled: &[PromotionId],
) -> Result<Worked> {
    let basket = baskets::assemble(scope, wanted).await?;
    let asked = Asked { at, currency: basket.currency, codes: &basket.codes, buyer: None, disabled };
    let offers = offers(scope, &asked).await?;
    let evaluation = promotion::evaluate(&basket, &offers, at)?;
    let totals = Totals::new(&basket, &evaluation, &untaxed(&basket))?;
    Ok(Worked { evaluation, totals })
}

/// No taxes at all: discounts are in the store's tax mode, and taxes come after them.
fn untaxed(basket: &Basket) -> Taxation {
    let store = Place::country(basket.country.as_deref().unwrap_or_default());
    let places = Places { shipping: None, billing: None, store };
    Taxation::Rules(Box::new(StoreTaxes { rules: TaxRules::default(), places, exempt: false }))
}
