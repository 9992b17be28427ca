use async_graphql::{
    EmptySubscription, Enum, Error, Interface, Object, Result, Schema, SimpleObject, Union, Value, value,
};

use super::*;
use crate::gate::access::AccessRules;
use crate::gate::directives::public;
use crate::http::guard::Limits;

/// Lets others go first, so that fields complete in another order than they stand.
async fn late<T>(turns: usize, value: T) -> T {
    for _ in 0..turns {
        tokio::task::yield_now().await;
    }
    value
}

fn fail<T>() -> Result<T> {
    Err(Error::new("failed"))
}

#[derive(Clone, Copy, PartialEq, Eq, Enum)]
enum Color {
    DeepRed,
}

struct Thing(i32);

#[Object]
impl Thing {
    async fn id(&self) -> i32 {
        late((5 - self.0.min(5)) as usize, self.0).await
    }
    async fn name(&self) -> String {
        late(3, format!("thing \"{}\"\n\u{1}é", self.0)).await
    }
    async fn soft(&self) -> Result<Option<i32>> {
        late(1, fail()).await
    }
    async fn hard(&self) -> Result<i32> {
        late(2, fail()).await
    }
    /// Fails in the second thing only.
    async fn even(&self) -> Result<i32> {
        late(1, if self.0 == 2 { fail() } else { Ok(self.0) }).await
    }
    async fn none(&self) -> Option<Thing> {
        None
    }
    async fn child(&self) -> Option<Thing> {
        late(2, Some(Thing(self.0 + 1))).await
    }
    async fn must(&self) -> Thing {
        late(1, Thing(self.0 + 1)).await
    }
    async fn must_fail(&self) -> Result<Thing> {
        fail()
    }
}

#[derive(SimpleObject)]
struct Dog {
    name: String,
    barks: bool,
}

struct Cat;

#[Object]
impl Cat {
    async fn name(&self) -> String {
        late(4, "Tom".to_owned()).await
    }
    async fn lives(&self) -> Result<i32> {
        fail()
    }
    async fn naps(&self) -> Result<Option<i32>> {
        fail()
    }
}

#[derive(Interface)]
#[graphql(field(name = "name", ty = "String"))]
enum Named {
    Dog(Dog),
    Cat(Cat),
}

#[derive(Union)]
enum Pet {
    Dog(Dog),
    Cat(Cat),
}

fn rex() -> Dog {
    Dog { name: "Rex".into(), barks: true }
}

struct Query;

#[Object]
impl Query {
    #[graphql(directive = public::apply())]
    async fn slow(&self) -> i32 {
        late(9, 1).await
    }
    #[graphql(directive = public::apply())]
    async fn fast(&self, #[graphql(default = 2)] n: i32) -> i32 {
        n
    }
    #[graphql(directive = public::apply())]
    async fn color(&self) -> Color {
        Color::DeepRed
    }
    #[graphql(directive = public::apply())]
    async fn ratio(&self) -> f64 {
        1.5
    }
    #[graphql(directive = public::apply())]
    async fn json(&self) -> async_graphql::Json<serde_json::Value> {
        async_graphql::Json(serde_json::json!({ "b": [1, null, { "a": "x" }], "a": false }))
    }
    #[graphql(directive = public::apply())]
    async fn soft(&self) -> Result<Option<i32>> {
        fail()
    }
    #[graphql(directive = public::apply())]
    async fn hard(&self) -> Result<i32> {
        fail()
    }
    #[graphql(directive = public::apply())]
    async fn thing(&self) -> Option<Thing> {
        late(3, Some(Thing(1))).await
    }
    #[graphql(directive = public::apply())]
    async fn must(&self) -> Thing {
        Thing(1)
    }
    #[graphql(directive = public::apply())]
    async fn things(&self) -> Vec<Thing> {
        vec![Thing(1), Thing(2), Thing(3)]
    }
    #[graphql(directive = public::apply())]
    async fn some_things(&self) -> Option<Vec<Thing>> {
        Some(vec![Thing(1), Thing(2), Thing(3)])
    }
    #[graphql(directive = public::apply())]
    async fn maybe_things(&self) -> Vec<Option<Thing>> {
        vec![Some(Thing(1)), None, Some(Thing(2))]
    }
    #[graphql(directive = public::apply())]
    async fn grid(&self) -> Vec<Option<Vec<Thing>>> {
        vec![Some(vec![Thing(1)]), Some(vec![Thing(2), Thing(3)]), None]
    }
    #[graphql(directive = public::apply())]
    async fn failing_list(&self) -> Result<Option<Vec<Thing>>> {
        fail()
    }
    #[graphql(directive = public::apply())]
    async fn named(&self) -> Vec<Named> {
        vec![Named::Dog(rex()), Named::Cat(Cat)]
    }
    #[graphql(directive = public::apply())]
    async fn pets(&self) -> Vec<Option<Pet>> {
        vec![Some(Pet::Cat(Cat)), None, Some(Pet::Dog(rex()))]
    }
    #[graphql(directive = public::apply())]
    async fn by_id(&self, id: rules::ids::ProductId) -> Option<i32> {
        let _ = id;
        Some(1)
    }
    #[graphql(directive = public::apply())]
    async fn many(&self) -> Vec<Option<Thing>> {
        (0..20).map(|n| Some(Thing(n))).collect()
    }
}

