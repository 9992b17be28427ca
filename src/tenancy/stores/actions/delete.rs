//! `storeDelete`: a store is closed, and everything that led into it.

use rules::ids::StoreId;
use rules::permission::Permission;

use super::super::events::{StoreDeleted, StoreSnapshot};
use super::super::settings::StoreLists;
use super::super::store;
use crate::kernel::{Action, Audit, Ctx, Error, Result};
use crate::tenancy::authority;

/// Closes the store.
pub async fn run(ctx: &Ctx, id: StoreId) -> Result<StoreId> {
    let organization = store::organization_of(&ctx.platform().await?, id).await?.ok_or(Error::NotFound)?;
    let (mut tx, authority) =
        authority::begin(ctx, organization, Permission::OrganizationManage, Action::StoreDelete).await?;
    if !authority.stores.contains(id) {
        return Err(Error::Forbidden(Permission::OrganizationManage));
    }
    let before = store::find_living(&tx, id).await?.ok_or(Error::NotFound)?;
    if !store::delete(&tx, &before).await? {
        return Err(Error::NotFound);
    }
    let lists = StoreLists::default();
    tx.emit(&StoreDeleted { store: StoreSnapshot::of(&before, &lists) })?;
    let entry = Audit::deleted("store", id, &StoreSnapshot::of(&before, &lists));

    let tx = tx.enter_store(id, entry.clone()).await?;
    store::close_doors(&tx).await?;
    tx.commit(entry).await?;
    Ok(id)
}
