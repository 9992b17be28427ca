//! `sessionRevoke`: one session of the person ends.

use rules::ids::SessionId;

use super::super::events::{SessionEnd, SessionSnapshot};
use super::super::{sessions, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Ends the session.
pub async fn run(ctx: &Ctx, id: SessionId) -> Result<SessionId> {
    let mut tx = ctx.begin_account(ctx.user()?, Action::SessionRevoke).await?;
    let before = store::find_session(&tx, id).await?.ok_or(Error::NotFound)?;
    let ended = sessions::end(&mut tx, store::only(id), SessionEnd::Revoked).await?;
    if ended.is_empty() {
        return Err(Error::NotFound);
    }
    tx.commit(Audit::deleted("session", id, &SessionSnapshot::from(&before))).await?;
    Ok(id)
}
