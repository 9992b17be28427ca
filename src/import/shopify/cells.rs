//! What stands in a cell: flags, numbers, amounts, addresses.
//!
//! Each function takes a cell that is not blank and answers its value, or the rest of a sentence
//! that begins with the cell.

use rules::Decimal;

use super::{ImportedStatus, InventoryPolicy, WeightUnit};

/// The highest price that is believed. Larger ones are typing errors, and every price below it can
/// be counted in any currency.
const MAX_PRICE: i64 = 1_000_000_000_000;

/// Reads a yes or no.
pub(super) fn flag(cell: &str) -> Result<bool, String> {
    match cell.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err("is neither TRUE nor FALSE".into()),
    }
}

/// Reads a price or a cost: a decimal number, not below zero.
pub(super) fn price(cell: &str) -> Result<Decimal, String> {
    let amount: Decimal =
        cell.parse().map_err(|_| "is no price: expected digits and a decimal point, such as 12.90".to_owned())?;
    if amount.is_negative() {
        return Err("is below zero".into());
    }
    if amount > MAX_PRICE.into() {
        return Err(format!("is above the highest price, {MAX_PRICE}"));
    }
    Ok(amount)
}

/// Reads a whole number; decimals are taken where they are zeros, as spreadsheets write them.
pub(super) fn whole(cell: &str) -> Result<i32, String> {
    let number: Decimal = cell.parse().map_err(|_| "is no whole number".to_owned())?;
    let number = number.normalized();
    if number.scale() > 0 {
        return Err("is no whole number".into());
    }
    i32::try_from(number.mantissa()).map_err(|_| "is beyond what can be counted".to_owned())
}

/// Reads a weight in grams; a fraction of a gram is rounded to the nearest.
pub(super) fn grams(cell: &str) -> Result<i32, String> {
    let grams: Decimal = cell.parse().map_err(|_| "is no weight in grams".to_owned())?;
    if grams.is_negative() {
        return Err("is below zero".into());
    }
    i32::try_from(grams.into_inner().round()).map_err(|_| "is heavier than what can be weighed".to_owned())
}

/// Reads the unit that a weight is shown in.
pub(super) fn weight_unit(cell: &str) -> Result<WeightUnit, String> {
    match cell.to_ascii_lowercase().as_str() {
        "g" => Ok(WeightUnit::Gram),
        "kg" => Ok(WeightUnit::Kilogram),
        "oz" => Ok(WeightUnit::Ounce),
        "lb" => Ok(WeightUnit::Pound),
        _ => Err("is no unit of weight: expected g, kg, oz or lb".into()),
    }
}

/// Reads what happens when there are none left: a word in the old dialect, a flag in the new.
pub(super) fn inventory_policy(cell: &str) -> Result<InventoryPolicy, String> {
    match cell.to_ascii_lowercase().as_str() {
        "deny" | "false" => Ok(InventoryPolicy::Deny),
        "continue" | "true" => Ok(InventoryPolicy::Continue),
        _ => Err("says not what happens without stock: expected deny or continue (or FALSE or TRUE)".into()),
    }
}

/// Reads the status of a product.
pub(super) fn status(cell: &str) -> Result<ImportedStatus, String> {
    match cell.to_ascii_lowercase().as_str() {
        "active" => Ok(ImportedStatus::Active),
        "draft" => Ok(ImportedStatus::Draft),
        "archived" => Ok(ImportedStatus::Archived),
        "unlisted" => Ok(ImportedStatus::Unlisted),
        _ => Err("is no status: expected active, draft, archived or unlisted".into()),
    }
}

/// Reads the address of an image.
pub(super) fn address(cell: &str) -> Result<String, String> {
    let of_the_web = url::Url::parse(cell)
        .is_ok_and(|address| matches!(address.scheme(), "http" | "https") && address.host_str().is_some());
    let whole = cell.len() <= 2048 && !cell.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    if of_the_web && whole {
        Ok(cell.to_owned())
    } else {
        Err("is no address of an image: expected one that begins with https://".into())
    }
}

/// Reads the place of an image, from 1.
pub(super) fn position(cell: &str) -> Result<u32, String> {
    match whole(cell).map(u32::try_from) {
        Ok(Ok(position)) if position > 0 => Ok(position),
        _ => Err("is no place in a list: expected 1 or more".into()),
    }
}

/// Reads a handle.
pub(super) fn handle(cell: &str) -> Result<&str, String> {
    let stray = |letter: char| letter.is_whitespace() || letter.is_control() || "/?#\\<>\"".contains(letter);
    if cell.chars().count() > 255 {
        Err("is longer than 255 letters".into())
    } else if cell.contains(stray) {
        Err("is no handle: expected letters, digits and hyphens, such as linen-apron".into())
    } else {
        Ok(cell)
    }
}

/// Takes the apostrophe off that spreadsheets put before a number to keep its zeros.
pub(super) fn code(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(number) if number.starts_with(|first: char| first.is_ascii_digit()) => number,
        _ => cell,
    }
}

/// Splits a list of tags at its commas; each tag once, whatever its capitals.
pub(super) fn tags(cell: &str) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    cell.split(',')
        .map(str::trim)
        .filter(|tag| !tag.is_empty() && seen.insert(tag.to_lowercase()))
        .map(str::to_owned)
        .collect()
}

/// The cell as a message shows it: in quotes, and not all of a long one.
pub(super) fn shown(cell: &str) -> String {
    const SHOWN: usize = 40;
    let mut start: String =
        cell.chars().take(SHOWN).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if cell.chars().nth(SHOWN).is_some() {
        start.push('\u{2026}');
    }
    format!("`{start}`")
}
