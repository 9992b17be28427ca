//! How providers count money.
//!
//! We count in the minor unit of ISO 4217; some providers count some currencies otherwise. An amount that comes out
//! with a part of a unit is no amount for this provider: nothing is rounded.

use rules::{Currency, Money};

/// An amount in units of which a major one has ten to the power of `exponent`. `None` where it does not come out even,
/// or is beyond 64 bits.
pub(super) fn to_units(amount: Money, exponent: u32) -> Option<i64> {
    let own = amount.currency().exponent();
    if exponent >= own {
        return amount.minor().checked_mul(10_i64.checked_pow(exponent - own)?);
    }
    let factor = 10_i64.checked_pow(own - exponent)?;
    (amount.minor() % factor == 0).then(|| amount.minor() / factor)
}

/// The amount of so many units. `None` where it is below nothing, does not come out even, or is beyond 64 bits.
pub(super) fn from_units(units: i64, currency: Currency, exponent: u32) -> Option<Money> {
    let own = currency.exponent();
    let minor = if own >= exponent {
        units.checked_mul(10_i64.checked_pow(own - exponent)?)?
    } else {
        let factor = 10_i64.checked_pow(exponent - own)?;
        (units % factor == 0).then(|| units / factor)?
    };
    (minor >= 0).then(|| Money::from_minor(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).expect("a currency")
    }

    #[test]
    fn attack_c05_amounts_come_out_even_or_not_at_all() {
        for (code, minor, exponent, units) in [
            ("EUR", 1_290, 2, Some(1_290)),
            ("JPY", 1_290, 0, Some(1_290)),
            // Counted with two decimals that are always zero.
            ("ISK", 1_290, 2, Some(129_000)),
            ("XOF", 5, 2, Some(500)),
            // Counted without the decimals that it has.
            ("KWD", 1_290, 3, Some(1_290)),
            ("KWD", 1_291, 2, None),
            ("KWD", 1_290, 2, Some(129)),
            ("ISK", i64::MAX, 2, None),
        ] {
            let amount = Money::from_minor(minor, currency(code));
            assert_eq!(to_units(amount, exponent), units, "{code} {minor}");
            if let Some(units) = units {
                assert_eq!(from_units(units, currency(code), exponent), Some(amount), "{code} {minor}");
            }
        }
        assert_eq!(from_units(129_050, currency("ISK"), 2), None, "half a króna");
        assert_eq!(from_units(-1, currency("EUR"), 2), None);
    }
}
