//! One document for every root field, and what must be so for all of them.
//!
//! Each document first succeeds for its rightful caller with live ids, and only then others try it:
//! nobody, a member who may do nothing, and the owner of another organization. They are refused, and
//! not one row of the database differs; then the rightful caller sends the same document again, and
//! it still succeeds: the ids were live all the while. A mutation leaves an audit entry and an event.
//! The number of SQL statements of each is compared with `statements.txt`.
//!
//! A root field without an entry fails the build. To add one, add a line to the file of its domain:
//!
//! ```ignore
//! document!("brandUpdate", May(&[CollectionsManage]), shop, _me => {
//!     json!({ "id": shop.brand(&shop.word()).await, "input": { "name": shop.word() } })
//! }),
//! ```
//!
//! The text of the document is made from the schema: the arguments that the variables name, and every
//! field that the caller may see, some levels deep. The variables are made anew for each try, so they
//! must make what they need: names that are taken are not given twice.

mod arrangement;
mod brands;
mod carts;
mod checkout;
mod customers;
mod foreign;
mod generate;
mod identity;
mod import;
mod inventory;
mod node;
mod orders;
mod payments;
mod pricing;
mod products;
mod promotions;
mod shipping;
mod subscriptions;
mod taxes;
mod tenancy;
mod written;

use std::collections::{BTreeMap, BTreeSet};

pub use customers::segment;
pub use payments::{gift_card, payment, store_credit};

use async_graphql::parser::types::OperationType;
use futures::future::BoxFuture;
use rules::permission::Permission;
use serde_json::Value;
use stoa::gate::schema_index::SchemaIndex;

use super::{assert_none, statements};
use crate::harness::{Actor, Answer, Shop};

