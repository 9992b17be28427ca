//! Writes of tax rates.

use async_graphql::{Context, Object};
use rules::ids::TaxRateId;
use rules::permission::Permission;

use super::actions::{self, TaxRateCreateInput, TaxRateUpdateInput};
use super::types::{TaxRateCreatePayload, TaxRateDeletePayload, TaxRateUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of tax rates.
#[derive(Default)]
pub struct TaxRateMutation;

#[Object]
impl TaxRateMutation {
    /// Creates a tax rate in a zone.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_rate_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tax rate.")] input: TaxRateCreateInput,
    ) -> Result<Option<TaxRateCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a tax rate. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_rate_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tax rate.")] id: TaxRateId,
        #[graphql(desc = "What changes.")] input: TaxRateUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the tax rate has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxRateUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a tax rate. Nothing else changes; what was sold keeps its tax.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_rate_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tax rate.")] id: TaxRateId,
        #[graphql(desc = "The version that was read; refused as STALE where the tax rate has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxRateDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }
}
