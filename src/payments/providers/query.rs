//! Reads of payment providers.

use std::sync::Arc;

use async_graphql::{Context, Object};
use rules::ids::PaymentProviderId;
use rules::permission::Permission;
use rules::states::PaymentProviderKind;

use super::loaders::PaymentProviderById;
use super::store;
use super::types::{PaymentMethod, PaymentProvider};
use crate::gate::directives::{CacheScope, cache_control, cost, public, requires};
use crate::kernel::{ById, Ctx, Result};
use crate::payments::gateway;

impl ById for PaymentProvider {
    type Id = PaymentProviderId;

    async fn by_id(ctx: &Ctx, id: PaymentProviderId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::PaymentProvidersRead) {
            return Ok(None);
        }
        Ok(ctx.load::<PaymentProviderById>(id).await?.map(Self))
    }
}

/// Reads of payment providers.
#[derive(Default)]
pub struct PaymentProviderQuery;

#[Object]
impl PaymentProviderQuery {
    /// One payment provider, by its id. Null where the store has no such provider.
    #[graphql(directive = requires::apply(Permission::PaymentProvidersRead))]
    async fn payment_provider(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The provider's id.")] id: PaymentProviderId,
    ) -> Result<Option<PaymentProvider>> {
        PaymentProvider::by_id(Ctx::of(gql)?, id).await
    }

    /// The store's payment providers, the oldest first; 20 at the most.
    #[graphql(
        directive = requires::apply(Permission::PaymentProvidersRead),
        directive = cost::apply(1, Some(20))
    )]
    async fn payment_providers(&self, gql: &Context<'_>) -> Result<Option<Vec<PaymentProvider>>> {
        let rows = store::list(&Ctx::of(gql)?.store().await?).await?;
        Ok(Some(rows.into_iter().map(Into::into).collect()))
    }

    /// The ways to pay that the store offers in the currency of the request, the oldest first.
    #[graphql(
        directive = public::apply(),
        directive = cache_control::apply(60, CacheScope::Public),
        directive = cost::apply(1, Some(20))
    )]
    async fn payment_methods(&self, gql: &Context<'_>) -> Result<Option<Vec<PaymentMethod>>> {
        let ctx = Ctx::of(gql)?;
        let currency = ctx.currency()?;
        let is_known = |kind: PaymentProviderKind| {
            (kind != PaymentProviderKind::Test || ctx.settings().payments.test_provider)
                && gateway::gateway(ctx, kind).is_ok_and(|gateway| gateway.takes(currency))
        };
        let rows = store::list(&ctx.store().await?).await?.into_iter();
        let offered = rows.filter(|row| store::is_offered_in(row, currency) && is_known(row.kind));
        Ok(Some(offered.map(|row| PaymentMethod(Arc::new(row))).collect()))
    }
}
