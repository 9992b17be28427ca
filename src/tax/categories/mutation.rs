//! Writes of tax categories.

use async_graphql::{Context, Object};
use rules::ids::TaxCategoryId;
use rules::permission::Permission;

use super::actions::{self, TaxCategoryCreateInput, TaxCategoryUpdateInput};
use super::types::{TaxCategoryCreatePayload, TaxCategoryDeletePayload, TaxCategoryUpdatePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of tax categories.
#[derive(Default)]
pub struct TaxCategoryMutation;

#[Object]
impl TaxCategoryMutation {
    /// Creates a tax category. Products and variants name it in `taxCategoryId`.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_category_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The tax category.")] input: TaxCategoryCreateInput,
    ) -> Result<Option<TaxCategoryCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Changes a tax category. What the input leaves out stays as it is.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_category_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tax category.")] id: TaxCategoryId,
        #[graphql(desc = "What changes.")] input: TaxCategoryUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the tax category has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxCategoryUpdatePayload>> {
        Ctx::of(gql)?.mutate((id, input, expected_version), actions::update::run).await.map(Some)
    }

    /// Deletes a tax category. Refused as IN_USE while products, variants or rates name it, and as NOT_ALLOWED for the
    /// default.
    #[graphql(directive = requires::apply(Permission::TaxesManage))]
    async fn tax_category_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which tax category.")] id: TaxCategoryId,
        #[graphql(desc = "The version that was read; refused as STALE where the tax category has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<TaxCategoryDeletePayload>> {
        Ctx::of(gql)?.mutate((id, expected_version), actions::delete::run).await.map(Some)
    }
}
