//! What every write leaves behind, and what must be so of all rows afterwards.

use std::collections::BTreeSet;

use stoa::invariants::INVARIANTS;
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

both! {
    async fn invariant_i10_every_row_belongs_to_whom_its_parent_belongs(db: Database) {
        let shop = Shop::open(db).await;
        write_all(&shop).await;
        let i10 = INVARIANTS.iter().find(|invariant| invariant.number == "I10").expect("it");
        assert_eq!(i10.off(shop.db(), shop.settings()).await.expect("a proof"), []);
        // Every table of a store leads to the store, by a key or through a parent that has one.
        let mut wrong = Vec::new();
        for (table, _) in migration::GUARDED_TABLES {
            let strays = format!("SELECT COUNT(*) FROM \"{table}\" WHERE store_id NOT IN (SELECT id FROM stores)");
            if shop.number(&strays).await != 0 {
                wrong.push(format!("{table} has rows of no store"));
            }
        }
        assert_none("whose rows are whose", &wrong);
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
