//! What comes in from outside: from where, and not older than what mended a hole.

use super::{assert_none, root};

/// The one place that crates come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Crates of which an older version had a hole that reaches a server, with the first one without it. One
/// that is not used is passed over.
const FLOORS: &[(&str, &str)] = &[
    ("h2", "0.4.16"),
    ("sqlx", "0.8.1"),
    ("url", "2.5.4"),
    ("idna", "1.0.0"),
    ("bcrypt", "0.19.2"),
    ("rustls", "0.23.18"),
    ("rustls-webpki", "0.103.13"),
    ("tokio-postgres", "0.7.18"),
];

/// One crate of `Cargo.lock`.
#[derive(Default)]
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
    has_checksum: bool,
}

fn locked() -> Vec<Locked> {
    let text = std::fs::read_to_string(root().join("Cargo.lock")).expect("the lock file");
    let packages = text.split("[[package]]").skip(1);
    packages
        .map(|package| {
            let field = |name: &str| {
                let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
                line.map(|value| value.trim_matches('"').to_owned())
            };
            Locked {
                name: field("name").expect("a name"),
                version: field("version").expect("a version"),
                source: field("source"),
                has_checksum: field("checksum").is_some(),
            }
        })
        .collect()
}

/// The numbers of a version; what stands behind a dash or a plus does not count.
fn numbers(version: &str) -> Vec<u64> {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    release.split('.').map(|part| part.parse().expect("a number")).collect()
}

#[test]
fn promise_p28_crates_come_from_one_place_and_have_no_known_hole() {
    let mut wrong = Vec::new();
    let locked = locked();
    assert!(locked.len() > 100, "the lock file was read");
    for Locked { name, version, source, has_checksum } in &locked {
        match source.as_deref() {
            Some(REGISTRY) if *has_checksum => {}
            Some(source) => wrong.push(format!("{name} {version} comes from {source}, or has no checksum")),
            None if name.starts_with("stoa") => {}
            None => wrong.push(format!("{name} {version} comes from this machine")),
        }
        if let Some((_, floor)) = FLOORS.iter().find(|(crate_name, _)| crate_name == name)
            && numbers(version) < numbers(floor)
        {
            wrong.push(format!("{name} {version} is older than {floor}"));
        }
    }
    // What decides about licenses and sources says so for whatever is added.
    let rules = std::fs::read_to_string(root().join("deny.toml")).expect("the rules");
    for rule in ["unknown-registry = \"deny\"", "unknown-git = \"deny\"", "wildcards = \"deny\""] {
        if !rules.contains(rule) {
            wrong.push(format!("deny.toml has no line {rule}"));
        }
    }
    assert_none("what comes from outside", &wrong);
}

#[test]
fn versions_are_compared_by_their_numbers() {
    assert!(numbers("0.103.9") < numbers("0.103.13"));
    assert!(numbers("1.0.0-rc.1") == numbers("1.0.0") && numbers("2.5.10") > numbers("2.5.4"));
}
