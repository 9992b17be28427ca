//! Stories of what errors tell: what to do, and nothing of what stands behind.

use std::collections::BTreeSet;

use futures::StreamExt;
use serde_json::Value;
use stoa::kernel::Entropy;
use stoa::kernel::entropy::SeededEntropy;

use crate::harness::{Actor, Shop, json};

/// How many requests come, each another one.
const REQUESTS: usize = 1_200;

/// What no answer may hold: words of SQL and of its drivers, of the code and of the machine.
const NEVER: &[&str] = &[
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    "DELETE FROM",
    " WHERE ",
    "VALUES (",
    "sqlx",
    "sea_orm",
    "SeaORM",
    "DbErr",
    "sqlite",
    "SQLite",
    "postgres",
    "PostgreSQL",
    "constraint",
    "violates",
    "relation \"",
    "syntax error at",
    "panicked",
    "unwrap",
    "RUST_BACKTRACE",
    ".rs:",
    "src/",
    "/root",
    "/home",
    "/tmp",
    "Err(",
    "Some(",
    "Error {",
    "row-level",
    "stoa.store_id",
];

/// Documents that reach every kind of argument, with variables that fit.
fn good() -> Vec<(&'static str, Value)> {
    let id = "brand_01h455vb4pex5vsknk084sn02q";
    vec![
        (
            "query($first: Int, $after: String, $sort: BrandSort, $filter: BrandFilterInput) { \
             brands(first: $first, after: $after, sort: $sort, filter: $filter) { totalCount nodes { id name } } }",
            json!({ "first": 2, "after": null, "sort": "NAME", "filter": { "namePrefix": "a" } }),
        ),
        (
            "query($filter: ProductFilterInput, $sort: ProductSort!) { products(filter: $filter, sort: $sort) { nodes { id variants { price { amount { amount } } } } } }",
            json!({ "filter": { "tag": "new", "price": { "min": "1.00", "max": "9" } }, "sort": "PRICE" }),
        ),
        ("query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": [id, "store_01h455vb4pex5vsknk084sn02q"] })),
        (
            "mutation($input: BrandCreateInput!) { brandCreate(input: $input) { brand { id } userErrors { code field message } } }",
            json!({ "input": { "name": "Oak", "slug": "oak", "descriptionHtml": "<p>Good.</p>" } }),
        ),
        (
            "mutation($id: ID!, $input: BrandUpdateInput!, $version: Int) { brandUpdate(id: $id, input: $input, expectedVersion: $version) { brand { id } userErrors { code field message } } }",
            json!({ "id": id, "input": { "slug": "oak" }, "version": 1 }),
        ),
        (
            "mutation($input: ProductCreateInput!) { productCreate(input: $input) { product { id } userErrors { code field message } } }",
            json!({ "input": {
                "title": "Mug", "brandId": id, "slug": "mug", "publishedAt": "2026-03-01T12:00:00Z", "tags": ["new"],
                "options": [{ "name": "Size", "values": ["S", "M"] }],
                "variants": [{ "selectedOptions": [{ "name": "Size", "value": "S" }], "sku": "M-1", "weightGrams": 5, "cost": { "amount": "1.00", "currencyCode": "EUR" } }],
            } }),
        ),
        (
            "mutation($input: InventorySetInput!) { inventorySet(input: $input) { inventoryLevel { id } userErrors { code field message } } }",
            json!({ "input": { "variantId": "product_variant_01h455vb4pex5vsknk084sn02q", "onHand": 5, "ignoreExpected": true } }),
        ),
        (
            "mutation($id: ID!, $prices: [PriceInput!]!) { pricesSet(productId: $id, prices: $prices) { prices { id } userErrors { code field message } } }",
            json!({ "id": "product_01h455vb4pex5vsknk084sn02q", "prices": [{ "currency": "EUR", "amount": "5.00", "compareAt": "6.00" }] }),
        ),
        (
            "mutation($input: StoreDomainAddInput!) { storeDomainAdd(input: $input) { storeDomain { id } userErrors { code field message } } }",
            json!({ "input": { "host": "shop.example", "isPrimary": true } }),
        ),
        (
            "mutation($input: SignUpInput!) { signUp(input: $input) { accepted userErrors { code field message } } }",
            json!({ "input": { "email": "a@b.example", "password": "seven green tractors", "name": "Ada" } }),
        ),
        (
            "mutation($csv: String!) { productsImport(input: { format: SHOPIFY_CSV, csv: $csv }) { userErrors { code field message } } }",
            json!({ "csv": "Handle,Title\nmug,Mug\n" }),
        ),
    ]
}

/// What may stand in the place of a value.
fn odd() -> Vec<Value> {
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(2_147_483_648_i64),
        json!(9_223_372_036_854_775_807_i64),
        json!(1e300),
        json!(0.5),
        json!(""),
        json!(" "),
        json!("'"),
        json!("\"; --"),
        json!("%_\\"),
        json!("\u{202e}\u{1f600}é\u{fffd}\u{7f}"),
        json!("x".repeat(5_000)),
        json!("99999-01-01T00:00:00Z"),
        json!("2026-02-30T00:00:00Z"),
        json!("1e9"),
        json!("-0.001"),
        json!("0.1234567890123456789012345678901234567890"),
        json!("NaN"),
        json!("brand_01h455vb4pex5vsknk084sn02q"),
        json!("brand_zzzzzzzzzzzzzzzzzzzzzzzzzz"),
        json!("product_"),
        json!([]),
        json!([null]),
        json!([[["a"]]]),
        json!({}),
        json!({ "a": { "b": [1] } }),
    ]
}

