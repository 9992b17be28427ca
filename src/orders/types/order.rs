//! An order as a whole.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::orders::orders;
use rules::ids::{CustomerId, OrderId};
use rules::permission::Permission;
use rules::states::{AddressKind, FulfillmentProgress, OrderCancelReason, OrderStatus, PaymentStatus, ReturnProgress};
use rules::{Currency, Money, TaxMode};

use super::explanation::OrderExplanation;
use super::line::OrderLine;
use super::number;
use super::parts::{
    OrderAttribution, OrderDiscountShare, OrderNote, OrderPayment, OrderPaymentTask, OrderShippingLine,
    OrderStatusChange, address, tax,
};
use crate::connection;
use crate::customers::profiles::Customer;
use crate::gate::directives::{cost, requires};
use crate::kernel::graph::{Load, object};
use crate::kernel::{ById, Ctx, Result};
use crate::orders::attributes::{OrderAttribute, from_json};
use crate::orders::drafts::{DraftById, DraftOrder};
use crate::orders::loaders::{
    AddressesByOrder, AttributionsByOrder, DiscountsByOrder, HistoryByOrder, LinesByOrder, NotesByOrder,
    PaymentsByOrder, ShippingLinesByOrder, TagsByOrder, TasksByOrder, TaxesByOrder, TermsByOrder,
};
use crate::places::Address;
use crate::tax::TaxLine;

/// What a buyer has ordered: everything on it is as it was when it was placed, but for where it stands.
#[derive(Clone)]
pub struct Order(pub Arc<orders::Model>);

impl From<orders::Model> for Order {
    fn from(row: orders::Model) -> Self {
        Self(Arc::new(row))
    }
}

impl Order {
    fn money(&self, minor: i64) -> Money {
        Money::from_minor(minor, self.0.currency)
    }

    fn address_for(&self, kind: AddressKind) -> Load<AddressesByOrder, Option<Address>> {
        Load::<AddressesByOrder, _>::of(self.0.id, move |rows| {
            rows.iter().find(|row| row.kind == kind).map(|row| address(row))
        })
    }
}

/// What a buyer has ordered: everything on it is as it was when it was placed, but for where it stands.
#[object]
impl Order {
    /// The order's id.
    fn id(&self) -> OrderId {
        self.0.id
    }

    /// The number that people know it by; counts up in the store.
    fn number(&self) -> i32 {
        number(self.0.number)
    }

    /// Where it stands; follows from what was paid, sent and taken back.
    fn status(&self) -> OrderStatus {
        self.0.status
    }

    /// What was paid of it.
    fn payment_status(&self) -> PaymentStatus {
        self.0.payment_status
    }

    /// What was sent of it.
    fn fulfillment_status(&self) -> FulfillmentProgress {
        self.0.fulfillment_progress
    }

    /// What came back of it.
    fn return_status(&self) -> ReturnProgress {
        self.0.return_progress
    }

    /// When it was placed.
    fn placed_at(&self) -> DateTime<Utc> {
        self.0.placed_at
    }

    /// When it was called off.
    fn canceled_at(&self) -> Option<DateTime<Utc>> {
        self.0.canceled_at
    }

    /// Why it was called off.
    fn cancel_reason(&self) -> Option<OrderCancelReason> {
        self.0.cancel_reason
    }

    /// The one currency of all its amounts.
    fn currency_code(&self) -> Currency {
        self.0.currency
    }

    /// Whether its prices include tax.
    fn tax_mode(&self) -> TaxMode {
        self.0.tax_mode
    }

    /// What the lines cost before discounts, in the order's tax mode.
    fn subtotal(&self) -> Money {
        self.money(self.0.subtotal)
    }

    /// What the lines get off.
    fn discount(&self) -> Money {
        self.money(self.0.discount)
    }

    /// What shipping costs before discounts.
    fn shipping_price(&self) -> Money {
        self.money(self.0.shipping_price)
    }

    /// What shipping gets off.
    fn shipping_discount(&self) -> Money {
        self.money(self.0.shipping_discount)
    }

    /// All without tax.
    fn net(&self) -> Money {
        self.money(self.0.net)
    }

    /// All taxes.
    fn tax(&self) -> Money {
        self.money(self.0.tax)
    }

    /// The tax that was inside the prices and is taken off for who pays none.
    fn tax_exempted(&self) -> Money {
        self.money(self.0.tax_exempted)
    }

    /// What the buyer pays: net and tax.
    fn total(&self) -> Money {
        self.money(self.0.total)
    }

