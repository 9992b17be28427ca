//! How the taxes of a sale look in the schema.

use std::sync::Arc;

use rules::ids::{ProductVariantId, TaxZoneId};
use rules::tax::{TaxPart, Taxation};
use rules::totals::{LineTotal, ShippingTotal, Totals};
use rules::{Decimal, Money, TaxMode};

use crate::catalog::variants::{ProductVariant, VariantById};
use crate::kernel::graph::{Load, object};
use crate::tax::sale::{TaxSource, WorkedOut};
use crate::tax::zones::{TaxZone, TaxZoneById};

/// The taxes on a sale that is only thought of.
#[derive(Clone)]
pub struct TaxPreview {
    totals: Arc<Totals>,
    source: TaxSource,
    zone: Option<TaxZoneId>,
}

impl TaxPreview {
    /// What was worked out.
    pub fn new(totals: Totals, worked_out: &WorkedOut) -> Self {
        let zone = match &worked_out.taxation {
            Taxation::Rules(taxes) => taxes.rules.zone(taxes.places.taxed()).map(|zone| zone.id),
            Taxation::External(_) => None,
        };
        Self { totals: Arc::new(totals), source: worked_out.source, zone }
    }
}

/// The taxes on a sale that is only thought of. Gross is always net and tax.
#[object]
impl TaxPreview {
    /// Who worked the taxes out.
    fn source(&self) -> TaxSource {
        self.source
    }

    /// The zone whose rates hold; null where none does, or a provider worked the taxes out.
    fn zone(&self) -> Load<TaxZoneById, Option<TaxZone>> {
        Load::<TaxZoneById, _>::maybe(self.zone, |zone| zone.map(TaxZone))
    }

    /// Whether prices include tax.
    fn tax_mode(&self) -> TaxMode {
        self.totals.tax_mode
    }

    /// What is sold, in the order of the input.
    fn lines(&self) -> Vec<TaxPreviewLine> {
        let places = 0..self.totals.lines.len();
        places.map(|place| TaxPreviewLine { totals: Arc::clone(&self.totals), place }).collect()
    }

    /// Shipping; null where nothing is shipped.
    fn shipping(&self) -> Option<TaxedAmount> {
        self.totals.shipping.as_ref().map(TaxedAmount::from)
    }

    /// All without tax.
    fn net(&self) -> Money {
        self.totals.net
    }

    /// All taxes.
    fn tax(&self) -> Money {
        self.totals.tax
    }

    /// What the buyer pays: net and tax.
    fn gross(&self) -> Money {
        self.totals.total
    }

    /// The tax that was inside the prices and is taken off for who pays none.
    fn exempted(&self) -> Money {
        self.totals.tax_exempted
    }

    /// The taxes by name and rate; they sum to `tax`.
    fn taxes(&self) -> Vec<TaxLine> {
        self.totals.taxes.iter().map(TaxLine::from).collect()
    }
}

/// One line of a sale with its taxes.
#[derive(Clone)]
pub struct TaxPreviewLine {
    totals: Arc<Totals>,
    place: usize,
}

impl TaxPreviewLine {
    fn line(&self) -> &LineTotal {
        &self.totals.lines[self.place]
    }
}

/// One line of a sale with its taxes.
#[object]
impl TaxPreviewLine {
    /// The id of what is sold.
    fn variant_id(&self) -> ProductVariantId {
        self.line().variant
    }

    /// What is sold.
    fn variant(&self) -> Load<VariantById, Option<ProductVariant>> {
        Load::<VariantById, _>::of(self.line().variant, |row| row.map(ProductVariant))
    }

    /// How many units.
    fn quantity(&self) -> i32 {
        i32::try_from(self.line().quantity).unwrap_or(i32::MAX)
    }

    /// What one unit costs, in the store's tax mode.
    fn unit_price(&self) -> Money {
        self.line().unit_price
    }

    /// What they cost together.
    fn amount(&self) -> TaxedAmount {
        TaxedAmount::from(self.line())
    }
}

/// An amount with its taxes. Gross is always net and tax.
#[object]
#[derive(Clone)]
pub struct TaxedAmount {
    /// Without tax.
    net: Money,
    /// All taxes.
    tax: Money,
    /// With tax: what the buyer pays.
    gross: Money,
    /// The tax that was inside the price and is taken off for who pays none.
    exempted: Money,
    /// Each tax, and last what none lies on.
    taxes: Vec<TaxLine>,
}

impl From<&LineTotal> for TaxedAmount {
    fn from(line: &LineTotal) -> Self {
        let taxes = line.taxes.iter().map(TaxLine::from).collect();
        Self { net: line.net, tax: line.tax, gross: line.gross, exempted: line.tax_exempted, taxes }
    }
}

impl From<&ShippingTotal> for TaxedAmount {
    fn from(shipping: &ShippingTotal) -> Self {
        let taxes = shipping.taxes.iter().map(TaxLine::from).collect();
        Self { net: shipping.net, tax: shipping.tax, gross: shipping.gross, exempted: shipping.tax_exempted, taxes }
    }
}

/// One tax on something, or over a whole sale.
#[object]
#[derive(Clone)]
pub struct TaxLine {
    /// What it is called; null for what no tax lies on.
    name: Option<String>,
    /// The number that the net is multiplied by.
    rate: Decimal,
    /// What it lies on, without tax. Where two taxes lie on the same, it stands at both.
    net: Money,
    /// How much it is.
    tax: Money,
}

impl From<&TaxPart> for TaxLine {
    fn from(part: &TaxPart) -> Self {
        Self { name: part.name.clone(), rate: part.rate, net: part.net, tax: part.tax }
    }
}
