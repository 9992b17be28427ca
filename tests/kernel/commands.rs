//! Stories of the binary, as an operator types it.

use std::path::Path;

use sea_orm::{ConnectionTrait, TransactionTrait};
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::until;
use crate::harness::process::{KEY, Served, address, stoa};
use crate::harness::{Backend, Shop, json};

/// Requests that a server has begun when it is told to stop.
const BEGUN: usize = 8;

/// What a command left behind.
#[derive(Debug)]
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

async fn run(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> Done {
    let done = stoa(folder, settings).args(arguments).output().await.expect("the binary");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Done { code: done.status.code(), out: text(done.stdout), err: text(done.stderr) }
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

#[tokio::test]
async fn sdl_prints_the_schema_and_needs_nothing() {
    let folder = folder();
    let done = run(folder.path(), &[("DATABASE_URL", "nonsense")], &["sdl"]).await;
    assert_eq!((done.code, done.err.as_str()), (Some(0), ""));
    assert_eq!(done.out, stoa::schema::sdl());
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 0, "it makes no file");
}

#[tokio::test]
async fn a_new_file_is_migrated_up_and_down_and_the_doctor_says_how_it_stands() {
    let folder = folder();
    let run = async |arguments: &[&str]| run(folder.path(), &[], arguments).await;
    let missing = run(&["doctor"]).await;
    assert_eq!(missing.code, Some(1), "{missing:?}");
    assert!(missing.out.contains("MEND  migrations:") && missing.out.contains("run `stoa migrate up`"), "{missing:?}");
    assert!(missing.err.contains("one thing to mend"), "{missing:?}");

    let status = run(&["migrate", "status"]).await;
    assert_eq!((status.code, status.out.contains("applied")), (Some(0), false), "{status:?}");
    let count = status.out.lines().count();
    assert!(count > 0 && status.out.lines().all(|line| line.starts_with("pending  m0")), "{status:?}");
    let up = run(&["migrate", "up"]).await;
    assert_eq!((up.code, up.out), (Some(0), format!("{count} migrations applied\n")));
    let again = run(&["migrate", "up"]).await;
    assert_eq!((again.code, again.out.as_str()), (Some(0), "0 migrations applied\n"));
    let status = run(&["migrate", "status"]).await;
    assert_eq!(status.out.matches("applied  m0").count(), count);

    let good = run(&["doctor"]).await;
    assert_eq!(good.code, Some(0), "{good:?}");
    assert!(good.out.lines().all(|line| line.starts_with("ok    ")) && good.out.contains("all applied"), "{good:?}");

    let careful = run(&["migrate", "down"]).await;
    assert_eq!(careful.code, Some(1));
    assert!(careful.err.contains("--yes"), "{careful:?}");
    assert_eq!(run(&["doctor"]).await.code, Some(0), "nothing happened");
    let one = run(&["migrate", "down", "--steps", "1", "--yes"]).await;
    assert_eq!((one.code, one.out.as_str()), (Some(0), "1 migration taken back\n"));
    let all = run(&["migrate", "down", "--yes"]).await;
    assert_eq!((all.code, all.out), (Some(0), format!("{} migrations taken back\n", count - 1)));
    assert_eq!(run(&["migrate", "up"]).await.code, Some(0));
}

#[tokio::test]
async fn the_doctor_says_what_is_wrong_and_no_password() {
    let folder = folder();
    let wrong = run(folder.path(), &[("STOA_LISTEN", "nowhere"), ("STOA_LOG_JSON", "perhaps")], &["doctor"]).await;
    assert_eq!(wrong.code, Some(1));
    assert!(wrong.err.contains("STOA_LISTEN:") && wrong.err.contains("STOA_LOG_JSON:"), "{wrong:?}");

    let garbage = folder.path().join("garbage.sqlite");
    std::fs::write(&garbage, "this is not a database, and it is long enough to be read as one").expect("a file");
    let url = format!("sqlite:{}", garbage.display());
    let bad = run(folder.path(), &[("DATABASE_URL", &url), ("STOA_SECRET_KEY", KEY)], &["doctor"]).await;
    assert_eq!(bad.code, Some(1));
    assert!(bad.err.contains("file is not a database"), "{bad:?}");

    // A port that nobody listens at.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let url = format!("postgres://stoa:pa55w0rd@127.0.0.1:{port}/shop");
    let settings = [("DATABASE_URL", url.as_str()), ("STOA_SECRET_KEY", KEY)];
    for command in [&["doctor"][..], &["serve"], &["migrate", "status"], &["migrate", "up"]] {
        let away = run(folder.path(), &settings, command).await;
        assert_eq!(away.code, Some(1), "{away:?}");
        assert!(away.err.contains("can't be reached") && away.err.contains("refused"), "{away:?}");
        assert!(!format!("{away:?}").contains("pa55"), "{away:?}");
        assert!(!format!("{away:?}").contains(KEY), "{away:?}");
    }
}

#[tokio::test]
async fn a_key_that_is_no_key_is_refused_and_the_operator_reads_why() {
    let folder = folder();
    let typed = run(folder.path(), &[("STOA_SECRET_KEY", &"ab".repeat(32))], &["doctor"]).await;
    assert_eq!(typed.code, Some(1));
    assert!(typed.err.contains("not the same two throughout"), "{typed:?}");

    // Such as a disk that was full leaves behind.
    let kept = folder.path().join("data/secret.key");
    std::fs::create_dir(folder.path().join("data")).and_then(|()| std::fs::write(&kept, "")).expect("a file");
    let torn = run(folder.path(), &[], &["doctor"]).await;
    assert_eq!(torn.code, Some(1));
    assert!(torn.err.contains("remove the file secret.key"), "{torn:?}");
    std::fs::remove_file(&kept).expect("the file");
    assert!(run(folder.path(), &[], &["doctor"]).await.out.starts_with("ok    settings"));
}

#[tokio::test]
async fn attack_s11_help_shows_no_setting() {
    let folder = folder();
    let settings = [("DATABASE_URL", "postgres://stoa:pa55w0rd@db/shop"), ("STOA_SECRET_KEY", KEY)];
    for arguments in [&["--help"][..], &["serve", "--help"], &["migrate", "--help"], &["--version"]] {
        let done = run(folder.path(), &settings, arguments).await;
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(!done.out.contains("pa55") && !done.out.contains(KEY), "{done:?}");
    }
    let unknown = run(folder.path(), &settings, &["serve", "--fast"]).await;
    assert_eq!(unknown.code, Some(2));
    assert!(!unknown.err.contains("pa55"), "{unknown:?}");
}

#[tokio::test]
async fn attack_n15_production_does_not_serve_without_a_key() {
    let folder = folder();
    for settings in [
        &[("DATABASE_URL", "sqlite:shop.sqlite")][..],
        &[("STOA_LISTEN", "0.0.0.0:0"), ("STOA_PUBLIC_URL", "https://a.example")],
    ] {
        let done = run(folder.path(), settings, &["serve"]).await;
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(done.err.contains("STOA_SECRET_KEY") && done.err.contains("openssl rand"), "{done:?}");
        assert!(!folder.path().join("shop.sqlite").exists());
    }
}

#[test]
fn attack_t23_nothing_is_served_behind_a_broken_wall() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let folder = folder();
        let url = address(&db);
        let settings = [("DATABASE_URL", url.as_str()), ("STOA_SECRET_KEY", KEY), ("STOA_LISTEN", "127.0.0.1:0")];
        let good = run(folder.path(), &settings, &["doctor"]).await;
        assert_eq!(good.code, Some(0), "{good:?}");
        assert!(good.out.contains("wall between stores: it holds"), "{good:?}");
        assert!(good.out.contains("note  login:"), "the login of the tests has more rights than it should: {good:?}");

        let owner = db.connect().await;
        owner.execute_unprepared("CREATE VIEW all_brands AS SELECT * FROM brands").await.expect("a hole");
        let broken = run(folder.path(), &settings, &["serve"]).await;
        assert_eq!(broken.code, Some(1), "{broken:?}");
        assert!(
            broken.err.contains("the wall between stores is broken") && broken.err.contains("all_brands"),
            "{broken:?}"
        );
        let told = run(folder.path(), &settings, &["doctor"]).await;
        assert_eq!(told.code, Some(1), "{told:?}");
        assert!(told.out.contains("MEND  wall between stores: The view \"all_brands\""), "{told:?}");

        owner.execute_unprepared("DROP VIEW all_brands").await.expect("mended");
        let mut server = Served::start(folder.path(), &settings).await;
        server.terminate().await;
        assert_eq!(server.child.wait().await.expect("the end").code(), Some(0));
        owner.close().await.expect("closed");
    });
}

