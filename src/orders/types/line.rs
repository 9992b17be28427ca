//! A line of an order.

use std::sync::Arc;

use entity::orders::order_lines;
use rules::ids::{OrderId, OrderLineId, PromotionId};
use rules::states::OrderLineKind;
use rules::tax::TaxPart;
use rules::{Currency, Money};

use super::number;
use super::parts::OrderDiscountShare;
use crate::catalog::products::Product;
use crate::catalog::variants::ProductVariant;
use crate::kernel::graph::{Load, object};
use crate::kernel::{ById, Ctx, Result};
use crate::orders::attributes::{OrderAttribute, from_json};
use crate::orders::loaders::DiscountsByOrder;
use crate::orders::placing::OrderLineOption;
use crate::tax::TaxLine;

/// Some units of something in an order, as they were when it was placed.
#[derive(Clone)]
pub struct OrderLine {
    row: Arc<order_lines::Model>,
    currency: Currency,
}

impl OrderLine {
    /// A line of an order in a currency.
    pub fn new(row: Arc<order_lines::Model>, currency: Currency) -> Self {
        Self { row, currency }
    }

    /// The order that it is a line of.
    pub fn order(&self) -> OrderId {
        self.row.order_id
    }

    fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.currency)
    }
}

/// Some units of something in an order, as they were when it was placed.
#[object]
impl OrderLine {
    /// The line's id.
    fn id(&self) -> OrderLineId {
        self.row.id
    }

    /// Where it comes from.
    fn kind(&self) -> OrderLineKind {
        self.row.kind
    }

    /// What it was called.
    fn title(&self) -> &str {
        &self.row.title
    }

    /// Which version of it; null where it has but one.
    fn variant_title(&self) -> Option<&str> {
        self.row.variant_title.as_deref()
    }

    /// Its stock number.
    fn sku(&self) -> Option<&str> {
        self.row.sku.as_deref()
    }

    /// The options that were chosen.
    fn options(&self) -> Result<Vec<OrderLineOption>> {
        from_json(&self.row.options)
    }

    /// The address of its picture.
    fn image_url(&self) -> Option<&str> {
        self.row.image_url.as_deref()
    }

    /// Whether it is shipped.
    fn requires_shipping(&self) -> bool {
        self.row.requires_shipping
    }

    /// How many were ordered.
    fn quantity(&self) -> i32 {
        number(self.row.quantity)
    }

    /// How many were sent.
    fn fulfilled_quantity(&self) -> i32 {
        number(self.row.fulfilled)
    }

    /// How many came back.
    fn returned_quantity(&self) -> i32 {
        number(self.row.returned)
    }

    /// What one costs before discounts, in the order's tax mode.
    fn unit_price(&self) -> Money {
        self.money(self.row.unit_price)
    }

    /// What all cost before discounts.
    fn subtotal(&self) -> Money {
        self.money(self.row.price)
    }

    /// What is off together.
    fn discount(&self) -> Money {
        self.money(self.row.discount)
    }

    /// What is off, and why.
    fn discounts(&self) -> Load<DiscountsByOrder, Vec<OrderDiscountShare>> {
        let (line, currency) = (self.row.id, self.currency);
        Load::<DiscountsByOrder, _>::of(self.row.order_id, move |rows| {
            let own = rows.into_iter().filter(|row| row.line_id == Some(line));
            own.map(|row| OrderDiscountShare::new(row, currency)).collect()
        })
    }

    /// What is left, in the order's tax mode.
    fn total(&self) -> Money {
        self.money(self.row.amount)
    }

    /// What is left without tax.
    fn net(&self) -> Money {
        self.money(self.row.net)
    }

    /// All taxes on it.
    fn tax(&self) -> Money {
        self.money(self.row.tax)
    }

    /// What the buyer pays for it: net and tax.
    fn gross(&self) -> Money {
        self.money(self.row.gross)
    }

    /// Each tax on it, and last what none lies on.
    fn taxes(&self) -> Result<Vec<TaxLine>> {
        let parts: Vec<TaxPart> = from_json(&self.row.taxes)?;
        Ok(parts.iter().map(TaxLine::from).collect())
    }

    /// The id of the promotion that gives it; null for what was bought.
    fn gift_of(&self) -> Option<PromotionId> {
        self.row.promotion_id
    }

    /// What the storefront or the staff keeps with it.
    fn attributes(&self) -> Result<Vec<OrderAttribute>> {
        from_json(&self.row.attributes)
    }

    /// The variant as it is now; null where staff made the line up, or it is gone, or not yours to see.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        match self.row.variant_id {
            Some(variant) => ProductVariant::by_id(ctx, variant).await,
            None => Ok(None),
        }
    }

    /// The product as it is now; null where staff made the line up, or it is gone, or not yours to see.
    async fn product(&self, ctx: &Ctx) -> Result<Option<Product>> {
        match self.row.product_id {
            Some(product) => Product::by_id(ctx, product).await,
            None => Ok(None),
        }
    }
}
