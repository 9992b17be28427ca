//! Whose rows are whose: a row belongs to the store that its parent belongs to (I10).
//!
//! The keys are read from the database itself, so that a table that is added is looked at without a word. Of
//! each key between two tables of a store two things must be so: the store is part of it, and no row points to
//! one of another store, or to none.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::{Off, find};

/// The columns of every foreign key: its name, the child and the parent, and a column of each.
const KEYS_ON_POSTGRES: &str = "\
    SELECT c.conname::text AS name, child.relname::text AS child, parent.relname::text AS parent, \
           a.attname::text AS from_column, b.attname::text AS to_column \
    FROM pg_constraint c \
    JOIN pg_class child ON child.oid = c.conrelid \
    JOIN pg_class parent ON parent.oid = c.confrelid \
    JOIN pg_namespace n ON n.oid = child.relnamespace AND n.nspname = current_schema() \
    CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(child, parent) \
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.child \
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.parent \
    WHERE c.contype = 'f'";

const KEYS_ON_SQLITE: &str = "\
    SELECT m.name || ' ' || k.id AS name, m.name AS child, k.\"table\" AS parent, \
           k.\"from\" AS from_column, k.\"to\" AS to_column \
    FROM sqlite_master m, pragma_foreign_key_list(m.name) k \
    WHERE m.type = 'table'";

/// The tables whose rows have an id of their own.
const NAMED_ON_POSTGRES: &str = "\
    SELECT table_name::text AS name FROM information_schema.columns \
    WHERE table_schema = current_schema() AND column_name = 'id'";

const NAMED_ON_SQLITE: &str = "\
    SELECT m.name AS name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'id'";

/// A foreign key.
struct Key {
    child: String,
    parent: String,
    /// A column of the child, and the one of the parent that it names.
    columns: Vec<(String, String)>,
}

/// The rows that belong to somebody else than their parent, and the keys that would let them.
pub async fn off(db: &impl ConnectionTrait) -> Result<Vec<Off>, DbErr> {
    let of_a_store = |table: &str| migration::GUARDED_TABLES.iter().any(|(guarded, _)| *guarded == table);
    let (named, mut found, mut strays) = (named(db).await?, Vec::new(), Vec::new());
    for key in keys(db).await? {
        if !of_a_store(&key.child) || !of_a_store(&key.parent) {
            continue;
        }
        if !key.columns.iter().any(|(from, to)| from == "store_id" && to == "store_id") {
            let says = format!("the key from {} to {} does not hold the store", key.child, key.parent);
            found.push(Off { store: None, id: None, says });
        }
        strays.push(key.strays(named.contains(&key.child)));
    }
    found.extend(find(db, &strays.join(" UNION ALL ")).await?);
    Ok(found)
}

impl Key {
    /// The statement that finds children whose parent is none of their own store's.
    fn strays(&self, is_named: bool) -> String {
        let Self { child, parent, .. } = self;
        // Of a row without a name an id that is null, and an id all the same: the parts have columns alike.
        let id = if is_named { "c.id" } else { "CASE WHEN 1 = 0 THEN c.store_id END" };
        let given: Vec<String> = self.columns.iter().map(|(from, _)| format!("c.\"{from}\" IS NOT NULL")).collect();
        let same: Vec<String> = self.columns.iter().map(|(from, to)| format!("p.\"{to}\" = c.\"{from}\"")).collect();
        format!(
            "SELECT c.store_id, {id} AS id, 'a row of {child} has no {parent} of its own store' AS says \
             FROM \"{child}\" c WHERE {} AND NOT EXISTS (SELECT 1 FROM \"{parent}\" p WHERE {} AND p.store_id = c.store_id)",
            given.join(" AND "),
            same.join(" AND "),
        )
    }
}

async fn named(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => NAMED_ON_POSTGRES,
        _ => NAMED_ON_SQLITE,
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "name")).collect()
}

async fn keys(db: &impl ConnectionTrait) -> Result<Vec<Key>, DbErr> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => KEYS_ON_POSTGRES,
        _ => KEYS_ON_SQLITE,
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    let mut keys: BTreeMap<String, Key> = BTreeMap::new();
    for row in rows {
        let key = Key { child: row.try_get("", "child")?, parent: row.try_get("", "parent")?, columns: Vec::new() };
        let columns = (row.try_get("", "from_column")?, row.try_get("", "to_column")?);
        keys.entry(row.try_get("", "name")?).or_insert(key).columns.push(columns);
    }
    Ok(keys.into_values().collect())
}
