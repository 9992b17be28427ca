//! Batched reads of orders and of what hangs on them.

use std::collections::HashMap;
use std::sync::Arc;

use entity::orders::{
    order_addresses, order_attributions, order_discounts, order_lines, order_notes, order_payment_tasks,
    order_payments, order_shipping_lines, order_status_history, order_tags, order_taxes, order_terms, orders,
};
use rules::ids::{DraftOrderId, OrderId, OrderLineId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Orders by id: whoever shows them decides.
pub struct OrderById;

impl Batch for OrderById {
    type Key = OrderId;
    type Value = Option<Arc<orders::Model>>;

    async fn load(ctx: &Ctx, keys: &[OrderId]) -> Result<HashMap<OrderId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The orders that drafts became.
pub struct OrderByDraft;

impl Batch for OrderByDraft {
    type Key = DraftOrderId;
    type Value = Option<Arc<orders::Model>>;

    async fn load(ctx: &Ctx, keys: &[DraftOrderId]) -> Result<HashMap<DraftOrderId, Self::Value>> {
        let rows = store::list_by_drafts(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().filter_map(|row| Some((row.draft_order_id?, Some(Arc::new(row))))).collect())
    }
}

/// Lines by id: whoever shows them decides.
pub struct OrderLineById;

impl Batch for OrderLineById {
    type Key = OrderLineId;
    type Value = Option<Arc<order_lines::Model>>;

    async fn load(ctx: &Ctx, keys: &[OrderLineId]) -> Result<HashMap<OrderLineId, Self::Value>> {
        let rows = store::list_lines_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

macro_rules! by_order {
    ($($(#[$doc:meta])* $name:ident = $table:ident by $list:ident;)+) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl Batch for $name {
                type Key = OrderId;
                type Value = Vec<Arc<$table::Model>>;

                async fn load(ctx: &Ctx, keys: &[OrderId]) -> Result<HashMap<OrderId, Self::Value>> {
                    let mut all: HashMap<OrderId, Self::Value> = HashMap::new();
                    for row in store::$list(&ctx.store().await?, keys).await? {
                        all.entry(row.order_id).or_default().push(Arc::new(row));
                    }
                    Ok(all)
                }
            }
        )+
    };
}

by_order! {
    /// The lines of orders.
    LinesByOrder = order_lines by list_lines;
    /// How orders are shipped.
    ShippingLinesByOrder = order_shipping_lines by list_shipping_lines;
    /// Where orders go to and who pays.
    AddressesByOrder = order_addresses by list_addresses;
    /// What came off orders.
    DiscountsByOrder = order_discounts by list_discounts;
    /// The taxes of orders.
    TaxesByOrder = order_taxes by list_taxes;
    /// What orders are marked with.
    TagsByOrder = order_tags by list_tags;
    /// What was written about orders.
    NotesByOrder = order_notes by list_notes;
    /// Where orders stood.
    HistoryByOrder = order_status_history by list_history;
    /// What the totals of orders were worked out from.
    TermsByOrder = order_terms by list_terms;
    /// What led buyers to orders.
    AttributionsByOrder = order_attributions by list_attributions;
    /// What payments of orders have come to.
    PaymentsByOrder = order_payments by list_payments;
    /// What is or was to be done about payments of orders.
    TasksByOrder = order_payment_tasks by list_tasks;
}
