//! Ids of others, in every place for an id of every document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::Value;
use stoa::gate::schema_index::{ArgumentEntry, Kind, SchemaIndex};

use super::{Entry, all, answered, assert_none, holds_id, ids, index, is_harmless, is_mutation};
use crate::harness::{Actor, Answer, Shop};

/// How often the rival tries each document with what is there, and with what never was.
const TRIES: usize = 4;

/// How often the rival tries those documents that find a thing by nothing but its id.
const MANY_TRIES: usize = 250;

/// One step into variables: a field of an object, or a place in a list.
#[derive(Debug, Clone)]
enum Step {
    Field(String),
    Place(usize),
}

/// Where an id stands, or could stand.
#[derive(Debug, Clone)]
struct Slot {
    path: Vec<Step>,
    /// The kind of the id that stands there; `None` where there is none yet.
    kind: Option<String>,
    /// Whether the place takes a list.
    is_list: bool,
    /// Whether it takes the place of the one field that is given of a `@oneOf`.
    alone: bool,
}

impl Slot {
    fn fill(&self, variables: &mut Value, id: &str) {
        let mut at = variables;
        let last = self.path.len() - 1;
        for (place, step) in self.path.iter().enumerate() {
            if self.alone && place == last {
                *at = Value::Object(serde_json::Map::new());
            }
            at = match step {
                Step::Field(name) => &mut at[name.as_str()],
                Step::Place(place) => &mut at[*place],
            };
        }
        *at = if self.is_list && self.kind.is_none() { Value::from(vec![id]) } else { Value::from(id) };
    }

    fn name(&self) -> String {
        let steps = self.path.iter().map(|step| match step {
            Step::Field(name) => name.clone(),
            Step::Place(place) => place.to_string(),
        });
        steps.collect::<Vec<_>>().join(".")
    }
}

/// Every place for an id in the variables of a field: those that are filled, and those that are left out of
/// an object that is there.
fn slots(
    index: &SchemaIndex,
    (arguments, alone): (&[ArgumentEntry], bool),
    given: &Value,
    path: &[Step],
    found: &mut Vec<Slot>,
) {
    for argument in arguments {
        let mut path = path.to_vec();
        path.push(Step::Field(argument.name.to_string()));
        let ty = index.get(argument.ty.named);
        let is_list = argument.ty.lists() > 0;
        match given.get(&*argument.name) {
            None if *ty.name == *"ID" => found.push(Slot { path, kind: None, is_list, alone }),
            Some(value) => inside(index, argument, value, path, found),
            None => {}
        }
    }
}

fn inside(index: &SchemaIndex, argument: &ArgumentEntry, value: &Value, path: Vec<Step>, found: &mut Vec<Slot>) {
    let ty = index.get(argument.ty.named);
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let mut path = path.clone();
                path.push(Step::Place(place));
                inside(index, argument, item, path, found);
            }
        }
        Value::String(text) if *ty.name == *"ID" => {
            let kind = rules::ids::split(text).map(|(kind, _)| kind.to_string());
            found.push(Slot { path, kind, is_list: false, alone: false });
        }
        Value::Object(_) if ty.kind == Kind::InputObject => {
            slots(index, (&ty.inputs, is_one_of(&ty.name)), value, &path, found);
        }
        _ => {}
    }
}

/// Whether an input takes one of its fields and no other.
fn is_one_of(input: &str) -> bool {
    static SDL: LazyLock<String> = LazyLock::new(stoa::schema::sdl);
    SDL.contains(&format!("input {input} @oneOf {{"))
}

/// Kinds of ids that nothing has so far.
const NOT_THERE: &[&str] = &["segment", "order"];

/// Everything of the rival's that an id could name, by the kind of its id.
async fn of_rival(shop: &Shop) -> BTreeMap<String, String> {
    let foreign = crate::node::foreign_ids(shop).await.into_iter();
    let mut found: BTreeMap<String, String> =
        foreign.map(|id| (rules::ids::split(&id).expect("an id").0.to_string(), id)).collect();
    let role = crate::harness::tenancy::role(&shop.rival(), shop.rival.id, "Theirs", &[]).await;
    found.insert("role".to_owned(), role);
    found
}

/// Whether it is refused because an id of this kind does not belong there.
fn is_of_another_kind(answer: &Answer) -> bool {
    answer.body.to_string().contains("expected an id that starts with")
}

/// Whether it is refused because nothing has such an id so far.
fn is_of_no_kind(answer: &Answer) -> bool {
    let text = answer.body.to_string();
    NOT_THERE.iter().any(|kind| text.contains(&format!("expected an id that starts with `{kind}_`")))
}

