//! Writes of customers' accounts and sessions.

use std::marker::PhantomData;

use async_graphql::{Context, Object};
use rules::ids::CustomerId;
use rules::permission::Permission;

use super::actions::{
    self, CustomerInvitationAcceptInput, CustomerPasswordChangeInput, CustomerPasswordResetInput, CustomerSignInInput,
    CustomerSignUpInput,
};
use super::types::{
    CustomerEmailVerificationSendPayload, CustomerEmailVerifyPayload, CustomerInvitationAcceptPayload,
    CustomerInvitePayload, CustomerPasswordChangePayload, CustomerPasswordResetPayload,
    CustomerPasswordResetSendPayload, CustomerSessionRefreshPayload, CustomerSignInPayload, CustomerSignOutPayload,
    CustomerSignUpPayload,
};
use crate::customers::GuestAbsorbed;
use crate::gate::directives::{credential, customer, public, requires};
use crate::kernel::{Ctx, Result};

/// Writes of customers' accounts and sessions. `H` is what follows when a guest becomes part of an account.
pub struct AccountMutation<H>(PhantomData<H>);

impl<H> Default for AccountMutation<H> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

#[Object]
impl<H: GuestAbsorbed> AccountMutation<H> {
    /// Signs up at the store: creates an account, without a session; call `customerSignIn` next. An e-mail address that
    /// has an account gets the same answer in the same time, and that account stays as it is. A letter goes to the
    /// mailbox either way: one asks to prove it, the other says that there is an account.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_sign_up(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The account.")] input: CustomerSignUpInput,
    ) -> Result<Option<CustomerSignUpPayload>> {
        Ctx::of(gql)?.mutate(input, actions::sign_up::run).await.map(Some)
    }

    /// Signs in at the store: opens a session. An unknown e-mail address and a wrong password get the same answer, and
    /// are counted though they change nothing else; after 5 failures in a row the account is locked for a minute, then
    /// for twice as long after each further one, up to an hour. A cart that was begun without the account stays apart
    /// until the storefront merges it.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_sign_in(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Who signs in.")] input: CustomerSignInInput,
    ) -> Result<Option<CustomerSignInPayload>> {
        Ctx::of(gql)?.mutate(input, actions::sign_in::run).await.map(Some)
    }

    /// Signs out: ends the session that you ask with.
    #[graphql(directive = customer::apply())]
    async fn customer_sign_out(&self, gql: &Context<'_>) -> Result<Option<CustomerSignOutPayload>> {
        Ctx::of(gql)?.mutate((), actions::sign_out::run).await.map(Some)
    }

    /// Trades a refresh token for the next access and refresh token; the tokens before are void at once. Send it
    /// without the `Authorization` header, to the store that it is of. Each refresh token is good once: one that comes
    /// back, also at the same moment, ends the whole session, since somebody may have copied it.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_session_refresh(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The refresh token that came with the last access token.")] refresh_token: String,
    ) -> Result<Option<CustomerSessionRefreshPayload>> {
        let hash = actions::session_refresh::read(&refresh_token);
        Ctx::of(gql)?.mutate(hash, actions::session_refresh::run).await.map(Some)
    }

    /// Sends you the letter that asks to prove your mailbox once more; the one before is void.
    #[graphql(directive = customer::apply())]
    async fn customer_email_verification_send(
        &self,
        gql: &Context<'_>,
    ) -> Result<Option<CustomerEmailVerificationSendPayload>> {
        Ctx::of(gql)?.mutate((), actions::email_verification_send::run).await.map(Some)
    }

    /// Proves the mailbox of an account with what the letter brought; good once, for three days. What the owner of the
    /// mailbox bought without the account becomes part of it.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_email_verify(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "What the letter brought.")] token: String,
    ) -> Result<Option<CustomerEmailVerifyPayload>> {
        Ctx::of(gql)?.mutate(token, actions::email_verify::run::<H>).await.map(Some)
    }

    /// Sends a letter with which its reader chooses a new password. A mailbox that has no account gets the same answer
    /// in the same time, and a letter that says so.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_password_reset_send(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The e-mail address of the account.")] email: String,
    ) -> Result<Option<CustomerPasswordResetSendPayload>> {
        Ctx::of(gql)?.mutate(email, actions::password_reset_send::run).await.map(Some)
    }

    /// Chooses a new password with what the letter brought; good once, for an hour. Every session of the account ends,
    /// and its mailbox counts as proven.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_password_reset(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The letter's token, and the password.")] input: CustomerPasswordResetInput,
    ) -> Result<Option<CustomerPasswordResetPayload>> {
        Ctx::of(gql)?.mutate(input, actions::password_reset::run::<H>).await.map(Some)
    }

    /// Changes your password, and ends all of your sessions but the one that you ask with. A wrong current password is
    /// counted: after 5 in a row there is a lock that grows, as there is for `customerSignIn`.
    #[graphql(directive = customer::apply(), directive = credential::apply())]
    async fn customer_password_change(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: CustomerPasswordChangeInput,
    ) -> Result<Option<CustomerPasswordChangePayload>> {
        Ctx::of(gql)?.mutate(input, actions::password_change::run).await.map(Some)
    }

    /// Sends a customer who has no account a letter to make one. The letter before is void.
    #[graphql(directive = requires::apply(Permission::CustomersManage))]
    async fn customer_invite(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Which customer.")] id: CustomerId,
    ) -> Result<Option<CustomerInvitePayload>> {
        Ctx::of(gql)?.mutate(id, actions::invite::run).await.map(Some)
    }

    /// Makes an account of an invitation; good once, for a week. The mailbox counts as proven.
    #[graphql(directive = public::apply(), directive = credential::apply())]
    async fn customer_invitation_accept(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The letter's token, and a password.")] input: CustomerInvitationAcceptInput,
    ) -> Result<Option<CustomerInvitationAcceptPayload>> {
        Ctx::of(gql)?.mutate(input, actions::invitation_accept::run::<H>).await.map(Some)
    }
}
