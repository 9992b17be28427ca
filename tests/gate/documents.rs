//! Stories of documents that are not what they should be.

use serde_json::Value;

use super::{ask, assert_refused, in_public};
use crate::harness::{Answer, Shop, json};

const CREATE: &str = "mutation($skip: Boolean) { brandCreate(input: { name: \"Oak\" }) @skip(if: $skip) { brand { id } userErrors { code } } }";

/// What is misspelt, the document with it in, its variables, and the name that it was meant to be.
fn misspelt() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("a field of the root", "{ brandz { nodes { id } } }", json!({}), "brands"),
        ("a field below", "{ brands { nodes { nam } } }", json!({}), "name"),
        ("a field of a connection", "{ brands { totalCoun } }", json!({}), "totalCount"),
        ("an argument", "{ brands(firs: 2) { totalCount } }", json!({}), "first"),
        ("an enum value", "{ brands(sort: NEWES) { totalCount } }", json!({}), "NEWEST"),
        (
            "an enum value in a variable",
            "query($sort: BrandSort!) { brands(sort: $sort) { totalCount } }",
            json!({ "sort": "NEWES" }),
            "NEWEST",
        ),
        ("a field of an input", "{ brands(filter: { namePrefi: \"a\" }) { totalCount } }", json!({}), "namePrefix"),
        (
            "a field of an input in a variable",
            "query($filter: BrandFilterInput) { brands(filter: $filter) { totalCount } }",
            json!({ "filter": { "namePrefi": "a" } }),
            "namePrefix",
        ),
        (
            "a type of a variable",
            "query($x: BrandFilterInpu) { brands(filter: $x) { totalCount } }",
            json!({}),
            "BrandFilterInput",
        ),
        ("a type of a fragment", "{ brands { nodes { ... on Bran { id } } } }", json!({}), "Brand"),
        ("a directive", "{ brands { nodes { id @skp(if: true) } } }", json!({}), "skip"),
        ("a mutation", "mutation { brandCreat(input: { name: \"a\" }) { brand { id } } }", json!({}), "brandCreate"),
        (
            "a field of a mutation's input",
            "mutation { brandCreate(input: { name: \"a\", slg: \"a\" }) { brand { id } } }",
            json!({}),
            "slug",
        ),
    ]
}

/// Whether a text holds a name as a word of its own.
fn says(answer: &Answer, name: &str) -> bool {
    let text = answer.body.to_string();
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.any(|word| word == name)
}

