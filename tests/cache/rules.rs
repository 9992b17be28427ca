//! What must be so for every field, every write and every column of time, also for those to come.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Value;
use stoa::gate::schema_index::FieldEntry;
use stoa::kernel::Action;

use crate::contract::{assert_none, documents, sources};
use crate::harness::Shop;

fn scope(field: &FieldEntry) -> Option<String> {
    match field.directive("cacheControl")?.argument("scope") {
        Some(Value::Enum(name)) => Some(name.to_string()),
        _ => Some("nothing".to_owned()),
    }
}

/// Fields that anybody may ask for, and that are not shared: what they answer is the caller's own.
const NOT_SHARED: &[(&str, &str)] = &[
    ("viewer", "it says who asks"),
    ("node", "a person's own things are among them"),
    ("nodes", "a person's own things are among them"),
    ("orderByToken", "it shows an order to whoever proves it"),
    ("cart", "it is whoever's who proves it"),
    ("checkout", "it is whoever's who proves its cart"),
];

#[test]
fn what_is_shared_is_public_and_what_is_public_is_shared_or_says_why() {
    let index = documents::index();
    let query = index.type_named("Query").expect("the query root");
    let mut wrong = Vec::new();
    for field in query.fields.iter().filter(|field| !field.name.starts_with("__")) {
        let public = field.directive("public").is_some();
        let others = ["requires", "user", "customer"].iter().any(|rule| field.directive(rule).is_some());
        let shared = scope(field).as_deref() == Some("PUBLIC");
        let listed = NOT_SHARED.iter().any(|(name, _)| **name == *field.name);
        match (public && !others, shared) {
            (false, true) => wrong.push(format!("{} is shared, and not everybody's", field.name)),
            (true, false) if !listed => wrong.push(format!("{} is everybody's, and not shared", field.name)),
            (true, true) if listed => wrong.push(format!("{} is on the list, and shared", field.name)),
            _ => {}
        }
    }
    for entry in index.types() {
        let is_query = entry.id == query.id;
        for field in entry.fields.iter().filter(|field| !is_query && scope(field).as_deref() == Some("PUBLIC")) {
            let rules = ["requires", "user", "customer"];
            if rules.iter().any(|rule| field.directive(rule).is_some()) || *entry.name == *"Mutation" {
                wrong.push(format!("{}.{} is shared, and behind a rule", entry.name, field.name));
            }
        }
    }
    assert_none("fields", &wrong);
}

/// How a column of time bears on what visitors see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bears {
    /// When it passes, storefronts change: the schedule knows it.
    Scheduled,
    /// It lies in the past when it is written, or nobody but its owner sees what hangs on it.
    Not,
}

