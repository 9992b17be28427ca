//! What people can do with their accounts and sessions, one file each.

pub mod account_update;
pub mod password_change;
pub mod session_refresh;
pub mod session_revoke;
pub mod sessions_revoke_others;
pub mod sign_in;
pub mod sign_out;
pub mod sign_up;

pub use account_update::AccountUpdateInput;
pub use password_change::PasswordChangeInput;
pub use sign_in::SignInInput;
pub use sign_up::SignUpInput;

use rules::Problem;
use rules::ids::{SessionId, UserId};

use crate::kernel::{Actor, Ctx, Error, Result};

/// The longest name, in characters.
const MAX_NAME: usize = 200;

/// Reads a name.
fn name(raw: &str) -> Result<String, Problem> {
    crate::kernel::input::line("name", raw, 1, MAX_NAME)
}

/// The person and the session that ask.
fn session(ctx: &Ctx) -> Result<(UserId, SessionId)> {
    match ctx.actor() {
        Actor::User { user, session, .. } => Ok((*user, *session)),
        _ => Err(Error::Unauthenticated),
    }
}
