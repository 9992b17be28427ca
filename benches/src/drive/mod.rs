//! The load driver: so many requests over so many kept connections, each connection asking again as soon as it has
//! its answer (closed loop), or all together at a given rate (open loop).
//!
//! Owns the clock of a round and its figures. One thread, requests as prepared bytes and answers looked at only at
//! their head, so that it takes little of the processors that it shares with what it measures.

mod connection;

use std::cell::RefCell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures::TryStreamExt;
use futures::stream::FuturesUnordered;

pub use connection::Connection;

use crate::Result;

/// Writes the request with a number into an empty buffer.
pub type Requests<'a> = dyn Fn(u64, &mut Vec<u8>) + 'a;

/// What one round does.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// Connections.
    pub connections: u32,
    /// Requests in all.
    pub requests: u64,
    /// The number of the first request.
    pub first: u64,
    /// Requests a second; as many as go where there is none.
    pub rate: Option<u32>,
    /// Answers shorter than this, in bytes, are failures.
    pub least: usize,
}

/// What came of a round.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// From the first request to the last answer.
    pub elapsed: Duration,
    /// The latency of each request, the shortest first.
    pub latencies: Vec<Duration>,
    /// Bytes of all bodies.
    pub bytes: u64,
}

impl Figures {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The latency that this part of all requests did not exceed.
    pub fn quantile(&self, part: f64) -> Duration {
        let last = self.latencies.len().saturating_sub(1);
        let place = (last as f64 * part).round() as usize;
        self.latencies.get(place).copied().unwrap_or_default()
    }
}

/// Connections that are open, and a round that waits for its start.
pub struct Load {
    connections: Vec<Connection>,
    round: Round,
}

impl Load {
    /// Opens the connections.
    ///
    /// # Errors
    /// Where nobody listens.
    pub async fn open(address: SocketAddr, round: Round) -> Result<Self> {
        let mut connections = Vec::new();
        for _ in 0..round.connections {
            connections.push(Connection::open(address).await?);
        }
        Ok(Self { connections, round })
    }

    /// Runs the round.
    ///
    /// # Errors
    /// The first answer that is none, or is not what was asked for.
    pub async fn run(self, requests: &Requests<'_>) -> Result<Figures> {
        let round = self.round;
        let taken = RefCell::new(Taken::default());
        let started = Instant::now();
        let workers = self.connections.into_iter().map(|connection| work(connection, round, requests, started, &taken));
        workers.collect::<FuturesUnordered<_>>().try_collect::<()>().await?;
        let mut figures = taken.into_inner().figures;
        figures.elapsed = started.elapsed();
        figures.latencies.sort_unstable();
        Ok(figures)
    }
}

/// What the connections of a round have done together.
#[derive(Default)]
struct Taken {
    requests: u64,
    figures: Figures,
}

async fn work(
    mut connection: Connection,
    round: Round,
    requests: &Requests<'_>,
    started: Instant,
    taken: &RefCell<Taken>,
) -> Result<()> {
    let mut request = Vec::with_capacity(4096);
    loop {
        let number = {
            let mut taken = taken.borrow_mut();
            if taken.requests == round.requests {
                return Ok(());
            }
            taken.requests += 1;
            taken.requests - 1
        };
        request.clear();
        requests(round.first + number, &mut request);
        let asked = match round.rate {
            None => Instant::now(),
            // The latency counts from when the request was due, also where no connection was free then.
            Some(rate) => {
                let due = started + Duration::from_secs_f64(number as f64 / f64::from(rate));
                tokio::time::sleep_until(tokio::time::Instant::from_std(due)).await;
                due
            }
        };
        let body = connection.ask(&request).await?;
        let latency = asked.elapsed();
        if body.len() < round.least || !body.starts_with(b"{\"data\":{") {
            let start = String::from_utf8_lossy(&body[..body.len().min(500)]).into_owned();
            return Err(format!("request {number} got {} bytes: {start}", body.len()).into());
        }
        let bytes = body.len() as u64;
        let figures = &mut taken.borrow_mut().figures;
        figures.latencies.push(latency);
        figures.bytes += bytes;
    }
}
