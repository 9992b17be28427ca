//! Units that count together: three for ten, and buy two get one.

use super::proposal::{Nothing, Pick, cheapest_first, first_units};
use super::reduced::Reduced;
use super::selector::Selector;
use crate::currency::Currency;
use crate::money::Money;

/// Goes through picks in groups of `size` units, `most` groups at the most, and sums what each group
/// gets off. Answers how many units take part, and the sum.
///
/// The picks come dearest first, so that after a group that gets nothing off no other gets any.
pub(super) fn off_groups(
    picks: &[Pick],
    size: i64,
    most: i64,
    currency: Currency,
    off: impl Fn(Money) -> Result<Money, Nothing>,
) -> Result<(i64, Money), Nothing> {
    let (mut groups, mut sum) = (0, Money::zero(currency));
    // The group that is being put together.
    let (mut wanting, mut amount) = (size, Money::zero(currency));
    for pick in picks {
        let mut left = pick.units;
        while left > 0 && groups < most {
            // Whole groups of the same price are counted at once.
            let whole = if wanting == size { (left / size).min(most - groups) } else { 0 };
            let (count, group, used) = match whole {
                0 => {
                    let taken = left.min(wanting);
                    wanting -= taken;
                    amount = amount.checked_add(pick.price.times(taken)?)?;
                    (i64::from(wanting == 0), amount, taken)
                }
                whole => (whole, pick.price.times(size)?, whole * size),
            };
            left -= used;
            if count > 0 {
                (wanting, amount) = (size, Money::zero(currency));
                let each = off(group)?;
                if each.is_zero() {
                    return Ok((groups * size, sum));
                }
                groups += count;
                sum = sum.checked_add(each.times(count)?)?;
            }
        }
    }
    Ok((groups * size, sum))
}

/// The units that "buy so many, get so many" makes cheap: the cheapest that may be, for as many whole
/// times as there are units for, without the units that are needed to qualify.
pub(super) fn made_cheap(
    reduced: &Reduced<'_>,
    mut picks: Vec<Pick>,
    (buy, buy_quantity): (&Selector, i64),
    (get, get_quantity): (&Selector, i64),
    most: i64,
) -> Vec<Pick> {
    let lines = &reduced.basket().lines;
    let qualifies: Vec<bool> = lines.iter().map(|line| buy.matches(line)).collect();
    // Units that only qualify, that can only be made cheap, and that can be either.
    let only_buy = count(reduced, |line| qualifies[line] && !get.matches(&lines[line]));
    let only_get: i64 = picks.iter().filter(|pick| !qualifies[pick.line]).map(|pick| pick.units).sum();
    let either: i64 = picks.iter().filter(|pick| qualifies[pick.line]).map(|pick| pick.units).sum();

    let fits = |times: i64| {
        let to_qualify = (times * buy_quantity - only_buy).max(0);
        let to_get = (times * get_quantity - only_get).max(0);
        to_qualify + to_get <= either
    };
    let all = only_buy + only_get + either;
    let (mut times, mut beyond) = (0, (all / (buy_quantity + get_quantity).max(1)).min(most) + 1);
    while beyond - times > 1 {
        let middle = times + (beyond - times) / 2;
        if fits(middle) { times = middle } else { beyond = middle }
    }

    // Of those that can be either, so many are free to be made cheap.
    let mut spare = either - (times * buy_quantity - only_buy).max(0);
    cheapest_first(&mut picks);
    for pick in picks.iter_mut().filter(|pick| qualifies[pick.line]) {
        pick.units = pick.units.min(spare);
        spare -= pick.units;
    }
    first_units(picks, times * get_quantity)
}

/// How many units there are on lines of a kind, among those that cost something.
fn count(reduced: &Reduced<'_>, is_of_kind: impl Fn(usize) -> bool) -> i64 {
    let runs = reduced.runs().iter().filter(|run| !run.price.is_zero() && is_of_kind(run.line));
    runs.map(|run| run.units).sum()
}
