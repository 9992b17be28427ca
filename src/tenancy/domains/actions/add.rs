//! `storeDomainAdd`: a host leads to the store from now on.

use async_graphql::InputObject;
use entity::tenancy::store_domains::ActiveModel;
use rules::ids::StoreDomainId;
use rules::{ErrorCode, Problem};
use sea_orm::ActiveValue::Set;

use super::super::events::{StoreDomainAdded, StoreDomainSnapshot};
use super::super::types::StoreDomain;
use super::super::{host, store};
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::tenancy::stores;

/// Domains that a store can have.
const MAX_DOMAINS: u64 = 50;

/// A new domain.
#[derive(InputObject, Clone, Default)]
pub struct StoreDomainAddInput {
    /// The host, such as `shop.example.com`; no scheme, port, path or address.
    pub host: String,
    /// Whether links are made with it from now on; the domain before is no longer the primary one.
    #[graphql(default)]
    pub is_primary: bool,
}

/// Adds the domain.
///
/// # Errors
/// The problems of the input; `TAKEN` for the host.
pub async fn run(ctx: &Ctx, input: StoreDomainAddInput) -> Result<StoreDomain> {
    ctx.store_context()?;
    let host = host::read("host", &input.host)?;
    if platform_host(ctx).is_some_and(|own| own == host) {
        let message = "The platform itself answers under this host: choose another.";
        return Err(Problem::new(ErrorCode::Reserved, "host", message).into());
    }

    let mut tx = ctx.begin_store(Action::StoreDomainAdd).await?;
    stores::lock(&tx).await?;
    if store::count(&tx).await? >= MAX_DOMAINS {
        let message = format!("A store can have {MAX_DOMAINS} domains: remove one first.");
        return Err(Error::Conflict(Problem::new(ErrorCode::LimitReached, "", message)));
    }
    if input.is_primary {
        store::demote_primary(&tx).await?;
    }
    let row = ActiveModel {
        id: Set(ctx.id::<StoreDomainId>()),
        host: Set(host),
        is_primary: Set(input.is_primary),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    let domain = store::insert(&tx, row).await?;
    tx.emit(&StoreDomainAdded { store_domain: StoreDomainSnapshot::from(&domain) })?;
    tx.commit(Audit::created("store_domain", domain.id, &StoreDomainSnapshot::from(&domain))).await?;
    Ok(domain.into())
}

/// The host that the platform itself is reached under.
fn platform_host(ctx: &Ctx) -> Option<String> {
    let url = url::Url::parse(&ctx.settings().public_url).ok()?;
    url.host_str().and_then(host::normalize)
}
