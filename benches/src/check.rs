//! What must hold before anything is measured: Stoa serves the rows as its own, and the references answer the same.

use std::sync::Arc;

use rules::ids::{ProductId, ProductVariantId};
use rules::{Currency, Money};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio_postgres::Client;
use uuid::Uuid;

use crate::Result;
use crate::drive::Connection;
use crate::measure::{Contender, Speaks};
use crate::shop::Shops;
use crate::workload::{Method, Mode, PageStart, Stage, Workload};

/// One GraphQL request, and its whole answer.
///
/// # Errors
/// Where it fails, or has errors.
pub async fn ask(connection: &mut Connection, headers: &str, query: &str, variables: &Value) -> Result<Value> {
    let body = serde_json::json!({ "query": query, "variables": variables }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}content-type: application/json\r\ncontent-length: \
         {}\r\n\r\n{body}",
        body.len()
    );
    let answer: Value = serde_json::from_slice(connection.ask(request.as_bytes()).await?)?;
    if answer.get("errors").is_some() {
        return Err(format!("{query}: {answer}").into());
    }
    Ok(answer["data"].clone())
}

/// Walks through the newest `most` products of every store, and keeps where pages begin: at every product, or at
/// each that ends a page of `every`.
///
/// # Errors
/// Where Stoa does not answer.
pub async fn stage(stoa: &Contender, shops: Arc<Shops>, most: usize, every: usize) -> Result<Stage> {
    let mut connection = Connection::open(stoa.address).await?;
    let mut pages = Vec::with_capacity(shops.stores.len());
    for store in &shops.stores {
        let headers = format!("x-store: {}\r\n", store.handle);
        let mut rows = Vec::new();
        let mut after = Value::Null;
        while rows.len() < most {
            let query =
                "query($after: String) { products(first: 100, after: $after) { edges { cursor node { id } } } }";
            let data = ask(&mut connection, &headers, query, &serde_json::json!({ "after": after })).await?;
            let edges = data["products"]["edges"].as_array().cloned().unwrap_or_default();
            for edge in &edges {
                let (cursor, id) = (edge["cursor"].as_str(), edge["node"]["id"].as_str());
                let (cursor, id) = cursor.zip(id).ok_or("an edge without a cursor")?;
                let (_, product) = rules::ids::split(id).ok_or("an id of another form")?;
                rows.push(PageStart { cursor: cursor.to_owned(), product });
            }
            after = edges.last().map_or(Value::Null, |edge| edge["cursor"].clone());
            if edges.len() < 100 {
                break;
            }
        }
        // A page that begins so near to the end would not be whole.
        rows.truncate(rows.len().saturating_sub(100));
        let starts = rows.into_iter().skip(every - 1).step_by(every).map(Some);
        pages.push(std::iter::once(None).chain(starts).collect());
    }
    Ok(Stage { shops, pages: Arc::new(pages) })
}

/// Holds that the stored range of a product says what its variants cost.
///
/// # Errors
/// The first product whose range is another.
pub async fn ranges(stoa: &Contender, shops: &Shops) -> Result<()> {
    let mut connection = Connection::open(stoa.address).await?;
    let query = "{ products(first: 100) { nodes { slug priceRange { min { amount } max { amount } } variants { price { \
                 amount { amount } } } } } }";
    for store in shops.stores.iter().take(3) {
        let headers = format!("x-store: {}\r\n", store.handle);
        let data = ask(&mut connection, &headers, query, &Value::Null).await?;
        for product in data["products"]["nodes"].as_array().into_iter().flatten() {
            let amount =
                |money: &Value| money["amount"].as_str().and_then(|text| text.replace('.', "").parse::<i64>().ok());
            let variants = product["variants"].as_array().into_iter().flatten();
            let prices: Vec<i64> = variants.filter_map(|variant| amount(&variant["price"]["amount"])).collect();
            let range = (amount(&product["priceRange"]["min"]), amount(&product["priceRange"]["max"]));
            if prices.is_empty() || range != (prices.iter().min().copied(), prices.iter().max().copied()) {
                return Err(format!("the range of {} is not that of its prices: {product}", product["slug"]).into());
            }
        }
    }
    Ok(())
}

