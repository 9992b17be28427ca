//! Reads of what hangs on orders, of many at once.

use entity::orders::{
    order_addresses, order_attributions, order_discounts, order_lines, order_notes, order_payment_tasks,
    order_payments, order_shipping_lines, order_status_history, order_tags, order_taxes, order_terms, orders,
};
use rules::Money;
use rules::ids::{OrderId, OrderLineId};
use rules::state::payment::Payment;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::kernel::db::List;
use crate::kernel::{Result, Scope, StoreScope, db};

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $table:ident by $order:ident;)+) => {
        $(
            $(#[$doc])*
            pub async fn $name(scope: &StoreScope, orders: &[OrderId]) -> Result<Vec<$table::Model>> {
                let of = db::any_of(scope.conn(), $table::Column::OrderId, orders.iter().map(|id| id.0));
                let select = scope.find::<$table::Entity>().filter(of).order_by_asc($table::Column::$order);
                Ok(select.list(scope.conn()).await?)
            }
        )+
    };
}

lists! {
    /// The lines of orders, in their order.
    list_lines = order_lines by Position;
    /// How orders are shipped, in their order.
    list_shipping_lines = order_shipping_lines by Position;
    /// Where orders go to and who pays.
    list_addresses = order_addresses by Kind;
    /// What came off orders, in its order.
    list_discounts = order_discounts by Position;
    /// The taxes of orders, in their order.
    list_taxes = order_taxes by Position;
    /// What orders are marked with.
    list_tags = order_tags by NameNormalized;
    /// What was written about orders, the oldest first.
    list_notes = order_notes by Id;
    /// Where orders stood, the oldest first.
    list_history = order_status_history by OrderVersion;
    /// What the totals of orders were worked out from.
    list_terms = order_terms by OrderId;
    /// What led buyers to orders.
    list_attributions = order_attributions by OrderId;
    /// What payments of orders have come to.
    list_payments = order_payments by PaymentId;
    /// What is or was to be done about payments of orders, the oldest first.
    list_tasks = order_payment_tasks by Id;
}

pub async fn list_lines_by_ids(scope: &StoreScope, ids: &[OrderLineId]) -> Result<Vec<order_lines::Model>> {
    let these = db::any_of(scope.conn(), order_lines::Column::Id, ids.iter().map(|id| id.0));
    Ok(scope.find::<order_lines::Entity>().filter(these).list(scope.conn()).await?)
}

/// What is still to be done about payments of an order.
pub async fn list_open_tasks(scope: &StoreScope, order: OrderId) -> Result<Vec<order_payment_tasks::Model>> {
    use order_payment_tasks::Column;
    let select = scope.find::<order_payment_tasks::Entity>().filter(Column::OrderId.eq(order));
    Ok(select.filter(Column::DoneAt.is_null()).order_by_asc(Column::Id).list(scope.conn()).await?)
}

/// What a payment has come to, as the rules have it.
pub fn payment(order: &orders::Model, row: &order_payments::Model) -> Payment {
    let amount = |minor| Money::from_minor(minor, order.currency);
    Payment {
        authorized: amount(row.authorized),
        captured: amount(row.captured),
        voided: amount(row.voided),
        refunded: amount(row.refunded),
        refunding: amount(row.refunding),
        declined: row.declined,
    }
}
