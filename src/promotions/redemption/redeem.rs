//! An order takes what its evaluation says that it uses.

use chrono::{DateTime, Utc};
use entity::promotions::{applied_promotions, code_redemptions, discount_codes};
use rules::ids::{OrderId, PromotionId};
use rules::promotion::{CodeRefusal, CodeStatus, Decision, Evaluation};
use rules::{ErrorCode, Money, Problem};

use super::buyer::BuyerKey;
use super::store;
use crate::kernel::{Error, Result, StoreScope, Tx, text};
use crate::promotions::codes;

/// What an order is about to use.
#[derive(Debug, Clone, Copy)]
pub struct Redemption<'a> {
    /// The order, or what is about to become one.
    pub order: OrderId,
    /// Who buys; `None` where nobody is known, so that no limit per buyer counts.
    pub buyer: Option<&'a BuyerKey>,
    /// What was worked out, on offers that were read in this transaction.
    pub evaluation: &'a Evaluation,
    /// The moment.
    pub at: DateTime<Utc>,
}

/// Takes the codes and promotions that were applied, in the caller's transaction: all of them, or none where it
/// fails and the transaction is dropped. What the order has taken already is not taken twice.
///
/// # Errors
/// `Conflict` with the code of the refusal at `codes.0`, the place of the code among those that were typed; with
/// `PRICE_CHANGED` where a promotion that needs no code was used up meanwhile: work the order out again.
pub async fn redeem(tx: &Tx<StoreScope>, redemption: &Redemption<'_>) -> Result<()> {
    take_codes(tx, redemption).await?;
    take_promotions(tx, redemption).await
}

/// A code that was applied: its place among those that were typed, how it is compared, and what it opened.
struct Given {
    place: usize,
    word: String,
    promotion: PromotionId,
}

fn given(evaluation: &Evaluation) -> Vec<Given> {
    let codes = evaluation.codes.iter().enumerate();
    let applied = codes.filter_map(|(place, code)| match code.status {
        CodeStatus::Applied { promotion } => Some(Given { place, word: text::fold(&code.typed), promotion }),
        CodeStatus::Outdone { .. } | CodeStatus::Refused { .. } => None,
    });
    applied.collect()
}

fn refused(place: usize, refusal: CodeRefusal) -> Error {
    Error::Conflict(refusal.problem(&format!("codes.{place}")))
}

async fn take_codes(tx: &Tx<StoreScope>, redemption: &Redemption<'_>) -> Result<()> {
    let given = given(redemption.evaluation);
    if given.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = given.iter().map(|given| given.word.clone()).collect();
    let held = store::lock_codes(tx, &words).await?;
    let ids: Vec<_> = held.iter().map(|row| row.id).collect();
    let uses = store::list_redemptions(tx, redemption.order, &ids).await?;
    let of_buyer = store::count_of_buyer(tx, &ids, redemption.buyer).await?;
    for given in &given {
        let code = held.iter().find(|row| row.code_normalized == given.word && row.promotion_id == given.promotion);
        let code = code.filter(|row| row.enabled).ok_or_else(|| refused(given.place, CodeRefusal::Unknown))?;
        let before = uses.iter().find(|row| row.code_id == code.id);
        if before.is_some_and(|row| row.canceled_at.is_none()) {
            continue;
        }
        let used = of_buyer.get(&code.id).copied().unwrap_or_default();
        let customer = redemption.buyer.and_then(BuyerKey::customer);
        if let Some(refusal) = codes::in_rules(code, used).refusal(customer, redemption.at) {
            return Err(refused(given.place, refusal));
        }
        if !store::count_code(tx, code.id).await? {
            return Err(refused(given.place, CodeRefusal::UsedUp));
        }
        store::save_redemption(tx, code_use(tx, redemption, code)).await?;
    }
    Ok(())
}

fn code_use(tx: &Tx<StoreScope>, redemption: &Redemption<'_>, code: &discount_codes::Model) -> code_redemptions::Model {
    code_redemptions::Model {
        store_id: tx.id(),
        code_id: code.id,
        order_id: redemption.order,
        buyer: redemption.buyer.map(ToString::to_string),
        created_at: redemption.at,
        canceled_at: None,
    }
}

async fn take_promotions(tx: &Tx<StoreScope>, redemption: &Redemption<'_>) -> Result<()> {
    let verdicts = redemption.evaluation.verdicts.iter();
    let applied: Vec<(PromotionId, Money)> = verdicts
        .filter_map(|verdict| match verdict.decision {
            Decision::Applied { amount, .. } => Some((verdict.promotion, amount)),
            Decision::Skipped { .. } => None,
        })
        .collect();
    if applied.is_empty() {
        return Ok(());
    }
    let ids: Vec<PromotionId> = applied.iter().map(|(promotion, _)| *promotion).collect();
    store::lock_promotions(tx, &ids).await?;
    let uses = store::list_applied(tx, redemption.order, &ids).await?;
    for (promotion, amount) in applied {
        let before = uses.iter().find(|row| row.promotion_id == promotion);
        if before.is_some_and(|row| row.canceled_at.is_none()) {
            continue;
        }
        let counted = store::count_promotion(tx, promotion).await? && store::spend(tx, promotion, amount).await?;
        if !counted {
            return Err(used_up(redemption.evaluation, promotion));
        }
        let applied = applied_promotions::Model {
            store_id: tx.id(),
            promotion_id: promotion,
            order_id: redemption.order,
            currency: amount.currency(),
            amount: amount.minor(),
            created_at: redemption.at,
            canceled_at: None,
        };
        store::save_applied(tx, applied).await?;
    }
    Ok(())
}

/// What a buyer is told whose promotion was used up meanwhile.
fn used_up(evaluation: &Evaluation, promotion: PromotionId) -> Error {
    match given(evaluation).into_iter().find(|given| given.promotion == promotion) {
        Some(given) => refused(given.place, CodeRefusal::UsedUp),
        None => {
            let message = "A promotion was used up meanwhile: look at the new total.";
            Error::Conflict(Problem::new(ErrorCode::PriceChanged, "", message))
        }
    }
}
