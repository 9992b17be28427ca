//! `productMediaCreate`: a product gets more pictures and films.

use async_graphql::InputObject;
use rules::ids::ProductId;
use rules::states::MediaKind;
use rules::{ErrorCode, Problems};

use super::super::events::{MediaList, ProductMediaCreated};
use super::super::types::ProductMedia;
use crate::catalog::products::{self, Change, MediaDraft, Mint};
use crate::kernel::{Action, Audit, Ctx, Error, Result};

/// A new picture or film.
#[derive(InputObject, Clone)]
pub struct ProductMediaInput {
    /// Where it is found: an address that starts with https:// or http://, at most 2048 characters.
    pub url: String,
    /// What it shows, in words, for those who can't see it; at most 512 characters.
    pub alt: Option<String>,
    /// Picture or film.
    #[graphql(default_with = "MediaKind::Image")]
    pub kind: MediaKind,
    /// The width in pixels, where known.
    pub width: Option<i32>,
    /// The height in pixels, where known.
    pub height: Option<i32>,
}

impl From<ProductMediaInput> for MediaDraft {
    fn from(input: ProductMediaInput) -> Self {
        Self {
            url: input.url,
            alt: Change::Set(input.alt),
            kind: Change::Set(input.kind),
            width: Change::Set(input.width),
            height: Change::Set(input.height),
        }
    }
}

/// Adds the media.
pub async fn run(ctx: &Ctx, (product, media): (ProductId, Vec<ProductMediaInput>)) -> Result<Vec<ProductMedia>> {
    if media.is_empty() {
        return Err(Error::invalid(ErrorCode::Required, "media", "Give at least one medium."));
    }
    let media = products::check_media(media.into_iter().map(Into::into).collect())?;

    let mut tx = ctx.begin_store(Action::ProductMediaCreate).await?;
    let mut edit = products::open(&tx, product, None).await?;
    let mut problems = Problems::new();
    let ids = edit.after.add_media(&media, &Mint::of(ctx), &mut problems);
    let edit = edit.close(&tx, problems).await?;
    let audit = Audit::updated("product", product, &MediaList::of(&edit.before), &MediaList::of(&edit.after));
    tx.emit(&ProductMediaCreated { list: MediaList::of(&edit.after) })?;
    tx.commit(audit).await?;
    Ok(edit.after.media.into_iter().filter(|medium| ids.contains(&medium.id)).map(Into::into).collect())
}
