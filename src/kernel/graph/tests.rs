//! A small graph of towns and roads, run by the engine from its root on.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Request, Schema, Value};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::{Load, object};
use crate::interface;
use crate::kernel::clock::FrozenClock;
use crate::kernel::ctx::Caller;
use crate::kernel::db::{DatabaseSettings, DatabaseUrl, Db};
use crate::kernel::entropy::SeededEntropy;
use crate::kernel::loaders::Batch;
use crate::kernel::settings::Settings;
use crate::kernel::{Ctx, Error, Result, System};

/// A town.
#[derive(Clone)]
pub struct Town(i32);

/// How many keys were asked for at once.
struct Together;

impl Batch for Together {
    type Key = i32;
    type Value = usize;

    async fn load(_: &Ctx, keys: &[i32]) -> Result<HashMap<i32, usize>> {
        Ok(keys.iter().map(|key| (*key, keys.len())).collect())
    }
}

/// A batch that never comes.
struct Lost;

impl Batch for Lost {
    type Key = i32;
    type Value = Option<i32>;

    async fn load(_: &Ctx, _: &[i32]) -> Result<HashMap<i32, Option<i32>>> {
        Err(Error::Busy)
    }
}

/// A town.
#[object]
impl Town {
    /// Its number.
    fn id(&self) -> i32 {
        self.0
    }

    /// Its name.
    fn name(&self) -> String {
        format!("Town \"{}\"", self.0)
    }

    /// The towns after it, so many.
    fn next(&self, #[graphql(default = 2)] count: i32) -> Vec<Town> {
        (1..=count).map(|step| Town(self.0 + step)).collect()
    }

    /// Null in odd towns.
    fn even(&self) -> Option<Town> {
        (self.0 % 2 == 0).then_some(Town(self.0))
    }

    /// Fails in town 3.
    fn soft(&self) -> Result<Option<i32>> {
        if self.0 == 3 { Err(Error::NotFound) } else { Ok(Some(self.0)) }
    }

    /// Fails in town 3, and is never null.
    fn hard(&self) -> Result<i32> {
        if self.0 == 3 { Err(Error::NotFound) } else { Ok(self.0) }
    }

    /// Fails in town 3, and is an object.
    fn twin(&self) -> Result<Town> {
        if self.0 == 3 { Err(Error::NotFound) } else { Ok(Town(self.0)) }
    }

    /// How many were asked with it.
    fn together(&self) -> Load<Together, i32> {
        Load::<Together, _>::of(self.0, |count| i32::try_from(count).unwrap_or_default())
    }

    /// Is never there.
    fn lost(&self) -> Load<Lost, Option<i32>> {
        Load::<Lost, _>::maybe((self.0 != 1).then_some(self.0), |value| value)
    }

    /// How many were asked with it, by a function that waits.
    async fn waited(&self, ctx: &Ctx) -> Result<i32> {
        ctx.load::<Together>(self.0).await.map(|count| i32::try_from(count).unwrap_or_default())
    }

    /// What lies here.
    fn sights(&self) -> Vec<Sight> {
        let tower = Sight::Tower(Tower { id: self.0, height: 30, view: Some(Town(self.0 + 1)) });
        vec![tower, Sight::Town(Town(self.0)), Sight::Tower(Tower { id: 9, height: 5, view: None })]
    }
}

/// A tower.
#[object]
#[derive(Clone)]
pub struct Tower {
    /// Its number.
    id: i32,
    /// In meters.
    height: i32,
    /// What one sees.
    view: Option<Town>,
}

interface! {
    /// What can be seen.
    pub enum Sight {
        /// A town.
        Town(Town),
        /// A tower.
        Tower(Tower),
    }
    fields {
        "id": "Int!" = "The number.",
    }
}

struct Query;

#[async_graphql::Object]
impl Query {
    async fn town(&self, id: i32) -> Option<Town> {
        Some(Town(id))
    }

