//! What every write leaves behind, and what must be so of all rows afterwards.

use std::collections::BTreeSet;

use sea_orm::DbBackend;
use stoa::kernel::Action;

use super::{QUIET, all, assert_none, index, is_mutation};
use crate::harness::Shop;

const AUDIT: [&str; 3] = ["audit_logs", "organization_audit_logs", "user_audit_logs"];
const EVENTS: [&str; 2] = ["domain_events", "platform_events"];

/// Letters only, so that `brandCreate` and `brand.create` are one word.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase()
}

/// Lets each mutation succeed once, and gives its name with the id of its request.
async fn write_all(shop: &Shop) -> Vec<(&'static str, String)> {
    let index = index();
    let mut written = Vec::new();
    for entry in all().into_iter().filter(|entry| is_mutation(&index, entry.field)) {
        let me = entry.rightful.caller(shop).await;
        let variables = (entry.variables)(shop, &me).await;
        let answer = me.query(&entry.document(&index, &variables), variables).await.ok();
        let request = answer.headers["x-request-id"].to_str().expect("a text").to_owned();
        written.push((entry.field, request));
    }
    written
}

/// A foreign key: the child's table and columns, and the parent's.
struct Key {
    child: String,
    parent: String,
    columns: Vec<(String, String)>,
}

async fn keys(shop: &Shop) -> Vec<Key> {
    let sql = match shop.db().get_database_backend() {
        DbBackend::Postgres => {
            "SELECT c.conname::text, child.relname::text, parent.relname::text, a.attname::text, b.attname::text \
             FROM pg_constraint c JOIN pg_class child ON child.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid \
             JOIN pg_namespace n ON n.oid = child.relnamespace AND n.nspname = current_schema() \
             CROSS JOIN LATERAL unnest(c.conkey, c.confkey) AS k(child, parent) \
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.child \
             JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.parent \
             WHERE c.contype = 'f' ORDER BY 2, 1"
        }
        _ => {
            "SELECT m.name || k.id, m.name, k.\"table\", k.\"from\", k.\"to\" FROM sqlite_master m, pragma_foreign_key_list(m.name) k \
             WHERE m.type = 'table' ORDER BY 2, 1"
        }
    };
    let mut keys: Vec<(String, Key)> = Vec::new();
    for row in shop.texts(sql).await {
        let [name, child, parent, from, to] = &row[..] else { panic!("five columns") };
        if keys.last().is_none_or(|(last, _)| last != name) {
            let key = Key { child: child.clone(), parent: parent.clone(), columns: Vec::new() };
            keys.push((name.clone(), key));
        }
        keys.last_mut().expect("a key").1.columns.push((from.clone(), to.clone()));
    }
    keys.into_iter().map(|(_, key)| key).collect()
}

both! {
    async fn invariant_i10_every_row_belongs_to_whom_its_parent_belongs(db: Database) {
        let shop = Shop::open(db).await;
        write_all(&shop).await;
        let keys = keys(&shop).await;
        let (mut wrong, mut compared) = (Vec::new(), 0);
        let of_store: BTreeSet<&str> = migration::GUARDED_TABLES.iter().map(|(table, _)| *table).collect();
        for Key { child, parent, columns } in &keys {
            let name = format!("{child} to {parent}");
            // Of two tables of a store the store is part of the key, so that no row can point into another one.
            let both_of_a_store = of_store.contains(child.as_str()) && of_store.contains(parent.as_str());
            if !both_of_a_store {
                continue;
            }
            compared += 1;
            if !columns.iter().any(|(from, to)| from == "store_id" && to == "store_id") {
                wrong.push(format!("{name}: the store is no part of the key"));
            }
            let same: Vec<String> = columns.iter().filter(|(from, _)| from != "store_id").map(|(from, to)| format!("c.\"{from}\" = p.\"{to}\"")).collect();
            if same.is_empty() {
                continue;
            }
            let sql = format!("SELECT COUNT(*) FROM \"{child}\" c JOIN \"{parent}\" p ON {} WHERE c.store_id <> p.store_id", same.join(" AND "));
            if shop.number(&sql).await != 0 {
                wrong.push(format!("{name}: rows of two stores"));
            }
        }
        // Each table of an organization's store points to that store itself, or to a parent that does.
        for table in of_store {
            if !keys.iter().any(|key| key.child == table) {
                wrong.push(format!("{table} points to nothing"));
            }
            if shop.number(&format!("SELECT COUNT(*) FROM \"{table}\" WHERE store_id NOT IN (SELECT id FROM stores)")).await != 0 {
                wrong.push(format!("{table} has rows of no store"));
            }
        }
        assert_none("whose rows are whose", &wrong);
        assert!(compared > 20, "only {compared} keys were looked at");
        if shop.database().is_sqlite() {
            assert_eq!(shop.number("SELECT COUNT(*) FROM pragma_foreign_key_check").await, 0);
        }
    }

    async fn invariant_i11_each_write_is_told_once_and_nothing_is_told_without_one(db: Database) {
        let shop = Shop::open(db).await;
        let written = write_all(&shop).await;
        let mut wrong = Vec::new();
        for (field, request) in &written {
            let mut told = 0;
            for table in EVENTS {
                told += shop.number(&format!("SELECT COUNT(*) FROM {table} WHERE request_id = '{request}'")).await;
            }
            if (told == 0) != QUIET.iter().any(|(quiet, _)| quiet == field) {
                wrong.push(format!("{field} told {told} events"));
            }
        }
        for (table, key) in [("domain_events", "store_id"), ("platform_events", "scope_type, scope_id")] {
            // The events of one thing are numbered 1, 2, 3, …: none is missing, none stands twice.
            let gaps = format!(
                "SELECT COUNT(*) FROM (SELECT 1 AS one FROM {table} GROUP BY {key}, aggregate_type, aggregate_id \
                 HAVING MIN(sequence) <> 1 OR MAX(sequence) <> COUNT(*) OR COUNT(DISTINCT sequence) <> COUNT(*)) gaps"
            );
            if shop.number(&gaps).await != 0 {
                wrong.push(format!("{table} has gaps in its numbers"));
            }
            // What is told was done, by the request that the audit log names.
            let done: Vec<String> = AUDIT.iter().map(|log| format!("SELECT request_id FROM {log}")).collect();
            let causeless = format!("SELECT COUNT(*) FROM {table} WHERE request_id NOT IN ({})", done.join(" UNION "));
            if shop.number(&causeless).await != 0 {
                wrong.push(format!("{table} tells what nobody did"));
            }
        }
        assert_none("what was told", &wrong);
    }

    async fn invariant_i12_each_write_leaves_one_audit_row_under_its_own_name(db: Database) {
        let shop = Shop::open(db).await;
        let names: BTreeSet<&str> = Action::ALL.iter().map(|action| action.name()).collect();
        let mut wrong = Vec::new();
        for (field, request) in write_all(&shop).await {
            let mut own = 0;
            for log in AUDIT {
                let rows = shop.texts(&format!("SELECT action, actor_kind FROM {log} WHERE request_id = '{request}'")).await;
                let of_field = rows.iter().filter(|row| letters(&row[0]).ends_with(&letters(field))).count();
                if of_field > 1 {
                    wrong.push(format!("{field} left {of_field} rows of its own in {log}"));
                }
                for row in &rows {
                    if !names.contains(row[0].as_str()) || row[1].is_empty() {
                        wrong.push(format!("{field} left {row:?}"));
                    }
                }
                own += of_field;
            }
            if own == 0 {
                wrong.push(format!("{field} left no row of its own"));
            }
        }
        assert_none("the audit", &wrong);
    }
}