struct Mutation;

#[Object]
impl Mutation {
    #[graphql(directive = public::apply())]
    async fn first(&self) -> Option<Thing> {
        Some(Thing(1))
    }
    #[graphql(directive = public::apply())]
    async fn second(&self) -> Result<Option<Thing>> {
        fail()
    }
}

struct Asked {
    engine: serde_json::Value,
    answer: Answer,
    body: Vec<u8>,
}

impl Asked {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
    /// The text of `data` alone.
    fn data(&self) -> &str {
        let text = self.text();
        let start = text.find("\"data\":").unwrap() + 7;
        &text[start..text.len() - 1]
    }
    fn errors(&self) -> usize {
        self.json()["errors"].as_array().map_or(0, Vec::len)
    }
}

async fn ask(query: &str, variables: Value) -> Asked {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let index = SchemaIndex::read(&schema.sdl()).unwrap();
    let rules = AccessRules::read(&index).unwrap();
    let limits = Limits::default();
    let document = Document::prepare(query, &index, &rules, &limits).unwrap();
    let operation = document.operation(None).unwrap();
    let bound = operation.bind(&Variables::from_value(variables), &limits).unwrap();
    let response = schema.execute(document.request(operation, bound.variables.clone())).await;
    let answer = write(&document, operation.name(), &bound.variables, &index, &response);
    Asked { engine: serde_json::to_value(&response).unwrap(), body: answer.body(), answer }
}

/// Each query with the text of its data, and how many errors there are.
async fn table(cases: &[(&str, &str, usize)]) {
    for (query, data, errors) in cases {
        let asked = ask(query, value!({})).await;
        assert_eq!(asked.data(), *data, "{query}\n{}", asked.engine);
        assert_eq!(asked.errors(), *errors, "{query}");
    }
}

