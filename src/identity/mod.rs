//! People, how they prove who they are, and their sessions.
//!
//! Owns accounts, passwords, sessions with their chains of refresh tokens, the brake on guessing, and
//! the form of every secret that the platform hands out. Never decides what a person may do in an
//! organization: that is tenancy's. What can be done stands in `actions`, one file each.

mod actions;
pub mod email;
mod events;
mod loaders;
mod mutation;
pub mod password;
mod query;
pub mod secret;
pub mod sessions;
mod store;
pub mod throttle;
mod types;

use chrono::TimeDelta;

pub use actions::SignUpInput;
pub use actions::sign_up::{NewAccount, create};
pub use loaders::UserById;
pub use mutation::IdentityMutation;
pub use query::IdentityQuery;
pub use store::list_addresses;
pub use types::{Session, User, Viewer, ViewerMembership};

use crate::kernel::{Action, Ctx, Result};

/// How long a session that has run out is kept, so that its person can be told what happened.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Removes what no longer matters: counts of tries, and sessions that ran out long ago. For the
/// worker; gives how many rows.
///
/// # Errors
/// `Busy`, or `Retry` where transactions met.
pub async fn sweep(ctx: &Ctx) -> Result<u64> {
    let counts = throttle::sweep(ctx).await?;
    let tx = ctx.begin_platform(Action::SessionsSweep).await?;
    let sessions = store::delete_sessions_before(&tx, ctx.now() - KEPT).await?;
    tx.commit_unaudited("sessions that ran out long ago").await?;
    Ok(counts + sessions)
}
