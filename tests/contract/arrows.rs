//! Who may use whom: between crates, between domains, and between the rooms of a domain.

use super::sources::{self, Source};
use super::{assert_none, root};

/// The floors of the house. What is on a floor uses what is below it; `types`, `query` and `subscription`
/// may look at any domain's types and loaders, since the graph is one.
const FLOORS: &[&[&str]] = &[
    &["kernel"],
    &["identity"],
    &["tenancy"],
    &["gate", "http"],
    &["places", "messages"],
    &["customers", "tax"],
    &["catalog"],
    &["pricing", "inventory"],
    &["baskets", "shipping"],
    &["promotions"],
    &["payments"],
    &["carts"],
    &["orders"],
    &["checkout", "fulfillment", "returns"],
    &["webhooks", "analytics"],
    &["import", "invariants", "worker"],
    &["node"],
    &["schema"],
    &["demo"],
    &["config"],
    &["app"],
    &["cli"],
];

/// Uses that go up, and why. May only shrink.
const UPWARD: &[(&str, &str, &str)] = &[];

/// What stands beside fields, and so is used on every floor.
const BESIDE_FIELDS: &str = "gate::directives";

/// The rooms of a domain.
const ROOMS: &[&str] =
    &["query", "mutation", "subscription", "types", "actions", "store", "loaders", "events", "reactions"];

/// What a room must not use of its own domain. The words that sort and filter are types of the schema,
/// which `store` reads; nothing else goes back.
const NEVER: &[(&str, &[&str])] = &[
    ("query", &["mutation", "subscription", "actions", "events", "reactions"]),
    ("mutation", &["query", "subscription", "store", "loaders", "events", "reactions"]),
    ("subscription", &["query", "mutation", "actions", "store", "reactions"]),
    ("types", &["query", "mutation", "subscription", "events", "reactions"]),
    ("actions", &["query", "mutation", "subscription", "reactions"]),
    ("store", &["query", "mutation", "subscription", "actions", "loaders", "events", "reactions"]),
    ("loaders", &["query", "mutation", "subscription", "actions", "events", "reactions"]),
    ("events", &["query", "mutation", "subscription", "types", "actions", "store", "loaders", "reactions"]),
    ("reactions", &["query", "mutation", "subscription", "types", "loaders"]),
];

#[test]
fn domains_use_what_is_below_them() {
    let mut wrong = Vec::new();
    for_each_use(|source, module, used, line| {
        let (Some(from), Some(to)) = (floor(module), floor(used)) else { return };
        let seen_from = room(module);
        let graph = matches!(seen_from, Some("types" | "query" | "subscription" | "loaders"));
        let same = module[0] == used[0];
        let listed = UPWARD.iter().any(|(one, other, _)| module[0] == *one && used[0] == *other);
        let edge = from == to && FLOORS[from].contains(&"gate");
        if same
            || to < from
            || listed
            || edge
            || used.join("::").starts_with(BESIDE_FIELDS)
            || (graph && to < floor_of("node"))
        {
            return;
        }
        wrong.push(format!("{}:{line}: {} uses {}", source.path, module.join("::"), used.join("::")));
    });
    assert_none("these uses go up or sideways", &wrong);
}

#[test]
fn rooms_use_what_is_behind_them() {
    let mut wrong = Vec::new();
    for_each_use(|source, module, used, line| {
        let (Some(from), Some(to)) = (room(module), room(used)) else { return };
        if module[0] != used[0] || from == to {
            return;
        }
        let never = NEVER.iter().find(|(room, _)| *room == from).map_or(&[][..], |(_, never)| never);
        if never.contains(&to) {
            wrong.push(format!("{}:{line}: {from} uses {to}: {}", source.path, used.join("::")));
        }
    });
    assert_none("these uses go back", &wrong);
}

/// Files that name columns and are called otherwise, and why.
const STORES_BY_ANOTHER_NAME: &[(&str, &str)] =
    &[("src/identity/throttle.rs", "one table that nothing else touches: the brake and its rows are one story")];

