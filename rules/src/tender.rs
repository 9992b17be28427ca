//! What a buyer pays with beside money: gift cards and store credit, which are payments and no discounts (rule P1).

use crate::money::Money;

/// What of a total each of these covers, in their order, and what is left to pay. What is in another currency covers
/// nothing.
pub fn cover(total: Money, available: &[Money]) -> (Vec<Money>, Money) {
    let currency = total.currency();
    let mut left = total.minor().max(0);
    let covers = available.iter().map(|available| {
        let usable = if available.currency() == currency { available.minor().max(0) } else { 0 };
        let covers = usable.min(left);
        left -= covers;
        Money::from_minor(covers, currency)
    });
    (covers.collect(), Money::from_minor(left, currency))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::currency::Currency;

    fn eur(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    #[test]
    fn rule_p1_the_first_covers_what_it_can_and_the_next_the_rest() {
        let (covers, left) = cover(eur(1_490), &[eur(500), eur(0), eur(2_000), eur(100)]);
        assert_eq!((covers, left), (vec![eur(500), eur(0), eur(990), eur(0)], eur(0)));
        let dollars = Money::from_minor(5_000, Currency::USD);
        assert_eq!(cover(eur(700), &[dollars, eur(300)]), (vec![eur(0), eur(300)], eur(400)));
        assert_eq!(cover(eur(0), &[eur(300)]), (vec![eur(0)], eur(0)));
    }

    proptest! {
        #[test]
        fn rule_p1_what_is_covered_and_what_is_left_is_the_total(
            total in 0..i64::MAX,
            available in prop::collection::vec(-10..i64::MAX, 0..6),
        ) {
            let available: Vec<Money> = available.into_iter().map(eur).collect();
            let (covers, left) = cover(eur(total), &available);
            prop_assert_eq!(covers.iter().map(|covers| covers.minor()).sum::<i64>() + left.minor(), total);
            for (covers, available) in covers.iter().zip(&available) {
                prop_assert!(covers.minor() <= available.minor().max(0));
                // Nobody pays who has something left to pay with.
                prop_assert!(left.is_zero() || covers.minor() == available.minor().max(0));
            }
        }
    }
}