#[test]
fn fault_f11_a_server_that_is_told_to_stop_answers_what_it_began_while_another_one_serves() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let shop = Shop::open(db).await;
        shop.brand("Oak").await;
        let folder = folder();
        let url = address(shop.database());
        let settings = [
            ("DATABASE_URL", url.as_str()),
            ("STOA_SECRET_KEY", KEY),
            ("STOA_LISTEN", "127.0.0.1:0"),
            ("STOA_DATABASE_LOCK_TIMEOUT_MS", "60000"),
            ("STOA_DATABASE_STATEMENT_TIMEOUT_MS", "60000"),
            ("STOA_OPERATION_TIMEOUT_MS", "60000"),
            // Each asks the database, and none waits for the answer of another.
            ("STOA_CACHE_BYTES", "0"),
            ("STOA_DRAIN_DEADLINE_MS", "60000"),
        ];
        let mut server = Served::start(folder.path(), &settings).await;
        let address = std::net::SocketAddr::from(([127, 0, 0, 1], server.port));
        let visitor = shop.anonymous().at(std::sync::Arc::new(std::sync::RwLock::new(address)));
        let get = async |path: &str| {
            let answer = reqwest::Client::new().get(format!("http://{address}{path}")).send().await;
            answer.expect("an answer").status().as_u16()
        };
        assert_eq!((get("/healthz").await, get("/readyz").await), (200, 200));
        assert_eq!(super::names(&visitor).await, ["Oak"]);

        let table = shop.db().begin().await.expect("a transaction");
        table.execute_unprepared("LOCK TABLE brands IN ACCESS EXCLUSIVE MODE").await.expect("the lock");
        let begun: Vec<_> = (0..BEGUN)
            .map(|_| {
                let visitor = visitor.clone();
                tokio::spawn(async move { visitor.query("{ brands { nodes { name } } }", json!({})).await })
            })
            .collect();
        until(async || super::waiting(&shop).await == i64::try_from(BEGUN).expect("a number")).await;
        server.terminate().await;
        until(async || TcpStream::connect(address).await.is_err()).await;
        // Who comes now is let in at the other server, as a load balancer sends them there.
        let elsewhere = shop.anonymous();
        for _ in 0..20 {
            elsewhere.query("{ store { handle } }", json!({})).await.ok();
        }
        table.rollback().await.expect("the lock is given back");
        for answer in begun {
            assert_eq!(answer.await.expect("an answer").ok().texts("brands.nodes", "name"), ["Oak"]);
        }
        assert_eq!(server.child.wait().await.expect("the end").code(), Some(0));
    });
}

