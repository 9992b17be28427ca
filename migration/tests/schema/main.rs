//! The schema on both databases, compared with the entities, and the wall between stores.
//!
//! `STOA_TEST_POSTGRES_URL` names a cluster in which databases may be created, such as
//! `postgres://postgres@127.0.0.1:55432/postgres`. Without it only the SQLite half is tested.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where something is not as it should be"
)]

mod buyers;
mod carts;
mod checkout;
mod columns;
mod database;
mod migrating;
mod offers;
mod orders;
mod payments;
mod rows;
mod selling;
mod shop;
mod walls;
