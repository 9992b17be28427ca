//! Writes of payments.

use std::marker::PhantomData;

use async_graphql::{Context, Object};
use rules::ids::PaymentId;
use rules::money::MoneyInput;
use rules::permission::Permission;

use super::actions::{self, PaymentRefundInput};
use super::heard::PaymentHeard;
use super::types::{
    PaymentCapturePayload, PaymentMarkAsPaidPayload, PaymentRefundPayload, PaymentReviewClosePayload,
    PaymentSyncPayload, PaymentVoidPayload,
};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of payments. `H` is what follows from what a payment has come to.
pub struct PaymentsMutation<H>(PhantomData<H>);

impl<H> Default for PaymentsMutation<H> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[Object]
impl<H: PaymentHeard> PaymentsMutation<H> {
    /// Takes what the bank promised, or a part of it. What the provider says is told by the payment and its attempts.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn payment_capture(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which payment.")] id: PaymentId,
        #[graphql(desc = "How much; all that is left where it is left out.")] amount: Option<MoneyInput>,
    ) -> Result<Option<PaymentCapturePayload>> {
        Ctx::of(gql)?.mutate((id, amount), actions::capture::run::<H>).await.map(Some)
    }

    /// Lets go of what the bank promised and was not taken, or calls off a payment that was not made yet.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn payment_void(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which payment.")] id: PaymentId,
    ) -> Result<Option<PaymentVoidPayload>> {
        Ctx::of(gql)?.mutate(id, actions::void::run::<H>).await.map(Some)
    }

    /// Gives back what was taken, or a part of it. Refunds never sum to more than was taken.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn payment_refund(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which payment.")] id: PaymentId,
        #[graphql(desc = "What is given back.")] input: PaymentRefundInput,
    ) -> Result<Option<PaymentRefundPayload>> {
        Ctx::of(gql)?.mutate((id, input), actions::refund::run::<H>).await.map(Some)
    }

    /// Says that money of a bank transfer, or cash on delivery, has come in.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn payment_mark_as_paid(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which payment.")] id: PaymentId,
        #[graphql(desc = "How much; all that is missing where it is left out.")] amount: Option<MoneyInput>,
    ) -> Result<Option<PaymentMarkAsPaidPayload>> {
        Ctx::of(gql)?.mutate((id, amount), actions::mark_as_paid::run::<H>).await.map(Some)
    }

    /// Asks the provider what became of everything of a payment whose end is not known.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn payment_sync(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which payment.")] id: PaymentId,
    ) -> Result<Option<PaymentSyncPayload>> {
        Ctx::of(gql)?.mutate(id, actions::sync::run::<H>).await.map(Some)
    }

    /// Says that somebody has looked at a payment whose provider contradicts itself.
    #[graphql(directive = requires::apply(Permission::PaymentsManage))]
    async fn payment_review_close(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which payment.")] id: PaymentId,
    ) -> Result<Option<PaymentReviewClosePayload>> {
        Ctx::of(gql)?.mutate(id, actions::review_close::run).await.map(Some)
    }
}
