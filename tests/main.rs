//! The integration tests, in one binary: stories told to a real server over HTTP, each on SQLite and
//! on PostgreSQL.
//!
//! `harness` is what the stories are told with, `contract` holds what must be so for the whole schema
//! and every file, and each domain has a folder of its own. To add a test, write it inside [`both!`];
//! `scripts/test` runs everything, with a PostgreSQL of its own.

#![recursion_limit = "512"]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may read any table, and ends where something is not as it should be"
)]

#[macro_use]
#[allow(dead_code, reason = "what stories are told with stays when the one story that used it goes")]
mod harness;

mod cache;
mod carts;
mod catalog;
mod checkout;
mod contract;
mod customers;
mod demo;
mod gate;
mod identity;
mod import;
mod inventory;
mod kernel;
mod live;
mod node;
mod orders;
mod payments;
mod pricing;
mod promotions;
mod shipping;
mod tax;
mod tenancy;
mod worker;
