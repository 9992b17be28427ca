//! Every query and write of the queue. Letters of all stores are sent by one hand, so that claiming and settling them
//! is the platform role's, which sees this table and changes nothing of it but how a letter stands.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::messages::email_messages::{ActiveModel, Entity};
use entity::row::Columns;
use rules::ids::{EmailMessageId, StoreId};
use rules::states::{EmailStatus, EmailTemplate};
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use uuid::Uuid;

use super::queue::Letter;
use crate::kernel::db::{Conn, Line, Mode, Role};
use crate::kernel::{Result, StoreScope, System, Tx};

/// How long a letter that was taken is left alone: whoever took it has failed by then.
const LEASE: TimeDelta = TimeDelta::minutes(5);

/// A letter that was taken to be sent.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub store: StoreId,
    pub id: EmailMessageId,
    pub template: EmailTemplate,
    pub recipient: String,
    pub name: Option<String>,
    pub token: Option<Uuid>,
    /// How often it was tried, this time too.
    pub attempts: i32,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// The store's name.
    pub store_name: String,
    /// The store's own domain, where it has one.
    pub host: Option<String>,
}

pub async fn insert(tx: &Tx<StoreScope>, letter: Letter) -> Result<()> {
    let ctx = tx.ctx();
    let row = ActiveModel {
        id: Set(ctx.id::<EmailMessageId>()),
        template: Set(letter.template),
        recipient: Set(letter.recipient),
        locale: Set(ctx.caller().locale.clone()),
        data: Set(serde_json::json!({ "name": letter.name })),
        token_id: Set(letter.token),
        status: Set(EmailStatus::Queued),
        attempts: Set(0),
        next_attempt_at: Set(ctx.now()),
        sent_at: Set(None),
        last_error: Set(None),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
        ..Default::default()
    };
    tx.insert::<Entity>(row).await?;
    Ok(())
}

/// Takes what is due: $1 now, $2 when it is due again, $3 how many at the most. On PostgreSQL those that somebody else is
/// taking are passed over; on SQLite there is one writer.
macro_rules! claiming {
    ($lock:literal) => {
        concat!(
            "UPDATE email_messages SET attempts = attempts + 1, next_attempt_at = $2, updated_at = $1 \
             WHERE status = 'QUEUED' AND next_attempt_at <= $1 AND id IN ( \
               SELECT id FROM email_messages WHERE status = 'QUEUED' AND next_attempt_at <= $1 \
               ORDER BY next_attempt_at LIMIT $3",
            $lock,
            ") RETURNING store_id, id, template, recipient, data, token_id, attempts, created_at, \
               (SELECT s.name FROM stores s WHERE s.id = email_messages.store_id) AS store_name, \
               (SELECT d.host FROM store_domains d WHERE d.store_id = email_messages.store_id AND d.is_primary) AS host"
        )
    };
}

/// Takes letters that are due, so many at the most; nobody else gets them meanwhile. A letter that is too old to be
/// of use is not among them: what it proves is no longer good.
pub async fn claim(system: &System, most: u64) -> Result<Vec<Claimed>> {
    let conn = system.db.begin(Mode::Write, Role::Platform, None, Arc::default()).await?;
    let backend = conn.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => claiming!(" FOR UPDATE SKIP LOCKED"),
        _ => claiming!(""),
    };
    let now = system.clock.now();
    let values = [now.into(), (now + LEASE).into(), i64::try_from(most).unwrap_or(i64::MAX).into()];
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let claimed = conn.lines(statement, read).await?;
    conn.commit(&[]).await?;
    Ok(claimed.into_iter().flatten().collect())
}

/// One letter; none where it was written by a newer version that this one, after a step back, does not know.
fn read(line: &Line<'_>) -> Result<Option<Claimed>, DbErr> {
    let word: String = line.column(2, "template")?;
    let Some(template) = EmailTemplate::ALL.iter().copied().find(|template| template.name() == word) else {
        return Ok(None);
    };
    let data: serde_json::Value = line.column(4, "data")?;
    Ok(Some(Claimed {
        store: StoreId(line.column(0, "store_id")?),
        id: EmailMessageId(line.column(1, "id")?),
        template,
        recipient: line.column(3, "recipient")?,
        name: data["name"].as_str().map(str::to_owned),
        token: line.column(5, "token_id")?,
        attempts: line.column(6, "attempts")?,
        created_at: line.column(7, "created_at")?,
        store_name: line.column::<Option<String>>(8, "store_name")?.unwrap_or_default(),
        host: line.column(9, "host")?,
    }))
}

/// How a letter stands after it was tried.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It was handed over.
    Sent,
    /// It is tried again then.
    Again(DateTime<Utc>, String),
    /// It is given up.
    Failed(String),
}

/// Notes how a letter stands.
pub async fn settle(system: &System, letter: &Claimed, outcome: Outcome) -> Result<()> {
    let now = system.clock.now();
    let (status, sent, next, error) = match outcome {
        Outcome::Sent => (EmailStatus::Sent, Some(now), now, None),
        Outcome::Again(next, error) => (EmailStatus::Queued, None, next, Some(error)),
        Outcome::Failed(error) => (EmailStatus::Failed, None, now, Some(error)),
    };
    let conn = system.db.begin(Mode::Write, Role::Platform, None, Arc::default()).await?;
    let values: [Value; 7] = [
        letter.store.0.into(),
        letter.id.0.into(),
        status.name().into(),
        sent.into(),
        next.into(),
        error.into(),
        now.into(),
    ];
    let sql = "UPDATE email_messages SET status = $3, sent_at = $4, next_attempt_at = $5, last_error = $6, \
               updated_at = $7 WHERE store_id = $1 AND id = $2";
    execute(&conn, sql, values).await?;
    conn.commit(&[]).await
}

/// Removes letters that were sent or given up before a moment. Gives how many.
pub async fn delete_before(system: &System, moment: DateTime<Utc>) -> Result<u64> {
    let conn = system.db.begin(Mode::Write, Role::Platform, None, Arc::default()).await?;
    let gone =
        execute(&conn, "DELETE FROM email_messages WHERE status <> 'QUEUED' AND updated_at < $1", [moment.into()])
            .await?;
    conn.commit(&[]).await?;
    Ok(gone)
}

async fn execute(conn: &Conn, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    Ok(conn.execute_raw(statement).await?.rows_affected())
}
