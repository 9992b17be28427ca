//! async-graphql's executor over objects in memory: what Q2 costs when nothing is read.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, ID, Object, Request, Schema, Variables};
use axum::response::Response;
use bytes::Bytes;
use rules::ids::{ProductId, ProductVariantId};
use rules::{Currency, Money};
use serde::Deserialize;
use uuid::Uuid;

use super::json;
use crate::Result;
use crate::workload::Workload;

/// A schema with one listing in it.
pub type Shop = Schema<Query, EmptyMutation, EmptySubscription>;

#[derive(Deserialize)]
struct Body {
    query: String,
    variables: serde_json::Value,
}

/// Runs one request as Stoa takes it.
pub async fn execute(shop: Shop, body: Bytes) -> Response {
    let request = match serde_json::from_slice::<Body>(&body) {
        Ok(body) => Request::new(body.query).variables(Variables::from_json(body.variables)),
        Err(error) => return json(error.to_string()),
    };
    json(serde_json::to_vec(&shop.execute(request).await).unwrap_or_default())
}

/// An answer to Q2, written once.
///
/// # Errors
/// Where the schema does not know the question.
pub async fn finished() -> Result<Bytes> {
    let variables = Variables::from_json(serde_json::json!({ "after": null, "quantity": 1 }));
    let response = shop().execute(Request::new(Workload::Q2.document()).variables(variables)).await;
    if let Some(error) = response.errors.first() {
        return Err(error.message.clone().into());
    }
    Ok(serde_json::to_vec(&response)?.into())
}

/// A shop of 24 products.
pub fn shop() -> Shop {
    let product = |number: u128| {
        let title = format!("Walnut Blanket {number}");
        let slug = title.to_lowercase().replace(' ', "-");
        let media = ["Front", "Back"].map(|view| (format!("https://images.example/{slug}-1.jpg"), view.to_owned()));
        let variants = ["S", "M", "L"].map(|size| (Uuid::from_u128(number), format!("{size}-{number:06}"), 1_290));
        Product(Arc::new(Parts {
            number,
            title,
            slug,
            media: media.into_iter().map(|medium| Medium(Arc::new(medium))).collect(),
            variants: variants.into_iter().map(|variant| Variant(Arc::new(variant))).collect(),
        }))
    };
    Schema::new(Query((900..924).map(product).collect()), EmptyMutation, EmptySubscription)
}

pub struct Query(Arc<[Product]>);

#[derive(Clone)]
pub struct Product(Arc<Parts>);

struct Parts {
    number: u128,
    title: String,
    slug: String,
    media: Vec<Medium>,
    variants: Vec<Variant>,
}

#[derive(Clone)]
pub struct Medium(Arc<(String, String)>);

#[derive(Clone)]
pub struct Variant(Arc<(Uuid, String, i64)>);

pub struct Products(Arc<[Product]>);

pub struct Price(Money);

pub struct Amount(Money);

#[Object]
impl Query {
    async fn products(&self, first: i32, after: Option<String>) -> Products {
        let _ = (first, after);
        Products(Arc::clone(&self.0))
    }
}

#[Object]
impl Products {
    async fn nodes(&self) -> Vec<Product> {
        self.0.to_vec()
    }
}

#[Object]
impl Product {
    async fn id(&self) -> ID {
        ID(ProductId(Uuid::from_u128(self.0.number)).to_string())
    }

    async fn title(&self) -> &str {
        &self.0.title
    }

    async fn slug(&self) -> &str {
        &self.0.slug
    }

    async fn media(&self) -> Vec<Medium> {
        self.0.media.clone()
    }

    async fn variants(&self) -> Vec<Variant> {
        self.0.variants.clone()
    }
}

#[Object]
impl Medium {
    async fn url(&self) -> &str {
        &self.0.0
    }

    async fn alt(&self) -> &str {
        &self.0.1
    }
}

#[Object]
impl Variant {
    async fn id(&self) -> ID {
        ID(ProductVariantId(self.0.0).to_string())
    }

    async fn sku(&self) -> &str {
        &self.0.1
    }

    async fn price(&self, quantity: i32) -> Price {
        let _ = quantity;
        Price(Money::from_minor(self.0.2, Currency::EUR))
    }
}

#[Object]
impl Price {
    async fn amount(&self) -> Amount {
        Amount(self.0)
    }
}

#[Object]
impl Amount {
    async fn amount(&self) -> String {
        self.0.amount().to_string()
    }

    async fn currency_code(&self) -> &str {
        self.0.currency().code()
    }
}
