//! How media look in the schema.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::catalog::product_media;
use rules::ids::ProductMediaId;
use rules::states::MediaKind;

use crate::catalog::products::Product;
use crate::kernel::graph::object;
use crate::payload;

/// A picture or film of a product, kept elsewhere.
#[derive(Clone)]
pub struct ProductMedia(pub Arc<product_media::Model>);

impl From<product_media::Model> for ProductMedia {
    fn from(row: product_media::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// A picture or film of a product, kept elsewhere.
#[object]
impl ProductMedia {
    /// The medium's id.
    fn id(&self) -> ProductMediaId {
        self.0.id
    }

    /// Picture or film.
    fn kind(&self) -> MediaKind {
        self.0.kind
    }

    /// Where it is found: an address that starts with https:// or http://.
    fn url(&self) -> &str {
        &self.0.url
    }

    /// What it shows, in words, for those who can't see it.
    fn alt(&self) -> Option<&str> {
        self.0.alt.as_deref()
    }

    /// The width in pixels, where known.
    fn width(&self) -> Option<i32> {
        self.0.width
    }

    /// The height in pixels, where known.
    fn height(&self) -> Option<i32> {
        self.0.height
    }

    /// The place among the product's media, from 0.
    fn position(&self) -> i32 {
        self.0.position
    }

    /// When it was created.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it last changed.
    fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

payload! {
    /// The answer of `productMediaCreate`.
    ProductMediaCreatePayload {
        /// The new media, in the order of the input.
        media: Vec<ProductMedia>,
    }
}

payload! {
    /// The answer of `productMediaUpdate`.
    ProductMediaUpdatePayload {
        /// The medium as it is now.
        media: ProductMedia,
    }
}

payload! {
    /// The answer of `productMediaDelete`.
    ProductMediaDeletePayload {
        /// The id of the deleted medium.
        deleted_product_media_id: ProductMediaId,
    }
}

payload! {
    /// The answer of `productMediaReorder`.
    ProductMediaReorderPayload {
        /// The product as it is now.
        product: Product,
    }
}
