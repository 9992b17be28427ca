//! `productMediaDelete`: a picture or film goes.

use rules::Problems;
use rules::ids::ProductMediaId;

use super::super::events::{MediaList, ProductMediaDeleted};
use super::super::store;
use crate::catalog::products;
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// Takes the medium away.
pub async fn run(ctx: &Ctx, id: ProductMediaId) -> Result<ProductMediaId> {
    let mut tx = ctx.begin_store(Action::ProductMediaDelete).await?;
    let product = store::find(&tx, id).await?.ok_or(Error::NotFound)?.product_id;
    let mut edit = products::open(&tx, product, None).await?;
    if edit.after.remove_medium(id).is_none() {
        return Err(Error::NotFound);
    }
    let edit = edit.close(&tx, Problems::new()).await?;
    let audit = Audit::updated("product", product, &MediaList::of(&edit.before), &MediaList::of(&edit.after));
    tx.emit(&ProductMediaDeleted { list: MediaList::of(&edit.after) })?;
    tx.commit(audit).await?;
    Ok(id)
}
