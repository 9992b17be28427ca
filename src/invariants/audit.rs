//! The audit logs are as they were written.
//!
//! Every line must be what its server signed. The lines of a store stand in a chain besides: no place is missing, each
//! seal follows the one before it, the head says how long it is, and a line without a seal waits for one. A key that was
//! replaced seals nothing any more.

use std::collections::BTreeMap;

use entity::audit::{audit_chains, audit_logs, audit_seals, organization_audit_logs, user_audit_logs};
use rules::ids::{AuditLogId, StoreId};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement, Value};
use uuid::Uuid;

use super::{Off, find};
use crate::kernel::audit::chain::{FIRST, check_head, check_seal};
use crate::kernel::audit::signing::{Line, check_line};
use crate::kernel::settings::Settings;

/// Rows that are read at once.
const ROWS: i64 = 1_000;

/// Who did it is said by each line.
const SAYS_WHO: &str = include_str!("sql/i12_audit_says_who.sql");

/// A line has its seal, or waits for it.
const UNSEALED: &str = include_str!("sql/i12_audit_is_sealed.sql");

const SEALS: &str = "SELECT * FROM audit_seals WHERE (store_id, place) > ($1, $2) ORDER BY store_id, place LIMIT $3";

const SEALED_LINES: &str = "SELECT l.* FROM audit_seals s \
    JOIN audit_logs l ON l.store_id = s.store_id AND l.id = s.audit_log_id \
    WHERE (s.store_id, s.place) > ($1, $2) ORDER BY s.store_id, s.place LIMIT $3";

const WAITING_LINES: &str = "SELECT l.* FROM audit_unsealed u \
    JOIN audit_logs l ON l.store_id = u.store_id AND l.id = u.audit_log_id \
    WHERE (u.store_id, u.audit_log_id) > ($1, $2) ORDER BY u.store_id, u.audit_log_id LIMIT $3";

const ORGANIZATIONS_LINES: &str = "SELECT * FROM organization_audit_logs WHERE id > $1 ORDER BY id LIMIT $2";

const PEOPLES_LINES: &str = "SELECT * FROM user_audit_logs WHERE id > $1 ORDER BY id LIMIT $2";

/// The lines, seals and heads that are off.
pub async fn off(db: &impl ConnectionTrait, settings: &Settings) -> Result<Vec<Off>, DbErr> {
    let mut off = find(db, SAYS_WHO).await?;
    off.extend(find(db, UNSEALED).await?);
    chains(db, settings, &mut off).await?;
    waiting(db, settings, &mut off).await?;
    others(db, settings, ORGANIZATIONS_LINES, |line: &organization_audit_logs::Model| line.id, &mut off).await?;
    others(db, settings, PEOPLES_LINES, |line: &user_audit_logs::Model| line.id, &mut off).await?;
    Ok(off)
}

/// The lines of a log that has no chain.
async fn others<L: Line + FromQueryResult>(
    db: &impl ConnectionTrait,
    settings: &Settings,
    sql: &str,
    id: fn(&L) -> AuditLogId,
    off: &mut Vec<Off>,
) -> Result<(), DbErr> {
    let mut after = Uuid::nil();
    loop {
        let lines: Vec<L> = read(db, sql, vec![after.into(), ROWS.into()]).await?;
        for line in &lines {
            if let Err(doubt) = check_line(settings, line) {
                off.push(Off { store: None, id: Some(id(line).0), says: format!("a line of {} {doubt}", L::LOG) });
            }
        }
        let Some(last) = lines.last() else { return Ok(()) };
        after = id(last).0;
    }
}

async fn read<M: FromQueryResult>(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<Vec<M>, DbErr> {
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| M::from_query_result(row, "")).collect()
}

/// Where the proof of a chain has come to.
struct At {
    place: i64,
    seal: Vec<u8>,
    /// How old the key of the last seal is.
    age: usize,
}

impl Default for At {
    fn default() -> Self {
        Self { place: 0, seal: FIRST.to_vec(), age: usize::MAX }
    }
}

/// The heads of all chains.
async fn heads(db: &impl ConnectionTrait) -> Result<BTreeMap<StoreId, audit_chains::Model>, DbErr> {
    let heads: Vec<audit_chains::Model> = read(db, "SELECT * FROM audit_chains", Vec::new()).await?;
    Ok(heads.into_iter().map(|head| (head.store_id, head)).collect())
}

