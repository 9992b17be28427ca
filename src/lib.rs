//! Stoa: headless commerce for many stores in one binary.

pub mod http;
