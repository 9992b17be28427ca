//! The form in which signals travel through PostgreSQL: short JSON, below the 8,000 bytes of a
//! notification.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Signal, WrittenEvent};

/// Bytes of one message at the most; PostgreSQL takes fewer than 8,000.
const LONGEST: usize = 7_900;

/// Events in one message: each takes at most about 130 bytes.
const EVENTS: usize = 50;

/// A message on its way out.
pub(in crate::kernel) struct Message {
    /// Its number among those of this node.
    pub number: u64,
    /// What it tells.
    pub signals: Vec<Signal>,
    /// The same, as it is sent.
    pub text: String,
}

/// A message that came in.
#[derive(Deserialize)]
pub(super) struct Received {
    #[serde(rename = "n")]
    pub node: Uuid,
    #[serde(rename = "i")]
    pub number: u64,
    #[serde(rename = "s")]
    pub signals: Vec<Signal>,
}

#[derive(Serialize)]
struct Sent<'a> {
    #[serde(rename = "n")]
    node: Uuid,
    #[serde(rename = "i")]
    number: u64,
    #[serde(rename = "s")]
    signals: &'a [Signal],
}

/// Packs signals into messages, in their order. One that is too long on its own goes out as `Missed`.
pub(super) fn messages(node: Uuid, signals: Vec<Signal>, mut number: impl FnMut() -> u64) -> Vec<Message> {
    let mut messages: Vec<Message> = Vec::new();
    for part in signals.iter().flat_map(split) {
        if let Some(last) = messages.last_mut() {
            last.signals.push(part.clone());
            if let Some(text) = write(node, last.number, &last.signals) {
                last.text = text;
                continue;
            }
            last.signals.pop();
        }
        let number = number();
        let alone = |part| Some(Message { number, text: write(node, number, &[part])?, signals: Vec::new() });
        let message = alone(part.clone()).or_else(|| alone(Signal::Missed));
        messages.extend(message.map(|message| Message { signals: vec![part], ..message }));
    }
    messages
}

/// The text of a message; `None` where it is too long to be sent.
fn write(node: Uuid, number: u64, signals: &[Signal]) -> Option<String> {
    serde_json::to_string(&Sent { node, number, signals }).ok().filter(|text| text.len() <= LONGEST)
}

fn split(signal: &Signal) -> Vec<Signal> {
    match signal {
        Signal::EventsWritten { store, events } if events.len() > EVENTS => events
            .chunks(EVENTS)
            .map(|part| Signal::EventsWritten { store: *store, events: Arc::<[WrittenEvent]>::from(part) })
            .collect(),
        other => vec![other.clone()],
    }
}

/// Reads a message; `None` where it is none that this version knows.
pub(super) fn read(text: &str) -> Option<Received> {
    serde_json::from_str(text).ok()
}