    async fn towns(&self, ids: Vec<i32>) -> Vec<Town> {
        ids.into_iter().map(Town).collect()
    }

    async fn sight(&self) -> Option<Sight> {
        Some(Sight::Town(Town(1)))
    }
}

async fn ctx() -> (Ctx, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let seconds = std::time::Duration::from_secs(2);
    let settings = DatabaseSettings {
        url: DatabaseUrl::Sqlite(folder.path().join("graph.sqlite")),
        read_url: None,
        pool_size: 1,
        acquire_timeout: seconds,
        statement_timeout: seconds,
        lock_timeout: seconds,
    };
    let db = Db::connect(&settings).await.expect("a database");
    let clock = Arc::new(FrozenClock::at(DateTime::<Utc>::UNIX_EPOCH));
    let system = System::new(db, clock, Arc::new(SeededEntropy::new(1)), Settings::default());
    (Ctx::new(Arc::new(system), Caller::anonymous("test"), None, Arc::default()), folder)
}

/// The text of the data, in the order in which it was written, and the errors as `path: message`.
async fn run(query: &str) -> (String, Vec<String>) {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let (ctx, _folder) = ctx().await;
    let response = schema.execute(Request::new(query).data(ctx)).await;
    let Value::Object(data) = response.data else { panic!("no data: {:?}", response.errors) };
    let fields: Vec<String> = data
        .iter()
        .map(|(key, value)| match value {
            Value::Binary(json) => format!("{key}:{}", std::str::from_utf8(json).expect("text")),
            Value::List(items) => {
                let items = items.iter().map(|item| match item {
                    Value::Binary(json) => std::str::from_utf8(json).expect("text").to_owned(),
                    other => other.to_string(),
                });
                format!("{key}:[{}]", items.collect::<Vec<_>>().join(","))
            }
            other => format!("{key}:{other}"),
        })
        .collect();
    let path = |error: &async_graphql::ServerError| {
        let segments = error.path.iter().map(|segment| match segment {
            async_graphql::PathSegment::Field(name) => name.clone(),
            async_graphql::PathSegment::Index(index) => index.to_string(),
        });
        segments.collect::<Vec<_>>().join(".")
    };
    let errors = response.errors.iter().map(path).collect();
    (fields.join(" "), errors)
}

async fn data(query: &str) -> Json {
    let (text, errors) = run(query).await;
    assert!(errors.is_empty(), "{errors:?}");
    serde_json::from_str(text.split_once(':').expect("one field").1).expect("JSON")
}

#[tokio::test]
async fn fields_stand_in_the_order_of_the_query_under_their_keys() {
    let (text, _) =
        run("{ town(id: 1) { name b: id __typename next(count: 1) { a: together id } even { id } } }").await;
    let expected = r#"town:{"name":"Town \"1\"","b":1,"__typename":"Town","next":[{"a":1,"id":2}],"even":null}"#;
    assert_eq!(text, expected);
}

#[tokio::test]
async fn selections_under_one_key_are_one_at_every_level() {
    let query = "{ town(id: 2) { even { id } ...More } town(id: 2) { name even { even { id } } } ... on Query { town(id: 2) { id } } } \
                 fragment More on Town { even { name } }";
    let (text, _) = run(query).await;
    let expected = r#"town:{"even":{"id":2,"name":"Town \"2\"","even":{"id":2}},"name":"Town \"2\"","id":2}"#;
    assert_eq!(text, expected);
}

#[tokio::test]
async fn a_batch_takes_all_rows_of_a_level_and_knows_them_afterwards() {
    let found = data("{ town(id: 1) { next(count: 3) { together next { together } } } }").await;
    let inner = |from: i32| {
        // Towns 3 and 4 were read with the level above; 5 and 6 come together.
        let of = |id: i32| json!({ "together": if id <= 4 { 3 } else { 2 } });
        json!({ "together": 3, "next": [of(from + 1), of(from + 2)] })
    };
    assert_eq!(found, json!({ "next": [inner(2), inner(3), inner(4)] }));
}

