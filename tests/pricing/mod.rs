//! Stories of prices.

mod delete;
mod list;
mod ranges;
mod set;

use entity::catalog::{product_variants, products};
use rules::ids::{ProductId, ProductVariantId, StoreId};
use rules::states::ProductStatus;

use crate::harness::{Actor, Answer, Shop, json, world};

/// Sets prices, and answers them as they are then.
const SET: &str = "mutation($product: ID!, $prices: [PriceInput!]!, $removeOthers: Boolean! = false) {
    pricesSet(productId: $product, prices: $prices, removeOthers: $removeOthers) {
        prices { id variantId minimumQuantity amount { amount currencyCode } compareAt { amount } validFrom validTo }
        userErrors { code field message }
    }
}";

/// A product that stands in a store, as rows.
struct Stock {
    product: ProductId,
    variants: Vec<ProductVariantId>,
}

impl Stock {
    async fn of_linden(shop: &Shop, variants: u32) -> Self {
        Self::of(shop, shop.linden.store(), variants).await
    }

    async fn of_rival(shop: &Shop) -> Self {
        Self::of(shop, shop.rival.store(), 1).await
    }

    async fn of(shop: &Shop, store_id: StoreId, variants: u32) -> Self {
        let (product, now, writer) = (shop.id::<ProductId>(), world::start(), shop.writer());
        writer
            .put(products::Model {
                store_id,
                id: product,
                title: "Mug".to_owned(),
                sort_title: "mug".to_owned(),
                slug: format!("mug-{}", &product.to_string()[8..]),
                product_type: None,
                status: ProductStatus::Active,
                published_at: Some(now),
                brand_id: None,
                category_id: None,
                seo_title: None,
                seo_description: None,
                external_id: None,
                version: 1,
                created_at: now,
                updated_at: now,
                deleted_at: None,
            })
            .await;
        let mut ids = Vec::new();
        for position in 0..variants {
            let id: ProductVariantId = shop.id();
            ids.push(id);
            writer
                .put(product_variants::Model {
                    store_id,
                    id,
                    product_id: product,
                    title: format!("Mug {position}"),
                    option_key: id.to_string(),
                    sku: None,
                    sku_normalized: None,
                    barcode: None,
                    weight_grams: None,
                    requires_shipping: true,
                    taxable: true,
                    tax_code: None,
                    cost_amount: None,
                    cost_currency: None,
                    media_id: None,
                    position: i32::try_from(position).expect("few variants"),
                    external_id: None,
                    version: 1,
                    created_at: now,
                    updated_at: now,
                    deleted_at: None,
                })
                .await;
        }
        Self { product, variants: ids }
    }

    /// Asks for these prices to be set.
    async fn set(&self, actor: &Actor, prices: serde_json::Value) -> Answer {
        actor.query(SET, json!({ "product": self.product.to_string(), "prices": prices })).await
    }

    /// The same, and every other price of the product goes.
    async fn set_only(&self, actor: &Actor, prices: serde_json::Value) -> Answer {
        let variables = json!({ "product": self.product.to_string(), "prices": prices, "removeOthers": true });
        actor.query(SET, variables).await
    }
}

/// The stored ranges as `EUR 1000-2000`, in the order of currency and time.
async fn ranges(shop: &Shop, stock: &Stock) -> Vec<String> {
    let sql = format!(
        "SELECT currency || ' ' || min_amount || '-' || max_amount FROM product_price_ranges WHERE product_id = {} \
         ORDER BY currency, valid_from",
        shop.literal(stock.product)
    );
    shop.texts(&sql).await.into_iter().flatten().collect()
}
