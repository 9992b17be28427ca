//! What happened, waiting to be told.

pub mod domain_events;
pub mod platform_events;
