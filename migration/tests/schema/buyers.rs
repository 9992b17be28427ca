//! One row in each table of customers and what is written to them.

use chrono::{DateTime, Utc};
use entity::customers::{
    customer_addresses, customer_credentials, customer_one_time_tokens, customer_order_totals, customer_refresh_tokens,
    customer_sessions, customer_tags, customers, segment_members, segments,
};
use entity::messages::email_messages;
use rules::Currency;
use rules::ids::StoreId;
use rules::states::{
    ConsentSource, CustomerKind, CustomerState, EmailStatus, EmailTemplate, OneTimePurpose, SegmentKind,
};
use sea_orm::ConnectionTrait;

use crate::shop::{id, insert};

pub async fn customers(db: &impl ConnectionTrait, store: StoreId, at: DateTime<Utc>) {
    let segment = segments::Model {
        store_id: store,
        id: id(),
        name: "Friends".into(),
        name_normalized: "friends".into(),
        description: None,
        kind: SegmentKind::Manual,
        rule: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let segment = insert(db, segment).await.id;
    let customer = customers::Model {
        store_id: store,
        id: id(),
        kind: CustomerKind::Registered,
        state: CustomerState::Enabled,
        email: "Ann@example.com".into(),
        email_normalized: "ann@example.com".into(),
        email_verified_at: Some(at),
        first_name: Some("Ann".into()),
        last_name: None,
        sort_name: "ann".into(),
        phone: None,
        locale: None,
        accepts_marketing: true,
        marketing_changed_at: Some(at),
        marketing_source: Some(ConsentSource::SignUp),
        tax_exempt: true,
        tax_exempt_reason: Some("A school".into()),
        company_name: None,
        vat_number: None,
        note: None,
        metadata: serde_json::json!({}),
        merged_into_id: None,
        version: 1,
        created_at: at,
        updated_at: at,
        deleted_at: None,
    };
    let customer = insert(db, customer).await.id;
    let tag = customer_tags::Model {
        store_id: store,
        customer_id: customer,
        tag_normalized: "vip".into(),
        tag: "VIP".into(),
    };
    insert(db, tag).await;
    let address = customer_addresses::Model {
        store_id: store,
        id: id(),
        customer_id: customer,
        first_name: None,
        last_name: None,
        company: None,
        address1: "1 Main St".into(),
        address2: None,
        city: "Springfield".into(),
        region: None,
        postal_code: None,
        country: "US".into(),
        phone: None,
        is_default_shipping: true,
        is_default_billing: true,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    insert(db, address).await;
    let totals = customer_order_totals::Model {
        store_id: store,
        customer_id: customer,
        currency: Currency::from_code("USD").expect("a currency"),
        orders: 1,
        spent: 500,
        updated_at: at,
    };
    insert(db, totals).await;
    let member = segment_members::Model { store_id: store, segment_id: segment, customer_id: customer, created_at: at };
    insert(db, member).await;
    let credentials = customer_credentials::Model {
        store_id: store,
        customer_id: customer,
        password_hash: "$argon2id$".into(),
        password_changed_at: at,
        created_at: at,
        updated_at: at,
    };
    insert(db, credentials).await;
    let session = customer_sessions::Model {
        store_id: store,
        id: id(),
        customer_id: customer,
        access_token_hash: hash(store, 1),
        access_expires_at: at,
        expires_at: at,
        ip: None,
        user_agent: None,
        revoked_at: None,
        last_used_at: at,
        last_write_xid: None,
        created_at: at,
    };
    let session = insert(db, session).await.id;
    let refresh = customer_refresh_tokens::Model {
        store_id: store,
        id: id(),
        session_id: session,
        customer_id: customer,
        token_hash: hash(store, 2),
        used_at: None,
        expires_at: at,
        created_at: at,
    };
    insert(db, refresh).await;
    let once = customer_one_time_tokens::Model {
        store_id: store,
        id: id(),
        customer_id: customer,
        purpose: OneTimePurpose::PasswordReset,
        email_normalized: "ann@example.com".into(),
        token_hash: hash(store, 3),
        expires_at: at,
        used_at: None,
        created_at: at,
    };
    let once = insert(db, once).await.id;
    let letter = email_messages::Model {
        store_id: store,
        id: id(),
        template: EmailTemplate::CustomerPasswordReset,
        recipient: "Ann@example.com".into(),
        locale: "en".into(),
        data: serde_json::json!({}),
        token_id: Some(once.0),
        status: EmailStatus::Queued,
        attempts: 0,
        next_attempt_at: at,
        sent_at: None,
        last_error: None,
        created_at: at,
        updated_at: at,
    };
    insert(db, letter).await;
}

/// 32 bytes that no other store has.
fn hash(store: StoreId, number: u8) -> Vec<u8> {
    let half = store.0.as_bytes();
    let mut bytes = [half.as_slice(), half].concat();
    bytes[31] ^= number;
    bytes
}
