//! How the sessions of customers are opened, renewed and ended. They live by the same pairs of tokens as those of
//! people of the platform ([`crate::identity::sessions::Tokens`]), of kinds of their own.

use entity::customers::{customer_refresh_tokens, customer_sessions, customers};
use rules::ids::{CustomerId, CustomerRefreshTokenId, CustomerSessionId};
use rules::states::{CustomerKind, CustomerState};
use sea_orm::ActiveValue::Set;
use sea_orm::Condition;

use super::events::{CustomerSessionRevoked, SessionEnd};
use super::store;
use crate::identity::secret::Kind;
use crate::identity::sessions::{self, user_agent};
use crate::kernel::{Ctx, Result, StoreScope, Tx};

/// The most live sessions that a customer has; a new one ends the one not used for the longest time.
const MAX_LIVE: u64 = 20;

/// The secrets of a customer's session, in clear.
pub type Tokens = sessions::Tokens<CustomerSessionId>;

/// Draws a pair.
pub fn draw(ctx: &Ctx, session: CustomerSessionId) -> Tokens {
    Tokens::draw_of(ctx, session, (Kind::CustomerAccessToken, Kind::CustomerRefreshToken))
}

/// The columns of the session that change with the pair.
pub fn session_row(ctx: &Ctx, tokens: &Tokens) -> customer_sessions::ActiveModel {
    customer_sessions::ActiveModel {
        access_token_hash: Set(tokens.access.hash().to_vec()),
        access_expires_at: Set(tokens.access_expires_at),
        expires_at: Set(tokens.refresh_expires_at),
        last_used_at: Set(ctx.now()),
        ..Default::default()
    }
}

/// The row of the refresh token.
pub fn refresh_row(ctx: &Ctx, customer: CustomerId, tokens: &Tokens) -> customer_refresh_tokens::ActiveModel {
    customer_refresh_tokens::ActiveModel {
        id: Set(ctx.id::<CustomerRefreshTokenId>()),
        session_id: Set(tokens.session),
        customer_id: Set(customer),
        token_hash: Set(tokens.refresh.hash().to_vec()),
        used_at: Set(None),
        expires_at: Set(tokens.refresh_expires_at),
        created_at: Set(ctx.now()),
        ..Default::default()
    }
}

/// Opens a session for a customer, and ends one that is too many.
pub async fn open(tx: &mut Tx<StoreScope>, customer: CustomerId) -> Result<(Tokens, customer_sessions::Model)> {
    let ctx = tx.ctx().clone();
    let tokens = draw(&ctx, ctx.id());
    let caller = ctx.caller();
    let row = customer_sessions::ActiveModel {
        id: Set(tokens.session),
        customer_id: Set(customer),
        ip: Set(caller.address.map(|address| address.to_canonical().to_string())),
        user_agent: Set(caller.user_agent.as_deref().and_then(user_agent)),
        revoked_at: Set(None),
        last_write_xid: Set(None),
        created_at: Set(ctx.now()),
        ..session_row(&ctx, &tokens)
    };
    let too_many = store::beyond(tx, customer, ctx.now(), MAX_LIVE - 1);
    end(tx, customer, too_many, SessionEnd::TooMany).await?;
    let refresh = refresh_row(&ctx, customer, &tokens);
    let session = store::insert_session(tx, row, refresh).await?;
    Ok((tokens, session))
}

/// Ends live sessions of a customer, and tells of each. Gives their ids.
pub async fn end(
    tx: &mut Tx<StoreScope>,
    customer_id: CustomerId,
    which: Condition,
    reason: SessionEnd,
) -> Result<Vec<CustomerSessionId>> {
    let ended = store::revoke_sessions(tx, customer_id, which).await?;
    for session_id in ended.iter().copied() {
        tx.emit(&CustomerSessionRevoked { session_id, customer_id, reason })?;
    }
    Ok(ended)
}

/// Whether the store lets this customer in.
pub fn may_enter(customer: &customers::Model) -> bool {
    customer.kind == CustomerKind::Registered
        && customer.state == CustomerState::Enabled
        && customer.deleted_at.is_none()
}
