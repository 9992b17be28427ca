//! Stories of settings, and of the files that are made with them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use entity::row::Columns;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use stoa::config::{Config, ConfigError};
use stoa::kernel::db::{Conn, Line, Mode, Role};
use stoa::kernel::entropy::SeededEntropy;

use crate::harness::{Backend, Shop};

const KEY: &str = "0101010101010101010101010101010101010101010101010101010101010102";

/// Each setting with values that must be refused.
const BAD: &[(&str, &[&str])] = &[
    ("STOA_LISTEN", &["localhost", "127.0.0.1", ":8080", "127.0.0.1:99999"]),
    ("STOA_METRICS_LISTEN", &["9100", "nowhere:1"]),
    ("DATABASE_URL", &["mysql://a/b", "stoa.sqlite", "sqlite:", "postgres:/"]),
    ("DATABASE_READ_URL", &["mysql://a/b", "sqlite:replica.sqlite"]),
    (
        "STOA_SECRET_KEY",
        &["changeme", "0000000000000000000000000000000000000000000000000000000000000000", "0102", "zz"],
    ),
    ("STOA_PUBLIC_URL", &["shop.example", "ftp://shop.example", "https://"]),
    ("STOA_CORS_ORIGINS", &["*", "null", "shop.example", "https://shop.example/path", "https://a.example,b"]),
    ("STOA_TRUSTED_PROXIES", &["everybody", "10.0.0.0/33", "10.0.0.0/8;127.0.0.1/32"]),
    ("STOA_LOG", &["stoa=loud", "a=b=c"]),
    ("STOA_DATABASE_POOL_SIZE", &["0", "-1", "many", "1001"]),
    ("STOA_DATABASE_ACQUIRE_TIMEOUT_MS", &["0", "2s", "-5"]),
    ("STOA_DATABASE_STATEMENT_TIMEOUT_MS", &["0", "5s"]),
    ("STOA_DATABASE_LOCK_TIMEOUT_MS", &["0", "3s"]),
    ("STOA_ACCESS_TOKEN_MINUTES", &["0", "an hour", "525601"]),
    ("STOA_SESSION_MINUTES", &["0", "9999999999999999999"]),
    ("STOA_INVITATION_MINUTES", &["0", "-1"]),
];

/// Settings that take any text, or are tried when they are used.
const ANY: &[&str] = &["STOA_DATA_DIR", "STOA_MAIL_DIR"];

fn read(settings: &[(&str, &str)]) -> (Result<Config, Vec<ConfigError>>, BTreeSet<&'static str>) {
    let lookup = |name: &str| settings.iter().rev().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Config::read(&lookup, &SeededEntropy::new(0))
}

#[test]
fn every_value_that_can_not_be_used_is_refused_by_the_name_of_its_setting() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().to_str().expect("a path");
    let base = [("STOA_DATA_DIR", folder), ("STOA_SECRET_KEY", KEY)];
    let (config, names) = read(&base);
    config.expect("the defaults can be used");

    for name in &names {
        let own = BAD.iter().find(|(known, _)| known == name).map(|(_, values)| *values);
        let values = match own {
            Some(values) => values,
            None if ANY.contains(name) => continue,
            // All others are numbers, times or flags.
            None => &["-1", "perhaps", "1e9", "99999999999999999999999"],
        };
        for value in values {
            let (outcome, _) = read(&[&base[..], &[(*name, *value)]].concat());
            let errors = outcome.err().unwrap_or_else(|| panic!("{name}={value} was taken"));
            assert!(errors.iter().any(|error| error.name == *name), "{name}={value}: {errors:?}");
            let told = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            assert!(told.contains(name), "{told}");
            assert!(*name != "STOA_SECRET_KEY" || value.len() < 4 || !told.contains(value), "a secret in {told}");
        }
    }
    for (name, _) in BAD {
        assert!(names.contains(name), "{name} is no setting");
    }
    // All of them are told at once.
    let (outcome, _) = read(&[("STOA_LISTEN", "x"), ("STOA_LIMIT_DEPTH", "x"), ("STOA_LOG_JSON", "x"), base[0]]);
    assert_eq!(outcome.expect_err("errors").len(), 3);
}

#[test]
fn attack_n15_production_does_not_start_without_a_secret_key_of_its_own() {
    for production in [
        ("DATABASE_URL", "postgres://stoa@db.internal/stoa"),
        ("DATABASE_URL", "sqlite:stoa.sqlite"),
        ("STOA_LISTEN", "0.0.0.0:8080"),
        ("STOA_LISTEN", "[::]:8080"),
        ("STOA_LISTEN", "192.0.2.1:8080"),
    ] {
        let base = [production, ("STOA_PUBLIC_URL", "https://shop.example")];
        for key in [None, Some(""), Some("  "), Some("secret"), Some(&"00".repeat(32)[..]), Some(&"ab".repeat(32)[..])]
        {
            let key = key.map(|key| ("STOA_SECRET_KEY", key));
            let errors = read(&[&base[..], key.as_slice()].concat()).0.expect_err("a key is needed");
            assert_eq!(
                errors.iter().map(|error| error.name).collect::<Vec<_>>(),
                ["STOA_SECRET_KEY"],
                "{production:?}"
            );
        }
        let config = read(&[&base[..], &[("STOA_SECRET_KEY", KEY)]].concat()).0.expect("good settings");
        assert!(config.production && !config.introspection && config.edge.graphiql.is_none());
        assert!(!config.server_timing && !config.edge.metrics_on_main_listener);
    }
}