/// Every column of time in a store's tables, and whether it bears on what visitors see.
const COLUMNS: &[(&str, Bears)] = &[
    ("created_at", Bears::Not),
    ("updated_at", Bears::Not),
    ("deleted_at", Bears::Not),
    ("occurred_at", Bears::Not),
    ("relayed_at", Bears::Not),
    // Credentials: whoever shows them is never answered from memory.
    ("customer_sessions.access_expires_at", Bears::Not),
    ("customer_sessions.expires_at", Bears::Not),
    ("customer_sessions.revoked_at", Bears::Not),
    ("customer_sessions.last_used_at", Bears::Not),
    ("customer_refresh_tokens.used_at", Bears::Not),
    ("customer_refresh_tokens.expires_at", Bears::Not),
    ("customer_one_time_tokens.used_at", Bears::Not),
    ("customer_one_time_tokens.expires_at", Bears::Not),
    ("customer_credentials.password_changed_at", Bears::Not),
    // Customers and their letters are shown to no visitor.
    ("customers.email_verified_at", Bears::Not),
    ("customers.marketing_changed_at", Bears::Not),
    ("email_messages.next_attempt_at", Bears::Not),
    ("email_messages.sent_at", Bears::Not),
    ("api_tokens.expires_at", Bears::Not),
    ("api_tokens.last_used_at", Bears::Not),
    ("api_tokens.revoked_at", Bears::Not),
    // An operator's word, and set when it holds.
    ("stores.suspended_at", Bears::Not),
    ("organizations.suspended_at", Bears::Not),
    ("invitations.expires_at", Bears::Not),
    ("invitations.accepted_at", Bears::Not),
    ("invitations.revoked_at", Bears::Not),
    // Made of the windows of prices, which are scheduled.
    ("product_price_ranges.valid_from", Bears::Not),
    ("product_price_ranges.valid_to", Bears::Not),
    // Visitors see promotions and codes in their carts alone, which are never remembered.
    ("promotions.valid_from", Bears::Not),
    ("promotions.valid_to", Bears::Not),
    ("discount_codes.valid_from", Bears::Not),
    ("discount_codes.valid_to", Bears::Not),
    // Of payments visitors see nothing, and of gift cards what is never remembered.
    ("payment_attempts.ask_from", Bears::Not),
    ("payment_attempts.finished_at", Bears::Not),
    ("gift_cards.expires_at", Bears::Not),
    ("gift_card_holds.expires_at", Bears::Not),
    ("store_credit_holds.expires_at", Bears::Not),
    ("canceled_at", Bears::Not),
    ("placed_at", Bears::Not),
    ("order_tokens.expires_at", Bears::Not),
    ("order_payment_tasks.due_at", Bears::Not),
    ("order_payment_tasks.done_at", Bears::Not),
    ("draft_orders.completed_at", Bears::Not),
    // A cart is whoever's who proves it, and never remembered.
    ("carts.locked_at", Bears::Not),
    ("carts.payment_started_at", Bears::Not),
    ("carts.active_at", Bears::Not),
    ("carts.abandoned_at", Bears::Not),
    ("carts.expires_at", Bears::Not),
    ("cart_abandonments.abandoned_at", Bears::Not),
    ("cart_abandonments.told_at", Bears::Not),
    ("cart_abandonments.recovered_at", Bears::Not),
    ("checkouts.due_at", Bears::Not),
    ("checkout_attempts.ask_from", Bears::Not),
    ("stock_reservations.expires_at", Bears::Scheduled),
    ("inventory_items.expected_at", Bears::Scheduled),
    ("products.published_at", Bears::Scheduled),
    ("collections.published_at", Bears::Scheduled),
    ("prices.valid_from", Bears::Scheduled),
    ("prices.valid_to", Bears::Scheduled),
];

/// People and their sessions: visitors see nothing of them.
const NO_STOREFRONT: &str = "entity/src/identity/";

/// A new column that says from or until when something holds must be given to the schedule, or stand here
/// with the reason why visitors see nothing of it. `tests/cache/time.rs` tells a story of each scheduled one.
#[test]
fn every_column_of_time_is_scheduled_or_bears_on_nothing() {
    let sources = sources::product();
    let scheduled: String = sources
        .iter()
        .filter(|source| source.text.contains("schedule::moments"))
        .map(|source| source.text.as_str())
        .collect();
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    for source in &sources {
        if !source.path.starts_with("entity/src/") || source.path.starts_with(NO_STOREFRONT) {
            continue;
        }
        let table = source.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
        for line in source.text.lines().map(str::trim) {
            let Some((column, ty)) = line.strip_prefix("pub ").and_then(|line| line.split_once(": ")) else { continue };
            if !ty.contains("DateTime") || column.starts_with("const ") {
                continue;
            }
            let whole = format!("{table}.{column}");
            let Some((name, bears)) = COLUMNS.iter().find(|(name, _)| *name == whole || *name == column) else {
                wrong.push(format!("{whole} is new: does something change for visitors when it passes?"));
                continue;
            };
            met.insert(*name);
            let camel: String = column.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            if *bears == Bears::Scheduled && !scheduled.contains(&format!("Column::{camel}")) {
                wrong.push(format!("{whole} is not given to the schedule"));
            }
        }
    }
    wrong.extend(COLUMNS.iter().filter(|(name, _)| !met.contains(name)).map(|(name, _)| format!("{name} is gone")));
    assert_none("columns of time", &wrong);
}

/// Unseen actions that are not named after the mutation that they are of.
const ELSEWHERE: &[(Action, &str)] = &[
    (Action::AccountSignUp, "signUp"),
    (Action::AccountSignUpRepeat, "signUp"),
    (Action::AccountSignIn, "signIn"),
    (Action::CustomerSignUpRepeat, "customerSignUp"),
    // Beside the completion of a draft.
    (Action::OrderPlace, "draftOrderComplete"),
];

