//! The twin of the bans in `clippy.toml`: one `allow` lifts every ban of a lint, so the sources are
//! read for what is banned, and each file that may do it stands here with what it may.

use super::{assert_none, sources};

/// What is banned, by what it is about.
const BANNED: &[(&str, &[&str])] = &[
    ("the clock", &["Utc::now", "Local::now", "SystemTime::now"]),
    ("chance", &["OsRng", "thread_rng", "rand::rng", "rand::random", "from_os_rng", "new_v4", "now_v7", "getrandom::"]),
    ("finding", &["::find()", "::find_by_id(", "::find_related(", "::find_also_related("]),
    (
        "writing",
        &[
            "::insert(",
            "::insert_many(",
            "::update(",
            "::update_many(",
            "::delete(",
            "::delete_many(",
            "::delete_by_id(",
            ".insert(tx.conn",
            ".insert(scope.conn",
            ".save(tx.conn",
            ".delete(tx.conn",
        ],
    ),
    ("transactions", &[".begin()", ".begin_with(", "begin_with_options", "begin_with_config"]),
    ("blocking", &["std::thread::sleep", "block_on("]),
    (
        "plain SQL",
        &[
            "execute_unprepared",
            "sqlx::query",
            "raw_sql",
            "batch_execute",
            "execute_batch",
            "prepare_cached",
            "simple_query",
        ],
    ),
    (
        "rows by the names of their columns",
        &[
            ".into_tuple(",
            ".into_model::<",
            ".one(scope.conn",
            ".all(scope.conn",
            ".count(scope.conn",
            ".one(tx.conn",
            ".all(tx.conn",
        ],
    ),
];

/// What looks like a ban and is none.
const INNOCENT: &[&str] = &["HashMap::insert(", "BTreeMap::insert(", "Digest::update(", "Mac::update("];

/// Which files may do what is banned, and why. May only shrink.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("src/kernel/clock.rs", "the clock", "the one place that reads the machine's clock"),
    ("src/kernel/entropy.rs", "chance", "the one place that asks the operating system for chance"),
    ("src/kernel/scope.rs", "finding", "starts every query, with the tenant's filter"),
    ("src/kernel/tx.rs", "writing", "starts every write, with the tenant's key"),
    ("src/kernel/audit/mod.rs", "writing", "the audit entry at the end of a write"),
    ("src/kernel/db/mod.rs", "transactions", "opens every transaction"),
    ("src/kernel/db/connect.rs", "plain SQL", "asks a standby at the start which server it copies"),
    ("src/kernel/db/conn.rs", "plain SQL", "what SeaORM sends goes through here"),
    ("src/kernel/db/postgres/mod.rs", "plain SQL", "what opens and ends a transaction that reads"),
    ("src/kernel/db/sqlite/mod.rs", "plain SQL", "what opens and ends a snapshot of a file, and what is read in it"),
    ("src/kernel/db/sqlite/pool.rs", "plain SQL", "what a connection that reads a file goes by"),
    ("src/kernel/db/server.rs", "plain SQL", "begins and ends transactions"),
    ("src/kernel/db/changes.rs", "plain SQL", "messages and the file's version, which belong to no table"),
    ("src/cli/start.rs", "blocking", "starts the runtime"),
    ("src/cli/doctor.rs", "blocking", "starts the runtime"),
];

/// Migrations and the checks of the wall are SQL, and run before there is any scope.
const MIGRATION: &str = "migration/src/";

#[test]
fn nothing_goes_around_the_clock_the_entropy_or_the_scope() {
    let mut wrong = Vec::new();
    for source in sources::product().iter().filter(|source| !source.path.starts_with(MIGRATION)) {
        for (about, words) in BANNED {
            if ALLOWED.iter().any(|(path, what, _)| *path == source.path && what == about) {
                continue;
            }
            for word in *words {
                for (place, _) in source.text.match_indices(word) {
                    let start =
                        source.text[..place].rfind(|c: char| !(c.is_alphanumeric() || c == '_')).map_or(0, |at| at + 1);
                    let whole = &source.text[start..place + word.len()];
                    // `Entity::insert` is banned, `store::insert` is the way to do it.
                    let is_function = word.starts_with("::") && whole.starts_with(|c: char| c.is_lowercase());
                    if !is_function && !INNOCENT.contains(&whole) {
                        wrong.push(format!("{}:{}: {whole} ({about})", source.path, source.line(place)));
                    }
                }
            }
        }
    }
    assert_none("what only the kernel may do", &wrong);
}

