//! What can be listened to of products.

use std::collections::HashSet;

use async_graphql::{Context, Enum, Subscription};
use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use rules::ids::{DomainEventId, ProductId};
use rules::permission::Permission;
use serde::Serialize;

use super::types::Product;
use crate::gate::directives::{public, requires};
use crate::kernel::graph::object;
use crate::kernel::live::{self, Happened, Live, Telling, tell};
use crate::kernel::{ById, Ctx, Error, Result};

macro_rules! topics {
    ($($(#[doc = $doc:literal])+ $name:ident = $topic:literal,)+) => {
        /// What happened to a product.
        #[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum ProductTopic {
            $($(#[doc = $doc])+ $name,)+
        }

        impl ProductTopic {
            /// All of them.
            const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name in the outbox.
            const fn name(self) -> &'static str {
                match self { $(Self::$name => $topic,)+ }
            }
        }
    };
}

topics! {
    /// It was created.
    Created = "product.created",
    /// It was changed.
    Updated = "product.updated",
    /// It was deleted.
    Deleted = "product.deleted",
    /// It was brought back after it had been deleted.
    Restored = "product.restored",
    /// It was published, now or for a later time.
    Published = "product.published",
    /// It was taken out of the storefronts.
    Unpublished = "product.unpublished",
    /// It got other options.
    OptionsSet = "product_options.set",
    /// A variant of it was created.
    VariantCreated = "product_variant.created",
    /// A variant of it was changed.
    VariantUpdated = "product_variant.updated",
    /// A variant of it was deleted.
    VariantDeleted = "product_variant.deleted",
    /// Many of its variants were changed at once.
    VariantsUpdated = "product_variants.bulk_updated",
    /// Pictures or films were added.
    MediaCreated = "product_media.created",
    /// A picture or film was changed.
    MediaUpdated = "product_media.updated",
    /// A picture or film was deleted.
    MediaDeleted = "product_media.deleted",
    /// Its pictures and films were put into another order.
    MediaReordered = "product_media.reordered",
}

/// What happens to prices shows on the product, too.
const PRICE_TOPICS: [&str; 2] = ["prices.set", "price.deleted"];

/// Something that happened to a product.
pub struct ProductEvent(Happened);

/// Something that happened to a product.
#[object]
impl ProductEvent {
    /// The event's id: the same on every connection and in every webhook, so that nothing is taken twice.
    fn event_id(&self) -> DomainEventId {
        self.0.id
    }

    /// What happened.
    fn topic(&self) -> Result<ProductTopic> {
        live::topic(&self.0, ProductTopic::ALL, ProductTopic::name)
    }

    /// When it happened.
    fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Numbers what happens to one product, to its prices as well: it only goes up.
    fn sequence(&self) -> i32 {
        live::sequence(&self.0)
    }

    /// The product's id.
    fn product_id(&self) -> Result<ProductId> {
        product(&self.0)
    }

    /// The product as it is now; null where it is deleted.
    async fn product(&self, ctx: &Ctx) -> Result<Option<Product>> {
        Product::by_id(ctx, product(&self.0)?).await
    }
}

/// A change of a product that storefronts show.
pub struct PublishedProductEvent {
    event: Happened,
    product: Option<Product>,
}

/// A change of a product that storefronts show.
#[object]
impl PublishedProductEvent {
    /// When it changed.
    fn occurred_at(&self) -> DateTime<Utc> {
        self.event.occurred_at
    }

    /// The product's id.
    fn product_id(&self) -> Result<ProductId> {
        product(&self.event)
    }

    /// The product as it is now; null where it is shown no more.
    fn product(&self) -> Option<Product> {
        self.product.clone()
    }
}

fn product(event: &Happened) -> Result<ProductId> {
    event.aggregate_id.parse().map_err(Error::internal)
}

/// What can be listened to of products.
#[derive(Default)]
pub struct ProductSubscription;

#[Subscription]
impl ProductSubscription {
    /// What happens to products, to their variants and their media, as soon as it is done. What happens to
    /// prices and stock has fields of its own.
    #[graphql(directive = requires::apply(Permission::ProductsRead))]
    async fn product_changed(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Only these; at most 250. All of the store where it is left out.")] ids: Option<
            Vec<ProductId>,
        >,
        #[graphql(desc = "Only if this happens. Anything where it is left out.")] topics: Option<Vec<ProductTopic>>,
    ) -> Result<Telling<ProductEvent>> {
        let ids = ids.map(|list| live::ids(Ctx::of(gql)?, &list)).transpose()?;
        let topics = topics.as_deref().unwrap_or(ProductTopic::ALL).iter().map(|topic| topic.name()).collect();
        let wants = move |event: &_| wanted(ids.as_ref(), event);
        Ok(tell(Live::of(gql)?.hear(topics, wants).map(|event| ProductEvent(event.clone()))))
    }

    /// What changes of products that you may see: their texts, variants, media and prices. For storefronts,
    /// which are told of nothing that they do not show; and that a product is gone only where it was there
    /// when they began, or later.
    #[graphql(directive = public::apply())]
    async fn published_product_changed(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "The products; 1 to 250.")] ids: Vec<ProductId>,
    ) -> Result<Telling<PublishedProductEvent>> {
        let (ctx, run) = (Ctx::of(gql)?, Live::of(gql)?);
        let wanted_ids = live::ids(ctx, &ids)?;
        let topics = ProductTopic::ALL.iter().map(|topic| topic.name()).chain(PRICE_TOPICS).collect();
        let Some(event) = run.hear(topics, move |event| wanted(Some(&wanted_ids), event)) else {
            for product in try_join_all(ids.into_iter().map(|id| Product::by_id(ctx, id))).await?.into_iter().flatten()
            {
                run.note_shown(&product.0.id.to_string(), true);
            }
            return Ok(tell(None));
        };
        let product = Product::by_id(ctx, product(event)?).await?;
        let was_shown = run.note_shown(&event.aggregate_id, product.is_some());
        let event = PublishedProductEvent { event: event.clone(), product };
        Ok(tell((was_shown || event.product.is_some()).then_some(event)))
    }
}

fn wanted(ids: Option<&HashSet<String>>, event: &entity::events::domain_events::Model) -> bool {
    ids.is_none_or(|ids| ids.contains(&event.aggregate_id))
}
