//! People, how they sign in, and their sessions.

pub mod refresh_tokens;
pub mod sessions;
pub mod sign_in_throttles;
pub mod user_credentials;
pub mod users;
