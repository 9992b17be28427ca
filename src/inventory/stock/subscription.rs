//! What can be listened to of stock.

use async_graphql::{Context, Enum, Subscription};
use chrono::{DateTime, Utc};
use rules::ids::{DomainEventId, InventoryItemId, LocationId, ProductVariantId};
use rules::permission::Permission;
use serde::Serialize;

use super::events::{
    InventoryAdjusted, InventoryFulfilled, InventoryItemUpdated, InventoryLow, InventoryReceived, InventoryReleased,
    InventoryReserved, InventoryReturned, InventorySet, InventoryTransferred,
};
use super::types::InventoryItem;
use crate::catalog::variants::ProductVariant;
use crate::gate::directives::requires;
use crate::inventory::locations::Location;
use crate::kernel::graph::object;
use crate::kernel::live::{self, Happened, Live, Telling, ids, tell};
use crate::kernel::outbox::Event;
use crate::kernel::{ById, Ctx, Error, Result};

/// What happened to the stock of a variant.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InventoryTopic {
    /// A level was set to what was counted.
    Set,
    /// A level was changed by so many units.
    Adjusted,
    /// Units went to another location, or came from one.
    Transferred,
    /// Goods came in.
    Received,
    /// Units were promised to an order.
    Reserved,
    /// Units that were promised to an order are promised no longer.
    Released,
    /// Promised units went out to the buyer.
    Fulfilled,
    /// Units came back from the buyer.
    Returned,
    /// So few units are left that they are ordered anew.
    Low,
    /// How it is counted and sold has changed.
    ItemUpdated,
}

impl InventoryTopic {
    const ALL: [Self; 10] = [
        Self::Set,
        Self::Adjusted,
        Self::Transferred,
        Self::Received,
        Self::Reserved,
        Self::Released,
        Self::Fulfilled,
        Self::Returned,
        Self::Low,
        Self::ItemUpdated,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Set => InventorySet::TOPIC,
            Self::Adjusted => InventoryAdjusted::TOPIC,
            Self::Transferred => InventoryTransferred::TOPIC,
            Self::Received => InventoryReceived::TOPIC,
            Self::Reserved => InventoryReserved::TOPIC,
            Self::Released => InventoryReleased::TOPIC,
            Self::Fulfilled => InventoryFulfilled::TOPIC,
            Self::Returned => InventoryReturned::TOPIC,
            Self::Low => InventoryLow::TOPIC,
            Self::ItemUpdated => InventoryItemUpdated::TOPIC,
        }
    }
}

/// Something that happened to the stock of a variant.
pub struct InventoryEvent(Happened);

impl InventoryEvent {
    /// What stands in the event's snapshot, such as `onHand`.
    fn said(&self, key: &str) -> Option<&serde_json::Value> {
        said(&self.0.payload, key)
    }

    fn units(&self, key: &str) -> Option<i32> {
        i32::try_from(self.said(key)?.as_i64()?).ok()
    }

    fn stocked(&self) -> Result<ProductVariantId> {
        let text = self.said("variantId").and_then(serde_json::Value::as_str).unwrap_or_default();
        text.parse().map_err(Error::internal)
    }
}

/// Of a level it stands at the top, of an item one level below.
fn said<'a>(payload: &'a serde_json::Value, key: &str) -> Option<&'a serde_json::Value> {
    payload.get(key).or_else(|| payload.get("inventoryItem")?.get(key))
}

/// Something that happened to the stock of a variant.
#[object]
impl InventoryEvent {
    /// The event's id: the same on every connection and in every webhook, so that nothing is taken twice.
    fn event_id(&self) -> DomainEventId {
        self.0.id
    }

    /// What happened.
    fn topic(&self) -> Result<InventoryTopic> {
        live::topic(&self.0, &InventoryTopic::ALL, InventoryTopic::name)
    }

    /// When it happened.
    fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Numbers what happens to the stock of one variant: it only goes up.
    fn sequence(&self) -> i32 {
        live::sequence(&self.0)
    }

    /// The variant's id.
    fn variant_id(&self) -> Result<ProductVariantId> {
        self.stocked()
    }

    /// The variant as it is now; null where it is deleted, or not yours to see.
    async fn variant(&self, ctx: &Ctx) -> Result<Option<ProductVariant>> {
        ProductVariant::by_id(ctx, self.stocked()?).await
    }

    /// What is stocked of it now.
    async fn inventory_item(&self, ctx: &Ctx) -> Result<Option<InventoryItem>> {
        let id: InventoryItemId = self.0.aggregate_id.parse().map_err(Error::internal)?;
        InventoryItem::by_id(ctx, id).await
    }

    /// Where a level changed; null where none did.
    async fn location(&self, ctx: &Ctx) -> Result<Option<Location>> {
        let Some(id) = self.said("locationId").and_then(serde_json::Value::as_str) else { return Ok(None) };
        let id: LocationId = id.parse().map_err(Error::internal)?;
        Location::by_id(ctx, id).await
    }

    /// Units that were there after it; null where no level changed.
    fn on_hand(&self) -> Option<i32> {
        self.units("onHand")
    }

    /// Units more that are there, or fewer where below zero; null where no level changed.
    fn delta(&self) -> Option<i32> {
        self.units("delta")
    }

    /// Units that were promised to orders after it; null where no level changed.
    fn reserved(&self) -> Option<i32> {
        self.units("reserved")
    }

    /// Units more that are promised, or fewer where below zero; null where no level changed.
    fn reserved_delta(&self) -> Option<i32> {
        self.units("reservedDelta")
    }

    /// Units that were available at all locations together; null where it was not told that they are few.
    fn available(&self) -> Option<i32> {
        self.units("available")
    }
}

/// What can be listened to of stock.
#[derive(Default)]
pub struct StockSubscription;

#[Subscription]
impl StockSubscription {
    /// What happens to stock, as soon as it is done.
    #[graphql(directive = requires::apply(Permission::InventoryRead))]
    async fn inventory_changed(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Only of these variants; at most 250. All of the store where it is left out.")]
        variant_ids: Option<Vec<ProductVariantId>>,
    ) -> Result<Telling<InventoryEvent>> {
        let variants = variant_ids.map(|list| ids(Ctx::of(gql)?, &list)).transpose()?;
        let topics = InventoryTopic::ALL.into_iter().map(InventoryTopic::name).collect();
        let event = Live::of(gql)?.hear(topics, move |event| {
            let variant = said(&event.payload, "variantId").and_then(serde_json::Value::as_str);
            variants.as_ref().is_none_or(|ids| variant.is_some_and(|variant| ids.contains(variant)))
        });
        Ok(tell(event.map(|event| InventoryEvent(event.clone()))))
    }
}
