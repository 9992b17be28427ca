//! Reads of domains: only by their ids, since a store shows its own.

use rules::ids::StoreDomainId;
use rules::permission::Permission;

use super::loaders::DomainsByStore;
use super::types::StoreDomain;
use crate::kernel::{ById, Ctx, Result};

/// A domain of the request's store, for those who may see its settings.
impl ById for StoreDomain {
    type Id = StoreDomainId;

    async fn by_id(ctx: &Ctx, id: StoreDomainId) -> Result<Option<Self>> {
        let store = ctx.store_context()?.id;
        if !ctx.may(Permission::StoreRead) {
            return Ok(None);
        }
        let domains = ctx.load::<DomainsByStore>(store).await?.unwrap_or_default();
        Ok(domains.into_iter().find(|domain| domain.id == id).map(Self))
    }
}
