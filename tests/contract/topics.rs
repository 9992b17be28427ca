//! What happens to things that can be listened to is told: an event of theirs that no subscription knows
//! would be told to nobody, without a word.

use super::{assert_none, sources};

/// The folders whose events can be listened to.
const TOLD: &[&str] = &[
    "src/catalog/products/",
    "src/catalog/variants/",
    "src/catalog/media/",
    "src/pricing/",
    "src/inventory/stock/",
    "src/orders/events.rs",
];

/// Nothing that happened to what they name: only the product itself hears of them, and sends a letter.
const UNTOLD: &[&str] = &["order.looked_up"];

#[test]
fn every_event_of_what_can_be_listened_to_is_told() {
    let sources = sources::product();
    let subscriptions: Vec<&str> = sources
        .iter()
        .filter(|source| source.path.ends_with("/subscription.rs"))
        .map(|source| source.text.as_str())
        .collect();
    let known = |word: &str| subscriptions.iter().any(|text| text.contains(word));
    let (mut topics, mut wrong) = (0, Vec::new());
    for source in sources.iter().filter(|source| source.path.ends_with("/events.rs")) {
        if !TOLD.iter().any(|folder| source.path.starts_with(folder)) {
            continue;
        }
        let mut event = "";
        for line in source.text.lines() {
            if let Some(name) = line.strip_prefix("impl Event for ") {
                event = name.trim_end_matches(" {");
            }
            let Some(topic) = line.split('"').nth(1).filter(|word| is_topic(word)) else { continue };
            topics += 1;
            if UNTOLD.contains(&topic) {
                continue;
            }
            // In a list of events its own name stands on the line.
            let name = line.split(" = ").next().map(str::trim).filter(|name| !name.contains(' ')).unwrap_or(event);
            if !known(&format!("\"{topic}\"")) && !known(&format!("{name}::TOPIC")) {
                wrong.push(format!("{topic} of {}", source.path));
            }
        }
    }
    assert!(topics > 10, "{topics} topics were found");
    assert_none("no subscription tells of these", &wrong);
}

fn is_topic(word: &str) -> bool {
    word.split_once('.').is_some_and(|(noun, verb)| {
        [noun, verb]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))
    })
}
