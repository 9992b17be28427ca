//! What a draft comes to, as it looks in the schema.

use rules::Money;
use rules::ids::{ProductVariantId, PromotionId};
use rules::promotion::Evaluation;
use rules::totals::{LineKind, LineTotal, Reckoning, Totals};

use crate::gate::directives::cost;
use crate::kernel::graph::object;
use crate::orders::number;
use crate::orders::placing::PlacedLine;
use crate::promotions::preview::{DiscountCodeVerdict, PromotionVerdict};
use crate::tax::{TaxLine, TaxSource, TaxedAmount};

/// What a draft comes to, and why. Amounts are in the store's tax mode where it is not said otherwise.
pub struct DraftOrderPreview {
    totals: Totals,
    evaluation: Evaluation,
    source: TaxSource,
    lines: Vec<PlacedLine>,
}

impl DraftOrderPreview {
    /// What was worked out.
    pub fn new(reckoning: Reckoning, source: TaxSource, lines: Vec<PlacedLine>) -> Self {
        Self { totals: reckoning.totals, evaluation: reckoning.evaluation, source, lines }
    }
}

/// What a draft comes to, and why. Amounts are in the store's tax mode where it is not said otherwise.
#[object]
impl DraftOrderPreview {
    /// The lines of the draft in their order, then the gifts.
    #[graphql(directive = cost::apply(1, Some(20)))]
    fn lines(&self) -> Vec<DraftOrderPreviewLine> {
        let line = |line: &LineTotal| {
            let made_up = match line.kind {
                LineKind::Bought(place) => self.lines.get(place).and_then(|line| line.custom.as_ref()),
                LineKind::Gift(_) => None,
            };
            DraftOrderPreviewLine { total: line.clone(), title: made_up.map(|line| line.title.clone()) }
        };
        self.totals.lines.iter().map(line).collect()
    }

    /// What the lines cost before discounts.
    fn subtotal(&self) -> Money {
        self.totals.subtotal
    }

    /// What the lines get off.
    fn discount(&self) -> Money {
        self.totals.discount
    }

    /// What shipping costs before discounts.
    fn shipping_price(&self) -> Money {
        self.totals.shipping_price
    }

    /// What shipping gets off.
    fn shipping_discount(&self) -> Money {
        self.totals.shipping_discount
    }

    /// Shipping with its taxes; null where nothing is charged for it.
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

    /// The tax that was inside the prices and is taken off for who pays none.
    fn tax_exempted(&self) -> Money {
        self.totals.tax_exempted
    }

    /// The taxes by name and rate; they sum to `tax`.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn taxes(&self) -> Vec<TaxLine> {
        self.totals.taxes.iter().map(TaxLine::from).collect()
    }

    /// Who worked the taxes out.
    fn tax_source(&self) -> TaxSource {
        self.source
    }

    /// What the buyer pays: net and tax.
    fn total(&self) -> Money {
        self.totals.total
    }

    /// What came of each promotion that counts now.
    #[graphql(directive = cost::apply(1, Some(50)))]
    fn promotions(&self) -> Vec<PromotionVerdict> {
        self.evaluation.verdicts.iter().cloned().map(PromotionVerdict).collect()
    }

    /// What came of each code. One that can't be used stands in the way of the order.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn codes(&self) -> Vec<DiscountCodeVerdict> {
        self.evaluation.codes.iter().cloned().map(DiscountCodeVerdict).collect()
    }
}

/// What a line of a draft comes to.
#[derive(Clone)]
pub struct DraftOrderPreviewLine {
    total: LineTotal,
    title: Option<String>,
}

/// What a line of a draft comes to.
#[object]
impl DraftOrderPreviewLine {
    /// The variant's id; null for what is made up.
    fn variant_id(&self) -> Option<ProductVariantId> {
        self.title.is_none().then_some(self.total.variant)
    }

    /// What it is called, where it is made up.
    fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The id of the promotion that gives it; null for what is bought.
    fn gift_of(&self) -> Option<PromotionId> {
        match self.total.kind {
            LineKind::Bought(_) => None,
            LineKind::Gift(promotion) => Some(promotion),
        }
    }

    /// How many.
    fn quantity(&self) -> i32 {
        number(self.total.quantity)
    }

    /// What one costs before discounts.
    fn unit_price(&self) -> Money {
        self.total.unit_price
    }

    /// What all cost before discounts.
    fn subtotal(&self) -> Money {
        self.total.price
    }

    /// What is off together.
    fn discount(&self) -> Money {
        self.total.discount
    }

    /// What is left with its taxes.
    fn amount(&self) -> TaxedAmount {
        TaxedAmount::from(&self.total)
    }
}
