//! How people and their sessions look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::identity::{sessions, users};
use rules::Problem;
use rules::ids::{ApiTokenId, MembershipId, OrganizationId, SessionId, StoreId, UserId};
use rules::permission::Permission;
use rules::states::{ActorKind, TokenKind};

use super::sessions::{MAX_LIVE, Tokens};
use super::store;
use super::throttle::{self, Attempt};
use crate::kernel::ctx::Member;
use crate::kernel::graph::object;
use crate::kernel::payload::{Payload, UserError};
use crate::kernel::{Actor, Ctx, Result};
use crate::payload;

/// A person with an account on the platform.
#[derive(Clone)]
pub struct User {
    row: Arc<users::Model>,
    /// Whether whoever made this view has checked that the caller may see the e-mail address.
    shows_email: bool,
}

impl User {
    /// A person, whose e-mail address only the person sees.
    pub fn new(row: Arc<users::Model>) -> Self {
        Self { row, shows_email: false }
    }

    /// A person whose e-mail address the caller may see: whoever calls has checked that, such as by
    /// `MEMBERS_READ` in an organization that the person belongs to.
    pub fn with_email(row: Arc<users::Model>) -> Self {
        Self { row, shows_email: true }
    }
}

impl From<users::Model> for User {
    fn from(row: users::Model) -> Self {
        Self::new(Arc::new(row))
    }
}

/// A person with an account on the platform.
#[object]
impl User {
    /// The person's id.
    fn id(&self) -> UserId {
        self.row.id
    }

    /// The name to show.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The e-mail address to sign in with. Null unless it is you, or you may see the members of an
    /// organization that the person belongs to.
    fn email(&self, ctx: &Ctx) -> Option<&str> {
        let is_self = matches!(ctx.actor(), Actor::User { user, .. } if *user == self.row.id);
        (is_self || self.shows_email).then_some(self.row.email.as_str())
    }

    /// The language that the person chose, such as `pt-BR`. Null leaves it to the request. Seen as the
    /// e-mail address is.
    fn locale(&self, ctx: &Ctx) -> Option<&str> {
        let is_self = matches!(ctx.actor(), Actor::User { user, .. } if *user == self.row.id);
        self.row.locale.as_deref().filter(|_| is_self || self.shows_email)
    }

    /// Goes up with each change; send it back as `expectedVersion`.
    fn version(&self) -> Option<i32> {
        i32::try_from(self.row.version).ok()
    }

    /// When the account was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.row.created_at
    }

    /// When the account last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.row.updated_at
    }
}

/// One sign-in of yours, on one device.
#[derive(Clone)]
pub struct Session(pub Arc<sessions::Model>);

