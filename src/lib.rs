//! Stoa: headless commerce for many stores in one binary.

#![recursion_limit = "512"]

pub mod app;
pub mod baskets;
pub mod carts;
pub mod catalog;
pub mod checkout;
pub mod cli;
pub mod config;
pub mod customers;
pub mod demo;
pub mod gate;
pub mod http;
pub mod identity;
pub mod import;
pub mod invariants;
pub mod inventory;
pub mod kernel;
pub mod messages;
pub mod node;
pub mod orders;
pub mod payments;
pub mod places;
pub mod pricing;
pub mod promotions;
pub mod schema;
pub mod shipping;
pub mod tax;
pub mod tenancy;
pub mod worker;