#[tokio::test]
async fn functions_that_wait_share_their_batch() {
    let found = data("{ town(id: 1) { next(count: 40) { waited } } }").await;
    let all = found["next"].as_array().expect("a list");
    assert!(all.len() == 40 && all.iter().all(|town| town["waited"] == 40), "{found}");
}

#[tokio::test]
async fn what_fails_is_null_and_tells_where() {
    let (text, errors) = run("{ town(id: 1) { next(count: 3) { id soft } } }").await;
    assert_eq!(text, r#"town:{"next":[{"id":2,"soft":2},{"id":3,"soft":null},{"id":4,"soft":4}]}"#);
    assert_eq!(errors, ["town.next.1.soft"]);
}

#[tokio::test]
async fn what_may_not_be_null_takes_its_nearest_parent_along() {
    let (text, errors) = run("{ a: town(id: 2) { even { next(count: 1) { hard } } id } }").await;
    assert_eq!((text.as_str(), errors), (r#"a:{"even":null,"id":2}"#, vec!["a.even.next.0.hard".to_owned()]));
    let (text, errors) = run("{ town(id: 1) { next(count: 2) { twin { id } } } other: town(id: 1) { id } }").await;
    assert_eq!((text.as_str(), errors), (r#"town:null other:{"id":1}"#, vec!["town.next.1.twin".to_owned()]));
}

#[tokio::test]
async fn objects_beside_one_that_failed_keep_their_places_and_paths() {
    let query = "{ town(id: 1) { next(count: 3) { even { id } sights { ... on Tower { view { soft } } } } } }";
    let (text, errors) = run(query).await;
    assert!(text.contains(r#"{"even":null,"sights":[{"view":{"soft":4}},{},{"view":null}]}"#), "{text}");
    assert_eq!(errors, ["town.next.0.sights.0.view.soft"]);
}

#[tokio::test]
async fn a_batch_that_fails_fails_for_each_that_wanted_it() {
    let (text, errors) = run("{ town(id: 0) { next(count: 3) { lost } } }").await;
    assert_eq!(text, r#"town:{"next":[{"lost":null},{"lost":null},{"lost":null}]}"#);
    assert_eq!(errors, ["town.next.1.lost", "town.next.2.lost"]);
}

#[tokio::test]
async fn an_interface_answers_as_each_of_its_members() {
    let query = "{ town(id: 1) { sights { __typename id ... on Tower { height view { id } } ... on Town { name } ...S } } \
                 sight { id ... on Town { even { id } } } } fragment S on Sight { again: id }";
    let (text, _) = run(query).await;
    let expected = concat!(
        r#"town:{"sights":[{"__typename":"Tower","id":1,"height":30,"view":{"id":2},"again":1},"#,
        r#"{"__typename":"Town","id":1,"name":"Town \"1\"","again":1},"#,
        r#"{"__typename":"Tower","id":9,"height":5,"view":null,"again":9}]} sight:{"id":1,"even":null}"#
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn a_list_at_the_root_counts_in_paths() {
    let (text, errors) = run("{ towns(ids: [1, 3]) { soft next(count: 1) { id } } }").await;
    assert_eq!(text, r#"towns:[{"soft":1,"next":[{"id":2}]},{"soft":null,"next":[{"id":4}]}]"#);
    assert_eq!(errors, ["towns.1.soft"]);
}

#[test]
fn the_schema_knows_objects_and_interfaces() {
    let sdl = Schema::new(Query, EmptyMutation, EmptySubscription).sdl();
    for line in ["type Tower implements Sight {", "interface Sight {", "next(count: Int! = 2): [Town!]!", "view: Town"]
    {
        assert!(sdl.contains(line), "{line} in {sdl}");
    }
}
