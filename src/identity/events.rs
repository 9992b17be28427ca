//! What is told of accounts and sessions. Never an e-mail address, a password or a token: events and
//! audit entries outlive the account.

use chrono::{DateTime, Utc};
use entity::identity::{sessions, users};
use rules::ids::{SessionId, UserId};
use serde::Serialize;

use crate::kernel::outbox::Event;

/// An account as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserSnapshot {
    /// The id.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// The language chosen.
    pub locale: Option<String>,
    /// The version.
    pub version: i64,
}

impl From<&users::Model> for UserSnapshot {
    fn from(row: &users::Model) -> Self {
        Self { id: row.id, name: row.name.clone(), locale: row.locale.clone(), version: row.version }
    }
}

/// A session as it was at one moment; also what the audit log keeps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionSnapshot {
    /// The id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// The network address that it was opened from.
    pub ip: Option<String>,
    /// The program that it was opened with.
    pub user_agent: Option<String>,
    /// Until when it can be refreshed.
    pub expires_at: DateTime<Utc>,
}

impl From<&sessions::Model> for SessionSnapshot {
    fn from(row: &sessions::Model) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
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
    /// The person signed out.
    SignedOut,
    /// The person ended it from another session.
    Revoked,
    /// A refresh token came back after it was used: somebody else has a copy.
    RefreshTokenReused,
    /// The password was changed.
    PasswordChanged,
    /// The person has too many: the one not used for the longest time went.
    TooMany,
}

macro_rules! user_events {
    ($($(#[$doc:meta])* $name:ident = $topic:literal,)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize)]
            pub struct $name {
                /// The account after the change.
                pub user: UserSnapshot,
            }

            impl Event for $name {
                const TOPIC: &'static str = $topic;
                const AGGREGATE: &'static str = "user";

                fn aggregate_id(&self) -> String {
                    self.user.id.to_string()
                }
            }
        )+
    };
}

user_events! {
    /// An account was created.
    UserCreated = "user.created",
    /// An account was changed.
    UserUpdated = "user.updated",
    /// The password of an account was changed.
    UserPasswordChanged = "user.password_changed",
    /// Somebody signed up with the e-mail address of an account that was there: its owner may want to know.
    UserSignUpRepeated = "user.sign_up_repeated",
}

/// A person signed in.
#[derive(Debug, Serialize)]
pub struct SessionCreated {
    /// The new session.
    pub session: SessionSnapshot,
}

impl Event for SessionCreated {
    const TOPIC: &'static str = "session.created";
    const AGGREGATE: &'static str = "session";

    fn aggregate_id(&self) -> String {
        self.session.id.to_string()
    }
}

/// A session ended before its time.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionRevoked {
    /// The session.
    pub session_id: SessionId,
    /// Whose it was.
    pub user_id: UserId,
    /// Why.
    pub reason: SessionEnd,
}

impl Event for SessionRevoked {
    const TOPIC: &'static str = "session.revoked";
    const AGGREGATE: &'static str = "session";

    fn aggregate_id(&self) -> String {
        self.session_id.to_string()
    }
}

/// What the audit log keeps of sessions that ended together.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionsEnded {
    /// The sessions.
    pub session_ids: Vec<SessionId>,
    /// Why.
    pub reason: SessionEnd,
}