/// The root field of the mutation of an unseen action.
fn field_of(action: Action) -> String {
    if let Some((_, field)) = ELSEWHERE.iter().find(|(known, _)| *known == action) {
        return (*field).to_owned();
    }
    let mut words = action.name().split(['.', '_']);
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| name + &word[..1].to_uppercase() + &word[1..])
}

/// The unseen actions, each with the root field of its mutation, but for those that no request makes by itself.
fn unseen() -> Vec<(Action, String)> {
    let asked = Action::UNSEEN.iter().filter(|action| !INWARD.contains(action));
    asked.map(|action| (*action, field_of(*action))).collect()
}

/// Root fields of the mutations whose writes are seen at times. `tests/inventory/availability.rs` tells when.
const AT_TIMES: &[(Action, &str)] = &[
    (Action::InventoryItemUpdate, "inventoryItemUpdate"),
    (Action::InventorySet, "inventorySet"),
    (Action::InventoryAdjust, "inventoryAdjust"),
    (Action::InventoryTransfer, "inventoryTransfer"),
    (Action::InventoryReceive, "inventoryReceive"),
];

/// Unseen writes that no request makes by itself.
const INWARD: &[Action] = &[
    Action::SessionsSweep,
    Action::SignInThrottle,
    Action::AuditSeal,
    Action::CustomerAbsorb,
    Action::CustomerSessionRevoke,
    Action::CustomerSessionsSweep,
    Action::StockReservationsTidy,
    Action::CartsAbandon,
    Action::CartsSweep,
    Action::PaymentStart,
    Action::PaymentRecord,
    Action::OrderPaymentsSettle,
    Action::PaymentWebhook,
    Action::GiftCardTake,
    Action::GiftCardGiveBack,
    Action::StoreCreditTake,
    Action::StoreCreditGiveBack,
    Action::SecretsReseal,
];

#[test]
fn every_unseen_action_is_looked_at() {
    let documents: BTreeSet<&str> = documents::all().iter().map(|entry| entry.field).collect();
    let at_times: Vec<Action> = AT_TIMES.iter().map(|(action, _)| *action).collect();
    assert_eq!(at_times, Action::SEEN_AT_TIMES, "each has its field here");
    let unknown = unseen().into_iter().filter(|(_, field)| !documents.contains(field.as_str()));
    let unknown: Vec<String> = unknown.map(|(action, field)| format!("{} ({field})", action.name())).collect();
    assert_none("these actions are taken for unseen, and no story looks whether they are", &unknown);
}

