//! The list of all chores.

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;

use crate::carts::abandonment;
use crate::checkout::{self, PaymentsFollowed};
use crate::customers;
use crate::identity;
use crate::inventory::reservations;
use crate::kernel::schedule::Waiting;
use crate::kernel::{Ctx, Result, audit};
use crate::orders;
use crate::payments::{asking, heard};

/// Something that is done without anybody asking.
pub struct Chore {
    /// What it is called in the log and in numbers.
    pub name: &'static str,
    /// How it is done.
    pub way: Way,
}

/// How a chore is done.
#[derive(Clone, Copy)]
pub enum Way {
    /// In each store that has rows that wait.
    Stores {
        /// The rows that wait at a moment.
        waiting: fn(DateTime<Utc>) -> Waiting,
        /// Works on so many rows of the context's store at the most, and answers how many there were.
        work: InStore,
    },
    /// Once for the platform, where nobody says that something waits.
    Platform {
        /// How long it rests once it was done.
        every: TimeDelta,
        /// Works on all rows there are, and answers how many there were.
        work: OfPlatform,
    },
}

/// A door of a domain that works in a store.
pub type InStore = for<'a> fn(&'a Ctx, u64) -> BoxFuture<'a, Result<u64>>;

/// A door of a domain that works for the platform.
pub type OfPlatform = for<'a> fn(&'a Ctx) -> BoxFuture<'a, Result<u64>>;

/// All of them, in the order in which a pass goes through them.
pub const ALL: &[Chore] = &[
    Chore {
        name: "stock_reservations.tidy",
        way: Way::Stores { waiting: reservations::over, work: |ctx, most| Box::pin(reservations::tidy(ctx, most)) },
    },
    Chore {
        name: "payments.ask",
        way: Way::Stores { waiting: asking::due, work: |ctx, most| Box::pin(asking::ask(ctx, most)) },
    },
    Chore {
        name: "payments.tell",
        way: Way::Stores {
            waiting: heard::unheard,
            work: |ctx, most| Box::pin(heard::tell_all::<PaymentsFollowed>(ctx, most)),
        },
    },
    Chore {
        name: "order_payment_tasks.carry_out",
        way: Way::Stores {
            waiting: orders::due_payment_tasks,
            work: |ctx, most| Box::pin(orders::carry_out_payment_tasks(ctx, most)),
        },
    },
    Chore {
        name: "checkouts.drive",
        way: Way::Stores { waiting: checkout::due, work: |ctx, most| Box::pin(checkout::drive(ctx, most)) },
    },
    Chore {
        name: "carts.abandon",
        way: Way::Stores { waiting: abandonment::quiet, work: |ctx, most| Box::pin(abandonment::notice(ctx, most)) },
    },
    Chore {
        name: "carts.sweep",
        way: Way::Stores { waiting: abandonment::over, work: |ctx, most| Box::pin(abandonment::sweep(ctx, most)) },
    },
    Chore {
        name: "customer_sessions.sweep",
        way: Way::Stores { waiting: customers::over, work: |ctx, most| Box::pin(customers::sweep(ctx, most)) },
    },
    Chore {
        name: "audit.seal",
        // Each write leaves a line, and a seal is little work.
        way: Way::Stores { waiting: audit::unsealed, work: |ctx, most| Box::pin(audit::seal(ctx, most * 10)) },
    },
    Chore {
        name: "sessions.sweep",
        way: Way::Platform { every: TimeDelta::hours(1), work: |ctx| Box::pin(identity::sweep(ctx)) },
    },
];
