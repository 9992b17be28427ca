//! What a store offers at a moment, as the rules want it: the door for previews, carts and orders.
//!
//! What a merchant wrote and what buyers used of it are read apart: the first changes with a merchant's write alone,
//! and could be remembered until then; the second changes with every order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures::FutureExt;
use rules::ids::{ProductVariantId, PromotionId};
use rules::promotion::{Action, Offers, Promotion};
use rules::{Currency, Money};

use super::redemption::BuyerKey;
use super::{codes, store, terms};
use crate::baskets;
use crate::kernel::{Result, StoreScope};

/// What offers are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The currency of the basket.
    pub currency: Currency,
    /// The codes of the basket, as they were typed.
    pub codes: &'a [String],
    /// Who buys; `None` where nobody is known yet, so that no limit per buyer counts.
    pub buyer: Option<&'a BuyerKey>,
    /// Promotions that are disabled and shall count all the same: for previews.
    pub disabled: &'a [PromotionId],
}

/// What a store offers: every promotion that is enabled and not over, with what was used of it, those that the codes
/// open beside them, and what can be given away. The number of statements does not grow with the promotions: two for
/// codes where there are some, three for promotions, and five more where one of them gives something away.
///
/// # Errors
/// What the database says; `Internal` for terms that can't be read.
pub async fn offers(scope: &StoreScope, asked: &Asked<'_>) -> Result<Offers> {
    let codes = codes::find_given(scope, asked.codes, asked.buyer).await?;
    let named: Vec<PromotionId> = codes.iter().map(|code| code.promotion).collect();
    let rows = store::list_offered(scope, asked.at, &named, asked.disabled).await?;
    let mut promotions = rows.iter().map(terms::promotion).collect::<Result<Vec<Promotion>>>()?;
    let given = given_away(&promotions);
    let ((), gifts) = tokio::try_join!(
        count(scope, &mut promotions, asked.currency).boxed(),
        baskets::gifts(scope, &given, asked.currency, asked.at).boxed(),
    )?;
    Ok(Offers { promotions, codes, gifts })
}

/// A promotion as the rules want it, be it enabled or not, with nothing used of it: for simulations.
///
/// # Errors
/// What the database says; `Internal` for terms that can't be read.
pub async fn find_rule(scope: &StoreScope, id: PromotionId) -> Result<Option<Promotion>> {
    let row = store::list_by_ids(scope, &[id]).await?.into_iter().find(|row| row.deleted_at.is_none());
    row.as_ref().map(terms::promotion).transpose()
}

/// Notes on promotions what was used of them, in one currency.
async fn count(scope: &StoreScope, promotions: &mut [Promotion], currency: Currency) -> Result<()> {
    if promotions.is_empty() {
        return Ok(());
    }
    let ids: Vec<PromotionId> = promotions.iter().map(|promotion| promotion.id).collect();
    let (usage, spending) =
        tokio::try_join!(store::list_usage(scope, &ids), store::list_spending(scope, &ids, Some(currency)))?;
    let uses: HashMap<PromotionId, i64> = usage.into_iter().map(|row| (row.promotion_id, row.uses)).collect();
    let spent: HashMap<PromotionId, i64> = spending.into_iter().map(|row| (row.promotion_id, row.spent)).collect();
    for promotion in promotions {
        let uses = uses.get(&promotion.id).copied().unwrap_or_default();
        promotion.spent.uses = u64::try_from(uses).unwrap_or_default();
        if let Some(minor) = spent.get(&promotion.id) {
            promotion.spent.discount = Money::from_minor(*minor, currency).into();
        }
    }
    Ok(())
}

/// The variants that promotions give away, each once.
fn given_away(promotions: &[Promotion]) -> Vec<ProductVariantId> {
    let mut given = Vec::new();
    for promotion in promotions {
        if let Action::Gift { variant, .. } = &promotion.action
            && !given.contains(variant)
        {
            given.push(*variant);
        }
    }
    given
}
