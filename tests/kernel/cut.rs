//! Stories of a connection to the database that breaks in the middle.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Backend, Database, Shop, json, wire};

/// The end of a write as it is said: the last byte of the message's length, and the word whole.
const COMMIT: &[u8] = b"\x0bCOMMIT\0";

/// When the wire breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    Never = 0,
    /// After the row is written and before its audit entry is.
    InTheMiddle,
    /// When `COMMIT` is on its way: the server never hears it.
    BeforeCommit,
    /// When the server has done it: its answer is never heard.
    AfterCommit,
}

/// Where the wire breaks next.
#[derive(Clone, Default)]
struct Wire(Arc<AtomicU8>);

impl Wire {
    /// The next write breaks there, and the wire is whole again.
    fn cut_once(&self, at: Cut) {
        self.0.store(at as u8, Ordering::SeqCst);
    }

    fn is_whole(&self) -> bool {
        self.0.load(Ordering::SeqCst) == Cut::Never as u8
    }
}

/// Carries what both say until one of them ends, or the wire is cut.
async fn carry(client: TcpStream, server: TcpStream, Wire(cut): Wire) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = from_client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let said = &asked[..length];
                let says = |word: &[u8]| said.windows(word.len()).any(|part| part == word);
                let hit = |at: Cut, word: &[u8]| {
                    says(word) && cut.compare_exchange(at as u8, Cut::Never as u8, Ordering::SeqCst, Ordering::SeqCst).is_ok()
                };
                if hit(Cut::InTheMiddle, b"INSERT INTO \"audit_logs\"") || hit(Cut::BeforeCommit, COMMIT) {
                    return;
                }
                let is_last = hit(Cut::AfterCommit, COMMIT);
                if to_server.write_all(said).await.is_err() {
                    return;
                }
                if is_last {
                    // The server has done it when it says so.
                    let _ = from_server.read(&mut answered).await;
                    return;
                }
            }
            read = from_server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if to_client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

async fn behind_a_wire(db: Database) -> (Shop, Wire) {
    let wire = Wire::default();
    let of_all = wire.clone();
    let through = wire::before(&db, move |client, server| carry(client, server, of_all.clone())).await;
    let shop = Shop::open_with(db, |config| config.database.url = through).await;
    (shop, wire)
}

#[test]
fn fault_f19_a_write_that_is_cut_off_is_whole_or_absent_and_never_double() {
    crate::harness::run(Backend::Postgres, |db| async move {
        let (shop, wire) = behind_a_wire(db).await;
        let owner = shop.owner();
        let create =
            "mutation($name: String!) { brandCreate(input: { name: $name }) { brand { id } userErrors { code } } }";
        let mut expected = 0;
        for round in 0..3 {
            for (cut, written) in
                [(Cut::InTheMiddle, 0), (Cut::BeforeCommit, 0), (Cut::AfterCommit, 1), (Cut::Never, 1)]
            {
                // New connections, on which every statement is sent in full.
                let end = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity \
                           WHERE datname = current_database() AND application_name = 'stoa'";
                shop.number(end).await;
                wire.cut_once(cut);
                let answer = owner.query(create, json!({ "name": format!("{cut:?} {round}") })).await;
                assert!(wire.is_whole(), "{cut:?} was never reached");
                if cut == Cut::Never {
                    answer.ok();
                } else {
                    // The outcome may not be known, and the caller is told to look: it is not tried again.
                    assert_eq!((answer.status, answer.code()), (200, "UNAVAILABLE"), "{cut:?}: {answer}");
                    assert!(answer.headers.contains_key("retry-after"), "{answer}");
                }
                expected += written;
                for table in ["brands", "audit_logs", "domain_events"] {
                    let count = shop.number(&format!("SELECT COUNT(*) FROM {table}")).await;
                    assert_eq!(count, expected, "{table} after {cut:?} in round {round}");
                }
                // Others go on, on connections that live.
                let answer = owner.query("{ brands { totalCount } }", json!({})).await.ok();
                assert_eq!(answer.number("brands.totalCount"), expected);
            }
        }
    });
}
