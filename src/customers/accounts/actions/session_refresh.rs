//! `customerSessionRefresh`: a refresh token for the next pair of tokens.
//!
//! Each refresh token is good once. One that comes back was copied, and nobody knows who holds which: the whole session
//! ends, with every token of its chain (rule A3). Of two that come at once, one wins and the other counts as coming
//! back. A token of another store is none here (rule A4).

use entity::customers::customer_refresh_tokens;
use rules::{ErrorCode, Problem};

use super::super::events::{SessionEnd, SessionSnapshot, SessionsEnded};
use super::super::types::CustomerSessionTokens;
use super::super::{sessions, store};
use crate::customers::profiles;
use crate::identity::secret::{self, Hash, Kind};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// One answer for every reason.
fn invalid() -> Error {
    Problem::new(ErrorCode::InvalidToken, "refreshToken", "The refresh token is not valid: sign in again.").into()
}

/// Refreshes the session of the token.
pub async fn run(ctx: &Ctx, hash: Option<Hash>) -> Result<CustomerSessionTokens> {
    let hash = hash.ok_or_else(invalid)?;
    let token = store::find_refresh_token(&ctx.store().await?, &hash).await?.ok_or_else(invalid)?;

    let tx = ctx.begin_store(Action::CustomerSessionRefresh).await?;
    if !store::use_refresh_token(&tx, &token).await? {
        // The transaction wrote nothing. Gone before the next one begins: SQLite has one writer.
        drop(tx);
        if token.expires_at > ctx.now() {
            end_family(ctx, &token).await?;
        }
        return Err(invalid());
    }
    let customer = profiles::find_living(&tx, token.customer_id).await?.ok_or_else(invalid)?;
    if !sessions::may_enter(&customer) {
        return Err(invalid());
    }
    let before = store::find_session(&tx, token.session_id).await?.ok_or_else(invalid)?;
    let tokens = sessions::draw(ctx, token.session_id);
    let (session, refresh) =
        (sessions::session_row(ctx, &tokens), sessions::refresh_row(ctx, token.customer_id, &tokens));
    let renewed = store::renew_session(&tx, token.session_id, session, refresh).await?.ok_or_else(invalid)?;
    let (before, after) = (SessionSnapshot::from(&before), SessionSnapshot::from(&renewed));
    tx.commit(Audit::updated("customer_session", renewed.id, &before, &after)).await?;
    Ok(tokens.into())
}

/// A used token came back.
async fn end_family(ctx: &Ctx, token: &customer_refresh_tokens::Model) -> Result<()> {
    let mut tx = ctx.begin_store(Action::CustomerSessionRevoke).await?;
    let reason = SessionEnd::RefreshTokenReused;
    let session_ids = sessions::end(&mut tx, token.customer_id, store::only(token.session_id), reason).await?;
    if session_ids.is_empty() {
        // It has ended before.
        return Ok(());
    }
    tracing::warn!(session = %token.session_id, "a used refresh token came back: the session was ended");
    tx.commit(Audit::deleted("customer_session", token.session_id, &SessionsEnded { session_ids, reason })).await
}

/// Reads the token as it was sent.
pub fn read(refresh_token: &str) -> Option<Hash> {
    secret::parse_kind(Kind::CustomerRefreshToken, refresh_token)
}
