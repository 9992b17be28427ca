//! Writes of registered documents.

use async_graphql::{Context, Object};
use rules::ids::TrustedDocumentId;
use rules::permission::Permission;

use super::actions::{self, TrustedDocumentsRegisterInput};
use super::types::{TrustedDocumentsDeletePayload, TrustedDocumentsRegisterPayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of registered documents.
#[derive(Default)]
pub struct TrustedDocumentMutation;

#[Object]
impl TrustedDocumentMutation {
    /// Registers documents that the store's storefronts may send; each must be one that could run. What is
    /// registered already stays as it is, so a deployment can send all of its documents each time. Where one
    /// can't be registered, none is.
    #[graphql(directive = requires::apply(Permission::TrustedDocumentsManage))]
    async fn trusted_documents_register(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The documents.")] input: TrustedDocumentsRegisterInput,
    ) -> Result<Option<TrustedDocumentsRegisterPayload>> {
        Ctx::of(gql)?.mutate(input, actions::register::run).await.map(Some)
    }

    /// Deletes documents: where storefronts may send registered documents only, the next request with one of
    /// them is refused, on every node.
    #[graphql(directive = requires::apply(Permission::TrustedDocumentsManage))]
    async fn trusted_documents_delete(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which documents; 1 to 100.")] ids: Vec<TrustedDocumentId>,
    ) -> Result<Option<TrustedDocumentsDeletePayload>> {
        Ctx::of(gql)?.mutate(ids, actions::delete::run).await.map(Some)
    }
}
