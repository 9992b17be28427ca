//! Stoa: headless commerce for many stores in one binary.

#![recursion_limit = "512"]

pub mod catalog;
pub mod demo;
pub mod gate;
pub mod http;
pub mod identity;
pub mod import;
pub mod kernel;
