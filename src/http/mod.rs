//! The HTTP edge: everything between a socket and one GraphQL operation.
//!
//! It owns the accept loop, the routes, content negotiation, limits, time-outs, request ids, logs and metrics.
//! It never reads a document, a token or the database: that is asked of the product through [`Operations`] and
//! [`Readiness`]. To add a route, extend [`router`]; to add a limit, extend [`EdgeConfig`] and name the refusal in
//! [`refusal`].

pub mod cache;
pub mod graphiql;
pub mod graphql;
pub mod guard;
pub mod head;
pub mod health;
pub mod limits;
mod live;
pub mod metrics;
pub mod refusal;
pub mod router;
pub mod server;
pub mod strict_json;
pub mod writer;

pub use graphql::{
    Answer, AnswerKind, AnswerStream, Begun, Call, OperationKind, Operations, Sent, SentDocument, Subscribed, Told,
};
pub use head::{RequestHead, RequestId, RequestIds};
pub use health::{Lifecycle, Readiness};
pub use limits::{CorsPolicy, EdgeConfig, LiveLimits};
pub use live::address_name;
pub use metrics::Metrics;
pub use router::Edge;
pub use server::{Listeners, Stopped, serve};

#[cfg(test)]
mod tests;
