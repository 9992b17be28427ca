//! Writes of payment providers.

use async_graphql::{Context, Object};
use rules::ids::PaymentProviderId;
use rules::permission::Permission;

use super::actions::{self, PaymentProviderCreateInput, PaymentProviderUpdateInput};
use super::types::{PaymentProviderCreatePayload, PaymentProviderUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of payment providers.
#[derive(Default)]
pub struct PaymentProviderMutation;

#[Object]
impl PaymentProviderMutation {
    /// Adds a way to pay, with the account that is paid into. Its secrets are sealed, and never shown again.
    #[graphql(directive = requires::apply(Permission::PaymentProvidersManage))]
    async fn payment_provider_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The provider.")] input: PaymentProviderCreateInput,
    ) -> Result<Option<PaymentProviderCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a way to pay, or switches it off. What the input leaves out stays as it is; null clears.
    #[graphql(directive = requires::apply(Permission::PaymentProvidersManage))]
    async fn payment_provider_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which provider.")] id: PaymentProviderId,
        #[graphql(desc = "What changes.")] input: PaymentProviderUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the provider has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<PaymentProviderUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }
}
