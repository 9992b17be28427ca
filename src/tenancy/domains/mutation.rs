//! Writes of domains.

use async_graphql::{Context, Object};
use rules::ids::StoreDomainId;
use rules::permission::Permission;

use super::actions::{self, StoreDomainAddInput};
use super::types::{StoreDomainAddPayload, StoreDomainRemovePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of domains.
#[derive(Default)]
pub struct StoreDomainMutation;

#[Object]
impl StoreDomainMutation {
    /// Lets a host lead to the store; 50 at the most. TAKEN where it leads to a store already, whosever.
    #[graphql(directive = requires::apply(Permission::StoreManage))]
    async fn store_domain_add(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The domain.")] input: StoreDomainAddInput,
    ) -> Result<Option<StoreDomainAddPayload>> {
        Ctx::of(gql)?.mutate(input, actions::add::run).await.map(Some)
    }

    /// Removes a domain: its host leads to the store no longer, and is free.
    #[graphql(directive = requires::apply(Permission::StoreManage))]
    async fn store_domain_remove(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which domain.")] id: StoreDomainId,
    ) -> Result<Option<StoreDomainRemovePayload>> {
        Ctx::of(gql)?.mutate(id, actions::remove::run).await.map(Some)
    }
}
