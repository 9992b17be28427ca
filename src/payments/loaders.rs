//! Batched reads of payments and of what belongs to them.

use std::collections::HashMap;
use std::sync::Arc;

use entity::payments::{payment_attempts, payment_events, payments, refunds};
use rules::ids::{PaymentAttemptId, PaymentEventId, PaymentId, RefundId};

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

macro_rules! by_id {
    ($($(#[$doc:meta])* $name:ident: $id:ty => $table:ident by $list:ident,)+) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl Batch for $name {
                type Key = $id;
                type Value = Option<Arc<$table::Model>>;

                async fn load(ctx: &Ctx, keys: &[$id]) -> Result<HashMap<$id, Self::Value>> {
                    let rows = store::$list(&ctx.store().await?, keys).await?;
                    Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
                }
            }
        )+
    };
}

by_id! {
    /// Payments by id.
    PaymentById: PaymentId => payments by list_by_ids,
    /// Attempts by id.
    PaymentAttemptById: PaymentAttemptId => payment_attempts by list_attempts_by_ids,
    /// Events by id.
    PaymentEventById: PaymentEventId => payment_events by list_events_by_ids,
    /// Refunds by id.
    RefundById: RefundId => refunds by list_refunds_by_ids,
}

macro_rules! by_payment {
    ($($(#[$doc:meta])* $name:ident => $table:ident by $list:ident,)+) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl Batch for $name {
                type Key = PaymentId;
                type Value = Vec<Arc<$table::Model>>;

                async fn load(ctx: &Ctx, keys: &[PaymentId]) -> Result<HashMap<PaymentId, Self::Value>> {
                    let mut found: HashMap<PaymentId, Self::Value> = HashMap::new();
                    for row in store::$list(&ctx.store().await?, keys).await? {
                        found.entry(row.payment_id).or_default().push(Arc::new(row));
                    }
                    Ok(found)
                }
            }
        )+
    };
}

by_payment! {
    /// The attempts of each payment, the oldest first.
    AttemptsByPayment => payment_attempts by list_attempts,
    /// The events of each payment, in the order in which they were heard of.
    EventsByPayment => payment_events by list_events,
    /// The refunds of each payment, the oldest first.
    RefundsByPayment => refunds by list_refunds,
}
