//! Every setting stands in `.env.example`, and nothing else does.

use std::collections::BTreeSet;

use stoa::config::Config;
use stoa::kernel::entropy::SeededEntropy;

use super::root;

#[test]
fn every_setting_stands_in_the_example() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_string_lossy().into_owned();
    let lookup = |name: &str| (name == "STOA_DATA_DIR").then(|| data.clone());
    let (_, looked_for) = Config::read(&lookup, &SeededEntropy::new(1));
    let looked_for: BTreeSet<String> = looked_for.into_iter().map(str::to_owned).collect();

    let example = std::fs::read_to_string(root().join(".env.example")).expect(".env.example");
    let named: BTreeSet<String> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.starts_with("STOA_") || name.starts_with("DATABASE_"))
        .collect();
    let missing: Vec<_> = looked_for.difference(&named).collect();
    let unknown: Vec<_> = named.difference(&looked_for).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:?}, not read by anything: {unknown:?}");
}

/// What the example gives as defaults are the defaults: with every line taken at its word, the settings
/// are those of an empty environment.
#[test]
fn the_values_in_the_example_are_the_defaults() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_string_lossy().into_owned();
    let example = std::fs::read_to_string(root().join(".env.example")).expect(".env.example");
    let value = |name: &str| {
        let line = example.lines().find_map(|line| line.trim_start_matches('#').strip_prefix(name)?.strip_prefix('='));
        line.map(str::to_owned).filter(|value| !value.is_empty())
    };
    let read = |taken: bool| {
        let lookup = |name: &str| match name {
            "STOA_DATA_DIR" => Some(data.clone()),
            name if taken => value(name),
            _ => None,
        };
        let (config, _) = Config::read(&lookup, &SeededEntropy::new(1));
        format!("{:#?}", config.expect("settings that can be used"))
    };
    assert_eq!(read(true), read(false));
}