/// Holds that the product's own `pricesSet` would have written the same rows: where it is given the prices that are
/// loaded it changes nothing, and where a price goes and comes back, so does the stored range. `token` may set
/// prices in the first store.
///
/// # Errors
/// What differs.
pub async fn prices_set(stoa: &Contender, shops: &Shops, token: &str, client: &Client) -> Result<()> {
    let mut connection = Connection::open(stoa.address).await?;
    let store = &shops.stores[0];
    for number in [0, 1, 17] {
        let (id, prices) = store.prices(shops.seed, number);
        let rows = || stored(client, id);
        let loaded = rows().await?;
        set_prices(&mut connection, token, id, &prices, 0).await?;
        if rows().await? != loaded {
            return Err(format!("the prices of product {number} are not as Stoa writes them: {loaded:?}").into());
        }
        set_prices(&mut connection, token, id, &prices, 100).await?;
        let raised = rows().await?;
        set_prices(&mut connection, token, id, &prices, 0).await?;
        let back = rows().await?;
        if ranges_of(&raised) == ranges_of(&back) || ranges_of(&back) != ranges_of(&loaded) {
            return Err(format!("the range of product {number} is {loaded:?}, and Stoa makes {back:?} of it").into());
        }
    }
    Ok(())
}

/// The prices and ranges of a product: each row with its time of change behind a bar.
async fn stored(client: &Client, product: Uuid) -> Result<Vec<String>> {
    let sql = "SELECT (to_jsonb(p) - 'updated_at')::text || '|' || p.updated_at FROM prices p WHERE product_id = $1 \
               UNION ALL SELECT (to_jsonb(r) - 'updated_at')::text || '|' || r.updated_at FROM product_price_ranges r \
               WHERE product_id = $1 ORDER BY 1";
    Ok(client.query(sql, &[&product]).await?.iter().map(|row| row.get(0)).collect())
}

fn ranges_of(rows: &[String]) -> Vec<&str> {
    let ranges = rows.iter().filter(|row| row.contains("min_amount"));
    ranges.filter_map(|row| Some(row.split_once('|')?.0)).collect()
}

/// Sets all prices of a product, each so many cents higher.
async fn set_prices(
    connection: &mut Connection,
    token: &str,
    product: Uuid,
    prices: &[(Uuid, i32, i64)],
    higher: i64,
) -> Result<()> {
    let query = "mutation($product: ID!, $prices: [PriceInput!]!) { pricesSet(productId: $product, prices: $prices, \
                 removeOthers: true) { userErrors { message } } }";
    let prices: Vec<Value> = prices
        .iter()
        .map(|(variant, minimum, amount)| {
            let amount = Money::from_minor(amount + higher, Currency::EUR).amount();
            serde_json::json!({
                "variantId": ProductVariantId(*variant), "currency": "EUR", "minimumQuantity": minimum,
                "amount": amount,
            })
        })
        .collect();
    let variables = serde_json::json!({ "product": ProductId(product), "prices": prices });
    let data = ask(connection, &format!("authorization: Bearer {token}\r\n"), query, &variables).await?;
    match data["pricesSet"]["userErrors"].as_array() {
        Some(errors) if errors.is_empty() => Ok(()),
        _ => Err(format!("pricesSet: {data}").into()),
    }
}

#[derive(Deserialize)]
struct Envelope {
    data: Box<RawValue>,
}

/// Holds that two contenders answer the same data, letter for letter. Gives the number of answers compared.
///
/// # Errors
/// The first two answers that differ.
pub async fn same_answers(stage: &Stage, one: &Contender, other: &Contender, count: u64) -> Result<u64> {
    let mut compared = 0;
    let (mut left, mut right) = (Connection::open(one.address).await?, Connection::open(other.address).await?);
    for workload in Workload::ALL {
        for mode in [Mode::Unique, Mode::Repeated] {
            for number in (0..count).map(|number| number * 997) {
                let own = data(stage, one, &mut left, workload, mode, number).await?;
                let others = data(stage, other, &mut right, workload, mode, number).await?;
                if own != others {
                    let (one, other, name) = (&one.name, &other.name, workload.name());
                    return Err(format!("{name}, {mode:?}: {one} says\n{own}\nand {other} says\n{others}").into());
                }
                compared += 1;
            }
        }
    }
    Ok(compared)
}

async fn data(
    stage: &Stage,
    contender: &Contender,
    connection: &mut Connection,
    workload: Workload,
    mode: Mode,
    number: u64,
) -> Result<String> {
    let mut request = Vec::new();
    match contender.speaks {
        Speaks::Direct => stage.direct(workload, mode, number, &mut request),
        _ => {
            let method = if number.is_multiple_of(2) { Method::Post } else { Method::Get };
            stage.graphql("/graphql", workload, mode, method, number, &mut request);
        }
    }
    let envelope: Envelope = serde_json::from_slice(connection.ask(&request).await?)?;
    Ok(envelope.data.get().to_owned())
}
