//! What buyers have ordered.
//!
//! Owns orders from the moment at which they are placed: their lines, amounts and addresses as they were then, where
//! they stand, who wrote what about them, and the drafts that staff completes into orders. Never works out a total by
//! itself, never moves stock or money: it freezes what `rules` worked out, asks the doors of inventory and promotions,
//! and writes down what is to be done about payments.
//!
//! | door | what it does |
//! |---|---|
//! | [`place`] | makes the order of a cart or draft, once, in the transaction of whoever calls |
//! | [`note_payment`], [`hear`] | a payment came to something: the order stands elsewhere |
//! | [`note_units`] | units were sent or came back: likewise |
//!
//! Where an order stands is derived by one function ([`statuses`]); nothing sets it. An order is never deleted.

mod actions;
mod attributes;
mod doors;
pub mod drafts;
mod events;
mod loaders;
mod mutation;
mod placing;
mod query;
mod reactions;
mod simulation;
mod statuses;
mod store;
mod subscription;
mod tasks;
mod told;
mod types;

pub use attributes::OrderAttribute;
pub use doors::{UnitsMoved, hear, note_payment, note_units};
pub use loaders::{OrderById, OrderLineById};
pub use mutation::OrderMutation;
pub use placing::{Attribution, CustomLine, Delivery, Placed, PlacedLine, Placement, Source, buyer_key, place};
pub use query::OrderQuery;
pub use reactions::OrdersFollow;
pub use simulation::PromotionSimulationQuery;
pub use subscription::OrderSubscription;
pub use tasks::{carry_out as carry_out_payment_tasks, due as due_payment_tasks};
pub use types::{Order, OrderConnection, OrderLine};

use types::number;
