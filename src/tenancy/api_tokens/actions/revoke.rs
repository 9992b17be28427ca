//! `apiTokenRevoke`: a token is taken away.

use rules::ids::ApiTokenId;
use rules::{ErrorCode, Problem};

use super::super::events::{ApiTokenRevoked, ApiTokenSnapshot};
use super::super::store;
use super::super::types::ApiToken;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Takes the token away.
pub async fn run(ctx: &Ctx, id: ApiTokenId) -> Result<ApiToken> {
    let mut tx = ctx.begin_store(Action::ApiTokenRevoke).await?;
    store::find(&tx, id).await?.ok_or(Error::NotFound)?;
    let Some(row) = store::revoke(&tx, id).await? else {
        let message = "The token was revoked already.";
        return Err(Error::Conflict(Problem::new(ErrorCode::NotAllowed, "", message)));
    };
    let scopes = store::scopes(&tx, &[id]).await?.remove(&id).unwrap_or_default();
    let networks = store::networks(&tx, &[id]).await?.remove(&id).unwrap_or_default();
    let snapshot = || ApiTokenSnapshot::of(&row, scopes, &networks);
    tx.emit(&ApiTokenRevoked { api_token: snapshot() })?;
    tx.commit(Audit::deleted("api_token", id, &snapshot())).await?;
    Ok(row.into())
}
