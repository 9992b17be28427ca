//! What can be listened to of prices.

use async_graphql::{Context, Enum, Subscription};
use chrono::{DateTime, Utc};
use rules::ids::{DomainEventId, ProductId};
use rules::permission::Permission;
use serde::Serialize;

use super::events::{PriceDeleted, PricesSet};
use crate::catalog::products::Product;
use crate::gate::directives::requires;
use crate::kernel::graph::object;
use crate::kernel::live::{self, Happened, Live, Telling, ids, tell};
use crate::kernel::outbox::Event;
use crate::kernel::{ById, Ctx, Error, Result};

/// What happened to the prices of a product.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceTopic {
    /// Some were set, and others may have been removed.
    Set,
    /// One was deleted.
    Deleted,
}

impl PriceTopic {
    const ALL: [Self; 2] = [Self::Set, Self::Deleted];

    const fn name(self) -> &'static str {
        match self {
            Self::Set => PricesSet::TOPIC,
            Self::Deleted => PriceDeleted::TOPIC,
        }
    }
}

/// Something that happened to the prices of a product.
pub struct PriceEvent(Happened);

impl PriceEvent {
    fn of(&self) -> Result<ProductId> {
        self.0.aggregate_id.parse().map_err(Error::internal)
    }
}

/// Something that happened to the prices of a product.
#[object]
impl PriceEvent {
    /// The event's id: the same on every connection and in every webhook, so that nothing is taken twice.
    fn event_id(&self) -> DomainEventId {
        self.0.id
    }

    /// What happened.
    fn topic(&self) -> Result<PriceTopic> {
        live::topic(&self.0, &PriceTopic::ALL, PriceTopic::name)
    }

    /// When it happened.
    fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Numbers what happens to one product and its prices: it only goes up.
    fn sequence(&self) -> i32 {
        live::sequence(&self.0)
    }

    /// The product's id.
    fn product_id(&self) -> Result<ProductId> {
        self.of()
    }

    /// The product as it is now, with its prices; null where it is deleted, or not yours to see.
    async fn product(&self, ctx: &Ctx) -> Result<Option<Product>> {
        Product::by_id(ctx, self.of()?).await
    }
}

/// What can be listened to of prices.
#[derive(Default)]
pub struct PriceSubscription;

#[Subscription]
impl PriceSubscription {
    /// What happens to prices, as soon as it is done. A price whose time comes or ends changes nothing, and
    /// is not told.
    #[graphql(directive = requires::apply(Permission::PricesRead))]
    async fn price_changed(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Only of these products; at most 250. All of the store where it is left out.")]
        product_ids: Option<Vec<ProductId>>,
    ) -> Result<Telling<PriceEvent>> {
        let products = product_ids.map(|list| ids(Ctx::of(gql)?, &list)).transpose()?;
        let topics = PriceTopic::ALL.into_iter().map(PriceTopic::name).collect();
        let event = Live::of(gql)?
            .hear(topics, move |event| products.as_ref().is_none_or(|ids| ids.contains(&event.aggregate_id)));
        Ok(tell(event.map(|event| PriceEvent(event.clone()))))
    }
}
