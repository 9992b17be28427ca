//! The direct handlers: a statement a table, rows put together by hand.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use rules::Currency;
use rules::ids::{ProductId, ProductVariantId};
use serde::{Deserialize, Serialize};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};
use uuid::Uuid;

use super::answer::{Answer, Many, Medium, Nodes, One, Price, Product, Title, Variant};
use super::json;
use crate::Result;

const VISIBLE: &str = "p.store_id = $1 AND p.deleted_at IS NULL AND p.status = 'ACTIVE' AND p.published_at <= now()";

/// Connections with everything prepared; requests take them in turn and share them.
pub struct Database {
    connections: Vec<Connection>,
    next: AtomicUsize,
}

struct Connection {
    client: Client,
    by_slug: Statement,
    listing: Statement,
    titles: Statement,
    by_price: Statement,
    variants: Statement,
    prices: Statement,
    media: Statement,
}

impl Database {
    /// Connects and prepares.
    pub async fn connect(url: &str, connections: usize) -> Result<Self> {
        let mut all = Vec::with_capacity(connections);
        for _ in 0..connections {
            all.push(Connection::open(url).await?);
        }
        Ok(Self { connections: all, next: AtomicUsize::new(0) })
    }

    fn connection(&self) -> &Connection {
        let next = self.next.fetch_add(1, Ordering::Relaxed);
        &self.connections[next % self.connections.len()]
    }
}

impl Connection {
    async fn open(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        tokio::spawn(connection);
        client.batch_execute("SET plan_cache_mode = force_generic_plan").await?;
        let listing = |columns: &str, page: u32| {
            format!("SELECT {columns} FROM products p WHERE {VISIBLE} AND p.id < $2 ORDER BY p.id DESC LIMIT {page}")
        };
        let by_slug = format!("SELECT p.id, p.title, p.slug FROM products p WHERE {VISIBLE} AND p.slug = $2");
        let by_price = format!(
            "SELECT p.id, p.title, p.slug FROM product_price_ranges r JOIN products p ON p.store_id = r.store_id AND \
             p.id = r.product_id WHERE r.store_id = $1 AND r.currency = 'EUR' AND r.valid_from <= now() AND \
             (r.valid_to IS NULL OR r.valid_to > now()) AND r.min_amount <= $3 AND p.category_id = $2 AND {VISIBLE} \
             ORDER BY r.min_amount, r.product_id LIMIT 24"
        );
        Ok(Self {
            by_slug: client.prepare(&by_slug).await?,
            listing: client.prepare(&listing("p.id, p.title, p.slug", 24)).await?,
            titles: client.prepare(&listing("p.id, p.title", 100)).await?,
            by_price: client.prepare(&by_price).await?,
            variants: client
                .prepare(
                    "SELECT product_id, id, sku FROM product_variants WHERE store_id = $1 AND product_id = ANY($2) AND \
                     deleted_at IS NULL ORDER BY position, id",
                )
                .await?,
            prices: client
                .prepare(
                    "SELECT variant_id, minimum_quantity, amount, currency FROM prices WHERE store_id = $1 AND \
                     product_id = ANY($2) AND currency = 'EUR' AND valid_from <= now() AND (valid_to IS NULL OR \
                     valid_to > now())",
                )
                .await?,
            media: client
                .prepare(
                    "SELECT product_id, url, alt FROM product_media WHERE store_id = $1 AND product_id = ANY($2) \
                     ORDER BY position, id",
                )
                .await?,
            client,
        })
    }

    /// The parts of some products, read by three statements that travel together.
    async fn parts(&self, store: Uuid, products: &[Row]) -> Result<Parts> {
        let ids: Vec<Uuid> = products.iter().map(|row| row.get(0)).collect();
        let values: [&(dyn ToSql + Sync); 2] = [&store, &ids];
        let (variants, prices, media) = futures::try_join!(
            self.client.query(&self.variants, &values),
            self.client.query(&self.prices, &values),
            self.client.query(&self.media, &values),
        )?;
        Ok(Parts { variants, prices, media })
    }
}

struct Parts {
    variants: Vec<Row>,
    prices: Vec<Row>,
    media: Vec<Row>,
}

