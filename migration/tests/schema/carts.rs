//! One row in each table of carts.

use chrono::{DateTime, TimeDelta, Utc};
use entity::carts::{
    cart_abandonments, cart_addresses, cart_codes, cart_lines, cart_settings, cart_shipping_choices, cart_tokens, carts,
};
use rules::Currency;
use rules::ids::{CartId, ProductVariantId, StoreId};
use rules::states::{AddressKind, CartState};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::shop::{id, insert};

pub async fn make(db: &impl ConnectionTrait, store: StoreId, variant: ProductVariantId, at: DateTime<Utc>) -> CartId {
    let settings = cart_settings::Model {
        store_id: store,
        abandoned_after_minutes: 60,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    insert(db, settings).await;
    let cart = carts::Model {
        store_id: store,
        id: id(),
        state: CartState::Locked,
        customer_id: None,
        currency: Currency::EUR,
        email: Some("Ann@People.example".into()),
        email_normalized: Some("ann@people.example".into()),
        note: Some("Ring twice".into()),
        attributes: serde_json::json!([{ "key": "gift", "value": "yes" }]),
        store_credit: false,
        utm_source: Some("letter".into()),
        utm_medium: None,
        utm_campaign: None,
        utm_term: None,
        utm_content: None,
        referrer: None,
        order_id: None,
        locked_at: Some(at),
        payment_started_at: Some(at),
        active_at: at,
        abandoned_at: Some(at),
        expires_at: at + TimeDelta::days(30),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let cart = insert(db, cart).await.id;
    let token = cart_tokens::Model { store_id: store, token_hash: hash(), cart_id: cart, created_at: at };
    insert(db, token).await;
    let line = cart_lines::Model {
        store_id: store,
        id: id(),
        cart_id: cart,
        position: 0,
        variant_id: variant,
        quantity: 2,
        attributes: serde_json::json!([]),
        attributes_key: String::new(),
        added_price: 1_900,
        created_at: at,
        updated_at: at,
    };
    insert(db, line).await;
    let code = cart_codes::Model {
        store_id: store,
        cart_id: cart,
        code_normalized: "summer".into(),
        code: "Summer".into(),
        position: 0,
        created_at: at,
    };
    insert(db, code).await;
    let address = cart_addresses::Model {
        store_id: store,
        cart_id: cart,
        kind: AddressKind::Shipping,
        first_name: Some("Ann".into()),
        last_name: None,
        company: None,
        address1: "Hauptstr. 1".into(),
        address2: None,
        city: "Berlin".into(),
        region: Some("BE".into()),
        postal_code: Some("10115".into()),
        country: "DE".into(),
        phone: None,
        updated_at: at,
    };
    insert(db, address).await;
    let choice = cart_shipping_choices::Model {
        store_id: store,
        cart_id: cart,
        profile_id: id(),
        rate_id: id(),
        created_at: at,
    };
    insert(db, choice).await;
    let abandonment = cart_abandonments::Model {
        store_id: store,
        id: id(),
        cart_id: cart,
        token_hash: hash(),
        abandoned_at: at,
        told_at: at,
        recovered_at: None,
    };
    insert(db, abandonment).await;
    cart
}

fn hash() -> Vec<u8> {
    [Uuid::now_v7().into_bytes(), Uuid::now_v7().into_bytes()].concat()
}
