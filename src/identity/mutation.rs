//! Writes of accounts and sessions.

use async_graphql::{Context, Object};
use rules::ids::SessionId;

use super::actions::{self, AccountUpdateInput, PasswordChangeInput, SignInInput, SignUpInput};
use super::types::{
    AccountUpdatePayload, PasswordChangePayload, SessionRefreshPayload, SessionRevokePayload,
    SessionsRevokeOthersPayload, SignInPayload, SignOutPayload, SignUpPayload,
};
use crate::gate::directives::{credential, public, user};
use crate::kernel::{Ctx, Result};

/// Writes of accounts and sessions.
#[derive(Default)]
pub struct IdentityMutation;

#[Object]
impl IdentityMutation {
    /// Signs up: creates an account, without a session; call `signIn` next. An e-mail address that has an
    /// account gets the same answer in the same time, and that account stays as it is. Refused with
    /// DISABLED where the operator closed it.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn sign_up(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The account.")] input: SignUpInput,
    ) -> Result<Option<SignUpPayload>> {
        Ctx::of(gql)?.mutate(input, actions::sign_up::run).await.map(Some)
    }

    /// Signs in: opens a session. An unknown e-mail address and a wrong password get the same answer, and
    /// are counted though they change nothing else; after 5 failures in a row the account is locked for a
    /// minute, then for twice as long after each further one, up to an hour.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn sign_in(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: SignInInput,
    ) -> Result<Option<SignInPayload>> {
        Ctx::of(gql)?.mutate(input, actions::sign_in::run).await.map(Some)
    }

    /// Signs out: ends the session that you ask with.
    #[graphql(directive = user::apply())]
    async fn sign_out(&self, gql: &Context<'_>) -> Result<Option<SignOutPayload>> {
        Ctx::of(gql)?.mutate((), actions::sign_out::run).await.map(Some)
    }

    /// Trades a refresh token for the next access and refresh token; the tokens before are void at once.
    /// Send it without the `Authorization` header. Each refresh token is good once: one that comes back,
    /// also at the same moment, ends the whole session, since somebody may have copied it.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn session_refresh(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The refresh token that came with the last access token.")] refresh_token: String,
    ) -> Result<Option<SessionRefreshPayload>> {
        let hash = actions::session_refresh::read(&refresh_token);
        Ctx::of(gql)?.mutate(hash, actions::session_refresh::run).await.map(Some)
    }

    /// Ends one of your sessions.
    #[graphql(directive = user::apply())]
    async fn session_revoke(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which session.")] id: SessionId,
    ) -> Result<Option<SessionRevokePayload>> {
        Ctx::of(gql)?.mutate(id, actions::session_revoke::run).await.map(Some)
    }

    /// Ends all of your sessions but the one that you ask with.
    #[graphql(directive = user::apply())]
    async fn sessions_revoke_others(&self, gql: &Context<'_>) -> Result<Option<SessionsRevokeOthersPayload>> {
        Ctx::of(gql)?.mutate((), actions::sessions_revoke_others::run).await.map(Some)
    }

    /// Changes your password, and ends all of your sessions but the one that you ask with. A wrong current
    /// password is counted: after 5 in a row there is a lock that grows, as there is for `signIn`.
    #[graphql(directive = user::apply(), directive = credential::apply())]
    async fn password_change(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: PasswordChangeInput,
    ) -> Result<Option<PasswordChangePayload>> {
        Ctx::of(gql)?.mutate(input, actions::password_change::run).await.map(Some)
    }

    /// Changes your account. What the input leaves out stays as it is; null clears.
    #[graphql(directive = user::apply())]
    async fn account_update(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What changes.")] input: AccountUpdateInput,
        #[graphql(desc = "The version that was read; refused as STALE where the account has changed since.")]
        expected_version: Option<i32>,
    ) -> Result<Option<AccountUpdatePayload>> {
        Ctx::of(gql)?.mutate((input, expected_version), actions::account_update::run).await.map(Some)
    }
}
