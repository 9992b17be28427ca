//! Letters to people: the queue that they wait in, what they say, and the way out.
//!
//! Owns the queue, written in the transaction of what a letter is about, the texts, and the transport that hands
//! letters over. Never decides who is written to. What a letter proves, such as a link to choose a password, lies
//! nowhere in clear: it is made from the server's key when the letter is sent ([`one_time`]).
//!
//! To add a letter, add a word to `rules::states::EmailTemplate` and its text in `text`.

mod deliver;
mod queue;
mod secret;
mod store;
mod text;
mod transport;

pub use deliver::{Post, deliver};
pub use queue::{Letter, queue};
pub use secret::one_time;
pub use transport::{FileTransport, Mail, Transport, TransportError};
