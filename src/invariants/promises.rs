//! What is promised belongs to orders that live.
//!
//! Reservations name their owners by the text of their ids, which no statement can write. So both sides are read here:
//! of an order that stands, what is promised of a variant is what was ordered and not sent; of one that was called
//! off, nothing is. Owners that are no orders say nothing.

use std::collections::{BTreeMap, BTreeSet};

use rules::ids::OrderId;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement};
use uuid::Uuid;

use super::Off;

/// What stands of each order and variant: the order's number, and units that were ordered and not sent.
const WANTED: &str = "SELECT o.store_id, o.id, o.number, l.variant_id, \
    CAST(SUM(CASE WHEN o.canceled_at IS NULL THEN l.quantity - l.fulfilled ELSE 0 END) AS bigint) AS units \
    FROM orders o JOIN order_lines l ON l.store_id = o.store_id AND l.order_id = o.id \
    WHERE l.variant_id IS NOT NULL GROUP BY o.store_id, o.id, o.number, l.variant_id";

/// What is promised of each variant to each owner.
const PROMISED: &str = "SELECT r.store_id, r.owner, i.variant_id, CAST(SUM(r.quantity) AS bigint) AS units \
    FROM stock_reservations r JOIN inventory_items i ON i.store_id = r.store_id AND i.id = r.item_id \
    WHERE r.kind = 'PROMISE' GROUP BY r.store_id, r.owner, i.variant_id";

/// The orders whose promises are not what they should be.
pub async fn off(db: &impl ConnectionTrait) -> Result<Vec<Off>, DbErr> {
    let mut promised: BTreeMap<(Uuid, String, Uuid), i64> = BTreeMap::new();
    for row in rows(db, PROMISED).await? {
        let key = (row.try_get("", "store_id")?, row.try_get("", "owner")?, row.try_get("", "variant_id")?);
        promised.insert(key, row.try_get("", "units")?);
    }
    let (mut off, mut orders) = (Vec::new(), BTreeSet::new());
    for row in rows(db, WANTED).await? {
        let (store, id): (Uuid, Uuid) = (row.try_get("", "store_id")?, row.try_get("", "id")?);
        let (number, units): (i64, i64) = (row.try_get("", "number")?, row.try_get("", "units")?);
        let owner = OrderId(id).to_string();
        let kept = promised.remove(&(store, owner.clone(), row.try_get("", "variant_id")?)).unwrap_or_default();
        if kept != units {
            let says = format!("order {number} needs {units} units of a variant, and {kept} are promised");
            off.push(Off { store: Some(store), id: Some(id), says });
        }
        orders.insert((store, owner, id, number));
    }
    for (store, owner, id, number) in orders {
        if promised.keys().any(|(of, to, _)| (*of, to) == (store, &owner)) {
            let says = format!("order {number} is promised units of a variant that it does not have");
            off.push(Off { store: Some(store), id: Some(id), says });
        }
    }
    Ok(off)
}

async fn rows(db: &impl ConnectionTrait, sql: &str) -> Result<Vec<QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await
}
