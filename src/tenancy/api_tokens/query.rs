//! Reads of tokens.

use async_graphql::{Context, Object};
use rules::ids::ApiTokenId;
use rules::permission::Permission;

use super::loaders::ApiTokenById;
use super::store;
use super::types::{ApiToken, ApiTokenConnection};
use crate::gate::directives::requires;
use crate::kernel::page::{self, PageArgs};
use crate::kernel::{ById, Ctx, Result};

/// A token of the request's store, for those who may see them.
impl ById for ApiToken {
    type Id = ApiTokenId;

    async fn by_id(ctx: &Ctx, id: ApiTokenId) -> Result<Option<Self>> {
        ctx.store_context()?;
        if !ctx.may(Permission::ApiTokensRead) {
            return Ok(None);
        }
        Ok(ctx.load::<ApiTokenById>(id).await?.map(Self))
    }
}

/// Reads of tokens.
#[derive(Default)]
pub struct ApiTokenQuery;

#[Object]
impl ApiTokenQuery {
    /// The tokens of the store that the request is about, the newest first; never their secrets.
    #[graphql(directive = requires::apply(Permission::ApiTokensRead))]
    async fn api_tokens(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "How many from the front; 1 to 100, 20 by default.")] first: Option<i32>,
        #[graphql(desc = "After the row with this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the back; 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before the row with this cursor.")] before: Option<String>,
        #[graphql(desc = "Those that were revoked as well.", default)] include_revoked: bool,
    ) -> Result<Option<ApiTokenConnection>> {
        let ctx = Ctx::of(gql)?;
        let sort = store::sort();
        let page = PageArgs { first, after, last, before }.read(ctx, &sort)?;
        let scope = ctx.store().await?;
        let slice = page::fetch(ctx, &scope, store::list(&scope, include_revoked), &sort, &page).await?;
        let count: page::Count = Box::new(move |ctx| {
            Box::pin(async move {
                let scope = ctx.store().await?;
                page::count(&scope, store::list(&scope, include_revoked)).await
            })
        });
        Ok(Some(ApiTokenConnection::new(slice.map(Into::into), count)))
    }
}
