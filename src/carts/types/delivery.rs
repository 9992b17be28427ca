//! Ways to ship a cart.

use std::sync::Arc;

use rules::Money;
use rules::ids::{CartLineId, LocationId, ShippingProfileId, ShippingRateId};

use crate::carts::priced::{DeliveryGroup, Priced};
use crate::gate::directives::cost;
use crate::kernel::graph::object;

/// Goods of a cart that are shipped together.
#[derive(Clone)]
pub struct CartDeliveryGroup {
    priced: Arc<Priced>,
    place: usize,
}

impl CartDeliveryGroup {
    /// All groups of a cart.
    pub fn all(priced: Arc<Priced>) -> Vec<Self> {
        (0..priced.facts.groups.len()).map(|place| Self { priced: Arc::clone(&priced), place }).collect()
    }

    fn group(&self) -> &DeliveryGroup {
        &self.priced.facts.groups[self.place]
    }

    fn shown(&self) -> impl Iterator<Item = CartShippingOption> {
        let group = self.group();
        group.rates.iter().map(|rate| CartShippingOption {
            shipping_rate_id: rate.id,
            name: rate.name.clone(),
            price: rate.price,
            pickup_location_id: rate.pickup,
            selected: group.chosen == Some(rate.id),
        })
    }
}

/// Goods of a cart that are shipped together, by one way of the buyer's choice.
#[object]
impl CartDeliveryGroup {
    /// What names the group: the id of the shipping profile of its goods.
    fn delivery_group_id(&self) -> ShippingProfileId {
        self.group().profile
    }

    /// The lines of the cart that belong to it.
    fn line_ids(&self) -> Vec<CartLineId> {
        let lines = &self.priced.facts.parts.lines;
        self.group().lines.iter().filter_map(|place| lines.get(*place)).map(|line| line.id).collect()
    }

    /// The ways to ship it; empty where it is not shipped there.
    #[graphql(directive = cost::apply(1, Some(5)))]
    fn options(&self) -> Vec<CartShippingOption> {
        self.shown().collect()
    }

    /// The way that was chosen; null until one is.
    fn selected_option(&self) -> Option<CartShippingOption> {
        self.shown().find(|option| option.selected)
    }
}

/// One way to ship some goods of a cart.
#[object]
#[derive(Clone)]
pub struct CartShippingOption {
    /// The shipping rate; send it to `cartShippingOptionsUpdate`.
    shipping_rate_id: ShippingRateId,
    /// What it is called.
    name: String,
    /// What it costs for these goods, before promotions, in the store's tax mode.
    price: Money,
    /// The location at which the buyer fetches them; null where they are sent.
    pickup_location_id: Option<LocationId>,
    /// Whether it was chosen.
    selected: bool,
}
