//! `discountCodesGenerate`: many codes at once, made by chance.

use std::collections::HashSet;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::promotions::discount_codes::ActiveModel;
use rules::ids::{DiscountCodeId, PromotionId};
use rules::{ErrorCode, Problem, Problems};
use sea_orm::ActiveValue::Set;

use super::super::events::DiscountCodesGenerated;
use super::super::store;
use super::Limits;
use crate::kernel::entropy::Entropy;
use crate::kernel::{Action, Audit, Ctx, Error, Result, input, text};

/// Codes that are made at once, at the most.
const MAX_COUNT: usize = 1_000;

/// The longest beginning, in characters.
const MAX_PREFIX: usize = 20;

/// The fewest signs made by chance: one guess in five hundred million finds one of a thousand codes.
const MIN_LENGTH: usize = 8;

/// The most signs made by chance.
const MAX_LENGTH: usize = 32;

/// Digits and letters that nobody takes for another one, read aloud or in print: no 0 and O, 1, I and L, U and V.
const ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTWXYZ";

/// Bytes below this stand for each sign equally often.
const FAIR: u8 = u8::MAX - u8::MAX % 29;

/// How many codes, and what they have in common.
#[derive(InputObject, Clone)]
pub struct DiscountCodesGenerateInput {
    /// The promotion that they open; one whose condition says `codeGiven: true`.
    pub promotion_id: PromotionId,
    /// How many; 1 to 1,000.
    pub count: i32,
    /// What each begins with, such as `SUMMER-`; at most 20 characters.
    pub prefix: Option<String>,
    /// How many signs each has after that; 8 to 32.
    #[graphql(default = 10)]
    pub length: i32,
    /// How many orders may use each; one where it is left out, any number where it is null.
    #[graphql(default_with = "Some(1)")]
    pub usage_limit: Option<i32>,
    /// How many orders of one customer, or of one guest's e-mail address, may use each; any number where it is left
    /// out.
    pub limit_per_buyer: Option<i32>,
    /// The first moment at which they may be used; always where it is left out.
    pub valid_from: Option<DateTime<Utc>>,
    /// The first moment at which they no longer may; never where it is left out.
    pub valid_to: Option<DateTime<Utc>>,
}

/// Generates the codes.
pub async fn run(ctx: &Ctx, input: DiscountCodesGenerateInput) -> Result<Vec<String>> {
    let mut problems = Problems::new();
    let count = problems.keep(within("count", input.count, 1, MAX_COUNT));
    let length = problems.keep(within("length", input.length, MIN_LENGTH, MAX_LENGTH));
    let prefix = problems.keep(input::optional_line("prefix", input.prefix.as_deref(), MAX_PREFIX));
    let counts = (input.usage_limit, input.limit_per_buyer);
    let limits = Limits::read(counts, (input.valid_from, input.valid_to), &mut problems);
    problems.finish()?;
    let (Some(count), Some(length), Some(prefix)) = (count, length, prefix) else { return Err(input::unread()) };
    let prefix = prefix.unwrap_or_default();

    let mut tx = ctx.begin_store(Action::DiscountCodesGenerate).await?;
    super::hold_promotion(&tx, input.promotion_id).await?;
    let made = words(&*ctx.system().entropy, &prefix, count, length);
    let folded: Vec<String> = made.iter().map(|code| text::fold(code)).collect();
    if !store::list_taken(&tx, &folded).await?.is_empty() {
        // Chance made one that is there: another throw of the dice.
        return Err(Error::Retry);
    }
    let rows = made.iter().zip(folded).map(|(code, folded)| ActiveModel {
        id: Set(ctx.id::<DiscountCodeId>()),
        promotion_id: Set(input.promotion_id),
        code: Set(code.clone()),
        code_normalized: Set(folded),
        enabled: Set(true),
        used: Set(0),
        usage_limit: Set(limits.usage_limit),
        limit_per_buyer: Set(limits.limit_per_buyer),
        valid_from: Set(limits.valid_from),
        valid_to: Set(limits.valid_to),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    });
    store::insert_made(&tx, rows.collect()).await?;
    let generated = DiscountCodesGenerated {
        promotion_id: input.promotion_id,
        count: made.len(),
        prefix,
        usage_limit: limits.usage_limit,
        limit_per_buyer: limits.limit_per_buyer,
        valid_from: limits.valid_from,
        valid_to: limits.valid_to,
    };
    tx.emit(&generated)?;
    tx.commit(Audit::done("discount_code", &generated)).await?;
    Ok(made)
}

/// Holds a number to a range.
fn within(field: &str, given: i32, least: usize, most: usize) -> Result<usize, Problem> {
    usize::try_from(given)
        .ok()
        .filter(|given| (least..=most).contains(given))
        .ok_or_else(|| Problem::new(ErrorCode::OutOfRange, field, format!("Give {least} to {most}.")))
}

/// So many different words.
fn words(entropy: &dyn Entropy, prefix: &str, count: usize, length: usize) -> Vec<String> {
    let mut seen = HashSet::with_capacity(count);
    let mut words = Vec::with_capacity(count);
    while words.len() < count {
        let word = format!("{prefix}{}", signs(entropy, length));
        if seen.insert(word.clone()) {
            words.push(word);
        }
    }
    words
}

/// Signs of the alphabet, each as likely as any other: other bytes are thrown again.
fn signs(entropy: &dyn Entropy, length: usize) -> String {
    let mut signs = String::with_capacity(length);
    let mut bytes = [0; MAX_LENGTH];
    while signs.len() < length {
        entropy.fill(&mut bytes);
        for byte in bytes.iter().filter(|byte| **byte < FAIR) {
            if signs.len() < length {
                signs.push(ALPHABET[usize::from(*byte) % ALPHABET.len()].into());
            }
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::entropy::SeededEntropy;

    #[test]
    fn words_are_different_and_of_the_alphabet_alone() {
        let words = words(&SeededEntropy::new(7), "A-", MAX_COUNT, MIN_LENGTH);
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), MAX_COUNT);
        for word in &words {
            let signs = word.strip_prefix("A-").expect("the prefix");
            assert!(signs.len() == MIN_LENGTH && signs.bytes().all(|sign| ALPHABET.contains(&sign)), "{word}");
        }
    }

    #[test]
    fn every_sign_is_as_likely_as_any_other() {
        let signs = signs_of(29_000);
        for sign in ALPHABET {
            let count = signs.iter().filter(|other| *other == sign).count();
            assert!((850..1_150).contains(&count), "{} stands {count} times", char::from(*sign));
        }
    }

    fn signs_of(count: usize) -> Vec<u8> {
        let entropy = SeededEntropy::new(3);
        (0..count / MAX_LENGTH).flat_map(|_| signs(&entropy, MAX_LENGTH).into_bytes()).collect()
    }
}