    /// How the total comes together, and what came of each promotion.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn explanation(&self) -> Load<TermsByOrder, Option<OrderExplanation>> {
        Load::<TermsByOrder, _>::try_of(self.0.id, |rows| {
            rows.first().map(|row| OrderExplanation::read(row)).transpose()
        })
    }

    /// What was ordered; at most 250 lines and the gifts of promotions.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn lines(&self) -> Load<LinesByOrder, Vec<OrderLine>> {
        let currency = self.0.currency;
        Load::<LinesByOrder, _>::of(self.0.id, move |rows| {
            rows.into_iter().map(|row| OrderLine::new(row, currency)).collect()
        })
    }

    /// How it is shipped: one for each group of goods that is shipped one way. Empty where nothing is shipped.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn shipping_lines(&self) -> Load<ShippingLinesByOrder, Vec<OrderShippingLine>> {
        let currency = self.0.currency;
        Load::<ShippingLinesByOrder, _>::of(self.0.id, move |rows| {
            rows.into_iter().map(|row| OrderShippingLine::new(row, currency)).collect()
        })
    }

    /// What came off its lines and shipping, each part by itself.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn discounts(&self) -> Load<DiscountsByOrder, Vec<OrderDiscountShare>> {
        let currency = self.0.currency;
        Load::<DiscountsByOrder, _>::of(self.0.id, move |rows| {
            rows.into_iter().map(|row| OrderDiscountShare::new(row, currency)).collect()
        })
    }

    /// Its taxes by name and rate; they sum to `tax`.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn taxes(&self) -> Load<TaxesByOrder, Vec<TaxLine>> {
        let currency = self.0.currency;
        Load::<TaxesByOrder, _>::try_of(self.0.id, move |rows| rows.iter().map(|row| tax(row, currency)).collect())
    }

    /// Where it goes to.
    fn shipping_address(&self) -> Load<AddressesByOrder, Option<Address>> {
        self.address_for(AddressKind::Shipping)
    }

    /// Who pays.
    fn billing_address(&self) -> Load<AddressesByOrder, Option<Address>> {
        self.address_for(AddressKind::Billing)
    }

    /// The buyer's e-mail address.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// What the buyer wants the store to know.
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// What the buyer's own books call it.
    fn purchase_order_number(&self) -> Option<&str> {
        self.0.purchase_order_number.as_deref()
    }

    /// The organization that buys.
    fn organization_name(&self) -> Option<&str> {
        self.0.organization_name.as_deref()
    }

    /// Its VAT number.
    fn vat_number(&self) -> Option<&str> {
        self.0.vat_number.as_deref()
    }

    /// The language that the buyer is written to in.
    fn locale(&self) -> &str {
        &self.0.locale
    }

    /// What the storefront or the staff keeps with it.
    fn attributes(&self) -> Result<Vec<OrderAttribute>> {
        from_json(&self.0.attributes)
    }

    /// Its payments, and what each has come to.
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn payments(&self) -> Load<PaymentsByOrder, Vec<OrderPayment>> {
        let order = Arc::clone(&self.0);
        Load::<PaymentsByOrder, _>::of(self.0.id, move |rows| {
            rows.iter().map(|row| OrderPayment::new(&order, row)).collect()
        })
    }

    /// What is or was to be done about its payments since it was called off.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    #[graphql(directive = cost::apply(1, Some(3)))]
    fn payment_tasks(&self) -> Load<TasksByOrder, Option<Vec<OrderPaymentTask>>> {
        let currency = self.0.currency;
        Load::<TasksByOrder, _>::of(self.0.id, move |rows| {
            Some(rows.iter().map(|row| OrderPaymentTask::new(row, currency)).collect())
        })
    }

    /// The id of the customer: an account, or the guest with the e-mail address.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn customer_id(&self) -> Option<CustomerId> {
        self.0.customer_id
    }

    /// The customer; null where it is not yours to see.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn customer(&self, ctx: &Ctx) -> Result<Option<Customer>> {
        match self.0.customer_id {
            Some(customer) => Customer::by_id(ctx, customer).await,
            None => Ok(None),
        }
    }

    /// Where it was sold.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn channel(&self) -> Option<&str> {
        self.0.channel.as_deref()
    }

    /// What it is marked with.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn tags(&self) -> Load<TagsByOrder, Option<Vec<String>>> {
        Load::<TagsByOrder, _>::of(self.0.id, |rows| Some(rows.iter().map(|row| row.name.clone()).collect()))
    }

    /// What the store's people wrote about it, the oldest first; at most 250.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn notes(&self) -> Load<NotesByOrder, Option<Vec<OrderNote>>> {
        Load::<NotesByOrder, _>::of(self.0.id, |rows| {
            Some(rows.iter().map(|row| OrderNote::from((**row).clone())).collect())
        })
    }

    /// Where it stood, change by change, the oldest first, with who and why.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn history(&self) -> Load<HistoryByOrder, Option<Vec<OrderStatusChange>>> {
        Load::<HistoryByOrder, _>::of(self.0.id, |rows| {
            Some(rows.iter().map(|row| OrderStatusChange::from(&**row)).collect())
        })
    }

    /// What led the buyer to it.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn attribution(&self) -> Load<AttributionsByOrder, Option<OrderAttribution>> {
        Load::<AttributionsByOrder, _>::of(self.0.id, |rows| rows.first().map(|row| OrderAttribution::from(&**row)))
    }

    /// The draft that it was; null where it never was one.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn draft_order(&self) -> Load<DraftById, Option<DraftOrder>> {
        Load::<DraftById, _>::maybe(self.0.draft_order_id, |row| row.map(DraftOrder))
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

connection!(OrderConnection, OrderEdge, Order, "orders");
