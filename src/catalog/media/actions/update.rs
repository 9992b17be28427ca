//! `productMediaUpdate`: a picture or film changes.

use async_graphql::{InputObject, MaybeUndefined};
use rules::Problems;
use rules::ids::ProductMediaId;
use rules::states::MediaKind;

use super::super::events::{MediaList, ProductMediaUpdated};
use super::super::store;
use super::super::types::ProductMedia;
use crate::catalog::products::{self, Change, MediaDraft};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// What changes of a picture or film. What is left out stays as it is; null clears.
#[derive(InputObject, Clone, Default)]
pub struct ProductMediaUpdateInput {
    /// Where it is found: an address that starts with https:// or http://, at most 2048 characters.
    pub url: Option<String>,
    /// What it shows, in words, for those who can't see it; at most 512 characters.
    pub alt: MaybeUndefined<String>,
    /// Picture or film.
    pub kind: Option<MediaKind>,
    /// The width in pixels, where known.
    pub width: MaybeUndefined<i32>,
    /// The height in pixels, where known.
    pub height: MaybeUndefined<i32>,
}

/// Changes the medium.
pub async fn run(ctx: &Ctx, (id, input): (ProductMediaId, ProductMediaUpdateInput)) -> Result<ProductMedia> {
    let draft = MediaDraft {
        url: String::new(),
        alt: input.alt.into(),
        kind: input.kind.into(),
        width: input.width.into(),
        height: input.height.into(),
    };
    let change = products::check_medium(Change::from(input.url), draft)?;
    let (url, draft) = &*change;

    let mut tx = ctx.begin_store(Action::ProductMediaUpdate).await?;
    let product = store::find(&tx, id).await?.ok_or(Error::NotFound)?.product_id;
    let mut edit = products::open(&tx, product, None).await?;
    if !edit.after.change_medium(id, url, draft) {
        return Err(Error::NotFound);
    }
    let edit = edit.close(&tx, Problems::new()).await?;
    let audit = Audit::updated("product", product, &MediaList::of(&edit.before), &MediaList::of(&edit.after));
    tx.emit(&ProductMediaUpdated { list: MediaList::of(&edit.after) })?;
    tx.commit(audit).await?;
    let row = edit.after.media.into_iter().find(|medium| medium.id == id);
    row.map(Into::into).ok_or(Error::NotFound)
}
