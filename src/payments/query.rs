//! Reads of payments.

use async_graphql::{Context, Object};
use rules::ids::{PaymentAttemptId, PaymentEventId, PaymentId, RefundId};
use rules::permission::Permission;

use super::loaders::{PaymentAttemptById, PaymentById, PaymentEventById, RefundById};
use super::store::{self, PaymentFilter};
use super::types::{Payment, PaymentAttempt, PaymentConnection, PaymentEvent, PaymentFilterInput, Refund};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

/// Whether the caller may see payments here.
fn may(ctx: &Ctx) -> Result<bool> {
    ctx.store_context()?;
    Ok(ctx.may(Permission::PaymentsRead))
}

impl ById for Payment {
    type Id = PaymentId;

    async fn by_id(ctx: &Ctx, id: PaymentId) -> Result<Option<Self>> {
        if !may(ctx)? {
            return Ok(None);
        }
        Ok(ctx.load::<PaymentById>(id).await?.map(Self))
    }
}

impl ById for PaymentAttempt {
    type Id = PaymentAttemptId;

    async fn by_id(ctx: &Ctx, id: PaymentAttemptId) -> Result<Option<Self>> {
        if !may(ctx)? {
            return Ok(None);
        }
        let Some(row) = ctx.load::<PaymentAttemptById>(id).await? else { return Ok(None) };
        let payment = ctx.load::<PaymentById>(row.payment_id).await?;
        Ok(payment.map(|payment| Self { row, payment: Payment(payment) }))
    }
}

impl ById for PaymentEvent {
    type Id = PaymentEventId;

    async fn by_id(ctx: &Ctx, id: PaymentEventId) -> Result<Option<Self>> {
        if !may(ctx)? {
            return Ok(None);
        }
        Ok(ctx.load::<PaymentEventById>(id).await?.map(Self))
    }
}

impl ById for Refund {
    type Id = RefundId;

    async fn by_id(ctx: &Ctx, id: RefundId) -> Result<Option<Self>> {
        if !may(ctx)? {
            return Ok(None);
        }
        Ok(ctx.load::<RefundById>(id).await?.map(Self))
    }
}

/// Reads of payments.
#[derive(Default)]
pub struct PaymentsQuery;

#[Object]
impl PaymentsQuery {
    /// One payment, by its id. Null where the store has no such payment.
    #[graphql(directive = requires::apply(Permission::PaymentsRead))]
    async fn payment(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The payment's id.")] id: PaymentId,
    ) -> Result<Option<Payment>> {
        Payment::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's payments, the newest first.
    #[graphql(directive = requires::apply(Permission::PaymentsRead))]
    async fn payments(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Which payments to list.")] filter: Option<PaymentFilterInput>,
    ) -> Result<Option<PaymentConnection>> {
        let ctx = Ctx::of(gql)?;
        let filter: PaymentFilter = filter.unwrap_or_default().into();
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, &filter), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            let filter = filter.clone();
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, &filter)).await
            })
        });
        Ok(Some(PaymentConnection::new(slice.map(Into::into), count)))
    }
}
