//! One row in each table of payments.

use chrono::{DateTime, TimeDelta, Utc};
use entity::carts::cart_gift_cards;
use entity::customers::customers;
use entity::payments::{
    gift_card_entries, gift_card_holds, gift_cards, inbound_webhooks, payment_attempts, payment_events,
    payment_provider_configs, payments, refunds, store_credit_entries, store_credit_holds, store_credits,
};
use rules::Currency;
use rules::ids::{CartId, PaymentId, StoreId};
use rules::states::{
    CaptureMode, GiftCardEntryKind, GiftCardState, InboundWebhookOutcome, PaymentAttemptKind, PaymentAttemptState,
    PaymentEventKind, PaymentEventSource, PaymentProviderKind, PaymentStatus, RefundState, StoreCreditEntryKind,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::shop::{id, insert};

pub async fn make(db: &impl ConnectionTrait, store: StoreId, cart: CartId, at: DateTime<Utc>) -> PaymentId {
    let provider = payment_provider_configs::Model {
        store_id: store,
        id: id(),
        kind: PaymentProviderKind::Stripe,
        name: "Card".into(),
        instructions: None,
        enabled: true,
        test: true,
        capture_mode: CaptureMode::Automatic,
        currencies: Some(serde_json::json!(["EUR"])),
        public_key: Some("pk_test_x".into()),
        subaccount: None,
        secret_key_sealed: Some(vec![1; 90]),
        secret_key_last_four: Some("1234".into()),
        webhook_secret_sealed: Some(vec![1; 90]),
        webhook_secret_last_four: Some("5678".into()),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let provider = insert(db, provider).await.id;
    let payment = payments::Model {
        store_id: store,
        id: id(),
        provider_id: Some(provider),
        gift_card_id: None,
        store_credit_id: None,
        cart_id: Some(cart),
        order_id: None,
        idempotency_key: "cart/1".into(),
        currency: Currency::EUR,
        amount: 1_900,
        capture_mode: CaptureMode::Automatic,
        status: PaymentStatus::Paid,
        authorized: 1_900,
        captured: 1_900,
        voided: 0,
        refunded: 0,
        refunding: 500,
        reference: Some("pi_1".into()),
        review: None,
        followed: false,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let payment = insert(db, payment).await.id;
    let refund = refunds::Model {
        store_id: store,
        id: id(),
        payment_id: payment,
        currency: Currency::EUR,
        amount: 500,
        state: RefundState::Requested,
        reason: Some("Broken".into()),
        idempotency_key: Some("refund/1".into()),
        reference: Some("re_1".into()),
        created_at: at,
        updated_at: at,
    };
    let refund = insert(db, refund).await.id;
    let attempt = payment_attempts::Model {
        store_id: store,
        id: id(),
        payment_id: payment,
        refund_id: Some(refund),
        kind: PaymentAttemptKind::Refund,
        state: PaymentAttemptState::Pending,
        amount: 500,
        failure: None,
        action_url: None,
        ask_from: at + TimeDelta::minutes(2),
        created_at: at,
        finished_at: None,
    };
    insert(db, attempt).await;
    let event = payment_events::Model {
        store_id: store,
        id: id(),
        payment_id: payment,
        kind: PaymentEventKind::Captured,
        reference: "pi_1".into(),
        currency: Currency::EUR,
        amount: 1_900,
        source: PaymentEventSource::Answer,
        parked: false,
        occurred_at: at,
        created_at: at,
    };
    insert(db, event).await;
    let webhook = inbound_webhooks::Model {
        store_id: store,
        id: id(),
        provider_id: provider,
        event_id: "evt_1".into(),
        event_type: "payment_intent.succeeded".into(),
        payment_id: Some(payment),
        outcome: InboundWebhookOutcome::Folded,
        facts: serde_json::json!([]),
        created_at: at,
    };
    insert(db, webhook).await;
    let card = gift_cards::Model {
        store_id: store,
        id: id(),
        code_hash: vec![7; 32],
        last_four: "PQRS".into(),
        state: GiftCardState::Active,
        currency: Currency::EUR,
        issued: 5_000,
        balance: 4_000,
        entry_count: 1,
        expires_at: Some(at + TimeDelta::days(365)),
        note: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let card = insert(db, card).await.id;
    let entry = gift_card_entries::Model {
        store_id: store,
        id: id(),
        card_id: card,
        sequence: 1,
        kind: GiftCardEntryKind::Taken,
        amount: -1_000,
        balance: 4_000,
        owner: Some(cart.to_string()),
        note: None,
        created_at: at,
    };
    insert(db, entry).await;
    let hold = gift_card_holds::Model {
        store_id: store,
        card_id: card,
        owner: cart.to_string(),
        amount: 100,
        expires_at: at + TimeDelta::minutes(15),
        created_at: at,
    };
    insert(db, hold).await;
    let of_cart = cart_gift_cards::Model { store_id: store, cart_id: cart, card_id: card, position: 0, created_at: at };
    insert(db, of_cart).await;
    store_credit(db, store, cart, at).await;
    payment
}

async fn store_credit(db: &impl ConnectionTrait, store: StoreId, cart: CartId, at: DateTime<Utc>) {
    let customer = customers::Entity::find().filter(customers::Column::StoreId.eq(store)).one(db).await;
    let credit = store_credits::Model {
        store_id: store,
        id: id(),
        customer_id: customer.expect("read").expect("a customer").id,
        currency: Currency::EUR,
        balance: 4_000,
        entry_count: 1,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let credit = insert(db, credit).await.id;
    let entry = store_credit_entries::Model {
        store_id: store,
        id: id(),
        credit_id: credit,
        sequence: 1,
        kind: StoreCreditEntryKind::Taken,
        amount: -1_000,
        balance: 4_000,
        owner: Some(cart.to_string()),
        note: None,
        created_at: at,
    };
    insert(db, entry).await;
    let hold = store_credit_holds::Model {
        store_id: store,
        credit_id: credit,
        owner: cart.to_string(),
        amount: 100,
        expires_at: at + TimeDelta::minutes(15),
        created_at: at,
    };
    insert(db, hold).await;
}