/// Chance that is the same in every run.
struct Dice(SeededEntropy);

impl Dice {
    fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % sides.max(1) as u64).expect("a small number")
    }

    fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Puts something odd in the place of one value somewhere inside.
fn spoil(value: &mut Value, dice: &Dice, odd: &[Value]) {
    let goes_on = dice.below(4) > 0;
    match value {
        Value::Object(fields) if goes_on && !fields.is_empty() => {
            let place = dice.below(fields.len());
            let field = fields.values_mut().nth(place).expect("a field");
            spoil(field, dice, odd);
        }
        Value::Array(items) if goes_on && !items.is_empty() => {
            let place = dice.below(items.len());
            spoil(&mut items[place], dice, odd);
        }
        other => *other = dice.one(odd).clone(),
    }
}

/// A text with a piece cut out, doubled, or put in the place of another.
fn mangle(text: &str, dice: &Dice) -> String {
    let mut words: Vec<&str> = text.split_inclusive([' ', '(', ')', '{', '}', ':', ',']).collect();
    for _ in 0..=dice.below(3) {
        let (at, from) = (dice.below(words.len()), dice.below(words.len()));
        match dice.below(4) {
            0 => drop(words.remove(at)),
            1 => words.insert(at, words[from]),
            2 => words.swap(at, from),
            _ => words.truncate(at.max(1)),
        }
        if words.is_empty() {
            break;
        }
    }
    words.concat()
}

fn request(dice: &Dice, good: &[(&'static str, Value)], odd: &[Value]) -> Value {
    let (document, variables) = dice.one(good);
    let (mut document, mut variables) = ((*document).to_owned(), variables.clone());
    match dice.below(5) {
        0 => document = mangle(&document, dice),
        1 => {
            document = mangle(&document, dice);
            spoil(&mut variables, dice, odd);
        }
        _ => {
            for _ in 0..=dice.below(2) {
                spoil(&mut variables, dice, odd);
            }
        }
    }
    json!({ "query": document, "variables": variables })
}

/// Where errors outside of payloads get their codes.
const SOURCES_OF_CODES: [&str; 6] = [
    "src/kernel/error.rs",
    "src/http/guard/refusal.rs",
    "src/http/refusal.rs",
    "src/gate/access/mod.rs",
    "src/app/spending.rs",
    "src/app/stopped.rs",
];

/// The codes that the README lists, for errors and for userErrors.
fn documented() -> BTreeSet<String> {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).expect("the README");
    let table = readme.split("<!-- codes -->").nth(1).and_then(|rest| rest.split("<!-- codes: end -->").next());
    // A row may hold several, all in its first cell.
    let cells =
        table.expect("the table of codes").lines().filter_map(|line| line.strip_prefix("| `")?.split(" |").next());
    cells.flat_map(|cell| cell.split(['`', ',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned)).collect()
}

/// The codes that the sources give to errors outside of payloads.
fn given() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for file in SOURCES_OF_CODES {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("a source");
        // The stable names of single refusals are no codes.
        let text = text.split("fn reason(").next().unwrap_or_default().to_owned();
        for word in text.split('"').skip(1).step_by(2) {
            let is_code = word.len() > 5 && word.bytes().all(|letter| letter.is_ascii_uppercase() || letter == b'_');
            if is_code {
                codes.insert(word.to_owned());
            }
        }
    }
    codes
}

#[test]
fn promise_p20_every_code_of_an_error_stands_in_the_readme() {
    assert_eq!(given(), documented());
}

both! {
    async fn promise_p20_no_answer_tells_what_stands_behind_it(db: Database) {
        let shop = Shop::open(db).await;
        let (dice, good, odd) = (Dice(SeededEntropy::new(20)), good(), odd());
        let tables = if shop.database().is_postgres() {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        };
        // Names with an underscore are no words of the API.
        let tables: Vec<String> = shop.texts(tables).await.into_iter().flatten().filter(|table| table.contains('_')).collect();
        assert!(tables.len() > 20, "{tables:?}");
        let codes = documented();
        let callers = [shop.owner(), shop.anonymous(), shop.rival().in_store("linden"), shop.owner().nowhere()];
        let requests = (0..REQUESTS).map(|number| (number, request(&dice, &good, &odd)));
        let ask = async |(number, body): (usize, Value)| {
            let who: &Actor = &callers[number % callers.len()];
            let answer = who.send(body.clone()).await;
            let text = answer.body.to_string();
            let told = NEVER.iter().find(|word| text.contains(**word)).map(|word| (*word).to_owned());
            let told = told.or_else(|| tables.iter().find(|table| text.contains(table.as_str())).cloned());
            assert_eq!(told, None, "{body}\n{answer}");
            assert!(matches!(answer.status, 200 | 400), "{body}\n{answer}");
            for error in answer.body["errors"].as_array().into_iter().flatten() {
                let code = error["extensions"]["code"].as_str().unwrap_or_default();
                assert!(codes.contains(code) && code != "INTERNAL_SERVER_ERROR", "{body}\n{answer}");
                let message = error["message"].as_str().unwrap_or_default();
                assert!(!message.is_empty() && message.chars().count() <= 301, "{body}\n{answer}");
            }
            u32::from(answer.is_ok())
        };
        let passed: Vec<u32> = futures::stream::iter(requests).map(ask).buffer_unordered(4).collect().await;
        let passed: u32 = passed.iter().sum();
        // Some are good after all, and most are not: the answers are those to errors.
        assert!(passed > 0 && (passed as usize) < REQUESTS * 3 / 4, "{passed}");
    }
}