#[tokio::test]
async fn a_new_installation_serves_at_once_and_stops_when_it_is_told() {
    let folder = folder();
    let mut server = Served::start(folder.path(), &[("STOA_LISTEN", "127.0.0.1:0")]).await;
    let answer = reqwest::Client::new()
        .post(format!("http://127.0.0.1:{}/graphql", server.port))
        .header("content-type", "application/json")
        .body(r#"{"query":"{ __typename }"}"#)
        .send()
        .await
        .expect("an answer");
    let answer: serde_json::Value = answer.json().await.expect("a body");
    assert_eq!(answer["data"], serde_json::json!({ "__typename": "Query" }));
    server.terminate().await;
    assert_eq!(server.child.wait().await.expect("the end").code(), Some(0));
    assert!(folder.path().join("data/stoa.sqlite").exists() && folder.path().join("data/secret.key").exists());
}

#[tokio::test]
async fn attack_s03_nothing_that_is_sent_becomes_a_line_of_the_log() {
    let folder = folder();
    let settings = [("STOA_LISTEN", "127.0.0.1:0"), ("STOA_LOG", "debug,stoa=trace")];
    let mut server = Served::start(folder.path(), &settings).await;
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], server.port));
    let forged = r#"{"level":"ERROR","message":"forged"}"#;
    let colored = "\u{1b}[31mforged\u{1b}[0m";
    let long = "x".repeat(150_000);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let post = async |body: serde_json::Value, headers: &[(&str, &str)]| {
        let mut request = client.post(format!("http://{address}/graphql")).json(&body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer").text().await.expect("a body")
    };
    for value in
        [format!("\n{forged}"), format!("\r\n{forged}\r\n"), colored.to_owned(), format!("\u{2028}{forged}"), long]
    {
        let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
        post(json!({ "query": sign_in, "variables": { "input": { "email": value, "password": value } } }), &[]).await;
        post(json!({ "query": value }), &[]).await;
        post(json!({ "query": "query Q { __typename }", "operationName": value }), &[]).await;
        post(json!({ "query": "query($id: ID!) { node(id: $id) { id } }", "variables": { "id": value } }), &[]).await;
    }
    for name in
        ["user-agent", "x-request-id", "x-store", "accept-language", "authorization", "traceparent", "x-forwarded-for"]
    {
        post(json!({ "query": "{ viewer { actor } }" }), &[(name, forged)]).await;
        post(json!({ "query": "{ viewer { actor } }" }), &[(name, &"y".repeat(8_000))]).await;
    }
    // What no client of ours would send.
    let paths =
        [format!("/%0a{}", forged.replace(' ', "%20")), format!("/{}", "z".repeat(7_000)), "/%1b%5b31mred".to_owned()];
    let raw =
        paths.iter().map(|path| format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").into_bytes());
    let raw = raw.chain([
        format!("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\n{forged}\r\n\r\n").into_bytes(),
        format!("{forged} / HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes(),
        b"GET / HTTP/1.1\r\nHost: \x1b[31mred\r\n\r\n".to_vec(),
        b"\x1b[2J\x1b[H\n\n\n".to_vec(),
    ]);
    for bytes in raw {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut socket = TcpStream::connect(address).await.expect("a socket");
        let _ = socket.write_all(&bytes).await;
        let _ = socket.shutdown().await;
        let _ = socket.read_to_end(&mut Vec::new()).await;
    }
    server.terminate().await;
    assert_eq!(server.child.wait().await.expect("the end").code(), Some(0));
    let log = server.log.await.expect("the log");
    assert!(log.len() > 40, "{log:?}");
    for line in &log {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not one entry: {line:?}"));
        assert!(entry["timestamp"].is_string() && entry["level"].is_string(), "{line}");
        assert_ne!(entry["message"], "forged", "{line}");
        assert!(line.len() < 4_096, "{} bytes: {}…", line.len(), &line[..300]);
        assert!(line.bytes().all(|byte| byte >= 0x20), "{line:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn attack_s12_the_files_of_an_installation_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let data = folder.path().join("data");
    let settings = [("STOA_LISTEN", "127.0.0.1:0")];
    let modes = || {
        let files = std::fs::read_dir(&data).expect("the data").map(|entry| entry.expect("a file"));
        let modes = files.map(|file| {
            (
                file.file_name().to_string_lossy().into_owned(),
                file.metadata().expect("a file").permissions().mode() & 0o777,
            )
        });
        modes.collect::<std::collections::BTreeMap<_, _>>()
    };
    let serve = async || {
        let mut server = Served::start(folder.path(), &settings).await;
        let found = modes();
        server.terminate().await;
        assert_eq!(server.child.wait().await.expect("the end").code(), Some(0));
        (found, server.log.await.expect("the log"))
    };
    let (found, _) = serve().await;
    for name in ["stoa.sqlite", "stoa.sqlite-wal", "stoa.sqlite-shm", "secret.key"] {
        assert!(found.contains_key(name), "{name}: {found:?}");
    }
    assert!(found.values().all(|mode| *mode == 0o600), "{found:?}");
    // One that somebody opened to everybody is closed at the next start, and the log says so.
    for name in ["stoa.sqlite", "secret.key"] {
        std::fs::set_permissions(data.join(name), std::fs::Permissions::from_mode(0o644)).expect("other rights");
    }
    let (found, log) = serve().await;
    assert!(found.values().all(|mode| mode & 0o007 == 0), "{found:?}");
    for name in ["stoa.sqlite", "secret.key"] {
        assert!(
            log.iter().any(|line| line.contains("could be read by everybody") && line.contains(name)),
            "{name}: {log:?}"
        );
    }
}
