//! The sums over lines and shipping (rule T2).

use super::Totals;
use super::lines::{LineTotal, ShippingTotal};
use crate::basket::Basket;
use crate::money::{Money, MoneyError, TaxMode};
use crate::tax::TaxPart;

/// Sums everything up.
pub(super) fn totals(
    basket: &Basket,
    lines: Vec<LineTotal>,
    shipping: Option<ShippingTotal>,
) -> Result<Totals, MoneyError> {
    let sum = |of: fn(&LineTotal) -> Money| Money::sum(basket.currency, lines.iter().map(of));
    let zero = Money::zero(basket.currency);
    let of_shipping = |of: fn(&ShippingTotal) -> Money| shipping.as_ref().map_or(zero, of);

    let tax = sum(|line| line.tax)?.checked_add(of_shipping(|shipping| shipping.tax))?;
    let net = sum(|line| line.net)?.checked_add(of_shipping(|shipping| shipping.net))?;
    Ok(Totals {
        currency: basket.currency,
        tax_mode: basket.tax_mode,
        subtotal: sum(|line| line.price)?,
        discount: sum(|line| line.discount)?,
        shipping_price: of_shipping(|shipping| shipping.price),
        shipping_discount: of_shipping(|shipping| shipping.discount),
        tax_added: if basket.tax_mode == TaxMode::Net { tax } else { zero },
        tax_exempted: sum(|line| line.tax_exempted)?.checked_add(of_shipping(|shipping| shipping.tax_exempted))?,
        net,
        tax,
        total: net.checked_add(tax)?,
        taxes: TaxPart::sum_up(
            lines.iter().flat_map(|line| &line.taxes).chain(shipping.iter().flat_map(|shipping| &shipping.taxes)),
        )?,
        lines,
        shipping,
    })
}
