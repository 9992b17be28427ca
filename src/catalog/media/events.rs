//! What is told of single media. They are numbered among the events of their product.

use rules::ids::ProductId;
use serde::Serialize;

use crate::catalog::products::{MediaSnapshot, ProductAggregate};
use crate::kernel::outbox::Event;

/// The media of a product at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MediaList {
    /// The product.
    pub product_id: ProductId,
    /// The media in their order.
    pub media: Vec<MediaSnapshot>,
}

impl MediaList {
    /// All media of a product.
    pub fn of(product: &ProductAggregate) -> Self {
        Self { product_id: product.product.id, media: product.media.iter().map(MediaSnapshot::from).collect() }
    }
}

macro_rules! media_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// All media of the product after the change.
                #[serde(flatten)]
                pub list: MediaList,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "product";

                fn aggregate_id(&self) -> String {
                    self.list.product_id.to_string()
                }
            }
        )+
    };
}

media_events! {
    /// Media were added to a product.
    ProductMediaCreated = "product_media.created",
    /// A medium was changed.
    ProductMediaUpdated = "product_media.updated",
    /// A medium was deleted.
    ProductMediaDeleted = "product_media.deleted",
    /// The media of a product were put into another order.
    ProductMediaReordered = "product_media.reordered",
}
