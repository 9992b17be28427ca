//! What is known of variants that promotions give away.

use chrono::{DateTime, Utc};
use futures::FutureExt;
use rules::Currency;
use rules::ids::ProductVariantId;
use rules::promotion::GiftStock;
use rules::stock::Sellable;

use super::lines;
use crate::catalog::products::Viewer;
use crate::inventory::reservations;
use crate::kernel::{Error, Result, StoreScope};
use crate::pricing::{self, PriceQuestion};

/// What can be given away: the product of each variant, what one unit costs otherwise, and how many there are.
/// Variants that visitors don't see at the moment are left out, so that none is given. Runs no statement where
/// there are none.
///
/// # Errors
/// What the database says.
pub async fn gifts(
    scope: &StoreScope,
    variants: &[ProductVariantId],
    currency: Currency,
    at: DateTime<Utc>,
) -> Result<Vec<GiftStock>> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let priced = async {
        let (mut found, default_tax_category) = tokio::try_join!(
            lines::seen(scope, variants.iter().copied(), Viewer::Visitor(at)).boxed(),
            lines::default_tax_category(scope).boxed(),
        )?;
        found.default_tax_category = default_tax_category;
        let asked = PriceQuestion { currency, at, segments: &[] };
        let prices = pricing::find_holding(scope, &found.single_units(), &asked).await?;
        Ok::<_, Error>((found, prices))
    };
    let ((found, prices), stock) =
        tokio::try_join!(priced.boxed(), reservations::left(scope, None, variants, at).boxed())?;
    let gifts = variants.iter().filter_map(|variant| {
        Some(GiftStock {
            variant: *variant,
            product: found.product_of(*variant)?,
            tax_category: found.tax_category_of(*variant),
            price: prices.get(variant).map(|row| row.amount),
            available: match stock.get(variant) {
                None | Some(Sellable::Unlimited) => None,
                Some(Sellable::Units(units)) => Some(*units),
            },
        })
    });
    Ok(gifts.collect())
}
