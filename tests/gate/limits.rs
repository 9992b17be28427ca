//! Stories of what one request may ask for: each limit at its edge, and one beyond it.

use serde_json::{Value, json};

use super::assert_refused;
use crate::harness::Shop;

/// A document or its variables at a limit and beyond it.
struct Limit {
    what: &'static str,
    /// The document with so many of it, and its variables.
    of: fn(usize) -> (String, Value),
    /// How many pass.
    limit: usize,
    /// Why more do not.
    reason: &'static str,
}

fn repeated(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(" ")
}

fn limits() -> Vec<Limit> {
    vec![
        Limit {
            what: "tokens",
            // Two braces of the operation, twelve tokens for each of ten fields, and the ids.
            of: |count| {
                let ids = count - 2 - 10 * 12;
                let field = |n: usize| {
                    let here = if n < 9 { 200 } else { ids - 9 * 200 };
                    format!("a{n}: nodes(ids: [{}]) {{ id }}", "\"brand_01h455vb4pex5vsknk084sn02q\" ".repeat(here))
                };
                (format!("{{ {} }}", repeated(10, field)), json!({}))
            },
            limit: 2_000,
            reason: "TOO_MANY_TOKENS",
        },
        Limit {
            what: "aliases",
            of: |count| (format!("{{ {} }}", repeated(count, |n| format!("a{n}: __typename"))), json!({})),
            limit: 60,
            reason: "TOO_MANY_ALIASES",
        },
        Limit {
            what: "directives",
            of: |count| {
                (format!("{{ {} }}", repeated(count, |_| "__typename @include(if: true)".to_owned())), json!({}))
            },
            limit: 50,
            reason: "TOO_MANY_DIRECTIVES",
        },
        Limit {
            what: "selections once fragments are expanded",
            of: |count| {
                // The operation and each spread count beside the fields.
                let (spreads, each) = (10, (count - 1 - 10) / 10);
                let rest = count - 1 - spreads - spreads * each;
                let spread = "...Ten ".repeat(spreads);
                let own = "__typename ".repeat(rest);
                (format!("{{ {spread} {own} }} fragment Ten on Query {{ {} }}", "__typename ".repeat(each)), json!({}))
            },
            limit: 1_000,
            reason: "TOO_MANY_SELECTIONS",
        },
        Limit {
            what: "operations",
            of: |count| (repeated(count, |n| format!("query Q{n} {{ __typename }}")), json!({})),
            limit: 5,
            reason: "TOO_MANY_OPERATIONS",
        },
        Limit {
            what: "levels of fields",
            of: |count| {
                // `categories`, `nodes` and a leaf, and a parent for each level between them.
                let parents = count - 3;
                let text = format!(
                    "{{ categories(first: 1) {{ nodes {{ {} id {} }} }} }}",
                    "parent { ".repeat(parents),
                    "}".repeat(parents)
                );
                (text, json!({}))
            },
            limit: 15,
            reason: "TOO_DEEP",
        },
        Limit {
            what: "rows of a page",
            of: |count| (format!("{{ brands(first: {count}) {{ nodes {{ id }} }} }}"), json!({})),
            limit: 100,
            reason: "PAGE_TOO_LARGE",
        },
        Limit {
            what: "rows of a page, by a variable",
            of: |count| ("query($n: Int) { brands(last: $n) { nodes { id } } }".to_owned(), json!({ "n": count })),
            limit: 100,
            reason: "PAGE_TOO_LARGE",
        },
        Limit {
            what: "items of a list",
            of: |count| {
                let id = "brand_01h455vb4pex5vsknk084sn02q";
                ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }".to_owned(), json!({ "ids": vec![id; count] }))
            },
            limit: 250,
            reason: "INPUT_LIST_TOO_LONG",
        },
    ]
}

both! {
    async fn promise_p02_each_limit_lets_its_number_through_and_not_one_more(db: Database) {
        let shop = Shop::open(db).await;
        let visitor = shop.anonymous();
        let mut wrong = Vec::new();
        for Limit { what, of, limit, reason } in limits() {
            let (document, variables) = of(limit);
            let body = json!({ "query": document, "variables": variables, "operationName": document.starts_with("query Q0").then_some("Q0") });
            let answer = visitor.send(body).await;
            if !answer.is_ok() {
                wrong.push(format!("{limit} {what}: {answer}"));
            }
            let (document, variables) = of(limit + 1);
            let answer = visitor.send(json!({ "query": document, "variables": variables })).await;
            assert_refused(&answer, what);
            if answer.body["errors"][0]["extensions"]["reason"] != reason {
                wrong.push(format!("{} {what}: {answer}", limit + 1));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    async fn promise_p02_mutations_are_few_and_credentials_stand_alone(db: Database) {
        let shop = Shop::open(db).await;
        let owner = shop.owner();
        let mutation = |count: usize| {
            let fields = repeated(count, |n| format!("a{n}: brandCreate(input: {{ name: \"Oak {n}\" }}) {{ brand {{ id }} userErrors {{ code }} }}"));
            format!("mutation {{ {fields} }}")
        };
        owner.query(&mutation(4), json!({})).await.ok();
        let before = shop.fingerprint().await;
        for (document, reason) in [
            (mutation(5), "TOO_MANY_ROOT_FIELDS"),
            (
                "mutation { signIn(input: { email: \"a@b.example\", password: \"x\" }) { userErrors { code } } \
                 brandCreate(input: { name: \"Elm\" }) { brand { id } } }".to_owned(),
                "CREDENTIALS_NOT_ALONE",
            ),
        ] {
            let answer = owner.query(&document, json!({})).await;
            assert_refused(&answer, &document);
            assert_eq!(answer.body["errors"][0]["extensions"]["reason"], reason, "{answer}");
        }
        shop.assert_unchanged(&before).await;
    }

    async fn promise_p02_cost_is_counted_in_objects_before_any_row_is_read(db: Database) {
        let shop = Shop::open(db).await;
        // A page of a hundred products with variants, prices and pictures is what a storefront asks for.
        let page = "{ products(first: 100) { nodes { title variants { title price { amount { amount } } } media { url } } } }";
        shop.anonymous().query(page, json!({})).await.ok();
        // Beyond it the refusal says what it would cost and what is allowed, whoever asks.
        let dear = "{ a: products(first: 100) { nodes { variants { product { variants { product { variants { id } } } } } } } }";
        let held = shop.node.system.db.pool_size().0;
        for who in [shop.anonymous(), shop.owner()] {
            let answer = who.query(dear, json!({})).await;
            assert_refused(&answer, dear);
            assert_eq!(answer.code(), "QUERY_TOO_COMPLEX");
            assert!(answer.message().contains("at most 10000 is allowed"), "{answer}");
            assert!(answer.headers.get("server-timing").is_none(), "it asked the database");
        }
        // The page's own connection may be on its way back still.
        assert!(shop.node.system.db.pool_size().0 <= held, "a connection was taken");
        // A batch is none of one request's limits: it is not run at all.
        let one = json!({ "query": "{ __typename }" });
        for batch in [json!([one]), json!([one, one])] {
            let answer = shop.owner().send(batch).await;
            assert_eq!((answer.status, answer.code()), (400, "BATCHING_NOT_SUPPORTED"));
        }
    }
}
