//! Taxes that somebody else worked out.

use serde::{Deserialize, Serialize};

use super::amounts::{TaxPart, Taxed};
use super::{AllTaxed, Charge};
use crate::decimal::Decimal;
use crate::money::{Money, TaxMode};
use crate::problem::{ErrorCode, Problem};

/// One tax on one part of a basket, as a tax provider says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalTax {
    /// What it lies on.
    pub on: TaxedPart,
    /// What it is called.
    pub name: String,
    /// Its rate, as it is printed on the invoice.
    pub rate: Decimal,
    /// How much it is: on top of net prices, inside gross prices.
    pub amount: Money,
}

/// A part of a basket that taxes lie on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TaxedPart {
    /// A line, by its place in the totals: the basket's lines, then the gifts.
    Line(usize),
    /// Shipping.
    Shipping,
}

/// The taxes that a provider put on all lines and on shipping.
///
/// # Errors
/// `INVALID` for a tax on what is not there, and as [`taxed`].
pub(super) fn on(
    taxes: &[ExternalTax],
    lines: &[Charge],
    shipping: Option<Money>,
    mode: TaxMode,
) -> Result<AllTaxed, Problem> {
    for (index, tax) in taxes.iter().enumerate() {
        let is_there = match tax.on {
            TaxedPart::Line(line) => line < lines.len(),
            TaxedPart::Shipping => shipping.is_some(),
        };
        if !is_there {
            let path = format!("taxes.{index}.on");
            return Err(Problem::new(ErrorCode::Invalid, &path, "there is no such line or shipping"));
        }
    }
    let lines = lines.iter().enumerate();
    let lines = lines.map(|(index, line)| taxed(line.amount, taxes, TaxedPart::Line(index), mode));
    let shipping = shipping.map(|amount| taxed(amount, taxes, TaxedPart::Shipping, mode)).transpose()?;
    Ok((lines.collect::<Result<_, _>>()?, shipping))
}

/// The taxes that a provider put on a part that costs `amount`.
///
/// # Errors
/// `INVALID` for a tax below nothing, in another currency, or larger than the gross that it lies in.
fn taxed(amount: Money, taxes: &[ExternalTax], part: TaxedPart, mode: TaxMode) -> Result<Taxed, Problem> {
    let (mut sum, mut parts) = (Taxed::untaxed(amount), Vec::new());
    for (index, tax) in taxes.iter().enumerate().filter(|(_, tax)| tax.on == part) {
        let path = format!("taxes.{index}.amount");
        let refuse = |message| Err(Problem::new(ErrorCode::Invalid, &path, message));
        if tax.amount.is_negative() {
            return refuse("a tax is never below nothing");
        }
        let beyond = |error| Problem::from(error).under(&path);
        sum.tax = sum.tax.checked_add(tax.amount).map_err(beyond)?;
        match mode {
            TaxMode::Net => sum.gross = sum.gross.checked_add(tax.amount).map_err(beyond)?,
            TaxMode::Gross => sum.net = sum.net.checked_sub(tax.amount).map_err(beyond)?,
        }
        if sum.net.is_negative() {
            return refuse("the tax is more than the price that it lies in");
        }
        parts.push(TaxPart { name: Some(tax.name.clone()), rate: tax.rate, net: amount, tax: tax.amount });
    }
    if !parts.is_empty() {
        for part in &mut parts {
            part.net = sum.net;
        }
        sum.parts = parts;
    }
    Ok(sum)
}
