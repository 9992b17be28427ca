//! Live connections: operations whose answers come one by one, over WebSockets (`graphql-transport-ws`) and
//! event streams (`graphql-sse`, distinct connections).
//!
//! It owns the two protocols, the seats that live connections take, and their end when the server stops. It never
//! decides who may hear what: operations are begun through the endpoint, as those of plain HTTP are. To speak one
//! more protocol, add a file beside [`events`] that takes a seat and ends when [`Live::draining`] is canceled.

pub(super) mod events;
mod operation;
mod protocol;
mod seats;
pub(super) mod socket;

use std::{net::IpAddr, sync::Arc};

use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub(super) use self::seats::Seat;
use self::seats::Seats;
use super::{
    limits::{EdgeConfig, LiveLimits},
    refusal::Refusal,
};

/// What the live connections of a server share. Clones share it, too.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) limits: LiveLimits,
    seats: Arc<Seats>,
    /// Canceled when the server stops: subscriptions complete, and nothing new begins.
    pub(super) draining: CancellationToken,
    /// Canceled when the time for that is over.
    cut: CancellationToken,
    /// The WebSockets, which outlive the requests that they began as.
    sockets: TaskTracker,
}

impl Live {
    pub(super) fn new(config: &EdgeConfig) -> Self {
        Self {
            limits: config.live.clone(),
            seats: Arc::new(Seats::new(&config.live)),
            draining: CancellationToken::new(),
            cut: CancellationToken::new(),
            sockets: TaskTracker::new(),
        }
    }

    /// Takes a seat for a caller, whose name is the same for the same caller.
    ///
    /// # Errors
    /// [`Refusal::Overloaded`] where the server has no seat left, [`Refusal::TooManyLive`] where the caller has none.
    fn seat(&self, caller: &str) -> Result<Seat, Refusal> {
        Seats::take(&self.seats, caller)
    }

    /// Completes all subscriptions, and waits until the last socket is closed.
    pub(super) async fn drain(&self) {
        self.draining.cancel();
        self.sockets.close();
        self.sockets.wait().await;
    }

    /// Drops the sockets that are left, and says how many there were.
    pub(super) async fn cut(&self) -> usize {
        let left = self.sockets.len();
        self.cut.cancel();
        self.sockets.wait().await;
        left
    }
}

/// The name of a caller of whom nothing but the address is known. Whoever has one address of the sixth version has
/// many, so its network counts.
pub fn address_name(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("network {a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}