both! {
    async fn attack_g21_a_misspelt_name_is_told_nothing_where_the_schema_is_not_told(db: Database) {
        let shop = in_public(db).await;
        let before = shop.fingerprint().await;
        for (what, document, variables, meant) in misspelt() {
            for who in [shop.anonymous(), shop.storefront_token(), shop.owner()] {
                let answer = who.query(document, variables.clone()).await;
                assert_refused(&answer, what);
                assert!(!says(&answer, meant), "{what} was told {meant}: {answer}");
                assert!(!answer.body.to_string().to_lowercase().contains("did you mean"), "{what}: {answer}");
            }
        }
        for document in ["{ __schema { types { name } } }", "{ __type(name: \"Brand\") { fields { name } } }"] {
            let answer = ask(&shop.owner(), document).await;
            assert_refused(&answer, document);
            assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED");
        }
        // What the type of an object is called is no secret.
        assert_eq!(ask(&shop.anonymous(), "{ __typename }").await.ok().text("__typename"), "Query");
        shop.assert_unchanged(&before).await;
    }

    async fn where_the_schema_is_told_a_misspelt_name_is_helped(db: Database) {
        let shop = Shop::open(db).await;
        let answer = ask(&shop.anonymous(), "{ brandz { nodes { id } } }").await;
        assert!(answer.message().contains("\"brands\""), "{answer}");
    }

    async fn attack_g25_answers_come_in_one_piece_or_not_at_all(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        for document in [
            "{ brands { nodes { id ... @defer { name } } } }",
            "{ brands { nodes { ...Name @defer(label: \"late\", if: true) } } } fragment Name on Brand { name }",
            "{ brands { nodes @stream(initialCount: 0) { name } } }",
        ] {
            let answer = ask(&shop.anonymous(), document).await;
            assert_refused(&answer, document);
            assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{answer}");
        }
        // Whoever takes nothing but parts is told so; whoever takes JSON too gets JSON.
        let accepting = async |accept: &str| {
            let request = shop.client().post(format!("{}/graphql", shop.url())).header("accept", accept);
            let request = request.header("x-store", "linden").json(&json!({ "query": "{ brands { nodes { name } } }" }));
            let answer = request.send().await.expect("an answer");
            let kind = answer.headers()["content-type"].to_str().expect("a text").to_owned();
            (answer.status().as_u16(), kind, answer.json::<Value>().await.expect("JSON"))
        };
        for parts in ["multipart/mixed", "multipart/mixed; deferSpec=20220824", "multipart/mixed; subscriptionSpec=1.0"] {
            let (status, kind, body) = accepting(parts).await;
            assert_eq!((status, kind.as_str()), (406, "application/json; charset=utf-8"), "{parts}");
            assert_eq!(body["errors"][0]["extensions"]["code"], "NOT_ACCEPTABLE", "{parts}");
        }
        for (either, expected) in [
            ("multipart/mixed; deferSpec=20220824, application/json", "application/json; charset=utf-8"),
            ("multipart/mixed, application/graphql-response+json", "application/graphql-response+json; charset=utf-8"),
        ] {
            let (status, kind, body) = accepting(either).await;
            assert_eq!((status, kind.as_str()), (200, expected), "{either}");
            assert_eq!(body["data"], json!({ "brands": { "nodes": [{ "name": "Oak" }] } }), "{either}");
        }
    }

    async fn attack_g25_a_condition_that_is_not_given_decides_nothing(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let before = shop.fingerprint().await;
        for (document, variables) in [
            // It may be null, and a condition may not.
            (CREATE, json!({})),
            (CREATE, json!({ "skip": null })),
            (CREATE, json!({ "skip": true })),
            // It is not declared; it has no value; it is no condition.
            ("mutation { brandCreate(input: { name: \"Oak\" }) @skip(if: $missing) { brand { id } } }", json!({ "missing": false })),
            ("mutation { brandCreate(input: { name: \"Oak\" }) @include(if: $missing) { brand { id } } }", json!({})),
            ("mutation($skip: Boolean!) { brandCreate(input: { name: \"Oak\" }) @skip(if: $skip) { brand { id } } }", json!({})),
            ("mutation($skip: Boolean!) { brandCreate(input: { name: \"Oak\" }) @skip(if: $skip) { brand { id } } }", json!({ "skip": null })),
            ("mutation($skip: Boolean!) { brandCreate(input: { name: \"Oak\" }) @skip(if: $skip) { brand { id } } }", json!({ "skip": "false" })),
            ("mutation { brandCreate(input: { name: \"Oak\" }) @skip(if: \"false\") { brand { id } } }", json!({})),
            ("mutation { brandCreate(input: { name: \"Oak\" }) @skip(if: null) { brand { id } } }", json!({})),
            ("mutation { brandCreate(input: { name: \"Oak\" }) @skip { brand { id } } }", json!({})),
            ("{ brands @include(if: $missing) { nodes { id } } }", json!({})),
            ("{ brands { nodes { ...Name @skip(if: $missing) } } } fragment Name on Brand { name }", json!({})),
        ] {
            let answer = owner.query(document, variables.clone()).await;
            assert_refused(&answer, &format!("{document} with {variables}"));
        }
        shop.assert_unchanged(&before).await;
        // One that is given does, a default too.
        let answer = ask(&owner, "query($no: Boolean = false) { brands { totalCount @include(if: $no) nodes { id } } }").await;
        assert_eq!(answer.ok().body["data"], json!({ "brands": { "nodes": [] } }));
    }

    async fn attack_h14_nothing_of_a_request_becomes_sql(db: Database) {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        shop.brand_of_rival("Rival").await;
        let (visitor, owner) = (shop.anonymous(), shop.owner());
        let brands = async |document: &str, variables: Value| visitor.query(document, variables).await;
        let list = "query($after: String, $prefix: String, $first: Int) { \
            brands(first: $first, after: $after, filter: { namePrefix: $prefix }) { totalCount nodes { name } pageInfo { endCursor } } }";
        let plain = brands(list, json!({})).await.ok();
        let before = shop.fingerprint().await;
        for splice in [
            "en' OR 1=1--",
            "en\"; DROP TABLE brands; --",
            "'; UPDATE brands SET name = 'Taken'; --",
            "1) UNION SELECT id, name FROM brands --",
            "en\\' OR \\'1\\'=\\'1",
            "$1",
            "?1",
            "%",
            "_ak",
            "0; SELECT pg_sleep(60)",
        ] {
            // The language is read in its plain form, and is English where it has none.
            let answer = visitor.clone().with_header("accept-language", splice).query(list, json!({})).await.ok();
            assert_eq!(answer.body["data"], plain.body["data"], "{splice}");
            assert_eq!(answer.statements(), plain.statements(), "{splice}");
            // A currency and a store are found, or they are not.
            let answer = visitor.clone().with_header("x-currency", splice).query(list, json!({})).await;
            assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{splice}: {answer}");
            let answer = visitor.clone().in_store(splice).query(list, json!({})).await;
            assert_eq!((answer.status, answer.code()), (400, "NOT_FOUND"), "{splice}: {answer}");
            // An order is one of the list's own, wherever it is written.
            let literal = serde_json::to_string(splice).expect("a text");
            for document in [
                format!("{{ brands(sort: {literal}) {{ totalCount }} }}"),
                format!("query($sort: BrandSort = {literal}) {{ brands(sort: $sort) {{ totalCount }} }}"),
            ] {
                assert_refused(&ask(&visitor, &document).await, &document);
            }
            let sorted = "query($sort: ProductSort!) { products(sort: $sort) { totalCount } }";
            assert_refused(&visitor.query(sorted, json!({ "sort": splice })).await, splice);
            // A cursor is one of ours, and a filter is a text like any other: no sign in it means anything.
            let answer = brands(list, json!({ "after": splice })).await;
            assert_eq!(answer.code(), "BAD_USER_INPUT", "{splice}: {answer}");
            let answer = brands(list, json!({ "prefix": splice })).await.ok();
            assert_eq!(answer.number("brands.totalCount"), 0, "{splice}");
            for document in [
                "query($text: String!) { found: brand(slug: $text) { id } }",
                "query($text: String!) { found: product(slug: $text) { id } }",
                "query($text: String!) { found: category(slug: $text) { id } }",
                "query($text: String!) { found: collection(slug: $text) { id } }",
                "query($text: String!) { found: tag(name: $text) { id } }",
                "query($text: String!) { found: product(externalId: $text) { id } }",
            ] {
                let answer = owner.query(document, json!({ "text": splice })).await.ok();
                assert_eq!(*answer.data("found"), Value::Null, "{document} with {splice}");
            }
        }
        shop.assert_unchanged(&before).await;
        // What was written stays what it is, to the letter.
        let name = "Robert'); DROP TABLE brands;-- %_\\";
        let answer = owner.query("mutation($name: String!) { brandCreate(input: { name: $name }) { brand { name } userErrors { code } } }", json!({ "name": name })).await.ok();
        assert_eq!(answer.text("brandCreate.brand.name"), name);
        assert_eq!(brands(list, json!({ "prefix": name })).await.ok().number("brands.totalCount"), 1);
    }
}
