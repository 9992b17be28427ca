//! Carts: how lines add up, and what of them fits (rules C1 to C3).
//!
//! Owns which lines are one, the caps, and how much of what is wanted is kept where stock is short. Never knows
//! a price: what a cart costs is worked out on a basket. What is left of a variant comes in as a fact.

use std::collections::BTreeMap;

use crate::ids::ProductVariantId;
use crate::problem::{ErrorCode, Problem};
use crate::stock::Sellable;

/// Lines of a cart at the most.
pub const MAX_LINES: usize = 250;

/// Units of a variant in a cart at the most, all of its lines together.
pub const MAX_QUANTITY: u32 = 1_000_000;

/// Some units of a variant. Lines with the same variant and the same key are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is bought.
    pub variant: ProductVariantId,
    /// What the attributes of the line come down to; empty where it has none.
    pub key: String,
    /// How many, one at least.
    pub quantity: u32,
}

/// Of a variant less was kept than was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The variant.
    pub variant: ProductVariantId,
    /// How many were wanted on top of those that were there.
    pub wanted: u32,
    /// How many of these were kept.
    pub kept: u32,
    /// How many this cart can have altogether.
    pub available: u32,
}

/// What is left of each variant.
pub type Left = BTreeMap<ProductVariantId, Sellable>;

/// How many of a variant can be had; a variant that nothing is known of has none.
pub fn available(left: &Left, variant: ProductVariantId) -> u32 {
    match left.get(&variant) {
        None => 0,
        Some(Sellable::Unlimited) => MAX_QUANTITY,
        Some(Sellable::Units(units)) => u32::try_from(*units).unwrap_or(if *units < 0 { 0 } else { u32::MAX }),
    }
    .min(MAX_QUANTITY)
}

/// How many units of a variant there are, all lines together.
pub fn units_of(lines: &[Line], variant: ProductVariantId) -> u32 {
    lines.iter().filter(|line| line.variant == variant).fold(0, |sum, line| sum.saturating_add(line.quantity))
}

/// Adds lines to a cart, in their order: what fits is kept, and no line is left empty (rule C2).
///
/// # Errors
/// With the place among the added lines: `OUT_OF_RANGE` for a line without units, and for more of a variant than a
/// cart may hold; `LIMIT_REACHED` for more lines than it may have. Nothing was added then.
pub fn add(lines: &mut Vec<Line>, added: &[Line], left: &Left) -> Result<Vec<Cut>, (usize, Problem)> {
    let mut grown = lines.clone();
    let mut cuts: Vec<Cut> = Vec::new();
    let mut asked: BTreeMap<ProductVariantId, u32> = BTreeMap::new();
    for (place, line) in added.iter().enumerate() {
        let there = units_of(lines, line.variant);
        let asked = asked.entry(line.variant).or_default();
        *asked = asked.saturating_add(line.quantity);
        if line.quantity == 0 || there.saturating_add(*asked) > MAX_QUANTITY {
            return Err((place, too_many()));
        }
        let available = available(left, line.variant);
        let room = available.saturating_sub(units_of(&grown, line.variant));
        let kept = line.quantity.min(room);
        if kept < line.quantity {
            let (wanted, variant) = (line.quantity, line.variant);
            match cuts.iter_mut().find(|cut| cut.variant == variant) {
                Some(cut) => (cut.wanted, cut.kept) = (cut.wanted + wanted, cut.kept + kept),
                None => {
                    // What other lines of the same variant got before counts as well.
                    let before = units_of(&grown, variant) - there;
                    cuts.push(Cut { variant, wanted: before + wanted, kept: before + kept, available });
                }
            }
        }
        if kept > 0 {
            put(&mut grown, Line { quantity: kept, ..line.clone() });
        }
        if grown.len() > MAX_LINES {
            let message = format!("A cart has at most {MAX_LINES} lines.");
            return Err((place, Problem::new(ErrorCode::LimitReached, "", message)));
        }
    }
    *lines = grown;
    Ok(cuts)
}

/// Puts units on their line, or on a new one (rule C1).
fn put(lines: &mut Vec<Line>, line: Line) {
    match lines.iter_mut().find(|there| there.variant == line.variant && there.key == line.key) {
        Some(there) => there.quantity += line.quantity,
        None => lines.push(line),
    }
}

/// The problem of more units than a cart may hold, or of none.
pub fn too_many() -> Problem {
    let message = format!("Give 1 to {MAX_QUANTITY}, and no more of one variant altogether.");
    Problem::new(ErrorCode::OutOfRange, "quantity", message)
}

