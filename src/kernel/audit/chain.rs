//! What closes the audit log of a store.
//!
//! Lines are written by many transactions at once, so none of them could say which line it follows without making the
//! others wait. Instead each line waits for its seal, in a table of those that wait, and a chore gives it a place: each
//! seal is over the line's own signature and over the seal before it, and the head of the chain says, signed, how long
//! it is. A line that is taken away, put in between or moved breaks the chain. Lines get their places in the order of
//! their ids, as far as they were committed by then.

use chrono::{DateTime, Utc};
use entity::audit::{audit_chains, audit_logs, audit_seals, audit_unsealed};
use rules::ids::StoreId;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::signing::{Doubt, Signed, check, sign};
use crate::kernel::action::Action;
use crate::kernel::ctx::Ctx;
use crate::kernel::db::{self, List};
use crate::kernel::error::{Error, Result};
use crate::kernel::schedule::{self, Waiting};
use crate::kernel::scope::{Scope, StoreScope};
use crate::kernel::settings::Settings;
use crate::kernel::tx::Tx;

/// The first seal follows this one.
pub const FIRST: [u8; 32] = [0; 32];

const SEAL: &str = "audit seal";
const HEAD: &str = "audit chain";

/// The lines that wait for their seal.
pub fn unsealed(_: DateTime<Utc>) -> Waiting {
    schedule::waiting::<audit_unsealed::Entity>(Condition::all())
}

/// Seals lines of the store that wait, `most` of them, and answers how many there were. Of several who do it at once,
/// one holds the chain, and the others find what it left.
///
/// # Errors
/// What the database says.
pub async fn seal(ctx: &Ctx, most: u64) -> Result<u64> {
    let settings = ctx.settings();
    let tx = ctx.begin_store(Action::AuditSeal).await?;
    let chain = hold(&tx, settings).await?;
    let waiting = tx.find::<audit_unsealed::Entity>().order_by_asc(audit_unsealed::Column::AuditLogId).limit(most);
    let waiting = waiting.list(tx.conn()).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let ids = || waiting.iter().map(|row| row.audit_log_id.0);
    let lines = tx.find::<audit_logs::Entity>().filter(db::any_of(tx.conn(), audit_logs::Column::Id, ids()));
    let lines = lines.order_by_asc(audit_logs::Column::Id).list(tx.conn()).await?;
    let (mut place, mut last) = (chain.length, last_seal(&tx, chain.length).await?);
    let seals: Vec<audit_seals::ActiveModel> = lines
        .iter()
        .map(|line| {
            place += 1;
            let Signed { key_id, signature } = sign_seal(settings, line, place, &last);
            last.clone_from(&signature);
            let (store_id, audit_log_id) = (line.store_id, line.id);
            audit_seals::Model { store_id, place, audit_log_id, key_id, seal: signature }.into_active_model()
        })
        .collect();
    tx.insert_many::<audit_seals::Entity>(seals).await?;
    let done = db::any_of(tx.conn(), audit_unsealed::Column::AuditLogId, ids());
    tx.delete_many::<audit_unsealed::Entity>().filter(done).exec(tx.conn()).await?;
    tx.save_many::<audit_chains::Entity>(vec![head(settings, tx.id(), place, &last)]).await?;
    tx.commit_unaudited("what closes the log is no line of it").await?;
    Ok(u64::try_from(lines.len()).unwrap_or(u64::MAX))
}

/// The head of the chain, held until the transaction ends.
async fn hold(tx: &Tx<StoreScope>, settings: &Settings) -> Result<audit_chains::Model> {
    let find = || tx.find::<audit_chains::Entity>().lock(LockType::NoKeyUpdate);
    if let Some(chain) = find().first(tx.conn()).await? {
        return Ok(chain);
    }
    let new = head(settings, tx.id(), 0, &FIRST).into_active_model();
    tx.insert_missing::<audit_chains::Entity>(&[audit_chains::Column::StoreId], vec![new]).await?;
    find().first(tx.conn()).await?.ok_or_else(|| Error::internal("a chain that was just begun is gone"))
}

async fn last_seal(tx: &Tx<StoreScope>, length: i64) -> Result<Vec<u8>> {
    let last = tx.find::<audit_seals::Entity>().filter(audit_seals::Column::Place.eq(length));
    let last = last.first(tx.conn()).await?;
    match last {
        Some(last) => Ok(last.seal),
        None if length == 0 => Ok(FIRST.to_vec()),
        // Somebody took it away. The proof says so; what comes after it is sealed all the same.
        None => Ok(Vec::new()),
    }
}

/// The seal of a line at a place, after the seal before it.
pub fn sign_seal(settings: &Settings, line: &audit_logs::Model, place: i64, before: &[u8]) -> Signed {
    let place = place.to_be_bytes();
    let parts: [&[u8]; 5] = [line.store_id.0.as_bytes(), &place, before, line.id.0.as_bytes(), &line.signature];
    sign(settings, SEAL, &parts)
}

/// Checks a seal, and answers the age of its key.
///
/// # Errors
/// Where it is not of this line, at this place, after this seal.
pub fn check_seal(
    settings: &Settings,
    line: &audit_logs::Model,
    seal: &audit_seals::Model,
    before: &[u8],
) -> Result<usize, Doubt> {
    let place = seal.place.to_be_bytes();
    let parts: [&[u8]; 5] = [line.store_id.0.as_bytes(), &place, before, line.id.0.as_bytes(), &line.signature];
    check(settings, SEAL, &parts, &seal.key_id, &seal.seal)
}

fn head(settings: &Settings, store: StoreId, length: i64, last: &[u8]) -> audit_chains::Model {
    let Signed { key_id, signature } = sign(settings, HEAD, &[store.0.as_bytes(), &length.to_be_bytes(), last]);
    audit_chains::Model { store_id: store, length, key_id, signature }
}

/// Checks that the chain of a store ends with this seal.
///
/// # Errors
/// Where it does not.
pub fn check_head(settings: &Settings, chain: &audit_chains::Model, last: &[u8]) -> Result<usize, Doubt> {
    let length = chain.length.to_be_bytes();
    let parts: [&[u8]; 3] = [chain.store_id.0.as_bytes(), &length, last];
    check(settings, HEAD, &parts, &chain.key_id, &chain.signature)
}
