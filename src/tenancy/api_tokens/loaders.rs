//! Batched reads of tokens' parts.

use std::collections::HashMap;

use rules::ids::ApiTokenId;
use rules::permission::PermissionSet;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// What a token allows.
pub struct ScopesByApiToken;

impl Batch for ScopesByApiToken {
    type Key = ApiTokenId;
    type Value = PermissionSet;

    async fn load(ctx: &Ctx, keys: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, PermissionSet>> {
        store::scopes(&ctx.store().await?, keys).await
    }
}

/// The networks that a token may be used from; any, where it has none.
pub struct NetworksByApiToken;

impl Batch for NetworksByApiToken {
    type Key = ApiTokenId;
    type Value = Vec<String>;

    async fn load(ctx: &Ctx, keys: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, Vec<String>>> {
        store::networks(&ctx.store().await?, keys).await
    }
}
