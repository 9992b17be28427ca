//! Batched reads of accounts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::identity::users;
use rules::ids::UserId;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

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