#[test]
fn every_file_on_the_list_still_needs_to_be_there() {
    let sources = sources::product();
    let needless = ALLOWED.iter().filter(|(path, what, _)| {
        let words = BANNED.iter().find(|(about, _)| about == what).map_or(&[][..], |(_, words)| words);
        let source = sources.iter().find(|source| source.path == *path);
        !source.is_some_and(|source| words.iter().any(|word| source.text.contains(word)))
    });
    let needless: Vec<String> = needless.map(|(path, what, _)| format!("{path} ({what})")).collect();
    assert_none("take these off the list", &needless);
}

/// Files that put a statement together from words of their own, and what those words are. May only shrink.
const SPLICES: &[(&str, &str)] = &[
    ("src/identity/throttle.rs", "the steps of the brake: numbers of our own"),
    ("src/kernel/ctx/reads.rs", "the name of one of two tables"),
    ("src/kernel/outbox.rs", "the name of one of two tables and its key"),
    ("src/kernel/tx.rs", "the name of one of two tables"),
    ("src/kernel/db/mod.rs", "the role of the database, quoted, and a store's id, typed"),
    ("src/kernel/page/mod.rs", "how many a page has, a number"),
    ("src/kernel/db/connect.rs", "one of two questions at the start"),
    ("src/invariants/ownership.rs", "names of tables and columns, as the database itself has them"),
    ("src/gate/authentication/store.rs", "one of three parts of the one statement"),
];

/// What a statement or a piece of one begins with.
const SQL: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "SET LOCAL ", "ORDER BY ", " LIMIT "];

#[test]
fn attack_h14_no_statement_is_put_together_from_what_was_sent() {
    let mut wrong = Vec::new();
    for source in sources::product().iter().filter(|source| source.is_root_crate()) {
        let is_listed = SPLICES.iter().any(|(path, _)| *path == source.path);
        for (place, _) in source.text.match_indices("format!(") {
            let text = source.text[place + "format!(".len()..].trim_start();
            let is_sql =
                SQL.iter().any(|word| text.starts_with(&format!("\"{word}")) || text.starts_with("\"{begin}; {}"));
            if is_sql && !is_listed {
                wrong.push(format!("{}:{}: a statement is put together", source.path, source.line(place)));
            }
        }
        // A piece of SQL in an expression is a text of our own.
        for word in ["Expr::cust(", "Expr::cust_with", "Func::cust(", "order_by_customs", "partition_by_custom"] {
            for (place, _) in source.text.match_indices(word) {
                let given = source.text[place + word.len()..].trim_start();
                if !matches!(word, "Expr::cust(" | "Func::cust(") || !given.starts_with('"') {
                    wrong.push(format!("{}:{}: {word}…", source.path, source.line(place)));
                }
            }
        }
    }
    assert_none("SQL that is not written in the source as it is sent", &wrong);
    let stale: Vec<String> = SPLICES
        .iter()
        .filter(|(path, _)| {
            !sources::product().iter().any(|source| source.path == *path && source.text.contains("format!("))
        })
        .map(|(path, _)| (*path).to_owned())
        .collect();
    assert_none("take these off the list", &stale);
}

/// An exception has its reason, and the bans are lifted for single lines only.
#[test]
fn lints_are_lifted_with_a_reason_and_bans_never_for_a_file() {
    let mut wrong = Vec::new();
    for source in sources::product() {
        for start in ["#[allow(", "#[expect(", "#![allow(", "#![expect("] {
            for (place, _) in source.text.match_indices(start) {
                let end = source.text[place..].find(")]").map_or(source.text.len(), |end| place + end);
                let attribute = &source.text[place..end];
                if !attribute.contains("reason") || (start.starts_with("#!") && attribute.contains("disallowed")) {
                    wrong.push(format!("{}:{}: {attribute}", source.path, source.line(place)));
                }
            }
        }
    }
    assert_none("lints lifted without a reason, or bans for a whole file", &wrong);
}