#[tokio::test]
async fn fields_stand_in_the_querys_order_whatever_completes_first() {
    table(&[
        ("{ slow fast color ratio }", r#"{"slow":1,"fast":2,"color":"DEEP_RED","ratio":1.5}"#, 0),
        ("{ fast slow }", r#"{"fast":2,"slow":1}"#, 0),
        ("{ b: slow a: fast(n: 7) fast }", r#"{"b":1,"a":7,"fast":2}"#, 0),
        ("{ thing { name id } }", "{\"thing\":{\"name\":\"thing \\\"1\\\"\\n\\u0001é\",\"id\":1}}", 0),
        (
            "{ things { child { id } id } }",
            r#"{"things":[{"child":{"id":2},"id":1},{"child":{"id":3},"id":2},{"child":{"id":4},"id":3}]}"#,
            0,
        ),
        (
            "{ __typename t: __typename must { __typename id } }",
            r#"{"__typename":"Query","t":"Query","must":{"__typename":"Thing","id":1}}"#,
            0,
        ),
        ("{ json }", r#"{"json":{"a":false,"b":[1,null,{"a":"x"}]}}"#, 0),
        ("{ thing { none { id } } }", r#"{"thing":{"none":null}}"#, 0),
        ("{ maybeThings { id } }", r#"{"maybeThings":[{"id":1},null,{"id":2}]}"#, 0),
        ("{ grid { id } }", r#"{"grid":[[{"id":1}],[{"id":2},{"id":3}],null]}"#, 0),
    ])
    .await;
}

#[tokio::test]
async fn fragments_and_merged_fields_stand_where_they_are_first_met() {
    table(&[
        ("{ ...f slow } fragment f on Query { fast thing { id } }", r#"{"fast":2,"thing":{"id":1},"slow":1}"#, 0),
        ("{ slow ... { color } ... on Query { fast slow } }", r#"{"slow":1,"color":"DEEP_RED","fast":2}"#, 0),
        ("{ thing { id } fast thing { child { id } } }", r#"{"thing":{"id":1,"child":{"id":2}},"fast":2}"#, 0),
        (
            "{ thing { child { id } } ...f } fragment f on Query { thing { child { c: child { id } id } id } }",
            r#"{"thing":{"child":{"id":2,"c":{"id":3}},"id":1}}"#,
            0,
        ),
        (
            "{ things { id } things { must { id } } }",
            r#"{"things":[{"id":1,"must":{"id":2}},{"id":2,"must":{"id":3}},{"id":3,"must":{"id":4}}]}"#,
            0,
        ),
        // The engine forgets the second where all of the first failed.
        ("{ thing { soft } thing { id } }", r#"{"thing":{"soft":null,"id":1}}"#, 1),
    ])
    .await;
}

#[tokio::test]
async fn interfaces_and_unions_answer_what_fits_their_type_at_run_time() {
    table(&[
        (
            "{ named { ... on Cat { naps } name ... on Dog { barks } } }",
            r#"{"named":[{"name":"Rex","barks":true},{"naps":null,"name":"Tom"}]}"#,
            1,
        ),
        (
            "{ named { ...n __typename } } fragment n on Named { x: name ... on Dog { barks } }",
            r#"{"named":[{"x":"Rex","barks":true,"__typename":"Dog"},{"x":"Tom","__typename":"Cat"}]}"#,
            0,
        ),
        (
            "{ pets { ... on Named { name } ... on Dog { barks } } }",
            r#"{"pets":[{"name":"Tom"},null,{"name":"Rex","barks":true}]}"#,
            0,
        ),
        ("{ pets { ... on Dog { barks } } }", r#"{"pets":[{},null,{"barks":true}]}"#, 0),
        ("{ pets { ... on Cat { name lives } ... on Dog { name } } }", r#"{"pets":[null,null,{"name":"Rex"}]}"#, 1),
        ("{ pets { ... on Pet { __typename } } }", r#"{"pets":[{"__typename":"Cat"},null,{"__typename":"Dog"}]}"#, 0),
        ("{ pets { ... on Cat { naps } } }", r#"{"pets":[{"naps":null},null,{}]}"#, 1),
    ])
    .await;
}

#[tokio::test]
async fn nulls_stand_where_the_specification_wants_them() {
    table(&[
        ("{ fast soft }", r#"{"fast":2,"soft":null}"#, 1),
        ("{ soft }", r#"{"soft":null}"#, 1),
        ("{ fast hard }", "null", 1),
        ("{ thing { id hard } fast }", r#"{"thing":null,"fast":2}"#, 1),
        ("{ thing { hard } fast }", r#"{"thing":null,"fast":2}"#, 1),
        ("{ thing { id soft } }", r#"{"thing":{"id":1,"soft":null}}"#, 1),
        ("{ thing { soft } }", r#"{"thing":{"soft":null}}"#, 1),
        ("{ must { id hard } }", "null", 1),
        ("{ fast thing { id must { must { hard } } } }", r#"{"fast":2,"thing":null}"#, 1),
        ("{ thing { id child { id must { hard } } } }", r#"{"thing":{"id":1,"child":null}}"#, 1),
        ("{ thing { mustFail { id } } fast }", r#"{"thing":null,"fast":2}"#, 1),
        ("{ things { even } }", "null", 1),
        ("{ fast someThings { even } }", r#"{"fast":2,"someThings":null}"#, 1),
        ("{ maybeThings { even id } }", r#"{"maybeThings":[{"even":1,"id":1},null,null]}"#, 1),
        ("{ maybeThings { soft } }", r#"{"maybeThings":[{"soft":null},null,{"soft":null}]}"#, 2),
        (
            "{ things { child { even id } } }",
            r#"{"things":[{"child":null},{"child":{"even":3,"id":3}},{"child":{"even":4,"id":4}}]}"#,
            1,
        ),
        ("{ grid { even } }", r#"{"grid":[[{"even":1}],null,null]}"#, 1),
        ("{ failingList { id } fast }", r#"{"failingList":null,"fast":2}"#, 1),
        ("{ thing { soft a: soft hard } s: soft }", r#"{"thing":null,"s":null}"#, 4),
        ("mutation { first { id } second { id } }", r#"{"first":{"id":1},"second":null}"#, 1),
        ("mutation { second { id } }", r#"{"second":null}"#, 1),
    ])
    .await;
}

#[tokio::test]
async fn skipped_fields_are_not_there_and_what_is_left_of_an_object_is() {
    table(&[
        ("{ fast slow @skip(if: true) }", r#"{"fast":2}"#, 0),
        ("{ fast @skip(if: true) }", "{}", 0),
        ("{ thing { id @skip(if: true) } }", r#"{"thing":{}}"#, 0),
        ("{ thing { none { id @include(if: false) } } }", r#"{"thing":{"none":null}}"#, 0),
        (
            "{ fast ... @include(if: false) { slow } ...f @skip(if: true) } fragment f on Query { color }",
            r#"{"fast":2}"#,
            0,
        ),
        ("{ slow @skip(if: true) fast slow }", r#"{"fast":2,"slow":1}"#, 0),
        (
            "query($yes: Boolean! = true) { fast slow @skip(if: $yes) color @include(if: $yes) }",
            r#"{"fast":2,"color":"DEEP_RED"}"#,
            0,
        ),
    ])
    .await;
    let query =
        "query($yes: Boolean! = true) { fast slow @skip(if: $yes) thing { id ... @include(if: $yes) { soft } } }";
    let asked = ask(query, value!({ "yes": false })).await;
    assert_eq!(asked.text(), r#"{"data":{"fast":2,"slow":1,"thing":{"id":1}}}"#);
}

#[tokio::test]
async fn errors_keep_their_path_and_place_and_stand_first() {
    let asked = ask("{ fast thing { soft } }", value!({})).await;
    assert_eq!(
        asked.text(),
        r#"{"errors":[{"message":"failed","locations":[{"line":1,"column":16}],"path":["thing","soft"]}],"data":{"fast":2,"thing":{"soft":null}}}"#
    );
    let asked = ask("{ maybeThings { soft } }", value!({})).await;
    assert_eq!(asked.json()["errors"][1]["path"], serde_json::json!(["maybeThings", 2, "soft"]));
    assert!(asked.answer.data.is_some());
}

#[tokio::test]
async fn an_argument_that_only_its_own_type_refuses_fails_its_field_alone() {
    table(&[
        (r#"{ byId(id: "variant_1") }"#, r#"{"byId":null}"#, 1),
        (r#"{ fast byId(id: "variant_1") }"#, r#"{"fast":2,"byId":null}"#, 1),
    ])
    .await;
}

#[tokio::test]
async fn at_most_five_errors_are_told_and_all_of_them_count() {
    let asked = ask("{ many { hard } }", value!({})).await;
    assert_eq!(asked.errors(), ERRORS_SHOWN);
    assert_eq!(asked.data(), format!(r#"{{"many":[{}]}}"#, ["null"; 20].join(",")));
}

#[tokio::test]
async fn attack_g06_g09_validation_tells_at_most_five_errors_and_no_data() {
    let unknown: String = (0..900).map(|n| format!("x{n} ")).collect();
    let directives: String = (0..10).map(|n| format!("@d{n} ")).collect();
    let fragments: String = (0..60).map(|n| format!("fragment f{n} on Query {{ fast }} ")).collect();
    let long_name = format!("{{ {} }}", "x".repeat(100_000));
    for query in [
        format!("{{ {unknown} }}"),
        format!("{{ fast {directives} }}"),
        format!("{{ fast }} {fragments}"),
        long_name,
        "{ thing }".to_owned(),
        "{ fast { id } }".to_owned(),
        "query($x: Int = 1) { fast(n: $y) }".to_owned(),
    ] {
        let asked = ask(&query, value!({})).await;
        assert!(asked.answer.data.is_none() && asked.json().get("data").is_none(), "{}", asked.text());
        assert!((1..=ERRORS_SHOWN).contains(&asked.errors()) && asked.text().len() < 5_000);
    }
}

#[tokio::test]
async fn introspection_is_answered_as_the_engine_does_but_for_order() {
    let query = "query { __schema { description queryType { name } mutationType { name } subscriptionType { name }
        types { kind name description specifiedByURL isOneOf
            fields(includeDeprecated: true) { name args { name type { ...T } defaultValue isDeprecated } type { ...T } deprecationReason }
            inputFields { name type { ...T } } interfaces { ...T } possibleTypes { ...T } enumValues { name isDeprecated } }
        directives { name locations isRepeatable args { name type { ...T } } } } fast }
        fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { name } } } }";
    let asked = ask(query, value!({})).await;
    assert_eq!(asked.json(), asked.engine);
    assert!(
        asked.text().starts_with(r#"{"data":{"__schema":{"description":"#) && asked.text().ends_with(r#","fast":2}}"#)
    );
    let asked = ask(r#"{ __type(name: "Nothing") { name } t: __type(name: "Thing") { name kind } }"#, value!({})).await;
    assert_eq!(asked.data(), r#"{"__type":null,"t":{"name":"Thing","kind":"OBJECT"}}"#);
}

#[test]
fn a_refusal_is_written_with_its_codes_and_no_data() {
    let body = write_refusal(&Refusal::TooManyAliases { limit: 60 });
    assert_eq!(
        String::from_utf8(body).unwrap(),
        r#"{"errors":[{"message":"The query uses more than 60 aliases. Split it into several requests.","extensions":{"code":"QUERY_TOO_COMPLEX","reason":"TOO_MANY_ALIASES"}}]}"#
    );
}

#[tokio::test]
async fn extensions_are_written_last() {
    let schema = Schema::new(Query, Mutation, EmptySubscription);
    let index = SchemaIndex::read(&schema.sdl()).unwrap();
    let rules = AccessRules::read(&index).unwrap();
    let document = Document::prepare("{ soft }", &index, &rules, &Limits::default()).unwrap();
    let request = document.request(document.operation(None).unwrap(), Variables::default());
    let response = schema.execute(request).await;
    let mut body = write(&document, None, &Variables::default(), &index, &response).body();
    extend(&mut body, &serde_json::json!({ "cost": { "requested": 1 } }));
    let text = String::from_utf8(body).unwrap();
    assert!(text.ends_with(r#""data":{"soft":null},"extensions":{"cost":{"requested":1}}}"#), "{text}");
}

#[test]
fn a_null_that_nobody_explains_is_an_error_all_the_same() {
    let index = SchemaIndex::read("type Query { a: Int! @public } schema { query: Query }").unwrap();
    let rules = AccessRules::read(&index).unwrap();
    let document = Document::prepare("{ a }", &index, &rules, &Limits::default()).unwrap();
    let response = Response::new(value!({ "a": null }));
    let answer = write(&document, None, &Variables::default(), &index, &response);
    let json: serde_json::Value = serde_json::from_slice(&answer.body()).unwrap();
    assert_eq!(json["data"], serde_json::Value::Null);
    assert_eq!(json["errors"].as_array().unwrap().len(), 1);
}
