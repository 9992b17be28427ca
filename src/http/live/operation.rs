//! One operation of a socket, from `subscribe` to its last message.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt, StreamExt};
use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use super::protocol;
use crate::http::{
    graphql::{Answer, AnswerKind, Begun, Endpoint, Operations, Parameters, Told},
    head::RequestHead,
    metrics,
    refusal::Refusal,
};

/// A message on its way from an operation to its socket.
pub(super) struct Outgoing {
    pub id: Arc<str>,
    /// Which of the operations that had this id.
    pub serial: u64,
    pub text: String,
    /// Whether the operation ends with it.
    pub last: bool,
}

/// Sends an operation's messages. Waits where the client reads too slowly: what it does not read stays few.
pub(super) struct Sender {
    pub id: Arc<str>,
    pub serial: u64,
    pub messages: mpsc::Sender<Outgoing>,
}

impl Sender {
    async fn send(&self, text: String, last: bool) {
        // Without a receiver the socket is gone, and this operation goes with it.
        let _ = self.messages.send(Outgoing { id: Arc::clone(&self.id), serial: self.serial, text, last }).await;
    }

    async fn next(&self, response: &[u8]) {
        self.send(protocol::next(&self.id, response), false).await;
    }

    async fn error(&self, response: &[u8]) {
        self.send(protocol::error(&self.id, response), true).await;
    }

    async fn complete(&self) {
        self.send(protocol::complete(&self.id), true).await;
    }
}

/// Runs an operation to its end: its own, its client's (who drops this), or that of the server.
pub(super) async fn run<O: Operations>(
    endpoint: Arc<Endpoint<O>>,
    parameters: Parameters,
    head: RequestHead,
    sender: Sender,
    draining: CancellationToken,
) {
    let request_id = head.caller.request_id.clone();
    let running = run_unguarded(&endpoint, parameters, head, &sender, draining);
    if AssertUnwindSafe(running).catch_unwind().await.is_err() {
        tracing::error!(%request_id, "an operation panicked; the panic's message and place stand above");
        sender.error(Refusal::Panic.body(&request_id).as_bytes()).await;
    }
}

async fn run_unguarded<O: Operations>(
    endpoint: &Endpoint<O>,
    parameters: Parameters,
    head: RequestHead,
    sender: &Sender,
    draining: CancellationToken,
) {
    let (started, caller) = (Instant::now(), head.caller.clone());
    let begun = endpoint.counted(&caller, endpoint.run(parameters, None, head, true)).await;
    let (kind, outcome) = begun.as_ref().map_or_else(Refusal::labels, Begun::labels);
    metrics::operation_ended(kind, outcome, started.elapsed());
    match begun {
        Err(refusal) => sender.error(refusal.body(&caller.request_id).as_bytes()).await,
        Ok(Begun::Answered(Answer { kind: AnswerKind::HashUnknown, .. })) => {
            let body = Refusal::PersistedQueryNotFound.body(&caller.request_id);
            sender.error(body.as_bytes()).await;
        }
        Ok(Begun::Answered(Answer { kind: AnswerKind::Executed | AnswerKind::ExecutedWithErrors, body, .. })) => {
            sender.next(&body).await;
            sender.complete().await;
        }
        Ok(Begun::Answered(answer)) => sender.error(&answer.body).await,
        Ok(Begun::Subscribed(mut subscribed)) => loop {
            let told = tokio::select! {
                told = subscribed.answers.next() => told,
                () = draining.cancelled() => None,
            };
            match told {
                Some(Told::Next(response)) => sender.next(&response).await,
                Some(Told::Failed(response)) => return sender.error(&response).await,
                None => return sender.complete().await,
            }
        },
    }
}
