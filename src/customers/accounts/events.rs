//! What is told of accounts. Never an e-mail address, a password or a token.

use chrono::{DateTime, Utc};
use entity::customers::customer_sessions;
use rules::ids::{CustomerId, CustomerSessionId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// A session as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionSnapshot {
    /// The id.
    pub id: CustomerSessionId,
    /// Whose it is.
    pub customer_id: CustomerId,
    /// The network address that it was opened from.
    pub ip: Option<String>,
    /// The program that it was opened with.
    pub user_agent: Option<String>,
    /// Until when it can be refreshed.
    pub expires_at: DateTime<Utc>,
}

impl From<&customer_sessions::Model> for SessionSnapshot {
    fn from(row: &customer_sessions::Model) -> Self {
        Self {
            id: row.id,
            customer_id: row.customer_id,
            ip: row.ip.clone(),
            user_agent: row.user_agent.clone(),
            expires_at: row.expires_at,
        }
    }
}

/// Why sessions ended before their time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionEnd {
    /// The customer signed out.
    SignedOut,
    /// A refresh token came back after it was used: somebody else has a copy.
    RefreshTokenReused,
    /// The password was changed, or chosen anew.
    PasswordChanged,
    /// The staff keeps the customer out.
    Disabled,
    /// The customer was deleted.
    Deleted,
    /// The customer has too many: the one not used for the longest time went.
    TooMany,
}

/// A customer signed in.
#[derive(Debug, Serialize)]
pub struct CustomerSessionCreated {
    /// The new session.
    pub session: SessionSnapshot,
}

impl Event for CustomerSessionCreated {
    const TOPIC: &'static str = "customer_session.created";
    const AGGREGATE: &'static str = "customer_session";

    fn aggregate_id(&self) -> String {
        self.session.id.to_string()
    }
}

/// A session ended before its time.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSessionRevoked {
    /// The session.
    pub session_id: CustomerSessionId,
    /// Whose it was.
    pub customer_id: CustomerId,
    /// Why.
    pub reason: SessionEnd,
}

impl Event for CustomerSessionRevoked {
    const TOPIC: &'static str = "customer_session.revoked";
    const AGGREGATE: &'static str = "customer_session";

    fn aggregate_id(&self) -> String {
        self.session_id.to_string()
    }
}

macro_rules! account_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                /// The customer.
                pub customer_id: CustomerId,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "customer";

                fn aggregate_id(&self) -> String {
                    self.customer_id.to_string()
                }
            }
        )+
    };
}

account_events! {
    /// Somebody signed up with the e-mail address of an account that was there.
    CustomerSignUpRepeated = "customer.sign_up_repeated",
    /// The owner of the mailbox proved it.
    CustomerEmailVerified = "customer.email_verified",
    /// The password of an account was changed, or chosen anew.
    CustomerPasswordChanged = "customer.password_changed",
    /// A letter with a one-time token was written to a customer.
    CustomerLetterQueued = "customer.letter_queued",
}

/// What the audit log keeps of sessions that ended together.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionsEnded {
    /// The sessions.
    pub session_ids: Vec<CustomerSessionId>,
    /// Why.
    pub reason: SessionEnd,
}
