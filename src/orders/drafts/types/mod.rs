//! How drafts look in the schema.

mod preview;

use std::sync::Arc;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use entity::orders::{draft_order_lines, draft_orders};
use rules::address;
use rules::ids::{CustomerId, DraftOrderId, ProductVariantId};
use rules::permission::Permission;
use rules::states::DraftOrderStatus;
use rules::{Currency, Decimal, Money, Problem};

pub use preview::DraftOrderPreview;

use super::loaders::LinesByDraft;
use crate::catalog::variants::ProductVariant;
use crate::customers::profiles::Customer;
use crate::gate::directives::{cost, requires};
use crate::identity::secret::Secret;
use crate::kernel::graph::{Load, object};
use crate::kernel::payload::{Payload, UserError};
use crate::kernel::{ById, Ctx, Error, Result};
use crate::orders::attributes::{OrderAttribute, from_json};
use crate::orders::loaders::OrderByDraft;
use crate::orders::types::Order;
use crate::places::Address;
use crate::{connection, payload};

/// An order that staff puts together for a buyer.
#[derive(Clone)]
pub struct DraftOrder(pub Arc<draft_orders::Model>);

impl From<draft_orders::Model> for DraftOrder {
    fn from(row: draft_orders::Model) -> Self {
        Self(Arc::new(row))
    }
}

fn shown(address: Option<&sea_orm::JsonValue>) -> Result<Option<Address>> {
    let address: Option<address::Address> = address.map(from_json).transpose()?;
    Ok(address.map(Address))
}

/// An order that staff puts together for a buyer. What it comes to is told by `draftOrderPreview`.
#[object]
impl DraftOrder {
    /// The draft's id.
    fn id(&self) -> DraftOrderId {
        self.0.id
    }

    /// Whether it became an order.
    fn status(&self) -> DraftOrderStatus {
        self.0.status
    }

