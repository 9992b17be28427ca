//! How sessions are opened, renewed and ended.
//!
//! Owns the pair of secrets that a session lives by: an access token that proves it for a short time,
//! and a refresh token that is traded for the next pair once (rule A3). Never looks at a password.

use chrono::{DateTime, Utc};
use entity::identity::{refresh_tokens, sessions, users};
use rules::ids::{RefreshTokenId, SessionId, UserId};
use sea_orm::ActiveValue::Set;
use sea_orm::Condition;

use super::events::{SessionEnd, SessionRevoked};
use super::secret::{Kind, Secret};
use super::store;
use crate::kernel::{AccountScope, Ctx, Result, Tx};

/// The most live sessions that a person has; a new one ends the one not used for the longest time.
pub const MAX_LIVE: u64 = 50;

/// The longest name of a program that is kept, in characters.
const MAX_USER_AGENT: usize = 255;

/// The secrets of a session, in clear, for the one answer that hands them over. The sessions of customers live by
/// the same ones, of other kinds.
#[derive(Debug, Clone)]
pub struct Tokens<S = SessionId> {
    /// The session.
    pub session: S,
    /// Proves the session.
    pub access: Secret,
    /// Until when.
    pub access_expires_at: DateTime<Utc>,
    /// Is traded for the next pair, once.
    pub refresh: Secret,
    /// Until when.
    pub refresh_expires_at: DateTime<Utc>,
}

impl<S> Tokens<S> {
    /// Draws a pair of these two kinds.
    pub fn draw_of(ctx: &Ctx, session: S, (access, refresh): (Kind, Kind)) -> Self {
        let entropy = &*ctx.system().entropy;
        let refresh_expires_at = ctx.now() + ctx.settings().session_lifetime;
        Self {
            session,
            access: Secret::generate(access, entropy),
            access_expires_at: refresh_expires_at.min(ctx.now() + ctx.settings().access_token_lifetime),
            refresh: Secret::generate(refresh, entropy),
            refresh_expires_at,
        }
    }
}

impl Tokens {
    /// Draws a pair.
    pub fn draw(ctx: &Ctx, session: SessionId) -> Self {
        Self::draw_of(ctx, session, (Kind::AccessToken, Kind::RefreshToken))
    }

    /// The columns of the session that change with the pair.
    pub fn session_row(&self, ctx: &Ctx) -> sessions::ActiveModel {
        sessions::ActiveModel {
            access_token_hash: Set(self.access.hash().to_vec()),
            access_expires_at: Set(self.access_expires_at),
            expires_at: Set(self.refresh_expires_at),
            last_used_at: Set(ctx.now()),
            ..Default::default()
        }
    }

    /// The row of the refresh token.
    pub fn refresh_row(&self, ctx: &Ctx) -> refresh_tokens::ActiveModel {
        refresh_tokens::ActiveModel {
            id: Set(ctx.id::<RefreshTokenId>()),
            session_id: Set(self.session),
            token_hash: Set(self.refresh.hash().to_vec()),
            used_at: Set(None),
            expires_at: Set(self.refresh_expires_at),
            created_at: Set(ctx.now()),
            ..Default::default()
        }
    }
}

/// Opens a session for the person of the transaction, and ends one that is too many.
pub async fn open(tx: &mut Tx<AccountScope>) -> Result<(Tokens, sessions::Model)> {
    let ctx = tx.ctx().clone();
    let tokens = Tokens::draw(&ctx, ctx.id());
    let caller = ctx.caller();
    let row = sessions::ActiveModel {
        id: Set(tokens.session),
        ip: Set(caller.address.map(|address| address.to_canonical().to_string())),
        user_agent: Set(caller.user_agent.as_deref().and_then(user_agent)),
        revoked_at: Set(None),
        last_write_xid: Set(None),
        created_at: Set(ctx.now()),
        ..tokens.session_row(&ctx)
    };
    let too_many = store::beyond(tx, ctx.now(), MAX_LIVE - 1);
    end(tx, too_many, SessionEnd::TooMany).await?;
    let session = store::insert_session(tx, row, tokens.refresh_row(&ctx)).await?;
    Ok((tokens, session))
}

/// Ends live sessions of the person of the transaction, and tells of each. Gives their ids.
pub async fn end(tx: &mut Tx<AccountScope>, which: Condition, reason: SessionEnd) -> Result<Vec<SessionId>> {
    let ended = store::revoke_sessions(tx, which).await?;
    let user_id: UserId = tx.id();
    for session_id in ended.iter().copied() {
        tx.emit(&SessionRevoked { session_id, user_id, reason })?;
    }
    Ok(ended)
}

/// Whether the platform lets this person in.
pub fn may_enter(user: &users::Model) -> bool {
    user.suspended_at.is_none() && user.deleted_at.is_none()
}

/// What a program says of itself, cut to what is kept of it.
pub fn user_agent(raw: &str) -> Option<String> {
    let text: String = raw.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