/// Puts products and their parts together, in the order of the products.
fn join<'a>(products: &'a [Row], parts: &'a Parts, quantity: i32) -> Vec<Product<'a>> {
    // Of those that hold for the quantity, the one from the most units on.
    let mut prices: HashMap<Uuid, (i32, i64, &str)> = HashMap::with_capacity(parts.variants.len());
    for row in &parts.prices {
        let (variant, minimum): (Uuid, i32) = (row.get(0), row.get(1));
        if minimum <= quantity {
            let price = prices.entry(variant).or_insert((0, 0, ""));
            if price.0 < minimum {
                *price = (minimum, row.get(2), row.get(3));
            }
        }
    }
    let mut places = HashMap::with_capacity(products.len());
    let mut joined: Vec<Product<'a>> = Vec::with_capacity(products.len());
    for (place, row) in products.iter().enumerate() {
        let id: Uuid = row.get(0);
        places.insert(id, place);
        let (media, variants) = (Vec::with_capacity(2), Vec::with_capacity(3));
        joined.push(Product { id: ProductId(id), title: row.get(1), slug: row.get(2), media, variants });
    }
    for row in &parts.media {
        if let Some(place) = places.get(&row.get::<_, Uuid>(0)) {
            joined[*place].media.push(Medium { url: row.get(1), alt: row.get(2) });
        }
    }
    for row in &parts.variants {
        if let Some(place) = places.get(&row.get::<_, Uuid>(0)) {
            let id: Uuid = row.get(1);
            let price =
                prices.get(&id).and_then(|(_, amount, code)| Some(Price::new(*amount, Currency::from_code(code)?)));
            joined[*place].variants.push(Variant { id: ProductVariantId(id), sku: row.get(2), price });
        }
    }
    joined
}

type Outcome = std::result::Result<Response, (StatusCode, String)>;

fn failed(error: impl std::fmt::Display) -> (StatusCode, String) {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
}

fn answer<T: Serialize>(data: T) -> Outcome {
    let mut body = Vec::with_capacity(16 * 1024);
    serde_json::to_writer(&mut body, &Answer { data }).map_err(failed)?;
    Ok(json(body))
}

#[derive(Deserialize)]
pub struct OneProduct {
    store: Uuid,
    slug: String,
    quantity: i32,
}

pub async fn q1(State(database): State<Arc<Database>>, Query(asked): Query<OneProduct>) -> Outcome {
    let on = database.connection();
    let found = on.client.query(&on.by_slug, &[&asked.store, &asked.slug]).await.map_err(failed)?;
    let parts = on.parts(asked.store, &found).await.map_err(failed)?;
    answer(One { product: join(&found, &parts, asked.quantity).pop() })
}

#[derive(Deserialize)]
pub struct Page {
    store: Uuid,
    after: Uuid,
    #[serde(default)]
    quantity: i32,
}

pub async fn q2(State(database): State<Arc<Database>>, Query(asked): Query<Page>) -> Outcome {
    let on = database.connection();
    let found = on.client.query(&on.listing, &[&asked.store, &asked.after]).await.map_err(failed)?;
    let parts = on.parts(asked.store, &found).await.map_err(failed)?;
    answer(Many { products: Nodes { nodes: join(&found, &parts, asked.quantity) } })
}

pub async fn q3(State(database): State<Arc<Database>>, Query(asked): Query<Page>) -> Outcome {
    let on = database.connection();
    let found = on.client.query(&on.titles, &[&asked.store, &asked.after]).await.map_err(failed)?;
    let nodes = found.iter().map(|row| Title { id: ProductId(row.get(0)), title: row.get(1) }).collect();
    answer(Many { products: Nodes { nodes } })
}

#[derive(Deserialize)]
pub struct Filtered {
    store: Uuid,
    category: Uuid,
    max: i64,
    quantity: i32,
}

pub async fn q4(State(database): State<Arc<Database>>, Query(asked): Query<Filtered>) -> Outcome {
    let on = database.connection();
    let values: [&(dyn ToSql + Sync); 3] = [&asked.store, &asked.category, &asked.max];
    let found = on.client.query(&on.by_price, &values).await.map_err(failed)?;
    let parts = on.parts(asked.store, &found).await.map_err(failed)?;
    answer(Many { products: Nodes { nodes: join(&found, &parts, asked.quantity) } })
}