#[test]
fn attack_s11_no_secret_is_shown_by_debug() {
    let (config, _) = read(&[
        ("DATABASE_URL", "postgres://stoa:pa55w0rd@db.internal/stoa?sslmode=require"),
        ("DATABASE_READ_URL", "postgres://stoa:0ther-pa55@replica.internal/stoa?password=0ther-pa55"),
        ("STOA_SECRET_KEY", KEY),
        ("STOA_PUBLIC_URL", "https://shop.example"),
    ]);
    let config = config.expect("good settings");
    for text in [format!("{config:?}"), format!("{config:#?}"), config.database.url.to_string()] {
        for secret in ["pa55", KEY, "0101", "1, 1, 1", "0ther"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(format!("{config:?}").contains("db.internal"), "what is no secret helps");
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
#[cfg(unix)]
fn a_key_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data");
    let settings = [("STOA_DATA_DIR", path.to_str().expect("a path"))];
    let sign = |config: Config| config.settings.secret.sign("x", &[b"y"]);
    let first = sign(read(&settings).0.expect("good settings"));
    assert_eq!(mode(&path.join("secret.key")), 0o600);
    let lookup = |name: &str| (name == "STOA_DATA_DIR").then(|| settings[0].1.to_owned());
    let (again, _) = Config::read(&lookup, &SeededEntropy::new(7));
    assert_eq!(sign(again.expect("good settings")), first, "it is kept");
    std::fs::write(path.join("secret.key"), "changed\n").expect("a broken key");
    let errors = read(&settings).0.expect_err("a broken key");
    assert_eq!(errors[0].name, "STOA_SECRET_KEY");
}

#[test]
fn servers_that_start_at_once_take_one_key() {
    let folder = tempfile::tempdir().expect("a folder");
    for round in 0..20_u64 {
        let path = folder.path().join(round.to_string());
        let together = std::sync::Barrier::new(8);
        let start = |seed: u64| {
            let lookup = |name: &str| (name == "STOA_DATA_DIR").then(|| path.to_str().expect("a path").to_owned());
            together.wait();
            let (config, _) = Config::read(&lookup, &SeededEntropy::new(seed));
            config.unwrap_or_else(|errors| panic!("{errors:?}")).settings.secret.sign("x", &[b"y"])
        };
        let keys = std::thread::scope(|scope| {
            let starting: Vec<_> = (0..8)
                .map(|server| {
                    scope.spawn({
                        let start = &start;
                        move || start(round * 8 + server)
                    })
                })
                .collect();
            starting.into_iter().map(|server| server.join().expect("a start")).collect::<Vec<_>>()
        });
        assert!(keys.iter().all(|key| *key == keys[0]), "round {round}");
        assert_eq!(std::fs::read_dir(&path).expect("the folder").count(), 1, "nothing else is left");
    }
}

async fn pragma(conn: &Conn, name: &str) -> String {
    let statement = Statement::from_string(conn.get_database_backend(), format!("PRAGMA {name}"));
    let value = |row: &Line<'_>| match row.column::<String>(0, name) {
        Err(_) => row.column::<i64>(0, name).map(|number| number.to_string()),
        text => text,
    };
    conn.lines(statement, value).await.expect(name).pop().expect(name)
}

#[test]
#[cfg(unix)]
fn every_connection_to_a_file_has_its_settings_and_the_file_is_private() {
    crate::harness::run(Backend::Sqlite, |db| async move {
        let stoa::kernel::db::DatabaseUrl::Sqlite(template) = &db.url else { panic!("a file") };
        // A file that the server makes itself, beside the copy of the template.
        let path = template.with_file_name("new").join("shop.sqlite");
        let bytes = std::fs::read(template).expect("the template");
        let own = crate::harness::Database { url: stoa::kernel::db::DatabaseUrl::Sqlite(path.clone()), ..db.clone() };
        let config = crate::harness::node::config(&own);
        let made = stoa::kernel::db::Db::connect(&config.database).await.expect("a new file");
        assert_eq!(mode(&path), 0o600);
        made.close().await;
        std::fs::write(&path, bytes).expect("the tables");

        let size = 3;
        let shop = Shop::open_with(own, |config| {
            config.database.pool_size = size;
            config.database.lock_timeout = Duration::from_millis(1234);
        })
        .await;
        shop.brand("Oak").await;
        let begin = async |mode: Mode| {
            let opened = shop.node.system.db.begin(mode, Role::App, None, Arc::new(AtomicU32::new(0))).await;
            opened.expect("a connection")
        };
        let mut open = vec![begin(Mode::Write).await];
        for _ in 0..size {
            open.push(begin(Mode::Read).await);
        }
        for (place, conn) in open.iter().enumerate() {
            assert_eq!(pragma(conn, "journal_mode").await, "wal");
            assert_eq!(pragma(conn, "synchronous").await, "2", "a commit survives a power failure");
            assert_eq!(pragma(conn, "foreign_keys").await, "1");
            assert_eq!(pragma(conn, "busy_timeout").await, "1234");
            assert_eq!(pragma(conn, "query_only").await, if place == 0 { "0" } else { "1" });
        }
        let statement = Statement::from_string(DbBackend::Sqlite, "DELETE FROM brands");
        let refused = open[1].lines(statement, |_| Ok(())).await.expect_err("a reader can't write");
        assert!(refused.to_string().contains("readonly"), "{refused}");
        for conn in open {
            conn.rollback().await;
        }
        for file in ["shop.sqlite", "shop.sqlite-wal", "shop.sqlite-shm"] {
            assert_eq!(mode(&path.with_file_name(file)), 0o600, "{file}");
        }
    });
}
