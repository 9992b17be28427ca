//! Handles: the short names of organizations and stores in addresses and headers.

use rules::{ErrorCode, Problem};

use crate::kernel::input;

/// The longest handle: it can stand as a label in a host name.
const MAX: usize = 63;

/// Words that name the platform itself, or would pass for it.
const RESERVED: &[&str] = &[
    "account",
    "admin",
    "api",
    "app",
    "assets",
    "auth",
    "billing",
    "cdn",
    "demo-admin",
    "docs",
    "graphql",
    "health",
    "help",
    "login",
    "mail",
    "metrics",
    "null",
    "platform",
    "root",
    "security",
    "signin",
    "signup",
    "static",
    "status",
    "stoa",
    "support",
    "system",
    "undefined",
    "www",
];

/// Reads a handle.
///
/// # Errors
/// A problem at `path`: not the form of a slug, too long, or reserved.
pub fn read(path: &str, raw: &str) -> Result<String, Problem> {
    let handle = input::slug(path, raw)?;
    if handle.len() > MAX {
        return Err(Problem::new(ErrorCode::TooLong, path, format!("Give at most {MAX} characters.")));
    }
    if RESERVED.contains(&handle.as_str()) {
        return Err(Problem::new(ErrorCode::Reserved, path, "This word is the platform's own: choose another."));
    }
    Ok(handle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_a_short_slug_that_is_not_the_platforms() {
        assert_eq!(read("handle", "linden-and-loom").as_deref(), Ok("linden-and-loom"));
        let code = |raw: &str| read("handle", raw).map_err(|problem| problem.code);
        assert_eq!(code("graphql"), Err(ErrorCode::Reserved));
        assert_eq!(code("Linden"), Err(ErrorCode::Invalid));
        assert_eq!(code(&"a".repeat(64)), Err(ErrorCode::TooLong));
    }
}
