//! What is written to people.

pub mod email_messages;