both! {
    async fn promise_p03_no_place_for_an_id_takes_one_of_another_store(db: Database) {
        let shop = Shop::open(db).await;
        let index = index();
        let foreign = of_rival(&shop).await;
        let theirs: BTreeSet<&String> = foreign.values().collect();
        let (mut wrong, mut tried) = (Vec::new(), 0);
        for entry in answered() {
            let root = index.roots().find_map(|root| index.field(root, entry.field)).expect("a root field");
            let me = entry.rightful.caller(&shop).await;
            let mut places = Vec::new();
            slots(&index, (&root.arguments, false), &(entry.variables)(&shop, &me).await, &[], &mut places);
            for slot in places {
                // What kind of id goes into an empty place is found by trying all of them.
                let fits = foreign.iter().filter(|(kind, _)| slot.kind.as_ref().is_none_or(|own| own == *kind));
                let mut taken = 0;
                // Nothing that is tried here is done, so that what was made for one try is good for the next.
                let own = (entry.variables)(&shop, &me).await;
                let before = shop.fingerprint().await;
                for (kind, id) in fits {
                    let mut variables = own.clone();
                    slot.fill(&mut variables, id);
                    let answer = me.query(&entry.document(&index, &variables), variables.clone()).await;
                    taken += usize::from(!is_of_another_kind(&answer) || is_of_no_kind(&answer));
                    tried += 1;
                    let what = format!("{}: {} with the rival's {kind}", entry.field, slot.name());
                    let seen = ids(&answer.body["data"]);
                    let seen: Vec<&String> = theirs.iter().copied().filter(|id| seen.contains(*id)).collect();
                    if !seen.is_empty() || answer.status >= 500 {
                        wrong.push(format!("{what} shows {seen:?}: {answer}"));
                    }
                    if is_mutation(&index, entry.field) {
                        let changed = before.changed(&shop.fingerprint().await);
                        if answer.is_ok() || !changed.is_empty() {
                            wrong.push(format!("{what} was done, and changed {changed:?}: {answer}"));
                        }
                    }
                }
                if slot.kind.is_none() && taken == 0 {
                    wrong.push(format!("{}: no kind of id was tried at {} that goes there", entry.field, slot.name()));
                }
            }
        }
        assert_none("places for ids", &wrong);
        assert!(tried > 100, "only {tried} were tried");
    }

    async fn attack_t22_what_is_anothers_and_what_never_was_can_not_be_told_apart(db: Database) {
        let shop = Shop::open(db).await;
        let (index, rival) = (index(), shop.rival());
        let (mut wrong, mut tried) = (Vec::new(), 0);
        for entry in answered() {
            let me = entry.rightful.caller(&shop).await;
            let variables = (entry.variables)(&shop, &me).await;
            if !holds_id(&variables) || (is_mutation(&index, entry.field) && is_harmless(&entry, &variables)) {
                continue;
            }
            let before = shop.fingerprint().await;
            tried += TRIES;
            for difference in differences(&rival, &entry, &index, &variables, TRIES).await {
                wrong.push(format!("{}: {difference}", entry.field));
            }
            let changed = before.changed(&shop.fingerprint().await);
            if !changed.is_empty() {
                wrong.push(format!("{} changed {changed:?}", entry.field));
            }
        }
        assert_none("the rival can tell these apart", &wrong);
        assert!(tried > 150, "only {tried} were tried");
    }

    async fn attack_t22_hundreds_of_tries_tell_no_more_than_one(db: Database) {
        let shop = Shop::open(db).await;
        let index = index();
        let mut wrong = Vec::new();
        for field in ["node", "brandUpdate", "membershipRemove"] {
            let entry = all().into_iter().find(|entry| entry.field == field).expect("its document");
            let me = entry.rightful.caller(&shop).await;
            let variables = (entry.variables)(&shop, &me).await;
            wrong.extend(differences(&shop.rival(), &entry, &index, &variables, MANY_TRIES).await);
        }
        // A visitor can't tell a draft from nothing either.
        let draft = shop.product(&shop.owner(), crate::harness::json!({ "status": "DRAFT", "publishedAt": null })).await;
        let entry = all().into_iter().find(|entry| entry.field == "node").expect("its document");
        let variables = crate::harness::json!({ "id": draft.id });
        wrong.extend(differences(&shop.anonymous(), &entry, &index, &variables, TRIES).await);
        assert_none("tries tell these apart", &wrong);
    }
}

/// The same variables with ids that never were.
pub fn of_nobody(variables: &Value) -> Value {
    let mut text = variables.to_string();
    for id in ids(variables) {
        text = text.replace(&id, &format!("{}zzzz", &id[..id.len() - 4]));
    }
    serde_json::from_str(&text).expect("variables")
}

/// What differs between the answers to ids that are there and to ids that never were: the status, the codes
/// and messages, the shape, the size, and the number of SQL statements.
async fn differences(who: &Actor, entry: &Entry, index: &SchemaIndex, there: &Value, tries: usize) -> Vec<String> {
    let document = entry.document(index, there);
    let never = of_nobody(there);
    let mut found = Vec::new();
    let first = seen(&who.query(&document, there.clone()).await, there, there);
    for _ in 0..tries {
        for variables in [there, &never] {
            let answer = who.query(&document, variables.clone()).await;
            if seen(&answer, variables, there) != first {
                found.push(format!("{answer} and not {first:?}"));
                return found;
            }
        }
    }
    found
}

/// Everything of an answer that a caller can measure but for the time: an id that is repeated counts as the
/// one in its place.
fn seen(answer: &Answer, asked: &Value, shown: &Value) -> (u16, Value, String, usize, Option<String>) {
    let mut data = answer.body["data"].to_string();
    for (asked, shown) in ids(asked).iter().zip(ids(shown)) {
        data = data.replace(asked, &shown);
    }
    let (status, errors) = answer.refusal();
    let timing = answer.headers.get("server-timing").and_then(|value| value.to_str().ok()).map(str::to_owned);
    (status, errors, data, answer.body.to_string().len(), timing)
}
