//! Batched reads of tokens' parts.

use std::collections::HashMap;
use std::sync::Arc;

use entity::tenancy::api_tokens;
use rules::ids::ApiTokenId;
use rules::permission::PermissionSet;

use super::store;
use crate::kernel::loaders::Batch;
use crate::kernel::{Ctx, Result};

/// Tokens by id, revoked ones too.
pub struct ApiTokenById;

impl Batch for ApiTokenById {
    type Key = ApiTokenId;
    type Value = Option<Arc<api_tokens::Model>>;

    async fn load(ctx: &Ctx, keys: &[ApiTokenId]) -> Result<HashMap<ApiTokenId, Self::Value>> {
        let rows = store::list_by_ids(&ctx.store().await?, keys).await?;
        Ok(rows.into_iter().map(|row| (row.id, Some(Arc::new(row)))).collect())
    }
}

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