impl From<sessions::Model> for Session {
    fn from(row: sessions::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// One sign-in of yours, on one device.
#[object]
impl Session {
    /// The session's id, for `sessionRevoke`.
    fn id(&self) -> SessionId {
        self.0.id
    }

    /// Whether it is the one that you ask with.
    fn is_current(&self, ctx: &Ctx) -> bool {
        matches!(ctx.actor(), Actor::User { session, .. } if *session == self.0.id)
    }

    /// The network address that it was opened from.
    fn ip(&self) -> Option<&str> {
        self.0.ip.as_deref()
    }

    /// The browser or program that it was opened with, as it said.
    fn user_agent(&self) -> Option<&str> {
        self.0.user_agent.as_deref()
    }

    /// When it was opened.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last used, to the minute.
    fn last_used_at(&self) -> DateTime<Utc> {
        self.0.last_used_at
    }

    /// Until when it can be refreshed.
    fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
}

/// Who you are to the server, and what you may do where you are.
pub struct Viewer;

/// Who you are to the server, and what you may do where you are.
#[object]
impl Viewer {
    /// What kind of caller you are.
    fn actor(&self, ctx: &Ctx) -> ActorKind {
        ctx.actor().label().0
    }

    /// You, as a person. Null where a token asks.
    async fn user(&self, ctx: &Ctx) -> Result<Option<User>> {
        if !matches!(ctx.actor(), Actor::User { .. }) {
            return Ok(None);
        }
        Ok(store::find_user(&ctx.account().await?).await?.map(Into::into))
    }

    /// The token that asks. Null where a person asks.
    fn token(&self, ctx: &Ctx) -> Option<ViewerToken> {
        match ctx.actor() {
            Actor::Token { token, kind, .. } => Some(ViewerToken { token_id: *token, kind: *kind }),
            _ => None,
        }
    }

    /// What you may do here: in the store that the request names; where it names none, what you may do
    /// in your organizations as a whole.
    fn permissions(&self, ctx: &Ctx) -> Vec<Permission> {
        ctx.permissions().iter().collect()
    }

    /// Your places in organizations. Where the request names a store, only the one in its organization.
    fn memberships(&self, ctx: &Ctx) -> Vec<ViewerMembership> {
        match ctx.actor() {
            Actor::User { members, .. } => members.iter().cloned().map(ViewerMembership).collect(),
            _ => Vec::new(),
        }
    }

    /// Your live sessions, the one used last first; 50 at the most. Empty where a token asks.
    async fn sessions(&self, ctx: &Ctx) -> Result<Vec<Session>> {
        if !matches!(ctx.actor(), Actor::User { .. }) {
            return Ok(Vec::new());
        }
        let rows = store::list_sessions(&ctx.account().await?, ctx.now(), MAX_LIVE).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

/// The token that asks.
#[object]
pub struct ViewerToken {
    /// The token's id.
    token_id: ApiTokenId,
    /// What it is for.
    kind: TokenKind,
}

/// One of your places in organizations.
pub struct ViewerMembership(pub Member);

/// One of your places in organizations.
#[object]
impl ViewerMembership {
    /// The membership's id.
    fn membership_id(&self) -> MembershipId {
        self.0.membership
    }

    /// The organization's id.
    fn organization_id(&self) -> OrganizationId {
        self.0.organization
    }

    /// Everything that the membership allows: in the organization as a whole, and in the stores that it reaches.
    fn permissions(&self) -> Vec<Permission> {
        self.0.permissions.iter().collect()
    }

    /// Whether it reaches every store of the organization, also those to come.
    fn reaches_all_stores(&self) -> bool {
        self.0.stores.is_none()
    }

    /// The ids of the stores that it reaches, where it does not reach all of them.
    fn store_ids(&self) -> Vec<StoreId> {
        self.0.stores.clone().unwrap_or_default()
    }
}

/// The tokens of a session. They are shown here and never again.
#[derive(Clone)]
pub struct SessionTokens(Tokens);

impl From<Tokens> for SessionTokens {
    fn from(tokens: Tokens) -> Self {
        Self(tokens)
    }
}

/// The tokens of a session. They are shown here and never again.
#[object]
impl SessionTokens {
    /// The session's id.
    fn session_id(&self) -> SessionId {
        self.0.session
    }

    /// Send it with each request: `Authorization: Bearer …`.
    fn access_token(&self) -> &str {
        self.0.access.expose()
    }

    /// Until when the access token is good.
    fn access_token_expires_at(&self) -> DateTime<Utc> {
        self.0.access_expires_at
    }

    /// Trade it for the next tokens with `sessionRefresh`, once.
    fn refresh_token(&self) -> &str {
        self.0.refresh.expose()
    }

    /// Until when the refresh token is good.
    fn refresh_token_expires_at(&self) -> DateTime<Utc> {
        self.0.refresh_expires_at
    }
}

payload! {
    /// The answer of `signUp`: the same for an e-mail address that is taken and one that is not.
    SignUpPayload {
        /// Whether the input was in order. Sign in next.
        accepted: bool,
    }
}

/// The answer of `signIn`.
#[object]
pub struct SignInPayload {
    /// The tokens of the new session.
    session: Option<SessionTokens>,
    /// Who signed in.
    user: Option<User>,
    /// With the code LOCKED_OUT: when to try again.
    locked_until: Option<DateTime<Utc>>,
    /// What to mend, where no session was opened; empty otherwise. The failed try was counted all the same.
    user_errors: Vec<UserError>,
}

impl Payload for SignInPayload {
    type Value = Attempt<(Tokens, users::Model)>;

    fn done(value: Self::Value) -> Self {
        match value {
            Attempt::Done((tokens, user)) => Self {
                session: Some(tokens.into()),
                // It is the person's own address: the answer to the right password shows it.
                user: Some(User::with_email(Arc::new(user))),
                locked_until: None,
                user_errors: Vec::new(),
            },
            Attempt::LockedOut(until) => {
                Self { locked_until: Some(until), ..Self::refused(vec![throttle::locked_out(until)]) }
            }
        }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        let user_errors = problems.into_iter().map(Into::into).collect();
        Self { session: None, user: None, locked_until: None, user_errors }
    }
}

payload! {
    /// The answer of `sessionRefresh`.
    SessionRefreshPayload {
        /// The next tokens of the session.
        session: SessionTokens,
    }
}

payload! {
    /// The answer of `signOut`.
    SignOutPayload {
        /// The id of the session that ended.
        revoked_session_id: SessionId,
    }
}

payload! {
    /// The answer of `sessionRevoke`.
    SessionRevokePayload {
        /// The id of the session that ended.
        revoked_session_id: SessionId,
    }
}

payload! {
    /// The answer of `sessionsRevokeOthers`.
    SessionsRevokeOthersPayload {
        /// The ids of the sessions that ended.
        revoked_session_ids: Vec<SessionId>,
    }
}

payload! {
    /// The answer of `accountUpdate`.
    AccountUpdatePayload {
        /// You, as you are now.
        user: User,
    }
}

/// The answer of `passwordChange`.
#[object]
pub struct PasswordChangePayload {
    /// You.
    user: Option<User>,
    /// With the code LOCKED_OUT: when to try again.
    locked_until: Option<DateTime<Utc>>,
    /// What to mend, where nothing was changed; empty otherwise. A wrong password was counted all the same.
    user_errors: Vec<UserError>,
}

impl Payload for PasswordChangePayload {
    type Value = Attempt<User>;

    fn done(value: Self::Value) -> Self {
        match value {
            Attempt::Done(user) => Self { user: Some(user), locked_until: None, user_errors: Vec::new() },
            Attempt::LockedOut(until) => {
                Self { locked_until: Some(until), ..Self::refused(vec![throttle::locked_out(until)]) }
            }
        }
    }

    fn refused(problems: Vec<Problem>) -> Self {
        Self { user: None, locked_until: None, user_errors: problems.into_iter().map(Into::into).collect() }
    }
}
