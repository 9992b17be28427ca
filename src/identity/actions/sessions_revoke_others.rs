//! `sessionsRevokeOthers`: every session of the person ends but the one that asks.

use rules::ids::SessionId;

use super::super::events::{SessionEnd, SessionsEnded};
use super::super::{sessions, store};
use crate::kernel::{Action, Audit, Ctx, Result};

/// Ends the others. Gives their ids.
pub async fn run(ctx: &Ctx, (): ()) -> Result<Vec<SessionId>> {
    let (user, session) = super::session(ctx)?;
    let mut tx = ctx.begin_account(user, Action::SessionsRevokeOthers).await?;
    let reason = SessionEnd::Revoked;
    let session_ids = sessions::end(&mut tx, store::all_but(session), reason).await?;
    let ended = SessionsEnded { session_ids: session_ids.clone(), reason };
    tx.commit(Audit::done("session", &ended)).await?;
    Ok(session_ids)
}
