//! The rules of commerce, and the attacks and faults that the product must stand: each with its tests,
//! or with the feature that it waits for.
//!
//! `catalogue.txt` holds them. A test is of a rule or an attack by its name: `rule_m4_…`, `attack_g08_…`,
//! `fault_f16_…`, `invariant_i10_…`, `promise_p24_…`. Whoever writes one runs
//! `STOA_UPDATE=1 scripts/test contract::catalogue`, which puts its name into the list.

use std::collections::{BTreeMap, BTreeSet};

use super::{assert_none, beside, sources, updating};

/// What an entry without a test says.
const WAITS: &str = "waits for: ";

/// What the list begins with where the number of those that wait stands.
const WAITING: &str = "waiting: ";

#[test]
fn every_rule_and_attack_has_its_test_or_waits_for_a_feature() {
    let tests = tests_by_id();
    let path = beside("catalogue.txt");
    let text = std::fs::read_to_string(&path).expect("the catalogue");
    let known: BTreeSet<&str> = text.lines().filter_map(entry).map(|(id, _)| id).collect();
    let unknown: Vec<String> = tests.keys().filter(|id| !known.contains(id.as_str())).cloned().collect();
    assert_none("tests are named after these, which are not in the catalogue", &unknown);

    let (mut written, mut wrong, mut waiting) = (Vec::new(), Vec::new(), 0);
    for line in text.lines() {
        let Some((id, state)) = entry(line) else {
            written.push(line.to_owned());
            continue;
        };
        match tests.get(id) {
            Some(names) => {
                let names = names.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
                if state.starts_with(WAITS) {
                    wrong.push(format!("{id} {state}, but has a test: {names}"));
                }
                for gone in state.split(' ').filter(|name| !state.starts_with(WAITS) && !names.contains(name)) {
                    wrong.push(format!("{id}: the test {gone} is gone"));
                }
                written.push(format!("{id}: {names}"));
            }
            None => {
                if !state.starts_with(WAITS) {
                    wrong.push(format!("{id}: its tests are gone: {state}"));
                }
                waiting += 1;
                written.push(line.to_owned());
            }
        }
    }
    let stated = text.lines().find_map(|line| line.strip_prefix(WAITING)).and_then(|count| count.trim().parse().ok());
    let stated: usize = stated.expect("the number of those that wait");
    if updating() {
        assert!(waiting <= stated, "{waiting} wait, and at the most {stated} may: the list only shrinks");
        let written: Vec<String> = written
            .into_iter()
            .map(|line| if line.starts_with(WAITING) { format!("{WAITING}{waiting}") } else { line })
            .collect();
        std::fs::write(&path, written.join("\n") + "\n").expect("the catalogue is written");
        return;
    }
    if waiting != stated {
        wrong.push(format!("{waiting} wait, and the list says {stated}"));
    }
    assert_none("run `STOA_UPDATE=1 scripts/test contract::catalogue`", &wrong);
}

/// Splits `attack_g01: …`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (id, state) = line.split_once(": ")?;
    family(id).then_some((id, state.trim()))
}

fn family(id: &str) -> bool {
    let families = ["rule_", "attack_", "fault_", "invariant_", "promise_"];
    families.iter().any(|family| id.strip_prefix(family).is_some_and(is_number))
}

/// Whether it is a letter and a number, such as `g01`.
fn is_number(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|letter| letter.is_ascii_lowercase())
        && text.len() > 1
        && letters.all(|digit| digit.is_ascii_digit())
}

/// The names of all tests that are named after an entry.
fn tests_by_id() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources::everything() {
        for (place, _) in source.text.match_indices("fn ") {
            let name: String =
                source.text[place + 3..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            // One test may show several: `rule_a3_attack_n02_…`.
            let parts: Vec<&str> = name.split('_').collect();
            for id in parts.chunks_exact(2).map(|pair| pair.join("_")).take_while(|id| family(id)) {
                found.entry(id).or_default().insert(name.clone());
            }
        }
    }
    found
}
