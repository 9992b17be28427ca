//! Customers, written as they are: accounts whose password is [`PASSWORD`], and guests.

use chrono::TimeDelta;
use entity::customers::{customer_credentials, customer_sessions, customers};
use rules::ids::{CustomerId, CustomerSessionId};
use rules::states::{CustomerKind, CustomerState};
use stoa::identity::secret::{Kind, Secret};

use super::actor::Actor;
use super::builders::PASSWORD;
use super::shop::Shop;

/// A customer with an account, who is signed in.
pub struct Buyer {
    pub actor: Actor,
    pub id: CustomerId,
    pub email: String,
}

impl Shop {
    /// A customer of Linden's first store with an account, signed in by a session that is written as it is.
    pub async fn customer(&self) -> Buyer {
        let (id, email) = self.customer_row(CustomerKind::Registered).await;
        let (writer, store) = (self.writer(), self.linden.store());
        let now = writer.now;
        let password_hash = self.password_hash().await;
        let credentials = customer_credentials::Model {
            store_id: store,
            customer_id: id,
            password_hash,
            password_changed_at: now,
            created_at: now,
            updated_at: now,
        };
        writer.put(credentials).await;
        let secret = Secret::generate(Kind::CustomerAccessToken, writer.entropy);
        let session = customer_sessions::Model {
            id: self.id::<CustomerSessionId>(),
            store_id: store,
            customer_id: id,
            access_token_hash: secret.hash().to_vec(),
            access_expires_at: now + TimeDelta::hours(1),
            expires_at: now + TimeDelta::days(30),
            ip: None,
            user_agent: None,
            revoked_at: None,
            last_used_at: now,
            last_write_xid: None,
            created_at: now,
        };
        writer.put(session).await;
        Buyer { actor: self.anonymous().with_secret(secret.expose()), id, email }
    }

    /// A customer of Linden's first store without an account.
    pub async fn guest(&self) -> CustomerId {
        self.customer_row(CustomerKind::Guest).await.0
    }

    async fn customer_row(&self, kind: CustomerKind) -> (CustomerId, String) {
        let (writer, id, email) = (self.writer(), self.id::<CustomerId>(), format!("{}@people.example", self.word()));
        let row = customers::Model {
            store_id: self.linden.store(),
            id,
            kind,
            state: CustomerState::Enabled,
            email: email.clone(),
            email_normalized: email.clone(),
            email_verified_at: None,
            first_name: None,
            last_name: None,
            sort_name: email.clone(),
            phone: None,
            locale: None,
            accepts_marketing: false,
            marketing_changed_at: None,
            marketing_source: None,
            tax_exempt: false,
            tax_exempt_reason: None,
            company_name: None,
            vat_number: None,
            note: None,
            metadata: serde_json::json!({}),
            merged_into_id: None,
            version: 1,
            created_at: writer.now,
            updated_at: writer.now,
            deleted_at: None,
        };
        writer.put(row).await;
        (id, email)
    }
}

impl Buyer {
    /// What the customer signs in with.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }
}