/// Columns are named where queries are written, and nowhere else.
#[test]
fn only_stores_and_loaders_name_columns() {
    let mut wrong = Vec::new();
    for source in sources::product().iter().filter(|source| source.is_root_crate()) {
        let module = source.module();
        // An import reads columns of another kind: those of its file.
        let is_domain = floor(&module).is_some_and(|floor| (1..=floor_of("webhooks")).contains(&floor));
        let is_listed = STORES_BY_ANOTHER_NAME.iter().any(|(path, _)| *path == source.path);
        let is_store = matches!(room(&module), Some("store" | "loaders")) || is_listed;
        if !is_domain || is_store || FLOORS[3].contains(&module[0].as_str()) {
            continue;
        }
        for (place, _) in source.text.match_indices("Column::") {
            wrong.push(format!("{}:{}", source.path, source.line(place)));
        }
    }
    assert_none("columns are named here", &wrong);
}

#[test]
fn crates_use_what_is_below_them() {
    let may: &[(&str, &[&str])] = &[
        ("rules", &[]),
        ("entity", &["stoa-rules", "stoa-macros"]),
        ("migration", &[]),
        ("macros", &[]),
        (".", &["stoa-rules", "stoa-entity", "stoa-migration", "stoa-macros"]),
    ];
    let mut wrong = Vec::new();
    for (folder, allowed) in may {
        let manifest = std::fs::read_to_string(root().join(folder).join("Cargo.toml")).expect("a manifest");
        let dependencies = manifest.split("\n[").find_map(|section| section.strip_prefix("dependencies]"));
        for line in dependencies.unwrap_or_default().lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if name.starts_with("stoa") && !allowed.contains(&name) {
                wrong.push(format!("{folder} depends on {name}"));
            }
        }
    }
    assert_none("crates that must not know each other", &wrong);
}

/// The floor of a domain that there is.
fn floor_of(domain: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&domain)).expect("a domain that has a floor")
}

fn floor(module: &[String]) -> Option<usize> {
    let first = module.first()?;
    FLOORS.iter().position(|floor| floor.contains(&first.as_str()))
}

/// The room that a module is in or is, within its domain.
fn room(module: &[String]) -> Option<&str> {
    let is_domain = floor(module).is_some_and(|floor| (1..=floor_of("import")).contains(&floor));
    if !is_domain || FLOORS[3].contains(&module[0].as_str()) {
        return None;
    }
    module.iter().skip(1).map(String::as_str).find(|part| ROOMS.contains(part))
}

/// Calls with every path that a file of the root crate uses inside its crate: what its `use` lines
/// name, and what it names in full.
fn for_each_use(mut call: impl FnMut(&Source, &[String], &[String], usize)) {
    for source in sources::product().iter().filter(|source| source.is_root_crate()) {
        let module = source.module();
        let mut used: Vec<(usize, Vec<String>)> = Vec::new();
        for (place, _) in source.text.match_indices("use ") {
            let starts_line = source.text[..place].rsplit('\n').next().unwrap_or_default();
            if !matches!(starts_line.trim(), "" | "pub" | "pub(crate)" | "pub(super)") {
                continue;
            }
            let end = source.text[place..].find(';').map_or(source.text.len(), |end| place + end);
            let mut paths = Vec::new();
            expand(&source.text[place + 4..end], &mut Vec::new(), &mut paths);
            used.extend(paths.into_iter().map(|path| (place, path)));
        }
        for (place, _) in source.text.match_indices("crate::") {
            if source.text[..place].ends_with('$') {
                continue;
            }
            let path: String =
                source.text[place..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
            used.push((place, path.split("::").map(str::to_owned).collect()));
        }
        for (place, path) in used {
            if let Some(path) = resolve(&module, &path) {
                call(source, &module, &path, source.line(place));
            }
        }
    }
}

/// Writes out `a::{b, c::{d, e}}` as `a::b`, `a::c::d`, `a::c::e`.
fn expand(tree: &str, before: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let path = tree.split(" as ").next().unwrap_or(tree);
        let parts = path.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
        paths.push(before.iter().cloned().chain(parts).collect());
        return;
    };
    let depth = before.len();
    before.extend(tree[..open].split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
    let inner = &tree[open + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut level, mut start) = (0, 0);
    for (place, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
        match letter {
            '{' => level += 1,
            '}' => level -= 1,
            ',' if level == 0 => {
                if !inner[start..place].trim().is_empty() {
                    expand(&inner[start..place], before, paths);
                }
                start = place + 1;
            }
            _ => {}
        }
    }
    before.truncate(depth);
}

/// The path from the root of the crate; `None` where it leads out of it.
fn resolve(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut at: Vec<String> = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        _ => return None,
    };
    for part in path {
        match part.as_str() {
            "crate" | "self" => {}
            "super" => {
                at.pop();
            }
            other => at.push(other.to_owned()),
        }
    }
    Some(at)
}
