//! Reads of registered documents.

use async_graphql::{Context, Object};
use rules::ids::TrustedDocumentId;
use rules::permission::Permission;

use super::loaders::TrustedDocumentById;
use super::store;
use super::types::{TrustedDocument, TrustedDocumentConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

/// A document of the request's store, for those who may see them.
impl ById for TrustedDocument {
    type Id = TrustedDocumentId;

    async fn by_id(ctx: &Ctx, id: TrustedDocumentId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::TrustedDocumentsRead) {
            return Ok(None);
        }
        Ok(ctx.load::<TrustedDocumentById>(id).await?.map(Self))
    }
}

/// Reads of registered documents.
#[derive(Default)]
pub struct TrustedDocumentQuery;

#[Object]
impl TrustedDocumentQuery {
    /// The documents that the store of the request has registered, the newest first.
    #[graphql(directive = requires::apply(Permission::TrustedDocumentsRead))]
    async fn trusted_documents(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
    ) -> Result<Option<TrustedDocumentConnection>> {
        let ctx = Ctx::of(gql)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope)).await
            })
        });
        Ok(Some(TrustedDocumentConnection::new(slice.map(Into::into), count)))
    }
}
