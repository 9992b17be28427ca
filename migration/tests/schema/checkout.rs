//! One row in each table of checkouts.

use chrono::{DateTime, Utc};
use entity::checkout::{checkout_attempts, checkouts};
use rules::ids::{CartId, OrderId, PaymentId, StoreId};
use rules::states::{CheckoutFate, CheckoutStatus};
use sea_orm::ConnectionTrait;

use crate::shop::{id, insert};

pub async fn make(
    db: &impl ConnectionTrait,
    store: StoreId,
    (cart, payment, order): (CartId, PaymentId, OrderId),
    at: DateTime<Utc>,
) {
    let checkout = checkouts::Model {
        store_id: store,
        id: id(),
        cart_id: cart,
        status: CheckoutStatus::Completed,
        order_id: Some(order),
        due_at: Some(at),
        version: 2,
        created_at: at,
        updated_at: at,
    };
    let checkout = insert(db, checkout).await.id;
    let attempt = checkout_attempts::Model {
        store_id: store,
        checkout_id: checkout,
        number: 1,
        payment_id: payment,
        order_id: order,
        fate: CheckoutFate::Kept,
        was_made: true,
        ask_from: at,
        cart_version: 1,
        terms: serde_json::json!({ "total": "19.00" }),
        created_at: at,
        updated_at: at,
    };
    insert(db, attempt).await;
}