/// Who may ask for a field, and no one with less.
#[derive(Debug, Clone, Copy)]
pub enum Rightful {
    /// Anybody at all.
    Anybody,
    /// A person who is signed in, for what is the person's own.
    Person,
    /// A shopper who is signed in at the store, for what is the shopper's own.
    Shopper,
    /// A member with just these.
    May(&'static [Permission]),
    /// A token of the store with just these scopes.
    #[allow(dead_code, reason = "for fields that only tokens may ask for")]
    Token(&'static [Permission]),
    /// The owner of the organization.
    #[allow(dead_code, reason = "for fields that only owners may ask for")]
    Owner,
}

impl Rightful {
    pub async fn caller(self, shop: &Shop) -> Actor {
        match self {
            Self::Anybody => shop.anonymous(),
            Self::Person => shop.powerless().await,
            Self::Shopper => shop.customer().await.actor,
            Self::May(permissions) => shop.staff(permissions.iter().copied()).await,
            Self::Token(scopes) => shop.token(scopes.iter().copied()).await,
            Self::Owner => shop.owner(),
        }
    }

    fn may(self, permission: &str) -> bool {
        match self {
            Self::Anybody | Self::Person | Self::Shopper => false,
            Self::May(held) | Self::Token(held) => held.iter().any(|held| held.name() == permission),
            Self::Owner => true,
        }
    }
}

/// The document of one root field.
pub struct Entry {
    pub field: &'static str,
    pub rightful: Rightful,
    /// Makes the variables, with everything that they name, for this caller.
    pub variables: for<'a> fn(&'a Shop, &'a Actor) -> BoxFuture<'a, Value>,
}

impl Entry {
    /// The document, with the arguments that the variables name and every field that the caller may see.
    pub fn document(&self, index: &SchemaIndex, variables: &Value) -> String {
        generate::document(index, self.field, variables, &|permission| self.rightful.may(permission))
    }
}

/// Writes an [`Entry`]: the field, its rightful caller, and the variables made from the shop and the caller.
macro_rules! document {
    ($field:literal, $rightful:expr, $shop:pat_param, $me:pat_param => $variables:expr) => {
        $crate::contract::documents::Entry {
            field: $field,
            rightful: $rightful,
            variables: |$shop, $me| Box::pin(async move { $variables }),
        }
    };
}
use document;

/// Every document there is.
pub fn all() -> Vec<Entry> {
    [
        node::documents(),
        payments::documents(),
        identity::documents(),
        tenancy::documents(),
        brands::documents(),
        customers::documents(),
        arrangement::documents(),
        inventory::documents(),
        pricing::documents(),
        products::documents(),
        promotions::documents(),
        carts::documents(),
        checkout::documents(),
        orders::documents(),
        import::documents(),
        taxes::documents(),
        shipping::documents(),
        subscriptions::documents(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Mutations that leave no audit entry or no event, and why.
const QUIET: &[(&str, &str)] = &[
    ("sessionRefresh", "a session goes on, hour by hour: no event tells what nobody would do anything about"),
    ("customerSessionRefresh", "the same for a shopper's session"),
    ("giftCardCheck", "somebody has looked at a gift card, which is as it was"),
];

/// Mutations of which others may try what they like: they act on what is the caller's own, or on nothing
/// that is anybody's.
fn is_harmless(entry: &Entry, variables: &Value) -> bool {
    matches!(entry.rightful, Rightful::Anybody) || !holds_id(variables)
}

pub fn index() -> SchemaIndex {
    SchemaIndex::read(&stoa::schema::sdl()).expect("a schema that can be read")
}

/// Whether it is a field of the root of this kind.
fn is_of(index: &SchemaIndex, kind: OperationType, field: &str) -> bool {
    index.root(kind).is_some_and(|root| index.field(root, field).is_some())
}

fn is_mutation(index: &SchemaIndex, field: &str) -> bool {
    is_of(index, OperationType::Mutation, field)
}

/// The documents that have one answer.
fn answered() -> Vec<Entry> {
    let index = index();
    all().into_iter().filter(|entry| !is_of(&index, OperationType::Subscription, entry.field)).collect()
}

/// The documents of one root.
fn of(kind: OperationType) -> Vec<Entry> {
    let index = index();
    all().into_iter().filter(|entry| is_of(&index, kind, entry.field)).collect()
}

#[test]
fn every_root_field_has_a_document() {
    let index = index();
    let fields: BTreeSet<String> = index
        .roots()
        .flat_map(|root| &index.get(root).fields)
        .map(|field| field.name.to_string())
        .filter(|name| !name.starts_with("__"))
        .collect();
    let documents: Vec<String> = all().iter().map(|entry| entry.field.to_owned()).collect();
    let known: BTreeSet<String> = documents.iter().cloned().collect();
    assert_none("these have no document", &fields.difference(&known).cloned().collect::<Vec<_>>());
    assert_none("these are no root fields", &known.difference(&fields).cloned().collect::<Vec<_>>());
    assert_eq!(documents.len(), known.len(), "each field has one document");
}

both! {
    async fn every_query_succeeds_for_its_rightful_caller_and_shows_nothing_to_others(db: Database) {
        let shop = Shop::open(db).await;
        try_all(&shop, of(OperationType::Query)).await;
    }

    async fn every_mutation_succeeds_for_its_rightful_caller_and_changes_nothing_for_others(db: Database) {
        let shop = Shop::open(db).await;
        try_all(&shop, of(OperationType::Mutation)).await;
    }

    async fn every_subscription_begins_for_its_rightful_caller_and_for_nobody_else(db: Database) {
        let shop = Shop::open(db).await;
        let (index, mut wrong, mut counts) = (index(), Vec::new(), BTreeMap::new());
        let others = others(&shop).await;
        for entry in of(OperationType::Subscription) {
            let me = entry.rightful.caller(&shop).await;
            let variables = (entry.variables)(&shop, &me).await;
            let document = entry.document(&index, &variables);
            let before = shop.fingerprint().await;
            let stream = me.listen(&document, variables.clone()).await;
            if shop.node.system.feed.listeners() == 1 {
                counts.insert(entry.field.to_owned(), stream.statements());
            } else {
                wrong.push(format!("{}: the rightful caller did not succeed", entry.field));
            }
            drop(stream);
            // What is another's begins as what never was does, and tells nothing (T22).
            let (there, never) = (variables.clone(), foreign::of_nobody(&variables));
            let mut begun = Vec::new();
            for variables in [there, never] {
                let stream = shop.rival().listen(&document, variables).await;
                begun.push((stream.header("content-type").to_owned(), stream.statements()));
            }
            if begun[0] != begun[1] {
                wrong.push(format!("{}: the rival can tell {begun:?} apart", entry.field));
            }
            crate::kernel::until(async || shop.node.system.feed.listeners() == 0).await;
            let denied = if matches!(entry.rightful, Rightful::Anybody) { &[][..] } else { &others };
            for (who, actor) in denied {
                let mut stream = actor.listen(&document, variables.clone()).await;
                let code = stream.ended().await;
                if !["UNAUTHENTICATED", "FORBIDDEN"].contains(&code.as_str()) {
                    wrong.push(format!("{}: {who} was told {code}", entry.field));
                }
            }
            let changed = before.changed(&shop.fingerprint().await);
            if !changed.is_empty() {
                wrong.push(format!("{}: it changed {}", entry.field, changed.join(", ")));
            }
        }
        assert_none("subscriptions", &wrong);
        statements::compare(shop.database().backend, &counts);
    }
}

/// Those who are refused what is not for everybody.
async fn others(shop: &Shop) -> [(&'static str, Actor); 5] {
    [
        ("nobody", shop.anonymous()),
        ("a storefront", shop.storefront_token()),
        ("a powerless member", shop.powerless().await),
        ("a token without scopes", shop.token([]).await),
        ("the rival", shop.rival().in_store("linden")),
    ]
}

async fn try_all(shop: &Shop, entries: Vec<Entry>) {
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    let others = others(shop).await;
    for entry in entries {
        let mut attempt = Attempt { shop, entry: &entry, index: index(), wrong: Vec::new() };
        if let Some(count) = attempt.rightful().await {
            counts.insert(entry.field.to_owned(), count);
            attempt.others(&others).await;
        }
        wrong.extend(attempt.wrong);
    }
    assert_none("documents", &wrong);
    statements::compare(shop.database().backend, &counts);
}

struct Attempt<'a> {
    shop: &'a Shop,
    entry: &'a Entry,
    index: SchemaIndex,
    wrong: Vec<String>,
}

impl Attempt<'_> {
    fn wrong(&mut self, what: impl std::fmt::Display) {
        self.wrong.push(format!("{}: {what}", self.entry.field));
    }

    fn document(&self, variables: &Value) -> String {
        self.entry.document(&self.index, variables)
    }

    fn is_mutation(&self) -> bool {
        is_mutation(&self.index, self.entry.field)
    }

    /// Whether it gave what was asked for.
    fn succeeded(&self, answer: &Answer) -> bool {
        answer.is_ok() && !answer.body["data"][self.entry.field].is_null()
    }

    /// The rightful caller succeeds; answers how many statements it took.
    async fn rightful(&mut self) -> Option<u32> {
        let me = self.entry.rightful.caller(self.shop).await;
        let variables = (self.entry.variables)(self.shop, &me).await;
        let before = self.shop.ledger().await;
        let document = self.document(&variables);
        let answer = me.query(&document, variables).await;
        if !self.succeeded(&answer) {
            self.wrong(format_args!("the rightful caller did not succeed: {answer}\n{document}"));
            return None;
        }
        let told = self.shop.told_since(&before).await;
        let quiet = QUIET.iter().any(|(field, _)| *field == self.entry.field);
        let silent = told.audit.is_empty() || told.events.is_empty();
        match (self.is_mutation(), silent, quiet) {
            (true, true, false) => self.wrong(format_args!("it left {told:?}")),
            (true, false, true) => self.wrong("it is not quiet any more: take it off the list"),
            (false, false, _) => self.wrong(format_args!("a query wrote {told:?}")),
            _ => {}
        }
        Some(answer.statements())
    }

    /// Nobody else does, and nothing is written for any of them.
    async fn others(&mut self, others: &[(&str, Actor)]) {
        let me = self.entry.rightful.caller(self.shop).await;
        let variables = (self.entry.variables)(self.shop, &me).await;
        let document = self.document(&variables);
        let before = self.shop.fingerprint().await;
        let others = match self.entry.rightful {
            Rightful::Anybody => &[],
            // What is a person's own is refused to nobody else but nobody.
            Rightful::Person => &others[..1],
            Rightful::Shopper | Rightful::May(_) | Rightful::Token(_) | Rightful::Owner => others,
        };
        for (who, actor) in others {
            let answer = actor.query(&document, variables.clone()).await;
            self.must_be_refused(who, &answer);
        }
        if !self.is_mutation() {
            self.blind(&me, &document, &variables).await;
        } else if !is_harmless(self.entry, &variables) {
            let answer = self.shop.rival().query(&document, variables.clone()).await;
            self.must_be_refused("the rival at home", &answer);
        }
        if holds_id(&variables) && !(self.is_mutation() && is_harmless(self.entry, &variables)) {
            self.twins(&document, &variables).await;
        }
        let changed = before.changed(&self.shop.fingerprint().await);
        if !changed.is_empty() {
            self.wrong(format_args!("somebody who was refused, or a query, changed {}", changed.join(", ")));
        }
        let answer = me.query(&document, variables).await;
        if !self.succeeded(&answer) {
            self.wrong(format_args!("the ids were not live after all: {answer}"));
        }
    }

    fn must_be_refused(&mut self, who: &str, answer: &Answer) {
        if answer.status >= 500 {
            self.wrong(format_args!("{who} broke something: {answer}"));
        } else if self.succeeded(answer) {
            self.wrong(format_args!("{who} was not refused: {answer}"));
        }
    }

    /// The rival, at home, sees no id of what the rightful caller sees.
    async fn blind(&mut self, me: &Actor, document: &str, variables: &Value) {
        let seen = me.query(document, variables.clone()).await;
        let mine = ids(&seen.body["data"]);
        let answer = self.shop.rival().query(document, variables.clone()).await;
        let theirs = ids(&answer.body["data"]);
        let shared: Vec<&String> = mine.intersection(&theirs).collect();
        if !shared.is_empty() || answer.status >= 500 {
            self.wrong(format_args!("the rival at home saw {shared:?}: {answer}"));
        }
    }

    /// To the rival, what is there and another's is as what never was.
    async fn twins(&mut self, document: &str, variables: &Value) {
        let rival = self.shop.rival();
        let there = rival.query(document, variables.clone()).await;
        let mut text = variables.to_string();
        let mut back = Vec::new();
        for id in ids(variables) {
            let never = format!("{}{}", &id[..id.len() - 4], "zzzz");
            text = text.replace(&id, &never);
            back.push((never, id));
        }
        let never = rival.query(document, serde_json::from_str(&text).expect("variables")).await;
        let mut never_text = comparable(&never);
        for (never, id) in back {
            never_text = never_text.replace(&never, &id);
        }
        if (there.status, comparable(&there)) != (never.status, never_text) {
            self.wrong(format_args!("the rival can tell what is there from what never was: {there}\n{never}"));
        }
    }
}

/// An answer without what is different each time.
fn comparable(answer: &Answer) -> String {
    let mut body = answer.body.clone();
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = Value::Null;
    }
    // What it cost tells how much was found, so that has to be the same, too.
    format!("{body} {}", answer.cost["actual"])
}

fn holds_id(value: &Value) -> bool {
    !ids(value).is_empty()
}

/// Every id in a value.
fn ids(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(text) if rules::ids::split(text).is_some() => BTreeSet::from([text.clone()]),
        Value::Array(list) => list.iter().flat_map(ids).collect(),
        Value::Object(object) => object.values().flat_map(ids).collect(),
        _ => BTreeSet::new(),
    }
}
