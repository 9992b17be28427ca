//! What stands in the database, for stories that prove what changed and what did not.

use std::collections::BTreeMap;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

/// Written beside requests, and no change of what a shop is.
const NOT_COUNTED: &[&str] = &["last_used_at", "last_write_xid"];

/// The digest of every row of every table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(BTreeMap<String, String>);

impl Fingerprint {
    pub async fn of(db: &DatabaseConnection) -> Self {
        let tables = columns(db).await;
        let sql: Vec<String> = tables.iter().map(|(table, columns)| digest(db, table, columns)).collect();
        let rows = rows(db, &sql.join(" UNION ALL ")).await;
        Self(rows.into_iter().map(|mut row| (std::mem::take(&mut row[0]), std::mem::take(&mut row[1]))).collect())
    }

    /// The tables that differ.
    pub fn changed(&self, other: &Self) -> Vec<String> {
        let differs = |(table, digest): &(&String, &String)| other.0.get(*table) != Some(*digest);
        self.0.iter().filter(differs).map(|(table, _)| table.clone()).collect()
    }
}

/// The tables with their columns, those of migrations left out.
async fn columns(db: &DatabaseConnection) -> BTreeMap<String, Vec<String>> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
        }
        _ => {
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
        }
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows(db, sql).await {
        let [table, column] = &row[..] else { panic!("two columns") };
        if table != "seaql_migrations" && table != "schema_fingerprint" && !NOT_COUNTED.contains(&column.as_str()) {
            tables.entry(table.clone()).or_default().push(column.clone());
        }
    }
    tables
}

fn digest(db: &DatabaseConnection, table: &str, columns: &[String]) -> String {
    match db.get_database_backend() {
        DbBackend::Postgres => {
            let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
            format!(
                "SELECT '{table}', md5(coalesce(string_agg(one, E'\\n' ORDER BY one), '')) \
                 FROM (SELECT ROW({})::text AS one FROM \"{table}\") rows",
                columns.join(", ")
            )
        }
        _ => {
            let columns: Vec<String> = columns.iter().map(|column| format!("quote(\"{column}\")")).collect();
            format!(
                "SELECT '{table}', coalesce(group_concat(one, char(10)), '') \
                 FROM (SELECT {} AS one FROM \"{table}\" ORDER BY one)",
                columns.join(" || '|' || ")
            )
        }
    }
}

/// Every audit entry and every event, by its id.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    audit: BTreeMap<String, String>,
    events: BTreeMap<String, String>,
}

/// What was written to the ledger between two moments, in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The actions of the audit entries.
    pub audit: Vec<String>,
    /// The topics of the events.
    pub events: Vec<String>,
}

impl Ledger {
    pub async fn of(db: &DatabaseConnection) -> Self {
        let hex = match db.get_database_backend() {
            DbBackend::Postgres => "id::text",
            _ => "hex(id)",
        };
        let read = async |tables: &[&str], what: &str| {
            let sql: Vec<String> = tables.iter().map(|table| format!("SELECT {hex}, {what} FROM {table}")).collect();
            let rows = rows(db, &sql.join(" UNION ALL ")).await;
            rows.into_iter().map(|mut row| (std::mem::take(&mut row[0]), std::mem::take(&mut row[1]))).collect()
        };
        Self {
            audit: read(&["audit_logs", "organization_audit_logs", "user_audit_logs"], "action").await,
            events: read(&["domain_events", "platform_events"], "topic").await,
        }
    }

    /// What came since.
    pub fn told_since(&self, before: &Self) -> Told {
        let new = |now: &BTreeMap<String, String>, before: &BTreeMap<String, String>| {
            let new = now.iter().filter(|(id, _)| !before.contains_key(*id));
            let mut new: Vec<String> = new.map(|(_, what)| what.clone()).collect();
            new.sort_unstable();
            new
        };
        Told { audit: new(&self.audit, &before.audit), events: new(&self.events, &before.events) }
    }
}

/// The rows of a statement whose columns are all texts.
pub async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<Vec<String>> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter()
        .map(|row| (0..row.column_names().len()).map(|place| row.try_get_by_index(place).expect("a text")).collect())
        .collect()
}
