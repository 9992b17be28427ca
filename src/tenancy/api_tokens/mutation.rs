//! Writes of tokens.

use async_graphql::{Context, Object};
use rules::ids::ApiTokenId;
use rules::permission::Permission;

use super::actions::{self, ApiTokenCreateInput};
use super::types::{ApiTokenCreatePayload, ApiTokenRevokePayload};
use crate::gate::directives::requires;
use crate::kernel::{Ctx, Result};

/// Writes of tokens.
#[derive(Default)]
pub struct ApiTokenMutation;

#[Object]
impl ApiTokenMutation {
    /// Makes a token for the store that the request is about. The answer holds the secret, this once.
    /// PERMISSION_NOT_HELD where a scope is more than you hold. Only a person can make one.
    #[graphql(directive = requires::apply(Permission::ApiTokensManage))]
    async fn api_token_create(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The token.")] input: ApiTokenCreateInput,
    ) -> Result<Option<ApiTokenCreatePayload>> {
        Ctx::of(gql)?.mutate(input, actions::create::run).await.map(Some)
    }

    /// Takes a token away: its next use is refused.
    #[graphql(directive = requires::apply(Permission::ApiTokensManage))]
    async fn api_token_revoke(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which token.")] id: ApiTokenId,
    ) -> Result<Option<ApiTokenRevokePayload>> {
        Ctx::of(gql)?.mutate(id, actions::revoke::run).await.map(Some)
    }
}
