use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn hour(hour: i64) -> DateTime<Utc> {
    DateTime::<Utc>::UNIX_EPOCH + TimeDelta::hours(hour)
}

fn segment(number: u128) -> SegmentId {
    SegmentId(Uuid::from_u128(number))
}

/// Few values for each condition, so that ties of every kind come up.
fn any_row() -> impl Strategy<Value = PriceRow> {
    (
        0..6_u128,
        any::<bool>(),
        prop::option::of(0..3_u128),
        prop::sample::select(vec![1, 2, 5, 10]),
        0..4_i64,
        any::<bool>(),
        prop::option::of(0..6_i64),
        prop::option::of(0..6_i64),
    )
        .prop_map(|(id, on_variant, of_segment, minimum_quantity, minor, euro, from, to)| PriceRow {
            id: PriceId(Uuid::from_u128(id)),
            level: if on_variant { PriceLevel::Variant } else { PriceLevel::Product },
            segment: of_segment.map(segment),
            minimum_quantity,
            amount: Money::from_minor(minor, if euro { Currency::EUR } else { Currency::USD }),
            compare_at: None,
            valid_from: from.map(hour),
            valid_to: to.map(hour),
        })
}

fn any_rows() -> impl Strategy<Value = Vec<PriceRow>> {
    prop::collection::vec(any_row(), 0..12).prop_map(|mut rows| {
        // Ids are unique in the database.
        for (number, row) in rows.iter_mut().enumerate() {
            row.id = PriceId(Uuid::from_u128(number as u128));
        }
        rows
    })
}

fn query(quantity: i32, at: i64, segments: &[SegmentId]) -> PriceQuery<'_> {
    PriceQuery { currency: Currency::EUR, quantity, at: hour(at), segments }
}

/// Rule M2 read aloud: drop whoever is less specific, one condition after the other.
fn by_the_letter<'a>(rows: &'a [PriceRow], query: &PriceQuery<'_>) -> Option<&'a PriceRow> {
    let mut left: Vec<&PriceRow> = rows
        .iter()
        .filter(|row| row.amount.currency() == query.currency)
        .filter(|row| row.minimum_quantity <= query.quantity)
        .filter(|row| row.valid_from.is_none_or(|from| query.at >= from))
        .filter(|row| row.valid_to.is_none_or(|to| query.at < to))
        .filter(|row| row.segment.is_none_or(|segment| query.segments.contains(&segment)))
        .collect();
    if left.iter().any(|row| row.level == PriceLevel::Variant) {
        left.retain(|row| row.level == PriceLevel::Variant);
    }
    if left.iter().any(|row| row.segment.is_some()) {
        left.retain(|row| row.segment.is_some());
    }
    let tier = left.iter().map(|row| row.minimum_quantity).max()?;
    left.retain(|row| row.minimum_quantity == tier);
    let lowest = left.iter().map(|row| row.amount.minor()).min()?;
    left.retain(|row| row.amount.minor() == lowest);
    left.sort_by_key(|row| row.id);
    left.first().copied()
}

#[test]
fn rule_m1_no_row_in_the_currency_is_no_price() {
    let row = PriceRow {
        id: PriceId(Uuid::from_u128(1)),
        level: PriceLevel::Variant,
        segment: None,
        minimum_quantity: 1,
        amount: Money::from_minor(100, Currency::USD),
        compare_at: None,
        valid_from: None,
        valid_to: None,
    };
    assert_eq!(resolve([&row], &query(1, 0, &[])), None);
    assert!(ladder([&row], &query(1, 0, &[])).is_empty());
    assert_eq!(resolve([], &query(1, 0, &[])), None);
}

proptest! {
    #[test]
    fn rule_m2_the_resolver_follows_the_rule_to_the_letter(rows in any_rows(), quantity in 1..12, at in -1..8_i64) {
        let segments = [segment(0), segment(2)];
        let query = query(quantity, at, &segments);
        prop_assert_eq!(resolve(&rows, &query), by_the_letter(&rows, &query));
    }

    #[test]
    fn rule_m2_the_order_of_the_rows_does_not_matter(
        (rows, shuffled) in any_rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        quantity in 1..12,
        at in -1..8_i64,
    ) {
        let query = query(quantity, at, &[]);
        prop_assert_eq!(resolve(&rows, &query), resolve(&shuffled, &query));
    }

    #[test]
    fn rule_m2_the_ladder_says_what_the_resolver_says(rows in any_rows(), quantity in 1..15, at in -1..8_i64) {
        let segments = [segment(1)];
        let query = query(quantity, at, &segments);
        let tiers = ladder(&rows, &query);
        let step = tiers.iter().rev().find(|tier| tier.minimum_quantity <= quantity).map(|tier| tier.row);
        prop_assert_eq!(step, resolve(&rows, &query));
        prop_assert!(tiers.windows(2).all(|pair| pair[0].minimum_quantity < pair[1].minimum_quantity));
    }

    #[test]
    fn rule_m5_nothing_changes_between_two_change_points(rows in any_rows(), quantity in 1..12, at in -1..8_i64) {
        let points = change_points(&rows);
        let later = hour(at) + TimeDelta::minutes(59);
        prop_assert!(!points.iter().any(|point| hour(at) < *point && *point <= later));
        let now = query(quantity, at, &[]);
        prop_assert_eq!(resolve(&rows, &now), resolve(&rows, &PriceQuery { at: later, ..now }));
    }

    #[test]
    fn rule_m5_the_ranges_say_what_the_resolver_says_at_every_moment(
        variants in prop::collection::vec(any_rows(), 0..4),
        at in -1..8_i64,
    ) {
        let ranges = ranges(&variants);
        let query = query(1, at, &[]);
        let prices: Vec<i64> =
            variants.iter().filter_map(|rows| resolve(rows, &query)).map(|row| row.amount.minor()).collect();
        let at_the_moment: Vec<(i64, i64)> = ranges
            .iter()
            .filter(|range| range.currency == query.currency)
            .filter(|range| range.valid_from.is_none_or(|from| from <= query.at))
            .filter(|range| range.valid_to.is_none_or(|to| query.at < to))
            .map(|range| (range.min.minor(), range.max.minor()))
            .collect();
        let expected: Vec<(i64, i64)> =
            prices.iter().min().copied().zip(prices.iter().max().copied()).into_iter().collect();
        prop_assert_eq!(at_the_moment, expected);

        for pair in ranges.windows(2).filter(|pair| pair[0].currency == pair[1].currency) {
            prop_assert!(pair[0].valid_to.is_some() && pair[0].valid_to <= pair[1].valid_from);
            let one_stretch = pair[0].valid_to == pair[1].valid_from
                && (pair[0].min, pair[0].max) == (pair[1].min, pair[1].max);
            prop_assert!(!one_stretch, "two stretches that are one");
        }
    }
}
