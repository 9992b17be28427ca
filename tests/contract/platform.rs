//! Who may cross stores: every file that asks for the platform's rights or starts a query without a
//! tenant. May only grow with a reason that stands beside it here.

use super::{assert_none, sources};

/// How one crosses.
const WAYS: &[&str] = &["Role::Platform", "ctx.platform()", ".begin_platform(", "PlatformScope", "stores_with("];

/// The files that do, and what for. The kernel itself is left out: it offers the ways.
const WHO: &[(&str, &str)] = &[
    ("src/gate/authentication/", "who asks, and where, is found before the store is known"),
    ("src/identity/", "people belong to no store"),
    ("src/messages/", "letters of all stores are sent by one hand"),
    ("src/payments/inbound/", "whose provider a webhook comes from is found before the store is known"),
    ("src/tenancy/", "an organization, a store or a member is found by its id before it is known whose it is"),
    ("src/worker/", "which stores have something to do is asked of all of them"),
];

#[test]
fn only_these_files_cross_stores() {
    let sources = sources::product();
    let crossing = |text: &str| WAYS.iter().any(|way| text.contains(way));
    let wrong: Vec<String> = sources
        .iter()
        .filter(|source| source.is_root_crate() && !source.path.starts_with("src/kernel/") && crossing(&source.text))
        .filter(|source| !WHO.iter().any(|(path, _)| source.path.starts_with(path)))
        .map(|source| source.path.clone())
        .collect();
    assert_none("these files cross stores and are not listed", &wrong);
    let needless: Vec<String> = WHO
        .iter()
        .filter(|(path, _)| !sources.iter().any(|source| source.path.starts_with(path) && crossing(&source.text)))
        .map(|(path, _)| (*path).to_owned())
        .collect();
    assert_none("take these off the list", &needless);
}