/// The lines that are sealed, along the chain of each store. More may be sealed meanwhile, so each chain must go as far
/// as its head said before, and no farther than it says afterwards.
async fn chains(db: &impl ConnectionTrait, settings: &Settings, off: &mut Vec<Off>) -> Result<(), DbErr> {
    let mut ends: BTreeMap<StoreId, At> = BTreeMap::new();
    let before = heads(db).await?;
    let prove_head = |chain: &audit_chains::Model, last: &[u8], off: &mut Vec<Off>| {
        if let Err(doubt) = check_head(settings, chain, last) {
            let says = format!("the head of the audit log {doubt}");
            off.push(Off { store: Some(chain.store_id.0), id: None, says });
        }
    };
    for chain in before.values().filter(|chain| chain.length == 0) {
        prove_head(chain, &FIRST, off);
    }
    let mut after = (Uuid::nil(), 0_i64);
    loop {
        let window = || vec![after.0.into(), after.1.into(), ROWS.into()];
        let seals: Vec<audit_seals::Model> = read(db, SEALS, window()).await?;
        let lines: Vec<audit_logs::Model> = read(db, SEALED_LINES, window()).await?;
        let lines: BTreeMap<(StoreId, AuditLogId), audit_logs::Model> =
            lines.into_iter().map(|line| ((line.store_id, line.id), line)).collect();
        for seal in &seals {
            let at = ends.entry(seal.store_id).or_default();
            let line = lines.get(&(seal.store_id, seal.audit_log_id));
            let mut says = |says: String| {
                off.push(Off { store: Some(seal.store_id.0), id: Some(seal.audit_log_id.0), says });
            };
            if let Some(Err(doubt)) = line.map(|line| check_line(settings, line)) {
                says(format!("a line of audit_logs {doubt}"));
            }
            match line {
                None => says(format!("the line at place {} of the audit log is gone", seal.place)),
                Some(_) if seal.place != at.place + 1 => {
                    says(format!("place {} of the audit log is followed by place {}", at.place, seal.place));
                }
                Some(line) => match check_seal(settings, line, seal, &at.seal) {
                    Err(doubt) => says(format!("the seal at place {} of the audit log {doubt}", seal.place)),
                    Ok(age) if age > at.age => {
                        says(format!("place {} of the audit log was sealed with a key that was replaced", seal.place));
                    }
                    Ok(age) => at.age = age,
                },
            }
            (at.place, at.seal) = (seal.place, seal.seal.clone());
            if let Some(chain) = before.get(&seal.store_id).filter(|chain| chain.length == seal.place) {
                prove_head(chain, &seal.seal, off);
            }
        }
        let Some(last) = seals.last() else { break };
        after = (last.store_id.0, last.place);
    }
    let after = heads(db).await?;
    for (store, chain) in &before {
        let place = ends.get(store).map_or(0, |at| at.place);
        if place < chain.length {
            let says = format!("the audit log has {} places, and the last that is there is {place}", chain.length);
            off.push(Off { store: Some(store.0), id: None, says });
        }
    }
    for (store, at) in &ends {
        let says = match after.get(store) {
            None => "the audit log has no head".to_owned(),
            Some(chain) if at.place > chain.length => {
                format!("the audit log goes on to place {}, and its head says {}", at.place, chain.length)
            }
            Some(_) => continue,
        };
        off.push(Off { store: Some(store.0), id: None, says });
    }
    Ok(())
}

/// The lines that wait for their seal.
async fn waiting(db: &impl ConnectionTrait, settings: &Settings, off: &mut Vec<Off>) -> Result<(), DbErr> {
    let mut after = (Uuid::nil(), Uuid::nil());
    loop {
        let window = vec![after.0.into(), after.1.into(), ROWS.into()];
        let lines: Vec<audit_logs::Model> = read(db, WAITING_LINES, window).await?;
        for line in &lines {
            if let Err(doubt) = check_line(settings, line) {
                let says = format!("a line of audit_logs {doubt}");
                off.push(Off { store: Some(line.store_id.0), id: Some(line.id.0), says });
            }
        }
        let Some(last) = lines.last() else { return Ok(()) };
        after = (last.store_id.0, last.id.0);
    }
}
