//! Writes of many products at once.

use async_graphql::{Context, Object};
use rules::permission::Permission;

use super::actions;
use super::types::{ProductsImportInput, ProductsImportPayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of many products at once.
#[derive(Default)]
pub struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Imports products from a file. What is there is updated and nothing is doubled: a product is known
    /// by its handle, a variant by its option values. Each product goes in whole or not at all, and a bad
    /// row does not keep the others out. Columns with prices and costs need PRICES_MANAGE beside, those
    /// with stock INVENTORY_MANAGE, and the vendor's COLLECTIONS_MANAGE.
    #[graphql(directive = requires::apply(Permission::ProductsManage))]
    async fn products_import(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The file.")] input: ProductsImportInput,
    ) -> Result<Option<ProductsImportPayload>> {
        Ctx::of(gql)?.mutate(input, actions::products_import::run).await.map(Some)
    }
}
