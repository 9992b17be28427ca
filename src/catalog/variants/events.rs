//! What is told of single variants. They are numbered among the events of their product.

use rules::ids::ProductId;
use serde::Serialize;

use crate::catalog::products::VariantSnapshot;
use crate::kernel::outbox::Event;

macro_rules! variant_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The variant after the change, or before it was deleted.
                pub product_variant: VariantSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "product";

                fn aggregate_id(&self) -> String {
                    self.product_variant.product_id.to_string()
                }
            }
        )+
    };
}

variant_events! {
    /// A variant was created.
    ProductVariantCreated = "product_variant.created",
    /// A variant was changed.
    ProductVariantUpdated = "product_variant.updated",
    /// A variant was deleted.
    ProductVariantDeleted = "product_variant.deleted",
}

/// Many variants of a product were changed at once.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductVariantsBulkUpdated {
    /// The product.
    pub product_id: ProductId,
    /// The variants after the change.
    pub product_variants: Vec<VariantSnapshot>,
}

impl Event for ProductVariantsBulkUpdated {
    const TOPIC: &'static str = "product_variants.bulk_updated";
    const AGGREGATE: &'static str = "product";

    fn aggregate_id(&self) -> String {
        self.product_id.to_string()
    }
}
