//! Batched reads of accounts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::identity::{sessions, users};
use rules::ids::{OrganizationId, SessionId, UserId};
use rules::permission::Permission;

use super::sessions::MAX_LIVE;
use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Actor, Ctx, Result};

/// Accounts by id, deleted ones too: whoever shows them has checked that the caller may see them, and
/// decides about the e-mail address with `User::new` or `User::with_email`.
pub struct UserById;

impl Batch for UserById {
    type Key = UserId;
    type Value = Option<Arc<users::Model>>;

    async fn load(ctx: &Ctx, keys: &[UserId]) -> Result<HashMap<UserId, Self::Value>> {
        let rows = store::list_users(&ctx.platform().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// Accounts by id, those that the caller may see whole: the own one, and those of the members of
/// organizations whose members the caller may see.
pub struct SeenUserById;

impl Batch for SeenUserById {
    type Key = UserId;
    type Value = Option<Arc<users::Model>>;

    async fn load(ctx: &Ctx, keys: &[UserId]) -> Result<HashMap<UserId, Self::Value>> {
        let Actor::User { user, members, .. } = ctx.actor() else { return Ok(HashMap::new()) };
        let may = members.iter().filter(|member| member.permissions.contains(Permission::MembersRead));
        let organizations: Vec<OrganizationId> = may.map(|member| member.organization).collect();
        let rows = store::list_seen_users(&ctx.platform().await?, keys, *user, &organizations).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

/// The caller's own live sessions by id. They are few: all are read, whichever are wanted.
pub struct OwnSessionById;

impl Batch for OwnSessionById {
    type Key = SessionId;
    type Value = Option<Arc<sessions::Model>>;

    async fn load(ctx: &Ctx, keys: &[SessionId]) -> Result<HashMap<SessionId, Self::Value>> {
        let rows = store::list_sessions(&ctx.account().await?, ctx.now(), MAX_LIVE).await?;
        let wanted = rows.into_iter().filter(|row| keys.contains(&row.id));
        Ok(wanted.map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}
