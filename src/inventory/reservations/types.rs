//! How reservations look in the schema.

use std::sync::Arc;

use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use entity::inventory::stock_reservations;
use rules::ids::{LocationId, ProductVariantId, StockReservationId};
use rules::states::ReservationKind;

use super::store::ReservationFilter;
use crate::connection;
use crate::inventory::locations::{Location, LocationById};
use crate::inventory::stock::{InventoryItem, InventoryItemById};
use crate::kernel::Error;
use crate::kernel::graph::{Load, object};

/// Units that are kept for somebody: held for a cart until a moment, or promised to an order.
#[derive(Clone)]
pub struct StockReservation(pub Arc<stock_reservations::Model>);

impl From<stock_reservations::Model> for StockReservation {
    fn from(row: stock_reservations::Model) -> Self {
        Self(Arc::new(row))
    }
}

/// Units that are kept for somebody: held for a cart until a moment, or promised to an order.
#[object]
impl StockReservation {
    /// The reservation's id.
    fn id(&self) -> StockReservationId {
        self.0.id
    }

    /// How firmly they are kept.
    fn kind(&self) -> ReservationKind {
        self.0.kind
    }

    /// For whom: the id of a cart or of an order.
    fn owner(&self) -> &str {
        &self.0.owner
    }

    /// What is kept.
    fn inventory_item(&self) -> Load<InventoryItemById, InventoryItem> {
        Load::<InventoryItemById, _>::try_of(self.0.item_id, |item| {
            item.map(InventoryItem).ok_or_else(|| Error::internal("units are kept of an item that is not there"))
        })
    }

    /// Where.
    fn location(&self) -> Load<LocationById, Location> {
        Load::<LocationById, _>::try_of(self.0.location_id, |location| {
            location.map(Location).ok_or_else(|| Error::internal("units are kept at a location that is not there"))
        })
    }

    /// How many units.
    fn quantity(&self) -> Option<i32> {
        i32::try_from(self.0.quantity).ok()
    }

    /// When a hold ends; null for a promise, which ends when the order is shipped or called off.
    fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.expires_at
    }

    /// Since when they are kept.
    fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

connection!(StockReservationConnection, StockReservationEdge, StockReservation, "reservations of stock");

/// Which reservations to list. All that is given must hold.
#[derive(InputObject, Default, Clone)]
pub struct StockReservationFilterInput {
    /// Those of this variant.
    pub variant_id: Option<ProductVariantId>,
    /// Those at this location.
    pub location_id: Option<LocationId>,
    /// Holds, or promises.
    pub kind: Option<ReservationKind>,
    /// Those for this cart or order, by its id.
    pub owner: Option<String>,
}

impl From<StockReservationFilterInput> for ReservationFilter {
    fn from(input: StockReservationFilterInput) -> Self {
        Self { variant: input.variant_id, location: input.location_id, kind: input.kind, owner: input.owner }
    }
}
