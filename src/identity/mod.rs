//! People, how they prove who they are, and their sessions.
//!
//! Owns accounts, passwords, sessions with their chains of refresh tokens, the throttle of failed
//! sign-ins, and the form of every secret that the platform hands out. Never decides what a person
//! may do in an organization: that is tenancy's.

pub mod password;
pub mod secret;