    /// The order that it became; null before.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    fn order(&self) -> Load<OrderByDraft, Option<Order>> {
        Load::<OrderByDraft, _>::of(self.0.id, |row| row.map(Order))
    }

    /// The one currency of all its amounts.
    fn currency_code(&self) -> Currency {
        self.0.currency
    }

    /// What is ordered.
    #[graphql(directive = cost::apply(1, Some(10)))]
    fn lines(&self) -> Load<LinesByDraft, Vec<DraftOrderLine>> {
        let currency = self.0.currency;
        Load::<LinesByDraft, _>::of(self.0.id, move |rows| {
            rows.into_iter().map(|row| DraftOrderLine { row, currency }).collect()
        })
    }

    /// The id of the customer whose the order will be; null for whoever has the e-mail address.
    fn customer_id(&self) -> Option<CustomerId> {
        self.0.customer_id
    }

    /// The customer whose the order will be; null where there is none, or none that you may see.
    async fn customer(&self, ctx: &Ctx) -> Result<Option<Customer>> {
        match self.0.customer_id {
            Some(customer) => Customer::by_id(ctx, customer).await,
            None => Ok(None),
        }
    }

    /// Where the buyer is written to.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The language that the buyer is written to in.
    fn locale(&self) -> &str {
        &self.0.locale
    }

    /// Where it goes to.
    fn shipping_address(&self) -> Result<Option<Address>> {
        shown(self.0.shipping_address.as_ref())
    }

    /// Who pays.
    fn billing_address(&self) -> Result<Option<Address>> {
        shown(self.0.billing_address.as_ref())
    }

    /// What the order says beside.
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Pairs of texts.
    fn attributes(&self) -> Result<Vec<OrderAttribute>> {
        from_json(&self.0.attributes)
    }

    /// What the order will be marked with.
    fn tags(&self) -> Result<Vec<String>> {
        from_json(&self.0.tags)
    }

    /// The discount codes, as they were given.
    fn discount_codes(&self) -> Result<Vec<String>> {
        from_json(&self.0.codes)
    }

    /// Whether the store's promotions count that need no code.
    fn takes_promotions(&self) -> bool {
        self.0.takes_promotions
    }

    /// The discount of the staff's own.
    fn discount(&self) -> Result<Option<DraftOrderDiscount>> {
        let Some(name) = self.0.discount_name.clone() else { return Ok(None) };
        let percent = self.0.discount_percent.as_ref().map(|percent| percent.parse()).transpose();
        Ok(Some(DraftOrderDiscount {
            name,
            percent: percent.map_err(|_| Error::internal("a discount is no number"))?,
            amount: self.0.discount_amount.map(|minor| Money::from_minor(minor, self.0.currency)),
        }))
    }

    /// What shipping is called; null where nothing is charged for it.
    fn shipping_title(&self) -> Option<&str> {
        self.0.shipping_title.as_deref()
    }

    /// What shipping costs; null where nothing is charged for it.
    fn shipping_price(&self) -> Option<Money> {
        self.0.shipping_price.map(|minor| Money::from_minor(minor, self.0.currency))
    }

    /// Whether the buyer pays no tax.
    fn tax_exempt(&self) -> bool {
        self.0.tax_exempt
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

    /// When it became an order.
    fn completed_at(&self) -> Option<DateTime<Utc>> {
        self.0.completed_at
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.0.version).ok()
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

/// A discount of the staff's own off a whole order.
#[object]
#[derive(Clone)]
pub struct DraftOrderDiscount {
    /// What buyers see it called.
    name: String,
    /// How much is off, in per cent; null for an amount.
    percent: Option<Decimal>,
    /// How much is off; null for a percentage.
    amount: Option<Money>,
}

/// Some units in a draft.
#[derive(Clone)]
pub struct DraftOrderLine {
    row: Arc<draft_order_lines::Model>,
    currency: Currency,
}

/// Some units in a draft.
#[object]
impl DraftOrderLine {
    /// The variant's id; null for what is made up.
    fn variant_id(&self) -> Option<ProductVariantId> {
        self.row.variant_id
    }

    /// The variant; null for what is made up, and where it is not yours to see.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        match self.row.variant_id {
            Some(variant) => ProductVariant::by_id(ctx, variant).await,
            None => Ok(None),
        }
    }

    /// What it is called, where it is made up.
    fn title(&self) -> Option<&str> {
        self.row.title.as_deref()
    }

    /// Its stock number, where it is made up.
    fn sku(&self) -> Option<&str> {
        self.row.sku.as_deref()
    }

    /// How many.
    fn quantity(&self) -> i32 {
        self.row.quantity
    }

    /// What one costs, where staff named it; null for the store's own price.
    fn unit_price(&self) -> Option<Money> {
        self.row.unit_price.map(|minor| Money::from_minor(minor, self.currency))
    }

    /// Whether what is made up is shipped.
    fn requires_shipping(&self) -> bool {
        self.row.requires_shipping
    }

    /// Whether what is made up is taxed.
    fn taxable(&self) -> bool {
        self.row.taxable
    }

    /// Pairs of texts.
    fn attributes(&self) -> Result<Vec<OrderAttribute>> {
        from_json(&self.row.attributes)
    }
}

/// In which order drafts are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Default)]
pub enum DraftOrderSort {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

connection!(DraftOrderConnection, DraftOrderEdge, DraftOrder, "drafts of orders");

payload! {
    /// The answer of `draftOrderCreate`.
    DraftOrderCreatePayload {
        /// The new draft.
        draft_order: DraftOrder,
    }
}

payload! {
    /// The answer of `draftOrderUpdate`.
    DraftOrderUpdatePayload {
        /// The draft as it is now.
        draft_order: DraftOrder,
    }
}

payload! {
    /// The answer of `draftOrderDelete`.
    DraftOrderDeletePayload {
        /// The id of the draft that was thrown away.
        deleted_draft_order_id: DraftOrderId,
    }
}

/// The answer of `draftOrderComplete`.
#[object]
pub struct DraftOrderCompletePayload {
    /// The order.
    order: Option<Order>,
    /// The secret that shows the order to who bought it, by `orderByToken`. It is shown this once and can't be read
    /// again; null where the draft had become an order before.
    order_token: Option<String>,
    /// What to mend, where nothing was changed; empty otherwise.
    user_errors: Vec<UserError>,
}

impl Payload for DraftOrderCompletePayload {
    type Value = (Order, Option<Secret>);

    fn done((order, secret): Self::Value) -> Self {
        let order_token = secret.map(|secret| secret.expose().to_owned());
        Self { order: Some(order), order_token, user_errors: Vec::new() }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        Self { order: None, order_token: None, user_errors: problems.into_iter().map(Into::into).collect() }
    }
}
