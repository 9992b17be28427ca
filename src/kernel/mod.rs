//! What every domain stands on: who asks and when, transactions, loaders, pages, audit, events.
//!
//! Owns the ways into the database and the rules that hold for all of them: a query starts from a
//! scope, a write needs a transaction, a transaction ends with an audit entry. Never knows a domain.

pub mod action;
pub mod audit;
pub mod by_id;
pub mod clock;
pub mod ctx;
pub mod db;
pub mod directory;
pub mod documents;
pub mod entropy;
pub mod error;
pub mod extensions;
pub mod feed;
pub mod graph;
pub mod input;
pub mod live;
pub mod loaders;
pub mod memory;
mod once;
pub mod outbound;
pub mod outbox;
pub mod page;
pub mod payload;
pub mod private;
pub mod queue;
pub mod schedule;
pub mod scope;
pub mod settings;
pub mod signals;
pub mod text;
pub mod tx;
pub mod vault;

pub use action::Action;
pub use audit::Audit;
pub use by_id::ById;
pub use clock::Clock;
pub use ctx::{Actor, Ctx, Outside, System};
pub use entropy::Entropy;
pub use error::{Error, Result};
pub use extensions::Extensions;
pub use once::once;
pub use scope::{
    AccountScope, OrganizationRows, OrganizationScope, OrganizationsScope, PlatformScope, Scope, StoreScope,
};
pub use signals::{Signal, Signals};
pub use tx::Tx;
