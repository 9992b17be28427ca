//! `customerSignOut`: the session that asks ends.

use rules::ids::CustomerSessionId;

use super::super::events::{SessionEnd, SessionsEnded};
use super::super::{sessions, store};
use crate::kernel::{Action, Audit, Ctx, Result};

/// Signs out. Good also where the session has ended meanwhile.
pub async fn run(ctx: &Ctx, (): ()) -> Result<CustomerSessionId> {
    let (customer, session) = super::session(ctx)?;
    let mut tx = ctx.begin_store(Action::CustomerSignOut).await?;
    let reason = SessionEnd::SignedOut;
    let session_ids = sessions::end(&mut tx, customer, store::only(session), reason).await?;
    tx.commit(Audit::deleted("customer_session", session, &SessionsEnded { session_ids, reason })).await?;
    Ok(session)
}
