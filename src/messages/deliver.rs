//! Sending what waits.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::task::JoinHandle;

use super::store::{self, Claimed, Outcome};
use super::text;
use super::transport::Transport;
use crate::kernel::{Result, System};

/// Letters that are taken at once.
const BATCH: u64 = 50;

/// How often a letter is tried before it is given up: over about eight hours.
const TRIES: i32 = 10;

/// How long a letter that is done with is kept, so that it can be told what became of it.
const KEPT: TimeDelta = TimeDelta::days(30);

/// How long after one look at the queue the next one comes.
const EVERY: Duration = Duration::from_secs(1);

/// Sends the letters that are due, and gives how many were handed over. Safe to run on many nodes at once; a letter
/// whose node dies on the way is sent again, under the same id.
///
/// # Errors
/// `Busy` where the database is away.
pub async fn deliver(system: &System, transport: &dyn Transport) -> Result<usize> {
    let mut sent = 0;
    loop {
        let letters = store::claim(system, BATCH).await?;
        let last = (letters.len() as u64) < BATCH;
        for letter in letters {
            let outcome = send(system, transport, &letter).await;
            sent += usize::from(matches!(outcome, Outcome::Sent));
            store::settle(system, &letter, outcome).await?;
        }
        if last {
            return Ok(sent);
        }
    }
}

async fn send(system: &System, transport: &dyn Transport, letter: &Claimed) -> Outcome {
    let error = match transport.send(&text::compose(letter, &system.settings.secret)).await {
        Ok(()) => return Outcome::Sent,
        Err(error) => error.to_string(),
    };
    tracing::warn!(letter = %letter.id, attempts = letter.attempts, %error, "a letter could not be sent");
    if letter.attempts >= TRIES {
        return Outcome::Failed(error);
    }
    Outcome::Again(system.clock.now() + pause(letter.attempts), error)
}

/// How long after so many tries the next one comes: twice as long each time, from 30 seconds on.
fn pause(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(30 << (attempts - 1).clamp(0, 10))
}

/// Whoever sends letters on a node. Dropped, it stops.
pub struct Post(JoinHandle<()>);

impl Post {
    /// Looks at the queue from now on.
    pub fn start(system: Arc<System>, transport: Arc<dyn Transport>) -> Self {
        Self(tokio::spawn(async move {
            let mut looks: u64 = 0;
            loop {
                if let Err(error) = deliver(&system, &*transport).await {
                    tracing::debug!(%error, "the queue of letters could not be looked at");
                }
                // Once in an hour or so.
                if looks.is_multiple_of(3600)
                    && let Err(error) = store::delete_before(&system, system.clock.now() - KEPT).await
                {
                    tracing::debug!(%error, "old letters could not be removed");
                }
                looks += 1;
                tokio::time::sleep(EVERY).await;
            }
        }))
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.0.abort();
    }
}
