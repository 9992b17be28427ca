//! What can be listened to of orders.

use async_graphql::{Context, Enum, Subscription};
use chrono::{DateTime, Utc};
use rules::ids::{DomainEventId, OrderId};
use rules::permission::Permission;
use serde::Serialize;

use super::events::{OrderCanceled, OrderNoteAdded, OrderPaymentChanged, OrderPlaced, OrderUnitsChanged, OrderUpdated};
use super::types::Order;
use crate::gate::directives::requires;
use crate::kernel::graph::object;
use crate::kernel::live::{self, Happened, Live, Telling, tell};
use crate::kernel::outbox::Event;
use crate::kernel::{ById, Ctx, Error, Result};

/// What happened to an order.
#[derive(Enum, Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderTopic {
    /// It was placed.
    Placed,
    /// What is known of it was changed.
    Updated,
    /// It was called off.
    Canceled,
    /// What was paid of it has changed.
    PaymentChanged,
    /// What was sent of it, or came back, has changed.
    UnitsChanged,
    /// Somebody of the store wrote a note about it.
    NoteAdded,
}

impl OrderTopic {
    const ALL: [Self; 6] =
        [Self::Placed, Self::Updated, Self::Canceled, Self::PaymentChanged, Self::UnitsChanged, Self::NoteAdded];

    const fn name(self) -> &'static str {
        match self {
            Self::Placed => OrderPlaced::TOPIC,
            Self::Updated => OrderUpdated::TOPIC,
            Self::Canceled => OrderCanceled::TOPIC,
            Self::PaymentChanged => OrderPaymentChanged::TOPIC,
            Self::UnitsChanged => OrderUnitsChanged::TOPIC,
            Self::NoteAdded => OrderNoteAdded::TOPIC,
        }
    }
}

/// Something that happened to an order.
pub struct OrderEvent(Happened);

impl OrderEvent {
    fn of(&self) -> Result<OrderId> {
        self.0.aggregate_id.parse().map_err(Error::internal)
    }
}

/// Something that happened to an order.
#[object]
impl OrderEvent {
    /// The event's id: the same on every connection and in every webhook, so that nothing is taken twice.
    fn event_id(&self) -> DomainEventId {
        self.0.id
    }

    /// What happened.
    fn topic(&self) -> Result<OrderTopic> {
        live::topic(&self.0, &OrderTopic::ALL, OrderTopic::name)
    }

    /// When it happened.
    fn occurred_at(&self) -> DateTime<Utc> {
        self.0.occurred_at
    }

    /// Numbers what happens to one order: it only goes up.
    fn sequence(&self) -> i32 {
        live::sequence(&self.0)
    }

    /// The order's id.
    fn order_id(&self) -> Result<OrderId> {
        self.of()
    }

    /// The order as it is now.
    async fn order(&self, ctx: &Ctx) -> Result<Option<Order>> {
        Order::by_id(ctx, self.of()?).await
    }
}

/// What can be listened to of orders.
#[derive(Default)]
pub struct OrderSubscription;

#[Subscription]
impl OrderSubscription {
    /// What happens to orders, as soon as it is done.
    #[graphql(directive = requires::apply(Permission::OrdersRead))]
    async fn order_changed(
        &self,
        gql: &Context<'_>,
        #[graphql(desc = "Only of these orders; at most 250. All of the store where it is left out.")] ids: Option<
            Vec<OrderId>,
        >,
        #[graphql(desc = "Only these topics; all where it is left out.")] topics: Option<Vec<OrderTopic>>,
    ) -> Result<Telling<OrderEvent>> {
        let orders = ids.map(|list| live::ids(Ctx::of(gql)?, &list)).transpose()?;
        let topics = topics.unwrap_or_else(|| OrderTopic::ALL.to_vec());
        let topics = topics.into_iter().map(OrderTopic::name).collect();
        let event = Live::of(gql)?
            .hear(topics, move |event| orders.as_ref().is_none_or(|ids| ids.contains(&event.aggregate_id)));
        Ok(tell(event.map(|event| OrderEvent(event.clone()))))
    }
}
