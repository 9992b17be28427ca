//! What customers can do with their accounts, one file each.

pub mod email_verification_send;
pub mod email_verify;
pub mod invitation_accept;
pub mod invite;
pub mod password_change;
pub mod password_reset;
pub mod password_reset_send;
pub mod session_refresh;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;

pub use invitation_accept::CustomerInvitationAcceptInput;
pub use password_change::CustomerPasswordChangeInput;
pub use password_reset::CustomerPasswordResetInput;
pub use sign_in::CustomerSignInInput;
pub use sign_up::CustomerSignUpInput;

use entity::customers::customers::{ActiveModel, Model};
use rules::ids::{CustomerId, CustomerSessionId};
use sea_orm::ActiveValue::Set;

use super::events::CustomerEmailVerified;
use crate::customers::{GuestAbsorbed, profiles};
use crate::kernel::{Actor, Ctx, Error, Result, StoreScope, Tx, input};

/// The customer and the session that ask.
fn session(ctx: &Ctx) -> Result<(CustomerId, CustomerSessionId)> {
    match ctx.actor() {
        Actor::Customer { customer, session } => Ok((*customer, *session)),
        _ => Err(Error::Unauthenticated),
    }
}

/// Notes that the mailbox of an account is proven, and takes the guest with the same one in (rule C3). The account is
/// held by the caller. Gives it as it is then.
async fn prove_mailbox<H: GuestAbsorbed>(
    tx: &mut Tx<StoreScope>,
    account: Model,
    mut row: ActiveModel,
) -> Result<Model> {
    if account.email_verified_at.is_none() {
        row.email_verified_at = Set(Some(tx.ctx().now()));
        tx.emit(&CustomerEmailVerified { customer_id: account.id })?;
    }
    let account = profiles::update(tx, &account, row).await?.ok_or_else(input::stale)?;
    profiles::absorb_guest::<H>(tx, &account).await?;
    Ok(account)
}