/// The lines of two carts as one (rule C3): those of the customer's own cart, then what only the guest's has. Where
/// both have a line, the guest's quantity counts. What no longer fits is cut, the later lines first.
///
/// What is beyond [`MAX_LINES`] is left out.
pub fn merge(own: &[Line], guest: &[Line], left: &Left) -> (Vec<Line>, Vec<Cut>) {
    let mut wanted: Vec<Line> = own.to_vec();
    for line in guest {
        match wanted.iter_mut().find(|there| there.variant == line.variant && there.key == line.key) {
            Some(there) => there.quantity = line.quantity,
            None => wanted.push(line.clone()),
        }
    }
    let (mut merged, mut cuts): (Vec<Line>, Vec<Cut>) = (Vec::new(), Vec::new());
    for line in wanted {
        let room = available(left, line.variant).saturating_sub(units_of(&merged, line.variant));
        let kept = if merged.len() < MAX_LINES { line.quantity.min(room) } else { 0 };
        match cuts.iter_mut().find(|cut| cut.variant == line.variant) {
            Some(cut) => (cut.wanted, cut.kept) = (cut.wanted.saturating_add(line.quantity), cut.kept + kept),
            None => cuts.push(Cut {
                variant: line.variant,
                wanted: line.quantity,
                kept,
                available: available(left, line.variant),
            }),
        }
        if kept > 0 {
            merged.push(Line { quantity: kept, ..line });
        }
    }
    cuts.retain(|cut| cut.kept < cut.wanted);
    (merged, cuts)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn variant(number: u128) -> ProductVariantId {
        ProductVariantId(Uuid::from_u128(number))
    }

    fn line(number: u128, key: &str, quantity: u32) -> Line {
        Line { variant: variant(number), key: key.to_owned(), quantity }
    }

    fn left(units: &[(u128, i64)]) -> Left {
        units.iter().map(|(number, units)| (variant(*number), Sellable::Units(*units))).collect()
    }

    #[test]
    fn rule_c1_lines_that_differ_in_nothing_are_one() {
        let mut lines = vec![line(1, "", 2)];
        let cuts = add(&mut lines, &[line(1, "", 3), line(1, "blue", 1), line(2, "", 1)], &left(&[(1, 9), (2, 9)]));
        assert_eq!(cuts, Ok(vec![]));
        assert_eq!(lines, [line(1, "", 5), line(1, "blue", 1), line(2, "", 1)]);
    }

    #[test]
    fn rule_c2_what_fits_is_kept_and_no_line_is_empty() {
        let mut lines = vec![line(1, "", 2)];
        let cuts = add(&mut lines, &[line(1, "blue", 1), line(1, "", 5), line(2, "", 1)], &left(&[(1, 4)]));
        assert_eq!(
            cuts,
            Ok(vec![
                Cut { variant: variant(1), wanted: 6, kept: 2, available: 4 },
                Cut { variant: variant(2), wanted: 1, kept: 0, available: 0 },
            ])
        );
        assert_eq!(lines, [line(1, "", 3), line(1, "blue", 1)]);
        // Stock that fell below what is there lets nothing in, and takes nothing out.
        let cuts = add(&mut lines, &[line(1, "", 1)], &left(&[(1, 1)]));
        assert_eq!(cuts, Ok(vec![Cut { variant: variant(1), wanted: 1, kept: 0, available: 1 }]));
        assert_eq!(units_of(&lines, variant(1)), 4);
    }

    #[test]
    fn attack_c01_no_sum_goes_over_the_cap() {
        let unlimited: Left = [(variant(1), Sellable::Unlimited)].into();
        let mut lines = vec![line(1, "", MAX_QUANTITY)];
        for wrong in [vec![line(1, "", 1)], vec![line(1, "b", u32::MAX), line(1, "c", u32::MAX)], vec![line(1, "", 0)]]
        {
            let refused = add(&mut lines, &wrong, &unlimited).expect_err("refused");
            assert_eq!((refused.0, refused.1.code), (0, ErrorCode::OutOfRange));
        }
        assert_eq!(lines, [line(1, "", MAX_QUANTITY)]);
        let many: Vec<Line> = (0..=MAX_LINES as u128).map(|number| line(number, "", 1)).collect();
        let all: Left = many.iter().map(|line| (line.variant, Sellable::Unlimited)).collect();
        let refused = add(&mut Vec::new(), &many, &all).expect_err("refused");
        assert_eq!((refused.0, refused.1.code), (MAX_LINES, ErrorCode::LimitReached));
    }

    #[test]
    fn rule_c3_the_guests_quantity_wins_and_nothing_is_lost() {
        let (own, guest) = ([line(1, "", 5), line(2, "", 1)], [line(3, "", 2), line(1, "", 1), line(1, "blue", 9)]);
        let (merged, cuts) = merge(&own, &guest, &left(&[(1, 4), (2, 9), (3, 9)]));
        assert_eq!(merged, [line(1, "", 1), line(2, "", 1), line(3, "", 2), line(1, "blue", 3)]);
        assert_eq!(cuts, [Cut { variant: variant(1), wanted: 10, kept: 4, available: 4 }]);
    }
}