both! {
    /// Every field that visitors may see of everything, before and after each unseen write: a field that
    /// is added and shows what such a write changes fails here.
    async fn unseen_writes_change_nothing_that_visitors_see(db: Database) {
        let shop = Shop::open(db).await;
        let index = documents::index();
        let visitor = shop.anonymous();
        let mut shared = Vec::new();
        for entry in documents::all() {
            let query = index.type_named("Query").and_then(|query| index.field(query.id, entry.field));
            if query.is_some_and(|field| scope(field).is_some()) {
                let variables = (entry.variables)(&shop, &visitor).await;
                shared.push((entry.field, entry.document(&index, &variables), variables));
            }
        }
        let mut wrong = Vec::new();
        for (action, field) in unseen() {
            let entry = documents::all().into_iter().find(|entry| entry.field == field).expect("its document");
            let me = entry.rightful.caller(&shop).await;
            // What the write needs first is made before anything is looked at.
            let variables = (entry.variables)(&shop, &me).await;
            let mut before = BTreeMap::new();
            for (name, document, variables) in &shared {
                before.insert(*name, visitor.query(document, variables.clone()).await.body);
            }
            me.query(&entry.document(&index, &variables), variables).await.ok();
            for (name, document, variables) in &shared {
                if visitor.query(document, variables.clone()).await.body != before[name] {
                    wrong.push(format!("{} changes {name}", action.name()));
                }
            }
        }
        assert_none("these are seen after all", &wrong);
    }

    /// Whatever a write of stock changes for visitors is told, and what it does not is not.
    async fn writes_that_are_seen_at_times_are_told_exactly_then(db: Database) {
        use stoa::kernel::Signal;
        let mut shop = Shop::open(db).await;
        shop.node.stop_listening().await;
        let (index, visitor, owner) = (documents::index(), shop.anonymous(), shop.owner());
        let mut receiver = shop.node.system.signals.subscribe();
        let mut wrong = Vec::new();
        for (action, field) in AT_TIMES {
            let entry = documents::all().into_iter().find(|entry| entry.field == *field).expect("its document");
            let me = entry.rightful.caller(&shop).await;
            for _ in 0..2 {
                let variables = (entry.variables)(&shop, &me).await;
                let variant = variables["variantId"].as_str().or_else(|| variables["input"]["variantId"].as_str());
                let variant = variant.or_else(|| variables["input"]["lines"][0]["variantId"].as_str()).expect("a variant");
                let look = "query($id: ID!) { productVariant(id: $id) { availability { status expectedAt quantity } } }";
                let seen = async || visitor.query(look, serde_json::json!({ "id": variant })).await.ok().body["data"].clone();
                let before = seen().await;
                while receiver.try_recv().is_ok() {}
                me.query(&entry.document(&index, &variables), variables.clone()).await.ok();
                let mut told = false;
                while let Ok(signal) = receiver.try_recv() {
                    told |= matches!(signal, Signal::StoreChanged(_));
                }
                let changed = before != seen().await;
                if told != changed {
                    wrong.push(format!("{}: told {told}, changed {changed}", action.name()));
                }
                // Once with the settings of the beginning, once where every unit is told.
                let settings = "mutation { inventorySettingsUpdate(input: { showsCounts: true }) { userErrors { code } } }";
                owner.query(settings, serde_json::json!({})).await.ok();
            }
            let settings = "mutation { inventorySettingsUpdate(input: { showsCounts: false }) { userErrors { code } } }";
            owner.query(settings, serde_json::json!({})).await.ok();
        }
        assert_none("writes of stock and what the nodes hear of them", &wrong);
    }

    /// What is shared depends on nothing of the visitor: another address, another program, another hour.
    async fn what_is_shared_is_the_same_for_every_visitor(db: Database) {
        let shop = Shop::open(db).await;
        let index = documents::index();
        let (one, other) = (
            shop.anonymous(),
            shop.anonymous().with_header("user-agent", "Other/2.0").with_header("x-request-id", "other"),
        );
        for entry in documents::all() {
            let query = index.type_named("Query").and_then(|query| index.field(query.id, entry.field));
            if query.is_none_or(|field| scope(field).is_none()) {
                continue;
            }
            let variables = (entry.variables)(&shop, &one).await;
            let document = entry.document(&index, &variables);
            let first = one.query(&document, variables.clone()).await.ok();
            shop.wait(chrono::TimeDelta::seconds(30));
            assert_eq!(first.body, other.query(&document, variables).await.ok().body, "{}", entry.field);
        }
    }

    async fn every_write_but_the_unseen_is_told(db: Database) {
        use stoa::kernel::Signal;
        let mut shop = Shop::open(db).await;
        // Only what the node itself writes: the story writes rows on a connection of its own.
        shop.node.stop_listening().await;
        let index = documents::index();
        let mut receiver = shop.node.system.signals.subscribe();
        let (unseen, mut wrong) = (unseen(), Vec::new());
        for entry in documents::all() {
            let is_mutation = index.type_named("Mutation").is_some_and(|root| index.field(root.id, entry.field).is_some());
            if !is_mutation {
                continue;
            }
            let me = entry.rightful.caller(&shop).await;
            let variables = (entry.variables)(&shop, &me).await;
            while receiver.try_recv().is_ok() {}
            me.query(&entry.document(&index, &variables), variables).await.ok();
            let mut told = false;
            while let Ok(signal) = receiver.try_recv() {
                told |= !matches!(signal, Signal::EventsWritten { .. } | Signal::Note { .. });
            }
            let is_unseen = unseen.iter().any(|(_, field)| *field == entry.field);
            let at_times = AT_TIMES.iter().any(|(_, field)| *field == entry.field);
            if told == is_unseen && !at_times {
                wrong.push(format!("{}: told {told}, unseen {is_unseen}", entry.field));
            }
        }
        assert_none("writes and what the nodes hear of them", &wrong);
    }
}
